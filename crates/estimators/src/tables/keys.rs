//! From a key to its row.

use std::borrow::Cow;
use std::collections::HashMap;

use super::KeyColumn;
use super::cells::Cells;
use super::forms::Rules;
use crate::categories::{Category, Folding};
use crate::{Column, DataError, ReadError, State};

/// How keys are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Equality {
    /// As a dict's: `1 == 1.0 == True`, and no NaN equals another.
    Dict,
    /// As in a dict that pandas makes a `Series` of: NaN is a key like any other, but numbers alone do not
    /// find truth values, nor truth values alone numbers.
    Mapped,
    /// The same, and no label may come twice.
    Labels,
}

/// What a missing cell finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// Nothing: it is an unknown key.
    Unknown,
    /// The key NaN.
    Code(u32),
    /// An error: pandas finds `None` for it, or nothing, by its version.
    Refused,
}

/// Which sort of number the keys are, where that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Numbers,
    Truths,
    Any,
}

/// A number as Python compares it with others: exactly, whatever its type.
enum Number {
    Integer(i64),
    Float(u64),
}

impl Number {
    fn of(x: f64) -> Self {
        // 2^63 is the first that is too large.
        const END: f64 = 9_223_372_036_854_775_808.0;
        let fits = x.fract() == 0.0 && (-END..END).contains(&x);
        if fits { Self::Integer(x as i64) } else { Self::Float(x.to_bits()) }
    }
}

/// The keys of one column: a code for each that differs from those before.
#[derive(Debug)]
struct Keys {
    texts: HashMap<Box<str>, u32, Folding>,
    integers: HashMap<u64, u32, Folding>,
    floats: HashMap<u64, u32, Folding>,
    sort: Sort,
    missing: Missing,
    len: u32,
}

impl Keys {
    fn new(rules: Rules, keys: &Cells) -> Self {
        let all = |is: fn(&Category) -> bool| {
            let present = |it: &Cow<'_, Category>| **it != Category::Missing;
            rules.equality != Equality::Dict && keys.iter().filter(present).all(|it| is(&it))
        };
        let sort = if all(|it| matches!(it, Category::Number(_) | Category::Integer(_))) {
            Sort::Numbers
        } else if all(|it| matches!(it, Category::Bool(_))) {
            Sort::Truths
        } else {
            Sort::Any
        };
        let folding = Folding::new();
        Self {
            texts: HashMap::with_hasher(folding),
            integers: HashMap::with_hasher(folding),
            floats: HashMap::with_hasher(folding),
            sort,
            missing: Missing::Unknown,
            len: 0,
        }
    }

    /// The code of a key, which is given one if it is new. What is missing has one of its own each time
    /// where it cannot be found.
    fn code(&mut self, key: &Category, can_be_missing: bool) -> u32 {
        let new = self.len;
        let mut integer = |it: i64| *self.integers.entry(it.cast_unsigned()).or_insert(new);
        let code = match (key, self.missing) {
            (Category::Text(it), _) => *self.texts.entry(it.as_str().into()).or_insert(new),
            (Category::Integer(it), _) => integer(*it),
            (Category::Bool(it), _) => integer((*it).into()),
            (Category::Number(it), _) => match Number::of(*it) {
                Number::Integer(it) => integer(it),
                Number::Float(bits) => *self.floats.entry(bits).or_insert(new),
            },
            (Category::Missing, Missing::Code(code)) if can_be_missing => code,
            (Category::Missing, _) if can_be_missing => {
                self.missing = Missing::Code(new);
                new
            }
            (Category::Missing, _) => new,
        };
        self.len += u32::from(code == new);
        code
    }

    fn number(&self, number: &Number, is_truth: bool) -> Option<u32> {
        match (self.sort, is_truth, number) {
            (Sort::Numbers, true, _) | (Sort::Truths, false, _) => None,
            (_, _, Number::Integer(it)) => self.integers.get(&it.cast_unsigned()).copied(),
            (_, _, Number::Float(bits)) => self.floats.get(bits).copied(),
        }
    }

    fn missing(&self) -> Option<u32> {
        if let Missing::Code(it) = self.missing { Some(it) } else { None }
    }

    fn find(&self, key: &Category) -> Option<u32> {
        match key {
            Category::Text(it) => self.texts.get(it.as_str()).copied(),
            Category::Missing => self.missing(),
            Category::Integer(it) => self.number(&Number::Integer(*it), false),
            Category::Bool(it) => self.number(&Number::Integer((*it).into()), true),
            Category::Number(it) => self.float(*it),
        }
    }

    fn float(&self, x: f64) -> Option<u32> {
        if x.is_nan() { self.missing() } else { self.number(&Number::of(x), false) }
    }

    /// A cell of a table: a text if the keys have it, else the number or truth value it spells.
    fn spelled(&self, cell: &str) -> Option<u32> {
        if let Some(&code) = self.texts.get(cell) {
            return Some(code);
        }
        if self.integers.is_empty() && self.floats.is_empty() {
            return None;
        }
        let cell = cell.trim();
        match cell {
            "True" | "true" | "TRUE" => return self.number(&Number::Integer(1), true),
            "False" | "false" | "FALSE" => return self.number(&Number::Integer(0), true),
            _ => {}
        }
        if let Ok(it) = cell.parse() {
            return self.number(&Number::Integer(it), false);
        }
        // A text that spells "nan" is not a missing cell.
        cell.parse().ok().filter(|x: &f64| !x.is_nan()).and_then(|it| self.float(it))
    }

