//! `DecisionTreeClassifier` and `ExtraTreeClassifier`: one tree, whose leaves hold the training
//! samples' classes. They differ in how they are trained only.
//!
//! | attribute                             | shape                | meaning                            | since |
//! |---------------------------------------|----------------------|------------------------------------|-------|
//! | `tree_`                               | `Tree`               | nodes and leaves                   | any   |
//! | `classes_`                            | (k,), or one per out | labels                             | any   |
//! | `splitter`, `criterion`, `monotonic_cst` |                   | whether missing values are taken   | any   |
//!
//! Output: `predict` a label per row (per output), `predict_proba` (n, k) or one such matrix per
//! output, `apply` the leaf's number in the file.
//!
//! Source of truth: `BaseDecisionTree`, `DecisionTreeClassifier` in `sklearn/tree/_classes.py`.

use kernels::trees::Leaves;

use super::{ClassLeaves, float32_input, missing_values};
use crate::{
    Block, ClassSpec, Classes, ColumnHint, DataError, Dense, Estimator, Method, Output, ReadError,
    State, Values, unsupported,
};

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec {
        paths,
        methods: METHODS,
        read: |state| Ok(Box::new(DecisionTreeClassifier::read(state)?)),
    }
}

pub(super) const DECISION_TREE: ClassSpec = class(&[
    "sklearn.tree._classes.DecisionTreeClassifier",
    "sklearn.tree.tree.DecisionTreeClassifier", // until 0.21
]);

pub(super) const EXTRA_TREE: ClassSpec = class(&[
    "sklearn.tree._classes.ExtraTreeClassifier",
    "sklearn.tree.tree.ExtraTreeClassifier", // until 0.21
]);

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::Apply];

#[derive(Debug)]
struct DecisionTreeClassifier {
    leaves: ClassLeaves,
}

impl DecisionTreeClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let nan = missing_values(state)?;
        let leaves = ClassLeaves::read(state, std::slice::from_ref(state), nan)?;
        state.n_features_in(leaves.trees.n_features())?;
        Ok(Self { leaves })
    }

    fn predict(&self, x: &Dense) -> Output {
        let mut labels: Vec<Vec<u32>> = vec![vec![]; self.leaves.classes.len()];
        self.each_leaf(x, |place| {
            let row = self.leaves.labels(place);
            labels.iter_mut().zip(row).for_each(|(labels, it)| labels.push(*it));
        });
        labels_output(labels, &self.leaves.classes)
    }

    fn probabilities(&self, x: &Dense) -> Vec<Dense> {
        let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(x.n_rows()); self.leaves.width()];
        self.each_leaf(x, |place| {
            let row = self.leaves.probabilities(place);
            columns.iter_mut().zip(row).for_each(|(column, it)| column.push(*it));
        });
        per_output(columns, x.n_rows(), &self.leaves.classes)
    }

    fn each_leaf(&self, x: &Dense, mut visit: impl FnMut(u32)) {
        let forest = &self.leaves.trees.forest;
        forest.leaves(&x.slices(), x.n_rows(), |it: Leaves<'_>| {
            it.places.iter().for_each(|place| visit(*place));
        });
    }

    fn apply(&self, x: &Dense) -> Output {
        let mut numbers = Vec::with_capacity(x.n_rows());
        let forest = &self.leaves.trees.forest;
        self.each_leaf(x, |place| numbers.push(i64::from(forest.number(place))));
        Output::Vector(Values::Int(numbers))
    }
}

impl Estimator for DecisionTreeClassifier {
    fn n_features_in(&self) -> usize {
        self.leaves.trees.n_features()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.leaves.trees.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = float32_input(input, self.n_features_in(), self.leaves.trees.nan)?;
        match method {
            Method::Predict => Ok(self.predict(&x)),
            Method::PredictProba => Ok(probabilities_output(self.probabilities(&x))),
            Method::PredictLogProba => Ok(probabilities_output(logs(self.probabilities(&x)))),
            Method::Apply => Ok(self.apply(&x)),
            _ => Err(unsupported("a decision tree classifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        &self.leaves.classes
    }
}

/// Labels of one output, or one column of labels per output.
pub(crate) fn labels_output(labels: Vec<Vec<u32>>, classes: &[Classes]) -> Output {
    let mut columns: Vec<Values> =
        labels.into_iter().zip(classes).map(|(it, of)| Values::Labels(it, of.clone())).collect();
    match (columns.len(), columns.pop()) {
        (1, Some(only)) => Output::Vector(only),
        (_, last) => Output::Columns(columns.into_iter().chain(last).collect()),
    }
}

/// Columns for all outputs in a row, cut into one matrix per output.
pub(crate) fn per_output(columns: Vec<Vec<f64>>, n_rows: usize, classes: &[Classes]) -> Vec<Dense> {
    let mut columns = columns.into_iter();
    let cut = classes.iter().map(|it| columns.by_ref().take(it.len()).collect());
    cut.map(|it| Dense::new(n_rows, it).unwrap_or_default()).collect()
}

/// The matrix of one output, or one matrix per output.
pub(crate) fn probabilities_output(mut matrices: Vec<Dense>) -> Output {
    match (matrices.len(), matrices.pop()) {
        (1, Some(only)) => Output::dense(only),
        (_, last) => Output::PerOutput(matrices.into_iter().chain(last).collect()),
    }
}

/// The natural logarithm of every number.
pub(crate) fn logs(mut matrices: Vec<Dense>) -> Vec<Dense> {
    for matrix in &mut matrices {
        matrix.map_columns(|_, column| column.iter_mut().for_each(|x| *x = x.ln()));
    }
    matrices
}
