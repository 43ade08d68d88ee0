//! Least squares with a penalty on the weights' absolute values, by coordinate descent.

use super::square::{Square, dot};

/// Which atoms are left out because they can have no weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screening {
    /// None.
    Off,
    /// Those that a check of the gap finds; each check begins with all.
    Anew,
    /// Those that any check found.
    Kept,
}

/// How to descend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent {
    /// The penalty.
    pub l1: f64,
    /// Passes at most.
    pub max_iter: usize,
    /// On the largest step and, times the row's square, on the duality gap.
    pub tolerance: f64,
    /// Weights are kept from becoming negative.
    pub positive: bool,
    /// Atoms left out.
    pub screening: Screening,
}

struct Weights<'a> {
    gram: &'a Square,
    products: &'a [f64],
    square: f64,
    descent: Descent,
    weights: Vec<f64>,
    /// The Gram matrix times the weights.
    image: Vec<f64>,
}

/// Weights of the atoms. `products` are their inner products with the row, `square` the row's with itself.
#[must_use]
pub fn lasso(gram: &Square, products: &[f64], square: f64, descent: Descent) -> Vec<f64> {
    let k = gram.len().min(products.len());
    let zeros = vec![0.0; k];
    let mut it = Weights { gram, products, square, descent, weights: zeros.clone(), image: zeros };
    it.descend();
    it.weights
}

impl Weights<'_> {
    fn descend(&mut self) {
        let Descent { max_iter, tolerance, screening, .. } = self.descent;
        let enough = tolerance * self.square;
        let mut active: Vec<usize> = (0..self.weights.len()).collect();
        if screening != Screening::Off {
            let (gap, norm) = self.gap();
            if (0.0..=enough).contains(&gap) {
                return;
            }
            active = self.screened(active, gap, norm);
        }
        for pass in 0..max_iter {
            let (step, size) = self.pass(&active);
            let small = match screening {
                Screening::Off => step / size < tolerance,
                _ => step / size <= tolerance,
            };
            if !(size == 0.0 || small || pass + 1 == max_iter) {
                continue;
            }
            let (gap, norm) = self.gap();
            if gap < enough || (screening != Screening::Off && gap == enough) {
                return;
            }
            active = match screening {
                Screening::Off => active,
                Screening::Anew => self.screened((0..self.weights.len()).collect(), gap, norm),
                Screening::Kept => self.screened(active, gap, norm),
            };
        }
    }

    /// Changes each weight once; the largest change and the largest weight.
    fn pass(&mut self, active: &[usize]) -> (f64, f64) {
        let (mut step, mut size) = (0.0_f64, 0.0_f64);
        for &j in active {
            let diagonal = self.gram.at(j, j);
            if diagonal == 0.0 {
                continue;
            }
            let before = self.weights[j];
            let pull = match self.descent.screening {
                Screening::Off => {
                    self.add(j, -before);
                    self.products[j] - self.image[j]
                }
                _ => self.products[j] - self.image[j] + before * diagonal,
            };
            let weight = if self.descent.positive && pull < 0.0 {
                0.0
            } else {
                pull.signum() * (pull.abs() - self.descent.l1).max(0.0) / diagonal
            };
            self.weights[j] = weight;
            let change =
                if self.descent.screening == Screening::Off { weight } else { weight - before };
            self.add(j, change);
            step = step.max((weight - before).abs());
            size = size.max(weight.abs());
        }
        (step, size)
    }

    /// Adds an atom's row of the Gram matrix to the image.
    fn add(&mut self, atom: usize, times: f64) {
        if times != 0.0 {
            let row = self.gram.row(atom);
            self.image.iter_mut().zip(row).for_each(|(it, x)| *it = times.mul_add(*x, *it));
        }
    }

    /// The duality gap, and the largest correlation with the rest of the row.
    fn gap(&self) -> (f64, f64) {
        let l1 = self.descent.l1;
        let correlations = self.products.iter().zip(&self.image).map(|(q, h)| q - h);
        let norm = correlations.fold(f64::NEG_INFINITY, |max, x| {
            max.max(if self.descent.positive { x } else { x.abs() })
        });
        let product = dot(&self.weights, self.products);
        let rest = self.square + dot(&self.weights, &self.image) - 2.0 * product;
        let (scale, mut gap) = if norm > l1 {
            let scale = l1 / norm;
            (scale, 0.5 * (rest + rest * (scale * scale)))
        } else {
            (1.0, rest)
        };
        let length = self.weights.iter().fold(0.0, |sum, w| sum + w.abs());
        gap += l1 * length - scale * self.square + scale * product;
        (gap, norm)
    }

    /// The candidates that may have a weight; the others lose theirs.
    fn screened(&mut self, candidates: Vec<usize>, gap: f64, norm: f64) -> Vec<usize> {
        let l1 = self.descent.l1;
        let radius = (2.0 * gap.abs()).sqrt() / l1;
        let mut active = Vec::with_capacity(candidates.len());
        for j in candidates {
            let diagonal = self.gram.at(j, j);
            let correlation = (self.products[j] - self.image[j]) / l1.max(norm);
            if diagonal != 0.0 && (1.0 - correlation.abs()) / diagonal.sqrt() <= radius {
                active.push(j);
            } else {
                self.add(j, -self.weights[j]);
                self.weights[j] = 0.0;
            }
        }
        active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_orthogonal_atoms_are_lowered_by_the_penalty() {
        let gram = Square::new(vec![1.0, 0.0, 0.0, 1.0], 2).expect("2 x 2");
        for screening in [Screening::Off, Screening::Anew, Screening::Kept] {
            let descent =
                Descent { l1: 0.5, max_iter: 100, tolerance: 1e-8, positive: false, screening };
            assert_eq!(lasso(&gram, &[2.0, -0.25], 4.0625, descent), [1.5, 0.0]);
            let positive = Descent { positive: true, ..descent };
            assert_eq!(lasso(&gram, &[-2.0, 1.0], 5.0, positive), [0.0, 0.5]);
        }
    }
}
