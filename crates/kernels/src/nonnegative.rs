//! A row as a combination of given nonnegative rows with nonnegative weights: what a nonnegative matrix
//! factorization does with new rows.
//!
//! `coordinate_descent` changes one weight after the other, `Multiplicative` all at once by factors. Each
//! row is solved alone: it stops by its own progress.

/// A penalty on the weights: `l1 |w| + l2 w² / 2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Penalty {
    /// Factor of the sum of the weights.
    pub l1: f64,
    /// Factor of half the sum of their squares.
    pub l2: f64,
}

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// After this many passes.
    pub max_iter: usize,
    /// When a pass improves less than this.
    pub tolerance: f64,
}

/// Weights of least squared distance, one after the other in their order, from 0. `gram` holds the inner
/// products of the given rows with one another (k by k, with `l2` added to its diagonal), `products`
/// those with the row, less `l1`.
#[must_use]
pub fn coordinate_descent(gram: &[f64], products: &[f64], limit: Limit) -> Vec<f64> {
    let mut weights = vec![0.0; products.len()];
    let mut first = None;
    for _ in 0..limit.max_iter {
        let violation = pass(gram, products, &mut weights);
        let first = *first.get_or_insert(violation);
        if first == 0.0 || violation / first <= limit.tolerance {
            break;
        }
    }
    weights
}

/// Changes each weight once; by how much the conditions of a minimum were violated.
fn pass(gram: &[f64], products: &[f64], weights: &mut [f64]) -> f64 {
    let k = products.len();
    let mut violation = 0.0;
    for (t, row) in gram.chunks_exact(k.max(1)).enumerate() {
        let terms = row.iter().zip(weights.iter());
        let gradient = terms.fold(-products[t], |sum, (g, w)| sum + g * w);
        let projected = if weights[t] == 0.0 { gradient.min(0.0) } else { gradient };
        violation += projected.abs();
        if row[t] != 0.0 {
            let moved = weights[t] - gradient / row[t];
            weights[t] = if 0.0 > moved { 0.0 } else { moved };
        }
    }
    violation
}

/// What a product of weights and rows is raised to so that nothing is divided by 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// Zeros become `float32`'s epsilon.
    Zeros,
    /// Everything below it becomes it.
    Small,
}

/// When multiplicative updates stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// When ten passes lower the divergence by less than the tolerance's share of the first.
    Divergence,
    /// When a pass changes the weights by no more than the tolerance's share of their length.
    Change,
}

/// Multiplicative updates that lower the beta divergence.
#[derive(Debug, Clone)]
pub struct Multiplicative {
    /// The given rows, k of `n_cols` numbers.
    pub components: Vec<f64>,
    /// Their inner products, k by k.
    pub gram: Vec<f64>,
    /// Their sums, k numbers.
    pub sums: Vec<f64>,
    /// Numbers in a row.
    pub n_cols: usize,
    /// 2: squared distance, 1: Kullback-Leibler, 0: Itakura-Saito.
    pub beta: f64,
    /// Exponent of the factors.
    pub gamma: f64,
    /// On the weights.
    pub penalty: Penalty,
    /// For products of 0.
    pub floor: Floor,
    /// When to stop, and when at the latest.
    pub stop: Stop,
    /// How long.
    pub limit: Limit,
}

/// `float32`'s epsilon, in `float64`.
const SMALL: f64 = f32::EPSILON as f64;

impl Multiplicative {
    /// The weights of a row of `n_cols` numbers whose mean is `mean`.
    #[must_use]
    pub fn solve(&self, row: &[f64], mean: f64) -> Vec<f64> {
        let mut weights = vec![(mean / self.sums.len() as f64).sqrt(); self.sums.len()];
        let products: Vec<f64> = self.rows().map(|it| dot(row, it)).collect();
        let mut sums = self.sums.clone();
        match self.stop {
            Stop::Divergence => self.until_divergence(row, &products, &mut weights, &mut sums),
            Stop::Change => self.until_unchanged(row, &products, &mut weights),
        }
        weights
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.components.chunks_exact(self.n_cols.max(1))
    }

    fn until_divergence(&self, row: &[f64], products: &[f64], w: &mut [f64], sums: &mut [f64]) {
        let Limit { max_iter, tolerance } = self.limit;
        let first = self.divergence(row, w);
        let mut last = first;
        for pass in 1..=max_iter {
            // Python adds the penalty to the sums it keeps, once a pass.
            self.update(row, products, w, sums);
            if self.beta < 1.0 {
                w.iter_mut().filter(|w| **w < f64::EPSILON).for_each(|w| *w = 0.0);
            }
            if 0.0 < tolerance && pass % 10 == 0 {
                let now = self.divergence(row, w);
                if (last - now) / first < tolerance {
                    break;
                }
                last = now;
            }
        }
    }

