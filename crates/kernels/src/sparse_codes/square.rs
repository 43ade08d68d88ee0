//! A square matrix that is changed in place, and solutions with its lower triangle.

/// An `n` by `n` matrix by rows.
#[derive(Debug, Clone)]
pub struct Square {
    n: usize,
    data: Vec<f64>,
}

impl Square {
    /// From `n * n` numbers by rows.
    #[must_use]
    pub fn new(data: Vec<f64>, n: usize) -> Option<Self> {
        (n.checked_mul(n) == Some(data.len())).then_some(Self { n, data })
    }

    pub(super) fn zeros(n: usize) -> Self {
        Self { n, data: vec![0.0; n * n] }
    }

    pub(super) fn len(&self) -> usize {
        self.n
    }

    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.data[row * self.n + column]
    }

    pub(super) fn at_mut(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.data[row * self.n + column]
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.data[row * self.n..(row + 1) * self.n]
    }

    pub(super) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.data[row * self.n..(row + 1) * self.n]
    }

    /// Exchanges two rows, and the columns of the same numbers.
    pub(super) fn swap(&mut self, a: usize, b: usize) {
        (0..self.n).for_each(|j| self.data.swap(a * self.n + j, b * self.n + j));
        (0..self.n).for_each(|i| self.data.swap(i * self.n + a, i * self.n + b));
    }

    /// Replaces `x` by the solution of `L y = x`, `L` being the first `x.len()` rows of the lower triangle.
    pub(super) fn solve_lower(&self, x: &mut [f64]) {
        for i in 0..x.len() {
            let terms = self.row(i).iter().zip(&x[..i]);
            let rest = terms.fold(x[i], |rest, (l, x)| (-l).mul_add(*x, rest));
            x[i] = rest / self.at(i, i);
        }
    }

    /// Replaces `x` by the solution of `L L' y = x`.
    pub(super) fn solve_cholesky(&self, x: &mut [f64]) {
        self.solve_lower(x);
        for i in (0..x.len()).rev() {
            let below = (i + 1..x.len()).map(|k| (self.at(k, i), x[k]));
            let rest = below.fold(x[i], |rest, (l, x)| (-l).mul_add(x, rest));
            x[i] = rest / self.at(i, i);
        }
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum: f64, (x, y)| x.mul_add(*y, sum))
}
