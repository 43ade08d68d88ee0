//! `/invocations`, as MLflow's scoring server and SageMaker's containers have it.

use engine::{Answers, Columns, Context, RowModel};
use http::HeaderMap;
use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use super::frames;
use super::rows::Form;
use crate::app::{Reply, Request};
use crate::lists::{self, MAX_ANSWER};
use crate::{Endpoint, Failure, body, predict};

const CSV: &str = "text/csv";
const CSV_UTF_8: &str = "text/csv; charset=utf-8";

/// The forms of rows, of which a body has one.
const FORMS: [&str; 4] = ["dataframe_split", "dataframe_records", "instances", "inputs"];

/// Answers for the model; a body that is in none of the forms is the service's own.
pub(crate) fn invoke(
    service: &dyn Endpoint,
    model: Option<&RowModel>,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    let kind = text_of(request.headers(), &CONTENT_TYPE);
    let body;
    let given = match kind.split(';').next().unwrap_or_default().trim() {
        "text/csv" => Given::Csv(&kind, request.body()),
        "" | "application/json" | "application/x-www-form-urlencoded" => {
            body = body::json(request.body())?.unwrap_or(Value::Null);
            let given: Vec<&str> = FORMS.into_iter().filter(|it| body.get(*it).is_some()).collect();
            match given.as_slice() {
                [] => return predict::answer(service, request, context),
                [one] => Given::Json(one, &body[*one]),
                _ => {
                    let text =
                        format!("The body has {}; one of them is expected", given.join(" and "));
                    return Err(Failure::bad(text));
                }
            }
        }
        _ => {
            let text = "Content-Type must be application/json or text/csv";
            return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
        }
    };
    let accepts = text_of(request.headers(), &ACCEPT);
    let Some(model) = model else { return invoke_rows(service, &given, &accepts, context) };
    let columns = match given {
        Given::Csv(kind, text) => csv(model, kind, text)?,
        Given::Json(form, value) => rows(model, form, value)?,
    };
    let method = predict::method_of(request)?;
    let answers = model.predict_until(context.deadline, &columns, method);
    let answers = answers.map_err(|err| Failure::of(&err))?;
    if !accepts.contains(CSV) {
        return lists::predictions(&answers);
    }
    let reply = Reply::of(CSV_UTF_8, csv_of(&answers)?);
    Ok(Reply { rows: answers.n_rows() as u64, ..reply })
}

/// Rows as they are given.
enum Given<'a> {
    /// Its type, with parameters, and its text.
    Csv(&'a str, &'a [u8]),
    /// The form, and what is in it.
    Json(&'a str, &'a Value),
}

/// Answers for a service that is no model alone.
fn invoke_rows(
    service: &dyn Endpoint,
    given: &Given<'_>,
    accepts: &str,
    context: &Context,
) -> Result<Reply, Failure> {
    let form = Form::of(service);
    let records = match given {
        Given::Json(name, value) => form.records(name, value)?,
        Given::Csv(kind, text) => {
            let own: Vec<&str> = form.columns.iter().map(|it| it.0.as_str()).collect();
            let columns = columns_of_csv(kind, text, &own, |n_columns| form.names(n_columns))?;
            (0..columns.n_rows()).map(|row| columns.record(row)).collect()
        }
    };
    let answered = form.ask(service, records, context)?;
    let rows = answered.n_rows as u64;
    let predictions = answered.predictions();
    let csv = accepts.contains(CSV).then(|| csv_of_list(&predictions)).flatten();
    let reply = match csv {
        Some(csv) => Reply::of(CSV_UTF_8, csv),
        None if is_only_csv(accepts) => {
            let text = "The answer is no table of numbers and texts; it comes as application/json";
            return Err(Failure::new(StatusCode::NOT_ACCEPTABLE, text));
        }
        None => Reply::json(&json!({"predictions": predictions})),
    };
    Ok(Reply { rows, ..reply })
}