    /// The code each cell of column `index` finds.
    fn codes(&self, column: &Column, index: usize) -> Result<Vec<Option<u32>>, DataError> {
        if self.missing == Missing::Refused
            && let Some(row) = first_missing(column)
        {
            let text = "the value is missing, and the table has the key None, which pandas takes \
                        for it or not, by its version; fill the cell, or name the key";
            return Err(DataError::cell(row, index, text));
        }
        Ok(match column {
            Column::Number(it, _) => it.iter().map(|&x| self.float(x)).collect(),
            Column::Text(it) => {
                it.iter().map(|it| it.map_or(self.missing(), |it| self.spelled(it))).collect()
            }
        })
    }
}

fn first_missing(column: &Column) -> Option<usize> {
    match column {
        Column::Number(it, _) => it.iter().position(|x| x.is_nan()),
        Column::Text(it) => it.iter().position(|it| it.is_none()),
    }
}

/// All columns of keys.
#[derive(Debug)]
pub(super) struct Finder {
    columns: Vec<Keys>,
    /// Of several columns: the row of each tuple of codes. The codes of one column are its rows.
    rows: Option<HashMap<Box<[u32]>, u32>>,
}

/// For each row of a table the last row of the file with its key.
type Last = Vec<usize>;

impl Finder {
    /// The rows of all keys, and which rows of the file these are if some come twice.
    pub(super) fn new(
        state: &State<'_>,
        rules: Rules,
        key_columns: &[KeyColumn],
        nones: &[usize],
    ) -> Result<(Self, Option<Last>), ReadError> {
        let n_rows = key_columns.first().map_or(0, |it| it.keys.len());
        if u32::try_from(n_rows).is_err() {
            return Err(state.unsupported("has too many rows"));
        }
        charge(state, key_columns)?;
        let mut columns: Vec<Keys> =
            key_columns.iter().map(|it| Keys::new(rules, &it.keys)).collect();
        let several = 1 < columns.len();
        let mut rows: HashMap<Box<[u32]>, u32> = HashMap::new();
        let mut last: Last = Vec::new();
        for row in 0..n_rows {
            let is_label = rules.equality != Equality::Dict && nones.binary_search(&row).is_err();
            let parts = key_columns.iter().filter_map(|it| it.keys.get(row));
            let codes = columns.iter_mut().zip(parts);
            let codes: Box<[u32]> = codes.map(|(it, part)| it.code(&part, is_label)).collect();
            let new = last.len() as u32;
            let at = match codes.first() {
                Some(&only) if !several => only,
                _ => *rows.entry(codes).or_insert(new),
            };
            match last.get_mut(at as usize) {
                None => last.push(row),
                Some(_) if rules.equality == Equality::Labels => {
                    return Err(twice(state, key_columns, row));
                }
                Some(it) => *it = row,
            }
        }
        if rules.none_refuses
            && !nones.is_empty()
            && let Some(it) = columns.first_mut()
        {
            it.missing = Missing::Refused;
        }
        let last = (last.len() != n_rows).then_some(last);
        Ok((Self { columns, rows: several.then_some(rows) }, last))
    }

    fn row(&self, codes: &[u32]) -> Option<usize> {
        let row = match &self.rows {
            Some(rows) => *rows.get(codes)?,
            None => *codes.first()?,
        };
        Some(row as usize)
    }

    /// The row of a key.
    pub(super) fn find(&self, key: &[Category]) -> Option<usize> {
        if key.len() != self.columns.len() {
            return None;
        }
        let codes = self.columns.iter().zip(key).map(|(keys, part)| keys.find(part));
        self.row(&codes.collect::<Option<Vec<u32>>>()?)
    }

    /// The row that each row of a block finds.
    pub(super) fn rows(
        &self,
        columns: &[Column],
        n_rows: usize,
    ) -> Result<Vec<Option<usize>>, DataError> {
        let codes = self.columns.iter().zip(columns).enumerate();
        let codes = codes.map(|(index, (keys, column))| keys.codes(column, index));
        let codes: Vec<Vec<Option<u32>>> = codes.collect::<Result<_, _>>()?;
        let mut key = Vec::with_capacity(codes.len());
        let mut row = |at: usize| {
            key.clear();
            key.extend(codes.iter().map_while(|column| column.get(at).copied().flatten()));
            if key.len() == codes.len() { self.row(&key) } else { None }
        };
        Ok((0..n_rows).map(&mut row).collect())
    }
}

/// What finding the keys takes: buckets of 16 bytes for numbers and 24 for texts, at most half of them
/// empty, the texts themselves, and of several columns a tuple of codes.
fn charge(state: &State<'_>, key_columns: &[KeyColumn]) -> Result<(), ReadError> {
    for column in key_columns {
        let texts = match &column.keys {
            Cells::Mixed(all) => all
                .iter()
                .map(|it| if let Category::Text(it) = it { it.len() + 24 } else { 0 })
                .sum(),
            _ => 0,
        };
        state.charge(column.keys.len().saturating_mul(32).saturating_add(texts))?;
    }
    let tuples = if 1 < key_columns.len() { 40 + 4 * key_columns.len() } else { 8 };
    state.charge(key_columns.first().map_or(0, |it| it.keys.len()).saturating_mul(tuples))
}

fn twice(state: &State<'_>, key_columns: &[KeyColumn], row: usize) -> ReadError {
    let part = |it: &KeyColumn| it.keys.get(row)?.text();
    let parts: Vec<String> =
        key_columns.iter().map(|it| part(it).unwrap_or_else(|| "nan".to_owned())).collect();
    let text = format!("has the label {} twice, which pandas refuses to look up", parts.join(", "));
    state.unsupported(text)
}
