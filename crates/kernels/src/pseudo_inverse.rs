//! The Moore-Penrose pseudo-inverse, by a singular value decomposition (one-sided Jacobi rotations).
//!
//! Singular values of at most `max(rows, columns) * epsilon` times the largest count as zero, as in
//! `scipy.linalg.pinv`. LAPACK's decomposition gets there on another way: results agree to rounding.

/// Rotations of all pairs that are enough for any matrix; a few suffice.
const MAX_SWEEPS: usize = 60;

/// The inverse, shape (`n_cols`, `n_rows`), by rows, of a matrix of shape (`n_rows`, `n_cols`), by rows. A
/// matrix of another length than its shape says has an inverse of zeros.
#[must_use]
pub fn pseudo_inverse(matrix: &[f64], n_rows: usize, n_cols: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; n_rows.saturating_mul(n_cols)];
    if matrix.len() != inverse.len() || inverse.is_empty() {
        return inverse;
    }
    // Rotating the shorter side is less work, and the inverse of the transposed is the inverse transposed.
    let wide = n_rows <= n_cols;
    let (k, p) = if wide { (n_rows, n_cols) } else { (n_cols, n_rows) };
    let at = |i: usize, j: usize| if wide { i * n_cols + j } else { j * n_cols + i };
    let mut vectors: Vec<Vec<f64>> =
        (0..k).map(|i| (0..p).map(|j| matrix[at(i, j)]).collect()).collect();
    let mut rotation: Vec<Vec<f64>> =
        (0..k).map(|i| (0..k).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    rotate(&mut vectors, &mut rotation);
    let squares: Vec<f64> = vectors.iter().map(|it| dot(it, it)).collect();
    let largest = squares.iter().fold(0.0, |a: f64, b| a.max(*b)).sqrt();
    let least = largest * p as f64 * f64::EPSILON;
    for ((vector, turn), square) in vectors.iter().zip(&rotation).zip(&squares) {
        if square.sqrt() <= least {
            continue;
        }
        for (i, turn) in turn.iter().enumerate() {
            for (j, x) in vector.iter().enumerate() {
                let place = if wide { j * k + i } else { i * p + j };
                inverse[place] += turn * x / square;
            }
        }
    }
    inverse
}

/// Rotates pairs of `vectors` until all are orthogonal, and the rows of `rotation` with them.
fn rotate(vectors: &mut [Vec<f64>], rotation: &mut [Vec<f64>]) {
    for _ in 0..MAX_SWEEPS {
        let mut done = true;
        for i in 0..vectors.len() {
            for j in i + 1..vectors.len() {
                let (a, b) = (dot(&vectors[i], &vectors[i]), dot(&vectors[j], &vectors[j]));
                let product = dot(&vectors[i], &vectors[j]);
                if product == 0.0 || product.abs() <= f64::EPSILON * (a * b).sqrt() {
                    continue;
                }
                done = false;
                let zeta = (b - a) / (2.0 * product);
                let tangent = zeta.signum() / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
                let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
                turn(vectors, i, j, cosine, cosine * tangent);
                turn(rotation, i, j, cosine, cosine * tangent);
            }
        }
        if done {
            return;
        }
    }
}

fn turn(vectors: &mut [Vec<f64>], i: usize, j: usize, cosine: f64, sine: f64) {
    let (head, tail) = vectors.split_at_mut(j);
    for (a, b) in head[i].iter_mut().zip(&mut tail[0]) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| a.mul_add(*b, sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(ours: &[f64], want: &[f64]) -> bool {
        ours.len() == want.len() && ours.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-14)
    }

    #[test]
    fn wide_and_tall_matrices_have_an_inverse_on_one_side() {
        let wide = [1.0, 2.0, 0.0, 0.0, 1.0, -1.0];
        // numpy.linalg.pinv
        let want = [2.0, -2.0, 2.0, 1.0, 2.0, -5.0].map(|x: f64| x / 6.0);
        assert!(close(&pseudo_inverse(&wide, 2, 3), &want), "{:?}", pseudo_inverse(&wide, 2, 3));
        let tall = [1.0, 0.0, 2.0, 1.0, 0.0, -1.0];
        let turned = [want[0], want[2], want[4], want[1], want[3], want[5]];
        assert!(close(&pseudo_inverse(&tall, 3, 2), &turned));
    }

    #[test]
    fn a_direction_that_is_missing_stays_missing() {
        let inverse = pseudo_inverse(&[1.0, 1.0, 1.0, 1.0], 2, 2);
        assert!(close(&inverse, &[0.25; 4]));
        assert_eq!(pseudo_inverse(&[0.0; 4], 2, 2), [0.0; 4]);
    }
}
