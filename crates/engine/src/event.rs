//! The batch contract: an event names a model, a table, an output and the columns; the response is an
//! envelope with a JSON string.
//!
//! Everything that can be checked without reading a file is checked first, and all problems are told.

use estimators::{Iterations, Method};
use serde_json::{Map, Value, json};
use storage::Location;
use table::Format;

use crate::{
    BatchReport, BatchRequest, Category, Error, Inputs, Progress, Settings, parse_location,
    predict_table,
};

/// The fields an event must have, in the order messages name them.
const REQUIRED: [&str; 5] =
    ["model_s3_uri", "data_s3_uri", "output_s3_uri", "prediction_column_name", "feature_columns"];

/// A checked event.
#[derive(Debug, Clone)]
pub struct BatchEvent {
    request: BatchRequest,
    output_uri: String,
}

/// What the function returns: an HTTP-like status and a body of JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// 200, 400 or 500.
    pub status: u16,
    /// The body, before it becomes a string.
    pub body: Value,
    /// The category of the error, if it is one.
    pub category: Option<Category>,
    /// What was done, if all went well.
    pub report: Option<BatchReport>,
    /// What caused the error, from the nearest to the first: for logs, not for callers.
    pub causes: Vec<String>,
}

impl Response {
    /// The envelope a Lambda function returns: `statusCode`, and the body as a JSON string.
    #[must_use]
    pub fn envelope(&self) -> Value {
        json!({ "statusCode": self.status, "body": self.body.to_string() })
    }

    /// What an error is answered with.
    #[must_use]
    pub fn error(error: &Error) -> Self {
        let answer = error.category().answer();
        let body = json!({
            "success": false,
            "error": error.to_string(),
            "error_type": answer.error_type,
        });
        let category = Some(error.category());
        Self { status: answer.status, body, category, report: None, causes: error.causes() }
    }
}

/// Runs a batch event: checks it, predicts, and reports.
pub fn handle_batch(
    event: &Value,
    settings: &Settings,
    watch: &mut dyn FnMut(Progress),
) -> Response {
    let done = BatchEvent::check(event, settings).and_then(|event| {
        let report = predict_table(&event.request, settings, watch)?;
        let mut body = json!({
            "success": true,
            "predictions_generated": report.n_rows,
            "output_s3_uri": event.output_uri,
            "prediction_column_name": event.request.column,
        });
        if let Some(cached) = report.cached {
            body["cached"] = json!(cached);
        }
        Ok((body, report))
    });
    match done {
        Ok((body, report)) => {
            Response { status: 200, body, category: None, report: Some(report), causes: Vec::new() }
        }
        Err(err) => Response::error(&err),
    }
}

/// Reads an event from a file.
///
/// # Errors
/// The file cannot be read, or is not JSON ([`Category::Request`], with line and column).
pub fn read_event(location: &Location, settings: &Settings) -> Result<Value, Error> {
    let bytes =
        settings.storage.read(location, settings.limits.event_bytes).map_err(Error::storage)?;
    serde_json::from_slice(&bytes)
        .map_err(|err| Error::new(Category::Request, format!("{location} is not JSON: {err}")))
}

