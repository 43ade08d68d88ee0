//! The Open Inference Protocol (KServe's version 2): metadata, readiness, inference with JSON and binary tensors.

use std::collections::BTreeSet;

use engine::records::InputKind;
use engine::{Answers, Columns, Context, Method, RowModel, Written};
use http::HeaderValue;
use serde_json::{Map, Value, json};

use super::binary::{self, HEADER};
use super::rows::Form;
use super::tensor::{self, Head, Tensor};
use crate::app::{Reply, Request};
use crate::{Endpoint, Failure, body};

/// The only version a model has: what its file is now.
const VERSION: &str = "1";

/// `/v2`
pub(crate) fn metadata() -> Reply {
    let extensions = json!(["binary_tensor_data"]);
    Reply::json(
        &json!({"name": "pythia", "version": env!("CARGO_PKG_VERSION"), "extensions": extensions}),
    )
}

/// `/v2/models/{model}`
pub(crate) fn model_metadata(name: &str, model: &RowModel) -> Reply {
    let input = |input: &engine::records::Input| {
        let datatype = if input.kind == InputKind::Text { "BYTES" } else { "FP64" };
        json!({"name": input.name, "datatype": datatype, "shape": [-1, 1]})
    };
    let inputs = match model.knows_names() {
        true => model.inputs().iter().map(input).collect(),
        false => {
            vec![json!({"name": "input", "datatype": "FP64", "shape": [-1, model.inputs().len()]})]
        }
    };
    let outputs: Vec<Value> =
        methods(model).into_iter().flat_map(|it| described(model, it)).collect();
    let platform = model.card().class;
    Reply::json(
        &json!({"name": name, "versions": [VERSION], "platform": platform, "inputs": inputs, "outputs": outputs}),
    )
}

/// The methods that answer rows: the one that is asked first, then the others.
fn methods(model: &RowModel) -> Vec<Method> {
    let others = model.methods().iter().copied().filter(|it| *it != model.method());
    std::iter::once(model.method()).chain(others).collect()
}

/// Names, types and shapes of a method's answers, as it gives them for a row; of one that refuses this row only the name is known.
fn described(model: &RowModel, method: Method) -> Vec<Value> {
    let row = Value::Object(model.example().clone());
    let answers =
        Columns::of_records("inputs", &[row]).and_then(|it| model.predict(&it, Some(method)));
    let Ok(answers) = answers else {
        return vec![json!({"name": method.name(), "datatype": "FP64", "shape": [-1, -1]})];
    };
    let mut made = Made { outputs: Vec::new(), bytes: Vec::new() };
    made.add(method, &answers, false);
    for output in &mut made.outputs {
        output["shape"][0] = json!(-1);
        if let Some(all) = output.as_object_mut() {
            all.shift_remove("data");
        }
    }
    made.outputs
}

/// `/v2/models/{model}/infer`
pub(crate) fn infer(
    name: &str,
    model: &RowModel,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    let (head, bytes) = parts(request)?;
    let asked = body::json(head)?.unwrap_or(Value::Null);
    let columns = tensor::columns(model, tensors(&asked, bytes)?)?;
    let mut made = Made { outputs: Vec::new(), bytes: Vec::new() };
    let is_binary = asked["parameters"]["binary_data_output"] == true;
    for (method, is_binary) in outputs(&asked, model, is_binary)? {
        let answers = model.predict_until(context.deadline, &columns, Some(method));
        let answers = answers.map_err(|err| Failure::of(&err))?;
        made.add(method, &answers, is_binary);
    }
    Ok(Reply { rows: columns.n_rows() as u64, ..reply(name, &asked, made) })
}

