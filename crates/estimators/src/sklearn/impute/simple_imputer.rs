//! `SimpleImputer`: fills missing cells with one value per column.
//!
//! | attribute             | shape                | meaning                                            | since |
//! |-----------------------|----------------------|----------------------------------------------------|-------|
//! | `statistics_`         | (p,) numbers or objects | what fills each column; nan: nothing was there  | 0.20  |
//! | `missing_values`      | any                  | which cells are missing, see `missing_values.rs`   | 0.20  |
//! | `strategy`            | text                 | `constant` keeps empty columns until 1.7           | 0.20  |
//! | `keep_empty_features` | bool                 | keep columns that had no value; absent: no         | 1.2   |
//! | `add_indicator`       | bool                 | append which cells were missing; absent: no        | 0.21  |
//! | `indicator_`          | `MissingIndicator`   | for which columns                                  | 0.21  |
//!
//! Output: the columns without those that had no value, then, as 0 and 1, whether a cell was missing. A
//! column is read as the step after asks if Python held objects, else as numbers. Infinite numbers are
//! refused unless Python held objects.
//!
//! `inverse_transform` makes the cells marked missing missing again; Python leaves columns out by looking at
//! the rows at hand (all of them marked), here those are left out that had no value in training.
//!
//! Source of truth: `SimpleImputer.transform` in `sklearn/impute/_base.py`.

use std::sync::Arc;

use object_graph::{Kind, Scalar};

use super::missing_indicator::MissingIndicator;
use super::missing_values::{Infinite, MissingValues};
use crate::python_text::float_text;
use crate::{
    Block, ClassSpec, Column, ColumnHint, ColumnKind, Csr, DataError, Dense, Dtype, Estimator,
    Frame, Layout, Method, Output, Precision, ReadError, State, TextColumn, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.impute._base.SimpleImputer",
        "sklearn.impute.SimpleImputer", // 0.20
    ],
    methods: &[Method::Transform, Method::InverseTransform],
    read: |state| Ok(Box::new(SimpleImputer::read(state)?)),
};

#[derive(Debug)]
struct SimpleImputer {
    fills: Vec<Fill>,
    /// The columns that are kept.
    kept: Vec<usize>,
    missing: MissingValues,
    /// Python held the cells as objects: text, or text and numbers.
    is_object: bool,
    /// Integers stay integers; else they become floats.
    keeps_dtype: bool,
    indicator: Option<MissingIndicator>,
    methods: &'static [Method],
}

/// Which cells of a column are missing, if any is.
type Mask = Option<Vec<bool>>;

/// What fills a column.
#[derive(Debug, Clone, PartialEq)]
enum Fill {
    Number(f64),
    Bool(bool),
    Text(String),
    /// There was nothing; a kept column stays as it is.
    Nothing,
}

