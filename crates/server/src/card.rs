//! What is served here, for people and programs: `/card.json`.

use std::sync::Arc;

use engine::records::InputKind;
use engine::{RowModel, StepCard, TableCard};
use serde_json::{Map, Value, json};

use crate::{Endpoint, openapi};

/// The card of all services.
pub(crate) fn card(services: &[Arc<dyn Endpoint>], max_body: usize) -> Value {
    let names: Vec<&str> = services.iter().map(|it| it.name()).collect();
    let cards: Vec<Value> = services.iter().map(|it| service(it.as_ref(), services)).collect();
    json!({
        "name": "pythia",
        "version": env!("CARGO_PKG_VERSION"),
        "services": names,
        "openapi": "/openapi.json",
        "limits": {"body_bytes": max_body},
        "cards": cards,
    })
}

/// One service: how it is asked, and what answers.
fn service(service: &dyn Endpoint, all: &[Arc<dyn Endpoint>]) -> Value {
    let models = service.models();
    let mut card = json!({
        "name": service.name(),
        "path": openapi::path(service, all),
        "takes_csv": service.only_model().is_some(),
        "models": models.iter().map(|it| model(it)).collect::<Vec<Value>>(),
    });
    let steps: Vec<Value> = service.steps().iter().map(step).collect();
    if !steps.is_empty() {
        card["steps"] = json!(steps);
    }
    let tables: Vec<Value> = service.tables().iter().map(table).collect();
    if !tables.is_empty() {
        card["tables"] = json!(tables);
    }
    card
}

fn step(step: &StepCard) -> Value {
    let columns = &step.columns;
    match (&step.model, &step.output) {
        (Some(model), Some(output)) => {
            json!({"name": step.name, "kind": step.kind, "model": model, "output": output, "columns": columns})
        }
        _ => json!({"name": step.name, "kind": step.kind, "columns": columns}),
    }
}

fn table(table: &TableCard) -> Value {
    json!({"name": table.name, "file": table.file, "rows": table.n_rows, "columns": table.columns})
}

fn model(model: &RowModel) -> Value {
    let card = model.card();
    let inputs: Vec<Value> = model.inputs().iter().map(input).collect();
    let methods: Vec<&str> = card.methods.iter().map(|it| it.name()).collect();
    let mut all = Map::new();
    all.insert("name".to_owned(), json!(model.source().label()));
    all.insert("class".to_owned(), json!(card.class));
    if let Some(version) = card.version {
        all.insert("written_by".to_owned(), json!(format!("scikit-learn {version}")));
    }
    all.insert("method".to_owned(), json!(card.method.name()));
    all.insert("methods".to_owned(), json!(methods));
    all.insert("classes".to_owned(), json!(card.classes));
    all.insert("inputs".to_owned(), json!(inputs));
    all.insert("output".to_owned(), json!(model.source().output));
    all.insert("warnings".to_owned(), json!(card.warnings));
    Value::Object(all)
}

fn input(input: &engine::records::Input) -> Value {
    let kind = match input.kind {
        InputKind::Number => "number",
        InputKind::Text => "text",
        InputKind::Window => "window",
    };
    if input.kind == InputKind::Window {
        return json!({"name": input.name, "kind": kind, "shape": input.shape});
    }
    match input.categories.as_slice() {
        [] => json!({"name": input.name, "kind": kind}),
        _ => json!({"name": input.name, "kind": kind, "categories": input.choices()}),
    }
}
