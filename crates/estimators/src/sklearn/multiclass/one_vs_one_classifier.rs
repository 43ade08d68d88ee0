//! `OneVsOneClassifier`: an estimator for each pair of classes, and a vote.
//!
//! | attribute           | shape           | meaning                                            | since |
//! |---------------------|-----------------|----------------------------------------------------|-------|
//! | `estimators_`       | k (k - 1) / 2   | see `binary_members.rs`; 0 is the pair's first class | any |
//! | `classes_`          | (k,)            | class labels                                       | any   |
//! | `pairwise_indices_` | None            | training rows of precomputed kernels: refused      | any   |
//!
//! Output: `decision_function` has shape (n, k): the votes, and the sum of the scores squeezed below a third;
//! (n,) for two classes. `predict` gives the label with the largest; of two classes the second if it is
//! above 0 (since 1.1 above 0.5 for estimators without decisions).
//!
//! Until 0.20 the sums were scaled by the largest of all rows given at once. Such a file has no
//! `decision_function` here, and `predict` gives what Python gives for each row alone.
//!
//! Source of truth: `OneVsOneClassifier` in `sklearn/multiclass.py`, `_ovr_decision_function` in
//! `sklearn/utils/multiclass.py`.

use kernels::rows;

use super::binary_members::BinaryMembers;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    ReadError, State, Values, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.multiclass.OneVsOneClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(OneVsOneClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::DecisionFunction];

#[derive(Debug)]
struct OneVsOneClassifier {
    members: BinaryMembers,
    classes: Classes,
    /// Of the second of two classes.
    threshold: f64,
    scaled_by_rows: bool,
}

impl OneVsOneClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let members = BinaryMembers::read(state)?;
        let k = classes.len();
        if k < 2 || k.saturating_mul(k - 1) / 2 != members.len() {
            let text = format!("has {} estimators for {k} classes", members.len());
            return Err(state.get("estimators_")?.invalid(text));
        }
        if let Some(it) = state.optional("pairwise_indices_") {
            return Err(it.unsupported("is there: a precomputed kernel is not supported"));
        }
        let own = Version::new(1, 1) <= state.version();
        Ok(Self {
            threshold: if own { members.threshold() } else { 0.0 },
            members,
            classes,
            scaled_by_rows: state.version() < Version::new(0, 21),
        })
    }

    /// Votes with the sums of the scores, a column per class.
    fn decisions(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        let predictions = self.members.columns(Method::Predict, input, 0)?;
        let scores = self.members.scores(input)?;
        let k = self.classes.len();
        let mut votes = vec![vec![0.0; input.n_rows()]; k];
        let mut sums = votes.clone();
        let pairs = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j)));
        for (((i, j), predictions), scores) in pairs.zip(&predictions).zip(&scores) {
            for (row, (predicted, score)) in predictions.iter().zip(scores).enumerate() {
                sums[i][row] -= score;
                sums[j][row] += score;
                votes[i][row] += f64::from(u8::from(*predicted == 0.0));
                votes[j][row] += f64::from(u8::from(*predicted == 1.0));
            }
        }
        if self.scaled_by_rows {
            scale_rows(&mut sums);
        } else {
            sums.iter_mut().flatten().for_each(|sum| *sum /= 3.0 * (sum.abs() + 1.0));
        }
        for (votes, sums) in votes.iter_mut().zip(&sums) {
            votes.iter_mut().zip(sums).for_each(|(vote, sum)| *vote += sum);
        }
        Ok(votes)
    }

    fn predict(&self, decisions: &[Vec<f64>]) -> Output {
        let labels = match decisions {
            [_, second] => second.iter().map(|x| u32::from(self.threshold < *x)).collect(),
            all => rows::argmax(all),
        };
        Output::Vector(Values::Labels(labels, self.classes.clone()))
    }
}

/// Each row's sums between -0.5 and 0.5; if all are equal they do not count.
fn scale_rows(sums: &mut [Vec<f64>]) {
    let n_rows = sums.first().map_or(0, Vec::len);
    for row in 0..n_rows {
        let of_row = || sums.iter().map(|it| it[row]);
        let (low, high) =
            (of_row().fold(f64::INFINITY, f64::min), of_row().fold(f64::NEG_INFINITY, f64::max));
        let scale = (0.5 - f64::EPSILON) / low.abs().max(high.abs());
        let scale = if low == high { 0.0 } else { scale };
        sums.iter_mut().for_each(|it| it[row] *= scale);
    }
}

impl Estimator for OneVsOneClassifier {
    fn n_features_in(&self) -> usize {
        self.members.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.members.column_hints()
    }

    fn methods(&self) -> &[Method] {
        if self.scaled_by_rows { &[Method::Predict] } else { METHODS }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods().contains(&method) {
            return Err(unsupported("this OneVsOneClassifier", method));
        }
        let mut decisions = self.decisions(&input)?;
        if method == Method::Predict {
            return Ok(self.predict(&decisions));
        }
        match (decisions.len(), decisions.pop()) {
            (2, Some(second)) => Ok(Output::floats(second)),
            (_, last) => {
                decisions.extend(last);
                Dense::new(input.n_rows(), decisions).map(Output::dense)
            }
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
