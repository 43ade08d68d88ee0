//! `IterativeImputer`: fills missing cells with what a model per column predicts from the other columns.
//!
//! | attribute                  | shape                            | meaning                                     | since |
//! |----------------------------|----------------------------------|---------------------------------------------|-------|
//! | `initial_imputer_`         | `SimpleImputer`                  | fills first, and leaves empty columns out   | 0.21  |
//! | `imputation_sequence_`     | list of (column, columns, model) | what to predict from which columns, in order | 0.21 |
//! | `n_iter_`                  | int                              | rounds; 0: the first filling stays          | 0.21  |
//! | `_min_value`, `_max_value` | number or array                  | bounds of a column's predictions            | 0.22  |
//! | `_is_empty_feature`        | (p,) bool                        | columns that had no value                   | 1.5   |
//! | `missing_values`           | any                              | see `missing_values.rs`                     | 0.21  |
//! | `sample_posterior`         | bool                             | random numbers, which are refused           | 0.21  |
//! | `add_indicator`, `indicator_` | bool, `MissingIndicator`      | append which cells were missing             | 0.22  |
//!
//! Output: the columns that had a value in training. (Python stops after the first filling if every cell
//! of the rows at hand is missing; here a row's answer does not depend on the others.)
//!
//! Source of truth: `IterativeImputer.transform` in `sklearn/impute/_iterative.py`.

