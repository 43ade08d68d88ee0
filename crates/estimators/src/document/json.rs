//! JSON, as libraries in C++ write it: plain numbers, and `NaN` and `Infinity` where C++ has them.

use super::{Items, MAX_DEPTH, Node};
use crate::{ReadError, State};

/// What differs from library to library.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    /// Keys whose values nobody asks for: how a tree was grown, not what it predicts.
    pub(crate) skipped: &'static [&'static str],
    /// A number with a point or an exponent, or too large for an integer.
    pub(crate) decimal: fn(&str) -> Option<f64>,
}

/// Reads one value, which fills `bytes` from the start.
pub(crate) fn read(bytes: &[u8], dialect: Dialect, state: &State<'_>) -> Result<Node, ReadError> {
    Reader { bytes, at: 0, dialect, state }.value(0, true)
}

struct Reader<'a, 'g> {
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
    state: &'a State<'g>,
}

impl<'a> Reader<'a, '_> {
    fn fault(&self, text: &str) -> ReadError {
        self.state.invalid(format!("{text} at byte {}", self.at))
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8, ReadError> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied().ok_or_else(|| self.fault("ends early"))
    }

    fn is_next(&mut self, byte: u8) -> Result<bool, ReadError> {
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    fn expect(&mut self, byte: u8) -> Result<(), ReadError> {
        if self.is_next(byte)? {
            return Ok(());
        }
        Err(self.fault(&format!("has no {:?}", char::from(byte))))
    }

    fn value(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        if MAX_DEPTH < depth {
            return Err(self.fault("is nested too deep"));
        }
        match self.peek()? {
            b'{' => self.object(depth, wanted),
            b'[' => self.array(depth, wanted),
            b'"' => Ok(Node::Text(self.text(wanted)?)),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        self.expect(b'{')?;
        let mut entries = Vec::new();
        if self.is_next(b'}')? {
            return Ok(Node::Map(entries));
        }
        loop {
            let key = self.text(true)?;
            self.expect(b':')?;
            let wanted = wanted && !self.dialect.skipped.contains(&key.as_str());
            let value = self.value(depth + 1, wanted)?;
            if wanted {
                self.state.charge(size_of::<(String, Node)>())?;
                entries.push((key, value));
            }
            if !self.is_next(b',')? {
                break;
            }
        }
        self.expect(b'}')?;
        Ok(Node::Map(entries))
    }

    fn array(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        self.expect(b'[')?;
        let mut items = Items::new(self.state);
        if self.is_next(b']')? {
            return Ok(items.finish());
        }
        loop {
            let item = self.value(depth + 1, wanted)?;
            if wanted {
                items.push(item)?;
            }
            if !self.is_next(b',')? {
                break;
            }
        }
        self.expect(b']')?;
        Ok(items.finish())
    }

    fn word(&mut self) -> Result<Node, ReadError> {
        let rest = &self.bytes[self.at..];
        let is_part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'+' | b'-');
        let word = &rest[..rest.iter().position(|it| !is_part(it)).unwrap_or(rest.len())];
        let word = std::str::from_utf8(word).unwrap_or_default();
        let node = match word {
            "null" => Some(Node::Null),
            "true" => Some(Node::Number(1.0)),
            "false" => Some(Node::Number(0.0)),
            word if word.contains(['.', 'e', 'E', 'N', 'I']) || 18 < word.len() => {
                (self.dialect.decimal)(word).map(Node::Number)
            }
            word => word.parse::<i64>().ok().map(|it| Node::Number(it as f64)),
        };
        let node = node.ok_or_else(|| self.fault("has no value"))?;
        self.at += word.len();
        Ok(node)
    }

    /// A text; empty, if it is not wanted.
    fn text(&mut self, wanted: bool) -> Result<String, ReadError> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            match self.bytes.get(self.at) {
                None => return Err(self.fault("has a text without an end")),
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        let raw = std::str::from_utf8(&self.bytes[start..self.at]);
        self.at += 1;
        let raw = raw.map_err(|_| self.fault("has a text that is not UTF-8"))?;
        if !wanted {
            return Ok(String::new());
        }
        self.state.charge(raw.len())?;
        unescaped(raw).ok_or_else(|| self.fault("has a text with a wrong escape"))
    }
}

/// A text without its escapes.
fn unescaped(raw: &str) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut units = Vec::new();
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        let escape = if c == '\\' { Some(chars.next()?) } else { None };
        if escape == Some('u') {
            let digits: String = chars.by_ref().take(4).collect();
            units.push(u16::from_str_radix(&digits, 16).ok()?);
            continue;
        }
        text.extend(char::decode_utf16(units.drain(..)).map(|it| it.unwrap_or('\u{fffd}')));
        text.push(match escape {
            None => c,
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(it @ ('"' | '\\' | '/')) => it,
            Some(_) => return None,
        });
    }
    text.extend(char::decode_utf16(units).map(|it| it.unwrap_or('\u{fffd}')));
    Some(text)
}
