//! What requests and answers look like, as JSON Schema (the dialect of OpenAPI 3.1).

use serde_json::{Map, Value, json};

use crate::records::{Input, InputKind, RowModel};

/// Texts that are numbers; there are other spellings of them, and of missing values.
pub(super) const NUMBER: &str = "^[+-]?[0-9]{1,15}([.][0-9]{1,15})?([eE][+-]?[0-9]{1,2})?$";

/// So many values of a column stand in a schema.
const MOST_EXAMPLES: usize = 100;

/// An object of a model's inputs.
pub(super) fn record(model: &RowModel) -> Value {
    let inputs = model.inputs();
    let may_be_missing = model.may_be_missing();
    let schema = |(at, it): (usize, &Input)| {
        let may_be_missing = may_be_missing.get(at).copied().unwrap_or(true);
        (it.name.clone(), input(it, may_be_missing))
    };
    let properties: Map<String, Value> = inputs.iter().enumerate().map(schema).collect();
    let required: Vec<&str> = inputs.iter().map(|it| it.name.as_str()).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// One input. A number may come as text, a text as a number; null is a missing value.
pub(super) fn input(input: &Input, may_be_missing: bool) -> Value {
    let types = |all: &[&str]| -> Value {
        let null = may_be_missing.then_some("null");
        all.iter().copied().chain(null).collect()
    };
    if input.is_closed && !input.categories.is_empty() && input.kind == InputKind::Text {
        let null = may_be_missing.then_some(Value::Null);
        let all: Vec<Value> = input.choices().into_iter().chain(null).collect();
        return json!({"type": types(&["string"]), "enum": all});
    }
    let schema = match input.kind {
        InputKind::Number => json!({"anyOf": [
            {"type": types(&["number", "boolean"])},
            {"type": "string", "pattern": NUMBER},
        ]}),
        InputKind::Text => json!({"type": types(&["string", "number", "boolean"])}),
        // A window is a field of a request, or what a statement makes: never a cell of a record.
        InputKind::Window => json!({}),
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

/// So many parts of a value are looked at, and so deep, for a schema of it.
const MOST_PARTS: usize = 200;
const DEEPEST: usize = 16;

/// The schema of answers like these: their names, and the types of what they hold. Any part may be missing or null.
pub(super) fn like<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    let parts = values.into_iter().map(|it| part(it, DEEPEST));
    let mut schema = parts.reduce(either).unwrap_or_else(|| json!({}));
    if let Some(Value::Array(types)) = schema.get("type")
        && let Some(own) = types.first().cloned()
    {
        schema["type"] = own;
    }
    schema
}

fn part(value: &Value, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return json!({}) };
    match value {
        Value::Null => json!({}),
        Value::Bool(_) => json!({"type": ["boolean", "null"]}),
        Value::Number(_) => json!({"type": ["number", "null"]}),
        Value::String(_) => json!({"type": ["string", "null"]}),
        Value::Array(all) => {
            let items = all.iter().take(MOST_PARTS).map(|it| part(it, depth));
            json!({"type": ["array", "null"], "items": items.reduce(either).unwrap_or_else(|| json!({}))})
        }
        Value::Object(all) => {
            let properties = all.iter().take(MOST_PARTS);
            let properties: Map<String, Value> =
                properties.map(|(name, it)| (name.clone(), part(it, depth))).collect();
            json!({"type": ["object", "null"], "properties": properties})
        }
    }
}

/// What fits both: nothing is said of parts whose types differ. A null says nothing.
fn either(first: Value, second: Value) -> Value {
    let is_empty = |it: &Value| it.as_object().is_some_and(Map::is_empty);
    if is_empty(&first) {
        return second;
    }
    if is_empty(&second) {
        return first;
    }
    if first["type"] != second["type"] {
        // Not empty, or the next would count alone.
        return json!({"description": "values of several types"});
    }
    let mut both = first;
    if let (Some(_), Some(items)) = (both.get("items").cloned(), second.get("items")) {
        both["items"] = either(both["items"].take(), items.clone());
    }
    if let Some(others) = second["properties"].as_object()
        && let Some(own) = both["properties"].as_object_mut()
    {
        for (name, other) in others {
            let joined =
                own.remove(name).map_or_else(|| other.clone(), |it| either(it, other.clone()));
            own.insert(name.clone(), joined);
        }
    }
    both
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_of_all_that_a_list_holds() {
        let answer = json!({"day": "Monday", "rows": [{"x": 1, "y": null}, {"x": 2.5, "y": [1]}, {"x": "no", "y": []}, null], "none": null});
        let want = json!({
            "type": "object",
            "properties": {
                "day": {"type": ["string", "null"]},
                "rows": {"type": ["array", "null"], "items": {"type": ["object", "null"], "properties": {
                    "x": {"description": "values of several types"},
                    "y": {"type": ["array", "null"], "items": {"type": ["number", "null"]}},
                }}},
                "none": {},
            },
        });
        assert_eq!(like([&answer]), want);
        assert_eq!(like([&json!(7)]), json!({"type": "number"}));
        let (first, second) = (json!({"x": [1], "y": 1}), json!({"x": ["a"], "y": 2}));
        let both = like([&first, &second]);
        let of_several = json!({"description": "values of several types"});
        assert_eq!(both["properties"]["x"]["items"], of_several);
        assert_eq!(both["properties"]["y"], json!({"type": ["number", "null"]}));
        let deep = (0..100).fold(json!(1), |it, _| json!([it]));
        assert!(like([&deep]).to_string().len() < 1000);
    }
}
