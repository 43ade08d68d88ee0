//! `RandomTreesEmbedding`: the leaves of random trees as features, one column per leaf.
//!
//! | attribute          | shape           | meaning                     | since |
//! |--------------------|-----------------|-----------------------------|-------|
//! | `estimators_`      | list of trees   | `ExtraTreeRegressor`        | any   |
//! | `one_hot_encoder_` | `OneHotEncoder` | over the leaves' numbers    | any   |
//!
//! Output: `transform` what the encoder gives for `apply`; `apply` (n, trees).
//!
//! Source of truth: `RandomTreesEmbedding.transform` in `sklearn/ensemble/_forest.py`.

use super::forest_trees::{forest_missing_values, leaf_numbers};
use crate::sklearn::tree::{Trees, float32_input};
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._forest.RandomTreesEmbedding",
        "sklearn.ensemble.forest.RandomTreesEmbedding", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(RandomTreesEmbedding::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::Apply];

#[derive(Debug)]
struct RandomTreesEmbedding {
    trees: Trees,
    encoder: Box<dyn Estimator>,
}

impl RandomTreesEmbedding {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let estimators = state.list("estimators_")?;
        let nan = forest_missing_values(&estimators)?;
        let trees = Trees::read(state, &estimators, nan, |_| Ok(()))?;
        state.n_features_in(trees.n_features())?;
        let encoder = state.estimator("one_hot_encoder_")?;
        let takes = encoder.n_features_in();
        if takes != trees.forest.n_trees() || !encoder.methods().contains(&Method::Transform) {
            return Err(state.get("one_hot_encoder_")?.wrong("an encoder with a column per tree"));
        }
        Ok(Self { trees, encoder })
    }
}

impl Estimator for RandomTreesEmbedding {
    fn n_features_in(&self) -> usize {
        self.trees.n_features()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = float32_input(input, self.n_features_in(), self.trees.nan)?;
        let numbers = leaf_numbers(&self.trees.forest, &x);
        match method {
            Method::Transform => {
                let coded = self.encoder.call(Method::Transform, numbers.into_block()?);
                coded.map_err(|it| it.in_column(|_| None))
            }
            Method::Apply => Ok(numbers),
            _ => Err(unsupported("RandomTreesEmbedding", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        self.encoder.n_features_out()
    }
}
