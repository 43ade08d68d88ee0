//! What is known of a request's values beyond their types: from the bundle's tables and models, by name.
//!
//! | a field or column of the rows | example                                  | choices                              |
//! |-------------------------------|------------------------------------------|--------------------------------------|
//! | has the name of a table's     | what the table's first row has           | the keys by which rows are looked up |
//! | has the name of a model's     | a category, else a number like its own   | the model's categories               |
//!
//! What is named first, tables before models, counts.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::field::{Default, Field, FieldKind};
use super::request::Request;
use super::{Bundle, Work};
use crate::Error;
use crate::records::{Cell, Input};
use crate::service::{Context, schema};

/// Documents are answered at once, whatever they need of the service.
const PATIENCE: Duration = Duration::from_secs(1);

/// Values by the name that they have in requests.
#[derive(Debug, Default)]
pub(super) struct Known {
    examples: BTreeMap<String, Value>,
    choices: BTreeMap<String, Vec<Value>>,
    inputs: BTreeMap<String, Input>,
}

impl Bundle {
    /// What tables and models know.
    pub(super) fn known(&self) -> Known {
        let mut known = Known::default();
        for column in self.tables.iter().flat_map(|it| &it.columns) {
            if column.first != Cell::Null {
                known.examples.entry(column.name.clone()).or_insert(column.first.to_json());
            }
            if !column.keys.is_empty() {
                let keys = || column.keys.iter().map(Cell::to_json).collect();
                known.choices.entry(column.name.clone()).or_insert_with(keys);
            }
        }
        for step in &self.steps {
            let Work::Model { model, .. } = &step.work else { continue };
            for input in model.inputs() {
                let is_known = !input.categories.is_empty() || input.typical.is_some();
                if is_known {
                    known.examples.entry(input.name.clone()).or_insert_with(|| input.example());
                }
                if !input.categories.is_empty() {
                    known.choices.entry(input.name.clone()).or_insert_with(|| input.choices());
                }
                known.inputs.entry(input.name.clone()).or_insert_with(|| input.clone());
            }
        }
        known
    }

    /// The example that the bundle declares, or one that it answers, if there is one among these: of all that is known,
    /// of what a request must have, of the types alone.
    pub(in crate::service) fn example(&self) -> Value {
        if let Some(declared) = &self.example {
            return declared.clone();
        }
        let made = self.made_example.get_or_init(|| {
            let known = self.known();
            let made = [
                self.request.example(&known, Extent::Known),
                self.request.example(&known, Extent::Required),
                self.request.example(&Known::default(), Extent::Required),
            ];
            made.iter().find(|it| self.tried(it).is_ok()).unwrap_or(&made[0]).clone()
        });
        made.clone()
    }

    /// What the service answers to an example; one that takes long is as good as refused.
    fn tried(&self, example: &Value) -> Result<Value, Error> {
        let deadline = Some(Instant::now() + PATIENCE);
        self.answer(example, &Context { deadline, ..Context::new("example") })
    }

    /// SQL does not tell what is in the JSON that it makes; the answer to the example does, and to one with texts where
    /// any value is taken.
    pub(super) fn schema_of_response(&self) -> Value {
        let example = self.example();
        let mut with_texts = example.clone();
        self.request.put_texts(&mut with_texts);
        let answers = [example, with_texts].map(|it| self.tried(&it));
        schema::like(answers.iter().flatten())
    }
}

/// Which fields an example has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Those that must be there.
    Required,
    /// Those too of which a value is known.
    Known,
}

impl Request {
    /// Puts a text in the place of each value that may be of any type.
    fn put_texts(&self, request: &mut Value) {
        let put = |fields: &[Field], all: &mut Value| {
            for field in fields.iter().filter(|it| it.kind == FieldKind::Any) {
                if let Some(value) = all.get_mut(&field.name) {
                    *value = json!("text");
                }
            }
        };
        put(&self.spec.fields, request);
        let rows = self.spec.rows.as_ref().and_then(|it| request.get_mut(it));
        let rows = rows.and_then(Value::as_array_mut).into_iter().flatten();
        rows.for_each(|it| put(&self.spec.columns, it));
    }

    /// A request of these values, else of the types' own.
    fn example(&self, known: &Known, extent: Extent) -> Value {
        let object = |fields: &[Field]| -> Map<String, Value> {
            let value = |it: &Field| Some((it.name.clone(), known.example(it, extent)?));
            fields.iter().filter_map(value).collect()
        };
        let mut body = object(&self.spec.fields);
        if let Some(rows) = &self.spec.rows {
            let mut record = object(&self.spec.columns);
            let asked = |it: &String| {
                let value = known.inputs.get(it).map(Input::example);
                (it.clone(), value.unwrap_or_else(|| json!(0)))
            };
            record.extend(self.asked.iter().map(asked));
            body.insert(rows.clone(), json!([record]));
        }
        Value::Object(body)
    }
}

impl Known {
    /// A field's value; `None`: it is left out.
    fn example(&self, field: &Field, extent: Extent) -> Option<Value> {
        let known = self.examples.get(&field.name).and_then(|it| field.spelled(it));
        match (&field.default, field.one_of.first()) {
            (_, Some(_)) if field.is_required() => Some(field.example()),
            _ if field.is_required() => Some(known.unwrap_or_else(|| field.example())),
            (Some(Default::Value(it)), _) if extent == Extent::Known => {
                Some(known.unwrap_or_else(|| it.to_json()))
            }
            _ => known.filter(|_| extent == Extent::Known),
        }
    }

    /// A declared field's schema, with values that are known of it.
    pub(super) fn schema(&self, field: &Field) -> Value {
        let own = field.schema();
        if !field.one_of.is_empty() {
            return own;
        }
        let example = self.examples.get(&field.name).into_iter();
        let choices = self
            .choices
            .get(&field.name)
            .map_or_else(|| example.collect(), |it| it.iter().collect::<Vec<_>>());
        let known: Vec<Value> = choices.into_iter().filter_map(|it| field.spelled(it)).collect();
        schema::with_examples(own, &known)
    }

    /// The schema of a column that is not declared but that a model takes.
    pub(super) fn asked_schema(&self, name: &str) -> Value {
        let any = || json!({"type": ["number", "string", "boolean", "null"]});
        self.inputs.get(name).map_or_else(any, |it| schema::input(it, true))
    }
}

impl Field {
    /// A value as the field's type writes it; `None` if it takes no such value.
    pub(super) fn spelled(&self, value: &Value) -> Option<Value> {
        let cell = self.check(value).ok()?;
        Some(if self.kind == FieldKind::Boolean {
            json!(cell == Cell::Bool(true))
        } else {
            cell.to_json()
        })
    }
}
