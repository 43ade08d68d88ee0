//! `SkewedChi2Sampler`: random Fourier features of the skewed chi-squared kernel.
//!
//! | attribute    | shape | meaning                                               | since |
//! |--------------|-------|-------------------------------------------------------|-------|
//! | `skewedness` | float | added to each cell before the logarithm               | any   |
//!
//! The others: see `cosine_features.rs`.
//!
//! Output: `transform` gives shape (n, k). A cell of at most `-skewedness` is refused, and so are sparse
//! rows.
//!
//! Source of truth: `SkewedChi2Sampler.transform` in `sklearn/kernel_approximation.py`.

use super::cosine_features::CosineFeatures;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.kernel_approximation.SkewedChi2Sampler"],
    methods: METHODS,
    read: |state| Ok(Box::new(SkewedChi2Sampler::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct SkewedChi2Sampler {
    features: CosineFeatures,
    skewedness: f64,
}

impl SkewedChi2Sampler {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let features = CosineFeatures::read(state, |n| 2f64.sqrt() / n.sqrt())?;
        Ok(Self { features, skewedness: state.float("skewedness")? })
    }

    fn logarithms(&self, input: Block) -> Result<Dense, DataError> {
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block("the rows are sparse, and the model accepts dense ones"));
        }
        let mut x = input.into_dense(self.features.n_in())?;
        x.check_finite(Nan::Refused)?;
        for (index, column) in x.columns().iter().enumerate() {
            if let Some(row) = column.iter().position(|it| *it <= -self.skewedness) {
                let text = format!("the value is at most {}, -skewedness", -self.skewedness);
                return Err(DataError::cell(row, index, text));
            }
        }
        x.map_columns(|_, column| column.iter_mut().for_each(|x| *x += self.skewedness));
        x.round();
        x.map_columns(|_, column| column.iter_mut().for_each(|x| *x = x.ln()));
        x.round();
        Ok(x)
    }
}

impl Estimator for SkewedChi2Sampler {
    fn n_features_in(&self) -> usize {
        self.features.n_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.features.apply(Block::Dense(self.logarithms(input)?)),
            _ => Err(unsupported("SkewedChi2Sampler", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.features.n_out())
    }
}
