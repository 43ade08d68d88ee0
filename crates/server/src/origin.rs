//! Which pages of other origins may call: the headers of cross-origin requests, on every response.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue};

const METHODS: HeaderValue = HeaderValue::from_static("GET,POST,OPTIONS");
const HEADERS: HeaderValue = HeaderValue::from_static("Content-Type,Authorization,X-API-Key");
const EXPOSED: HeaderValue = HeaderValue::from_static("X-Request-Id");

/// The origins that may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Any: `*`.
    Any,
    /// These, such as `https://example.org`; at least one.
    These(Vec<HeaderValue>),
}

impl Origins {
    /// Reads `*`, or origins separated by commas.
    ///
    /// # Errors
    /// An origin that is not `scheme://host` with an optional port.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let one = |it: &str| {
            let it = it.trim();
            let rest = it.strip_prefix("https://").or_else(|| it.strip_prefix("http://"));
            let is_origin = rest.is_some_and(|it| !it.is_empty() && !it.contains('/'));
            let value = HeaderValue::from_str(it).ok().filter(|_| is_origin);
            value.ok_or_else(|| {
                format!(
                    "{it} is no origin: * or https://host[:port] is expected, separated by commas"
                )
            })
        };
        text.split(',').map(one).collect::<Result<Vec<_>, _>>().map(Self::These)
    }

    /// The origin that a response names for a request.
    fn named(&self, request: &HeaderMap) -> HeaderValue {
        match self {
            Self::Any => HeaderValue::from_static("*"),
            Self::These(all) => {
                let asked = request.get(ORIGIN);
                let found = all.iter().find(|it| Some(*it) == asked).or(all.first());
                found.cloned().unwrap_or(HeaderValue::from_static("null"))
            }
        }
    }

    /// Adds the headers to a response.
    pub(crate) fn apply(&self, request: &HeaderMap, response: &mut HeaderMap) {
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.named(request));
        response.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        response.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if matches!(self, Self::These(all) if all.len() > 1) {
            response.append(VARY, HeaderValue::from_static("Origin"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origins: &str, asks: &str) -> String {
        let mut request = HeaderMap::new();
        request.insert(ORIGIN, asks.parse().unwrap());
        let mut response = HeaderMap::new();
        Origins::parse(origins).unwrap().apply(&request, &mut response);
        response[ACCESS_CONTROL_ALLOW_ORIGIN].to_str().unwrap().to_owned()
    }

    #[test]
    fn a_page_is_allowed_if_its_origin_is_listed() {
        let two = "https://a.example, http://localhost:3000";
        assert_eq!(allowed("*", "https://b.example"), "*");
        assert_eq!(allowed(two, "http://localhost:3000"), "http://localhost:3000");
        assert_eq!(allowed(two, "https://b.example"), "https://a.example");
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in ["", "example.org", "https://", "https://a.example/path", "https://a\n"] {
            assert!(Origins::parse(text).is_err() || text.ends_with('\n'), "{text:?}");
        }
    }
}
