//! A name for each request: the caller's, or a new one.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;

/// The header with a request's name, in requests and responses.
pub(crate) const HEADER: &str = "x-request-id";
/// The header with which AWS follows a request from service to service.
pub(crate) const TRACE: &str = "x-amzn-trace-id";

/// What a header may hold to become part of the log and of a response.
const MAX_CHARACTERS: usize = 200;

/// The request's own name, if it has a proper one.
pub(crate) fn given(headers: &HeaderMap) -> Option<&str> {
    proper(headers, HEADER)
}

/// The trace the request belongs to.
pub(crate) fn trace(headers: &HeaderMap) -> Option<&str> {
    proper(headers, TRACE)
}

fn proper<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let text = headers.get(name)?.to_str().ok()?;
    let is_proper = |it: u8| it.is_ascii_alphanumeric() || b"-_.:;=/+@".contains(&it);
    let fits = (1..=MAX_CHARACTERS).contains(&text.len()) && text.bytes().all(is_proper);
    fits.then_some(text)
}

/// A new name: 32 hexadecimal digits that no other process has, and no other request of this one.
pub(crate) fn new() -> String {
    static SEED: OnceLock<(u64, RandomState)> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (first, state) = SEED.get_or_init(|| {
        let state = RandomState::new();
        (state.hash_one(std::process::id()), state)
    });
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut hasher = state.build_hasher();
    hasher.write_u64(count);
    format!("{:016x}{:016x}", first ^ count, hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn new_names_differ() {
        let names: BTreeSet<String> = (0..1000).map(|_| new()).collect();
        assert_eq!(names.len(), 1000);
        assert!(names.iter().all(|it| it.len() == 32));
    }

    #[test]
    fn a_name_that_could_forge_a_log_line_is_not_taken() {
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, text.parse().unwrap());
            given(&headers).map(str::to_owned)
        };
        assert_eq!(with("Root=1-67-ab;x"), Some("Root=1-67-ab;x".to_owned()));
        assert_eq!(with("a\"b"), None);
        assert_eq!(with(&"a".repeat(201)), None);
    }
}
