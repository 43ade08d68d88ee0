//! Weighted sums of columns: `out[i] += columns[0][i] * weights[0] + columns[1][i] * weights[1] + …`.
//!
//! Products are added in column order, each product and each sum rounded once, so that a row's result
//! depends neither on its place in the block nor on the processor.
//!
//! `add_fused` rounds product and sum once together, as OpenBLAS's matrix product does on processors that
//! can (Haswell and later): its kernels run one chain of fused steps per result, in column order, of more
//! than 256 columns one chain for each run of them. Other code of OpenBLAS's serves products with a single column (`gemv`), and, where there are at least 8
//! columns and 4 results, the last row of an odd number of rows.

use crate::fused::{Work, with_fused_steps};

/// Rows worked on at a time: their sums stay in the first-level cache while the columns pass by.
const TILE: usize = 1024;

/// Adds the weighted columns to `out`. Columns are as long as `out`; what is longer is not read.
pub fn add_weighted(columns: &[&[f64]], weights: &[f64], out: &mut [f64]) {
    let (quads, rest) = columns.as_chunks::<4>();
    let (quad_weights, rest_weights) = weights.as_chunks::<4>();
    for (tile, sums) in out.chunks_mut(TILE).enumerate() {
        let start = tile * TILE;
        for (quad, weights) in quads.iter().zip(quad_weights) {
            add_four(quad.map(|it| it.get(start..).unwrap_or_default()), *weights, sums);
        }
        for (column, weight) in rest.iter().zip(rest_weights) {
            let column = column.get(start..).unwrap_or_default();
            sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += x * weight);
        }
    }
}

fn add_four([a, b, c, d]: [&[f64]; 4], weights: [f64; 4], sums: &mut [f64]) {
    let columns = a.iter().zip(b).zip(c.iter().zip(d));
    for (sum, ((a, b), (c, d))) in sums.iter_mut().zip(columns) {
        *sum = *sum + a * weights[0] + b * weights[1] + c * weights[2] + d * weights[3];
    }
}

/// Columns that OpenBLAS takes at a time in a product of `f64` matrices (its `GEMM_Q` of Haswell).
const RUN: usize = 256;

/// Adds the weighted columns to `out`, each product and its sum rounded once.
pub fn add_fused(columns: &[&[f64]], weights: &[f64], out: &mut [f64]) {
    let n_cols = columns.len().min(weights.len());
    let mut start = run_length(n_cols);
    with_fused_steps(AddFused { columns: &columns[..start], weights, out });
    while start < n_cols {
        let end = start + run_length(n_cols - start);
        let mut sums = vec![0.0; out.len()];
        let (columns, weights) = (&columns[start..end], &weights[start..end]);
        with_fused_steps(AddFused { columns, weights, out: &mut sums });
        out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
        start = end;
    }
}

/// How OpenBLAS cuts the columns that are left: in the middle when they are fewer than two full runs.
fn run_length(left: usize) -> usize {
    match left {
        ..=RUN => left,
        it if it < 2 * RUN => (it / 2).next_multiple_of(4),
        _ => RUN,
    }
}

struct AddFused<'a> {
    columns: &'a [&'a [f64]],
    weights: &'a [f64],
    out: &'a mut [f64],
}

impl Work for AddFused<'_> {
    #[inline(always)]
    fn run(self) {
        for (tile, sums) in self.out.chunks_mut(TILE).enumerate() {
            for (column, &weight) in self.columns.iter().zip(self.weights) {
                let column = column.get(tile * TILE..).unwrap_or_default();
                for (sum, x) in sums.iter_mut().zip(column) {
                    *sum = x.mul_add(weight, *sum);
                }
            }
        }
    }
}

/// [`add_fused`] in `f32`.
pub fn add_fused_f32(columns: &[&[f64]], weights: &[f64], out: &mut [f64]) {
    with_fused_steps(AddFusedSingle { columns, weights, out });
}

struct AddFusedSingle<'a> {
    columns: &'a [&'a [f64]],
    weights: &'a [f64],
    out: &'a mut [f64],
}

impl Work for AddFusedSingle<'_> {
    #[inline(always)]
    fn run(self) {
        for (column, &weight) in self.columns.iter().zip(self.weights) {
            let weight = weight as f32;
            for (sum, &x) in self.out.iter_mut().zip(*column) {
                *sum = f64::from((x as f32).mul_add(weight, *sum as f32));
            }
        }
    }
}

/// [`add_weighted`] in `f32`: every product and every sum is rounded to one.
pub fn add_weighted_f32(columns: &[&[f64]], weights: &[f64], out: &mut [f64]) {
    for (column, &weight) in columns.iter().zip(weights) {
        let weight = weight as f32;
        for (sum, &x) in out.iter_mut().zip(*column) {
            *sum = f64::from(*sum as f32 + x as f32 * weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_added_in_column_order_whatever_the_number_of_columns() {
        let values = |seed: usize, len: usize| -> Vec<f64> {
            (0..len).map(|i| ((i * 7919 + seed * 104_729) % 1009) as f64 / 37.0 - 13.0).collect()
        };
        for n_cols in 0..11 {
            let columns: Vec<Vec<f64>> = (0..n_cols).map(|j| values(j, TILE + 5)).collect();
            let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let weights = values(99, n_cols);
            let mut sums = vec![0.5; TILE + 5];
            add_weighted(&slices, &weights, &mut sums);
            for (i, sum) in sums.iter().enumerate() {
                let mut want = 0.5;
                for j in 0..n_cols {
                    want += columns[j][i] * weights[j];
                }
                assert_eq!(sum.to_bits(), f64::to_bits(want), "{n_cols} columns, row {i}");
            }
        }
    }

    /// `numpy.dot` of numpy 2.5 with OpenBLAS's Haswell kernels: sums of `sqrt(j + 1) / (j + 3)`.
    #[test]
    fn many_columns_are_cut_into_the_runs_of_openblas() {
        let sum = |n: u32| {
            let columns: Vec<Vec<f64>> = (0..n).map(|j| vec![f64::from(j + 1).sqrt()]).collect();
            let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let weights: Vec<f64> = (0..n).map(|j| 1.0 / f64::from(j + 3)).collect();
            let mut out = [0.0];
            add_fused(&slices, &weights, &mut out);
            out[0]
        };
        let want = [1.6860685012736858, 24.061452223643997, 30.360398046108898, 44.63353934900311];
        assert_eq!([sum(5), sum(200), sum(300), sum(600)], want);
    }

    #[test]
    fn a_fused_step_rounds_once() {
        let (x, y) = (1.0 + f64::EPSILON, 1.0 - f64::EPSILON);
        let mut sums = vec![-1.0; TILE + 3];
        add_fused(&[&vec![x; TILE + 3]], &[y], &mut sums);
        assert_eq!(sums, vec![-(f64::EPSILON * f64::EPSILON); TILE + 3]);
        let (x, y) = (1.0 + f32::EPSILON, 1.0 - f32::EPSILON);
        let mut sums = [-1.0];
        add_fused_f32(&[&[f64::from(x)]], &[f64::from(y)], &mut sums);
        assert_eq!(sums, [-f64::from(f32::EPSILON * f32::EPSILON)]);
    }
}
