//! Least angle regression (B. Efron et al., 2004): along the direction that keeps all chosen atoms equally
//! correlated with the rest of the row, until another is as correlated; as it is, or so that it gives
//! lasso solutions, for which an atom whose weight becomes 0 is dropped.

use super::matching_pursuit::largest;
use super::square::{Square, dot};
use crate::sum::pairwise_sum;

/// Below this a difference of correlations is none.
const EQUAL: f64 = f32::EPSILON as f64;
/// Added to divisors.
const TINY: f64 = f32::MIN_POSITIVE as f64;

/// Whether correlations along the direction are rounded to 15 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrections {
    /// As they are.
    Exact,
    /// To 15 decimals.
    Rounded,
}

/// Where the path ends, and what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Path {
    /// Steps at most.
    pub max_iter: usize,
    /// The penalty per number of the row at which it ends.
    pub alpha: f64,
    /// Whether atoms whose weight becomes 0 are dropped.
    pub lasso: bool,
    /// Whether weights are kept from becoming negative.
    pub positive: bool,
    /// How correlations are rounded.
    pub corrections: Corrections,
    /// Numbers in a row.
    pub n_cols: usize,
}

/// Weights of the atoms at the end of the path. `products` are their inner products with the row.
#[must_use]
pub fn least_angle(gram: &Square, products: &[f64], path: Path) -> Vec<f64> {
    let k = gram.len().min(products.len());
    let walk = Walk {
        original: gram,
        products,
        path,
        gram: gram.clone(),
        factor: Square::zeros(k),
        left: products.to_vec(),
        indices: (0..k).collect(),
        active: Vec::new(),
        signs: Vec::new(),
        weights: vec![0.0; k],
        last_weights: vec![0.0; k],
        alpha: 0.0,
        last_alpha: 0.0,
        steps: 0,
        drop: false,
    };
    walk.run()
}

struct Walk<'a> {
    original: &'a Square,
    products: &'a [f64],
    path: Path,
    /// With the active atoms first.
    gram: Square,
    /// Cholesky factor of the active atoms' part.
    factor: Square,
    /// Correlations of the atoms that are not active.
    left: Vec<f64>,
    indices: Vec<usize>,
    active: Vec<usize>,
    signs: Vec<f64>,
    weights: Vec<f64>,
    last_weights: Vec<f64>,
    alpha: f64,
    last_alpha: f64,
    steps: usize,
    drop: bool,
}

enum Added {
    Yes,
    /// It depends on the active ones and will not be looked at again.
    Degenerate,
}

