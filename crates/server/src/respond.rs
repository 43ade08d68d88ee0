//! From an answer to its response: headers, errors' forms, the log's line, numbers.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;

use crate::app::{Reply, Running};
use crate::failure::Shape;
use crate::{App, Failure, Level, Log, Response, compression, request_id};

impl App {
    /// The response, counted and logged.
    pub(crate) fn finish(&self, it: &Running<'_>, done: Result<Reply, Failure>) -> Response {
        let shape = it.route.map_or(Shape::Error, |it| it.shape);
        let reply = done.unwrap_or_else(|failure| {
            tell(&it.log, &failure);
            refusal(&failure, shape, &it.context.request_id)
        });
        let mut headers = reply.headers;
        headers.insert(CONTENT_TYPE, reply.kind);
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::from_str(&it.context.request_id) {
            headers.insert(request_id::HEADER, id);
        }
        self.options.origins.apply(it.request.headers(), &mut headers);
        let body = if it.arrival.may_pack {
            compression::pack(it.request.headers(), &mut headers, reply.body)
        } else {
            reply.body
        };
        if !it.arrival.is_answered.swap(true, Ordering::Relaxed) {
            self.count(it, reply.status, reply.rows, body.len());
        }
        let is_head = it.request.method() == Method::HEAD;
        if is_head {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        let mut response = Response::new(if is_head { Bytes::new() } else { body });
        *response.status_mut() = reply.status;
        *response.headers_mut() = headers;
        response
    }

    fn count(&self, it: &Running<'_>, status: StatusCode, rows: u64, n_bytes: usize) {
        let took = it.started.elapsed();
        let label = it.route.map_or("other", |it| it.label);
        let method = match it.request.method().as_str() {
            "GET" => "GET",
            "HEAD" => "HEAD",
            "POST" => "POST",
            "OPTIONS" => "OPTIONS",
            _ => "other",
        };
        self.metrics.answered((label, method, status.as_u16()), took, rows);
        let level = if label == "/health" || label == "/ping" { Level::Debug } else { Level::Info };
        it.log.say_with(level, "request", || {
            json!({
                "method": it.request.method().as_str(),
                "path": it.request.uri().path(),
                "status": status.as_u16(),
                "bytesIn": it.request.body().len(),
                "bytesOut": n_bytes,
                "rows": rows,
                "durationMs": took.as_micros() as f64 / 1e3,
            })
        });
    }
}

/// What goes wrong is told in the log with its causes: as an error if it is ours to mend. What callers send and break is none.
pub(crate) fn tell(log: &Log, failure: &Failure) {
    let (level, message) = match failure.status.is_server_error() {
        true => (Level::Error, "a request failed"),
        false => (Level::Debug, "a request was refused"),
    };
    log.say_with(level, message, || {
        json!({"status": failure.status.as_u16(), "error": failure.text, "causes": failure.causes})
    });
}

fn refusal(failure: &Failure, shape: Shape, request_id: &str) -> Reply {
    let mut reply = Reply::json(&failure.body(shape, request_id)).with(failure.status);
    if let Some(allow) = failure.allow {
        reply.headers.insert(ALLOW, HeaderValue::from_static(allow));
    }
    if failure.status == StatusCode::SERVICE_UNAVAILABLE {
        reply.headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    reply
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a bug: {}", text.unwrap_or_default())
}
