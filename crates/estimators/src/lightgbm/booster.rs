//! `Booster`: the sums of trees, made predictions by the objective.
//!
//! | attribute             | shape       | meaning                                                        | since |
//! |-----------------------|-------------|----------------------------------------------------------------|-------|
//! | `_handle`, `handle`   | text        | the model text, see `model_text.rs`; the second name until 3.3 | any   |
//! | `best_iteration`      | integer     | if above 0, how many iterations are used                       | any   |
//!
//! A file of LightGBM's own holds the text alone: what it was saved with is what is used.
//!
//! Source of truth: `Booster.__getstate__` and `predict` in LightGBM's `basic.py`, `GBDT::Predict` in
//! `src/boosting/gbdt_prediction.cpp`. (Not read: integers beyond 2^24, which until 3.3 became `float32`
//! where a data frame had no column of floats.)

use memchr::memmem;

use super::categories::Categories;
use super::model_text::{Header, text};
use super::objective::Objective;
use super::trees::Trees;
use crate::{
    Block, ClassSpec, ColumnKind, DataError, Dense, Estimator, Method, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["lightgbm.basic.Booster"],
    methods: METHODS,
    read: |state| Ok(Box::new(Booster::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
pub(super) struct Booster {
    categories: Categories,
    trees: Trees,
    objective: Objective,
    average: bool,
    n_columns: usize,
    /// Unless LightGBM made them up.
    feature_names: Option<Vec<String>>,
}

impl Booster {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let (handle, text) = text(state)?;
        let best = state.optional("best_iteration").map(|_| state.int("best_iteration"));
        let best = best.transpose()?.and_then(|it| usize::try_from(it).ok()).filter(|it| 0 < *it);
        let header = Header::read(&handle, text)?;
        let trees = Trees::read(&handle, &header, best)?;
        if header.average && trees.n_iterations() == 0 {
            return Err(handle.invalid("has no trees to average"));
        }
        let is_made_up = |(at, name): (usize, &&str)| *name == format!("Column_{at}");
        let made_up = header.feature_names.iter().enumerate().all(is_made_up);
        state.charge(header.feature_names.iter().map(|it| it.len() + 24).sum())?;
        let names = || header.feature_names.iter().map(ToString::to_string).collect();
        Ok(Self {
            categories: Categories::read(&handle, &header, text)?,
            trees,
            objective: if memmem::find(text, b"\nis_linear=").is_some() {
                header.objective
            } else {
                header.objective.before_linear_trees()
            },
            average: header.average,
            n_columns: header.n_columns,
            feature_names: (!made_up).then(names),
        })
    }

    /// Number of columns of predictions.
    pub(super) fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// The sums of the trees, column by column.
    pub(super) fn sums(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        Ok(self.trees.sums(&self.categories.encode(input)?))
    }

    /// Predictions, column by column.
    pub(super) fn predictions(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut columns = self.sums(input)?;
        if self.average {
            let count = self.trees.n_iterations() as f64;
            columns.iter_mut().flatten().for_each(|x| *x /= count);
        }
        self.objective.convert(&mut columns);
        Ok(columns)
    }
}

impl Estimator for Booster {
    fn n_features_in(&self) -> usize {
        self.categories.kinds().len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("Booster", method));
        }
        let n_rows = input.n_rows();
        let mut columns = self.predictions(input)?;
        if columns.len() == 1 {
            return Ok(Output::floats(columns.pop().unwrap_or_default()));
        }
        Dense::new(n_rows, columns).map(Output::dense)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.categories.kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.feature_names.clone()
    }
}
