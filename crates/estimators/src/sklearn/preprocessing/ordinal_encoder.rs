//! `OrdinalEncoder`: the code of each cell's category.
//!
//! | attribute               | shape       | meaning                                            | since |
//! |-------------------------|-------------|----------------------------------------------------|-------|
//! | `categories_`           | p arrays    | see `encoding.rs`, as are the infrequent ones      | 0.20  |
//! | `handle_unknown`        | text        | `error` or `use_encoded_value`; absent: `error`    | 0.24  |
//! | `unknown_value`         | int or nan  | what an unknown category becomes                   | 0.24  |
//! | `encoded_missing_value` | int or nan  | what the missing category becomes; absent: nan     | 1.1   |
//! | `_missing_indices`      | dict        | columns with a missing category and its code       | 1.0   |
//! | `dtype`                 | numpy type  | type of the codes                                  | any   |
//!
//! Output: one number per cell. Missing cells are refused before 1.0. An infinite number is refused.
//!
//! Source of truth: `OrdinalEncoder.transform` in `sklearn/preprocessing/_encoders.py`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::encoding::{self, Cell, Encoding, Together};
use crate::{
    Block, ClassSpec, Column, ColumnHint, ColumnKind, DataError, Dense, Dtype, Estimator, Frame,
    Method, Nan, Output, ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.preprocessing._encoders.OrdinalEncoder"],
    methods: METHODS,
    read: |state| Ok(Box::new(OrdinalEncoder::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct OrdinalEncoder {
    features: Vec<Feature>,
    /// What an unknown category becomes; `None` refuses it.
    unknown: Option<f64>,
    encoded_missing: f64,
    dtype: Dtype,
    nan: Nan,
}

#[derive(Debug)]
struct Feature {
    encoding: Encoding,
    /// The code of the missing category, where `encoded_missing_value` replaces it.
    missing: Option<usize>,
    /// What each code and, last, an unknown category becomes.
    values: Vec<f64>,
}

impl OrdinalEncoder {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let unknown = match state.text_or("handle_unknown", "error")? {
            "error" => None,
            "use_encoded_value" => Some(state.float("unknown_value")?),
            it => return Err(state.get("handle_unknown")?.unsupported(format!("is {it:?}"))),
        };
        let dtype = Dtype::read(&state.get("dtype")?)?;
        let encoded_missing = state.float_or("encoded_missing_value", f64::NAN)?;
        let with_missing: BTreeSet<i64> = match state.optional("_missing_indices") {
            Some(it) => {
                let entries = it.value().entries().ok_or_else(|| it.wrong("a dict"))?;
                entries.filter_map(|(column, _)| column.as_i64()).collect()
            }
            None => BTreeSet::new(),
        };
        let features = Encoding::read_all(state)?.into_iter().enumerate().map(|(i, encoding)| {
            let listed = with_missing.contains(&(i as i64));
            let missing = encoding.categories.missing().filter(|_| listed);
            Feature::new(encoding, missing, encoded_missing, unknown)
        });
        Ok(Self {
            features: features.collect(),
            unknown,
            encoded_missing,
            dtype,
            nan: encoding::nan_rule(state, Version::new(1, 0)),
        })
    }

    fn transform(&self, input: &Block) -> Result<Dense, DataError> {
        let mut columns = Vec::with_capacity(self.features.len());
        for (index, feature) in self.features.iter().enumerate() {
            let column = input.column(index);
            let categories = &feature.encoding.categories;
            let codes = categories.codes(&column, index, self.nan)?;
            if self.unknown.is_none() {
                categories.check_known(&codes, &column, index)?;
            }
            let values = codes.iter().map(|&code| feature.values[code as usize]).collect();
            columns.push(Arc::new(values));
        }
        let mut dense = Dense::from_columns(input.n_rows(), columns)?;
        dense.dtype = self.dtype;
        Ok(dense)
    }

    fn inverse_transform(&self, x: &Dense) -> Result<Frame, DataError> {
        let together = Together::of(&self.features.iter().map(|it| &it.encoding));
        let mut columns = Vec::with_capacity(self.features.len());
        for (index, feature) in self.features.iter().enumerate() {
            columns.push(self.categories_of(feature, index, x.column(index), together)?);
        }
        Frame::new(x.n_rows(), columns)
    }

    fn categories_of(
        &self,
        feature: &Feature,
        index: usize,
        codes: &[f64],
        together: Together,
    ) -> Result<Column, DataError> {
        let categories = &feature.encoding.categories;
        let infrequent: BTreeSet<usize> =
            feature.encoding.group.iter().flat_map(|it| it.infrequent.iter().copied()).collect();
        let frequent: Vec<usize> =
            (0..categories.len()).filter(|it| !infrequent.contains(it)).collect();
        let decoded = codes.iter().enumerate().map(|(row, &code)| {
            self.decode(feature, &frequent, code).ok_or_else(|| {
                DataError::cell(row, index, format!("{code} is not the code of a category"))
            })
        });
        let cells = decoded.collect::<Result<Vec<_>, _>>()?;
        Ok(encoding::written(categories, &cells, together))
    }

    /// The category of a code, if there is one; codes are cut to integers, and a negative one, which
    /// would count from the end in Python, is none.
    fn decode(&self, feature: &Feature, frequent: &[usize], code: f64) -> Option<Cell> {
        let code = match feature.missing {
            Some(it) if same(code, self.encoded_missing) => it as f64,
            _ => code,
        };
        // As in Python, the group's code counts the missing category among the frequent ones.
        if feature.encoding.group.is_some() && code == frequent.len() as f64 {
            return Some(Cell::Infrequent);
        }
        if self.unknown.is_some_and(|it| same(code, it)) {
            return Some(Cell::Missing);
        }
        let place = (0.0 <= code && code < f64::from(u32::MAX)).then_some(code as usize)?;
        frequent.get(place).copied().map(Cell::Category)
    }
}

impl Feature {
    fn new(
        encoding: Encoding,
        missing: Option<usize>,
        encoded_missing: f64,
        unknown: Option<f64>,
    ) -> Self {
        let value = |code| match missing {
            Some(it) if it == code => encoded_missing,
            _ => encoding.grouped(code) as f64,
        };
        let mut values: Vec<f64> = (0..encoding.categories.len()).map(value).collect();
        values.push(unknown.unwrap_or(f64::NAN));
        Self { encoding, missing, values }
    }
}

fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

impl Estimator for OrdinalEncoder {
    fn n_features_in(&self) -> usize {
        self.features.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        let is_closed = self.unknown.is_none();
        self.features.iter().map(|it| it.encoding.categories.hint(is_closed)).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        input.check_width(self.features.len())?;
        match method {
            Method::Transform => self.transform(&input).map(Output::dense),
            Method::InverseTransform => {
                let frame = self.inverse_transform(&input.into_numbers()?)?;
                Ok(Output::Block(Block::Frame(frame)))
            }
            _ => Err(unsupported("OrdinalEncoder", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.features.iter().map(|it| it.encoding.categories.kind()).collect()
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.features.len())
    }
}
