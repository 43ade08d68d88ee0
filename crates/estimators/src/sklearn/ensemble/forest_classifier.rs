//! `RandomForestClassifier` and `ExtraTreesClassifier`: the mean of the trees' class probabilities.
//! They differ in how they are trained only.
//!
//! | attribute     | shape                | meaning                                           | since |
//! |---------------|----------------------|---------------------------------------------------|-------|
//! | `estimators_` | list of trees        | `DecisionTreeClassifier` or `ExtraTreeClassifier` | any   |
//! | `classes_`    | (k,), or one per out | labels                                            | any   |
//!
//! Output: as a single tree's, but `apply` gives (n, trees). Probabilities are added in the order of
//! the trees, as Python does with one job (with more its order is that in which threads finish), and
//! divided by their number.
//!
//! Source of truth: `ForestClassifier.predict_proba` in `sklearn/ensemble/_forest.py`.

use super::forest_trees::{forest_missing_values, leaf_numbers};
use crate::sklearn::tree::{
    ClassLeaves, float32_input, labels_output, largest, logs, per_output, probabilities_output,
};
use crate::{
    Block, ClassSpec, Classes, ColumnHint, DataError, Dense, Estimator, Method, Output, ReadError,
    State, unsupported,
};

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec {
        paths,
        methods: METHODS,
        read: |state| Ok(Box::new(ForestClassifier::read(state)?)),
    }
}

pub(super) const RANDOM_FOREST: ClassSpec = class(&[
    "sklearn.ensemble._forest.RandomForestClassifier",
    "sklearn.ensemble.forest.RandomForestClassifier", // until 0.21
]);

pub(super) const EXTRA_TREES: ClassSpec = class(&[
    "sklearn.ensemble._forest.ExtraTreesClassifier",
    "sklearn.ensemble.forest.ExtraTreesClassifier", // until 0.21
]);

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::Apply];

#[derive(Debug)]
struct ForestClassifier {
    leaves: ClassLeaves,
}

impl ForestClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let trees = state.list("estimators_")?;
        let nan = forest_missing_values(&trees)?;
        let leaves = ClassLeaves::read(state, &trees, nan)?;
        state.n_features_in(leaves.trees.n_features())?;
        Ok(Self { leaves })
    }

    /// Mean probabilities, row after row, output after output.
    fn means(&self, x: &Dense) -> Vec<f64> {
        let forest = &self.leaves.trees.forest;
        let width = self.leaves.width();
        let mut sums = vec![0.0; x.n_rows() * width];
        forest.leaves(&x.slices(), x.n_rows(), |it| {
            let sums = sums[it.first_row * width..].chunks_exact_mut(width);
            for (sums, &place) in sums.zip(it.places) {
                let row = self.leaves.probabilities(place);
                sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            }
        });
        let n_trees = forest.n_trees() as f64;
        sums.iter_mut().for_each(|sum| *sum /= n_trees);
        sums
    }

    fn predict(&self, x: &Dense) -> Output {
        let classes = &self.leaves.classes;
        let mut labels = vec![Vec::with_capacity(x.n_rows()); classes.len()];
        for row in self.means(x).chunks_exact(self.leaves.width()) {
            let mut rest = row;
            for (labels, classes) in labels.iter_mut().zip(classes) {
                let (mine, others) = rest.split_at(classes.len());
                labels.push(largest(mine));
                rest = others;
            }
        }
        labels_output(labels, classes)
    }

    fn probabilities(&self, x: &Dense) -> Vec<Dense> {
        let width = self.leaves.width();
        let means = self.means(x);
        let column = |k: usize| means.iter().skip(k).step_by(width).copied().collect();
        per_output((0..width).map(column).collect(), x.n_rows(), &self.leaves.classes)
    }
}

impl Estimator for ForestClassifier {
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
            Method::Apply => Ok(leaf_numbers(&self.leaves.trees.forest, &x)),
            _ => Err(unsupported("a forest classifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        &self.leaves.classes
    }
}
