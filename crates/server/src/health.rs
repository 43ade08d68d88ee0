//! Whether the server takes requests.

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
    let status = if is_ending { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    Reply::json(&json!({"ready": !is_ending})).with(status)
}
