//! `FixedThresholdClassifier` and `TunedThresholdClassifierCV`: one of two classes by a bound on its score.
//!
//! | attribute         | shape            | meaning                                                    | since |
//! |-------------------|------------------|------------------------------------------------------------|-------|
//! | `estimator_`      | classifier       | gives the scores                                           | 1.5   |
//! | `estimator`       | classifier       | the same where it came trained and `fit` was not called    | 1.6   |
//! | `response_method` | text             | `predict_proba`, `decision_function`, auto: the first it has | 1.5 |
//! | `threshold`       | float or auto    | fixed: the bound; auto: 0.5 of probabilities, 0 of decisions | 1.5 |
//! | `pos_label`       | label or None    | fixed: the class that is scored; None: the second          | 1.5   |
//! | `best_threshold_` | float            | tuned: the bound                                           | 1.5   |
//! | `_curve_scorer`   | scorer           | tuned: its `pos_label`, or the default of its function's   | 1.5   |
//!
//! `predict` gives the scored class where the score is at least the bound, else the other; a decision for
//! the first class is the negated one. All other methods are the classifier's own.
//!
//! Source of truth: `sklearn/model_selection/_classification_threshold.py`,
//! `_threshold_scores_to_class_labels` and `_BaseScorer._get_pos_label` in `sklearn/metrics/_scorer.py`.

use object_graph::Kind;

use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    Precision, ReadError, State, Values, members, unsupported,
};

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec {
        paths,
        methods: METHODS,
        read: |state| Ok(Box::new(ThresholdClassifier::read(state)?)),
    }
}

pub(super) const FIXED: ClassSpec =
    class(&["sklearn.model_selection._classification_threshold.FixedThresholdClassifier"]);
pub(super) const TUNED: ClassSpec =
    class(&["sklearn.model_selection._classification_threshold.TunedThresholdClassifierCV"]);

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];

/// Scores in scikit-learn whose `pos_label` is 1 if it is not given.
const OF_LABEL_ONE: &[&str] = &[
    "average_precision_score",
    "f1_score",
    "fbeta_score",
    "jaccard_score",
    "precision_score",
    "recall_score",
];

#[derive(Debug)]
struct ThresholdClassifier {
    estimator: Box<dyn Estimator>,
    methods: Vec<Method>,
    classes: Classes,
    response: Method,
    threshold: f64,
    /// Whether the bound becomes a `float32` beside `float32` scores, as a number of Python's does.
    threshold_is_weak: bool,
    /// The class that is scored, and which class is predicted for scores below and from the bound.
    scored: usize,
    labels: [u32; 2],
}

impl ThresholdClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let name = if state.has("estimator_") { "estimator_" } else { "estimator" };
        let estimator = state.estimator(name)?;
        let classes = match estimator.classes() {
            [classes] if classes.len() == 2 => classes.clone(),
            _ => return Err(state.get(name)?.wrong("a classifier of two classes")),
        };
        let has = |it: &&Method| **it == Method::Predict || estimator.methods().contains(it);
        let methods: Vec<Method> = METHODS.iter().filter(has).copied().collect();
        let response = response(state, &methods)?;
        let is_fixed = state.class().is_some_and(|it| it.name == "FixedThresholdClassifier");
        let (threshold, label) = if is_fixed {
            (fixed_threshold(state, response)?, fixed_label(state, &classes)?)
        } else {
            (state.float("best_threshold_")?, scorer_label(state, &classes)?)
        };
        let scored = label.unwrap_or(1);
        let labels = if scored == 0 { [1, 0] } else { [0, 1] };
        let threshold_is_weak = is_fixed;
        Ok(Self {
            estimator,
            methods,
            classes,
            response,
            threshold,
            threshold_is_weak,
            scored,
            labels,
        })
    }

    fn predict(&self, input: Block) -> Result<Output, DataError> {
        let scores = members::matrix(&*self.estimator, self.response, input)?;
        let of_decisions = self.response == Method::DecisionFunction;
        members::check_width(&scores, if of_decisions { 1 } else { 2 })?;
        let column = if of_decisions { 0 } else { self.scored };
        let sign = if of_decisions && self.scored == 0 { -1.0 } else { 1.0 };
        let threshold = self.threshold(&scores);
        let label = |score: &f64| self.labels[usize::from(sign * score >= threshold)];
        let codes = scores.column(column).iter().map(label).collect();
        Ok(Output::Vector(Values::Labels(codes, self.classes.clone())))
    }

    fn threshold(&self, scores: &Dense) -> f64 {
        match scores.precision() {
            Precision::Single if self.threshold_is_weak => f64::from(self.threshold as f32),
            _ => self.threshold,
        }
    }
}

