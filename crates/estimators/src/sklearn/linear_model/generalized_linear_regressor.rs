//! `PoissonRegressor`, `GammaRegressor` and `TweedieRegressor`: the inverse link of a weighted sum.
//!
//! | attribute | shape  | meaning                                                       | since |
//! |-----------|--------|---------------------------------------------------------------|-------|
//! | `link`    | text   | identity, log, or auto (Tweedie alone; the others take log)   | 0.23  |
//! | `power`   | number | decides `link="auto"`: identity up to 0, else log (Tweedie)   | 0.23  |
//!
//! and those of `weighted_sums.rs`.
//!
//! Output: shape (n,).
//!
//! Source of truth: `_GeneralizedLinearRegressor.predict` in `sklearn/linear_model/_glm/glm.py`.

use kernels::exp::exp;

use super::weighted_sums::WeightedSums;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

const METHODS: &[Method] = &[Method::Predict];

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &ClassSpec {
        paths: &["sklearn.linear_model._glm.glm.PoissonRegressor"],
        methods: METHODS,
        read: |state| GeneralizedLinearRegressor::read(state, Link::Log),
    },
    &ClassSpec {
        paths: &["sklearn.linear_model._glm.glm.GammaRegressor"],
        methods: METHODS,
        read: |state| GeneralizedLinearRegressor::read(state, Link::Log),
    },
    &ClassSpec {
        paths: &["sklearn.linear_model._glm.glm.TweedieRegressor"],
        methods: METHODS,
        read: |state| GeneralizedLinearRegressor::read(state, tweedie_link(state)?),
    },
];

#[derive(Debug)]
struct GeneralizedLinearRegressor {
    sums: WeightedSums,
    link: Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Identity,
    Log,
}

impl GeneralizedLinearRegressor {
    fn read(state: &State<'_>, link: Link) -> Result<Box<dyn Estimator>, ReadError> {
        let sums = WeightedSums::read(state)?;
        if sums.n_targets() != 1 {
            return Err(state.get("coef_")?.wrong("one row of weights"));
        }
        Ok(Box::new(Self { sums, link }))
    }
}

fn tweedie_link(state: &State<'_>) -> Result<Link, ReadError> {
    let link = state.get("link")?;
    match link.as_text()? {
        "identity" => Ok(Link::Identity),
        "log" => Ok(Link::Log),
        "auto" if state.float("power")? <= 0.0 => Ok(Link::Identity),
        "auto" => Ok(Link::Log),
        other => Err(link.unsupported(format!("is {other:?}, which is not supported"))),
    }
}

impl Estimator for GeneralizedLinearRegressor {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("a generalized linear regressor", method));
        }
        let scores = self.sums.scores(input)?;
        match self.link {
            Link::Identity => scores.into_output(),
            Link::Log => scores.map(exp).into_output(),
        }
    }
}
