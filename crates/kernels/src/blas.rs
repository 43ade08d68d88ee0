//! Products of matrices in OpenBLAS's order of additions, as its kernels for processors with AVX2 (Haswell)
//! add: every step multiplies and adds with one rounding.
//!
//! A row's result depends on that row alone. OpenBLAS's does not quite: it has other code for the last one
//! to three rows of a block and for a matrix of a single row, which differs from this by rounding.

use crate::fused::{Work, with_fused_steps};
use crate::linear::add_fused;

/// Terms that `dgemm` adds in one go (`DGEMM_DEFAULT_Q`).
const DEPTH: usize = 256;
/// What `dgemm` rounds the length of a shorter go up to (`DGEMM_UNROLL_M`).
const STEP: usize = 4;

/// `dgemm`: the inner product of each row with each point, a column per point. `columns` are slices of
/// `n_rows` numbers; a point has a number per column.
#[must_use]
pub fn matrix_product<'a>(
    columns: &[&[f64]],
    points: impl Iterator<Item = &'a [f64]>,
    n_rows: usize,
) -> Vec<Vec<f64>> {
    let products = points.map(|point| {
        let mut sums = vec![0.0; n_rows];
        add_in_parts(columns, point, &mut sums);
        sums
    });
    products.collect()
}

fn add_in_parts(columns: &[&[f64]], weights: &[f64], sums: &mut [f64]) {
    if columns.len() <= DEPTH {
        return add_fused(columns, weights, sums);
    }
    let mut part = vec![0.0; sums.len()];
    let mut start = 0;
    while start < columns.len() {
        let end = start + depth(columns.len() - start);
        part.fill(0.0);
        add_fused(&columns[start..end], weights.get(start..end).unwrap_or_default(), &mut part);
        sums.iter_mut().zip(&part).for_each(|(sum, x)| *sum += x);
        start = end;
    }
}

/// How many of the `left` terms are added next.
fn depth(left: usize) -> usize {
    match left {
        it if 2 * DEPTH <= it => DEPTH,
        it if DEPTH < it => (it / 2).next_multiple_of(STEP),
        it => it,
    }
}

/// `ddot`: sixteen sums at once in fused steps; what is left, one after the other, each product and sum
/// rounded.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a_blocks, a_rest) = a.as_chunks::<16>();
    let (b_blocks, b_rest) = b.as_chunks::<16>();
    let mut sums = [0.0_f64; 16];
    for (a, b) in a_blocks.iter().zip(b_blocks) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (x, y))| *sum = x.mul_add(*y, *sum));
    }
    let four = |at: usize| (sums[at] + sums[at + 2]) + (sums[at + 4] + sums[at + 6]);
    let lane = |at: usize| four(at) + four(at + 8);
    let rest = a_rest.iter().zip(b_rest);
    rest.fold(lane(0) + lane(1), |sum, (x, y)| sum + x * y)
}

/// How a matrix lies in memory, which decides what `dgemv` does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// By rows: four sums at once, each of every fourth term; what is left over is added as [`Rest`] says.
    Rows(Rest),
    /// By columns: four columns at a time, in two sums.
    Columns,
}

/// How the one to three terms are added that are left after groups of four: the compiler of the C code
/// decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Each product and each sum is rounded: in numpy up to 1.21.
    Rounded,
    /// In fused steps.
    Fused,
}

/// `dgemv`: the inner product of each row with `weights`.
#[must_use]
pub fn matrix_vector(
    columns: &[&[f64]],
    weights: &[f64],
    n_rows: usize,
    layout: Layout,
) -> Vec<f64> {
    let mut sums = vec![0.0; n_rows];
    let sums_out = &mut sums;
    match layout {
        Layout::Rows(rest) => with_fused_steps(ByRows { columns, weights, rest, sums: sums_out }),
        Layout::Columns => with_fused_steps(ByColumns { columns, weights, sums: sums_out }),
    }
    sums
}

struct ByRows<'a> {
    columns: &'a [&'a [f64]],
    weights: &'a [f64],
    rest: Rest,
    sums: &'a mut [f64],
}

impl Work for ByRows<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { columns, weights, rest, sums } = self;
        let (fours, left) = columns.as_chunks::<4>();
        let (weight_fours, left_weights) = weights.as_chunks::<4>();
        let mut lanes: [Vec<f64>; 4] = [(); 4].map(|()| vec![0.0; sums.len()]);
        for (four, weights) in fours.iter().zip(weight_fours) {
            for ((lane, column), &weight) in lanes.iter_mut().zip(four).zip(weights) {
                lane.iter_mut().zip(*column).for_each(|(sum, &x)| *sum = x.mul_add(weight, *sum));
            }
        }
        let [a, b, c, d] = &lanes;
        for (row, sum) in sums.iter_mut().enumerate() {
            let whole = (a[row] + c[row]) + (b[row] + d[row]);
            *sum = match rest {
                Rest::Rounded => add_rounded(left, left_weights, row, whole),
                Rest::Fused => add_in_fused_steps(left, left_weights, row, whole),
            };
        }
    }
}

