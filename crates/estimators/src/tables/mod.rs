//! Tables as people keep them beside a model: what each category counts for, or what it means.
//!
//! | in the file                                    | unknown key               | missing cell                              |
//! |------------------------------------------------|---------------------------|-------------------------------------------|
//! | a dict of key -> value                         | NaN, as `.map` gives      | the value of the key NaN                  |
//! | `collections.Counter`, `defaultdict(int)`      | 0                         | 0: a NaN from a file is no other NaN      |
//! | a pandas `Series`                              | NaN                       | the value of the label NaN                |
//! | an object with `mapping` and `global_mean`     | `global_mean`, as `mapping.get(key, global_mean)` | as an unknown key; a `Series` finds its NaN |
//!
//! Keys are texts, numbers, truth values, or tuples of these: one column each. As in Python, `1`, `1.0` and
//! `True` are one key and `"1"` is another. A pandas index of numbers alone does not find `True`, nor one of
//! truth values `1`. A cell of a table is a text if the keys have that text, else the number it spells.
//!
//! Of an object's class nothing is known or run: its two attributes are data.
//!
//! Source of truth: `dict.get`; `Series.map` and `Series.get` of pandas 0.24 to 3.1.

mod answers;
mod cells;
mod forms;
mod frames;
mod keys;
mod lookup;

use std::borrow::Cow;

use crate::categories::Category;
use crate::{ReadError, State};
use answers::Answers;
use keys::Finder;

pub use cells::Cells;
pub use frames::frame_columns;
pub use lookup::TableOutline;

/// Keys of one or more columns, and a value for each.
///
/// ```
/// use std::borrow::Cow;
///
/// use estimators::{Category, CustomClasses, LookupTable, Model, State};
///
/// let bytes = b"\x80\x04}\x94(\x8c\x04Rome\x94K\x07\x8c\x05Paris\x94K\x05u.".to_vec();
/// let graph = formats::read(bytes, "counts.pkl", &formats::Limits::default())?;
/// let state = State::root(graph.root(), Model::budget(&graph), &CustomClasses::default());
/// let table = LookupTable::find(&state).expect("a dict of numbers is a table")?;
/// assert_eq!(table.get(&[Category::Text("Rome".to_owned())]), Some(Cow::Owned(Category::Integer(7))));
/// assert_eq!(table.get(&[Category::Text("Oslo".to_owned())]), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LookupTable {
    form: String,
    key_columns: Vec<KeyColumn>,
    value_name: Option<String>,
    values: Cells,
    default: Option<Category>,
    finder: Finder,
    answers: Answers,
}

/// One column of keys.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyColumn {
    /// What the file calls it: the name of a pandas index.
    pub name: Option<String>,
    /// A key for each row.
    pub keys: Cells,
}

impl LookupTable {
    /// The table at `state`; `None` if what stands there is no table but perhaps a model.
    #[must_use]
    pub fn find(state: &State<'_>) -> Option<Result<Self, ReadError>> {
        forms::find(state)
    }

    /// The table at `state`, where nothing else may stand.
    ///
    /// # Errors
    /// It is no table; what its keys or values are that no cell can be.
    pub fn read(state: &State<'_>) -> Result<Self, ReadError> {
        forms::read(state)
    }

    /// What it is in Python: `dict`, `pandas Series`, the class of an object.
    #[must_use]
    pub fn form(&self) -> &str {
        &self.form
    }

    /// The columns of keys, at least one, all as long as [`Self::values`].
    #[must_use]
    pub fn key_columns(&self) -> &[KeyColumn] {
        &self.key_columns
    }

    /// What the file calls the values: the name of a `Series`.
    #[must_use]
    pub fn value_name(&self) -> Option<&str> {
        self.value_name.as_deref()
    }

    /// A value for each key.
    #[must_use]
    pub fn values(&self) -> &Cells {
        &self.values
    }

    /// The value of an unknown key, if it has one.
    #[must_use]
    pub fn default_value(&self) -> Option<&Category> {
        self.default.as_ref()
    }

    /// The value under a key, one part for each column; the default for an unknown one. A missing part
    /// stands for NaN.
    #[must_use]
    pub fn get(&self, key: &[Category]) -> Option<Cow<'_, Category>> {
        let value = self.finder.find(key).and_then(|it| self.values.get(it));
        value.or(self.default.as_ref().map(Cow::Borrowed))
    }
}
