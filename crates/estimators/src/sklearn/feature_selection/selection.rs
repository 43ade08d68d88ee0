//! Columns kept of a block, and put back: what every selector does.
//!
//! `transform` keeps the columns as they are, sparse rows sparse. `inverse_transform` puts zeros where
//! columns were dropped. Rows are checked for NaN and infinities, dropped columns too, unless the
//! selector's tags allow NaN: then nothing is checked, infinities neither.
//!
//! Source of truth: `SelectorMixin` in `sklearn/feature_selection/_base.py`.

use std::sync::Arc;

use crate::{
    Block, Column, ColumnHint, ColumnKind, Csr, DataError, Dense, Nan, ReadError, State, Version,
};

#[derive(Debug)]
pub(super) struct Selection {
    n_features: usize,
    /// The columns kept, in order.
    kept: Vec<usize>,
    check: Check,
}

/// What `transform` asks of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    Finite,
    Nothing,
}

impl Selection {
    /// The selection of a selector at `state`, from a flag for each column.
    pub(super) fn new(state: &State<'_>, mask: &[bool], check: Check) -> Result<Self, ReadError> {
        let n_features = state.n_features_in(mask.len())?;
        let kept = (0..n_features).filter(|&it| mask[it]).collect();
        Ok(Self { n_features, kept, check })
    }

    pub(super) fn n_features_in(&self) -> usize {
        self.n_features
    }

    pub(super) fn n_kept(&self) -> usize {
        self.kept.len()
    }

    /// The input column that is column `output` of the kept.
    pub(super) fn input_column(&self, output: usize) -> Option<usize> {
        self.kept.get(output).copied()
    }

    pub(super) fn transform(&self, input: &Block) -> Result<Block, DataError> {
        input.check_width(self.n_features)?;
        if self.check == Check::Finite {
            check_finite(input)?;
        }
        if self.kept.is_empty() {
            return Ok(Block::Dense(Dense::filled(input.n_rows(), 0, 0.0)));
        }
        Ok(input.select(&self.kept))
    }

    pub(super) fn inverse_transform(&self, input: &Block) -> Result<Block, DataError> {
        input.check_width(self.kept.len())?;
        match input {
            Block::Sparse(it) => Ok(Block::Sparse(self.spread_sparse(it))),
            dense => {
                check_finite(dense)?;
                self.spread(dense).map(Block::Dense)
            }
        }
    }

    fn spread(&self, input: &Block) -> Result<Dense, DataError> {
        let n_rows = input.n_rows();
        let dtype = input.dtype();
        let numbers = input.clone().into_numbers()?;
        let zeros = Arc::new(vec![0.0; n_rows]);
        let mut columns = vec![zeros; self.n_features];
        for (&to, column) in self.kept.iter().zip(numbers.columns()) {
            columns[to] = Arc::clone(column);
        }
        let mut spread = Dense::from_columns(n_rows, columns)?;
        spread.dtype = dtype;
        Ok(spread)
    }

    fn spread_sparse(&self, input: &Csr) -> Csr {
        let mut spread = Csr::new(self.n_features);
        spread.dtype = input.dtype;
        for row in 0..input.n_rows() {
            input.row(row).for_each(|(column, value)| spread.push(self.kept[column], value));
            spread.end_row();
        }
        spread
    }

    /// What is known of all columns if the next step knows `next` of those it keeps.
    pub(super) fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let mut hints = vec![ColumnHint::default(); self.n_features];
        for (&column, hint) in self.kept.iter().zip(next) {
            hints[column] = hint.clone();
        }
        hints
    }

    /// Kept cells are handed on as they are, and dropped ones are checked: numbers, unless the next step
    /// wants text.
    pub(super) fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Number; self.n_features];
        for (&column, &wanted) in self.kept.iter().zip(wanted) {
            kinds[column] = wanted.max(ColumnKind::Number);
        }
        kinds
    }
}

fn check_finite(block: &Block) -> Result<(), DataError> {
    match block {
        Block::Dense(it) => it.check_finite(Nan::Refused),
        Block::Sparse(it) => it.check_finite(Nan::Refused),
        Block::Frame(it) => {
            for (index, column) in it.columns().iter().enumerate() {
                if let Column::Number(values, _) = column {
                    let checked = |(row, x): (usize, &f64)| Nan::Refused.check(row, index, *x);
                    values.iter().enumerate().try_for_each(checked)?;
                }
            }
            Ok(())
        }
    }
}

/// What the tag `allow_nan` of the estimator that a selector is made with means for the selector: since
/// 0.22 nothing is checked if the estimator takes missing values. Trees, forests and histogram boosting
/// say so; of any other estimator it is not known here, and missing values are refused.
pub(super) fn check_by_estimator(state: &State<'_>) -> Result<Check, ReadError> {
    if state.version() < Version::new(0, 22) {
        return Ok(Check::Finite);
    }
    let estimator = state.optional("estimator_").or_else(|| state.optional("estimator"));
    let Some(estimator) = estimator else { return Ok(Check::Finite) };
    let nan = match estimator.class().map(|it| it.name) {
        Some("HistGradientBoostingClassifier" | "HistGradientBoostingRegressor") => Nan::Allowed,
        Some(
            "DecisionTreeClassifier"
            | "DecisionTreeRegressor"
            | "ExtraTreeClassifier"
            | "ExtraTreeRegressor",
        ) => crate::sklearn::tree::missing_values(&estimator)?,
        Some(
            "RandomForestClassifier"
            | "RandomForestRegressor"
            | "ExtraTreesClassifier"
            | "ExtraTreesRegressor",
        ) => forest(&estimator)?,
        _ => Nan::Refused,
    };
    Ok(if nan == Nan::Allowed { Check::Nothing } else { Check::Finite })
}

fn forest(estimator: &State<'_>) -> Result<Nan, ReadError> {
    match estimator.optional("estimators_").map(|it| it.as_list()).transpose()? {
        Some(trees) => crate::sklearn::ensemble::forest_missing_values(&trees),
        None => Ok(Nan::Refused),
    }
}
