//! `QuantileTransformer`: the share of the training rows below each cell, as such or on the scale of a
//! normal distribution.
//!
//! | attribute             | shape  | meaning                                        | since |
//! |-----------------------|--------|------------------------------------------------|-------|
//! | `quantiles_`          | (q, p) | quantiles of each column, rising               | 0.19  |
//! | `references_`         | (q,)   | the share that lies below each quantile        | 0.19  |
//! | `output_distribution` | text   | `uniform` or `normal`                          | 0.19  |
//!
//! Between quantiles the share is interpolated, from below and from above (equal quantiles differ), and
//! the middle of both taken. NaN stays NaN, an infinite cell is refused. Sparse rows: what is stored is
//! transformed, and may not be negative unless zeros were ignored in training.
//!
//! Source of truth: `QuantileTransformer._transform_col` in `sklearn/preprocessing/_data.py`,
//! `numpy.interp`, `scipy.stats.norm`.

use kernels::normal;

use crate::{
    Block, ClassSpec, ColumnHint, Csr, DataError, Dense, Estimator, Matrix, Method, Nan, Output,
    ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.QuantileTransformer",
        "sklearn.preprocessing.data.QuantileTransformer", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(QuantileTransformer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

/// What is closer than this to the lowest or highest quantile counts as it.
const BOUNDS_THRESHOLD: f64 = 1e-7;

#[derive(Debug)]
struct QuantileTransformer {
    columns: Vec<Quantiles>,
    references: Vec<f64>,
    negated_references: Vec<f64>,
    output: Distribution,
    ignores_zeros: bool,
    /// Until 0.20 a uniform result is bounded as a normal one is.
    bounds_all: bool,
}

/// The quantiles of a column, and the same negated in reverse: at least one.
#[derive(Debug)]
struct Quantiles {
    rising: Vec<f64>,
    negated: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Distribution {
    Uniform,
    Normal,
}

impl QuantileTransformer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let quantiles = state.matrix("quantiles_")?;
        state.n_features_in(quantiles.n_cols)?;
        if quantiles.n_rows == 0 {
            return Err(state.get("quantiles_")?.wrong("at least one quantile"));
        }
        let references = state.floats_len("references_", quantiles.n_rows)?;
        if !references.is_sorted_by(|a, b| a <= b) {
            return Err(state.get("references_")?.invalid("are not rising"));
        }
        state.charge(quantiles.data.len().saturating_mul(16))?;
        let columns = (0..quantiles.n_cols).map(|j| Quantiles::new(&quantiles, j));
        let output = match state.text("output_distribution")? {
            "uniform" => Distribution::Uniform,
            "normal" => Distribution::Normal,
            it => {
                return Err(state.get("output_distribution")?.unsupported(format!("is {it:?}")));
            }
        };
        Ok(Self {
            columns: columns.collect(),
            negated_references: references.iter().rev().map(|x| -x).collect(),
            references,
            output,
            ignores_zeros: state.flag_or("ignore_implicit_zeros", false)?,
            bounds_all: state.version() < Version::new(0, 21),
        })
    }

    fn dense(&self, method: Method, mut x: Dense) -> Result<Dense, DataError> {
        x.check_finite(Nan::Allowed)?;
        x.map_columns(|j, column| {
            column.iter_mut().for_each(|x| *x = self.cell(method, *x, &self.columns[j]));
        });
        x.round();
        Ok(x)
    }

    fn sparse(&self, method: Method, mut x: Csr) -> Result<Csr, DataError> {
        x.check_finite(Nan::Allowed)?;
        let negative = x.values_mut().iter().any(|x| *x < 0.0);
        if negative && !self.ignores_zeros && method == Method::Transform {
            return Err(DataError::block("sparse rows may not hold negative numbers"));
        }
        x.entries_mut().for_each(|(j, x)| *x = self.cell(method, *x, &self.columns[j]));
        x.round();
        Ok(x)
    }

    fn cell(&self, method: Method, x: f64, quantiles: &Quantiles) -> f64 {
        match method {
            Method::InverseTransform => self.backward(x, quantiles),
            _ => self.forward(x, quantiles),
        }
    }

    fn forward(&self, x: f64, quantiles: &Quantiles) -> f64 {
        let (low, high) = quantiles.bounds();
        if low.is_nan() {
            // There was no value in training: numpy finds no place among NaN.
            return f64::NAN;
        }
        let share = match self.side(x, low, high) {
            Side::Low => 0.0,
            Side::High => 1.0,
            Side::Between => {
                let from_below = interpolate(x, &quantiles.rising, &self.references);
                let from_above = interpolate(-x, &quantiles.negated, &self.negated_references);
                0.5 * (from_below - from_above)
            }
        };
        let bound = BOUNDS_THRESHOLD - f64::EPSILON;
        if self.output == Distribution::Uniform {
            return if self.bounds_all { share.clamp(bound, 1.0 - bound) } else { share };
        }
        // Python adds a location of 0 to the quantile, which makes -0.0 into 0.0.
        (normal::quantile(share) + 0.0)
            .clamp(normal::quantile(bound), normal::quantile(1.0 - bound))
    }

    fn backward(&self, x: f64, quantiles: &Quantiles) -> f64 {
        let (low, high) = quantiles.bounds();
        let share = if self.output == Distribution::Normal { normal::cdf(x) } else { x };
        match self.side(share, 0.0, 1.0) {
            Side::Low => low,
            Side::High => high,
            Side::Between => interpolate(share, &self.references, &quantiles.rising),
        }
    }

    /// Which bound `x` counts as, the lower of both.
    fn side(&self, x: f64, low: f64, high: f64) -> Side {
        let (is_low, is_high) = match self.output {
            Distribution::Uniform if !self.bounds_all => (x == low, x == high),
            _ => (x - BOUNDS_THRESHOLD < low, high < x + BOUNDS_THRESHOLD),
        };
        match (is_low, is_high) {
            (true, _) => Side::Low,
            (_, true) => Side::High,
            _ => Side::Between,
        }
    }
}

enum Side {
    Low,
    Between,
    High,
}

impl Quantiles {
    fn new(quantiles: &Matrix, column: usize) -> Self {
        let rising: Vec<f64> = quantiles.rows().map(|row| row[column]).collect();
        let negated = rising.iter().rev().map(|x| -x).collect();
        Self { rising, negated }
    }

    fn bounds(&self) -> (f64, f64) {
        let end = |it: Option<&f64>| it.copied().unwrap_or(f64::NAN);
        (end(self.rising.first()), end(self.rising.last()))
    }
}

/// `numpy.interp`: the line between the last point at or below `x` and the next one.
fn interpolate(x: f64, points: &[f64], values: &[f64]) -> f64 {
    if x.is_nan() {
        return x;
    }
    let above = points.partition_point(|it| *it <= x);
    let (Some(&last), Some(&first)) = (values.last(), values.first()) else { return f64::NAN };
    if above == 0 {
        return first;
    }
    if above == points.len() {
        return last;
    }
    let (start, end) = (points[above - 1], points[above]);
    let (low, high) = (values[above - 1], values[above]);
    if start == x {
        return low;
    }
    let slope = (high - low) / (end - start);
    let value = slope * (x - start) + low;
    if !value.is_nan() {
        return value;
    }
    let value = slope * (x - end) + high;
    if value.is_nan() && low == high { low } else { value }
}

impl Estimator for QuantileTransformer {
    fn n_features_in(&self) -> usize {
        self.columns.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        let middle = |it: &Quantiles| it.rising.get(it.rising.len() / 2).copied();
        let hint = |it: &Quantiles| middle(it).map(ColumnHint::of_number).unwrap_or_default();
        self.columns.iter().map(hint).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("QuantileTransformer", method));
        }
        input.check_width(self.columns.len())?;
        if let Block::Sparse(x) = input {
            return Ok(Output::Block(Block::Sparse(self.sparse(method, x)?)));
        }
        self.dense(method, input.into_numbers()?).map(Output::dense)
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.columns.len())
    }
}