impl SimpleImputer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let fills = fills(&state.get("statistics_")?)?;
        state.n_features_in(fills.len())?;
        let constant_keeps =
            state.text("strategy")? == "constant" && state.version() < Version::new(1, 8);
        let keeps_empty = state.flag_or("keep_empty_features", false)? || constant_keeps;
        let kept = (0..fills.len()).filter(|&j| keeps_empty || fills[j] != Fill::Nothing);
        let missing = MissingValues::read(state)?;
        let indicator = match state.flag_or("add_indicator", false)? {
            true => Some(MissingIndicator::read(&state.get("indicator_")?)?),
            false => None,
        };
        if let Some(it) = &indicator
            && it.n_features() != fills.len()
        {
            return Err(state.get("indicator_")?.wrong("an indicator for as many columns"));
        }
        // `inverse_transform` came in 0.24, and undoes only what it can see.
        let inverts = indicator.is_some() && Version::new(0, 24) <= state.version();
        let methods: &[Method] = match inverts {
            true => &[Method::Transform, Method::InverseTransform],
            false => &[Method::Transform],
        };
        let is_object = state.array("statistics_")?.dtype.scalar == Scalar::Object;
        let keeps_dtype = matches!(state.text("strategy")?, "most_frequent" | "constant");
        let kept = kept.collect();
        Ok(Self { kept, fills, missing, is_object, keeps_dtype, indicator, methods })
    }

    fn transform(&self, input: &Block) -> Result<Block, DataError> {
        let infinite = if self.is_object { Infinite::Allowed } else { Infinite::Refused };
        let n = input.n_cols();
        let mut masks = Vec::with_capacity(n);
        for index in 0..n {
            let column = input.column(index);
            self.missing.check(&column, index, infinite)?;
            masks.push(self.missing.mask(&column));
        }
        let filled = match input {
            Block::Dense(x) => Block::Dense(self.fill_dense(x, &masks)?),
            Block::Sparse(x) => Block::Sparse(self.fill_sparse(x)?),
            Block::Frame(x) => Block::Frame(self.fill_frame(x, &masks)?),
        };
        let Some(indicator) = &self.indicator else { return Ok(filled) };
        let layout = if matches!(input, Block::Sparse(_)) { Layout::Sparse } else { Layout::Dense };
        let marks = Block::Dense(indicator.marks(&masks, input.n_rows())?);
        Block::hstack(vec![filled, marks], input.n_rows(), layout)
    }

    fn fill_dense(&self, x: &Dense, masks: &[Mask]) -> Result<Dense, DataError> {
        let mut columns = Vec::with_capacity(self.kept.len());
        for &j in &self.kept {
            let mut column = Arc::clone(&x.columns()[j]);
            if let Some(mask) = &masks[j] {
                let value = self.number(j, x.precision())?;
                let cells = Arc::<Vec<f64>>::make_mut(&mut column).iter_mut().zip(mask);
                cells.filter(|(_, missing)| **missing).for_each(|(x, _)| *x = value);
            }
            columns.push(column);
        }
        let mut filled = Dense::from_columns(x.n_rows(), columns)?;
        filled.dtype = self.dtype(x.dtype);
        Ok(filled)
    }

    fn dtype(&self, given: Dtype) -> Dtype {
        if self.keeps_dtype { given } else { given.precision().into() }
    }

    /// The number that fills column `j`.
    fn number(&self, j: usize, precision: Precision) -> Result<f64, DataError> {
        let value = match &self.fills[j] {
            Fill::Number(it) => *it,
            Fill::Bool(it) => f64::from(u8::from(*it)),
            Fill::Nothing => f64::NAN,
            Fill::Text(it) => {
                let text = format!("column {j} of numbers is to be filled with the text {it:?}");
                return Err(DataError::block(text));
            }
        };
        Ok(if precision == Precision::Single { f64::from(value as f32) } else { value })
    }

    /// Fills what is stored; zeros that are not stored are not missing.
    fn fill_sparse(&self, x: &Csr) -> Result<Csr, DataError> {
        if self.missing == MissingValues::Number(0.0) {
            return Err(DataError::block("sparse rows cannot be imputed where 0 means missing"));
        }
        let Block::Sparse(mut kept) = Block::Sparse(x.clone()).select(&self.kept) else {
            return Ok(x.clone());
        };
        let precision = x.precision();
        let fills: Result<Vec<f64>, DataError> =
            self.kept.iter().map(|&j| self.number(j, precision)).collect();
        let fills = fills?;
        for (column, value) in kept.entries_mut() {
            let missing = match &self.missing {
                MissingValues::Nan => value.is_nan(),
                MissingValues::Number(it) => *value == *it,
                MissingValues::Text(_) => false,
            };
            if missing {
                *value = fills[column];
            }
        }
        kept.dtype = self.dtype(x.dtype);
        Ok(kept)
    }

    fn fill_frame(&self, x: &Frame, masks: &[Mask]) -> Result<Frame, DataError> {
        let columns = self.kept.iter().map(|&j| {
            let column = &x.columns()[j];
            match &masks[j] {
                Some(mask) => self.fills[j].fill(column, mask),
                None => column.clone(),
            }
        });
        Frame::new(x.n_rows(), columns.collect())
    }

    fn inverse_transform(&self, x: &Dense) -> Result<Dense, DataError> {
        let Some(indicator) = &self.indicator else {
            return Err(unsupported(
                "SimpleImputer without add_indicator",
                Method::InverseTransform,
            ));
        };
        let value = match &self.missing {
            MissingValues::Nan => f64::NAN,
            MissingValues::Number(it) => *it,
            MissingValues::Text(_) => {
                return Err(DataError::block(
                    "the missing value is a text, the columns are numbers",
                ));
            }
        };
        let mut original = Dense::filled(x.n_rows(), self.fills.len(), 0.0);
        for (from, &to) in self.kept.iter().enumerate() {
            original.column_mut(to).copy_from_slice(x.column(from));
        }
        for (mark, &column) in indicator.columns().iter().enumerate() {
            let marks = x.column(self.kept.len() + mark);
            let cells = original.column_mut(column).iter_mut().zip(marks);
            cells.filter(|(_, mark)| **mark != 0.0).for_each(|(x, _)| *x = value);
        }
        Ok(original)
    }

    fn n_out(&self) -> usize {
        self.kept.len() + self.indicator.as_ref().map_or(0, |it| it.columns().len())
    }
}

