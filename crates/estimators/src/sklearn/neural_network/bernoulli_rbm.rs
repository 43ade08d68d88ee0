//! `BernoulliRBM`: how likely each hidden unit of a restricted Boltzmann machine is to be on.
//!
//! | attribute           | shape  | meaning                                   | since |
//! |---------------------|--------|-------------------------------------------|-------|
//! | `components_`       | (k, p) | weights of the visible units, by hidden unit | any |
//! | `intercept_hidden_` | (k,)   | added to the weighted sums                | any   |
//!
//! Output: `expit(X @ components_.T + intercept_hidden_)`. Sums are in column order, see
//! `linear_model/weighted_sums.rs`. `score_samples` is left out: it changes a cell of each row that is drawn
//! at random by the row's place among the rows of the call.
//!
//! Source of truth: `BernoulliRBM.transform` in `sklearn/neural_network/_rbm.py`.

use kernels::rows;

use crate::sklearn::linear_model::weighted_sums::WeightedSums;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neural_network._rbm.BernoulliRBM",
        "sklearn.neural_network.rbm.BernoulliRBM", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(BernoulliRbm::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct BernoulliRbm {
    sums: WeightedSums,
}

impl BernoulliRbm {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let components = state.matrix("components_")?;
        if components.n_rows == 0 {
            return Err(state.get("components_")?.wrong("at least one hidden unit"));
        }
        state.n_features_in(components.n_cols)?;
        let intercept = state.floats_len("intercept_hidden_", components.n_rows)?;
        Ok(Self { sums: WeightedSums::new(components, intercept) })
    }
}

impl Estimator for BernoulliRbm {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("BernoulliRBM", method));
        }
        self.sums.scores(input)?.map(rows::expit).into_matrix()
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.sums.n_targets())
    }
}
