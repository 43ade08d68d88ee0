//! The categories an encoder learned for one column, and the code of each cell.
//!
//! A category is a number, a text, a boolean or the missing value, as Python held it. Cells are looked
//! up by hash: text by its bytes, numbers by their value (`1`, `1.0` and `True` are one key, as in
//! Python). A missing cell finds `nan`, `None` or `pandas.NA`, whichever the column was trained with.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

use object_graph::{Array, Kind, Scalar, Value};

use crate::python_text::float_text;
use crate::{Column, ColumnHint, ColumnKind, DataError, Dtype, Nan, ReadError, State, TextColumn};

/// Beyond this, `f64` does not hold every integer.
const EXACT_INTEGERS: u64 = 1 << 53;

/// One category, or another cell of a table in a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Category {
    /// A float.
    Number(f64),
    /// An integer.
    Integer(i64),
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(String),
    /// `nan`, `None` or `pandas.NA`.
    Missing,
}

impl Category {
    /// It as Python's `str` writes it; `None` if it is missing.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Number(x) => Some(float_text(*x)),
            Self::Integer(x) => Some(x.to_string()),
            Self::Bool(x) => Some(if *x { "True" } else { "False" }.to_owned()),
            Self::Text(it) => Some(it.clone()),
            Self::Missing => None,
        }
    }
}

/// What numpy holds the categories as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Booleans,
    Numbers,
    Texts,
    Objects,
}

/// The categories of one column, in the order of their codes.
#[derive(Debug)]
pub(crate) struct Categories {
    items: Vec<Category>,
    held: Held,
    kind: ColumnKind,
    texts: HashMap<Box<str>, u32, Folding>,
    numbers: HashMap<u64, u32, Folding>,
    missing: Option<u32>,
}