/// A service that is no model alone, by what its schema and the answer to its example say.
pub(crate) fn rows_metadata(service: &dyn Endpoint) -> Reply {
    let form = Form::of(service);
    let input = |(name, schema): &(String, Value)| {
        // A list that may be nested is described as the flat one first.
        let schema = schema["anyOf"].get(0).unwrap_or(schema);
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
        let datatype = match kind {
            Some("number") | None => "FP64",
            Some("integer") => "INT64",
            Some("boolean") => "BOOL",
            Some("array") => {
                return json!({"name": name, "datatype": "FP64", "shape": [-1, schema["minItems"].as_i64().unwrap_or(-1)]});
            }
            Some(_) => "BYTES",
        };
        json!({"name": name, "datatype": datatype, "shape": [-1, 1]})
    };
    let outputs = service.response_schema();
    let output = |(name, schema): (&String, &Value)| {
        let kind = &schema["items"]["type"];
        let kind = kind.as_str().or_else(|| kind[0].as_str());
        let datatype = if kind == Some("number") { "FP64" } else { "BYTES" };
        json!({"name": name, "datatype": datatype, "shape": [-1]})
    };
    let is_list = |it: &(&String, &Value)| it.1["type"] == "array" || it.1["type"][0] == "array";
    let outputs: Vec<Value> = outputs["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(is_list)
        .map(output)
        .collect();
    let inputs: Vec<Value> = form.columns.iter().map(input).collect();
    let name = service.name();
    Reply::json(
        &json!({"name": name, "versions": [VERSION], "platform": "pythia_bundle", "inputs": inputs, "outputs": outputs}),
    )
}

/// `/v2/models/{model}/infer` of such a service.
pub(crate) fn infer_rows(
    service: &dyn Endpoint,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    let (head, bytes) = parts(request)?;
    let asked = body::json(head)?.unwrap_or(Value::Null);
    let form = Form::of(service);
    let records = form.of_tensors(&tensors(&asked, bytes)?)?;
    let answered = form.ask(service, records, context)?;
    let mut found = answered.tensors();
    let is_binary = asked["parameters"]["binary_data_output"] == true;
    let mut made = Made { outputs: Vec::new(), bytes: Vec::new() };
    let wanted = asked["outputs"].as_array().filter(|it| !it.is_empty());
    let own: Vec<Value> = found.iter().map(|it| json!({"name": it.0})).collect();
    for output in wanted.unwrap_or(&own) {
        let name = output["name"].as_str().unwrap_or_default();
        let Some(at) = found.iter().position(|it| it.0 == name) else {
            let known: Vec<&str> = own.iter().filter_map(|it| it["name"].as_str()).collect();
            let text = format!("output {name} is not known; known are {}", known.join(", "));
            return Err(Failure::bad(text));
        };
        let (name, columns, n_rows) = found.remove(at);
        let is_binary = output["parameters"]["binary_data"].as_bool().unwrap_or(is_binary);
        made.push(&name, &columns.iter().collect::<Vec<_>>(), n_rows, is_binary);
    }
    Ok(Reply { rows: answered.n_rows as u64, ..reply(service.name(), &asked, made) })
}

/// Outputs in the protocol's form.
fn reply(name: &str, asked: &Value, made: Made) -> Reply {
    let mut answer = Map::new();
    answer.insert("model_name".to_owned(), name.into());
    answer.insert("model_version".to_owned(), VERSION.into());
    if let Some(id) = asked["id"].as_str() {
        answer.insert("id".to_owned(), id.into());
    }
    answer.insert("outputs".to_owned(), Value::Array(made.outputs));
    let mut reply = Reply::json(&Value::Object(answer));
    if !made.bytes.is_empty() {
        reply.headers.insert(HEADER, HeaderValue::from(reply.body.len()));
        let body = [reply.body.as_ref(), &made.bytes].concat();
        reply = Reply { headers: reply.headers, ..Reply::of("application/octet-stream", body) };
    }
    reply
}

/// The JSON of a body, and the bytes after it.
fn parts(request: &Request) -> Result<(&[u8], &[u8]), Failure> {
    let body = request.body().as_ref();
    let Some(length) = request.headers().get(HEADER) else { return Ok((body, &[])) };
    let length = length.to_str().ok().and_then(|it| it.trim().parse().ok());
    length.and_then(|it| body.split_at_checked(it)).ok_or_else(|| {
        Failure::bad(
            "Inference-Header-Content-Length must be the number of the body's bytes that are JSON",
        )
    })
}

fn tensors(asked: &Value, mut bytes: &[u8]) -> Result<Vec<Tensor>, Failure> {
    let Some(inputs) = asked["inputs"].as_array().filter(|it| !it.is_empty()) else {
        return Err(Failure::bad("inputs must be a list of at least one tensor"));
    };
    let mut all = Vec::with_capacity(inputs.len());
    let mut names = BTreeSet::new();
    for (index, input) in inputs.iter().enumerate() {
        let head = Head::read(index, input)?;
        if !names.insert(head.name.clone()) {
            return Err(Failure::bad(format!("tensor {} is there twice", head.name)));
        }
        let size = &input["parameters"]["binary_data_size"];
        let tensor = if size.is_null() {
            head.with_json(&input["data"])?
        } else {
            let size = size.as_u64().and_then(|it| usize::try_from(it).ok());
            let Some((own, rest)) = size.and_then(|it| bytes.split_at_checked(it)) else {
                let text =
                    format!("tensor {}: binary_data_size is not what follows the JSON", head.name);
                return Err(Failure::bad(text));
            };
            bytes = rest;
            head.with_bytes(own)?
        };
        all.push(tensor);
    }
    if !bytes.is_empty() {
        return Err(Failure::bad(format!(
            "{} bytes after the JSON belong to no tensor",
            bytes.len()
        )));
    }
    Ok(all)
}

/// The methods that were asked for, and whether each is to be answered in bytes.
fn outputs(
    asked: &Value,
    model: &RowModel,
    is_binary: bool,
) -> Result<Vec<(Method, bool)>, Failure> {
    let Some(all) = asked["outputs"].as_array().filter(|it| !it.is_empty()) else {
        return Ok(vec![(model.method(), is_binary)]);
    };
    let one = |output: &Value| {
        let name = output["name"].as_str().unwrap_or_default();
        let method =
            Method::parse(name).filter(|it| model.methods().contains(it)).ok_or_else(|| {
                let known: Vec<&str> = methods(model).iter().map(|it| it.name()).collect();
                Failure::bad(format!("output {name} is not known; known are {}", known.join(", ")))
            })?;
        Ok((method, output["parameters"]["binary_data"].as_bool().unwrap_or(is_binary)))
    };
    all.iter().map(one).collect()
}

/// Outputs as JSON, and the bytes of those that are binary.
struct Made {
    outputs: Vec<Value>,
    bytes: Vec<u8>,
}

impl Made {
    /// One tensor, or one for each column if their types differ.
    fn add(&mut self, method: Method, answers: &Answers, is_binary: bool) {
        let columns: Vec<&Written> = answers.columns().iter().collect();
        let is_one_type = columns.windows(2).all(|it| datatype(it[0]) == datatype(it[1]));
        if is_one_type {
            return self.push(method.name(), &columns, answers.n_rows(), is_binary);
        }
        for (name, column) in answers.names().iter().zip(columns) {
            self.push(name, &[column], answers.n_rows(), is_binary);
        }
    }

    fn push(&mut self, name: &str, columns: &[&Written], n_rows: usize, is_binary: bool) {
        let shape = if columns.len() == 1 { vec![n_rows] } else { vec![n_rows, columns.len()] };
        let datatype = columns.first().map_or("FP64", |it| datatype(it));
        let mut output = json!({"name": name, "datatype": datatype, "shape": shape});
        if is_binary {
            let bytes = binary::bytes(columns, n_rows);
            output["parameters"] = json!({"binary_data_size": bytes.len()});
            self.bytes.extend(bytes);
        } else {
            let row = |row: usize| columns.iter().map(move |it| it.json(row));
            output["data"] = (0..n_rows).flat_map(row).collect();
        }
        self.outputs.push(output);
    }
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