impl BatchEvent {
    /// Checks an event completely, without reading any file.
    ///
    /// # Errors
    /// Every problem it has, in one text ([`Category::Request`]).
    pub fn check(event: &Value, settings: &Settings) -> Result<Self, Error> {
        let Some(fields) = event.as_object() else {
            return Err(Error::new(Category::Request, "The event must be a JSON object"));
        };
        let mut problems = Problems { found: Vec::new(), settings };
        let absent: Vec<&str> =
            REQUIRED.into_iter().filter(|it| fields.get(*it).is_none_or(Value::is_null)).collect();
        if !absent.is_empty() {
            problems.add(format!("Missing required fields in event: {}", absent.join(", ")));
        }
        let model = problems.uri(fields, "model_s3_uri");
        let data = problems.uri(fields, "data_s3_uri");
        let output = problems.uri(fields, "output_s3_uri");
        let layers = problems.uri(fields, "layers_s3_uri");
        let scaler = problems.uri(fields, "scaler_s3_uri");
        let encoders = problems.uri(fields, "encoders_s3_uri");
        let column = problems.text(fields, "prediction_column_name");
        let features = problems.features(fields);
        let method = problems.method(fields);
        let iterations = Iterations {
            start: problems.integer(fields, "start_iteration"),
            number: problems.integer(fields, "num_iteration"),
        };
        let format = problems.format(fields, "data_format");
        let output_format = problems.format(fields, "output_format");
        let cache = problems.flag(fields, "cache");
        if column.is_some_and(str::is_empty) {
            problems.add("prediction_column_name must not be empty".to_owned());
        }
        problems.none()?;
        let (Some(model), Some(data), Some(output), Some(column)) = (model, data, output, column)
        else {
            return Err(Error::new(Category::Request, "The event is incomplete"));
        };
        let output_uri = problems.text(fields, "output_s3_uri").unwrap_or_default().to_owned();
        let inputs = Inputs {
            model,
            data,
            format,
            features,
            method,
            iterations,
            layers,
            scaler,
            encoders,
            n_threads: 0,
        };
        let column = column.to_owned();
        let request = BatchRequest { inputs, output, output_format, column, cache };
        request.check()?;
        Ok(Self { request, output_uri })
    }
}

/// Problems found so far, in the order of the fields.
struct Problems<'s> {
    found: Vec<String>,
    settings: &'s Settings,
}