impl Categories {
    /// Reads an array of categories: at least one.
    pub(crate) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let (held, items) = categories_in(state)?;
        Ok(Self::new(items, held))
    }

    /// Categories that came as Python objects, in the order of their codes.
    pub(crate) fn of_objects(items: Vec<Category>) -> Self {
        Self::new(items, Held::Objects)
    }

    fn new(items: Vec<Category>, held: Held) -> Self {
        let all_missing = items.iter().all(|it| *it == Category::Missing);
        let exact = items.iter().all(is_exact_number);
        let kind = match exact && !(held == Held::Objects && all_missing) {
            true => ColumnKind::Number,
            false => ColumnKind::Text,
        };
        let folding = Folding::new();
        let mut categories = Self {
            items: Vec::new(),
            held,
            kind,
            texts: HashMap::with_hasher(folding),
            numbers: HashMap::with_hasher(folding),
            missing: None,
        };
        // Texts first: among 1 and "1", the text "1" finds the latter.
        for (code, item) in (0..).zip(&items) {
            if let Category::Text(it) = item {
                categories.texts.entry(it.as_str().into()).or_insert(code);
            }
        }
        for (code, item) in (0..).zip(&items) {
            categories.index(code, item);
        }
        categories.items = items;
        categories
    }

    fn index(&mut self, code: u32, item: &Category) {
        let mut number = |x: f64| {
            self.numbers.entry(number_key(x)).or_insert(code);
        };
        let spellings: &[&str] = match item {
            Category::Number(x) => {
                number(*x);
                &[]
            }
            Category::Integer(x) => {
                number(*x as f64);
                &[&x.to_string()]
            }
            Category::Bool(x) => {
                number(f64::from(u8::from(*x)));
                if *x { &["True", "true", "TRUE"] } else { &["False", "false", "FALSE"] }
            }
            Category::Text(_) => &[],
            Category::Missing => {
                self.missing = Some(code);
                &[]
            }
        };
        for &it in spellings {
            self.texts.entry(it.into()).or_insert(code);
        }
    }

    /// Number of categories, which is also the code of an unknown one.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// How the column is to be read, so that its cells find their categories.
    pub(crate) fn kind(&self) -> ColumnKind {
        self.kind
    }

    /// The code of a missing cell, if there is one.
    pub(crate) fn missing(&self) -> Option<usize> {
        self.missing.map(|it| it as usize)
    }

    /// The code of each cell of column `index`; the number of categories for an unknown one.
    pub(crate) fn codes(
        &self,
        column: &Column,
        index: usize,
        nan: Nan,
    ) -> Result<Vec<u32>, DataError> {
        let unknown = self.len() as u32;
        let missing = self.missing.unwrap_or(unknown);
        match column {
            Column::Text(it) => {
                if nan == Nan::Refused
                    && let Some(row) = it.iter().position(|it| it.is_none())
                {
                    nan.check(row, index, f64::NAN)?;
                }
            }
            Column::Number(it, _) => {
                for (row, x) in it.iter().enumerate() {
                    nan.check(row, index, *x)?;
                }
            }
        }
        Ok(self.codes_or(column, missing))
    }

    /// The code of each cell: `missing` for a missing one, the number of categories for an unknown one,
    /// which an infinite number is.
    pub(crate) fn codes_or(&self, column: &Column, missing: u32) -> Vec<u32> {
        match column {
            Column::Text(it) => {
                it.iter().map(|it| it.map_or(missing, |it| self.text_code(it))).collect()
            }
            Column::Number(it, _) => it.iter().map(|&x| self.number_code(x, missing)).collect(),
        }
    }

    fn text_code(&self, cell: &str) -> u32 {
        if let Some(&code) = self.texts.get(cell) {
            return code;
        }
        let unknown = self.len() as u32;
        if self.numbers.is_empty() {
            return unknown;
        }
        cell.trim().parse().map_or(unknown, |x| self.number_code(x, unknown))
    }

    fn number_code(&self, x: f64, missing: u32) -> u32 {
        if x.is_nan() {
            return missing;
        }
        self.numbers.get(&number_key(x)).copied().unwrap_or(self.len() as u32)
    }

    /// A cell as scikit-learn writes it in its errors.
    pub(crate) fn cell(column: &Column, row: usize) -> String {
        match column {
            Column::Text(it) => it.get(row).map_or("nan".to_owned(), |it| format!("'{it}'")),
            Column::Number(it, _) => it.get(row).map_or_else(String::new, |it| float_text(*it)),
        }
    }

    /// Refuses the first unknown category, as scikit-learn words it.
    pub(crate) fn check_known(
        &self,
        codes: &[u32],
        column: &Column,
        index: usize,
    ) -> Result<(), DataError> {
        match codes.iter().position(|&it| it as usize == self.len()) {
            Some(row) => {
                let text = "Found unknown categories";
                let text = format!("{text} [{}] during transform", Self::cell(column, row));
                Err(DataError::cell(row, index, text))
            }
            None => Ok(()),
        }
    }

    /// The categories, for people; `is_closed` if others are refused.
    pub(crate) fn hint(&self, is_closed: bool) -> ColumnHint {
        ColumnHint::of_categories(self.items.iter(), is_closed)
    }

    /// What numpy holds them as.
    pub(crate) fn held(&self) -> Held {
        self.held
    }

    /// The category with this code as text; `None` if it is the missing value.
    pub(crate) fn text(&self, code: usize) -> Option<String> {
        self.items.get(code)?.text()
    }

    /// The category with this code as a number; NaN if it is none.
    pub(crate) fn number(&self, code: usize) -> f64 {
        match self.items.get(code) {
            Some(Category::Number(x)) => *x,
            Some(Category::Integer(x)) => *x as f64,
            Some(Category::Bool(x)) => f64::from(u8::from(*x)),
            _ => f64::NAN,
        }
    }

    /// The type of the categories if they are numbers.
    pub(crate) fn dtype(&self) -> Dtype {
        let all = |is: fn(&Category) -> bool| self.items.iter().all(is);
        match () {
            () if all(|it| matches!(it, Category::Integer(_))) => Dtype::INT,
            () if all(|it| matches!(it, Category::Bool(_))) => Dtype::Bool,
            () => Dtype::Float64,
        }
    }

    /// The categories of these codes as a column, of numbers if all are, else of text; a code of no
    /// category is a missing cell.
    pub(crate) fn column(&self, codes: impl Iterator<Item = usize>) -> Column {
        let dtype = self.dtype();
        if dtype.is_whole() || self.items.iter().all(is_exact_number) {
            return self.numbers(codes, dtype);
        }
        let texts: Vec<Option<String>> = (0..self.len()).map(|it| self.text(it)).collect();
        let cell = |code: usize| texts.get(code).and_then(|it| it.as_deref());
        Column::Text(Arc::new(codes.map(cell).collect::<TextColumn>()))
    }
}

