//! From a request's bytes to JSON.

use serde_json::{Map, Value};

use crate::Failure;

/// Reads JSON; `None` if there is none at all. serde_json ends at 128 levels of nesting, and takes the last of equal keys.
pub(crate) fn json(bytes: &[u8]) -> Result<Option<Value>, Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    serde_json::from_slice(bytes).map(Some).map_err(|err| {
        let at = err.column().saturating_sub(1);
        let line = bytes.split(|it| *it == b'\n').nth(err.line().saturating_sub(1));
        let remedy = if line.is_some_and(|it| is_python_only(it, at)) {
            "; JSON has no NaN and no Infinity: a missing number is null"
        } else {
            ""
        };
        Failure::bad(format!("The body is not JSON: {err}{remedy}"))
    })
}

/// Whether one of the words that Python writes, and JSON does not know, stands about there.
fn is_python_only(line: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(2).min(line.len());
    let near = &line[from..line.len().min(at + 10)];
    ["NaN", "Infinity", "nan", "inf"]
        .iter()
        .any(|word| near.windows(word.len()).any(|it| it == word.as_bytes()))
}

/// A query's parameters as an object of texts; of equal names the last counts.
pub(crate) fn query(text: &str) -> Result<Map<String, Value>, Failure> {
    let mut all = Map::new();
    for pair in text.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decoded = |it: &str| engine::percent_decoded(&it.replace('+', " "));
        let (Some(name), Some(value)) = (decoded(name), decoded(value)) else {
            return Err(Failure::bad(format!("The query has a wrong escape: {pair}")));
        };
        all.insert(name, value.into());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as value;

    fn error(text: &[u8]) -> String {
        json(text).unwrap_err().text
    }

    #[test]
    fn what_python_writes_beyond_json_has_a_remedy() {
        let want = "JSON has no NaN and no Infinity: a missing number is null";
        assert!(error(b"{\"a\": NaN}").ends_with(want));
        assert!(error(b"{\"a\":\n [1, -Infinity]}").ends_with(want));
        assert!(!error(b"{\"a\": x}").ends_with(want));
    }

    #[test]
    fn hostile_texts_are_refused() {
        assert!(error(&b"[".repeat(100_000)).contains("recursion limit"));
        assert!(error(b"\"\xff\"").contains("invalid unicode"));
        assert!(error(b"[1e999]").contains("out of range"));
        assert!(error(b"{} {}").contains("trailing characters"));
    }

    #[test]
    fn nothing_is_no_json_and_the_last_of_equal_keys_counts() {
        assert_eq!(json(b" \n").unwrap(), None);
        assert_eq!(json(b"\xef\xbb\xbf{\"a\":1,\"a\":2}").unwrap(), Some(value!({"a": 2})));
    }

    #[test]
    fn a_query_is_an_object_of_texts() {
        let want = value!({"a": "2", "b": "x y&", "c": ""});
        assert_eq!(Value::Object(query("a=1&b=x+y%26&c&a=2").unwrap()), want);
        assert!(query("a=%zz").is_err());
        assert!(query("a=%ff").is_err());
    }
}
