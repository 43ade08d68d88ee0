//! What stands at `/`: a page for people, JSON for programs.

use std::sync::Arc;

use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::json;

use crate::Endpoint;
use crate::app::Reply;

/// The page, with a place for the services' names.
const PAGE: &str = include_str!("page.html");

/// The card of this server.
pub(crate) fn answer(headers: &HeaderMap, services: &[Arc<dyn Endpoint>]) -> Reply {
    let accept = headers.get(ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if accept.contains("text/html") {
        return Reply::of(
            "text/html; charset=utf-8",
            PAGE.replace("{{services}}", &items(services)),
        );
    }
    let names: Vec<&str> = services.iter().map(|it| it.name()).collect();
    let version = env!("CARGO_PKG_VERSION");
    let card = json!({"name": "pythia", "version": version, "services": names, "openapi": "/openapi.json"});
    Reply::json(&card)
}

fn items(services: &[Arc<dyn Endpoint>]) -> String {
    services.iter().map(|it| format!("<li>{}</li>", escaped(it.name()))).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
