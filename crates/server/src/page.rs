//! The page for people at `/`: its files, sent again only if they have changed.
//!
//! The page knows nothing of the services: it asks for `/card.json` and `/openapi.json`, with the key if one is needed.
//! So its files are open, and the same for all.

use bytes::Bytes;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::app::Reply;

/// One file of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asset {
    /// Below `/`.
    path: &'static str,
    kind: &'static str,
    text: &'static str,
    hash: u64,
}

/// The scripts are one file to the browser, in the order in which they need each other.
const SCRIPT: &str = concat!(
    include_str!("page/dom.js"),
    include_str!("page/json.js"),
    include_str!("page/api.js"),
    include_str!("page/schema.js"),
    include_str!("page/form.js"),
    include_str!("page/answer.js"),
    include_str!("page/card.js"),
    include_str!("page/chart.js"),
    include_str!("page/csv.js"),
    include_str!("page/file.js"),
    include_str!("page/page.js"),
);

static ASSETS: [Asset; 4] = [
    asset("", "text/html; charset=utf-8", include_str!("page/index.html")),
    asset("page.css", "text/css; charset=utf-8", include_str!("page/page.css")),
    asset("page.js", "text/javascript; charset=utf-8", SCRIPT),
    asset("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
];

/// All comes from this server, no script stands in the markup or is made of text, and no other page may frame this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

const fn asset(path: &'static str, kind: &'static str, text: &'static str) -> Asset {
    Asset { path, kind, text, hash: fnv_1a(text.as_bytes()) }
}

/// FNV-1a of 64 bits: tells one version of a file from another.
const fn fnv_1a(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// The file that has a path below `/`.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|it| it.path == path)
}

/// The page itself.
pub(crate) fn index() -> &'static Asset {
    &ASSETS[0]
}

/// Whether a request for `/` comes from a browser.
pub(crate) fn is_for_people(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|it| it.to_str().ok());
    accept.is_some_and(|it| it.contains("text/html"))
}

/// A file, or that the caller's copy of it is the same.
pub(crate) fn answer(headers: &HeaderMap, asset: &Asset) -> Reply {
    // Weak: the bytes may travel packed.
    let tag = format!("W/\"{:016x}\"", asset.hash);
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|it| it.to_str().ok());
    let is_known = known.flat_map(|it| it.split(',')).any(|it| it.trim() == tag);
    let mut reply = Reply::of(asset.kind, Bytes::from_static(asset.text.as_bytes()));
    if is_known {
        reply = Reply::of(asset.kind, Bytes::new()).with(StatusCode::NOT_MODIFIED);
    }
    let all = [
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (VARY, "Accept"),
    ];
    for (name, value) in all {
        reply.headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        reply.headers.insert(ETAG, tag);
    }
    reply
}
