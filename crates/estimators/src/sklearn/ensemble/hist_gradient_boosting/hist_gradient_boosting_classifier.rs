//! `HistGradientBoostingClassifier`: a start and the sum of the trees, one sum for two classes and one
//! per class for more. For the attributes see `predictors.rs` and `encoded_input.rs`, and `classes_`.
//!
//! | classes | probabilities                                             | label                                    |
//! |---------|-----------------------------------------------------------|------------------------------------------|
//! | 2       | expit(sum)                                                | the likelier; from 1.5 the second if sum > 0 |
//! | more    | softmax of the sums; until 1.0 `exp(sum - logsumexp)`     | the likeliest; from 1.5 the largest sum  |
//!
//! Sums over classes are plain ones, class after class: the array that Python sums is in Fortran order.
//! (For a single row of 8 classes and more Python sums pairwise; here a row has the result it has in a block.)
//!
//! Output: `decision_function` (n,) for two classes, else (n, k).
//!
//! Source of truth: `HistGradientBoostingClassifier` in
//! `sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py`, `loss.py` beside it until 1.0.

use kernels::links::expit;

use super::encoded_input::EncodedInput;
use super::predictors::Predictors;
use crate::sklearn::tree::largest;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    ReadError, State, Values, Version, unsupported,
};

pub(in crate::sklearn::ensemble) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(HistGradientBoostingClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::DecisionFunction];

/// The names of the one loss that classifiers know, by number of classes until 1.2.
const LOSSES: &[&str] = &["auto", "binary_crossentropy", "categorical_crossentropy", "log_loss"];

#[derive(Debug)]
struct HistGradientBoostingClassifier {
    input: EncodedInput,
    trees: Predictors,
    classes: [Classes; 1],
    version: Version,
}

impl HistGradientBoostingClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let loss = state.text("loss")?;
        if !LOSSES.contains(&loss) {
            return Err(state.get("loss")?.unsupported(format!("is {loss:?}, which is unknown")));
        }
        let classes = state.classes("classes_")?;
        let input = EncodedInput::read(state)?;
        let trees = Predictors::read(state, input.n_features())?;
        match (trees.n_columns(), classes.len()) {
            (1, 2) => {}
            (columns, classes) if columns == classes && 2 < classes => {}
            (columns, classes) => {
                let text = format!("is {columns} for {classes} classes");
                return Err(state.get("n_trees_per_iteration_")?.invalid(text));
            }
        }
        Ok(Self { input, trees, classes: [classes], version: state.version() })
    }

    /// Probabilities, class by class.
    fn probabilities(&self, mut raw: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        if raw.len() == 1 {
            let positive: Vec<f64> = raw.iter().flatten().map(|&x| expit(x)).collect();
            return vec![positive.iter().map(|p| 1.0 - p).collect(), positive];
        }
        let by_logsumexp = self.version < Version::new(1, 1);
        let n_rows = raw.first().map_or(0, Vec::len);
        let mut tops = vec![f64::NEG_INFINITY; n_rows];
        for column in &raw {
            tops.iter_mut().zip(column).for_each(|(top, x)| *top = top.max(*x));
        }
        let mut sums = vec![0.0; n_rows];
        for column in &mut raw {
            for ((x, top), sum) in column.iter_mut().zip(&tops).zip(&mut sums) {
                let shifted = *x - top;
                *sum += shifted.exp();
                *x = if by_logsumexp { *x } else { shifted.exp() };
            }
        }
        if by_logsumexp {
            sums.iter_mut().zip(&tops).for_each(|(sum, top)| *sum = sum.ln() + top);
        }
        for column in &mut raw {
            for (x, sum) in column.iter_mut().zip(&sums) {
                *x = if by_logsumexp { (*x - sum).exp() } else { *x / sum };
            }
        }
        raw
    }

    fn labels(&self, raw: Vec<Vec<f64>>) -> Vec<u32> {
        let by_probability = self.version < Version::new(1, 5);
        if raw.len() == 1 && !by_probability {
            return raw.iter().flatten().map(|&x| u32::from(0.0 < x)).collect();
        }
        let scores = if by_probability { self.probabilities(raw) } else { raw };
        let mut row = vec![0.0; scores.len()];
        let label = |i: usize| {
            row.iter_mut().zip(&scores).for_each(|(x, column)| *x = column[i]);
            largest(&row)
        };
        (0..scores.first().map_or(0, Vec::len)).map(label).collect()
    }
}

impl Estimator for HistGradientBoostingClassifier {
    fn n_features_in(&self) -> usize {
        self.input.n_features()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.input.column_hints(self.trees.column_hints())
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("HistGradientBoostingClassifier", method));
        }
        let x = self.input.encode(input)?;
        let mut raw = self.trees.raw(&x);
        let matrix = |columns| Dense::new(x.n_rows(), columns).map(Output::dense);
        match method {
            Method::Predict => {
                let [classes] = &self.classes;
                Ok(Output::Vector(Values::Labels(self.labels(raw), classes.clone())))
            }
            Method::PredictProba => matrix(self.probabilities(raw)),
            _ if raw.len() == 1 => Ok(Output::floats(raw.pop().unwrap_or_default())),
            _ => matrix(raw),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.input.column_kinds()
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
