//! Requests of whoever invokes the function without HTTP between: the service's own fields, or an event with nothing but a
//! `body` or parameters.

use http::{Method, Uri};
use serde_json::Value;
use server::{Failure, Request};

use crate::envelope;

/// Fields of the batch event, which keeps its meaning beside a service.
const BATCH: [&str; 3] = ["model_s3_uri", "data_s3_uri", "output_s3_uri"];

/// Whether an event that is no request by HTTP is for a service. Batches, queues' messages and new objects are not.
pub(crate) fn is_for_a_service(event: &Value) -> bool {
    let is_batch = BATCH.iter().any(|it| event.get(it).is_some());
    let is_sent_by_aws = event["Records"][0]["eventSource"].is_string()
        || event["Event"] == "s3:TestEvent"
        || event["source"].as_str().is_some_and(|it| it.starts_with("aws."));
    !is_batch && !is_sent_by_aws
}

/// Whether an event is a request in an envelope: one by HTTP, or with a `body` or parameters; else its own fields are the request.
#[must_use]
pub fn is_envelope(event: &Value) -> bool {
    envelope::HttpEvent::of(event).is_some()
        || event.get("body").is_some()
        || event["queryStringParameters"].is_object()
}

/// The same request by HTTP.
pub(crate) fn request(event: &Value) -> Result<Request, Failure> {
    let query = &event["queryStringParameters"];
    let mut request = Request::default();
    if event.get("body").is_none_or(Value::is_null) && query.is_object() {
        let target = envelope::target_of_parameters("/predict", event);
        *request.uri_mut() = Uri::try_from(target)
            .map_err(|err| Failure::bad(format!("The parameters cannot be read: {err}")))?;
        return Ok(request);
    }
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static("/predict");
    let is_nothing = event.is_null() || event.as_object().is_some_and(serde_json::Map::is_empty);
    *request.body_mut() = match event.get("body") {
        Some(_) => envelope::body(event)?.into(),
        None if is_nothing => Vec::new().into(),
        None => event.to_string().into(),
    };
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn batches_and_what_aws_sends_are_no_requests() {
        for event in [
            json!({"model_s3_uri": "s3://m/x"}),
            json!({"Records": [{"eventSource": "aws:sqs"}]}),
            json!({"Event": "s3:TestEvent"}),
            json!({"source": "aws.s3"}),
        ] {
            assert!(!is_for_a_service(&event), "{event}");
        }
        for event in [json!({"records": []}), json!([1]), json!({}), json!({"body": "{}"})] {
            assert!(is_for_a_service(&event), "{event}");
        }
    }

    #[test]
    fn an_envelope_is_told_from_a_request() {
        for event in [
            json!({"body": "{}"}),
            json!({"queryStringParameters": {"date": "2025-10-20"}}),
            json!({"httpMethod": "GET", "path": "/predict", "queryStringParameters": null}),
            json!({"requestContext": {"http": {"method": "GET"}}}),
        ] {
            assert!(is_envelope(&event), "{event}");
        }
        for event in [json!({"date": "2025-10-20"}), json!([{"body": 1}]), json!(null)] {
            assert!(!is_envelope(&event), "{event}");
        }
    }

    #[test]
    fn fields_a_body_and_parameters_are_the_request() {
        let text = |event: Value| {
            String::from_utf8(request(&event).unwrap().into_body().to_vec()).unwrap()
        };
        assert_eq!(text(json!({"ticker": "SPY"})), "{\"ticker\":\"SPY\"}");
        assert_eq!(text(json!({"body": "{\"a\":1}"})), "{\"a\":1}");
        assert_eq!(text(json!({"body": {"a": 1}})), "{\"a\":1}");
        assert_eq!(text(json!({"body": "e30=", "isBase64Encoded": true})), "{}");
        assert_eq!(text(json!({})), "");
        let event = json!({"queryStringParameters": {"date": "2025-10-20", "x": "a b"}});
        let asked = request(&event).unwrap();
        assert_eq!(
            (asked.method().as_str(), asked.uri().to_string().as_str()),
            ("GET", "/predict?date=2025-10-20&x=a%20b")
        );
    }
}