use super::missing_indicator::MissingIndicator;
use super::missing_values::{Infinite, MissingValues};
use crate::{
    Block, ClassSpec, Column, DataError, Dense, Dtype, Estimator, Layout, Method, Output,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.impute._iterative.IterativeImputer"],
    methods: METHODS,
    read: |state| Ok(Box::new(IterativeImputer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct IterativeImputer {
    initial: Box<dyn Estimator>,
    /// The input column of each column that is kept, or `None` if it was empty in training.
    kept: Vec<Option<usize>>,
    steps: Vec<Step>,
    missing: MissingValues,
    indicator: Option<MissingIndicator>,
}

/// One column's prediction from others; columns are counted among those kept.
#[derive(Debug)]
struct Step {
    column: usize,
    from: Vec<usize>,
    model: Box<dyn Estimator>,
    low: f64,
    high: f64,
}

impl IterativeImputer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        if state.flag("sample_posterior")? {
            return Err(state.get("sample_posterior")?.unsupported("draws random numbers"));
        }
        let place = state.get("initial_imputer_")?;
        let initial = place.as_estimator()?;
        let kept = kept_columns(state, &place, initial.as_ref())?;
        let bounds =
            (bounds(state, "_min_value", kept.len())?, bounds(state, "_max_value", kept.len())?);
        let steps = match state.count("n_iter_")? {
            0 => vec![],
            _ => {
                let steps = state.list("imputation_sequence_")?;
                ReadError::collect(steps.iter().map(|it| Step::read(it, kept.len(), &bounds)))?
            }
        };
        let indicator = match state.flag_or("add_indicator", false)? {
            true => Some(MissingIndicator::read(&state.get("indicator_")?)?),
            false => None,
        };
        if indicator.as_ref().is_some_and(|it| it.n_features() != initial.n_features_in()) {
            return Err(state.get("indicator_")?.wrong("an indicator for as many columns"));
        }
        state.n_features_in(initial.n_features_in())?;
        Ok(Self { initial, kept, steps, missing: MissingValues::read(state)?, indicator })
    }

    fn transform(&self, x: Dense) -> Result<Block, DataError> {
        let n_rows = x.n_rows();
        let mut masks = Vec::with_capacity(x.n_cols());
        for (index, column) in x.columns().iter().enumerate() {
            let column = Column::Number(column.clone(), Dtype::Float64);
            self.missing.check(&column, index, Infinite::Refused)?;
            masks.push(self.missing.mask(&column));
        }
        let filled = self.initial.call(Method::Transform, Block::Dense(x))?;
        let mut filled = filled.into_block()?.into_dense(self.kept.len())?;
        for step in &self.steps {
            let Some(column) = self.kept[step.column] else { continue };
            let Some(mask) = &masks[column] else { continue };
            let rows: Vec<usize> = (0..n_rows).filter(|&row| mask[row]).collect();
            if !rows.is_empty() {
                step.fill(&mut filled, &rows)?;
            }
        }
        let Some(indicator) = &self.indicator else { return Ok(Block::Dense(filled)) };
        let marks = Block::Dense(indicator.marks(&masks, n_rows)?);
        Block::hstack(vec![Block::Dense(filled), marks], n_rows, Layout::Dense)
    }
}

impl Step {
    fn read(
        state: &State<'_>,
        width: usize,
        (low, high): &(Vec<f64>, Vec<f64>),
    ) -> Result<Self, ReadError> {
        let args = state.value().as_object().map(|it| state.step(it.args(), ""));
        let parts = args.map_or_else(|| Ok(vec![]), |it| it.as_list())?;
        let [column, from, model] = parts.as_slice() else {
            return Err(state.wrong("a column, the columns it is predicted from and a model"));
        };
        let within = |it: i64| usize::try_from(it).ok().filter(|it| *it < width);
        let place = column.value().as_i64().and_then(within);
        let place = place.ok_or_else(|| column.wrong(&format!("a column of {width}")))?;
        let columns: Option<Vec<usize>> = from.as_ints()?.into_iter().map(within).collect();
        let columns = columns.ok_or_else(|| from.wrong(&format!("columns of {width}")))?;
        let regressor = model.as_estimator()?;
        if !regressor.methods().contains(&Method::Predict)
            || regressor.n_features_in() != columns.len()
        {
            return Err(model.wrong(&format!("a regressor of {} columns", columns.len())));
        }
        let (low, high) = (low[place], high[place]);
        if low.is_nan() || high.is_nan() || high < low {
            return Err(state.invalid(format!("is for a column between {low} and {high}")));
        }
        Ok(Self { column: place, from: columns, model: regressor, low, high })
    }

    fn fill(&self, filled: &mut Dense, rows: &[usize]) -> Result<(), DataError> {
        let cells = |&j: &usize| rows.iter().map(|&row| filled.column(j)[row]).collect();
        let mut given = Dense::new(rows.len(), self.from.iter().map(cells).collect())?;
        given.dtype = filled.precision().into();
        let predicted = self.model.call(Method::Predict, Block::Dense(given));
        let predicted = predicted.map_err(|it| DataError { row: None, column: None, ..it })?;
        let predicted = predicted.into_block()?.into_dense(1)?;
        let column = filled.column_mut(self.column);
        for (&row, value) in rows.iter().zip(predicted.column(0)) {
            column[row] = value.clamp(self.low, self.high);
        }
        Ok(())
    }
}

fn kept_columns(
    state: &State<'_>,
    place: &State<'_>,
    initial: &dyn Estimator,
) -> Result<Vec<Option<usize>>, ReadError> {
    let width = initial.n_features_in();
    let is_fit = initial.methods().contains(&Method::Transform);
    let Some(n_out) = initial.n_features_out().filter(|it| is_fit && *it <= width) else {
        return Err(place.wrong("an imputer"));
    };
    let empty = match state.has("_is_empty_feature") {
        true => state.floats_len("_is_empty_feature", width)?,
        false => vec![0.0; width],
    };
    let kept = (0..n_out).map(|output| match initial.input_column(output) {
        Some(column) if column < width => Ok((empty[column] == 0.0).then_some(column)),
        _ => Err(place.wrong("an imputer")),
    });
    kept.collect()
}

/// A bound for each column: as many as there are, or one for all.
fn bounds(state: &State<'_>, name: &str, width: usize) -> Result<Vec<f64>, ReadError> {
    let it = state.get(name)?;
    match it.as_float() {
        Ok(bound) => Ok(vec![bound; width]),
        Err(_) => state.floats_len(name, width),
    }
}

impl Estimator for IterativeImputer {
    fn n_features_in(&self) -> usize {
        self.initial.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("IterativeImputer", method));
        }
        self.transform(input.into_dense(self.initial.n_features_in())?).map(Output::Block)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.kept.len() + self.indicator.as_ref().map_or(0, |it| it.columns().len()))
    }
}
