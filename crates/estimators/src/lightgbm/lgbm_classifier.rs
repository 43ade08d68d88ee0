//! `LGBMClassifier`: probabilities of its booster, and the class of the largest.
//!
//! | attribute    | shape          | meaning                                        | since |
//! |--------------|----------------|------------------------------------------------|-------|
//! | `_Booster`   | `Booster`      | see `booster.rs`                               | any   |
//! | `_le`        | `LabelEncoder` | `classes_`: the labels                         | any   |
//! | `_objective` | text           | a function of the user's own would give no probabilities | any |
//!
//! Two classes have one column of predictions, p: their probabilities are 1 - p and p.
//! `decision_function`, which the class has since 4.7, gives the sums of the trees.
//!
//! Source of truth: `LGBMClassifier.predict_proba` in LightGBM's `sklearn.py`.

use super::booster::Booster;
use super::lgbm_regressor::booster;
use crate::sklearn::largest;
use crate::{
    Block, ClassSpec, Classes, ColumnKind, DataError, Dense, Estimator, Method, Output, ReadError,
    State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["lightgbm.sklearn.LGBMClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(LgbmClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::DecisionFunction];

#[derive(Debug)]
struct LgbmClassifier {
    booster: Booster,
    classes: [Classes; 1],
}

impl LgbmClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        if let Some(it) = state.optional("_objective").filter(|it| it.as_text().is_err()) {
            return Err(it.unsupported("is a function, whose predictions are no probabilities"));
        }
        let encoder = state.get("_le")?;
        let classes = encoder.classes("classes_")?;
        let booster = booster(state)?;
        let expected = if classes.len() <= 2 { 1 } else { classes.len() };
        if classes.len() < 2 {
            return Err(encoder.unsupported("knows one class alone"));
        }
        if booster.n_columns() != expected {
            let (found, count) = (booster.n_columns(), classes.len());
            let text = format!("has {found} columns of predictions for {count} classes");
            return Err(state.unsupported(text));
        }
        Ok(Self { booster, classes: [classes] })
    }

    fn probabilities(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut columns = self.booster.predictions(input)?;
        if let [second] = columns.as_slice() {
            columns.insert(0, second.iter().map(|x| 1.0 - x).collect());
        }
        Ok(columns)
    }
}

impl Estimator for LgbmClassifier {
    fn n_features_in(&self) -> usize {
        self.booster.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("LGBMClassifier", method));
        }
        let n_rows = input.n_rows();
        if method == Method::DecisionFunction {
            let mut sums = self.booster.sums(input)?;
            return match sums.len() {
                1 => Ok(Output::floats(sums.pop().unwrap_or_default())),
                _ => Dense::new(n_rows, sums).map(Output::dense),
            };
        }
        let columns = self.probabilities(input)?;
        if method == Method::PredictProba {
            return Dense::new(n_rows, columns).map(Output::dense);
        }
        let mut row = vec![0.0; columns.len()];
        let label = |i: usize| {
            row.iter_mut().zip(&columns).for_each(|(x, column)| *x = column[i]);
            largest(&row)
        };
        let [classes] = &self.classes;
        Ok(Output::Vector(Values::Labels((0..n_rows).map(label).collect(), classes.clone())))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.booster.column_kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.booster.feature_names()
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
