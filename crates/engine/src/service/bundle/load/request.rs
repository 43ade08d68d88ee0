//! What a request holds, and its example.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::super::request::Request;
use super::super::spec::{Example, Spec, WorkSpec};
use super::Opening;
use crate::Error;
use crate::records::{Input, InputKind, RowModel};

impl Opening<'_> {
    /// What a request holds: what is declared, and what models take of its rows themselves.
    pub(super) fn request(&self, spec: &Spec, models: &[Option<Arc<RowModel>>]) -> Request {
        let mut asked: Vec<String> = Vec::new();
        let mut takes_all = false;
        let declared =
            if spec.request.rows.is_some() { &spec.request.columns } else { &spec.request.fields };
        for (index, (step, model)) in spec.steps.iter().zip(models).enumerate() {
            let (WorkSpec::Model(of), Some(model)) = (&step.work, model) else { continue };
            let is_first = of.from.as_ref().map_or(index == 0, |it| it.value == "input");
            if !is_first {
                continue;
            }
            takes_all |= !model.knows_names();
            // A request without rows declares all that it holds, and a list says its shape.
            let may_be_asked = |it: &&Input| {
                // Of one that differs in case alone the step tells.
                let is_declared =
                    declared.iter().any(|field| field.name.eq_ignore_ascii_case(&it.name));
                !is_declared && it.kind != InputKind::Window && spec.request.rows.is_some()
            };
            let inputs = model.inputs().iter().filter(|_| model.knows_names());
            asked.extend(inputs.filter(may_be_asked).map(|it| it.name.clone()));
        }
        let mut seen = BTreeSet::new();
        asked.retain(|it| seen.insert(it.clone()));
        let spec = spec.request.clone();
        Request { spec, asked, takes_all, most_rows: self.settings.limits.sql.rows }
    }

    pub(super) fn example(&self, request: &Request) -> Option<Value> {
        match request.spec.example.as_ref()? {
            Example::Value(it) => Some(it.clone()),
            Example::File(file) => {
                let read = self.files.locate(&file.value).map_err(Error::request);
                let read = read.and_then(|it| self.files.text(&it, self.settings));
                match read.and_then(|it| parsed(&file.value, &it)) {
                    Ok(it) => Some(it),
                    Err(err) => {
                        self.wrong(&file.span, &format!("the example: {err}"));
                        None
                    }
                }
            }
        }
    }
}

/// The JSON of a file; what is none is told with its place.
fn parsed(file: &str, text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|err| {
        let told = err.to_string();
        let told = told.split(" at line ").next().unwrap_or(&told);
        let (line, column) = (err.line(), err.column());
        Error::request(format!("{file} line {line}, column {column}: {told}"))
    })
}
