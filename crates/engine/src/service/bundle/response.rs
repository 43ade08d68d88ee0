//! The response: the one JSON value that a statement gives.

use serde_json::Value;
use sql::Session;

use super::Response;
use super::failure::Failure;
use super::run::{cell, failed};
use crate::records::Cell;
use crate::service::Context;

/// As SQLite writes infinities in JSON: numbers that are out of range.
const INFINITIES: [&str; 2] = ["-9.0e+999", "9.0e+999"];

pub(super) fn response(
    session: &mut Session,
    of: &Response,
    context: &Context,
) -> Result<Value, Failure> {
    let mut found: Option<Cell> = None;
    let n_rows = session
        .query(&of.sql, context.deadline, &mut |_, value| {
            found.get_or_insert_with(|| cell(value));
        })
        .map_err(|err| Failure::Response(failed("the response")(err)))?;
    let no_json = |text: String| Err(Failure::NoJson(format!("{}: {text}", of.place)));
    match found {
        Some(_) if n_rows != 1 => {
            no_json(format!("the response is one JSON value, there are {n_rows}"))
        }
        Some(Cell::Text(text)) => match parsed(&text) {
            Ok(it) => Ok(it),
            Err(err) => no_json(format!("the response is no JSON: {err}")),
        },
        Some(other) => Ok(other.to_json()),
        None => no_json("the response is one JSON value, there is none".to_owned()),
    }
}

/// JSON as SQLite writes it; what is infinite is missing.
fn parsed(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|err| match text.contains(INFINITIES[1]) {
        true => serde_json::from_str(&finite(text)),
        false => Err(err),
    })
}

/// JSON with `null` in the place of infinities, which a string may spell.
fn finite(text: &str) -> String {
    let mut finite = String::with_capacity(text.len());
    let mut is_string = false;
    for part in text.split_inclusive('"') {
        if is_string {
            finite.push_str(part);
        } else {
            let [negative, positive] = INFINITIES;
            finite.push_str(&part.replace(negative, "null").replace(positive, "null"));
        }
        let before = part.trim_end_matches('"');
        let n_escapes = before.bytes().rev().take_while(|it| *it == b'\\').count();
        let is_escaped = is_string && n_escapes % 2 == 1;
        is_string ^= !is_escaped;
    }
    finite
}

#[cfg(test)]
mod tests {
    use super::parsed;

    #[test]
    fn infinities_are_missing_and_strings_stay_as_they_are() {
        for (text, want) in [
            (r#"[9.0e+999,-9.0e+999,"9.0e+999"]"#, r#"[null,null,"9.0e+999"]"#),
            (
                r#"{"a\\":9.0e+999,"\"9.0e+999":"\\\"-9.0e+999","":-9.0e+999}"#,
                r#"{"a\\":null,"\"9.0e+999":"\\\"-9.0e+999","":null}"#,
            ),
            (r#""9.0e+999""#, r#""9.0e+999""#),
        ] {
            assert_eq!(parsed(text).ok(), serde_json::from_str(want).ok(), "{text}");
        }
        assert!(parsed("9.0e+999,").is_err());
    }
}