impl Walk<'_> {
    fn run(mut self) -> Vec<f64> {
        loop {
            let next = self.most_correlated();
            let most = self.left.get(next).copied().unwrap_or(0.0);
            let size = if self.path.positive { most } else { most.abs() };
            self.alpha = size / self.path.n_cols as f64;
            if self.alpha <= self.path.alpha + EQUAL {
                self.go_back();
                break;
            }
            if self.path.max_iter <= self.steps || self.active.len() >= self.weights.len() {
                break;
            }
            if !self.drop && matches!(self.add(next, most), Added::Degenerate) {
                continue;
            }
            if self.path.lasso && 0 < self.steps && self.last_alpha < self.alpha {
                break;
            }
            self.step(size);
        }
        self.weights
    }

    fn most_correlated(&self) -> usize {
        if !self.path.positive {
            return largest(&self.left);
        }
        let mut best = 0;
        for (i, x) in self.left.iter().enumerate() {
            if *x > self.left[best] {
                best = i;
            }
        }
        best
    }

    /// Back to where the penalty was the one that is wanted.
    fn go_back(&mut self) {
        if (self.alpha - self.path.alpha).abs() > EQUAL && 0 < self.steps {
            let share = (self.last_alpha - self.path.alpha) / (self.last_alpha - self.alpha);
            for (w, last) in self.weights.iter_mut().zip(&self.last_weights) {
                *w = last + share * (*w - last);
            }
        }
    }

    fn add(&mut self, next: usize, correlation: f64) -> Added {
        let n = self.active.len();
        let sign = if self.path.positive { 1.0 } else { correlation.signum() };
        self.left.swap(next, 0);
        self.indices.swap(n, n + next);
        self.gram.swap(n, n + next);
        let mut row = self.gram.row(n)[..n].to_vec();
        self.factor.solve_lower(&mut row);
        let diagonal = (self.gram.at(n, n) - dot(&row, &row)).abs().sqrt().max(f64::EPSILON);
        self.factor.row_mut(n)[..n].copy_from_slice(&row);
        *self.factor.at_mut(n, n) = diagonal;
        if diagonal < 1e-7 {
            self.left[0] = 0.0;
            self.left.swap(next, 0);
            return Added::Degenerate;
        }
        self.left.remove(0);
        self.signs.truncate(n);
        self.signs.push(sign);
        self.active.push(self.indices[n]);
        Added::Yes
    }

    fn step(&mut self, size: f64) {
        let (direction, scale) = self.direction();
        let n = self.active.len();
        let correlations = self.correlations(&direction);
        let mut length = size / scale;
        for (left, along) in self.left.iter().zip(&correlations) {
            let mut ends = vec![(size - left) / (scale - along + TINY)];
            if !self.path.positive {
                ends.push((size + left) / (scale + along + TINY));
            }
            ends.iter().filter(|it| 0.0 < **it).for_each(|it| length = length.min(*it));
        }
        let zero = |(&i, d): (&usize, &f64)| -self.weights[i] / (d + TINY);
        let zeros: Vec<f64> = self.active.iter().zip(&direction).map(zero).collect();
        let positive = zeros.iter().copied().filter(|it| 0.0 < *it);
        let first = positive.fold(f64::MAX, f64::min);
        self.drop = first < length;
        let dropped: Vec<usize> = match self.drop {
            true => (0..n).rev().filter(|&i| zeros[i] == first).collect(),
            false => Vec::new(),
        };
        dropped.iter().for_each(|&i| self.signs[i] = -self.signs[i]);
        if self.drop && self.path.lasso {
            length = first;
        }
        self.steps += 1;
        self.last_alpha = self.alpha;
        self.last_weights =
            std::mem::replace(&mut self.weights, vec![0.0; self.last_weights.len()]);
        for (&i, d) in self.active.iter().zip(&direction) {
            self.weights[i] = self.last_weights[i] + length * d;
        }
        self.left.iter_mut().zip(&correlations).for_each(|(it, along)| *it -= length * along);
        if self.drop && self.path.lasso {
            self.remove(&dropped);
        }
    }

    /// Equally correlated with all active atoms, and how correlated.
    fn direction(&self) -> (Vec<f64>, f64) {
        let signs = &self.signs[..self.active.len()];
        let mut direction = signs.to_vec();
        self.factor.solve_cholesky(&mut direction);
        if let [only] = direction.as_mut_slice()
            && *only == 0.0
        {
            *only = 1.0;
            return (direction, 1.0);
        }
        let total = |direction: &[f64]| {
            pairwise_sum(&direction.iter().zip(signs).map(|(d, s)| d * s).collect::<Vec<_>>())
        };
        let mut scale = 1.0 / total(&direction).sqrt();
        let mut factor = self.factor.clone();
        for power in 0..64 {
            if scale.is_finite() {
                break;
            }
            for i in 0..direction.len() {
                *factor.at_mut(i, i) += f64::EPSILON * f64::from(power).exp2();
            }
            direction = signs.to_vec();
            factor.solve_cholesky(&mut direction);
            scale = 1.0 / total(&direction).max(f64::EPSILON).sqrt();
        }
        direction.iter_mut().for_each(|it| *it *= scale);
        (direction, scale)
    }

    /// Of the atoms that are not active with the direction.
    fn correlations(&self, direction: &[f64]) -> Vec<f64> {
        let others = self.active.len()..self.weights.len();
        let column = |j: usize| {
            let terms = direction.iter().enumerate();
            terms.fold(0.0, |sum: f64, (i, d)| self.gram.at(i, j).mul_add(*d, sum))
        };
        let rounded = |x: f64| match self.path.corrections {
            Corrections::Exact => x,
            Corrections::Rounded => (x * 1e15).round_ties_even() / 1e15,
        };
        others.map(|j| rounded(column(j))).collect()
    }

    /// The atoms at these places of the active ones, last first.
    fn remove(&mut self, dropped: &[usize]) {
        for &place in dropped {
            let n = self.active.len();
            delete(&mut self.factor, n, place);
            let atom = self.active.remove(place);
            self.signs.remove(place);
            for i in place..n - 1 {
                self.indices.swap(i, i + 1);
                self.gram.swap(i, i + 1);
            }
            let image = dot(self.original.row(atom), &self.weights);
            self.left.insert(0, self.products[atom] - image);
        }
    }
}

/// Takes row and column `out` out of a Cholesky factor of `n` rows, by rotations.
fn delete(factor: &mut Square, n: usize, out: usize) {
    for i in out..n - 1 {
        for j in 0..i + 2 {
            *factor.at_mut(i, j) = factor.at(i + 1, j);
        }
    }
    for i in out..n - 1 {
        let (a, b) = (factor.at(i, i), factor.at(i, i + 1));
        let r = a.hypot(b);
        let (cosine, sine) = if r == 0.0 { (1.0, 0.0) } else { (a / r, b / r) };
        *factor.at_mut(i, i) = r;
        *factor.at_mut(i, i + 1) = 0.0;
        for row in i + 1..n - 1 {
            let (x, y) = (factor.at(row, i), factor.at(row, i + 1));
            *factor.at_mut(row, i) = cosine * x + sine * y;
            *factor.at_mut(row, i + 1) = cosine * y - sine * x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lasso_path_ends_where_the_penalty_says() {
        let gram = Square::new(vec![1.0, 0.0, 0.0, 1.0], 2).expect("2 x 2");
        let path = Path {
            max_iter: 10,
            alpha: 0.25,
            lasso: true,
            positive: false,
            corrections: Corrections::Rounded,
            n_cols: 2,
        };
        let weights = least_angle(&gram, &[2.0, -0.25], path);
        assert!((weights[0] - 1.5).abs() < 1e-14 && weights[1] == 0.0);
        let steps = Path { alpha: 0.0, lasso: false, max_iter: 1, ..path };
        let weights = least_angle(&gram, &[2.0, -0.25], steps);
        assert!((weights[0] - 1.75).abs() < 1e-14 && weights[1] == 0.0);
    }
}
