//! `HashingEncoder`: texts are counted in as many columns as there are remainders of their hash.
//!
//! | attribute            | shape     | meaning                                                        | since |
//! |----------------------|-----------|----------------------------------------------------------------|-------|
//! | `cols`               | list      | the columns to hash, together                                  | any   |
//! | `n_components`       | int       | how many columns they become: the first ones of the output     | any   |
//! | `hash_method`        | text      | `md5`                                                          | any   |
//! | `feature_names_in_`  | list      | all columns; before 2.5 those of `X`, rows that it kept        | 2.5   |
//! | `feature_dtypes_in_` | list      | numbers among `cols` are refused: their spelling is pandas'    | 2.9   |
//! | `invariant_cols`     | list      | columns that are left out; `drop_cols` before 2.4              | any   |
//!
//! A missing text is hashed as `nan`. Before 2.9 a file does not tell texts from numbers: a cell is hashed as
//! it is spelled in the table.
//!
//! Source of truth: `HashingEncoder.hash_chunk` in `category_encoders/hashing.py`.

use std::sync::Arc;

use md5::{Digest, Md5};

use super::frame_encoder::{METHODS, passed_kinds};
use super::inputs::{names_dropped, names_in};
use super::table::label;
use crate::python_text::float_text;
use crate::{
    Block, ClassSpec, Column, ColumnKind, DataError, Dtype, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["category_encoders.hashing.HashingEncoder"],
    methods: METHODS,
    read: |state| Ok(Box::new(HashingEncoder::read(state)?)),
};

#[derive(Debug)]
struct HashingEncoder {
    hashed: Vec<usize>,
    passed: Vec<usize>,
    kinds: Vec<ColumnKind>,
    n_components: usize,
    /// Whether each output column is given.
    kept: Vec<bool>,
}

impl HashingEncoder {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let method = state.text("hash_method")?;
        if method != "md5" {
            return Err(state.get("hash_method")?.unsupported(format!("is {method:?}")));
        }
        let n_components = state.width("n_components")?;
        if n_components == 0 {
            return Err(state.get("n_components")?.invalid("is 0, expected at least 1"));
        }
        let Some(names) = names_in(state)? else {
            return Err(state.unsupported("does not tell the columns it was trained on"));
        };
        let mut kinds = passed_kinds(state, names.len());
        let is_told = state.has("feature_dtypes_in_");
        let mut hashed = Vec::new();
        for name in state.list("cols")? {
            let column = label(&name)?;
            let Some(at) = names.iter().position(|it| *it == column) else {
                return Err(name.invalid(format!("is {column:?}, which it was not trained on")));
            };
            if is_told && kinds[at] == ColumnKind::Number {
                return Err(name.unsupported(format!("is {column:?}, a column of numbers")));
            }
            kinds[at] = ColumnKind::Text;
            hashed.push(at);
        }
        let passed: Vec<usize> = (0..names.len()).filter(|it| !hashed.contains(it)).collect();
        let dropped = names_dropped(state)?;
        let own = (0..n_components).map(|it| !dropped.contains(&format!("col_{it}")));
        let kept = own.chain(passed.iter().map(|&it| !dropped.contains(&names[it]))).collect();
        Ok(Self { hashed, passed, kinds, n_components, kept })
    }

    fn transform(&self, input: &Block) -> Result<Block, DataError> {
        let n_rows = input.n_rows();
        let mut counts = vec![vec![0.0; n_rows]; self.n_components];
        for &at in &self.hashed {
            match input.column(at).as_ref() {
                Column::Text(it) => it.iter().enumerate().for_each(|(row, cell)| {
                    counts[self.place(cell.unwrap_or("nan"))][row] += 1.0;
                }),
                Column::Number(it, _) => it.iter().enumerate().for_each(|(row, &x)| {
                    counts[self.place(&float_text(x))][row] += 1.0;
                }),
            }
        }
        let hashed = counts.into_iter().map(|it| Column::Number(Arc::new(it), Dtype::INT));
        let passed = self.passed.iter().map(|&at| input.column(at).into_owned());
        let given = hashed.chain(passed).zip(&self.kept).filter(|(_, kept)| **kept);
        Block::of_columns(n_rows, given.map(|(it, _)| it).collect())
    }

    /// The remainder of the digest, read as one big-endian number.
    fn place(&self, text: &str) -> usize {
        let digest: [u8; 16] = Md5::digest(text).into();
        (u128::from_be_bytes(digest) % self.n_components as u128) as usize
    }
}

impl Estimator for HashingEncoder {
    fn n_features_in(&self) -> usize {
        self.kinds.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        input.check_width(self.kinds.len())?;
        match method {
            // Without columns to hash, rows are given back as they are.
            Method::Transform if self.hashed.is_empty() => Ok(Output::Block(input)),
            Method::Transform => self.transform(&input).map(Output::Block),
            _ => Err(unsupported("HashingEncoder", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.kinds.clone()
    }
}
