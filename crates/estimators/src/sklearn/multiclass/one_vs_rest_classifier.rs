//! `OneVsRestClassifier`: for each class an estimator that tells it from the others.
//!
//! | attribute                   | shape | meaning                                                 | since |
//! |-----------------------------|-------|---------------------------------------------------------|-------|
//! | `estimators_`               | list  | see `binary_members.rs`; one for two classes            | any   |
//! | `label_binarizer_.classes_` | (k,)  | class labels                                            | any   |
//! | `label_binarizer_.y_type_`  | text  | `multiclass`, `binary`, or several labels a row: `multilabel-indicator` | any |
//!
//! Output: `predict` gives the label with the largest score: the last of equal ones until 1.7, the first
//! since 1.8. With several labels a row it gives 0 or 1 for each. `predict_proba` has shape (n, k), divided
//! by its sum (a row of zeros is NaN until 1.6) unless there are several labels a row. `decision_function`
//! has shape (n, k), or (n,) for one estimator.
//!
//! Source of truth: `OneVsRestClassifier` in `sklearn/multiclass.py`.

use kernels::rows;

use super::binary_members::BinaryMembers;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    ReadError, State, Values, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.multiclass.OneVsRestClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(OneVsRestClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::DecisionFunction];

#[derive(Debug)]
struct OneVsRestClassifier {
    members: BinaryMembers,
    classes: Classes,
    targets: Targets,
    version: Version,
    methods: Vec<Method>,
}

/// What it was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Targets {
    Binary,
    Multiclass,
    Multilabel,
}

impl OneVsRestClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let binarizer = state.get("label_binarizer_")?;
        let targets = match binarizer.text("y_type_")? {
            "binary" => Targets::Binary,
            "multiclass" => Targets::Multiclass,
            "multilabel-indicator" => Targets::Multilabel,
            it => return Err(binarizer.get("y_type_")?.unsupported(format!("is {it:?}"))),
        };
        let classes = binarizer.classes("classes_")?;
        let members = BinaryMembers::read(state)?;
        let expected = if targets == Targets::Binary { 1 } else { classes.len() };
        if classes.is_empty() || members.len() != expected {
            let text = format!("has {} estimators for {} classes", members.len(), classes.len());
            return Err(state.get("estimators_")?.invalid(text));
        }
        let has = |it: &&Method| **it == Method::Predict || members.have(**it);
        let methods = METHODS.iter().filter(has).copied().collect();
        Ok(Self { members, classes, targets, version: state.version(), methods })
    }

    fn predict(&self, input: &Block) -> Result<Output, DataError> {
        let scores = self.members.scores(input)?;
        let threshold = self.members.threshold();
        let is_one = |scores: &Vec<f64>| scores.iter().map(|x| threshold < *x).collect();
        let labels = match self.targets {
            Targets::Multiclass => self.largest(&scores, input.n_rows()),
            Targets::Binary => {
                let last = self.classes.len() as u32 - 1;
                let ones: Vec<bool> = scores.first().map(is_one).unwrap_or_default();
                ones.into_iter().map(|it| u32::from(it).min(last)).collect()
            }
            Targets::Multilabel => {
                let whole =
                    |ones: Vec<bool>| Values::Int(ones.into_iter().map(i64::from).collect());
                return Ok(Output::Columns(scores.iter().map(is_one).map(whole).collect()));
            }
        };
        Ok(Output::Vector(Values::Labels(labels, self.classes.clone())))
    }

    /// The class of the largest score; once a score is NaN, no later one counts.
    fn largest(&self, scores: &[Vec<f64>], n_rows: usize) -> Vec<u32> {
        let mut maxima = vec![f64::NEG_INFINITY; n_rows];
        let mut labels = vec![0; n_rows];
        let mut look = |class: u32, scores: &[f64]| {
            for ((max, label), &score) in maxima.iter_mut().zip(&mut labels).zip(scores) {
                if *max <= score {
                    *label = class;
                }
                if *max < score || score.is_nan() {
                    *max = score;
                }
            }
        };
        let in_order = (0..).zip(scores);
        match self.version < Version::new(1, 8) {
            true => in_order.for_each(|(class, scores)| look(class, scores)),
            false => {
                let numbered: Vec<(u32, &Vec<f64>)> = in_order.collect();
                numbered.into_iter().rev().for_each(|(class, scores)| look(class, scores));
            }
        }
        labels
    }

    fn predict_proba(&self, input: &Block) -> Result<Output, DataError> {
        let mut columns = self.members.columns(Method::PredictProba, input, 1)?;
        if let [only] = columns.as_slice() {
            let other = only.iter().map(|p| 1.0 - p).collect();
            columns.insert(0, other);
        }
        if self.targets != Targets::Multilabel {
            let mut totals = rows::sums_in_column_order(&columns);
            if Version::new(1, 7) <= self.version {
                totals.iter_mut().filter(|it| **it == 0.0).for_each(|it| *it = 1.0);
            }
            rows::divide(&mut columns, &totals);
        }
        Dense::new(input.n_rows(), columns).map(Output::dense)
    }

    fn decision_function(&self, input: &Block) -> Result<Output, DataError> {
        let mut columns = self.members.columns(Method::DecisionFunction, input, 0)?;
        match (columns.len(), columns.pop()) {
            (1, Some(only)) => Ok(Output::floats(only)),
            (_, last) => {
                columns.extend(last);
                Dense::new(input.n_rows(), columns).map(Output::dense)
            }
        }
    }
}

impl Estimator for OneVsRestClassifier {
    fn n_features_in(&self) -> usize {
        self.members.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.members.column_hints()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.predict(&input),
            Method::PredictProba if self.methods.contains(&method) => self.predict_proba(&input),
            Method::DecisionFunction if self.methods.contains(&method) => {
                self.decision_function(&input)
            }
            _ => Err(unsupported("this OneVsRestClassifier", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.members.column_kinds()
    }

    fn selects_by_name(&self) -> bool {
        self.members.select_by_name()
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
