//! Dense rows against dense support vectors.

use super::{Contributions, DotOrder, Kernel};
use crate::fused::{Work, with_fused_steps};

/// Rows worked on at a time: their kernel values with one support vector stay in the first-level cache.
const TILE: usize = 64;
/// Below this many rows the support vectors are what is worked on at a time.
const FEW: usize = 4;
/// Numbers that OpenBLAS's `ddot` takes in one step, in four registers of four.
const STEP: usize = 16;

/// Support vectors by rows.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseVectors {
    n_features: usize,
    values: Vec<f64>,
    order: DotOrder,
}

impl DenseVectors {
    /// `values` holds the vectors one after the other; `None` unless they are whole.
    #[must_use]
    pub fn new(n_features: usize, values: Vec<f64>, order: DotOrder) -> Option<Self> {
        let fits = 0 < n_features && values.len().is_multiple_of(n_features);
        // Below one step of `ddot` there is nothing but its sequential end.
        let order = if n_features < STEP { DotOrder::Sequential } else { order };
        fits.then_some(Self { n_features, values, order })
    }

    /// Number of vectors.
    #[must_use]
    pub fn n_vectors(&self) -> usize {
        self.values.len() / self.n_features
    }

    /// The sums of each row: a column per sum. `columns` are `n_features` slices of `n_rows` numbers,
    /// and `contributions` are for as many vectors as these.
    #[must_use]
    pub fn sums(
        &self,
        kernel: Kernel,
        contributions: &Contributions,
        columns: &[&[f64]],
        n_rows: usize,
    ) -> Vec<Vec<f64>> {
        let mut sums = contributions.empty_sums(n_rows);
        if n_rows < FEW {
            let mut values = vec![0.0; self.n_vectors()];
            for row in 0..n_rows {
                let x: Vec<f64> = columns.iter().map(|column| column[row]).collect();
                with_fused_steps(RowValues { vectors: self, kernel, x: &x, values: &mut values });
                contributions.add_row(&values, row, &mut sums);
            }
            return sums;
        }
        for start in (0..n_rows).step_by(TILE) {
            let rows = start..n_rows.min(start + TILE);
            let tile: Vec<&[f64]> = columns.iter().map(|column| &column[rows.clone()]).collect();
            let sums = sums.iter_mut().map(|sums| &mut sums[rows.clone()]).collect();
            with_fused_steps(Tile { vectors: self, kernel, contributions, columns: &tile, sums });
        }
        sums
    }
}

/// One row's kernel values with every vector.
struct RowValues<'a> {
    vectors: &'a DenseVectors,
    kernel: Kernel,
    x: &'a [f64],
    values: &'a mut [f64],
}

impl Work for RowValues<'_> {
    #[inline(always)]
    fn run(self) {
        let DenseVectors { n_features, values, order } = self.vectors;
        for (value, vector) in self.values.iter_mut().zip(values.chunks_exact(*n_features)) {
            *value = match self.kernel {
                Kernel::Rbf { .. } => row_sum(self.x, vector, *order, difference),
                _ => row_sum(self.x, vector, *order, product),
            };
        }
        self.kernel.apply(self.values);
    }
}

/// The sums of at most [`TILE`] rows.
struct Tile<'a> {
    vectors: &'a DenseVectors,
    kernel: Kernel,
    contributions: &'a Contributions,
    columns: &'a [&'a [f64]],
    sums: Vec<&'a mut [f64]>,
}

impl Work for Tile<'_> {
    #[inline(always)]
    fn run(mut self) {
        let n_rows = self.sums.first().map_or(0, |it| it.len());
        let mut values = [0.0; TILE];
        let mut lanes = [[0.0; TILE]; STEP];
        let Some(values) = values.get_mut(..n_rows) else { return };
        let vectors = self.vectors.values.chunks_exact(self.vectors.n_features);
        for (vector, terms) in vectors.zip(self.contributions.by_vector()) {
            match (self.kernel, self.vectors.order) {
                (Kernel::Rbf { .. }, DotOrder::Sequential) => {
                    values.fill(0.0);
                    add_sequentially(self.columns, vector, values, difference);
                }
                (Kernel::Rbf { .. }, DotOrder::Blas) => {
                    add_as_blas(self.columns, vector, values, &mut lanes, difference);
                }
                (_, DotOrder::Sequential) => {
                    values.fill(0.0);
                    add_sequentially(self.columns, vector, values, product);
                }
                (_, DotOrder::Blas) => {
                    add_as_blas(self.columns, vector, values, &mut lanes, product);
                }
            }
            self.kernel.apply(values);
            for &(sum, weight) in terms {
                let sums = self.sums[sum].iter_mut();
                sums.zip(values.iter()).for_each(|(sum, value)| *sum += weight * value);
            }
        }
    }
}

/// The factors of an inner product's term.
#[inline(always)]
fn product(x: f64, v: f64) -> (f64, f64) {
    (x, v)
}

/// The factors of a squared distance's term.
#[inline(always)]
fn difference(x: f64, v: f64) -> (f64, f64) {
    (x - v, x - v)
}

#[inline(always)]
fn add_sequentially(
    columns: &[&[f64]],
    vector: &[f64],
    sums: &mut [f64],
    factors: impl Fn(f64, f64) -> (f64, f64),
) {
    let term = |x: f64, v: f64| {
        let (a, b) = factors(x, v);
        a * b
    };
    let (quads, rest) = columns.as_chunks::<4>();
    let (vector_quads, vector_rest) = vector.as_chunks::<4>();
    for ([a, b, c, d], v) in quads.iter().zip(vector_quads) {
        let columns = a.iter().zip(*b).zip(c.iter().zip(*d));
        for (sum, ((a, b), (c, d))) in sums.iter_mut().zip(columns) {
            *sum = *sum + term(*a, v[0]) + term(*b, v[1]) + term(*c, v[2]) + term(*d, v[3]);
        }
    }
    for (column, &v) in rest.iter().zip(vector_rest) {
        sums.iter_mut().zip(*column).for_each(|(sum, &x)| *sum += term(x, v));
    }
}

