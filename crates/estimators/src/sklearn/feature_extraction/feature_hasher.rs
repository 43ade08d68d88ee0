//! `FeatureHasher`: keys and values, or texts, to the columns that their hashes give.
//!
//! | attribute      | shape                  | meaning                                              | since      |
//! |----------------|------------------------|------------------------------------------------------|------------|
//! | `input_type`   | dict, pair or string   | what a row is                                        | any        |
//! | `dtype`        | dtype                  | type of the numbers                                  | any        |
//! | `non_negative` | bool                   | magnitudes of the sums                               | until 0.20 |
//!
//! and those of `hashed_columns.rs`. It takes a table of any width, and an empty cell is left out. With
//! `string` each cell is a text that counts 1 (or -1, by the sign of its hash). With `dict` and `pair` a
//! column's name is the key of its cells: a cell that spells a number is a value, any other stands for
//! `key=cell` with the value 1. Output: sparse rows. Values that cancel one another leave a stored 0.
//!
//! Source of truth: `FeatureHasher.transform` in `sklearn/feature_extraction/_hash.py`,
//! `sklearn/feature_extraction/_hashing_fast.pyx`.

use super::hashed_columns::HashedColumns;
use crate::{
    Block, ClassSpec, Column, ColumnKind, Csr, DataError, Dtype, Estimator, Method, Output,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.feature_extraction._hash.FeatureHasher",
        "sklearn.feature_extraction.hashing.FeatureHasher", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(FeatureHasher::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct FeatureHasher {
    columns: HashedColumns,
    row: Row,
    dtype: Dtype,
    non_negative: bool,
    /// The names of the table's columns.
    names: Vec<String>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Texts,
    Pairs,
}

impl FeatureHasher {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let row = match state.text("input_type")? {
            "string" => Row::Texts,
            "dict" | "pair" => Row::Pairs,
            it => return Err(state.get("input_type")?.unsupported(format!("is {it:?}"))),
        };
        Ok(Self {
            columns: HashedColumns::read(state)?,
            row,
            dtype: Dtype::read(&state.get("dtype")?)?,
            non_negative: state.flag_or("non_negative", false)?,
            names: Vec::new(),
        })
    }

    fn hash(&self, input: &Block) -> Result<Csr, DataError> {
        let n = input.n_cols();
        if self.row == Row::Pairs && self.names.len() != n {
            let text = "its columns have no names, which a FeatureHasher of dicts hashes";
            return Err(DataError::block(text));
        }
        let columns: Vec<_> = (0..n).map(|j| input.column(j)).collect();
        let mut rows = Csr::new(self.columns.width());
        rows.dtype = self.dtype;
        let mut found: Vec<(usize, f64)> = Vec::with_capacity(n);
        for row in 0..input.n_rows() {
            found.clear();
            for (j, column) in columns.iter().enumerate() {
                found.extend(self.feature(column, row, j)?);
            }
            found.sort_by_key(|(column, _)| *column);
            for same in found.chunk_by(|a, b| a.0 == b.0) {
                let sum = same.iter().fold(0.0, |sum, (_, x)| self.dtype.of(sum + x));
                rows.push(same[0].0, if self.non_negative { sum.abs() } else { sum });
            }
            rows.end_row();
        }
        Ok(rows)
    }

    /// The column and the signed value of a cell, unless it is missing or 0.
    fn feature(
        &self,
        column: &Column,
        row: usize,
        j: usize,
    ) -> Result<Option<(usize, f64)>, DataError> {
        let cell = match column {
            Column::Text(it) => it.get(row).map(|it| (it, super::number(it))),
            Column::Number(it, _) => it.get(row).filter(|x| !x.is_nan()).map(|&x| ("", Some(x))),
        };
        let Some((text, number)) = cell else { return Ok(None) };
        let signed = |(column, sign): (usize, f64), x: f64| {
            Some((column, self.dtype.of(x * sign))).filter(|_| x != 0.0)
        };
        Ok(match (self.row, column, number, self.names.get(j)) {
            (Row::Texts, Column::Text(_), ..) => signed(self.columns.place(text), 1.0),
            (Row::Pairs, _, Some(x), Some(name)) => signed(self.columns.place(name), x),
            (Row::Pairs, _, None, Some(name)) => {
                signed(self.columns.place(&format!("{name}={text}")), 1.0)
            }
            _ => return Err(DataError::cell(row, j, "a number is no text to hash")),
        })
    }
}

impl Estimator for FeatureHasher {
    fn n_features_in(&self) -> usize {
        0
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("FeatureHasher", method));
        }
        Ok(Output::Block(Block::Sparse(self.hash(&input)?)))
    }

    fn name_inputs(&mut self, names: &[String]) {
        self.names = names.to_vec();
    }

    fn takes_names(&self) -> bool {
        true
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Text; self.names.len()]
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.columns.width())
    }
}
