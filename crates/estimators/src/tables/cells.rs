//! A column of cells in a file.

use std::borrow::Cow;

use object_graph::{Kind, Scalar, Value};

use crate::categories::{Category, categories_in, object_category};
use crate::{ColumnHint, MOST_CATEGORIES, ReadError, State};

/// A column of cells: what an array holds, or each for itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Integers.
    Integers(Vec<i64>),
    /// Floats; NaN is missing.
    Floats(Vec<f64>),
    /// Texts, truth values, several sorts.
    Mixed(Vec<Category>),
}

impl Cells {
    /// The cells of an array of one dimension.
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Some(array) = state.value().as_array() else { return Err(state.wrong("an array")) };
        match array.dtype.scalar {
            _ if array.is_empty() => Ok(Self::Mixed(Vec::new())),
            Scalar::Int => state.as_ints().map(Self::Integers),
            Scalar::UInt => {
                state.as_ints().map(Self::Integers).map_err(|err| too_large(state).unwrap_or(err))
            }
            Scalar::Float => state.as_floats().map(Self::Floats),
            Scalar::Object => {
                let items = state.value().items().ok_or_else(|| state.wrong("one dimension"))?;
                let items = items.enumerate();
                items.map(|(i, it)| cell(state, it, || format!("[{i}]"))).collect()
            }
            Scalar::Bool | Scalar::Unicode => {
                categories_in(state).map(|(_, cells)| Self::Mixed(cells))
            }
            _ => Err(state.unsupported(format!(
                "holds {}; texts, numbers or truth values are expected: .astype(str) before it is pickled makes texts",
                array.dtype
            ))),
        }
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Integers(it) => it.len(),
            Self::Floats(it) => it.len(),
            Self::Mixed(it) => it.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell in a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Cow<'_, Category>> {
        Some(match self {
            Self::Integers(it) => Cow::Owned(Category::Integer(*it.get(row)?)),
            Self::Floats(it) => Cow::Owned(match it.get(row)? {
                x if x.is_nan() => Category::Missing,
                x => Category::Number(*x),
            }),
            Self::Mixed(it) => Cow::Borrowed(it.get(row)?),
        })
    }

    /// All cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, Category>> {
        (0..self.len()).filter_map(|row| self.get(row))
    }

    /// The cells as keys, each once, for people.
    pub(super) fn hint(&self) -> ColumnHint {
        if MOST_CATEGORIES < self.len() {
            return ColumnHint::default();
        }
        let mut keys: Vec<Category> = Vec::with_capacity(self.len());
        for key in self.iter().filter(|it| !matches!(**it, Category::Number(x) if x.is_nan())) {
            if !keys.contains(&key) {
                keys.push(key.into_owned());
            }
        }
        ColumnHint::of_categories(keys.iter(), false)
    }

    /// The cells in these rows.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        rows.iter().filter_map(|&row| self.get(row)).map(Cow::into_owned).collect()
    }

    /// What sort of cells these are: `text`, `int`, `float`, `bool` or `mixed`; `none` if all are missing.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        let kind = |it: Cow<'_, Category>| match *it {
            Category::Number(_) => "float",
            Category::Integer(_) => "int",
            Category::Bool(_) => "bool",
            Category::Text(_) => "text",
            Category::Missing => "none",
        };
        self.iter().map(kind).filter(|it| *it != "none").fold("none", |all, own| match (all, own) {
            ("none", own) => own,
            ("int", "float") | ("float", "int") => "float",
            (all, own) if all == own => all,
            _ => "mixed",
        })
    }
}

impl FromIterator<Category> for Cells {
    fn from_iter<T: IntoIterator<Item = Category>>(cells: T) -> Self {
        Self::Mixed(cells.into_iter().collect())
    }
}

/// The refusal of the first integer without a sign that is beyond those with one.
fn too_large(state: &State<'_>) -> Option<ReadError> {
    let all = state.value().as_array()?.to_f64(state.value().graph())?;
    // 2^63 is the first; what is just below it rounds to it.
    let row = all.iter().position(|it| *it >= 9_223_372_036_854_775_808.0)?;
    let text = format!(
        "holds an integer beyond 2^63-1 in row {row}; floats or texts can stand for them: .astype(str)"
    );
    Some(state.unsupported(text))
}

/// A text, number, truth value or what is missing; `place` says where it stands.
pub(super) fn cell(
    state: &State<'_>,
    value: Value<'_>,
    place: impl FnOnce() -> String,
) -> Result<Category, ReadError> {
    let Some(found) = object_category(value) else {
        let state = state.step(value, &place());
        if matches!(value.kind(), Kind::BigInt(_)) {
            return Err(state
                .unsupported("is an integer beyond 64 bits; a float or a text can stand for it"));
        }
        return Err(state.wrong("a text, a number or a truth value"));
    };
    let text = if let Category::Text(it) = &found { it.len() } else { 0 };
    state.charge(text.saturating_add(size_of::<Category>()))?;
    Ok(found)
}
