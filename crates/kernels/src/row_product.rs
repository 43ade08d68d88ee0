//! One row times the rows of a matrix, with the bits of OpenBLAS's `dgemv_t` on Haswell and later
//! processors (OpenBLAS 0.3.24 and later; the tail of older ones does not fuse).
//!
//! Columns go by fours, kept in four sums: fused steps for the first rows of the matrix, separate ones
//! for the last 1 to 3; of these a pair keeps two sums. Columns that are left, 1 to 3, are added last.

/// Columns after which the sums are added to the result.
const BLOCK: usize = 2048;

/// `row @ matrix.T`; the rows of the matrix are as long as `row`.
#[must_use]
pub fn row_product<'a>(row: &[f64], matrix: impl ExactSizeIterator<Item = &'a [f64]>) -> Vec<f64> {
    let n_rows = matrix.len();
    let fours = n_rows - n_rows % 4;
    let pair = fours + (n_rows & 2);
    let products = matrix.enumerate().map(|(i, weights)| {
        let sum: fn(&[f64], &[f64]) -> f64 = match i {
            i if i < fours => four_fused_sums,
            i if i < pair => two_sums,
            _ => four_sums,
        };
        let (whole, tail) = row.split_at(row.len() - row.len() % 4);
        let (whole_weights, tail_weights) = weights.split_at(whole.len().min(weights.len()));
        let blocks = whole.chunks(BLOCK).zip(whole_weights.chunks(BLOCK));
        add_tail(blocks.fold(0.0, |all, (x, w)| all + sum(x, w)), tail, tail_weights)
    });
    products.collect()
}

fn four_fused_sums(x: &[f64], weights: &[f64]) -> f64 {
    fold(lanes::<4>(x, weights, |x, w, sum| w.mul_add(x, sum)))
}

fn four_sums(x: &[f64], weights: &[f64]) -> f64 {
    fold(lanes::<4>(x, weights, |x, w, sum| sum + w * x))
}

fn two_sums(x: &[f64], weights: &[f64]) -> f64 {
    let [a, b] = lanes::<2>(x, weights, |x, w, sum| sum + w * x);
    a + b
}

fn lanes<const N: usize>(
    x: &[f64],
    weights: &[f64],
    step: impl Fn(f64, f64, f64) -> f64,
) -> [f64; N] {
    let mut sums = [0.0; N];
    for (x, w) in x.as_chunks::<N>().0.iter().zip(weights.as_chunks::<N>().0) {
        sums.iter_mut().zip(x.iter().zip(w)).for_each(|(sum, (x, w))| *sum = step(*x, *w, *sum));
    }
    sums
}

fn fold([a, b, c, d]: [f64; 4]) -> f64 {
    (a + c) + (b + d)
}

fn add_tail(sum: f64, x: &[f64], weights: &[f64]) -> f64 {
    match (x, weights) {
        (&[x], &[w]) => w.mul_add(x, sum),
        (&[x, y], &[v, w]) => sum + v.mul_add(x, w * y),
        (&[x, y, z], &[u, v, w]) => sum + w.mul_add(z, u.mul_add(x, v * y)),
        _ => sum,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_added_once() {
        for n_cols in 0..12 {
            let row: Vec<f64> = (0..n_cols).map(|j| f64::from(1 << j)).collect();
            let ones = vec![1.0; n_cols];
            for n_rows in 0..9 {
                let products = row_product(&row, vec![ones.as_slice(); n_rows].into_iter());
                assert_eq!(products, vec![f64::from((1 << n_cols) - 1); n_rows]);
            }
        }
    }
}
