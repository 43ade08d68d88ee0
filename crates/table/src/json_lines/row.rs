//! One line: an object's keys and the bytes of their values.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr2;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::cross::Raw;

/// Calls `each` with every key of the object in `line` and its value as it stands there. The whole line
/// is checked first, in memory that does not grow with its nesting.
pub(super) fn for_each_value<'a>(
    line: &'a str,
    mut each: impl FnMut(&str, &'a str),
) -> Result<(), serde_json::Error> {
    let mut input = serde_json::Deserializer::from_str(line);
    input.deserialize_map(Object)?;
    input.end()?;
    // From here on the line is JSON: only ends are looked for.
    let mut at = behind(line, 0);
    while line.as_bytes().get(at) == Some(&b'"') {
        let key_end = value_end(line, at);
        let key = line.get(at..key_end).unwrap_or_default();
        let start = behind(line, skip_blanks(line, key_end));
        let end = value_end(line, start);
        let value = line.get(start..end).unwrap_or_default();
        // A key that is no text is no column's name.
        if let Value::Text(key) = Value::of(key) {
            each(&key, value);
        }
        at = behind(line, skip_blanks(line, end));
    }
    Ok(())
}

/// Behind the brace, colon or comma that is next, and the blanks there.
fn behind(line: &str, at: usize) -> usize {
    skip_blanks(line, skip_blanks(line, at) + 1)
}

fn skip_blanks(line: &str, at: usize) -> usize {
    let rest = line.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().take_while(|it| it.is_ascii_whitespace()).count()
}

/// The end of the value that starts at `start`.
fn value_end(line: &str, start: usize) -> usize {
    let bytes = line.as_bytes();
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = text_end(bytes, at + 1);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth == 0 => return at,
            b']' | b'}' if depth == 1 => return at + 1,
            b']' | b'}' => depth -= 1,
            b',' if depth == 0 => return at,
            byte if depth == 0 && byte.is_ascii_whitespace() => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Behind the quote that closes a text.
fn text_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// An object, of which nothing is kept.
struct Object;

impl<'a> Visitor<'a> for Object {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// A value, of the text that [`for_each_value`] gave.
#[derive(Debug, PartialEq)]
pub(super) enum Value<'a> {
    Missing,
    Boolean(bool),
    /// The digits as they stand.
    Number(&'a str),
    Text(Cow<'a, str>),
    /// A list or an object.
    Nested,
    /// Text with an escape that is no character.
    Broken,
}

impl<'a> Value<'a> {
    pub(super) fn of(raw: &'a str) -> Self {
        match raw.as_bytes().first() {
            None | Some(b'n') => Self::Missing,
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            Some(b'[' | b'{') => Self::Nested,
            Some(b'"') if raw.contains('\\') => {
                serde_json::from_str(raw).map_or(Self::Broken, |it| Self::Text(Cow::Owned(it)))
            }
            Some(b'"') => Self::Text(Cow::Borrowed(raw.trim_matches('"'))),
            Some(_) => Self::Number(raw),
        }
    }

    /// For another format. A whole number that does not fit is text, which keeps its digits.
    pub(super) fn raw(self) -> Raw<'a> {
        match self {
            Self::Missing => Raw::Missing,
            Self::Boolean(value) => Raw::Bool(value, if value { "True" } else { "False" }.into()),
            Self::Number(digits) if digits.contains(['.', 'e', 'E']) => {
                let value = fast_float2::parse(digits);
                value.map_or(Raw::Other, |value| Raw::Float(value, digits.into()))
            }
            Self::Number(digits) => match digits.parse() {
                Ok(whole) => Raw::Int(whole, digits.into()),
                Err(_) => Raw::Text(digits.into()),
            },
            Self::Text(text) => Raw::Text(text),
            Self::Nested | Self::Broken => Raw::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, for_each_value};

    fn values(line: &str) -> Vec<(String, &str)> {
        let mut found = Vec::new();
        for_each_value(line, |key, value| found.push((key.to_owned(), value))).unwrap();
        found
    }

    #[test]
    fn keys_come_unescaped_and_values_as_they_stand() {
        let line = r#" {"a" : 1.50, "b\n":"x\"y" ,"c":[1,{"d":"}]"}],"e":null, "":{} } "#;
        let want = [
            ("a", "1.50"),
            ("b\n", r#""x\"y""#),
            ("c", r#"[1,{"d":"}]"}]"#),
            ("e", "null"),
            ("", "{}"),
        ];
        assert_eq!(values(line), want.map(|(key, value)| (key.to_owned(), value)));
        assert_eq!(values(" { } "), []);
        assert_eq!(values(r#"{"\\":"\\","x":-1e5}"#)[1], ("x".to_owned(), "-1e5"));
        assert_eq!(Value::of(r#""x\"y""#), Value::Text("x\"y".into()));
        assert_eq!(Value::of(r#""\ud800""#), Value::Broken);
        assert_eq!(Value::of("[1]"), Value::Nested);
    }

    #[test]
    fn nesting_takes_no_stack() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(for_each_value(&deep, |_, _| ()).is_ok());
        assert!(for_each_value(&deep[..deep.len() - 2], |_, _| ()).is_err());
    }
}
