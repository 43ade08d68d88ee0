//! Steps of models: loaded, and compared with what the tables before them have.

use std::sync::Arc;

use serde_json::Value;
use storage::Location;

use super::super::document::Text;
use super::super::request::Request;
use super::super::spec::{Features, ModelSpec};
use super::super::{Step, Work};
use super::{INPUT, Opening};
use crate::load::load_names;
use crate::network::read_layers;
use crate::records::{Columns, Input, InputKind, RowModel};
use crate::{Category, Error, RowInputs};

impl Opening<'_> {
    pub(super) fn model(&self, spec: &ModelSpec) -> Option<Arc<RowModel>> {
        let locate = |text: &Text| match self.files.locate(&text.value) {
            Ok(it) => match self.files.note(&it, self.settings) {
                Ok(()) => Some(it),
                Err(err) => {
                    self.wrong(&text.span, &err.to_string());
                    None
                }
            },
            Err(err) => {
                self.wrong(&text.span, &err);
                None
            }
        };
        let (model, layers, scaler, encoders) = (
            locate(&spec.file),
            spec.layers.as_ref().map(locate),
            spec.scaler.as_ref().map(locate),
            spec.encoders.as_ref().map(locate),
        );
        let missing = |it: &Option<Option<Location>>| it.as_ref().is_some_and(Option::is_none);
        if missing(&layers) || missing(&scaler) || missing(&encoders) {
            return None;
        }
        let layers = layers.flatten();
        if let Some(Err(err)) = layers.as_ref().map(|it| read_layers(it, self.settings)) {
            // It names the declaration's own line.
            for line in err.to_string().lines() {
                self.problems.borrow_mut().add(|| line.to_owned());
            }
            return None;
        }
        let location = model?;
        let features = match &spec.features {
            None => None,
            Some(Features::Names(it)) => Some(it.clone()),
            Some(Features::Part(key)) => match load_names(&location, &key.value, self.settings) {
                Ok(it) => Some(it),
                Err(err) => {
                    self.wrong(&key.span, &err.to_string());
                    return None;
                }
            },
        };
        let inputs = RowInputs {
            part: spec.part.as_ref().map(|it| it.value.clone()),
            layers,
            window: spec.window.as_ref().map(|it| it.value.clone()),
            scaler: scaler.flatten(),
            encoders: encoders.flatten(),
            features,
            method: spec.method,
            output: spec.output.value.clone(),
            ..RowInputs::of_model(location)
        };
        match RowModel::load(&inputs, self.settings) {
            Ok(it) => Some(Arc::new(it)),
            Err(err) => {
                self.wrong(&spec.file.span, &err.to_string());
                None
            }
        }
    }

    pub(super) fn model_step(
        &self,
        spec: &ModelSpec,
        model: Arc<RowModel>,
        name: &Text,
        request: &Request,
    ) -> Option<Step> {
        let is_wrong = |name: &String| self.failed.contains(name);
        let from = match &spec.from {
            None if self.previous.as_ref().is_some_and(is_wrong) => return None,
            Some(from) if is_wrong(&from.value) => return None,
            None => self.known.len() - 1,
            Some(from) => match self.known.iter().position(|(it, _)| *it == from.value) {
                Some(0) | None => {
                    let known: Vec<&str> =
                        self.known.iter().skip(1).map(|(it, _)| it.as_str()).collect();
                    let text = format!(
                        "there is no table {} before this step; there are {}",
                        from.value,
                        known.join(", ")
                    );
                    self.wrong(&from.span, &text);
                    return None;
                }
                Some(at) => at,
            },
        };
        let (table, known) = &self.known[from];
        let inputs = model.inputs().iter().filter(|_| model.knows_names());
        let lacking: Vec<&Input> = inputs.filter(|it| !known.contains(&it.name)).collect();
        if !lacking.is_empty() {
            let text = lacks(table, known, &lacking, request.spec.rows.is_some());
            self.wrong(&spec.window.as_ref().unwrap_or(&spec.file).span, &text);
            return None;
        }
        if from == INPUT
            && let Some(text) = model.inputs().iter().find_map(|it| request.misfit(it))
        {
            self.wrong(&spec.window.as_ref().unwrap_or(&spec.file).span, &text);
            return None;
        }
        let (has, takes) = (known.len(), model.inputs().len());
        let is_open = from == INPUT && request.spec.rows.is_some();
        if !model.knows_names() && !is_open && has != takes && takes != 0 {
            let text = format!(
                "the model takes {takes} columns and does not say which, {table} has {has}: say which with \
                 features = [\"a\", \"b\"], or which one column holds them all with window = \"a\""
            );
            self.wrong(&spec.file.span, &text);
            return None;
        }
        let outputs = match outputs(&model) {
            Ok(it) => it,
            Err(err) => {
                self.wrong(&spec.file.span, &err.to_string());
                return None;
            }
        };
        let mut columns = known.clone();
        columns.extend(outputs.iter().filter(|it| !known.contains(it)).cloned());
        let work = Work::Model { model, from: from - INPUT, outputs };
        let (name, place) = (name.value.clone(), self.source.place(spec.file.span.start));
        Some(Step { name, place, work, columns, fill: None })
    }
}

/// What a table lacks of what a model takes.
fn lacks(table: &str, known: &[String], lacking: &[&Input], has_rows: bool) -> String {
    let named = |it: &&Input| match known.iter().find(|has| has.eq_ignore_ascii_case(&it.name)) {
        Some(has) => format!("{} (it has {has})", it.name),
        None => it.name.clone(),
    };
    let names: Vec<String> = lacking.iter().map(named).collect();
    let names = names.join(", ");
    match (table, lacking) {
        ("input", [it]) if it.kind == InputKind::Window => {
            let field = format!("{names} = {{ type = \"array\", shape = {:?} }}", it.shape);
            format!("the request declares no {names}; it would be {field}")
        }
        ("input", _) if !has_rows => {
            format!("the model takes {names} of the request, which has no such field")
        }
        _ => format!("the model takes columns that {table} lacks: {names}"),
    }
}

/// The names of a model's columns of answers: what it gives for one row shows them.
fn outputs(model: &RowModel) -> Result<Vec<String>, Error> {
    let row = Value::Object(model.example().clone());
    let found = Columns::of_records("row", &[row]).and_then(|it| model.predict(&it, None));
    match (found, model.method()) {
        (Ok(it), _) => Ok(it.names().to_vec()),
        (Err(_), estimators::Method::Predict) => Ok(vec![model.source().output.clone()]),
        (Err(err), method) => {
            let text = format!("it cannot be told which columns {method} gives: {err}");
            Err(Error::new(Category::Model, text))
        }
    }
}
