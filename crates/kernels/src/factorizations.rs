//! Triangular factors of small square matrices, stored by rows: inverses, determinants and solutions.
//!
//! As LAPACK's `getrf` and `potrf` without blocks: what Python gets from LAPACK agrees to the rounding of
//! the factors.

/// A matrix as `P L U` with partial pivoting.
#[derive(Debug, Clone)]
pub struct Lu {
    n: usize,
    /// `L` below the diagonal (its own is 1), `U` on and above it.
    factors: Vec<f64>,
    /// Row `i` of `L U` is row `order[i]` of the matrix.
    order: Vec<usize>,
    /// Whether `order` is an odd permutation.
    odd: bool,
}

impl Lu {
    /// Factors an `n` by `n` matrix; `None` if it is singular or not of that size.
    #[must_use]
    pub fn new(mut matrix: Vec<f64>, n: usize) -> Option<Self> {
        if n.checked_mul(n) != Some(matrix.len()) {
            return None;
        }
        let mut order: Vec<usize> = (0..n).collect();
        let mut odd = false;
        for step in 0..n {
            let pivot = largest_below(&matrix, n, step);
            let size = matrix[pivot * n + step].abs();
            if size == 0.0 || size.is_nan() {
                return None;
            }
            if pivot != step {
                (0..n).for_each(|j| matrix.swap(pivot * n + j, step * n + j));
                order.swap(pivot, step);
                odd = !odd;
            }
            eliminate_below(&mut matrix, n, step);
        }
        Some(Self { n, factors: matrix, order, odd })
    }

    /// The logarithm of the determinant; minus infinity if that is negative.
    #[must_use]
    pub fn log_determinant(&self) -> f64 {
        let diagonal = || (0..self.n).map(|i| self.factors[i * self.n + i]);
        let negative = diagonal().filter(|x| *x < 0.0).count() % 2 == 1;
        if negative != self.odd {
            return f64::NEG_INFINITY;
        }
        diagonal().fold(0.0, |sum, x| sum + x.abs().ln())
    }

    /// The inverse, by rows.
    #[must_use]
    pub fn inverse(&self) -> Vec<f64> {
        let n = self.n;
        let mut inverse = vec![0.0; n * n];
        let mut column = vec![0.0; n];
        for j in 0..n {
            for (x, &from) in column.iter_mut().zip(&self.order) {
                *x = if from == j { 1.0 } else { 0.0 };
            }
            self.solve_in_place(&mut column);
            column.iter().enumerate().for_each(|(i, x)| inverse[i * n + j] = *x);
        }
        inverse
    }

    fn solve_in_place(&self, x: &mut [f64]) {
        let n = self.n;
        for i in 1..n {
            let row = &self.factors[i * n..i * n + i];
            x[i] = row.iter().zip(x.iter()).fold(x[i], |rest, (l, x)| l.mul_add(-x, rest));
        }
        for i in (0..n).rev() {
            let row = &self.factors[i * n..(i + 1) * n];
            let rest = row[i + 1..].iter().zip(&x[i + 1..]);
            x[i] = rest.fold(x[i], |rest, (u, x)| u.mul_add(-x, rest)) / row[i];
        }
    }
}

fn largest_below(matrix: &[f64], n: usize, step: usize) -> usize {
    let mut pivot = step;
    for row in step + 1..n {
        if matrix[row * n + step].abs() > matrix[pivot * n + step].abs() {
            pivot = row;
        }
    }
    pivot
}

fn eliminate_below(matrix: &mut [f64], n: usize, step: usize) {
    let (above, below) = matrix.split_at_mut((step + 1) * n);
    let pivot = &above[step * n..];
    for row in below.chunks_exact_mut(n) {
        row[step] /= pivot[step];
        let factor = -row[step];
        for (x, u) in row[step + 1..].iter_mut().zip(&pivot[step + 1..]) {
            *x = factor.mul_add(*u, *x);
        }
    }
}

