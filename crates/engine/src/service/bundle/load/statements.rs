//! Steps of SQL and the response: checked against the tables that are known by then.

use std::collections::BTreeSet;

use sql::{Affinity, Column, MAX_COLUMNS, Table};

use super::super::document::{Source, Text};
use super::super::spec::SqlSpec;
use super::super::{Response, Step, Work};
use super::Opening;
use crate::Error;

impl Opening<'_> {
    pub(super) fn sql_step(&mut self, spec: &SqlSpec, name: &Text) -> Option<Step> {
        let (sql, columns) = self.check(spec)?;
        let (name, place) = (name.value.clone(), self.source.place(spec.0.span.start));
        Some(Step { name, place, work: Work::Sql(sql), columns, fill: None })
    }

    pub(super) fn response(&mut self, spec: &SqlSpec) -> Option<Response> {
        let (sql, columns) = self.check(spec)?;
        if columns.len() != 1 {
            let text = format!("a response is one JSON value, this has {} columns", columns.len());
            self.wrong(&spec.0.span, &text);
        }
        Some(Response { sql, place: self.source.place(spec.0.span.start) })
    }

    /// The text of a statement, and where it is: for messages.
    fn sql(&self, spec: &SqlSpec) -> Option<(String, Source, usize)> {
        let Some(file) = spec.file() else {
            // Where the text itself begins, behind its quotes.
            let raw = self.source.text.get(spec.0.span.clone()).unwrap_or_default();
            let inner = raw.find(spec.0.value.as_str()).unwrap_or(0);
            return Some((spec.0.value.clone(), self.source.clone(), spec.0.span.start + inner));
        };
        let read = self.files.locate(&file.value).map_err(Error::request);
        match read.and_then(|it| self.files.text(&it, self.settings)) {
            Ok(text) => {
                let source = Source { name: file.value.clone(), text: text.clone() };
                Some((text, source, 0))
            }
            Err(err) => {
                self.wrong(&file.span, &err.to_string());
                None
            }
        }
    }

    /// Checks a statement; its columns.
    fn check(&mut self, spec: &SqlSpec) -> Option<(String, Vec<String>)> {
        let (text, source, start) = self.sql(spec)?;
        let lost: Vec<String> = self.failed.iter().filter(|it| names(&text, it)).cloned().collect();
        let mut are_replaced = true;
        for name in &lost {
            are_replaced &= self.draft.stand_in(&stand_in(name, &text)).is_ok();
        }
        match self.draft.check(&text) {
            Ok(_) if !lost.is_empty() => None,
            Ok(checked) => {
                self.read.extend(checked.reads);
                Some((text, checked.columns))
            }
            Err(err) => {
                let told = err.to_string();
                let missing = told.rsplit_once(": ").map_or("", |(_, it)| it);
                // A column that is not said to be another table's may be one of a table that is wrong.
                let is_independent = are_replaced
                    && !told.starts_with("ambiguous ")
                    && (!told.starts_with("no such column") || missing.contains('.'));
                let is_of_names = ["no such ", "ambiguous "].iter().any(|it| told.starts_with(it));
                if !lost.is_empty() && is_of_names && !is_independent {
                    return None;
                }
                let offset = err.offset().or_else(|| text.find(missing)).unwrap_or(0);
                let place = source.place(start + offset);
                self.problems.borrow_mut().add(|| format!("{place}: {told}"));
                None
            }
        }
    }
}

/// A table that has whatever columns a statement may take of it.
fn stand_in(name: &str, text: &str) -> Table {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let words = text.to_lowercase();
    let words: BTreeSet<&str> =
        words.split(|it| !is_word(it)).filter(|it| !it.is_empty()).take(MAX_COLUMNS).collect();
    Table::new(name, words.into_iter().map(|it| Column::new(it, Affinity::None)))
}

/// Whether a statement has this name in it: what is missing in it may be missing since that table is wrong.
fn names(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let is_whole = |at: usize| {
        let (before, rest) = text.split_at(at);
        let after = rest.strip_prefix(&name).unwrap_or_default();
        !before.ends_with(is_word) && !after.starts_with(is_word)
    };
    text.match_indices(&name).any(|(at, _)| is_whole(at))
}
