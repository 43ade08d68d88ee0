//! The Open Inference Protocol (KServe's version 2): metadata, readiness, inference with JSON and binary tensors.

use std::collections::BTreeSet;

use engine::records::InputKind;
use engine::{Columns, Context, Method, RowModel};
use serde_json::{Value, json};

use super::answered::Answered;
use super::binary::HEADER;
use super::outputs::{self, EXTENSIONS, Made};
use super::rows::{Form, TRIED};
use super::tensor::{self, Head, Tensor};
use crate::app::{Reply, Request};
use crate::{Endpoint, Failure, body};

/// The only version a model has: what its file is now.
pub(super) const VERSION: &str = "1";

/// `/v2`
pub(crate) fn metadata() -> Reply {
    Reply::json(
        &json!({"name": "pythia", "version": env!("CARGO_PKG_VERSION"), "extensions": EXTENSIONS}),
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
    let mut made = Made::default();
    // One row is never too much.
    let _ = made.add(method, &answers, false);
    made.heads(answers.n_rows())
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
    let mut made = Made::default();
    for (method, is_binary) in asked_methods(&asked, model)? {
        let answers = model.predict_until(context.deadline, &columns, Some(method));
        let answers = answers.map_err(|err| Failure::of(&err))?;
        made.add(method, &answers, is_binary)?;
    }
    Ok(Reply { rows: columns.n_rows() as u64, ..made.reply(name, &asked) })
}

/// The methods that are asked for, and whether each is to be answered in bytes.
fn asked_methods(asked: &Value, model: &RowModel) -> Result<Vec<(Method, bool)>, Failure> {
    let wanted = outputs::wanted(asked)?;
    if wanted.is_empty() {
        return Ok(vec![(model.method(), outputs::is_binary(asked))]);
    }
    let one = |(name, is_binary): (&str, bool)| {
        let method = Method::parse(name).filter(|it| model.methods().contains(it));
        let method = method.ok_or_else(|| {
            let known: Vec<&str> = methods(model).iter().map(|it| it.name()).collect();
            outputs::unknown(name, &known)
        })?;
        Ok((method, is_binary))
    };
    wanted.into_iter().map(one).collect()
}

/// A service that is no model alone: what its schema says it takes, and what its answer to its example has.
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
    let mut made = Made::default();
    for (name, columns, n_rows) in form.tried(service).iter().flat_map(Answered::tensors) {
        // A few rows are never too much.
        let _ = made.push(&name, &columns.iter().collect::<Vec<_>>(), n_rows, false);
    }
    let outputs = made.heads(TRIED);
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
    let found = answered.tensors();
    let known: Vec<&str> = found.iter().map(|it| it.0.as_str()).collect();
    let mut wanted = outputs::wanted(&asked)?;
    if wanted.is_empty() {
        let is_binary = outputs::is_binary(&asked);
        wanted = known.iter().map(|it| (*it, is_binary)).collect();
    }
    let mut made = Made::default();
    for (name, is_binary) in wanted {
        let (_, columns, n_rows) =
            found.iter().find(|it| it.0 == name).ok_or_else(|| outputs::unknown(name, &known))?;
        made.push(name, &columns.iter().collect::<Vec<_>>(), *n_rows, is_binary)?;
    }
    Ok(Reply { rows: answered.n_rows as u64, ..made.reply(service.name(), &asked) })
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
        outputs::only_known_extensions(&format!("tensor {}", head.name), input)?;
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
