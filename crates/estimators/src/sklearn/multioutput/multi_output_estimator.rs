//! `MultiOutputClassifier` and `MultiOutputRegressor`: an estimator for each target, each on all columns.
//!
//! | attribute     | shape | meaning                   | since |
//! |---------------|-------|---------------------------|-------|
//! | `estimators_` | list  | one estimator per target  | any   |
//!
//! Output: `predict` gives a column per target, `predict_proba` a matrix per target. Until 0.23 rows with
//! missing values are refused, whatever the estimators take.
//!
//! Source of truth: `_MultiOutputEstimator` in `sklearn/multioutput.py`.

use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Nan, Output,
    ReadError, State, Values, Version, members, unsupported,
};

pub(super) const CLASSIFIER: ClassSpec = ClassSpec {
    paths: &["sklearn.multioutput.MultiOutputClassifier"],
    methods: &[Method::Predict, Method::PredictProba],
    read: |state| Ok(Box::new(MultiOutputEstimator::read(state, Kind::Classifier)?)),
};

pub(super) const REGRESSOR: ClassSpec = ClassSpec {
    paths: &["sklearn.multioutput.MultiOutputRegressor"],
    methods: &[Method::Predict],
    read: |state| Ok(Box::new(MultiOutputEstimator::read(state, Kind::Regressor)?)),
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Classifier,
    Regressor,
}

#[derive(Debug)]
struct MultiOutputEstimator {
    estimators: Vec<Box<dyn Estimator>>,
    n_features: usize,
    /// Labels of each target.
    classes: Vec<Classes>,
    methods: &'static [Method],
    checks_finite: bool,
}

impl MultiOutputEstimator {
    fn read(state: &State<'_>, kind: Kind) -> Result<Self, ReadError> {
        let list = state.get("estimators_")?;
        let estimators = members::read(&list)?;
        members::check_method(&list, &estimators, Method::Predict)?;
        let n_features = members::n_features_in(&list, &estimators)?;
        let classes = match kind {
            Kind::Classifier => classes(&list, &estimators)?,
            Kind::Regressor => Vec::new(),
        };
        let has_proba = estimators.iter().all(|it| it.methods().contains(&Method::PredictProba));
        let methods: &[Method] = match kind {
            Kind::Classifier if has_proba => &[Method::Predict, Method::PredictProba],
            _ => &[Method::Predict],
        };
        let checks_finite = state.version() < Version::new(0, 24);
        Ok(Self { estimators, n_features, classes, methods, checks_finite })
    }

    fn predict(&self, input: &Block) -> Result<Output, DataError> {
        let mut columns = Vec::with_capacity(self.estimators.len());
        for estimator in &self.estimators {
            match estimator.call(Method::Predict, input.clone())? {
                Output::Vector(it) => columns.push(it),
                _ => return Err(DataError::block("a member predicts several values per row")),
            }
        }
        Ok(Output::Columns(alike(columns)))
    }

    fn predict_proba(&self, input: &Block) -> Result<Output, DataError> {
        let of_each = members::matrices(&self.estimators, Method::PredictProba, input)?;
        Ok(Output::PerOutput(of_each))
    }
}

/// One set of labels per target, all of one kind: an array of several kinds would be turned into one.
fn classes(list: &State<'_>, estimators: &[Box<dyn Estimator>]) -> Result<Vec<Classes>, ReadError> {
    let mut all: Vec<Classes> = Vec::with_capacity(estimators.len());
    for (i, estimator) in estimators.iter().enumerate() {
        let [classes] = estimator.classes() else {
            return Err(list.invalid(format!("has a member, [{i}], that has no class labels")));
        };
        if let Some(first) = all.first()
            && std::mem::discriminant(first) != std::mem::discriminant(classes)
        {
            return Err(list.unsupported("has members whose labels differ in kind"));
        }
        all.push(classes.clone());
    }
    Ok(all)
}

/// An array of floats of both precisions is `float64`.
fn alike(columns: Vec<Values>) -> Vec<Values> {
    if columns.iter().all(|it| matches!(it, Values::Float32(_))) {
        return columns;
    }
    let widened = columns.into_iter().map(|it| match it {
        Values::Float32(it) => Values::Float(it.into_iter().map(f64::from).collect()),
        it => it,
    });
    widened.collect()
}

impl Estimator for MultiOutputEstimator {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(&self.estimators)
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this estimator of several targets", method));
        }
        if self.checks_finite {
            match &input {
                Block::Sparse(it) => it.check_finite(Nan::Refused)?,
                other => other.clone().into_numbers()?.check_finite(Nan::Refused)?,
            }
        }
        match method {
            Method::PredictProba => self.predict_proba(&input),
            _ => self.predict(&input),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        members::column_kinds(&self.estimators)
    }

    fn selects_by_name(&self) -> bool {
        members::select_by_name(&self.estimators)
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
