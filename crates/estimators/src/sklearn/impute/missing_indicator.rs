//! `MissingIndicator`: whether each cell is missing, for the columns that had missing cells.
//!
//! | attribute                          | shape | meaning                                              | since |
//! |------------------------------------|-------|------------------------------------------------------|-------|
//! | `features_`                        | (k,)  | the columns marked                                   | 0.20  |
//! | `features`                         | text  | `missing-only` or `all`                              | 0.20  |
//! | `missing_values`                   | any   | see `missing_values.rs`                              | 0.20  |
//! | `error_on_new`                     | bool  | refuse a missing cell in a column that had none      | 0.20  |
//! | `sparse`                           | bool or `auto` | sparse rows; `auto`: if the input is sparse | 0.20  |
//! | `n_features_in_` or `_n_features`  | int   | number of columns                                    | 0.24  |
//!
//! Output: booleans. Until 0.21 the number of columns is stored as `_n_features` too.
//!
//! Source of truth: `MissingIndicator.transform` in `sklearn/impute/_base.py`.

use std::sync::Arc;

use super::missing_values::{Infinite, MissingValues};
use crate::{
    Block, ClassSpec, DataError, Dense, Dtype, Estimator, Layout, Method, Output, ReadError, State,
    Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.impute._base.MissingIndicator",
        "sklearn.impute.MissingIndicator", // 0.20
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(MissingIndicator::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
pub(super) struct MissingIndicator {
    n_features: usize,
    columns: Vec<usize>,
    missing: MissingValues,
    refuses_new: bool,
    /// `None`: as the input is.
    sparse: Option<bool>,
}

impl MissingIndicator {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let name = if state.has("n_features_in_") { "n_features_in_" } else { "_n_features" };
        let n_features = state.width(name)?;
        let features = state.get("features_")?;
        let column = |it: i64| usize::try_from(it).ok().filter(|it| *it < n_features);
        let columns: Option<Vec<usize>> = features.as_ints()?.into_iter().map(column).collect();
        let columns = columns.filter(|it| it.is_sorted_by(|a, b| a < b));
        let columns = columns.ok_or_else(|| features.invalid("are not columns in their order"))?;
        let missing_only = match state.text("features")? {
            "missing-only" => true,
            "all" => false,
            it => return Err(state.get("features")?.unsupported(format!("is {it:?}"))),
        };
        let sparse = state.get("sparse")?;
        let sparse = match sparse.value().as_str() {
            Some("auto") => None,
            _ => Some(state.flag("sparse")?),
        };
        Ok(Self {
            n_features,
            columns,
            missing: MissingValues::read(state)?,
            refuses_new: missing_only && state.flag("error_on_new")?,
            sparse,
        })
    }

    pub(super) fn n_features(&self) -> usize {
        self.n_features
    }

    /// The columns that are marked.
    pub(super) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// The marks, from the masks of all columns.
    pub(super) fn marks(
        &self,
        masks: &[Option<Vec<bool>>],
        n_rows: usize,
    ) -> Result<Dense, DataError> {
        let zeros = Arc::new(vec![0.0; n_rows]);
        let mark = |&column: &usize| match &masks[column] {
            Some(mask) => Arc::new(mask.iter().map(|&it| f64::from(u8::from(it))).collect()),
            None => Arc::clone(&zeros),
        };
        let mut marks = Dense::from_columns(n_rows, self.columns.iter().map(mark).collect())?;
        marks.dtype = Dtype::Bool;
        Ok(marks)
    }

    fn masks(&self, input: &Block) -> Result<Vec<Option<Vec<bool>>>, DataError> {
        let mut masks = Vec::with_capacity(self.n_features);
        for index in 0..self.n_features {
            let column = input.column(index);
            self.missing.check(&column, index, Infinite::Refused)?;
            let mask = self.missing.mask(&column);
            if self.refuses_new
                && self.columns.binary_search(&index).is_err()
                && let Some(row) = mask.as_ref().and_then(|it| it.iter().position(|&it| it))
            {
                let text = "the value is missing, and the column had no missing value in training";
                return Err(DataError::cell(row, index, text));
            }
            masks.push(mask);
        }
        Ok(masks)
    }
}

impl Estimator for MissingIndicator {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("MissingIndicator", method));
        }
        input.check_width(self.n_features)?;
        let mut masks = self.masks(&input)?;
        let is_sparse = matches!(input, Block::Sparse(_));
        if self.sparse.unwrap_or(is_sparse) {
            let marks = Block::Dense(self.marks(&masks, input.n_rows())?);
            return Block::hstack(vec![marks], input.n_rows(), Layout::Sparse).map(Output::Block);
        }
        let n_rows = input.n_rows();
        let columns = self
            .columns
            .iter()
            .map(|&it| Values::Bool(masks[it].take().unwrap_or_else(|| vec![false; n_rows])));
        Ok(Output::Columns(columns.collect()))
    }

    fn column_kinds(&self) -> Vec<crate::ColumnKind> {
        let kind = match self.missing {
            MissingValues::Text(_) => crate::ColumnKind::Text,
            _ => crate::ColumnKind::Number,
        };
        vec![kind; self.n_features]
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.columns.get(output).copied()
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.columns.len())
    }
}