/// As [`row_sum`] with `DotOrder::Blas`, for each row; there is at least one whole step, which
/// overwrites what `lanes` held.
#[inline(always)]
fn add_as_blas(
    columns: &[&[f64]],
    vector: &[f64],
    sums: &mut [f64],
    lanes: &mut [[f64; TILE]; STEP],
    factors: impl Fn(f64, f64) -> (f64, f64) + Copy,
) {
    let (steps, rest) = columns.as_chunks::<STEP>();
    let (vector_steps, vector_rest) = vector.as_chunks::<STEP>();
    for (nth, (step, v)) in steps.iter().zip(vector_steps).enumerate() {
        for ((lane, column), &v) in lanes.iter_mut().zip(step).zip(v) {
            if nth == 0 {
                lane.iter_mut().zip(*column).for_each(|(sum, &x)| {
                    let (a, b) = factors(x, v);
                    *sum = a * b;
                });
            } else {
                lane.iter_mut().zip(*column).for_each(|(sum, &x)| {
                    let (a, b) = factors(x, v);
                    *sum = a.mul_add(b, *sum);
                });
            }
        }
    }
    for (row, sum) in sums.iter_mut().enumerate().take(TILE) {
        *sum = fold(|lane| lanes[lane][row]);
    }
    add_sequentially(rest, vector_rest, sums, factors);
}

#[inline(always)]
fn row_sum(
    x: &[f64],
    vector: &[f64],
    order: DotOrder,
    factors: impl Fn(f64, f64) -> (f64, f64),
) -> f64 {
    let add = |sum: f64, (&x, &v): (&f64, &f64)| {
        let (a, b) = factors(x, v);
        sum + a * b
    };
    if order == DotOrder::Sequential {
        return x.iter().zip(vector).fold(0.0, add);
    }
    let mut lanes = [0.0; STEP];
    let (steps, rest) = x.as_chunks::<STEP>();
    let (vector_steps, vector_rest) = vector.as_chunks::<STEP>();
    for (x, v) in steps.iter().zip(vector_steps) {
        for ((sum, &x), &v) in lanes.iter_mut().zip(x).zip(v) {
            let (a, b) = factors(x, v);
            *sum = f64::mul_add(a, b, *sum);
        }
    }
    rest.iter().zip(vector_rest).fold(fold(|lane| lanes[lane]), add)
}

/// How the sixteen sums of `ddot` become one: each register's halves, the four registers, the last two.
#[inline(always)]
fn fold(lane: impl Fn(usize) -> f64) -> f64 {
    let register = |at: usize, half: usize| lane(4 * at + half) + lane(4 * at + half + 2);
    let half = |half: usize| {
        (register(0, half) + register(1, half)) + (register(2, half) + register(3, half))
    };
    half(0) + half(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(seed: u64, len: usize) -> Vec<f64> {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / 2f64.powi(52) - 1.0
        };
        (0..len).map(|_| next()).collect()
    }

    #[test]
    fn many_rows_and_one_row_have_the_same_bits() {
        let kernels = [
            Kernel::Linear,
            Kernel::Rbf { gamma: 0.7 },
            Kernel::Polynomial { gamma: 0.3, coef0: 0.5, degree: 3 },
            Kernel::Sigmoid { gamma: 0.1, coef0: -0.5 },
        ];
        for n_features in [1, 4, 7, 15, 16, 33] {
            let vectors = numbers(1, 9 * n_features);
            let vectors = DenseVectors::new(n_features, vectors, DotOrder::Blas).unwrap();
            let weights = numbers(2, 9);
            let terms = weights.iter().enumerate().map(|(i, w)| (i % 2, *w)).collect();
            let contributions = Contributions::new(2, 1, terms).unwrap();
            let columns: Vec<Vec<f64>> =
                (0..n_features).map(|j| numbers(3 + j as u64, TILE + 7)).collect();
            let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            for kernel in kernels {
                let together = vectors.sums(kernel, &contributions, &slices, TILE + 7);
                for row in 0..TILE + 7 {
                    let one: Vec<&[f64]> = columns.iter().map(|it| &it[row..=row]).collect();
                    let alone = vectors.sums(kernel, &contributions, &one, 1);
                    for (together, alone) in together.iter().zip(&alone) {
                        assert_eq!(together[row].to_bits(), alone[0].to_bits(), "{kernel:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_long_inner_product_is_added_as_openblas_does() {
        for (n, want) in DDOT {
            let x: Vec<f64> = (0..n).map(|i| 1.0 / (i + 1) as f64).collect();
            assert_eq!(row_sum(&x, &x, DotOrder::Blas, product), want, "{n} numbers");
        }
    }

    /// `scipy.linalg.blas.ddot(x, x)` on Haswell.
    const DDOT: [(usize, f64); 8] = [
        (5, 1.4636111111111112),
        (16, 1.5843465334449873),
        (17, 1.5878067410574441),
        (31, 1.6131907003279244),
        (32, 1.6141672628279244),
        (50, 1.6251327336215293),
        (100, 1.6349839001848931),
        (1000, 1.6439345666815606),
    ];
}