/// Whether a header `Accept` names CSV and nothing that JSON is.
fn is_only_csv(accepts: &str) -> bool {
    accepts.contains(CSV) && !["json", "*/*", "application/*"].iter().any(|it| accepts.contains(it))
}

fn text_of(headers: &HeaderMap, name: &http::HeaderName) -> String {
    let text = headers.get(name).and_then(|it| it.to_str().ok());
    text.unwrap_or_default().to_ascii_lowercase()
}

fn rows(model: &RowModel, form: &str, value: &Value) -> Result<Columns, Failure> {
    match form {
        "dataframe_split" => frames::split(model, form, value),
        "dataframe_records" | "instances" => frames::instances(model, form, value),
        _ => frames::inputs(model, form, value),
    }
}

/// What a model takes of a CSV.
fn csv(model: &RowModel, kind: &str, text: &[u8]) -> Result<Columns, Failure> {
    let own: Vec<&str> = model.inputs().iter().map(|it| it.name.as_str()).collect();
    columns_of_csv(kind, text, if model.knows_names() { &own } else { &[] }, |n_columns| {
        frames::names(model, n_columns, || {
            format!("csv line 1 has {}", frames::counted(n_columns, "value"))
        })
    })
}

/// MLflow sends a header, SageMaker does not. `text/csv; header=absent` (RFC 4180) says which; else a first line of
/// nothing but numbers is a row, unless these are the columns' `own` names. `names` are those of so many columns without a header.
fn columns_of_csv(
    kind: &str,
    text: &[u8],
    own: &[&str],
    names: impl FnOnce(usize) -> Result<Vec<String>, Failure>,
) -> Result<Columns, Failure> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let first = text.split(|it| *it == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let cells: Vec<&str> = first.trim().split(',').map(|it| it.trim().trim_matches('"')).collect();
    let is_number = |it: &&str| it.is_empty() || it.parse::<f64>().is_ok();
    let has_header = match (kind.contains("header=absent"), kind.contains("header=present")) {
        (true, _) => false,
        (_, true) => true,
        _ => cells.iter().all(|it| own.contains(it)) || !cells.iter().all(is_number),
    };
    let made = if has_header {
        Columns::of_csv("csv", text)
    } else {
        let header: Vec<String> = names(cells.len())?.iter().map(|it| quoted(it)).collect();
        Columns::of_csv("csv", &[header.join(",").as_bytes(), b"\n", text].concat())
    };
    made.map_err(|err| Failure::of(&err))
}

/// A line for each row, without a header.
fn csv_of(answers: &Answers) -> Result<String, Failure> {
    let mut out = String::new();
    for row in 0..answers.n_rows() {
        csv_line(answers.columns().iter().map(|it| it.json(row)), &mut out);
        if MAX_ANSWER < out.len() {
            return Err(lists::too_large());
        }
    }
    Ok(out)
}

/// The same of a list of cells, or of lists of cells; `None` if it is another.
fn csv_of_list(list: &Value) -> Option<String> {
    let is_cell = |it: &Value| !it.is_array() && !it.is_object();
    let mut out = String::new();
    for row in list.as_array()? {
        match row {
            Value::Array(cells) if cells.iter().all(is_cell) => {
                csv_line(cells.iter().cloned(), &mut out);
            }
            one if is_cell(one) => csv_line(std::iter::once(one.clone()), &mut out),
            _ => return None,
        }
    }
    Some(out)
}

fn csv_line(cells: impl Iterator<Item = Value>, out: &mut String) {
    for (index, cell) in cells.enumerate() {
        if 0 < index {
            out.push(',');
        }
        match cell {
            Value::Null => {}
            Value::String(text) => out.push_str(&quoted(&text)),
            Value::Bool(it) => out.push_str(if it { "True" } else { "False" }),
            number => out.push_str(&engine::json_text(&number)),
        }
    }
    out.push('\n');
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}
