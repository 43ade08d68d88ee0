//! `MinMaxScaler`: maps each column linearly onto a range, by default 0 to 1.
//!
//! | attribute       | shape | meaning                                    | since |
//! |-----------------|-------|--------------------------------------------|-------|
//! | `scale_`        | (p,)  | factor per column                          | 0.17  |
//! | `min_`          | (p,)  | offset per column, added after scaling     | any   |
//! | `feature_range` | (2,)  | bounds used by `clip`                      | any   |
//! | `clip`          | bool  | keep results inside the range; absent: off | 0.24  |
//!
//! Output: one column per input column, `x * scale_ + min_` in that order of operations. NaN stays
//! NaN, also when clipping; an infinite cell is refused.
//!
//! Source of truth: `MinMaxScaler.transform` in `sklearn/preprocessing/_data.py`.

use crate::{
    Block, ClassSpec, ColumnHint, DataError, Dense, Estimator, Method, Nan, Output, Precision,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.MinMaxScaler",
        "sklearn.preprocessing.data.MinMaxScaler", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(MinMaxScaler::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct MinMaxScaler {
    scale: Vec<f64>,
    offset: Vec<f64>,
    clip: Option<(f64, f64)>,
}

impl MinMaxScaler {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let scale = state.floats("scale_")?;
        let offset = state.floats_len("min_", scale.len())?;
        state.n_features_in(scale.len())?;
        let clip = state.flag_or("clip", false)?.then(|| bounds(state)).transpose()?;
        Ok(Self { scale, offset, clip })
    }

    fn transform(&self, mut x: Dense) -> Dense {
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x *= self.scale[j]));
        x.round();
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x += self.offset[j]));
        x.round();
        if let Some((low, high)) = self.clip {
            let bound = |it: f64| match x.precision() {
                Precision::Double => it,
                Precision::Single => f64::from(it as f32),
            };
            let (low, high) = (bound(low), bound(high));
            x.map_columns(|_, column| column.iter_mut().for_each(|x| *x = x.clamp(low, high)));
        }
        x
    }

    fn inverse_transform(&self, mut x: Dense) -> Dense {
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= self.offset[j]));
        x.round();
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x /= self.scale[j]));
        x.round();
        x
    }
}

impl Estimator for MinMaxScaler {
    fn n_features_in(&self) -> usize {
        self.scale.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        // `feature_range` is stored only with `clip`; by default it is 0 to 1.
        let (low, high) = self.clip.unwrap_or((0.0, 1.0));
        let middle = |(scale, offset): (&f64, &f64)| ((low + high) / 2.0 - offset) / scale;
        self.scale.iter().zip(&self.offset).map(middle).map(ColumnHint::of_number).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.scale.len())?;
        x.check_finite(Nan::Allowed)?;
        match method {
            Method::Transform => Ok(Output::dense(self.transform(x))),
            Method::InverseTransform => Ok(Output::dense(self.inverse_transform(x))),
            _ => Err(unsupported("MinMaxScaler", method)),
        }
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.scale.len())
    }
}

fn bounds(state: &State<'_>) -> Result<(f64, f64), ReadError> {
    match *state.floats_len("feature_range", 2)? {
        [low, high] if low <= high => Ok((low, high)),
        _ => Err(state.get("feature_range")?.wrong("a lower and an upper bound")),
    }
}