#[inline(always)]
fn add_rounded(columns: &[&[f64]], weights: &[f64], row: usize, sum: f64) -> f64 {
    match (columns, weights) {
        ([a], [u]) => sum + a[row] * u,
        ([a, b], [u, v]) => sum + (a[row] * u + b[row] * v),
        ([a, b, c], [u, v, w]) => sum + (a[row] * u + b[row] * v + c[row] * w),
        _ => sum,
    }
}

#[inline(always)]
fn add_in_fused_steps(columns: &[&[f64]], weights: &[f64], row: usize, sum: f64) -> f64 {
    match (columns, weights) {
        ([a], [u]) => a[row].mul_add(*u, sum),
        ([a, b], [u, v]) => sum + a[row].mul_add(*u, b[row] * v),
        ([a, b, c], [u, v, w]) => sum + c[row].mul_add(*w, a[row].mul_add(*u, b[row] * v)),
        _ => sum,
    }
}

struct ByColumns<'a> {
    columns: &'a [&'a [f64]],
    weights: &'a [f64],
    sums: &'a mut [f64],
}

impl Work for ByColumns<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { columns, weights, sums } = self;
        let (fours, left) = columns.as_chunks::<4>();
        let (weight_fours, left_weights) = weights.as_chunks::<4>();
        for ([a, b, c, d], [t, u, v, w]) in fours.iter().zip(weight_fours) {
            for (sum, ((a, b), (c, d))) in
                sums.iter_mut().zip(a.iter().zip(*b).zip(c.iter().zip(*d)))
            {
                *sum += c.mul_add(*v, a * t) + d.mul_add(*w, b * u);
            }
        }
        for (pair, weights) in left.chunks(2).zip(left_weights.chunks(2)) {
            match (pair, weights) {
                ([a, b], [u, v]) => {
                    let pairs = a.iter().zip(*b);
                    sums.iter_mut().zip(pairs).for_each(|(sum, (a, b))| *sum += a * u + b * v);
                }
                ([a], [u]) => sums.iter_mut().zip(*a).for_each(|(sum, a)| *sum += a * u),
                _ => {}
            }
        }
    }
}

/// `dgemv` of a vector and a matrix that lies by rows: a result per column. The last one to
/// three columns are added one product after the other.
#[must_use]
pub fn vector_matrix(vector: &[f64], matrix: &[f64], n_cols: usize) -> Vec<f64> {
    let rows: Vec<&[f64]> = matrix.chunks_exact(n_cols.max(1)).collect();
    let mut products = matrix_vector(&rows, vector, n_cols, Layout::Columns);
    for column in n_cols - n_cols % 4..n_cols {
        products[column] = rows.iter().zip(vector).fold(0.0, |sum, (row, x)| sum + row[column] * x);
    }
    products
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By numpy 2.5: `x @ x` of 1/1, 1/2, …
    #[test]
    fn inner_products_have_the_bits_of_numpy() {
        let square = |n: u32| {
            let row: Vec<f64> = (1..=n).map(|i| 1.0 / f64::from(i)).collect();
            dot(&row, &row)
        };
        assert_eq!(square(7), 1.511797052154195);
        assert_eq!(square(13), 1.5708937981842162);
        assert_eq!(square(45), 1.6229569293973451);
    }

    /// The inner product of `1, 1/2, …, 1/n` and `1, 1/3, …, 1/(2n - 1)` in each layout.
    fn product(n: usize, layout: Layout) -> f64 {
        let columns: Vec<[f64; 1]> = (0..n).map(|i| [1.0 / (i + 1) as f64]).collect();
        let columns: Vec<&[f64]> = columns.iter().map(<[f64; 1]>::as_slice).collect();
        let weights: Vec<f64> = (0..n).map(|i| 1.0 / (2 * i + 1) as f64).collect();
        matrix_vector(&columns, &weights, 1, layout)[0]
    }

    #[test]
    fn rows_times_a_vector_are_added_as_openblas_does() {
        for (n, rows, columns) in WANT {
            assert_eq!(product(n, Layout::Rows(Rest::Fused)), rows, "{n} columns, by rows");
            assert_eq!(product(n, Layout::Columns), columns, "{n} columns, by columns");
        }
    }

    /// numpy 2.5 and numpy 1.16, on Haswell, in the first of four rows.
    const WANT: [(usize, f64, f64); 8] = [
        (3, 1.2333333333333334, 1.2333333333333334),
        (6, 1.3064213564213563, 1.3064213564213563),
        (7, 1.3174103674103674, 1.3174103674103672),
        (8, 1.3257437007437005, 1.3257437007437007),
        (11, 1.34187181067986, 1.3418718106798602),
        (12, 1.345494999085657, 1.3454949990856573),
        (17, 1.3573149356093495, 1.3573149356093495),
        (30, 1.3697665640626933, 1.3697665640626935),
    ];
}
