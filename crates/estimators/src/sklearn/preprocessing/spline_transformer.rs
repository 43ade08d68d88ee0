//! `SplineTransformer`: each column as the values of the B-splines on its knots.
//!
//! | attribute        | shape | meaning                                                       | since |
//! |------------------|-------|---------------------------------------------------------------|-------|
//! | `bsplines_`      | (p,)  | a scipy `BSpline` per column, see `b_spline.rs`               | 1.0   |
//! | `degree`         | int   | of the polynomials                                            | 1.0   |
//! | `extrapolation`  | text  | outside the knots: `"error"`, `"constant"`, `"linear"`, `"continue"`, `"periodic"` | 1.0 |
//! | `include_bias`   | bool  | keep the last spline of each column                           | 1.0   |
//! | `sparse_output`  | bool  | sparse rows                                                   | 1.3   |
//! | `handle_missing` | text  | `"error"`, or `"zeros"`: all splines of a missing cell are 0  | 1.8   |
//!
//! Output: `transform` gives shape (n, p s), s splines a column, or s - 1 without bias.
//!
//! Quirks kept: with `"linear"` and a degree of 0 or 1, the degree that bounds the range inside grows from
//! column to column until it is 2; with `"constant"` and a degree of 0, a cell above the last knot is
//! refused, unless the output is sparse. Refused: sparse output of missing cells, where scikit-learn gives
//! what depends on the other rows.
//!
//! Source of truth: `SplineTransformer.transform` in `sklearn/preprocessing/_polynomial.py`.

use kernels::splines::Order;

use super::b_spline::{BSpline, Scratch, Shared};
use crate::{
    Block, ClassSpec, ColumnHint, Csr, DataError, Dense, Estimator, Method, Nan, Output, ReadError,
    State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.preprocessing._polynomial.SplineTransformer"],
    methods: METHODS,
    read: |state| Ok(Box::new(SplineTransformer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct SplineTransformer {
    columns: Vec<ColumnSplines>,
    /// Splines a column.
    width: usize,
    include_bias: bool,
    sparse: bool,
    missing: Nan,
}

#[derive(Debug)]
struct ColumnSplines {
    spline: BSpline,
    outside: Outside,
}

/// What is done with cells outside the knots.
#[derive(Debug)]
enum Outside {
    Error,
    Continue,
    /// Whether an empty period maps all cells to 0, as since 1.8.
    Periodic {
        empty_is_zero: bool,
    },
    Constant(Edges, Above),
    Linear(Edges, Slopes),
}

/// Of degree 0, what `"constant"` does with a cell above the last knot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    Filled,
    Refused,
    Zeros,
}

/// The bounds of the range inside, the values there, and how many of them count outside.
#[derive(Debug)]
struct Edges {
    low: f64,
    high: f64,
    at_low: Vec<f64>,
    at_high: Vec<f64>,
    count: usize,
}

#[derive(Debug)]
struct Slopes {
    low: Vec<f64>,
    high: Vec<f64>,
}

impl SplineTransformer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let mut shared = Shared::default();
        let stored = state.list("bsplines_")?;
        let mut splines = Vec::new();
        for it in &stored {
            splines.push(BSpline::read(it, &mut shared)?);
        }
        let Some(width) = splines.first().map(BSpline::width) else {
            return Err(state.get("bsplines_")?.wrong("a spline per column"));
        };
        state.n_features_in(splines.len())?;
        state.charge(splines.len().saturating_mul(width).saturating_mul(96))?;
        let mut degree = state.count("degree")?;
        let mut columns = Vec::new();
        let sparse = state.flag_or("sparse_output", false)?;
        for (it, spline) in stored.iter().zip(splines) {
            if spline.width() != width || spline.degree != state.count("degree")? {
                return Err(it.invalid("is a spline of another degree or width than the others"));
            }
            let outside = Outside::read(state, &spline, &mut degree, sparse)?;
            columns.push(ColumnSplines { spline, outside });
        }
        let missing = match state.text_or("handle_missing", "error")? {
            "error" => Nan::Refused,
            "zeros" if !sparse => Nan::Allowed,
            other => {
                let it = state.get("handle_missing")?;
                return Err(it.unsupported(format!("is {other:?}, with sparse_output {sparse}")));
            }
        };
        Ok(Self { columns, width, include_bias: state.flag("include_bias")?, sparse, missing })
    }

    /// Splines a column that are given out.
    fn kept(&self) -> usize {
        self.width - usize::from(!self.include_bias)
    }

    fn transform(&self, input: Block) -> Result<Block, DataError> {
        let x = input.into_dense(self.columns.len())?;
        x.check_finite(self.missing)?;
        let mut features = Vec::with_capacity(self.columns.len() * self.kept());
        let mut values = vec![0.0; self.width];
        let mut scratch = Scratch::default();
        for (index, (column, cells)) in self.columns.iter().zip(x.columns()).enumerate() {
            let mut splines = vec![Vec::with_capacity(x.n_rows()); self.kept()];
            for (row, &cell) in cells.iter().enumerate() {
                if cell.is_nan() {
                    values.fill(0.0);
                } else {
                    column
                        .values(cell, &mut values, &mut scratch)
                        .map_err(|text| DataError::cell(row, index, text))?;
                }
                splines.iter_mut().zip(&values).for_each(|(it, value)| it.push(*value));
            }
            features.append(&mut splines);
        }
        let mut result = Dense::new(x.n_rows(), features)?;
        result.dtype = x.precision().into();
        result.round();
        Ok(if self.sparse { Block::Sparse(sparse_rows(&result)) } else { Block::Dense(result) })
    }
}

