//! A table as an estimator: `transform` looks up its columns of keys.

use super::{KeyColumn, LookupTable};
use crate::{
    Block, Category, Column, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    unsupported,
};

impl Estimator for LookupTable {
    fn n_features_in(&self) -> usize {
        self.key_columns.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        let hint = |it: &KeyColumn| it.keys.hint();
        self.key_columns.iter().map(hint).collect()
    }

    fn methods(&self) -> &[Method] {
        &[Method::Transform]
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        input.check_width(self.n_features_in())?;
        if method != Method::Transform {
            return Err(unsupported(&format!("a table ({})", self.form), method));
        }
        let columns: Vec<Column> =
            (0..input.n_cols()).map(|it| input.column(it).into_owned()).collect();
        let rows = self.finder.rows(&columns, input.n_rows())?;
        Ok(Output::Vector(self.answers.of(&self.values, self.default.as_ref(), &rows)))
    }

    /// All as text: what spells no number is an unknown key, and so are some numbers.
    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Text; self.n_features_in()]
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.key_columns.iter().map(|it| it.name.clone()).collect()
    }

    fn takes_other_names(&self) -> bool {
        true
    }
}

/// A table, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOutline {
    /// The columns of keys: name, if it has one, and what sort of cells they are.
    pub keys: Vec<(Option<String>, &'static str)>,
    /// The same of the values.
    pub values: (Option<String>, &'static str),
    /// The value of an unknown key; `None`: it is missing.
    pub default: Option<String>,
    /// How many keys there are.
    pub n_rows: usize,
    /// The first of them with their values; a missing one is `None`.
    pub first: Vec<(Vec<Option<String>>, Option<String>)>,
}

/// So many rows are shown.
const SHOWN_ROWS: usize = 5;

impl LookupTable {
    /// What it holds, for people.
    #[must_use]
    pub fn outline(&self) -> TableOutline {
        let keys = self.key_columns.iter();
        let row = |at: usize| {
            let key = self.key_columns.iter().map(|it| it.keys.get(at)?.text());
            (key.collect(), self.values.get(at).and_then(|it| it.text()))
        };
        TableOutline {
            keys: keys.map(|it| (it.name.clone(), it.keys.kind())).collect(),
            values: (self.value_name.clone(), self.values.kind()),
            default: self.default.as_ref().and_then(Category::text),
            n_rows: self.values.len(),
            first: (0..self.values.len().min(SHOWN_ROWS)).map(row).collect(),
        }
    }
}
