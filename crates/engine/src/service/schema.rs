//! What requests and answers look like, as JSON Schema (the dialect of OpenAPI 3.1).

use serde_json::{Map, Value, json};

use crate::records::{Input, InputKind};

/// An object of a model's inputs.
pub(super) fn record(inputs: &[Input]) -> Value {
    let properties: Map<String, Value> =
        inputs.iter().map(|it| (it.name.clone(), input(it))).collect();
    let required: Vec<&str> = inputs.iter().map(|it| it.name.as_str()).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// So many values of a column stand in a schema.
const MOST_EXAMPLES: usize = 100;

/// One input. A number may come as text, and any may be missing.
pub(super) fn input(input: &Input) -> Value {
    let schema = match input.kind {
        InputKind::Number => json!({"type": ["number", "string", "boolean", "null"]}),
        InputKind::Text => json!({"type": ["string", "number", "boolean", "null"]}),
    };
    let known = if input.categories.is_empty() { vec![input.example()] } else { input.choices() };
    with_examples(schema, &known)
}

/// A schema that shows values, of which there may be others.
pub(super) fn with_examples(mut schema: Value, known: &[Value]) -> Value {
    if !known.is_empty() {
        schema["examples"] = json!(known.get(..MOST_EXAMPLES).unwrap_or(known));
    }
    schema
}

/// `{"predictions":[…],"count":n}`
pub(super) fn predictions() -> Value {
    json!({
        "type": "object",
        "required": ["predictions", "count"],
        "properties": {
            "predictions": {"type": "array", "items": {}},
            "count": {"type": "integer", "minimum": 1},
        },
    })
}
