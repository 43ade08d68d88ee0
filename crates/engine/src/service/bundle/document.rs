//! `pythia.toml` with the place of each of its parts, so that everything wrong is told at once and where.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problems::{Problems, place};

/// A file's text, for places in it.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
}

impl Source {
    /// `pythia.toml line 3, column 8`
    pub(super) fn place(&self, offset: usize) -> String {
        place(&self.name, &self.text, offset)
    }
}

/// A text and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) span: Range<usize>,
}

/// A table of the file. What nobody asks for is an unknown key.
pub(super) struct Node<'a> {
    source: &'a Source,
    problems: &'a RefCell<Problems>,
    table: &'a DeTable<'a>,
    span: Range<usize>,
    /// As it stands in brackets; empty for the whole file.
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Node<'a> {
    pub(super) fn root(
        source: &'a Source,
        table: &'a Spanned<DeTable<'a>>,
        problems: &'a RefCell<Problems>,
    ) -> Self {
        let path = String::new();
        Self {
            source,
            problems,
            table: table.get_ref(),
            span: table.span(),
            path,
            asked: RefCell::default(),
        }
    }

    fn at(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Option<Self> {
        let path =
            if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        match value.get_ref() {
            DeValue::Table(table) => Some(Self {
                source: self.source,
                problems: self.problems,
                table,
                span: value.span(),
                path,
                asked: RefCell::default(),
            }),
            other => {
                self.wrong(
                    value.span(),
                    &format!("{path} is {}, a table is expected", sort(other)),
                );
                None
            }
        }
    }

    /// Notes a problem at a place of the file.
    pub(super) fn wrong(&self, span: Range<usize>, text: &str) {
        self.problems.borrow_mut().add(|| format!("{}: {text}", self.source.place(span.start)));
    }

    /// Notes a problem of this table as a whole.
    pub(super) fn wrong_here(&self, text: &str) {
        self.wrong(self.span.clone(), text);
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether there is a key, and nothing more.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Notes a problem of a key's value, or of the table if it has no such key.
    pub(super) fn wrong_at(&self, key: &str, text: &str) {
        self.wrong(self.table.get(key).map_or_else(|| self.span(), Spanned::span), text);
    }

    /// A value of any sort.
    pub(super) fn any(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        self.table.get(key)
    }

    fn typed<T>(
        &self,
        key: &'static str,
        wanted: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<(T, Range<usize>)> {
        let value = self.any(key)?;
        let found = read(value.get_ref());
        if found.is_none() {
            let found = sort(value.get_ref());
            self.wrong(
                value.span(),
                &format!("{} is {found}, {wanted} is expected", self.named(key)),
            );
        }
        found.map(|it| (it, value.span()))
    }

    /// A key with the tables it is in.
    pub(super) fn named(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn text(&self, key: &'static str) -> Option<Text> {
        let found = self.typed(key, "a text", DeValue::as_str)?;
        Some(Text { value: found.0.to_owned(), span: found.1 })
    }

    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false", DeValue::as_bool).map(|it| it.0)
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        let texts = |it: &'a DeValue<'a>| {
            let all = it.as_array()?.iter();
            all.map(|it| it.get_ref().as_str().map(str::to_owned)).collect()
        };
        self.typed(key, "a list of texts", texts).map(|it| it.0)
    }

    /// A list of whole numbers.
    pub(super) fn sizes(&self, key: &'static str) -> Option<Vec<usize>> {
        let sizes = |it: &'a DeValue<'a>| {
            let one = |it: &DeValue<'_>| it.as_integer()?.as_str().replace('_', "").parse().ok();
            match it {
                DeValue::Array(all) => all.iter().map(|it| one(it.get_ref())).collect(),
                other => Some(vec![one(other)?]),
            }
        };
        self.typed(key, "a whole number, or a list of them,", sizes).map(|it| it.0)
    }

    pub(super) fn table(&self, key: &'static str) -> Option<Node<'a>> {
        self.at(key, self.any(key)?)
    }

    /// The tables of an array of tables.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Node<'a>> {
        let all = self.typed(key, "an array of tables", DeValue::as_array);
        let all = all.into_iter().flat_map(|it| it.0.iter()).enumerate();
        all.filter_map(|(index, it)| self.at(&format!("{key}[{index}]"), it)).collect()
    }

    /// All keys, which the user names, and what they hold, in the order of the file.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Text, &'a Spanned<DeValue<'a>>)> {
        let entry =
            |(key, value): (&'a Spanned<toml::de::DeString<'a>>, &'a Spanned<DeValue<'a>>)| {
                (Text { value: key.get_ref().to_string(), span: key.span() }, value)
            };
        let mut all: Vec<_> = self.table.iter().map(entry).collect();
        all.sort_by_key(|(key, _)| key.span.start);
        all.into_iter()
    }

    /// Puts what this entry holds where a table may stand.
    pub(super) fn entry(&self, name: &str, value: &'a Spanned<DeValue<'a>>) -> Option<Node<'a>> {
        self.at(name, value)
    }

    /// Notes the keys that nobody asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|it| !asked.contains(&**it.get_ref())) {
            let known: Vec<&str> = asked.iter().copied().collect();
            let place =
                if self.path.is_empty() { String::new() } else { format!(" in {}", self.path) };
            let name = key.get_ref();
            self.wrong(
                key.span(),
                &format!("there is no key {name}{place}; known are {}", known.join(", ")),
            );
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(it) => it.as_str().replace('_', "").parse().ok(),
        DeValue::Float(it) => {
            it.as_str().replace('_', "").parse().ok().filter(|it: &f64| it.is_finite())
        }
        _ => None,
    }
}

/// A value as JSON. Numbers of other bases than ten, and those that are not finite, are none.
pub(super) fn json(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::String(it) => Value::String(it.to_string()),
        DeValue::Boolean(it) => Value::Bool(*it),
        DeValue::Integer(it) => Value::from(it.as_str().replace('_', "").parse::<i64>().ok()?),
        DeValue::Float(_) => Value::from(number(value)?),
        DeValue::Datetime(it) => Value::String(it.to_string()),
        DeValue::Array(all) => {
            Value::Array(all.iter().map(|it| json(it.get_ref())).collect::<Option<_>>()?)
        }
        DeValue::Table(all) => {
            let entry =
                |(key, value): (&Spanned<toml::de::DeString<'_>>, &Spanned<DeValue<'_>>)| {
                    Some((key.get_ref().to_string(), json(value.get_ref())?))
                };
            // As the file has them: people see examples.
            let mut entries: Vec<_> = all.iter().collect();
            entries.sort_by_key(|(key, _)| key.span().start);
            Value::Object(entries.into_iter().map(entry).collect::<Option<Map<_, _>>>()?)
        }
    })
}

fn sort(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
