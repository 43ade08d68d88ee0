//! `Booster`: the sums of trees, made predictions by the objective.
//!
//! | attribute             | shape         | meaning                                                      | since |
//! |-----------------------|---------------|--------------------------------------------------------------|-------|
//! | `_handle`, `handle`   | text or bytes | the model: `model_text.rs`, `model_json.rs`; the second name until 3.3 | any |
//! | `best_iteration`      | integer       | if above 0, how many iterations are used                     | any   |
//!
//! A file of LightGBM's own holds the model alone: the iterations it was saved with are what is used.
//!
//! The caller may choose other iterations ([`Iterations`]): from a start, those that there are, also none;
//! without a number, up to the best, but from a start above 0 all.
//!
//! | method      | in Python                    | gives                                                        |
//! |-------------|------------------------------|--------------------------------------------------------------|
//! | `predict`   | `predict(X)`                 | (n,) or (n, columns)                                         |
//! | `raw_score` | `predict(X, raw_score=True)` | the sums of the trees: (n,) or (n, columns)                  |
//! | `apply`     | `predict(X, pred_leaf=True)` | the number of each row's leaf, tree by tree: (n, trees), (n,) of one tree |
//!
//! Source of truth: `Booster.__getstate__` and `predict` in LightGBM's `basic.py`, `GBDT::Predict` in
//! `src/boosting/gbdt_prediction.cpp`. (Not read: integers beyond 2^24, which until 3.3 became `float32`
//! where a data frame had no column of floats.)

use std::ops::Range;

use object_graph::Kind;

use super::categories::Categories;
use super::header::{Header, Source};
use super::objective::Objective;
use super::trees::Trees;
use super::{are_made_up, model_json, model_text};
use crate::hints::merged;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Estimator, Iterations, Method,
    Output, ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["lightgbm.basic.Booster"],
    methods: METHODS,
    read: |state| Ok(Box::new(Booster::read(state)?)),
};

pub(super) const METHODS: &[Method] = &[Method::Predict, Method::RawScore, Method::Apply];

#[derive(Debug)]
pub(super) struct Booster {
    categories: Categories,
    trees: Trees,
    objective: Objective,
    average: bool,
    n_columns: usize,
    /// Whether LightGBM 4 or later wrote it.
    pub(super) since_4: bool,
    /// Unless LightGBM made them up.
    feature_names: Option<Vec<String>>,
}

impl Booster {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let handle = state.get(if state.has("_handle") { "_handle" } else { "handle" })?;
        let best = state.optional("best_iteration").map(|_| state.int("best_iteration"));
        let best = best.transpose()?.and_then(|it| usize::try_from(it).ok()).filter(|it| 0 < *it);
        let chosen = state.take_iterations();
        let (header, source) = saved(&handle)?;
        let trees = Trees::read(&source, &header, used(chosen, best), &handle)?;
        if header.average && trees.n_iterations() == 0 && chosen.is_default() {
            return Err(handle.invalid("has no trees to average"));
        }
        let categories = Categories::read(&header, &handle)?;
        Ok(Self {
            categories,
            trees,
            objective: header.objective,
            average: header.average,
            n_columns: header.n_columns,
            since_4: header.since_4,
            feature_names: Some(header.feature_names).filter(|it| !are_made_up(it)),
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

/// The iterations that predict, whether the model has so many or not.
fn used(chosen: Iterations, best: Option<usize>) -> Range<usize> {
    let start = chosen.start.and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
    let bound = match chosen.number {
        None => best.filter(|_| start == 0),
        Some(_) => chosen.bound(),
    };
    start..bound.map_or(usize::MAX, |it| start.saturating_add(it))
}

/// The model in the attribute of a booster.
fn saved<'g>(handle: &State<'g>) -> Result<(Header, Source<'g>), ReadError> {
    match handle.value().kind() {
        Kind::Bytes(it) if it.trim_ascii_start().starts_with(b"{") => model_json::read(it, handle),
        Kind::Bytes(it) => model_text::read(it, handle),
        Kind::Text(it) => model_text::read(it.as_bytes(), handle),
        _ => Err(handle.wrong("a model text")),
    }
}

/// One float a row, or a matrix.
pub(super) fn floats(n_rows: usize, mut columns: Vec<Vec<f64>>) -> Result<Output, DataError> {
    if columns.len() == 1 {
        return Ok(Output::floats(columns.pop().unwrap_or_default()));
    }
    Dense::new(n_rows, columns).map(Output::dense)
}

impl Estimator for Booster {
    fn n_features_in(&self) -> usize {
        self.categories.kinds().len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        merged(self.categories.hints(), self.trees.column_hints())
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let n_rows = input.n_rows();
        match method {
            Method::Predict => floats(n_rows, self.predictions(input)?),
            Method::RawScore => floats(n_rows, self.sums(input)?),
            Method::Apply => {
                let leaves = self.trees.leaves(&self.categories.encode(input)?);
                if leaves.is_empty() {
                    return Err(DataError::block("no iteration predicts, so there are no leaves"));
                }
                let mut leaves: Vec<Values> = leaves.into_iter().map(Values::Int).collect();
                if leaves.len() == 1 {
                    return Ok(Output::Vector(leaves.remove(0)));
                }
                Ok(Output::Columns(leaves))
            }
            _ => Err(unsupported("Booster", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.categories.kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.feature_names.clone()
    }

    fn blanks_are_underscores(&self) -> bool {
        true
    }
}
