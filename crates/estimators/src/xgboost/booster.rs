//! `Booster`: XGBoost's own model, and what its files become.
//!
//! | attribute       | shape | meaning                                       |
//! |-----------------|-------|-----------------------------------------------|
//! | `handle`        | bytes | the model: `learner.rs`                       |
//! | `feature_names` | texts | until 1.x beside the model, later inside      |
//!
//! `predict` is that of a `DMatrix` of the rows, with all trees: `float32`, (n,) or (n, k). `raw_score` is
//! `predict` with `output_margin`. `apply` is `predict` with `pred_leaf`: the number of the leaf in each tree,
//! `int32` until 1.3, then `float32`.
//!
//! The caller may choose iterations ([`crate::Iterations`]); from 1.4 on all of them must be there, until 1.3
//! the number is one of trees a column. A linear model has none.
//!
//! Source of truth: `Booster.predict` and `Booster.__setstate__` in `xgboost/core.py`.

use super::input::{check_finite, columns, matrix};
use super::learner::{Caller, FIRST_RANGES, Learner};
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["xgboost.core.Booster"],
    methods: METHODS,
    read: |state| Ok(Box::new(Booster::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::RawScore, Method::Apply];

#[derive(Debug)]
struct Booster {
    learner: Learner,
}

impl Booster {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { learner: Learner::read(state, Caller::Booster)? })
    }
}

impl Estimator for Booster {
    fn n_features_in(&self) -> usize {
        self.learner.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.learner.column_hints()
    }

    fn methods(&self) -> &[Method] {
        methods(METHODS, &self.learner)
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods().contains(&method) {
            return Err(unsupported("Booster", method));
        }
        let x = columns(input, &self.learner, None)?;
        refuse_infinities(&self.learner, &x)?;
        match method {
            Method::Apply => leaf_numbers(&self.learner, &x),
            Method::RawScore => margins(&self.learner, &x),
            _ => predictions(&self.learner, &x),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.learner.categories.kinds(self.learner.n_features)
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        names(&self.learner)
    }
}

/// The methods of a class, whose last is `apply`, which a linear model does not have.
pub(super) fn methods(methods: &'static [Method], learner: &Learner) -> &'static [Method] {
    match methods {
        [others @ .., Method::Apply] if learner.is_linear() => others,
        all => all,
    }
}

/// A `DMatrix` takes infinities until 1.3.
pub(super) fn refuse_infinities(learner: &Learner, x: &Dense) -> Result<(), DataError> {
    if learner.version < FIRST_RANGES { Ok(()) } else { check_finite(x) }
}

/// What `Booster.predict` gives with `pred_leaf`.
pub(super) fn leaf_numbers(learner: &Learner, x: &Dense) -> Result<Output, DataError> {
    if learner.starts_late {
        let text = "XGBoost numbers the leaves of iterations from the first on alone: take 0 for start_iteration";
        return Err(DataError::block(text));
    }
    let trees = learner.leaf_numbers(x);
    if FIRST_RANGES <= learner.version {
        let single = |it: Vec<u32>| it.into_iter().map(|number| number as f32).collect();
        return singles(trees.into_iter().map(single).collect(), x.n_rows());
    }
    let whole = |it: Vec<u32>| Values::Int(it.into_iter().map(i64::from).collect());
    let mut columns: Vec<Values> = trees.into_iter().map(whole).collect();
    Ok(match columns.len() {
        1 => Output::Vector(columns.swap_remove(0)),
        _ => Output::Columns(columns),
    })
}

/// What `Booster.predict` gives.
pub(super) fn predictions(learner: &Learner, x: &Dense) -> Result<Output, DataError> {
    singles(learner.predictions(x), x.n_rows())
}

/// What `Booster.predict` gives with `output_margin`.
pub(super) fn margins(learner: &Learner, x: &Dense) -> Result<Output, DataError> {
    singles(learner.margins(x), x.n_rows())
}

fn singles(mut columns: Vec<Vec<f32>>, n_rows: usize) -> Result<Output, DataError> {
    if columns.len() == 1 {
        return Ok(Output::Vector(Values::Float32(columns.swap_remove(0))));
    }
    matrix(n_rows, columns)
}

/// The names it was trained with; those that Python made up (`f0`, …) say nothing.
pub(super) fn names(learner: &Learner) -> Option<Vec<String>> {
    let names = &learner.feature_names;
    let made_up = names.iter().enumerate().all(|(j, it)| *it == format!("f{j}"));
    (!made_up && names.len() == learner.n_features).then(|| names.clone())
}
