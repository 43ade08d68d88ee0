//! `Binarizer`: 1 where a value is above a threshold, else 0.
//!
//! | attribute        | shape  | meaning                              | since |
//! |------------------|--------|--------------------------------------|-------|
//! | `threshold`      | number | exclusive                            | any   |
//! | `n_features_in_` | int    | number of columns; absent: any       | 0.24  |
//!
//! Sparse rows stay sparse; they need a threshold from 0. NaN and infinities are refused.
//!
//! Source of truth: `binarize` in `sklearn/preprocessing/_data.py`.

use crate::{
    Block, ClassSpec, ColumnKind, Csr, DataError, Estimator, Method, Nan, Output, Precision,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.Binarizer",
        "sklearn.preprocessing.data.Binarizer", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Binarizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct Binarizer {
    /// 0: any number.
    n_features: usize,
    threshold: f64,
}

impl Binarizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let n_features = match state.has("n_features_in_") {
            true => state.width("n_features_in_")?,
            false => 0,
        };
        Ok(Self { n_features, threshold: state.float("threshold")? })
    }

    fn binarize(&self, input: Block) -> Result<Block, DataError> {
        let threshold = match input.precision() {
            Precision::Double => self.threshold,
            Precision::Single => f64::from(self.threshold as f32),
        };
        match input {
            Block::Sparse(x) => sparse(&x, threshold).map(Block::Sparse),
            other => {
                let mut x = other.into_numbers()?;
                x.check_finite(Nan::Refused)?;
                let above = |x: f64| f64::from(u8::from(threshold < x));
                let dtype = x.dtype;
                x.map_columns(|_, column| column.iter_mut().for_each(|x| *x = above(*x)));
                x.dtype = dtype;
                Ok(Block::Dense(x))
            }
        }
    }
}

fn sparse(x: &Csr, threshold: f64) -> Result<Csr, DataError> {
    x.check_finite(Nan::Refused)?;
    if threshold < 0.0 {
        return Err(DataError::block("sparse rows need a threshold of 0 or more"));
    }
    let mut ones = Csr::new(x.n_cols());
    ones.dtype = x.dtype;
    for row in 0..x.n_rows() {
        x.row(row).filter(|(_, x)| threshold < *x).for_each(|(column, _)| ones.push(column, 1.0));
        ones.end_row();
    }
    Ok(ones)
}

impl Estimator for Binarizer {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("Binarizer", method));
        }
        if self.n_features != 0 {
            input.check_width(self.n_features)?;
        }
        self.binarize(input).map(Output::Block)
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let width = if self.n_features == 0 { wanted.len() } else { self.n_features };
        vec![ColumnKind::Number; width]
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        (self.n_features != 0).then_some(self.n_features)
    }
}
