//! The estimators of two classes that a classifier of many is made of.
//!
//! | attribute        | shape          | meaning                                                      | since |
//! |------------------|----------------|--------------------------------------------------------------|-------|
//! | `estimators_`    | list or tuple  | classifiers of 0 and 1, or regressors                        | any   |
//! | `.y_`            | (1,)           | of a `_ConstantPredictor`, trained where all rows were alike | any   |
//! | `n_features_in_` | int            | columns, where every estimator is constant                   | 0.24  |
//!
//! A score is the decision, without `decision_function` the probability of 1, and the prediction of a
//! regressor.
//!
//! Source of truth: `_predict_binary`, `_ConstantPredictor` in `sklearn/multiclass.py`.

use crate::{
    Block, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output, ReadError, State,
    members, unsupported,
};

#[derive(Debug)]
pub(super) struct BinaryMembers {
    pub(super) estimators: Vec<Box<dyn Estimator>>,
    pub(super) n_features: usize,
}

impl BinaryMembers {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let list = state.get("estimators_")?;
        let estimators = ReadError::collect(list.as_list()?.iter().map(read_member))?;
        if estimators.is_empty() {
            return Err(list.invalid("has no estimators"));
        }
        let n_features = match members::n_features_in(&list, &estimators)? {
            0 if state.has("n_features_in_") => state.width("n_features_in_")?,
            it => it,
        };
        Ok(Self { estimators, n_features })
    }

    pub(super) fn len(&self) -> usize {
        self.estimators.len()
    }

    /// Whether every member has `method`.
    pub(super) fn have(&self, method: Method) -> bool {
        self.estimators.iter().all(|it| it.methods().contains(&method))
    }

    /// A column of scores per member.
    pub(super) fn scores(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        let scores = self.estimators.iter().map(|it| {
            let of = |method| it.methods().contains(&method);
            if of(Method::DecisionFunction) {
                return column(&**it, Method::DecisionFunction, input, 0);
            }
            if of(Method::PredictProba) {
                return column(&**it, Method::PredictProba, input, 1);
            }
            column(&**it, Method::Predict, input, 0)
        });
        scores.collect()
    }

    /// What each member gives in column `index`.
    pub(super) fn columns(
        &self,
        method: Method,
        input: &Block,
        index: usize,
    ) -> Result<Vec<Vec<f64>>, DataError> {
        self.estimators.iter().map(|it| column(&**it, method, input, index)).collect()
    }

    /// Above which score it is 1: as for the first member.
    pub(super) fn threshold(&self) -> f64 {
        let decides = self.estimators.first().is_some_and(|it| {
            it.methods().contains(&Method::DecisionFunction) && !it.classes().is_empty()
        });
        if decides { 0.0 } else { 0.5 }
    }

    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(&self.estimators)
    }

    pub(super) fn column_kinds(&self) -> Vec<ColumnKind> {
        let mut kinds = members::column_kinds(&self.estimators);
        kinds.resize(self.n_features, ColumnKind::Number);
        kinds
    }

    pub(super) fn select_by_name(&self) -> bool {
        members::select_by_name(&self.estimators)
    }
}

fn read_member(state: &State<'_>) -> Result<Box<dyn Estimator>, ReadError> {
    match state.class().map(|it| it.to_string()).as_deref() {
        Some("sklearn.multiclass._ConstantPredictor") => {
            let value = state.floats_len("y_", 1)?;
            Ok(Box::new(ConstantPredictor { value: value[0] }))
        }
        _ => state.as_estimator(),
    }
}

fn column(
    member: &dyn Estimator,
    method: Method,
    input: &Block,
    index: usize,
) -> Result<Vec<f64>, DataError> {
    let matrix = members::matrix(member, method, input.clone())?;
    match matrix.columns().get(index) {
        Some(it) => Ok(it.to_vec()),
        None => Err(DataError::block(format!("a member's {method} has no column {index}"))),
    }
}

/// The same for every row. It counts as no classifier: it has no `classes_`.
#[derive(Debug)]
struct ConstantPredictor {
    value: f64,
}

impl Estimator for ConstantPredictor {
    fn n_features_in(&self) -> usize {
        0
    }

    fn methods(&self) -> &[Method] {
        &[Method::Predict, Method::PredictProba, Method::DecisionFunction]
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let n_rows = input.n_rows();
        let repeated = |value: f64| vec![value; n_rows];
        match method {
            Method::Predict | Method::DecisionFunction => Ok(Output::floats(repeated(self.value))),
            Method::PredictProba => {
                let columns = vec![repeated(1.0 - self.value), repeated(self.value)];
                Dense::new(n_rows, columns).map(Output::dense)
            }
            _ => Err(unsupported("a constant predictor", method)),
        }
    }
}