/// A symmetric positive definite matrix as `U' U`, in the order of OpenBLAS's code for small matrices
/// (0.3.24 and later; that of older ones does not fuse).
#[derive(Debug, Clone)]
pub struct Cholesky {
    n: usize,
    /// `U` above the diagonal.
    factor: Vec<f64>,
    /// `1 / U[i][i]`: what is divided by the diagonal is multiplied by these.
    reciprocals: Vec<f64>,
}

impl Cholesky {
    /// Factors an `n` by `n` matrix, of which the upper triangle is read; `None` if it is not positive
    /// definite or not of that size.
    #[must_use]
    pub fn new(mut matrix: Vec<f64>, n: usize) -> Option<Self> {
        if n.checked_mul(n) != Some(matrix.len()) {
            return None;
        }
        let mut reciprocals = Vec::with_capacity(n);
        for j in 0..n {
            let square = matrix[j * n + j] - product_above(&matrix, n, j, j);
            if square <= 0.0 || square.is_nan() {
                return None;
            }
            let reciprocal = 1.0 / square.sqrt();
            for i in j + 1..n {
                let rest = matrix[j * n + i] - product_above(&matrix, n, j, i);
                matrix[j * n + i] = rest * reciprocal;
            }
            reciprocals.push(reciprocal);
        }
        Some(Self { n, factor: matrix, reciprocals })
    }

    /// Replaces `x` by the solution of `U' U y = x`.
    pub fn solve_in_place(&self, x: &mut [f64]) {
        let n = self.n;
        for i in 0..n {
            x[i] *= self.reciprocals[i];
            let solved = -x[i];
            let row = &self.factor[i * n + i + 1..(i + 1) * n];
            x[i + 1..].iter_mut().zip(row).for_each(|(x, u)| *x = solved.mul_add(*u, *x));
        }
        for i in (0..n).rev() {
            x[i] *= self.reciprocals[i];
            let solved = -x[i];
            let column = self.factor.iter().skip(i).step_by(n);
            x[..i].iter_mut().zip(column).for_each(|(x, u)| *x = solved.mul_add(*u, *x));
        }
    }
}

/// The product of two columns of the factor, as far as row `j` of it is still to come.
fn product_above(matrix: &[f64], n: usize, j: usize, i: usize) -> f64 {
    (0..j).fold(0.0, |sum, k| matrix[k * n + j].mul_add(matrix[k * n + i], sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATRIX: [f64; 9] = [4.0, 2.0, 0.0, 2.0, 5.0, 2.0, 0.0, 2.0, 5.0];

    #[test]
    fn the_determinant_and_the_inverse_are_those_of_the_matrix() {
        let lu = Lu::new(MATRIX.to_vec(), 3).expect("it is regular");
        assert!((lu.log_determinant() - 64f64.ln()).abs() < 1e-15);
        let inverse = lu.inverse();
        for (i, row) in MATRIX.chunks(3).enumerate() {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| row[k] * inverse[k * 3 + j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn a_swap_of_rows_changes_the_sign_of_the_determinant() {
        let lu = Lu::new(vec![0.0, 1.0, 1.0, 0.0], 2).expect("it is regular");
        assert_eq!(lu.log_determinant(), f64::NEG_INFINITY);
        assert_eq!(lu.inverse(), [0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn singular_matrices_have_no_factors() {
        assert!(Lu::new(vec![1.0, 2.0, 2.0, 4.0], 2).is_none());
        assert!(Lu::new(vec![f64::NAN], 1).is_none());
        assert!(Cholesky::new(vec![1.0, 2.0, 2.0, 4.0], 2).is_none());
    }

    #[test]
    fn a_system_is_solved_by_its_cholesky_factor() {
        let cholesky = Cholesky::new(MATRIX.to_vec(), 3).expect("it is positive definite");
        let mut x = [8.0, 18.0, 19.0];
        cholesky.solve_in_place(&mut x);
        assert_eq!(x, [1.0, 2.0, 3.0]);
    }
}
