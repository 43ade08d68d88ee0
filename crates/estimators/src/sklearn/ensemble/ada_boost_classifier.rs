//! `AdaBoostClassifier`: members vote with weights (SAMME) or by the logs of their probabilities (SAMME.R).
//!
//! | attribute            | shape               | meaning                                              | since |
//! |----------------------|---------------------|------------------------------------------------------|-------|
//! | `estimators_`        | list of classifiers | the members, trained on the labels themselves        | any   |
//! | `estimator_weights_` | (m,) or longer      | theirs, then zeros for those not trained             | any   |
//! | `classes_`           | (k,)                | the labels                                           | any   |
//! | `algorithm`          | text                | SAMME or SAMME.R (until 1.5); `deprecated` is SAMME  | until 1.7 |
//!
//! `decision_function` is a sum over the members, divided by the sum of the weights: SAMME adds the weight to
//! the predicted class and, since 1.3, -1/(k - 1) of it to each other one; SAMME.R adds
//! `(k - 1) * (log p - mean log p)`, p being at least the smallest difference from 1. Of two classes the result
//! is the second's sum less the first's, shape (n,).
//!
//! `predict_proba` is since 0.22 the softmax of the decisions / (k - 1), before it
//! `exp(sum / (k - 1))` divided by the row's sum, and SAMME summed probabilities for it, not votes.
//!
//! Source of truth: `AdaBoostClassifier` in `sklearn/ensemble/_weight_boosting.py`.

use kernels::exp::exp;
use kernels::rows;

use super::ada_boost_regressor::member_weights;
use super::finite_input::check_finite_input;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    Precision, ReadError, State, Values, Version, members, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._weight_boosting.AdaBoostClassifier",
        "sklearn.ensemble.weight_boosting.AdaBoostClassifier", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(AdaBoostClassifier::read(state)?)),
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];
const WITHOUT_PROBABILITIES: &[Method] = &[Method::Predict, Method::DecisionFunction];

#[derive(Debug)]
struct AdaBoostClassifier {
    members: Vec<Box<dyn Estimator>>,
    n_features: usize,
    weights: Vec<f64>,
    weight_sum: f64,
    classes: Classes,
    algorithm: Algorithm,
    probabilities: Probabilities,
    methods: &'static [Method],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    /// SAMME.R
    Logs,
    /// SAMME until 1.2: 0 for the classes not predicted.
    Votes,
    /// SAMME since 1.3; until 1.5 it fails for a single class.
    VotesAgainst { of_one_class: bool },
}

/// What `predict_proba` is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probabilities {
    /// Until 0.21.
    Own,
    /// Since 0.22.
    Decisions,
}

