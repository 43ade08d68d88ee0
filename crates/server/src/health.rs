//! Whether the server takes requests, as a load balancer, the Open Inference Protocol and KServe's version 1 ask.

use http::StatusCode;
use serde_json::json;

use crate::app::Reply;

/// A server that ends says so, so that it is sent nothing more.
pub(crate) fn answer(is_ending: bool) -> Reply {
    if is_ending {
        return Reply::json(&json!({"status": "ending"})).with(StatusCode::SERVICE_UNAVAILABLE);
    }
    Reply::json(&json!({"status": "ok"}))
}

/// Whether the process lives.
pub(crate) fn live() -> Reply {
    Reply::json(&json!({"live": true}))
}

/// Whether it takes requests.
pub(crate) fn ready(is_ending: bool) -> Reply {
    Reply::json(&json!({"ready": !is_ending})).with(status(is_ending))
}

/// Whether a model takes requests: as the server does.
pub(crate) fn model(name: &str, is_ending: bool) -> Reply {
    Reply::json(&json!({"name": name, "ready": !is_ending})).with(status(is_ending))
}

/// A function whose services cannot be opened says so.
pub(crate) fn closed() -> Reply {
    Reply::json(&json!({"status": "unavailable"})).with(StatusCode::SERVICE_UNAVAILABLE)
}

fn status(is_ending: bool) -> StatusCode {
    if is_ending { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
}