    fn until_unchanged(&self, row: &[f64], products: &[f64], w: &mut [f64]) {
        let Limit { max_iter, tolerance } = self.limit;
        let mut last = w.to_vec();
        for _ in 0..max_iter {
            self.update(row, products, w, &mut self.sums.clone());
            let change = w.iter().zip(&last).fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b));
            let length = w.iter().fold(0.0, |sum, w| sum + w * w);
            if 0.0 < tolerance && change.sqrt() / length.sqrt() <= tolerance {
                break;
            }
            last.copy_from_slice(w);
        }
    }

    fn update(&self, row: &[f64], products: &[f64], w: &mut [f64], sums: &mut [f64]) {
        let (numerators, mut denominators) = match self.beta {
            2.0 => (products.to_vec(), self.combined(w, &self.gram, self.sums.len())),
            _ => self.quotient_terms(row, w, sums),
        };
        let Penalty { l1, l2 } = self.penalty;
        if 0.0 < l1 {
            denominators.iter_mut().for_each(|it| *it += l1);
        }
        if 0.0 >= l2 {
            denominators.iter_mut().filter(|it| **it == 0.0).for_each(|it| *it = SMALL);
        }
        if self.beta == 1.0 {
            sums.copy_from_slice(&denominators);
        }
        for ((w, numerator), denominator) in w.iter_mut().zip(numerators).zip(denominators) {
            let whole = if 0.0 < l2 { denominator + l2 * *w } else { denominator };
            let quotient = numerator / if whole == 0.0 { SMALL } else { whole };
            *w *= if self.gamma == 1.0 { quotient } else { power(quotient, self.gamma) };
        }
    }

    /// Numerators and denominators of the factors, unless beta is 2.
    fn quotient_terms(&self, row: &[f64], w: &[f64], sums: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let beta = self.beta;
        let mut combined = self.combined(w, &self.components, self.n_cols);
        let mut quotients = combined.clone();
        if beta < 2.0 {
            quotients.iter_mut().for_each(|it| *it = self.raised(*it));
        }
        for (it, x) in quotients.iter_mut().zip(row) {
            *it = match beta {
                1.0 => x / *it,
                0.0 => (1.0 / *it) * (1.0 / *it) * x,
                _ => power(*it, beta - 2.0) * x,
            };
        }
        let numerators = self.rows().map(|it| dot(&quotients, it)).collect();
        if beta == 1.0 {
            return (numerators, sums.to_vec());
        }
        for it in &mut combined {
            let raised = if beta < 1.0 { self.raised(*it) } else { *it };
            *it = power(raised, beta - 1.0);
        }
        (numerators, self.rows().map(|it| dot(&combined, it)).collect())
    }

    fn raised(&self, x: f64) -> f64 {
        match self.floor {
            Floor::Zeros if x == 0.0 => SMALL,
            Floor::Small if x < SMALL => SMALL,
            _ => x,
        }
    }

    /// The combination of a matrix's rows, of `n_cols` numbers each.
    fn combined(&self, weights: &[f64], matrix: &[f64], n_cols: usize) -> Vec<f64> {
        let mut sums = vec![0.0; n_cols];
        for (w, row) in weights.iter().zip(matrix.chunks_exact(n_cols.max(1))) {
            sums.iter_mut().zip(row).for_each(|(sum, x): (&mut f64, _)| *sum = w.mul_add(*x, *sum));
        }
        sums
    }

    /// The root of twice the divergence between the row and its combination.
    fn divergence(&self, row: &[f64], w: &[f64]) -> f64 {
        let beta = self.beta;
        let combined = self.combined(w, &self.components, self.n_cols);
        let sum = |terms: &mut dyn Iterator<Item = f64>| terms.fold(0.0, |sum, x| sum + x);
        if beta == 2.0 {
            return sum(&mut row.iter().zip(&combined).map(|(x, y)| (x - y) * (x - y))).sqrt();
        }
        let both = || {
            let pairs = row.iter().zip(&combined).filter(|(x, _)| SMALL < **x);
            pairs.map(|(x, y)| (*x, self.raised(*y)))
        };
        let twice = if beta == 1.0 {
            let difference = dot(w, &self.sums) - sum(&mut both().map(|(x, _)| x));
            sum(&mut both().map(|(x, y)| x * (x / y).ln())) + difference
        } else if beta == 0.0 {
            let quotients = sum(&mut both().map(|(x, y)| x / y)) - row.len() as f64;
            quotients - sum(&mut both().map(|(x, y)| (x / y).ln()))
        } else {
            let own = sum(&mut both().map(|(x, _)| power(x, beta)));
            let mixed = sum(&mut both().map(|(x, y)| x * power(y, beta - 1.0)));
            let other = sum(&mut combined.iter().map(|y| power(*y, beta)));
            (own - beta * mixed + other * (beta - 1.0)) / (beta * (beta - 1.0))
        };
        (2.0 * twice.max(0.0)).sqrt()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum: f64, (x, y)| x.mul_add(*y, sum))
}

/// A power as numpy's `**` computes it: small exponents are not `pow`.
fn power(x: f64, exponent: f64) -> f64 {
    match exponent {
        -1.0 => 1.0 / x,
        0.0 => 1.0,
        0.5 => x.sqrt(),
        1.0 => x,
        2.0 => x * x,
        _ => x.powf(exponent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { max_iter: 500, tolerance: 1e-9 };

    #[test]
    fn descent_finds_the_weights_a_row_was_made_with() {
        // Rows (1, 0, 1) and (1, 2, 0); three of the one and two of the other are (5, 4, 3).
        let weights = coordinate_descent(&[2.0, 1.0, 1.0, 5.0], &[8.0, 13.0], LIMIT);
        assert!((weights[0] - 3.0).abs() < 1e-6 && (weights[1] - 2.0).abs() < 1e-6);
    }

    #[test]
    fn factors_find_them_for_each_divergence() {
        for beta in [0.0, 0.5, 1.0, 1.5, 2.0, 3.0] {
            let updates = Multiplicative {
                components: vec![1.0, 0.5, 1.0, 1.0, 2.0, 0.25],
                gram: vec![2.25, 2.25, 2.25, 5.0625],
                sums: vec![2.5, 3.25],
                n_cols: 3,
                beta,
                gamma: 1.0,
                penalty: Penalty { l1: 0.0, l2: 0.0 },
                floor: Floor::Small,
                stop: Stop::Divergence,
                limit: LIMIT,
            };
            let weights = updates.solve(&[5.0, 5.5, 3.5], 14.0 / 3.0);
            assert!((weights[0] - 3.0).abs() < 0.01, "beta {beta}: {weights:?}");
        }
    }
}
