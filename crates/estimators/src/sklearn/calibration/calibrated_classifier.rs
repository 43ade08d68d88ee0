//! One classifier of a `CalibratedClassifierCV`, and the functions that calibrate its scores.
//!
//! | attribute     | shape     | meaning                                              | since |
//! |---------------|-----------|------------------------------------------------------|-------|
//! | `estimator`   | estimator | the classifier                                       | 1.2 (`base_estimator` until then)   |
//! | `calibrators` | list      | one function per class; one for two classes          | 0.24 (`calibrators_` until then)    |
//! | `classes`     | (k,)      | all labels; the classifier may know some only        | 0.24 (`classes_` until then)        |
//! | `method`      | text      | sigmoid, isotonic, temperature (1.8)                 | any   |
//!
//! Scores are the classifier's decisions, or probabilities if it has no `decision_function`; of two classes
//! those of the second. Probabilities of several classes are divided by their sum; where that is 0, all are
//! equal (before 1.0 wherever a probability was NaN, that one alone).
//!
//! Temperature: the classifier knows the numbers of the labels where these are texts. Python looks at the scores of all rows at once to tell probabilities from decisions. Here
//! the method that gave them tells.
//!
//! Source of truth: `_CalibratedClassifier` in `sklearn/calibration.py`.

use kernels::rows;

use super::calibrator::{Calibrator, Temperature};
use crate::members::{label_places, matrix};
use crate::{Block, Classes, DataError, Dense, Estimator, Method, ReadError, State, Version};

#[derive(Debug)]
pub(super) struct CalibratedClassifier {
    pub(super) estimator: Box<dyn Estimator>,
    scores: Method,
    two_known: bool,
    n_classes: usize,
    calibration: Calibration,
    nan_becomes_uniform: bool,
}

#[derive(Debug)]
enum Calibration {
    /// The class each function is for, and the function.
    PerClass(Vec<(usize, Calibrator)>),
    Together(Temperature),
}

impl CalibratedClassifier {
    pub(super) fn read(state: &State<'_>, classes: &Classes) -> Result<Self, ReadError> {
        let name = if state.has("estimator") { "estimator" } else { "base_estimator" };
        let given = state.get(name)?;
        let estimator = given.as_estimator()?;
        let scores = score_method(&given, &*estimator)?;
        let [known] = estimator.classes() else {
            return Err(given.wrong("a classifier of one output"));
        };
        let n_known = known.len();
        let name = if state.has("calibrators") { "calibrators" } else { "calibrators_" };
        let calibrators = state.list(name)?;
        let calibration = match (state.text("method")?, calibrators.as_slice()) {
            ("temperature", [only]) => Calibration::Together(Temperature::read(only)?),
            ("sigmoid" | "isotonic", all) => {
                let places = known_places(&given, known, classes)?;
                let all = ReadError::collect(all.iter().map(Calibrator::read))?;
                Calibration::PerClass(with_classes(state, &places, all, classes.len())?)
            }
            _ => return Err(state.get("method")?.unsupported("is no method of calibration")),
        };
        // Since 1.4 the classifier's own classes count.
        let of_own = Version::new(1, 4) <= state.version();
        Ok(Self {
            two_known: if of_own { n_known } else { classes.len() } == 2,
            scores,
            estimator,
            n_classes: classes.len(),
            calibration,
            nan_becomes_uniform: state.version() < Version::new(1, 0),
        })
    }

    /// A column of probabilities for each class.
    pub(super) fn predict_proba(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let scores = self.scores(input)?;
        let n_rows = scores.first().map_or(0, Vec::len);
        let mut probabilities = match &self.calibration {
            Calibration::PerClass(calibrators) => self.per_class(&scores, calibrators, n_rows)?,
            Calibration::Together(it) if self.scores == Method::PredictProba => {
                it.of_probabilities(scores)
            }
            Calibration::Together(it) => it.of_decisions(scores),
        };
        if probabilities.len() != self.n_classes {
            let (found, expected) = (probabilities.len(), self.n_classes);
            let text = format!("a classifier gives scores of {found} classes, not of {expected}");
            return Err(DataError::block(text));
        }
        let above_one = |p: f64| 1.0 < p && p <= 1.0 + 1e-5;
        for p in probabilities.iter_mut().flatten().filter(|p| above_one(**p)) {
            *p = 1.0;
        }
        Ok(probabilities)
    }

    fn scores(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let scores = matrix(&*self.estimator, self.scores, input)?;
        let first = usize::from(self.scores == Method::PredictProba && self.two_known);
        let columns = scores.columns().iter().skip(first);
        Ok(columns.map(|it| it.to_vec()).collect())
    }

