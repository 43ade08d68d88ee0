//! `DictVectorizer`: records of keys and values to columns, a text value to a column of its own.
//!
//! | attribute     | shape       | meaning                                                    | since |
//! |---------------|-------------|------------------------------------------------------------|-------|
//! | `vocabulary_` | dict        | the column of each feature: a key, or key, separator, text | any   |
//! | `separator`   | text        | stands between a key and its text value                    | any   |
//! | `sparse`      | bool        | sparse rows                                                | any   |
//! | `dtype`       | float dtype | type of the numbers; integer types are refused             | any   |
//!
//! In a table a record is a row and a key is a column, found by name; an empty cell is a key the record
//! does not have. The keys are those of the vocabulary: `city=Oslo` is read as key `city`, so a key that
//! holds the separator itself is not found. A column of which only numbers were learned is read as numbers,
//! any other as text; a text that was not learned is a number if it spells one. What was not learned is left
//! out. Output: a column per feature. `inverse_transform` gives a column per feature, its cell missing
//! where the record lacks the feature.
//!
//! Source of truth: `DictVectorizer._transform` in `sklearn/feature_extraction/_dict_vectorizer.py`.

use std::collections::HashMap;

use object_graph::Value;

use crate::categories::Folding;
use crate::{
    Block, ClassSpec, Column, ColumnKind, Csr, DataError, Dense, Dtype, Estimator, Method, Nan,
    Output, ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.feature_extraction._dict_vectorizer.DictVectorizer",
        "sklearn.feature_extraction.dict_vectorizer.DictVectorizer", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(DictVectorizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct DictVectorizer {
    keys: Vec<Key>,
    /// For each column of the output the place of its key.
    key_of: Vec<usize>,
    sparse: bool,
    /// Until 0.24 dense rows keep the sign of -0.0, which later is added to 0.0.
    keeps_negative_zero: bool,
    dtype: Dtype,
}

/// The features of one key.
#[derive(Debug)]
struct Key {
    name: String,
    /// The column of its numbers.
    number: Option<usize>,
    /// The column of each text.
    texts: HashMap<Box<str>, usize, Folding>,
}

/// The names of the columns that a `DictVectorizer` looks for; `None` if `state` is none.
pub(in crate::sklearn) fn keys(state: &State<'_>) -> Option<Vec<String>> {
    let class = state.class()?;
    if class.name != CLASS.name() || !CLASS.paths.contains(&class.to_string().as_str()) {
        return None;
    }
    let (keys, _) = read_keys(state).ok()?;
    Some(keys.into_iter().map(|it| it.name).collect())
}

/// The keys in the order of their first columns, and the key of each column.
fn read_keys(state: &State<'_>) -> Result<(Vec<Key>, Vec<usize>), ReadError> {
    let separator = state.text("separator")?;
    let vocabulary = state.get("vocabulary_")?;
    let mut features = features(&vocabulary)?;
    features.sort_unstable_by_key(|(column, _)| *column);
    if features.iter().map(|(column, _)| *column).ne(0..features.len()) {
        return Err(vocabulary.wrong("a dict whose values number its keys from 0"));
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    let folding = Folding::new();
    let mut keys: Vec<Key> = Vec::new();
    let mut key_of = Vec::with_capacity(features.len());
    for (column, feature) in features {
        let pair = if separator.is_empty() { None } else { feature.split_once(separator) };
        let name = pair.map_or(feature, |it| it.0);
        let place = *places.entry(name).or_insert(keys.len());
        if place == keys.len() {
            let texts = HashMap::with_hasher(folding);
            keys.push(Key { name: name.to_owned(), number: None, texts });
        }
        key_of.push(place);
        match pair {
            Some((_, text)) => {
                keys[place].texts.insert(text.into(), column);
            }
            None => keys[place].number = Some(column),
        }
    }
    Ok((keys, key_of))
}

/// The columns and names of the features.
fn features<'g>(vocabulary: &State<'g>) -> Result<Vec<(usize, &'g str)>, ReadError> {
    let wrong = || vocabulary.wrong("a dict of features and their columns");
    let entries = vocabulary.value().entries().ok_or_else(wrong)?;
    let feature = |(feature, column): (Value<'g>, Value<'g>)| {
        let Some(feature) = feature.as_str() else {
            let text = format!("has a key that is {}: columns have texts", feature.type_name());
            return Err(vocabulary.unsupported(text));
        };
        vocabulary.charge(feature.len().saturating_add(128))?;
        let column = column.as_i64().and_then(|it| u32::try_from(it).ok());
        Ok((column.ok_or_else(wrong)? as usize, feature))
    };
    entries.map(feature).collect()
}

impl DictVectorizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let (keys, key_of) = read_keys(state)?;
        if keys.is_empty() {
            return Err(state.get("vocabulary_")?.wrong("at least one feature"));
        }
        Ok(Self {
            keys,
            key_of,
            sparse: state.flag("sparse")?,
            keeps_negative_zero: state.version() < Version::new(1, 0),
            dtype: float_type(&state.get("dtype")?)?,
        })
    }

    fn transform(&self, input: &Block) -> Block {
        let columns: Vec<_> = (0..self.keys.len()).map(|j| input.column(j)).collect();
        let mut rows = Csr::new(self.key_of.len());
        rows.dtype = self.dtype;
        let mut found: Vec<(usize, f64)> = Vec::with_capacity(self.keys.len());
        for row in 0..input.n_rows() {
            found.clear();
            let pairs = self.keys.iter().zip(&columns);
            found.extend(pairs.filter_map(|(key, column)| key.feature(column, row)));
            found.sort_unstable_by_key(|(column, _)| *column);
            found.iter().for_each(|&(column, x)| rows.push(column, x));
            rows.end_row();
        }
        rows.round();
        if self.sparse { Block::Sparse(rows) } else { self.dense(&rows) }
    }

    fn dense(&self, rows: &Csr) -> Block {
        let mut dense = Dense::filled(rows.n_rows(), rows.n_cols(), 0.0);
        for row in 0..rows.n_rows() {
            for (column, x) in rows.row(row) {
                let x = if self.keeps_negative_zero { x } else { x + 0.0 };
                dense.column_mut(column)[row] = x;
            }
        }
        dense.dtype = self.dtype;
        Block::Dense(dense)
    }

    /// A zero is a feature that the record does not have.
    fn inverse_transform(&self, input: Block) -> Result<Output, DataError> {
        let mut x = input.into_dense(self.key_of.len())?;
        x.check_finite(Nan::Refused)?;
        x.map_columns(|_, column| {
            column.iter_mut().filter(|x| **x == 0.0).for_each(|x| *x = f64::NAN);
        });
        // Python gives dicts, whose numbers pandas makes `float64`.
        x.dtype = Dtype::Float64;
        Ok(Output::dense(x))
    }
}

