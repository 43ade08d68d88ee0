//! What an event asks for, whoever sent it.

use engine::percent_decoded;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// An event, or why it cannot be read: JSON that Lambda passes on may be too deep, or hold half a character or a
/// number beyond all. Then it is still to be answered.
pub(crate) struct Payload(pub(crate) Result<Value, String>);

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(from).map_err(|err| err.to_string())))
    }
}

/// An event, told apart by its form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// The batch contract's own fields.
    Batch(Value),
    /// New objects, by their URIs: an S3 notification, or EventBridge's "Object Created".
    Objects(Vec<String>),
    /// Messages of a queue, each with its id and what it asks for.
    Messages(Vec<(String, Result<Event, String>)>),
    /// A notification that does not say which object; the text says what it lacks.
    Unclear(String),
    /// S3 tries out a new notification.
    Test,
}

impl Event {
    /// Tells what an event is. Whatever is nobody's form is the caller's own, and checked as such.
    pub(crate) fn of(value: Value) -> Self {
        if value["Event"] == "s3:TestEvent" {
            return Self::Test;
        }
        if let Some(uri) = bridged(&value) {
            return Self::Objects(vec![uri]);
        }
        let Some(records) = value["Records"].as_array() else { return Self::Batch(value) };
        let source = |record: &Value| record["eventSource"].as_str().unwrap_or_default().to_owned();
        let is_all =
            |name: &str| !records.is_empty() && records.iter().all(|it| source(it) == name);
        if is_all("aws:s3") {
            return match records.iter().filter_map(|it| notified(it).transpose()).collect() {
                Ok(uris) => Self::Objects(uris),
                Err(text) => Self::Unclear(text),
            };
        }
        if is_all("aws:sqs") {
            return Self::Messages(records.iter().map(message).collect());
        }
        Self::Batch(value)
    }
}

/// EventBridge's "Object Created" of S3; its key is as it is.
fn bridged(value: &Value) -> Option<String> {
    let is_created = value["source"] == "aws.s3" && value["detail-type"] == "Object Created";
    let detail = &value["detail"];
    let (bucket, key) = (detail["bucket"]["name"].as_str()?, detail["object"]["key"].as_str()?);
    is_created.then(|| format!("s3://{bucket}/{key}"))
}

/// A record of an S3 notification, `None` if it tells of no new object; its key is escaped as in a form, a blank as `+`.
fn notified(record: &Value) -> Result<Option<String>, String> {
    let text = |place: &str| {
        let found = record.pointer(place).and_then(Value::as_str);
        found.ok_or_else(|| format!("a record of an S3 notification has no text at {place}"))
    };
    if !text("/eventName")?.starts_with("ObjectCreated:") {
        return Ok(None);
    }
    let (bucket, escaped) = (text("/s3/bucket/name")?, text("/s3/object/key")?);
    let key = percent_decoded(&escaped.replace('+', " "))
        .ok_or_else(|| format!("the key {escaped} of an S3 notification has a broken escape"))?;
    Ok(Some(format!("s3://{bucket}/{key}")))
}

fn message(record: &Value) -> (String, Result<Event, String>) {
    let id = record["messageId"].as_str().unwrap_or_default().to_owned();
    let body = record["body"].as_str().unwrap_or_default();
    let event = match serde_json::from_str(body).map(Event::of) {
        Ok(Event::Messages(_)) => Err("a queue's message holds a queue's messages".to_owned()),
        Ok(event) => Ok(event),
        Err(err) => Err(format!("the message is not JSON: {err}")),
    };
    (id, event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn created(key: &str) -> Value {
        json!({"Records": [{
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": "in"}, "object": {"key": key, "size": 3}},
        }]})
    }

    #[test]
    fn each_sender_is_known_by_its_form() {
        let uri = || vec!["s3://in/new/a b+é.csv".to_owned()];
        assert_eq!(Event::of(created("new/a+b%2B%C3%A9.csv")), Event::Objects(uri()));
        let bridged = json!({"source": "aws.s3", "detail-type": "Object Created",
            "detail": {"bucket": {"name": "in"}, "object": {"key": "new/a b+é.csv"}}});
        assert_eq!(Event::of(bridged), Event::Objects(uri()));
        assert_eq!(
            Event::of(json!({"Service": "Amazon S3", "Event": "s3:TestEvent"})),
            Event::Test
        );
        let own = json!({"model_s3_uri": "s3://m/a.pkl"});
        assert_eq!(Event::of(own.clone()), Event::Batch(own));
        assert_eq!(Event::of(json!(null)), Event::Batch(json!(null)));
        assert_eq!(Event::of(json!({"Records": []})), Event::Batch(json!({"Records": []})));
    }

    #[test]
    fn a_removed_object_asks_for_nothing() {
        let mut event = created("a.csv");
        event["Records"][0]["eventName"] = json!("ObjectRemoved:Delete");
        assert_eq!(Event::of(event), Event::Objects(Vec::new()));
    }

    #[test]
    fn a_notification_that_names_no_object_is_not_taken_for_one_without_work() {
        let unclear = |event| match Event::of(event) {
            Event::Unclear(text) => text,
            other => panic!("{other:?}"),
        };
        let mut event = created("a.csv");
        event["Records"][0]["s3"]["bucket"] = json!(5);
        let text = "a record of an S3 notification has no text at /s3/bucket/name";
        assert_eq!(unclear(event), text);
        let text = "the key a%ff.csv of an S3 notification has a broken escape";
        assert_eq!(unclear(created("a%ff.csv")), text);
    }

    #[test]
    fn a_message_is_an_event_of_its_own() {
        let message = |id: &str, body: String| json!({"messageId": id, "eventSource": "aws:sqs", "body": body});
        let event = json!({"Records": [
            message("1", created("a.csv").to_string()),
            message("2", "{".to_owned()),
            message("3", json!({"Records": [message("4", "{}".to_owned())]}).to_string()),
        ]});
        let Event::Messages(all) = Event::of(event) else { panic!("a queue's messages") };
        assert_eq!(all[0], ("1".to_owned(), Ok(Event::Objects(vec!["s3://in/a.csv".to_owned()]))));
        assert!(all[1].1.as_ref().unwrap_err().starts_with("the message is not JSON: EOF"));
        assert!(all[2].1.is_err());
    }
}
