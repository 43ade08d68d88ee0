//! `AdaBoostRegressor`: the weighted median of what its members predict.
//!
//! | attribute            | shape              | meaning                                         | since |
//! |----------------------|--------------------|-------------------------------------------------|-------|
//! | `estimators_`        | list of regressors | the members                                     | any   |
//! | `estimator_weights_` | (m,) or longer     | theirs, then zeros for those not trained        | any   |
//!
//! Output: `predict` (n,): predictions are sorted, and the first of them is taken up to which the weights add
//! up to half of all or more. Members that predict the same stay in their order; numpy's `argsort` keeps it
//! for up to 16 of them, and another order can only change the rounding of the weights' sums.
//!
//! Source of truth: `AdaBoostRegressor._get_median_predict` in `sklearn/ensemble/_weight_boosting.py`.

use super::finite_input::check_finite_input;
use super::voting_regressor::one_column;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Dtype, Estimator, Method, Output,
    Precision, ReadError, State, members, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._weight_boosting.AdaBoostRegressor",
        "sklearn.ensemble.weight_boosting.AdaBoostRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(AdaBoostRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct AdaBoostRegressor {
    members: Vec<Box<dyn Estimator>>,
    n_features: usize,
    weights: Vec<f64>,
}

impl AdaBoostRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let list = state.get("estimators_")?;
        let members = members::read(&list)?;
        members::check_method(&list, &members, Method::Predict)?;
        let n_features = members::n_features_in(&list, &members)?;
        state.n_features_in(n_features)?;
        let weights = member_weights(state, members.len())?.0;
        Ok(Self { members, n_features, weights })
    }

    fn predict(&self, input: &Block) -> Result<Dense, DataError> {
        let parts = members::matrices(&self.members, Method::Predict, input)?;
        parts.iter().try_for_each(|it| members::check_width(it, 1))?;
        let single = parts.iter().all(|it| it.precision() == Precision::Single);
        let mut order: Vec<usize> = Vec::with_capacity(parts.len());
        let mut median = Vec::with_capacity(input.n_rows());
        for row in 0..input.n_rows() {
            let predicted = |member: usize| parts[member].column(0)[row];
            order.clear();
            order.extend(0..parts.len());
            order.sort_by(|&a, &b| ascending(predicted(a), predicted(b)));
            median.push(predicted(self.middle(&order)));
        }
        let mut dense = Dense::new(input.n_rows(), vec![median])?;
        dense.dtype = if single { Dtype::Float32 } else { Dtype::Float64 };
        Ok(dense)
    }

    /// The first member in `order` up to which the weights add up to at least half of their sum.
    fn middle(&self, order: &[usize]) -> usize {
        let half = 0.5 * order.iter().fold(0.0, |sum, &it| sum + self.weights[it]);
        let mut sum = 0.0;
        let reaches = |&&member: &&usize| {
            sum += self.weights[member];
            sum >= half
        };
        order.iter().find(reaches).or_else(|| order.first()).copied().unwrap_or(0)
    }
}

/// As numpy sorts: NaN last, zeros of both signs equal.
fn ascending(a: f64, b: f64) -> std::cmp::Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// `estimator_weights_` of the members, and the sum of all that is stored.
pub(super) fn member_weights(
    state: &State<'_>,
    n_members: usize,
) -> Result<(Vec<f64>, f64), ReadError> {
    let mut weights = state.floats("estimator_weights_")?;
    let sum = kernels::sum::pairwise_sum(&weights);
    if weights.len() < n_members {
        let text = format!("has {} values for {n_members} estimators", weights.len());
        return Err(state.get("estimator_weights_")?.invalid(text));
    }
    weights.truncate(n_members);
    Ok((weights, sum))
}

impl Estimator for AdaBoostRegressor {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(&self.members)
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("AdaBoostRegressor", method));
        }
        check_finite_input(&input)?;
        self.predict(&input).map(|it| one_column(&it))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        members::column_kinds(&self.members)
    }
}