impl Key {
    /// The column and the value of a cell, unless it is missing or was not learned.
    fn feature(&self, column: &Column, row: usize) -> Option<(usize, f64)> {
        match column {
            Column::Number(it, _) => {
                let x = it.get(row).copied().filter(|x| !x.is_nan())?;
                self.number.map(|column| (column, x))
            }
            Column::Text(it) => {
                let cell = it.get(row)?;
                if let Some(&column) = self.texts.get(cell) {
                    return Some((column, 1.0));
                }
                Some((self.number?, super::number(cell)?))
            }
        }
    }
}

fn float_type(dtype: &State<'_>) -> Result<Dtype, ReadError> {
    let it = Dtype::read(dtype)?;
    if it.is_whole() {
        let text = "is an integer type, which would cut off what is not whole";
        return Err(dtype.unsupported(text));
    }
    Ok(it)
}

impl Estimator for DictVectorizer {
    fn n_features_in(&self) -> usize {
        self.keys.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => {
                input.check_width(self.keys.len())?;
                Ok(Output::Block(self.transform(&input)))
            }
            Method::InverseTransform => self.inverse_transform(input),
            _ => Err(unsupported("DictVectorizer", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        let kind = |it: &Key| {
            if it.texts.is_empty() { ColumnKind::Number } else { ColumnKind::Text }
        };
        self.keys.iter().map(kind).collect()
    }

    fn selects_by_name(&self) -> bool {
        true
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.key_of.get(output).copied()
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.key_of.len())
    }
}
