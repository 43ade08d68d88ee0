//! The rows of a request's body.

use serde_json::Value;

use crate::Error;

/// The rows of `{"records":[…]}` (under `field`), of a list, or of one row that stands alone.
///
/// # Errors
/// There are none; the body is no object and no list.
pub(super) fn rows<'a>(body: &'a Value, field: &str) -> Result<&'a [Value], Error> {
    let rows = match body {
        Value::Array(it) => it.as_slice(),
        Value::Object(it) => match it.get(field) {
            Some(Value::Array(it)) => it.as_slice(),
            Some(value) if is_nothing(value) => &[],
            Some(one @ Value::Object(_)) => std::slice::from_ref(one),
            Some(_) => return Err(Error::request(format!("{field} must be a list of objects"))),
            None if it.is_empty() => &[],
            None => std::slice::from_ref(body),
        },
        _ => return Err(Error::request("Payload must be a JSON object or array")),
    };
    if rows.is_empty() {
        return Err(Error::request(format!("No {field} provided in payload")));
    }
    Ok(rows)
}

/// What Python takes for false: a handler written there asks `if not records`.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(it) => !it,
        Value::Number(it) => it.as_f64() == Some(0.0),
        Value::String(it) => it.is_empty(),
        Value::Array(it) => it.is_empty(),
        Value::Object(it) => it.is_empty(),
    }
}
