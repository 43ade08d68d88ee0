//! Subtract a centre, divide by a scale: what `StandardScaler`, `RobustScaler` and `MaxAbsScaler` do.
//!
//! Dense: `(x - centre) / scale`, each operation rounded; back: `x * scale + centre`. On `float32` numpy
//! computes each operation in `float64`, as the attributes are, and rounds the result. Sparse rows are
//! multiplied by `1 / scale` (`inplace_column_scale`), which is not the same bits as dividing.

use crate::{
    Block, ColumnHint, Csr, DataError, Dense, Estimator, Method, Nan, Output, Precision, ReadError,
    State, unsupported,
};

pub(super) const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

/// What becomes of sparse rows if there is a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SparseCenter {
    Refused,
    /// `RobustScaler` scales them and does not centre.
    Ignored,
}

#[derive(Debug)]
pub(super) struct Scaling {
    pub(super) name: &'static str,
    pub(super) width: usize,
    pub(super) center: Option<Vec<f64>>,
    pub(super) scale: Option<Vec<f64>>,
    pub(super) sparse_center: SparseCenter,
    /// Whether the attributes become `float32` before a `float32` block meets them.
    pub(super) rounds_attributes: bool,
    /// Results of `transform` are kept in this range.
    pub(super) clip: Option<(f64, f64)>,
}

/// The number of columns: as stored, or the length of the first of these attributes that is there.
pub(super) fn width(state: &State<'_>, names: &[&str]) -> Result<usize, ReadError> {
    if state.has("n_features_in_") {
        return state.width("n_features_in_");
    }
    match names.iter().find(|it| state.has(it)) {
        Some(name) => Ok(state.floats(name)?.len()),
        None => state.get(names.first().copied().unwrap_or("n_features_in_")).and_then(|it| {
            Err(it.unsupported("is None, so that the file does not tell the number of columns"))
        }),
    }
}

impl Scaling {
    fn dense(&self, method: Method, x: Dense) -> Dense {
        // Two copies of the loops: rounding by a function pointer would keep them from vectorising.
        match x.precision() {
            Precision::Double => self.map(method, x, |x| x),
            Precision::Single => self.map(method, x, |x| f64::from(x as f32)),
        }
    }

    fn map(&self, method: Method, mut x: Dense, round: impl Fn(f64) -> f64 + Copy) -> Dense {
        let attribute = |value: f64| if self.rounds_attributes { round(value) } else { value };
        x.map_columns(|j, column| {
            let center = self.center.as_ref().map(|it| attribute(it[j]));
            let scale = self.scale.as_ref().map(|it| attribute(it[j]));
            match method {
                Method::InverseTransform => backward(column, center, scale, round),
                _ => forward(column, center, scale, round),
            }
        });
        match self.clip {
            Some((low, high)) if method == Method::Transform => x.map_columns(|_, column| {
                column.iter_mut().for_each(|x| *x = x.clamp(low, high));
            }),
            _ => {}
        }
        x
    }

    fn sparse(&self, method: Method, mut x: Csr) -> Result<Csr, DataError> {
        if self.center.is_some() && self.sparse_center == SparseCenter::Refused {
            return Err(DataError::block("sparse rows cannot be centred"));
        }
        let forward = method == Method::Transform;
        if let Some(scale) = &self.scale {
            let factors: Vec<f64> =
                scale.iter().map(|s| if forward { 1.0 / s } else { *s }).collect();
            x.entries_mut().for_each(|(column, x)| *x *= factors[column]);
            x.round();
        }
        if let Some((low, high)) = self.clip
            && forward
        {
            x.values_mut().iter_mut().for_each(|x| *x = x.clamp(low, high));
        }
        Ok(x)
    }
}

fn forward(
    column: &mut [f64],
    center: Option<f64>,
    scale: Option<f64>,
    round: impl Fn(f64) -> f64,
) {
    match (center, scale) {
        (Some(c), Some(s)) => column.iter_mut().for_each(|x| *x = round(round(*x - c) / s)),
        (Some(c), None) => column.iter_mut().for_each(|x| *x = round(*x - c)),
        (None, Some(s)) => column.iter_mut().for_each(|x| *x = round(*x / s)),
        (None, None) => {}
    }
}

fn backward(
    column: &mut [f64],
    center: Option<f64>,
    scale: Option<f64>,
    round: impl Fn(f64) -> f64,
) {
    match (center, scale) {
        (Some(c), Some(s)) => column.iter_mut().for_each(|x| *x = round(round(*x * s) + c)),
        (Some(c), None) => column.iter_mut().for_each(|x| *x = round(*x + c)),
        (None, Some(s)) => column.iter_mut().for_each(|x| *x = round(*x * s)),
        (None, None) => {}
    }
}

impl Estimator for Scaling {
    fn n_features_in(&self) -> usize {
        self.width
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        let known = self.center.as_ref().or(self.scale.as_ref());
        known.into_iter().flatten().map(|x| ColumnHint::of_number(*x)).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported(self.name, method));
        }
        input.check_width(self.width)?;
        if let Block::Sparse(x) = input {
            x.check_finite(Nan::Allowed)?;
            return Ok(Output::Block(Block::Sparse(self.sparse(method, x)?)));
        }
        let x = input.into_numbers()?;
        x.check_finite(Nan::Allowed)?;
        Ok(Output::dense(self.dense(method, x)))
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.width)
    }
}
