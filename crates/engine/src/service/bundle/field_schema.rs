//! Fields of requests as JSON Schema.

use serde_json::{Map, Value, json};

use super::field::{Default, Field, FieldKind};
use super::known::Known;
use crate::service::schema::NUMBER;

impl FieldKind {
    /// The texts that are taken for a number or truth value; there are other spellings of numbers.
    fn pattern(&self) -> Option<&'static str> {
        match self {
            Self::Integer => Some("^[+-]?[0-9]{1,18}$"),
            Self::Number => Some(NUMBER),
            Self::Boolean => Some("^(true|false|1|0)$"),
            _ => None,
        }
    }
}

impl Field {
    /// As JSON Schema.
    pub(super) fn schema(&self) -> Value {
        let mut schema = match &self.kind {
            FieldKind::Text if self.one_of.is_empty() => json!({"type": ["string", "number"]}),
            FieldKind::Text => json!({"type": "string"}),
            FieldKind::Integer => json!({"type": "integer"}),
            FieldKind::Number => json!({"type": "number"}),
            FieldKind::Boolean => json!({"type": "boolean"}),
            FieldKind::Any => json!({"type": ["number", "string", "boolean", "null"]}),
            FieldKind::Date => json!({"type": "string", "format": "date"}),
            FieldKind::Datetime => json!({"type": "string", "format": "date-time"}),
            FieldKind::Array(shape) => array_schema(shape.axes()),
        };
        if !self.one_of.is_empty() {
            schema["enum"] = json!(self.one_of);
        }
        let bounds = [("minimum", &self.min), ("maximum", &self.max)];
        for (name, bound) in bounds {
            if let Some(bound) = bound.as_ref().filter(|it| it.is_number()) {
                schema[name] = bound.clone();
            }
        }
        if let Some(pattern) = self.kind.pattern() {
            schema = json!({"anyOf": [schema, {"type": "string", "pattern": pattern}]});
        }
        if !self.is_required() {
            allow_null(&mut schema);
        }
        if self.is_left_empty(&json!("")) {
            allow_nothing(&mut schema);
        }
        match &self.default {
            Some(Default::Value(it)) => schema["default"] = it.to_json(),
            Some(Default::Today) => {
                schema["description"] = json!("today, if it is not given");
            }
            None => {}
        }
        if let Some(it) = &self.description {
            schema["description"] = json!(it);
        }
        schema
    }
}

/// An object of fields, as JSON Schema.
pub(super) fn object_schema(fields: &[Field], known: &Known) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|it| (it.name.clone(), known.schema(it))).collect();
    let required: Vec<&str> =
        fields.iter().filter(|it| it.is_required()).map(|it| it.name.as_str()).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// What may be absent may be null.
fn allow_null(schema: &mut Value) {
    let null = json!({"type": "null"});
    if let Some(variants) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        variants.push(null);
    } else if schema["type"] == "array" {
        *schema = json!({"anyOf": [schema.take(), null]});
    } else {
        let mut types = match schema["type"].take() {
            Value::Array(several) => several,
            one => vec![one],
        };
        types.push(json!("null"));
        types.dedup();
        schema["type"] = Value::Array(types);
        if let Some(all) = schema.get_mut("enum").and_then(Value::as_array_mut) {
            all.push(Value::Null);
        }
    }
}

/// What a form sends for what is not filled in.
fn allow_nothing(schema: &mut Value) {
    let nothing = json!({"type": "string", "maxLength": 0});
    match schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        Some(variants) => variants.push(nothing),
        None => *schema = json!({"anyOf": [schema.take(), nothing]}),
    }
}

fn array_schema(shape: &[usize]) -> Value {
    let nested = shape.iter().rev().fold(
        json!({"type": "number"}),
        |items, n| json!({"type": "array", "minItems": n, "maxItems": n, "items": items}),
    );
    if shape.len() == 1 {
        return nested;
    }
    let n: usize = shape.iter().product();
    let flat = json!({"type": "array", "minItems": n, "maxItems": n, "items": {"type": "number"}});
    json!({"anyOf": [flat, nested]})
}
