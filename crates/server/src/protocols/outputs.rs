//! The Open Inference Protocol's outputs: those that are asked for, and those that are answered.

use std::collections::BTreeSet;

use engine::{Answers, Method, Written};
use http::HeaderValue;
use serde_json::{Map, Value, json};

use super::binary::{self, HEADER};
use super::inference::VERSION;
use crate::Failure;
use crate::app::Reply;
use crate::lists::{self, MAX_ANSWER, Rows};

/// The protocol's extensions that are there.
pub(super) const EXTENSIONS: [&str; 1] = ["binary_tensor_data"];
/// Parameters of tensors that belong to others.
const OTHER_EXTENSIONS: [(&str, &str); 2] = [
    ("shared_memory_region", "shared memory (system_shared_memory, cuda_shared_memory)"),
    ("classification", "classification"),
];

/// Whether outputs are answered in bytes, where they do not say so themselves.
pub(super) fn is_binary(asked: &Value) -> bool {
    asked["parameters"]["binary_data_output"] == true
}

/// The outputs that are asked for, each once, and whether in bytes; none: all that there are.
pub(super) fn wanted(asked: &Value) -> Result<Vec<(&str, bool)>, Failure> {
    let all = match &asked["outputs"] {
        Value::Null => return Ok(Vec::new()),
        Value::Array(all) => all,
        _ => return Err(Failure::bad("outputs must be a list")),
    };
    let mut names = BTreeSet::new();
    let mut wanted = Vec::new();
    for (index, output) in all.iter().enumerate() {
        let Some(name) = output["name"].as_str() else {
            return Err(Failure::bad(format!("outputs[{index}].name must be a text")));
        };
        if !names.insert(name) {
            return Err(Failure::bad(format!("output {name} is there twice")));
        }
        only_known_extensions(&format!("output {name}"), output)?;
        let own = output["parameters"]["binary_data"].as_bool();
        wanted.push((name, own.unwrap_or_else(|| is_binary(asked))));
    }
    Ok(wanted)
}

/// Refuses what a tensor asks of extensions that are not there.
pub(super) fn only_known_extensions(place: &str, tensor: &Value) -> Result<(), Failure> {
    let parameters = &tensor["parameters"];
    let Some((_, name)) = OTHER_EXTENSIONS.iter().find(|it| !parameters[it.0].is_null()) else {
        return Ok(());
    };
    let known = EXTENSIONS.join(", ");
    Err(Failure::bad(format!(
        "{place}: the extension {name} is not there; this server has {known}"
    )))
}

/// An output that is not there.
pub(super) fn unknown(name: &str, known: &[&str]) -> Failure {
    Failure::bad(format!("output {name} is not known; known are {}", known.join(", ")))
}

/// Outputs, no larger together than an answer may be.
#[derive(Default)]
pub(super) struct Made {
    /// Name, type and shape of each, and its elements if they are JSON.
    outputs: Vec<(Value, Option<String>)>,
    /// The elements of those that are binary.
    bytes: Vec<u8>,
    n_bytes: usize,
}

impl Made {
    /// One tensor, or one for each column if their types differ.
    pub(super) fn add(
        &mut self,
        method: Method,
        answers: &Answers,
        is_binary: bool,
    ) -> Result<(), Failure> {
        let columns: Vec<&Written> = answers.columns().iter().collect();
        let is_one_type = columns.windows(2).all(|it| datatype(it[0]) == datatype(it[1]));
        if is_one_type {
            return self.push(method.name(), &columns, answers.n_rows(), is_binary);
        }
        for (name, column) in answers.names().iter().zip(columns) {
            self.push(name, &[column], answers.n_rows(), is_binary)?;
        }
        Ok(())
    }

    /// A tensor of columns side by side.
    pub(super) fn push(
        &mut self,
        name: &str,
        columns: &[&Written],
        n_rows: usize,
        is_binary: bool,
    ) -> Result<(), Failure> {
        let shape = if columns.len() == 1 { vec![n_rows] } else { vec![n_rows, columns.len()] };
        let datatype = columns.first().map_or("FP64", |it| datatype(it));
        let mut head = json!({"name": name, "datatype": datatype, "shape": shape});
        let left = MAX_ANSWER - self.n_bytes;
        let data = if is_binary {
            let bytes = binary::bytes(columns, n_rows, left).ok_or_else(lists::too_large)?;
            head["parameters"] = json!({"binary_data_size": bytes.len()});
            self.n_bytes += bytes.len();
            self.bytes.extend(bytes);
            None
        } else {
            let text = lists::list(columns, n_rows, Rows::Flat, left)?;
            self.n_bytes += text.len().min(left);
            Some(text)
        };
        self.outputs.push((head, data));
        Ok(())
    }

    /// The outputs without their elements, of any number of rows in the place of `n_rows`.
    pub(super) fn heads(self, n_rows: usize) -> Vec<Value> {
        let any = |(mut head, _): (Value, Option<String>)| {
            if head["shape"][0] == n_rows {
                head["shape"][0] = json!(-1);
            }
            head
        };
        self.outputs.into_iter().map(any).collect()
    }

    /// The outputs in the protocol's form.
    pub(super) fn reply(self, name: &str, asked: &Value) -> Reply {
        let mut answer = Map::new();
        answer.insert("model_name".to_owned(), name.into());
        answer.insert("model_version".to_owned(), VERSION.into());
        if let Some(id) = asked["id"].as_str() {
            answer.insert("id".to_owned(), id.into());
        }
        let mut text = open(&Value::Object(answer));
        text.push_str(",\"outputs\":[");
        for (index, (head, data)) in self.outputs.iter().enumerate() {
            if 0 < index {
                text.push(',');
            }
            text.push_str(&open(head));
            if let Some(data) = data {
                text.push_str(",\"data\":");
                text.push_str(data);
            }
            text.push('}');
        }
        text.push_str("]}");
        if self.bytes.is_empty() {
            return Reply::of("application/json", text);
        }
        let length = HeaderValue::from(text.len());
        let body = [text.as_bytes(), &self.bytes].concat();
        let mut reply = Reply::of("application/octet-stream", body);
        reply.headers.insert(HEADER, length);
        reply
    }
}

/// An object's text without its last brace.
fn open(object: &Value) -> String {
    let mut text = engine::json_text(object);
    text.pop();
    text
}

fn datatype(column: &Written) -> &'static str {
    match column {
        Written::Float(_) => "FP64",
        Written::Float32(_) => "FP32",
        Written::Int(_) => "INT64",
        Written::Bool(_) => "BOOL",
        Written::Labels(..) | Written::Text(_) => "BYTES",
    }
}