    fn per_class(
        &self,
        scores: &[Vec<f64>],
        calibrators: &[(usize, Calibrator)],
        n_rows: usize,
    ) -> Result<Vec<Vec<f64>>, DataError> {
        let mut probabilities = vec![vec![0.0; n_rows]; self.n_classes];
        for (scores, (class, calibrator)) in scores.iter().zip(calibrators) {
            probabilities[*class] = calibrator.probabilities(scores)?;
        }
        if let [first, second] = probabilities.as_mut_slice() {
            first.iter_mut().zip(second).for_each(|(first, second)| *first = 1.0 - *second);
        } else {
            let totals = rows::sums(&probabilities);
            rows::divide(&mut probabilities, &totals);
            self.fill_zero_rows(&mut probabilities, &totals);
        }
        if self.nan_becomes_uniform {
            let uniform = 1.0 / self.n_classes as f64;
            probabilities.iter_mut().flatten().filter(|p| p.is_nan()).for_each(|p| *p = uniform);
        }
        Ok(probabilities)
    }

    fn fill_zero_rows(&self, probabilities: &mut [Vec<f64>], totals: &[f64]) {
        let uniform = 1.0 / self.n_classes as f64;
        for column in probabilities {
            let zero = column.iter_mut().zip(totals).filter(|(_, total)| **total == 0.0);
            zero.for_each(|(p, _)| *p = uniform);
        }
    }
}

/// Where the classes that the classifier knows stand among all.
fn known_places(
    given: &State<'_>,
    known: &Classes,
    classes: &Classes,
) -> Result<Vec<usize>, ReadError> {
    let places = label_places(known, classes);
    let places: Option<Vec<usize>> = places.into_iter().map(|it| Some(it? as usize)).collect();
    places.ok_or_else(|| given.invalid("knows classes that the calibrated classifier does not"))
}

/// Each function with the class it is for: in the order of the classes known, of two classes the second.
fn with_classes(
    state: &State<'_>,
    places: &[usize],
    calibrators: Vec<Calibrator>,
    n_classes: usize,
) -> Result<Vec<(usize, Calibrator)>, ReadError> {
    let later = usize::from(n_classes == 2);
    let placed: Vec<_> = places.iter().map(|it| it + later).zip(calibrators).collect();
    match placed.iter().all(|(class, _)| *class < n_classes) && !placed.is_empty() {
        true => Ok(placed),
        false => Err(state.invalid("has calibrators for classes that are not there")),
    }
}

/// `decision_function` if the classifier has it, else `predict_proba`.
fn score_method(given: &State<'_>, estimator: &dyn Estimator) -> Result<Method, ReadError> {
    let methods = estimator.methods();
    if methods.contains(&Method::DecisionFunction) {
        return Ok(Method::DecisionFunction);
    }
    // Python's decision_function of these depends on the other rows (see svc.rs).
    if final_class(given).is_some_and(|it| matches!(it, "SVC" | "NuSVC")) {
        return Err(given.unsupported("is a support vector machine without supported decisions"));
    }
    if methods.contains(&Method::PredictProba) {
        return Ok(Method::PredictProba);
    }
    Err(given.wrong("a classifier with decision_function or predict_proba"))
}

/// The class that answers for a pipeline or a search, or the estimator's own.
fn final_class<'g>(given: &State<'g>) -> Option<&'g str> {
    let mut at = given.clone();
    for _ in 0..64 {
        let next = at.optional("best_estimator_");
        at = match next.or_else(|| at.list("steps").ok()?.last()?.as_list().ok()?.get(1).cloned()) {
            Some(it) => it,
            None => return at.class().map(|it| it.name),
        };
    }
    None
}

/// The mean of the classifiers' probabilities: zeros, each added in turn, divided by their number.
pub(super) fn mean(
    classifiers: &[CalibratedClassifier],
    input: &Block,
    n_classes: usize,
) -> Result<Dense, DataError> {
    let n_rows = input.n_rows();
    let mut sums = vec![vec![0.0; n_rows]; n_classes];
    for classifier in classifiers {
        let probabilities = classifier.predict_proba(input.clone())?;
        for (sums, column) in sums.iter_mut().zip(&probabilities) {
            sums.iter_mut().zip(column).for_each(|(sum, p)| *sum += p);
        }
    }
    let count = classifiers.len() as f64;
    sums.iter_mut().flatten().for_each(|sum| *sum /= count);
    Dense::new(n_rows, sums)
}