impl Problems<'_> {
    fn add(&mut self, text: String) {
        self.found.push(text);
    }

    fn none(&self) -> Result<(), Error> {
        if self.found.is_empty() {
            return Ok(());
        }
        Err(Error::new(Category::Request, self.found.join("; ")))
    }

    fn text<'e>(&mut self, fields: &'e Map<String, Value>, name: &str) -> Option<&'e str> {
        let value = fields.get(name).filter(|it| !it.is_null())?;
        let text = value.as_str();
        if text.is_none() {
            self.add(format!("{name} must be a string, not {}", type_of(value)));
        }
        text
    }

    fn integer(&mut self, fields: &Map<String, Value>, name: &str) -> Option<i64> {
        let value = fields.get(name).filter(|it| !it.is_null())?;
        let integer = value.as_i64();
        if integer.is_none() {
            let found = if value.is_number() { value.to_string() } else { type_of(value).into() };
            self.add(format!("{name} must be a whole number, not {found}"));
        }
        integer
    }

    fn flag(&mut self, fields: &Map<String, Value>, name: &str) -> Option<bool> {
        let value = fields.get(name).filter(|it| !it.is_null())?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.add(format!("{name} must be true or false, not {}", type_of(value)));
        }
        flag
    }

    fn uri(&mut self, fields: &Map<String, Value>, name: &str) -> Option<Location> {
        let uri = self.text(fields, name)?;
        if self.settings.only_s3 && !uri.starts_with("s3://") {
            self.add(format!("Invalid S3 URI format: {uri}. Must start with 's3://'"));
            return None;
        }
        match parse_location(uri) {
            Ok(Location::Standard) => {
                self.add(format!("{name} must be a path or a URI, not -"));
                None
            }
            Ok(location) => match self.settings.storage.allows(&location) {
                Ok(()) => Some(location),
                Err(err) => {
                    self.add(err.to_string());
                    None
                }
            },
            Err(err) => {
                self.add(err.to_string());
                None
            }
        }
    }

    fn features(&mut self, fields: &Map<String, Value>) -> Option<Vec<String>> {
        let value = fields.get("feature_columns").filter(|it| !it.is_null())?;
        let Some(items) = value.as_array() else {
            self.add("feature_columns must be a list".to_owned());
            return None;
        };
        if items.is_empty() {
            self.add("feature_columns must contain at least one column".to_owned());
        }
        let names: Option<Vec<String>> =
            items.iter().map(|it| it.as_str().map(str::to_owned)).collect();
        if names.is_none() {
            self.add("feature_columns must be a list of strings".to_owned());
        }
        names
    }

    fn method(&mut self, fields: &Map<String, Value>) -> Option<Method> {
        let name = self.text(fields, "method")?;
        let method = Method::parse(name);
        if method.is_none() {
            let known: Vec<&str> = Method::ALL.iter().map(|it| it.name()).collect();
            self.add(format!("method {name} is not known; known are {}", known.join(", ")));
        }
        method
    }

    fn format(&mut self, fields: &Map<String, Value>, name: &str) -> Option<Format> {
        let text = self.text(fields, name)?;
        let format = Format::parse(text);
        if format.is_none() {
            let known: Vec<&str> = Format::ALL.iter().map(|it| it.name()).collect();
            self.add(format!("{name} {text} is not known; known are {}", known.join(", ")));
        }
        format
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(event: &Value) -> String {
        let response = handle_batch(event, &Settings::default(), &mut |_| ());
        assert_eq!(response.status, 400, "{response:?}");
        assert_eq!(response.body["success"], false);
        assert_eq!(response.body["error_type"], "ValidationError");
        response.body["error"].as_str().unwrap().to_owned()
    }

    fn event() -> Value {
        json!({
            "model_s3_uri": "model.pkl",
            "data_s3_uri": "data.csv",
            "output_s3_uri": "out.csv",
            "prediction_column_name": "price",
            "feature_columns": ["a", "b"],
        })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut event = event();
        event[name] = value;
        event
    }

    #[test]
    fn absent_fields_are_named_in_the_contracts_order() {
        assert_eq!(
            error(&json!({"feature_columns": ["a"], "data_s3_uri": "d.csv"})),
            "Missing required fields in event: model_s3_uri, output_s3_uri, prediction_column_name"
        );
        assert_eq!(
            error(&json!({})),
            "Missing required fields in event: model_s3_uri, data_s3_uri, output_s3_uri, \
             prediction_column_name, feature_columns"
        );
    }

    #[test]
    fn feature_columns_must_be_a_list_with_a_column() {
        assert_eq!(error(&with("feature_columns", json!("a"))), "feature_columns must be a list");
        assert_eq!(
            error(&with("feature_columns", json!([]))),
            "feature_columns must contain at least one column"
        );
        assert_eq!(
            error(&with("feature_columns", json!(["a", 1]))),
            "feature_columns must be a list of strings"
        );
    }

    #[test]
    fn uris_are_checked_in_the_contracts_words() {
        assert_eq!(
            error(&with("model_s3_uri", json!("https://x/y"))),
            "Invalid S3 URI format: https://x/y. Must start with 's3://'"
        );
        assert_eq!(
            error(&with("output_s3_uri", json!("s3://bucket"))),
            "Invalid S3 URI format: s3://bucket. Expected format: s3://bucket-name/path/to/file"
        );
        assert_eq!(
            error(&with("data_s3_uri", json!(5))),
            "data_s3_uri must be a string, not a number"
        );
    }

    #[test]
    fn iterations_are_whole_numbers() {
        let of = |value| error(&with("start_iteration", value));
        assert_eq!(of(json!("3")), "start_iteration must be a whole number, not a string");
        assert_eq!(of(json!(true)), "start_iteration must be a whole number, not a boolean");
        assert_eq!(of(json!(1.5)), "start_iteration must be a whole number, not 1.5");
        assert_eq!(
            error(&with("num_iteration", json!([2]))),
            "num_iteration must be a whole number, not a list"
        );
        assert_eq!(of(json!(null)), "File not found: model.pkl");
    }

    #[test]
    fn all_problems_are_told() {
        let mut event = with("model_s3_uri", json!("s3://"));
        event["feature_columns"] = json!([]);
        event["method"] = json!("guess");
        let text = error(&event);
        assert!(text.starts_with("Invalid S3 URI format: s3://. Expected"), "{text}");
        assert!(text.contains("; feature_columns must contain at least one column; "), "{text}");
        assert!(text.contains("method guess is not known; known are predict, "), "{text}");
    }

    #[test]
    fn an_event_is_an_object() {
        assert_eq!(error(&json!([1])), "The event must be a JSON object");
    }

    #[test]
    fn the_envelope_holds_the_body_as_a_string() {
        let body = json!({"success": true});
        let report = None;
        let response = Response { status: 200, body, category: None, report, causes: Vec::new() };
        let want = r#"{"statusCode":200,"body":"{\"success\":true}"}"#;
        assert_eq!(response.envelope().to_string(), want);
    }
}