/// The method that gives the scores.
fn response(state: &State<'_>, methods: &[Method]) -> Result<Method, ReadError> {
    let both = [Method::PredictProba, Method::DecisionFunction];
    let name = state.text("response_method")?;
    let asked = Method::parse(name).filter(|it| both.contains(it));
    let found = match asked {
        Some(it) => methods.contains(&it).then_some(it),
        None if name == "auto" => both.into_iter().find(|it| methods.contains(it)),
        None => {
            return Err(state.get("response_method")?.unsupported(format!("is {name:?}")));
        }
    };
    let text = || format!("is {name:?}, but the classifier has no such method");
    found.ok_or_else(|| state.invalid(text()))
}

fn fixed_threshold(state: &State<'_>, response: Method) -> Result<f64, ReadError> {
    let threshold = state.get("threshold")?;
    match threshold.value().as_str() {
        Some("auto") => Ok(if response == Method::PredictProba { 0.5 } else { 0.0 }),
        Some(other) => Err(threshold.unsupported(format!("is {other:?}"))),
        None => threshold.as_float(),
    }
}

fn fixed_label(state: &State<'_>, classes: &Classes) -> Result<Option<usize>, ReadError> {
    state.optional("pos_label").map(|it| label_place(&it, classes)).transpose()
}

/// `_get_pos_label`: what the scorer was given, or what its function takes if nothing is given.
fn scorer_label(state: &State<'_>, classes: &Classes) -> Result<Option<usize>, ReadError> {
    let scorer = state.get("_curve_scorer")?;
    let given = scorer.get("_kwargs")?;
    if let Some(label) = given.value().get("pos_label") {
        let label = given.step(label, "[\"pos_label\"]");
        return match label.value().is_none() {
            true => Ok(None),
            false => label_place(&label, classes).map(Some),
        };
    }
    let function = scorer.get("_score_func")?;
    match function.value().kind() {
        Kind::Class(it) if !it.module.starts_with("sklearn.metrics.") => Err(function.unsupported(
            format!("is {}.{}: whether it has a pos_label is not known", it.module, it.name),
        )),
        Kind::Class(it) if OF_LABEL_ONE.contains(&it.name) => {
            let one = members::label_places(&Classes::Int([1].into()), classes);
            match one.as_slice() {
                [Some(place)] => Ok(Some(*place as usize)),
                _ => Err(function.invalid("scores the label 1, which is not one of the classes")),
            }
        }
        Kind::Class(_) => Ok(None),
        _ => Err(function.unsupported("is not a function of scikit-learn's")),
    }
}

/// Where a label stands in the classes.
fn label_place(label: &State<'_>, classes: &Classes) -> Result<usize, ReadError> {
    let value = label.value();
    let own = if let Some(it) = value.as_str() {
        Classes::Text([it.to_owned()].into())
    } else if let Some(it) = value.as_bool() {
        Classes::Bool([it].into())
    } else {
        Classes::Float([label.as_float()?].into())
    };
    match members::label_places(&own, classes).as_slice() {
        [Some(place)] => Ok(*place as usize),
        _ => Err(label.invalid("is not one of the classes")),
    }
}

impl Estimator for ThresholdClassifier {
    fn n_features_in(&self) -> usize {
        self.estimator.n_features_in()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.estimator.column_hints()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this threshold classifier", method));
        }
        match method {
            Method::Predict => self.predict(input),
            _ => self.estimator.call(method, input),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.estimator.column_kinds()
    }

    fn selects_by_name(&self) -> bool {
        self.estimator.selects_by_name()
    }

    fn classes(&self) -> &[Classes] {
        self.estimator.classes()
    }
}