impl Categories {
    /// The categories of these codes as numbers of one type.
    pub(crate) fn numbers(&self, codes: impl Iterator<Item = usize>, dtype: Dtype) -> Column {
        let numbers: Vec<f64> = codes.map(|it| self.number(it)).collect();
        if !dtype.is_whole() || numbers.iter().all(|x| !x.is_nan()) {
            return Column::Number(Arc::new(numbers), dtype);
        }
        // numpy has no missing integer: Python gives objects, each written as it is.
        let text = |x: &f64| match dtype {
            _ if x.is_nan() => None,
            Dtype::Bool => Some(if *x == 0.0 { "False" } else { "True" }.to_owned()),
            _ => Some((*x as i64).to_string()),
        };
        let texts: Vec<Option<String>> = numbers.iter().map(text).collect();
        Column::Text(Arc::new(texts.iter().map(Option::as_deref).collect::<TextColumn>()))
    }
}

/// The categories in an array, at least one, and what numpy holds them as.
pub(crate) fn categories_in(state: &State<'_>) -> Result<(Held, Vec<Category>), ReadError> {
    let wrong = || state.wrong("an array of categories");
    let array = state.value().as_array().ok_or_else(wrong)?;
    if array.is_empty() || u32::try_from(array.len()).is_err() {
        return Err(state.wrong("at least one category"));
    }
    state.charge(array.len().saturating_mul(2 * size_of::<Category>()))?;
    let bool = |it: i64| Category::Bool(it != 0);
    Ok(match array.dtype.scalar {
        Scalar::Bool => (Held::Booleans, state.as_ints()?.into_iter().map(bool).collect()),
        Scalar::Int | Scalar::UInt => {
            (Held::Numbers, state.as_ints()?.into_iter().map(Category::Integer).collect())
        }
        Scalar::Float => (Held::Numbers, state.as_floats()?.into_iter().map(number).collect()),
        Scalar::Unicode => {
            (Held::Texts, state.as_texts()?.into_iter().map(Category::Text).collect())
        }
        Scalar::Object => (Held::Objects, object_categories(state)?),
        _ => return Err(state.unsupported(format!("holds categories of type {}", array.dtype))),
    })
}

fn object_categories(state: &State<'_>) -> Result<Vec<Category>, ReadError> {
    let items = state.value().items().ok_or_else(|| state.wrong("one dimension"))?;
    let read = |(i, it): (usize, Value<'_>)| {
        let category = object_category(it);
        category.ok_or_else(|| {
            let it = state.step(it, &format!("[{i}]"));
            it.unsupported(format!("is {}, which cannot be a category", it.value().type_name()))
        })
    };
    let categories: Vec<Category> = items.enumerate().map(read).collect::<Result<_, _>>()?;
    let bytes = categories.iter().map(|it| if let Category::Text(it) = it { it.len() } else { 0 });
    state.charge(bytes.sum::<usize>().saturating_mul(2))?;
    Ok(categories)
}

/// A Python object as a category, if it can be one.
pub(crate) fn object_category(value: Value<'_>) -> Option<Category> {
    match value.kind() {
        Kind::None => Some(Category::Missing),
        Kind::Bool(it) => Some(Category::Bool(it)),
        Kind::Int(it) => Some(Category::Integer(it)),
        Kind::Float(it) => Some(number(it)),
        Kind::Text(it) => Some(Category::Text(it.to_owned())),
        Kind::Class(it) if it.name == "NA" && it.module.starts_with("pandas") => {
            Some(Category::Missing)
        }
        Kind::Array(it) if it.shape.is_empty() => scalar_category(value, it),
        _ => None,
    }
}

fn scalar_category(value: Value<'_>, array: &Array) -> Option<Category> {
    match array.dtype.scalar {
        Scalar::Bool => value.as_bool().map(Category::Bool),
        Scalar::Int | Scalar::UInt => value.as_i64().map(Category::Integer),
        Scalar::Float => value.as_f64().map(number),
        Scalar::Unicode => array.to_text(value.graph())?.pop().map(Category::Text),
        _ => None,
    }
}