impl ColumnSplines {
    /// The splines at a cell that is not missing.
    fn values(
        &self,
        x: f64,
        values: &mut [f64],
        scratch: &mut Scratch,
    ) -> Result<(), &'static str> {
        match &self.outside {
            Outside::Error => {
                self.spline.evaluate(x, Order::Value, values, scratch);
                if values.iter().any(|it| it.is_nan()) {
                    return Err(
                        "the value lies outside the knots, and the model accepts none there",
                    );
                }
            }
            Outside::Continue => self.spline.evaluate(x, Order::Value, values, scratch),
            Outside::Periodic { empty_is_zero } => {
                let x = periodic(x, self.spline.domain(), *empty_is_zero);
                self.spline.evaluate(x, Order::Value, values, scratch);
            }
            Outside::Constant(edges, _) | Outside::Linear(edges, _)
                if edges.low <= x && x <= edges.high =>
            {
                self.spline.evaluate(x, Order::Value, values, scratch);
            }
            Outside::Constant(edges, above) => return edges.constant(x, *above, values),
            Outside::Linear(edges, slopes) => edges.linear(x, slopes, values),
        }
        Ok(())
    }
}

impl Outside {
    /// `degree` goes from column to column, as it does in Python.
    fn read(
        state: &State<'_>,
        spline: &BSpline,
        degree: &mut usize,
        sparse: bool,
    ) -> Result<Self, ReadError> {
        match state.text("extrapolation")? {
            "error" => Ok(Self::Error),
            "continue" => Ok(Self::Continue),
            "periodic" => {
                Ok(Self::Periodic { empty_is_zero: Version::new(1, 8) <= state.version() })
            }
            "constant" => {
                let above = match (*degree, sparse, spline.width()) {
                    (0, false, 1) => Above::Zeros,
                    (0, false, _) => Above::Refused,
                    _ => Above::Filled,
                };
                Ok(Self::Constant(Edges::new(state, spline, *degree, *degree)?, above))
            }
            "linear" => {
                let bound = *degree;
                if *degree <= 1 {
                    *degree += 1;
                }
                let edges = Edges::new(state, spline, bound, *degree)?;
                let slopes = |x| evaluated(spline, x, Order::Slope);
                let slopes = Slopes { low: slopes(edges.low), high: slopes(edges.high) };
                Ok(Self::Linear(edges, slopes))
            }
            other => Err(state.get("extrapolation")?.unsupported(format!("is {other:?}"))),
        }
    }
}

impl Edges {
    fn new(
        state: &State<'_>,
        spline: &BSpline,
        bound: usize,
        count: usize,
    ) -> Result<Self, ReadError> {
        let n_knots = spline.knots.len();
        if n_knots <= bound || spline.width() < count {
            return Err(state.unsupported("extrapolates with fewer splines than its degree needs"));
        }
        let (low, high) = (spline.knots[bound], spline.knots[n_knots - bound - 1]);
        let value = |x| evaluated(spline, x, Order::Value);
        Ok(Self { low, high, at_low: value(low), at_high: value(high), count })
    }

    fn constant(&self, x: f64, above: Above, values: &mut [f64]) -> Result<(), &'static str> {
        values.fill(0.0);
        if x < self.low {
            values[..self.count].copy_from_slice(&self.at_low[..self.count]);
            return Ok(());
        }
        match above {
            Above::Zeros => {}
            Above::Refused => return Err("the value lies above the knots of splines of degree 0"),
            Above::Filled => {
                let start = if self.count == 0 { 0 } else { values.len() - self.count };
                values[start..].copy_from_slice(&self.at_high[start..]);
            }
        }
        Ok(())
    }

    fn linear(&self, x: f64, slopes: &Slopes, values: &mut [f64]) {
        values.fill(0.0);
        for j in 0..self.count {
            if x < self.low {
                values[j] = self.at_low[j] + (x - self.low) * slopes.low[j];
            }
            if self.high < x {
                let k = values.len() - 1 - j;
                values[k] = self.at_high[k] + (x - self.high) * slopes.high[k];
            }
        }
    }
}

impl Estimator for SplineTransformer {
    fn n_features_in(&self) -> usize {
        self.columns.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        let middle = |it: &ColumnSplines| it.spline.knots.get(it.spline.knots.len() / 2).copied();
        let hint = |it: &ColumnSplines| middle(it).map(ColumnHint::of_number).unwrap_or_default();
        self.columns.iter().map(hint).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::Block),
            _ => Err(unsupported("SplineTransformer", method)),
        }
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        output.checked_div(self.kept())
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.columns.len() * self.kept())
    }
}

fn evaluated(spline: &BSpline, x: f64, order: Order) -> Vec<f64> {
    let mut values = vec![0.0; spline.width()];
    spline.evaluate(x, order, &mut values, &mut Scratch::default());
    values
}

/// The place in the first period.
fn periodic(x: f64, (first, last): (f64, f64), empty_is_zero: bool) -> f64 {
    let period = last - first;
    if empty_is_zero && period <= 0.0 {
        return 0.0;
    }
    let mut rest = (x - first) % period;
    if rest < 0.0 {
        rest += period;
    }
    first + rest
}

fn sparse_rows(x: &Dense) -> Csr {
    let mut rows = Csr::new(x.n_cols());
    rows.dtype = x.precision().into();
    for row in 0..x.n_rows() {
        for (index, column) in x.columns().iter().enumerate() {
            if column[row] != 0.0 {
                rows.push(index, column[row]);
            }
        }
        rows.end_row();
    }
    rows
}
