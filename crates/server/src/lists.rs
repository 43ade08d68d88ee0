//! A model's answers as lists of JSON, written a few rows at a time: an answer takes little more memory than its text, which
//! is bounded. What is asked may be small beside what it gives.

use engine::{Answers, Written};
use serde_json::Value;

use crate::Failure;
use crate::app::Reply;

/// Bytes that an answer may have.
pub(crate) const MAX_ANSWER: usize = 128 << 20;

/// Cells that become JSON at once.
const AT_ONCE: usize = 4096;

/// How rows stand in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// Cell after cell.
    Flat,
    /// A list for each row of several columns, the cell itself of one.
    Nested,
}

/// The rows of columns as one list, of at most `most` bytes.
pub(crate) fn list(
    columns: &[&Written],
    n_rows: usize,
    rows: Rows,
    most: usize,
) -> Result<String, Failure> {
    let is_nested = rows == Rows::Nested && columns.len() != 1;
    let row = |row: usize| columns.iter().map(move |it| it.json(row));
    let step = (AT_ONCE / columns.len().max(1)).max(1);
    let mut text = String::from("[");
    for from in (0..n_rows).step_by(step) {
        let some = from..n_rows.min(from + step);
        let part: Value = if is_nested {
            some.map(|it| Value::Array(row(it).collect())).collect()
        } else {
            some.flat_map(row).collect()
        };
        let part = engine::json_text(&part);
        if 0 < from {
            text.push(',');
        }
        text.push_str(inner(&part));
        if most < text.len() {
            return Err(too_large());
        }
    }
    text.push(']');
    Ok(text)
}

/// A list's text without its brackets.
fn inner(list: &str) -> &str {
    list.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or_default()
}

/// `{"predictions":[…]}`
pub(crate) fn predictions(answers: &Answers) -> Result<Reply, Failure> {
    let text = format!("{{\"predictions\":{}}}", of(answers)?);
    Ok(Reply { rows: answers.n_rows() as u64, ..Reply::of("application/json", text) })
}

/// `{"predictions":[…],"count":n}`
pub(crate) fn predictions_and_count(answers: &Answers) -> Result<Reply, Failure> {
    let n_rows = answers.n_rows();
    let text = format!("{{\"predictions\":{},\"count\":{n_rows}}}", of(answers)?);
    Ok(Reply { rows: n_rows as u64, ..Reply::of("application/json", text) })
}

fn of(answers: &Answers) -> Result<String, Failure> {
    let columns: Vec<&Written> = answers.columns().iter().collect();
    list(&columns, answers.n_rows(), Rows::Nested, MAX_ANSWER)
}

pub(crate) fn too_large() -> Failure {
    Failure::bad(format!("The answer would be larger than {MAX_ANSWER} bytes: send fewer rows"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_what_json_makes_of_all_rows_at_once() {
        let n_rows = 3 * AT_ONCE + 1;
        let (one, two) =
            (Written::Int((0..n_rows as i64).collect()), Written::Bool(vec![true; n_rows]));
        let whole: Value =
            (0..n_rows).map(|it| Value::Array(vec![one.json(it), true.into()])).collect();
        assert_eq!(
            list(&[&one, &two], n_rows, Rows::Nested, MAX_ANSWER).unwrap(),
            engine::json_text(&whole)
        );
        let whole: Value = (0..n_rows).map(|it| one.json(it)).collect();
        assert_eq!(
            list(&[&one], n_rows, Rows::Nested, MAX_ANSWER).unwrap(),
            engine::json_text(&whole)
        );
        assert_eq!(list(&[&one, &two], 2, Rows::Flat, MAX_ANSWER).unwrap(), "[0,true,1,true]");
        assert_eq!(list(&[], 0, Rows::Flat, MAX_ANSWER).unwrap(), "[]");
    }

    #[test]
    fn a_list_ends_where_it_is_too_large() {
        let column = Written::Int(vec![7; 100_000]);
        assert!(list(&[&column], 100_000, Rows::Flat, 200_001).is_ok());
        let refused = list(&[&column], 100_000, Rows::Flat, 199_999).unwrap_err();
        assert!(refused.text.starts_with("The answer would be larger than"), "{}", refused.text);
    }
}