/// Whether `f64` holds the category; a missing one is NaN.
fn is_exact_number(category: &Category) -> bool {
    match category {
        Category::Integer(x) => x.unsigned_abs() <= EXACT_INTEGERS,
        Category::Number(_) | Category::Missing => true,
        Category::Bool(_) | Category::Text(_) => false,
    }
}

fn number(x: f64) -> Category {
    if x.is_nan() { Category::Missing } else { Category::Number(x) }
}

/// -0.0 equals 0.0.
fn number_key(x: f64) -> u64 {
    (x + 0.0).to_bits()
}

/// Hashes by folded multiplication, eight bytes at a time: a third of the default hasher's time on
/// short texts. The key is drawn anew in every process, so that a file cannot choose what collides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folding(u64, u64);

impl Folding {
    pub(crate) fn new() -> Self {
        let random = RandomState::new();
        Self(random.hash_one(0_u8), random.hash_one(1_u8) | 1)
    }
}

impl BuildHasher for Folding {
    type Hasher = FoldingHasher;

    fn build_hasher(&self) -> FoldingHasher {
        FoldingHasher { state: self.0, key: self.1 }
    }
}

pub(crate) struct FoldingHasher {
    state: u64,
    key: u64,
}

impl FoldingHasher {
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.key);
        self.state = product as u64 ^ (product >> 64) as u64 ^ self.key.rotate_left(23);
    }
}

impl Hasher for FoldingHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.fold(word.iter().rev().fold(0, |bits, &byte| (bits << 8) | u64::from(byte)));
        }
        let rest = words.remainder().iter().rev();
        let rest = rest.fold(0, |bits: u64, &byte| (bits << 8) | u64::from(byte));
        self.fold(rest | ((bytes.len() as u64) << 56));
    }

    fn write_u64(&mut self, word: u64) {
        self.fold(word);
    }

    /// What ends a text: its length is in the hash already.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[Option<&str>]) -> Column {
        Column::Text(Arc::new(cells.iter().copied().collect()))
    }

    #[test]
    fn text_finds_text_before_the_number_it_spells() {
        let categories = Categories::new(
            vec![Category::Number(1.0), Category::Text("1".into()), Category::Number(2.0)],
            Held::Objects,
        );
        let codes = categories.codes(&column(&[Some("1"), Some("2"), Some("3")]), 0, Nan::Allowed);
        assert_eq!(codes, Ok(vec![1, 2, 3]));
    }

    #[test]
    fn booleans_are_found_by_every_spelling_and_as_numbers() {
        let categories =
            Categories::new(vec![Category::Bool(false), Category::Bool(true)], Held::Booleans);
        let texts = column(&[Some("True"), Some("false"), Some("yes"), None]);
        assert_eq!(categories.codes(&texts, 0, Nan::Allowed), Ok(vec![1, 0, 2, 2]));
        let numbers = Column::Number(Arc::new(vec![1.0, -0.0, 2.0]), Dtype::Float64);
        assert_eq!(categories.codes(&numbers, 0, Nan::Allowed), Ok(vec![1, 0, 2]));
    }

    #[test]
    fn integers_beyond_f64_are_told_apart_as_text() {
        let big = (1_i64 << 53) + 1;
        let categories = Categories::new(
            vec![Category::Integer(big - 1), Category::Integer(big)],
            Held::Numbers,
        );
        assert_eq!(categories.kind(), ColumnKind::Text);
        let texts = column(&[Some("9007199254740992"), Some("9007199254740993")]);
        assert_eq!(categories.codes(&texts, 0, Nan::Allowed), Ok(vec![0, 1]));
    }

    #[test]
    fn long_texts_that_differ_in_one_byte_are_told_apart() {
        let texts: Vec<String> = (0..300).map(|i| format!("a long common beginning {i}")).collect();
        let categories = texts.iter().map(|it| Category::Text(it.clone())).collect();
        let categories = Categories::new(categories, Held::Objects);
        let cells: Vec<Option<&str>> = texts.iter().map(|it| Some(it.as_str())).collect();
        let codes = categories.codes(&column(&cells), 0, Nan::Allowed);
        assert_eq!(codes, Ok((0..300).collect()));
    }
}
