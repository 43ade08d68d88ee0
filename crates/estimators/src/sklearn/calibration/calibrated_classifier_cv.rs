//! `CalibratedClassifierCV`: the mean of the probabilities of calibrated classifiers.
//!
//! | attribute                 | shape | meaning                                                  | since |
//! |---------------------------|-------|----------------------------------------------------------|-------|
//! | `calibrated_classifiers_` | list  | see `calibrated_classifier.rs`; one with `ensemble=False` or `cv="prefit"` | any |
//! | `classes_`                | (k,)  | class labels                                             | any   |
//!
//! Output: `predict_proba` has shape (n, k); `predict` gives the label with the largest.
//!
//! Source of truth: `CalibratedClassifierCV` in `sklearn/calibration.py`.

use kernels::rows;

use super::calibrated_classifier::{CalibratedClassifier, mean};
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    ReadError, State, Values, members, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.calibration.CalibratedClassifierCV"],
    methods: METHODS,
    read: |state| Ok(Box::new(CalibratedClassifierCv::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba];

#[derive(Debug)]
struct CalibratedClassifierCv {
    classifiers: Vec<CalibratedClassifier>,
    classes: Classes,
    n_features: usize,
}

impl CalibratedClassifierCv {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let list = state.get("calibrated_classifiers_")?;
        let read = list.as_list()?;
        let read = read.iter().map(|it| CalibratedClassifier::read(it, &classes));
        let classifiers = ReadError::collect(read)?;
        if classifiers.is_empty() || classes.is_empty() {
            return Err(list.wrong("at least one calibrated classifier, of at least one class"));
        }
        let mut n_features = 0;
        for found in classifiers.iter().map(|it| it.estimator.n_features_in()) {
            if n_features != 0 && found != 0 && found != n_features {
                let text = format!("has classifiers for {n_features} and for {found} columns");
                return Err(list.invalid(text));
            }
            n_features = n_features.max(found);
        }
        Ok(Self { classifiers, classes, n_features })
    }
}

impl Estimator for CalibratedClassifierCv {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(self.classifiers.iter().map(|it| &it.estimator))
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("CalibratedClassifierCV", method));
        }
        let probabilities = mean(&self.classifiers, &input, self.classes.len())?;
        if method == Method::PredictProba {
            return Ok(Output::dense(probabilities));
        }
        let columns: Vec<Vec<f64>> = probabilities.columns().iter().map(|it| it.to_vec()).collect();
        Ok(Output::Vector(Values::Labels(rows::argmax(&columns), self.classes.clone())))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        members::column_kinds(self.classifiers.iter().map(|it| &it.estimator))
    }

    fn blanks_are_underscores(&self) -> bool {
        self.classifiers.iter().any(|it| it.estimator.blanks_are_underscores())
    }

    fn selects_by_name(&self) -> bool {
        self.classifiers.iter().all(|it| it.estimator.selects_by_name())
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
