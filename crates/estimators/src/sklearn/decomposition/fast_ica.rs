//! `FastICA`: rows as mixtures of independent sources.
//!
//! | attribute     | shape  | meaning                                          | since |
//! |---------------|--------|--------------------------------------------------|-------|
//! | `components_` | (k, p) | takes rows to sources                            | any   |
//! | `mixing_`     | (p, k) | takes sources to rows                            | any   |
//! | `mean_`       | (p,)   | subtracted and added, if `whiten`                | any   |
//! | `whiten`      | bool or text | `False`, `True`, or (since 1.1) how the sources are scaled, which is in `components_` | any |
//!
//! In 1.1 and 1.2 `_whiten` is what `whiten="warn"` meant.
//!
//! Output: `transform` gives shape (n, k), `inverse_transform` takes that back to (n, p).
//!
//! Source of truth: `FastICA` in `sklearn/decomposition/_fastica.py`.

use object_graph::Kind;

use super::projection::Projection;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, Precision, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.decomposition._fastica.FastICA",
        "sklearn.decomposition.fastica_.FastICA", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(FastIca::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct FastIca {
    mean: Option<Vec<f64>>,
    forward: Projection,
    backward: Projection,
}

impl FastIca {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let components = state.get("components_")?;
        let precision = if is_single(&components) { Precision::Single } else { Precision::Double };
        let forward = Projection::new(components.as_matrix()?, precision);
        let (k, p) = (forward.n_out(), forward.n_in());
        state.n_features_in(p)?;
        let backward = Projection::new(state.matrix_of("mixing_", p, k)?, precision);
        let mean = whitens(state)?.then(|| state.floats_len("mean_", p)).transpose()?;
        Ok(Self { mean, forward, backward })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = input.into_dense(self.forward.n_in())?;
        x.check_finite(Nan::Refused)?;
        if let Some(mean) = &self.mean {
            x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= mean[j]));
            x.round();
        }
        self.forward.apply(Block::Dense(x))
    }

    fn inverse_transform(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = self.backward.apply(input)?;
        if let Some(mean) = &self.mean {
            x.map_columns(|j, column| column.iter_mut().for_each(|x| *x += mean[j]));
            x.round();
        }
        Ok(x)
    }
}

fn whitens(state: &State<'_>) -> Result<bool, ReadError> {
    let whiten = state.optional("_whiten").map_or_else(|| state.get("whiten"), Ok)?;
    match whiten.value().kind() {
        Kind::Bool(it) => Ok(it),
        Kind::Text("arbitrary-variance" | "unit-variance") => Ok(true),
        _ => Err(whiten.unsupported("is not one of its ways of whitening")),
    }
}

impl Estimator for FastIca {
    fn n_features_in(&self) -> usize {
        self.forward.n_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            Method::InverseTransform => self.inverse_transform(input).map(Output::dense),
            _ => Err(unsupported("FastICA", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out())
    }
}