impl AdaBoostClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let list = state.get("estimators_")?;
        let members = members::read(&list)?;
        let n_features = members::n_features_in(&list, &members)?;
        state.n_features_in(n_features)?;
        let (weights, weight_sum) = member_weights(state, members.len())?;
        let algorithm = Algorithm::read(state)?;
        let needed =
            if algorithm == Algorithm::Logs { Method::PredictProba } else { Method::Predict };
        members::check_method(&list, &members, needed)?;
        let own = state.version() < Version::new(0, 22);
        let probabilities = if own { Probabilities::Own } else { Probabilities::Decisions };
        let have = members.iter().all(|it| it.methods().contains(&Method::PredictProba));
        let methods = if own && !have { WITHOUT_PROBABILITIES } else { METHODS };
        Ok(Self {
            members,
            n_features,
            weights,
            weight_sum,
            classes,
            algorithm,
            probabilities,
            methods,
        })
    }

    /// A sum over the members for each class, divided by the sum of the weights.
    fn sums(&self, input: &Block, algorithm: Algorithm) -> Result<Vec<Vec<f64>>, DataError> {
        let mut sums = vec![vec![0.0; input.n_rows()]; self.classes.len()];
        for (member, &weight) in self.members.iter().zip(&self.weights) {
            match algorithm {
                Algorithm::Logs => self.add_logs(&**member, input, &mut sums)?,
                _ => self.add_votes(&**member, input, weight, &mut sums)?,
            }
        }
        sums.iter_mut().flatten().for_each(|sum| *sum /= self.weight_sum);
        Ok(sums)
    }

    fn add_votes(
        &self,
        member: &dyn Estimator,
        input: &Block,
        weight: f64,
        sums: &mut [Vec<f64>],
    ) -> Result<(), DataError> {
        let against = match self.algorithm {
            Algorithm::VotesAgainst { .. } => -1.0 / (self.classes.len() as f64 - 1.0) * weight,
            _ => 0.0,
        };
        let predicted = members::label_codes(member, input.clone(), &self.classes)?;
        for (class, sums) in sums.iter_mut().enumerate() {
            for (sum, code) in sums.iter_mut().zip(&predicted) {
                *sum += if *code == Some(class as u32) { weight } else { against };
            }
        }
        Ok(())
    }

    /// `_samme_proba`
    fn add_logs(
        &self,
        member: &dyn Estimator,
        input: &Block,
        sums: &mut [Vec<f64>],
    ) -> Result<(), DataError> {
        let n_classes = sums.len() as f64;
        let part = self.member_probabilities(member, input)?;
        let smallest = match part.precision() {
            Precision::Double => f64::EPSILON,
            Precision::Single => f64::from(f32::EPSILON),
        };
        let log = |column: &[f64]| {
            column.iter().map(|&p| if p < smallest { smallest } else { p }.ln()).collect()
        };
        let logs: Vec<Vec<f64>> = part.slices().into_iter().map(log).collect();
        let totals = rows::sums(&logs);
        for (sums, logs) in sums.iter_mut().zip(&logs) {
            for ((sum, log), total) in sums.iter_mut().zip(logs).zip(&totals) {
                *sum += (n_classes - 1.0) * (log - 1.0 / n_classes * total);
            }
        }
        Ok(())
    }

    fn member_probabilities(
        &self,
        member: &dyn Estimator,
        input: &Block,
    ) -> Result<Dense, DataError> {
        let part = members::matrix(member, Method::PredictProba, input.clone())?;
        members::check_width(&part, self.classes.len())?;
        Ok(part)
    }

    /// One column if there are two classes.
    fn decisions(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        if self.classes.len() == 1
            && let Algorithm::VotesAgainst { of_one_class } = self.algorithm
        {
            let text = "scikit-learn 1.3 to 1.5 cannot decide about a single class";
            let zeros = || vec![vec![0.0; input.n_rows()]];
            return if of_one_class { Ok(zeros()) } else { Err(DataError::block(text)) };
        }
        let mut sums = self.sums(input, self.algorithm)?;
        if let [first, second] = sums.as_mut_slice() {
            second.iter_mut().zip(first).for_each(|(second, first)| *second += -*first);
            sums.remove(0);
        }
        Ok(sums)
    }

    fn predict(&self, input: &Block) -> Result<Output, DataError> {
        let decisions = self.decisions(input)?;
        let codes = match decisions.as_slice() {
            [only] if self.classes.len() == 2 => only.iter().map(|&x| u32::from(x > 0.0)).collect(),
            all => rows::argmax(all),
        };
        Ok(Output::Vector(Values::Labels(codes, self.classes.clone())))
    }

    fn probabilities(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        if self.classes.len() == 1 {
            return Ok(vec![vec![1.0; input.n_rows()]]);
        }
        match self.probabilities {
            Probabilities::Own => self.own_probabilities(input),
            Probabilities::Decisions => self.softmax(input),
        }
    }

    /// `predict_proba` since 0.22. What SAMME sums lies by columns in numpy, so its rows are added in the
    /// order of the classes.
    fn softmax(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut columns = self.decisions(input)?;
        if let [only] = columns.as_slice() {
            let negated = only.iter().map(|x| -x / 2.0).collect();
            let half = only.iter().map(|x| x / 2.0).collect();
            columns = vec![negated, half];
        } else {
            let divisor = self.classes.len() as f64 - 1.0;
            columns.iter_mut().flatten().for_each(|x| *x /= divisor);
        }
        let largest = rows::max(&columns);
        for column in &mut columns {
            column.iter_mut().zip(&largest).for_each(|(x, max)| *x -= max);
            exp(column);
        }
        let totals = match self.algorithm {
            Algorithm::Logs => rows::sums(&columns),
            _ => rows::sums_in_column_order(&columns),
        };
        rows::divide(&mut columns, &totals);
        Ok(columns)
    }

    /// `predict_proba` until 0.21.
    fn own_probabilities(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut columns = match self.algorithm {
            Algorithm::Logs => self.sums(input, Algorithm::Logs)?,
            _ => self.weighted_probabilities(input)?,
        };
        let factor = 1.0 / (self.classes.len() as f64 - 1.0);
        for column in &mut columns {
            column.iter_mut().for_each(|x| *x *= factor);
            exp(column);
        }
        let mut totals = rows::sums(&columns);
        totals.iter_mut().filter(|it| **it == 0.0).for_each(|it| *it = 1.0);
        rows::divide(&mut columns, &totals);
        Ok(columns)
    }

    fn weighted_probabilities(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut sums = vec![vec![0.0; input.n_rows()]; self.classes.len()];
        for (member, &weight) in self.members.iter().zip(&self.weights) {
            let part = self.member_probabilities(&**member, input)?;
            for (sums, column) in sums.iter_mut().zip(part.columns()) {
                sums.iter_mut().zip(column.iter()).for_each(|(sum, x)| *sum += x * weight);
            }
        }
        sums.iter_mut().flatten().for_each(|sum| *sum /= self.weight_sum);
        Ok(sums)
    }
}

impl Algorithm {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let version = state.version();
        match state.text_or("algorithm", "SAMME")? {
            "SAMME.R" if version < Version::new(1, 6) => Ok(Self::Logs),
            "SAMME" | "deprecated" if version < Version::new(1, 3) => Ok(Self::Votes),
            "SAMME" | "deprecated" => {
                Ok(Self::VotesAgainst { of_one_class: Version::new(1, 6) <= version })
            }
            other => {
                let text = format!("is {other:?}, expected \"SAMME\" or, until 1.5, \"SAMME.R\"");
                Err(state.get("algorithm")?.unsupported(text))
            }
        }
    }
}

impl Estimator for AdaBoostClassifier {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(&self.members)
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this AdaBoostClassifier", method));
        }
        check_finite_input(&input)?;
        let mut columns = match method {
            Method::Predict => return self.predict(&input),
            Method::DecisionFunction => self.decisions(&input)?,
            _ => self.probabilities(&input)?,
        };
        if method == Method::DecisionFunction && self.classes.len() == 2 {
            return Ok(Output::floats(columns.pop().unwrap_or_default()));
        }
        if method == Method::PredictLogProba {
            columns.iter_mut().for_each(|it| rows::ln(it));
        }
        Dense::new(input.n_rows(), columns).map(Output::dense)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        members::column_kinds(&self.members)
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
