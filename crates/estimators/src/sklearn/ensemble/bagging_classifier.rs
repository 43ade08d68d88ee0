//! `BaggingClassifier`: the mean of its members' class probabilities, or of their votes where they have
//! none.
//!
//! | attribute  | shape | meaning                                                     | since |
//! |------------|-------|-------------------------------------------------------------|-------|
//! | `classes_` | (k,)  | labels; the members know their numbers, perhaps not all     | any   |
//!
//! and those of `bags.rs`.
//!
//! Output: `predict` (n,) labels; `predict_proba` and `predict_log_proba` (n, k); `decision_function` as the
//! members', averaged. The log of probabilities is that of the members' logs (by `logaddexp`) where they have
//! `predict_log_proba`.
//!
//! Source of truth: `BaggingClassifier` in `sklearn/ensemble/_bagging.py`.

use kernels::links::log_add_exp;
use kernels::rows;

use super::bags::Bags;
use super::voting_regressor::one_column;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    ReadError, State, Values, Version, members, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._bagging.BaggingClassifier",
        "sklearn.ensemble.bagging.BaggingClassifier", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(BaggingClassifier::read(state)?)),
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];

#[derive(Debug)]
struct BaggingClassifier {
    bags: Bags,
    classes: Classes,
    /// For each member the class that each of its columns is about.
    places: Vec<Vec<usize>>,
    /// Whether members have `predict_proba`; their predictions are counted if not.
    have_probabilities: bool,
    have_logs: bool,
    methods: Vec<Method>,
}

impl BaggingClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let bags = Bags::read(state)?;
        let classes = state.classes("classes_")?;
        let list = state.get("estimators_")?;
        let places = bags.members.iter().enumerate().map(|(i, member)| {
            let own = member.classes();
            places(own, classes.len()).ok_or_else(|| {
                list.invalid(format!("has a member, [{i}], with classes other than those of all"))
            })
        });
        let places = places.collect::<Result<_, _>>()?;
        let have = |method| bags.members.iter().all(|it| it.methods().contains(&method));
        let (have_probabilities, have_logs) =
            (have(Method::PredictProba), have(Method::PredictLogProba));
        if !have_probabilities {
            let mut members = bags.members.iter();
            if members.any(|it| it.methods().contains(&Method::PredictProba)) {
                return Err(list.wrong("members that all have predict_proba, or none"));
            }
        }
        let decides = have(Method::DecisionFunction) && has_decisions(state);
        let has = |it: &&Method| **it != Method::DecisionFunction || decides;
        let methods = METHODS.iter().filter(has).copied().collect();
        Ok(Self { bags, classes, places, have_probabilities, have_logs, methods })
    }

    fn probabilities(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        let zeros = || vec![vec![0.0; input.n_rows()]; self.classes.len()];
        let mut total = zeros();
        for run in &self.bags.runs {
            let mut sums = zeros();
            for member in run.clone() {
                self.add(member, input, &mut sums)?;
            }
            for (total, sums) in total.iter_mut().zip(sums) {
                total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
            }
        }
        let n_members = self.bags.members.len() as f64;
        total.iter_mut().flatten().for_each(|sum| *sum /= n_members);
        Ok(total)
    }

    /// Adds a member's probabilities, or 1 for the class it predicts.
    fn add(&self, member: usize, input: &Block, sums: &mut [Vec<f64>]) -> Result<(), DataError> {
        if self.have_probabilities {
            let part = self.bags.matrix(member, Method::PredictProba, input)?;
            members::check_width(&part, self.places[member].len())?;
            for (&place, column) in self.places[member].iter().zip(part.columns()) {
                sums[place].iter_mut().zip(column.iter()).for_each(|(sum, x)| *sum += x);
            }
            return Ok(());
        }
        for (row, code) in self.bags.codes(member, input)?.into_iter().enumerate() {
            let sums = usize::try_from(code).ok().and_then(|it| sums.get_mut(it));
            let Some(sums) = sums else {
                let text = format!("a member predicts class number {code}");
                return Err(DataError { row: Some(row), column: None, text });
            };
            sums[row] += 1.0;
        }
        Ok(())
    }

    fn log_probabilities(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        let nothing = || vec![vec![f64::NEG_INFINITY; input.n_rows()]; self.classes.len()];
        let mut total: Option<Vec<Vec<f64>>> = None;
        for run in &self.bags.runs {
            let mut sums = nothing();
            for member in run.clone() {
                let part = self.bags.matrix(member, Method::PredictLogProba, input)?;
                members::check_width(&part, self.places[member].len())?;
                for (&place, column) in self.places[member].iter().zip(part.columns()) {
                    log_add(&mut sums[place], column);
                }
            }
            match &mut total {
                Some(total) => {
                    total.iter_mut().zip(&sums).for_each(|(total, sums)| log_add(total, sums));
                }
                None => total = Some(sums),
            }
        }
        let mut total = total.unwrap_or_default();
        let log = (self.bags.members.len() as f64).ln();
        total.iter_mut().flatten().for_each(|sum| *sum -= log);
        Ok(total)
    }
}

/// Which class each column of a member is about: those of its `classes_`, which are their numbers. A
/// member with as many classes as there are has them in order.
fn places(own: &[Classes], n_classes: usize) -> Option<Vec<usize>> {
    let own = match own {
        [] => return Some((0..n_classes).collect()),
        [only] => only,
        _ => return None,
    };
    if own.len() == n_classes {
        return Some((0..n_classes).collect());
    }
    let numbers: Vec<i64> = match own {
        Classes::Int(it) => it.to_vec(),
        _ => return None,
    };
    let place = |it: i64| usize::try_from(it).ok().filter(|it| *it < n_classes);
    numbers.into_iter().map(place).collect()
}

/// Until 1.0 the estimator given by the user must have `decision_function`; one not given has none.
fn has_decisions(state: &State<'_>) -> bool {
    Version::new(1, 1) <= state.version() || state.has("base_estimator")
}

/// `numpy.logaddexp`, in place.
fn log_add(sums: &mut [f64], with: &[f64]) {
    sums.iter_mut().zip(with).for_each(|(x, &y)| *x = log_add_exp(*x, y));
}

impl Estimator for BaggingClassifier {
    fn n_features_in(&self) -> usize {
        self.bags.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.bags.column_hints()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this BaggingClassifier", method));
        }
        input.check_width(self.bags.n_features)?;
        let columns = match method {
            Method::Predict => {
                let labels = rows::argmax(&self.probabilities(&input)?);
                return Ok(Output::Vector(Values::Labels(labels, self.classes.clone())));
            }
            Method::DecisionFunction => {
                let mean = self.bags.mean(method, &input)?;
                return Ok(if mean.n_cols() == 1 {
                    one_column(&mean)
                } else {
                    Output::dense(mean)
                });
            }
            Method::PredictLogProba if self.have_logs => self.log_probabilities(&input)?,
            _ => self.probabilities(&input)?,
        };
        let mut matrix = Dense::new(input.n_rows(), columns)?;
        if method == Method::PredictLogProba && !self.have_logs {
            matrix.map_columns(|_, column| rows::ln(column));
        }
        Ok(Output::dense(matrix))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.bags.column_kinds()
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
