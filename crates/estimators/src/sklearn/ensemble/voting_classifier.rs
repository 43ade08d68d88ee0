//! `VotingClassifier`: the class most members predict, or the one with the highest average probability.
//!
//! | attribute           | shape               | meaning                                          | since |
//! |---------------------|---------------------|--------------------------------------------------|-------|
//! | `estimators_`       | list of classifiers | the members, trained on the numbers of the labels | any  |
//! | `classes_`          | (k,)                | the labels                                       | any   |
//! | `voting`            | hard or soft        | what is counted                                  | any   |
//! | `flatten_transform` | bool or None        | soft: whether `transform` is one matrix; None (0.20): not | any |
//!
//! and those of `average.rs`.
//!
//! Output: `predict` (n,) labels; `predict_proba` (n, k) if voting is soft; `transform` is the numbers of the
//! labels that the members predict, (n, members), or their probabilities side by side, (n, members * k), or,
//! not flattened, a matrix (n, k) for each member. Of classes with equally many votes the first wins.
//!
//! Source of truth: `VotingClassifier` in `sklearn/ensemble/_voting.py`.

use kernels::rows;

use super::average::{Average, weights};
use crate::sklearn::tree::largest;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Layout, Method,
    Output, ReadError, State, Values, members, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._voting.VotingClassifier",
        "sklearn.ensemble.voting.VotingClassifier", // 0.21
        "sklearn.ensemble.voting_classifier.VotingClassifier", // until 0.20
    ],
    methods: SOFT_METHODS,
    read: |state| Ok(Box::new(VotingClassifier::read(state)?)),
};

const SOFT_METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::Transform];
const HARD_METHODS: &[Method] = &[Method::Predict, Method::Transform];

#[derive(Debug)]
struct VotingClassifier {
    members: Vec<Box<dyn Estimator>>,
    n_features: usize,
    classes: Classes,
    voting: Voting,
}

#[derive(Debug)]
enum Voting {
    /// Predicted classes are counted, with these weights.
    Hard(Option<Vec<f64>>),
    Soft {
        average: Average,
        flatten: bool,
    },
}

impl VotingClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let list = state.get("estimators_")?;
        let members = members::read(&list)?;
        let n_features = members::n_features_in(&list, &members)?;
        members::check_method(&list, &members, Method::Predict)?;
        let voting = match state.text("voting")? {
            "hard" => Voting::Hard(weights(state, members.len())?),
            "soft" => {
                members::check_method(&list, &members, Method::PredictProba)?;
                let average = Average::read(state, members.len())?;
                Voting::Soft { average, flatten: state.flag_or("flatten_transform", false)? }
            }
            other => {
                let text = format!("is {other:?}, expected \"hard\" or \"soft\"");
                return Err(state.get("voting")?.unsupported(text));
            }
        };
        for (i, member) in members.iter().enumerate() {
            if !voting.takes(member.classes(), classes.len()) {
                let text = format!("has a member, [{i}], whose classes do not fit classes_");
                return Err(list.invalid(text));
            }
        }
        Ok(Self { members, n_features, classes, voting })
    }

    fn probabilities(&self, input: &Block) -> Result<Vec<Dense>, DataError> {
        let parts = members::matrices(&self.members, Method::PredictProba, input)?;
        parts.iter().try_for_each(|it| members::check_width(it, self.classes.len()))?;
        Ok(parts)
    }

    /// The number of the class that each member predicts.
    fn codes(&self, input: &Block) -> Result<Vec<Vec<i64>>, DataError> {
        self.members.iter().map(|it| members::codes(&**it, input.clone())).collect()
    }

    fn predict(&self, input: &Block) -> Result<Output, DataError> {
        let winners = match &self.voting {
            Voting::Hard(weights) => self.count(&self.codes(input)?, weights.as_deref())?,
            Voting::Soft { average, .. } => {
                rows::argmax(&average.of(&self.probabilities(input)?)?.slices())
            }
        };
        Ok(Output::Vector(Values::Labels(winners, self.classes.clone())))
    }

    /// For each row `argmax(bincount(codes, weights))`, which looks at no class above the highest one
    /// that was predicted: with negative weights that matters.
    fn count(&self, codes: &[Vec<i64>], weights: Option<&[f64]>) -> Result<Vec<u32>, DataError> {
        let n_rows = codes.first().map_or(0, Vec::len);
        let n_classes = self.classes.len();
        let mut votes = Vec::with_capacity(n_classes);
        let mut winners = Vec::with_capacity(n_rows);
        for row in 0..n_rows {
            votes.clear();
            for (i, codes) in codes.iter().enumerate() {
                let class = usize::try_from(codes[row]).ok().filter(|it| *it < n_classes);
                let Some(class) = class else {
                    let text = format!("a member predicts class number {}", codes[row]);
                    return Err(DataError { row: Some(row), column: None, text });
                };
                votes.resize(votes.len().max(class + 1), 0.0);
                votes[class] += weights.map_or(1.0, |it| it[i]);
            }
            winners.push(largest(&votes));
        }
        Ok(winners)
    }

    fn transform(&self, input: &Block) -> Result<Output, DataError> {
        match self.voting {
            Voting::Hard(_) => {
                Ok(Output::Columns(self.codes(input)?.into_iter().map(Values::Int).collect()))
            }
            Voting::Soft { flatten: false, .. } => {
                Ok(Output::PerOutput(self.probabilities(input)?))
            }
            Voting::Soft { flatten: true, .. } => {
                let parts = self.probabilities(input)?.into_iter().map(Block::Dense).collect();
                Block::hstack(parts, input.n_rows(), Layout::Dense).map(Output::Block)
            }
        }
    }
}

impl Voting {
    /// Whether a member with these classes can take part; none are known of some.
    fn takes(&self, member: &[Classes], n_classes: usize) -> bool {
        match (self, member) {
            (_, []) => true,
            (Self::Hard(_), [only]) => matches!(only, Classes::Int(_) | Classes::Bool(_)),
            (Self::Soft { .. }, [only]) => only.len() == n_classes,
            _ => false,
        }
    }
}

impl Estimator for VotingClassifier {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(&self.members)
    }

    fn methods(&self) -> &[Method] {
        if matches!(self.voting, Voting::Hard(_)) { HARD_METHODS } else { SOFT_METHODS }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, &self.voting) {
            (Method::Predict, _) => self.predict(&input),
            (Method::PredictProba, Voting::Soft { average, .. }) => {
                average.of(&self.probabilities(&input)?).map(Output::dense)
            }
            (Method::Transform, _) => self.transform(&input),
            _ => Err(unsupported("this VotingClassifier", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        members::column_kinds(&self.members)
    }

    fn blanks_are_underscores(&self) -> bool {
        members::blanks_are_underscores(&self.members)
    }

    fn selects_by_name(&self) -> bool {
        members::select_by_name(&self.members)
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }

    fn n_features_out(&self) -> Option<usize> {
        match self.voting {
            Voting::Hard(_) => Some(self.members.len()),
            Voting::Soft { flatten, .. } => {
                flatten.then_some(self.members.len() * self.classes.len())
            }
        }
    }
}