impl Fill {
    /// A copy of `column` with its missing cells filled; a column of numbers becomes text if the
    /// filling is text.
    fn fill(&self, column: &Column, mask: &[bool]) -> Column {
        match (column, self) {
            (_, Self::Nothing) => column.clone(),
            (Column::Number(it, dtype), Self::Number(_) | Self::Bool(_)) => {
                let value = match self {
                    Self::Number(it) => *it,
                    it => f64::from(u8::from(*it == Self::Bool(true))),
                };
                let fill = |(x, &missing): (&f64, &bool)| if missing { value } else { *x };
                Column::Number(Arc::new(it.iter().zip(mask).map(fill).collect()), *dtype)
            }
            (Column::Number(it, _), Self::Text(text)) => {
                let mut filled = TextColumn::new();
                for (x, &missing) in it.iter().zip(mask) {
                    match missing {
                        true => filled.push(Some(text)),
                        false => filled.push(Some(&float_text(*x))),
                    }
                }
                Column::Text(Arc::new(filled))
            }
            (Column::Text(it), _) => {
                let text = self.text();
                let mut filled = TextColumn::new();
                for (cell, &missing) in it.iter().zip(mask) {
                    filled.push(if missing { Some(&text) } else { cell });
                }
                Column::Text(Arc::new(filled))
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Number(it) => float_text(*it),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Text(it) => it.clone(),
            Self::Nothing => String::new(),
        }
    }
}

fn fills(statistics: &State<'_>) -> Result<Vec<Fill>, ReadError> {
    let array = statistics.value().as_array().ok_or_else(|| statistics.wrong("an array"))?;
    let number = |x: f64| if x.is_nan() { Fill::Nothing } else { Fill::Number(x) };
    match array.dtype.scalar {
        Scalar::Unicode => Ok(statistics.as_texts()?.into_iter().map(Fill::Text).collect()),
        Scalar::Object => {
            let items = statistics.as_list()?;
            items
                .iter()
                .map(|it| match it.value().kind() {
                    Kind::None => Ok(Fill::Nothing),
                    Kind::Bool(it) => Ok(Fill::Bool(it)),
                    Kind::Text(text) => {
                        it.charge(text.len())?;
                        Ok(Fill::Text(text.to_owned()))
                    }
                    Kind::Array(array) if array.dtype.scalar == Scalar::Unicode => {
                        let text = array.to_text(it.value().graph()).and_then(|mut it| it.pop());
                        text.map(Fill::Text).ok_or_else(|| it.wrong("a text"))
                    }
                    Kind::Array(_) if it.value().as_bool().is_some() => {
                        Ok(Fill::Bool(it.value().as_bool() == Some(true)))
                    }
                    _ => it.as_float().map(number),
                })
                .collect()
        }
        _ => Ok(statistics.as_floats()?.into_iter().map(number).collect()),
    }
}

impl Estimator for SimpleImputer {
    fn n_features_in(&self) -> usize {
        self.fills.len()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => {
                input.check_width(self.fills.len())?;
                self.transform(&input).map(Output::Block)
            }
            Method::InverseTransform => {
                self.inverse_transform(&input.into_dense(self.n_out())?).map(Output::dense)
            }
            _ => Err(unsupported("SimpleImputer", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.column_kinds_for(&[])
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Unused; self.fills.len()];
        for (output, &column) in self.kept.iter().enumerate() {
            kinds[column] = match (&self.fills[column], wanted.get(output)) {
                (Fill::Text(_), _) => ColumnKind::Text,
                (_, _) if !self.is_object => ColumnKind::Number,
                (_, Some(&it)) if it != ColumnKind::Unused => it,
                (Fill::Bool(_), _) => ColumnKind::Text,
                _ => ColumnKind::Number,
            };
        }
        for &column in self.indicator.iter().flat_map(MissingIndicator::columns) {
            if kinds[column] == ColumnKind::Unused {
                kinds[column] = ColumnKind::Number;
            }
        }
        kinds
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.column_hints_for(&[])
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let mut hints = vec![ColumnHint::default(); self.fills.len()];
        for (output, &column) in self.kept.iter().enumerate() {
            let own = match &self.fills[column] {
                Fill::Number(x) => ColumnHint::of_number(*x),
                _ => ColumnHint::default(),
            };
            hints[column] = own.or(next.get(output).cloned().unwrap_or_default());
        }
        hints
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.kept.get(output).copied()
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.n_out())
    }
}
