//! JSON, as libraries in C++ write it: plain numbers, and `NaN` and `Infinity` where C++ has them.

use super::tokens::{Tokens, unescaped};
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
    Reader { tokens: Tokens::new(bytes), dialect, state }.value(0, true)
}

struct Reader<'a, 'g> {
    tokens: Tokens<'a>,
    dialect: Dialect,
    state: &'a State<'g>,
}

impl<'a, 'g> Reader<'a, 'g> {
    fn fault(&self, text: &str) -> ReadError {
        self.state.invalid(self.tokens.fault(text))
    }

    fn invalid(&self) -> impl FnOnce(String) -> ReadError + use<'a, 'g> {
        let state = self.state;
        move |text| state.invalid(text)
    }

    fn value(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        if MAX_DEPTH < depth {
            return Err(self.fault("is nested too deep"));
        }
        match self.tokens.peek().map_err(self.invalid())? {
            b'{' => self.object(depth, wanted),
            b'[' => self.array(depth, wanted),
            b'"' => Ok(Node::Text(self.text(wanted)?)),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        self.tokens.expect(b'{').map_err(self.invalid())?;
        let mut entries = Vec::new();
        let mut is_first = true;
        while let Some(key) = self.tokens.next_key(is_first).map_err(self.invalid())? {
            is_first = false;
            let key = self.owned(key)?;
            let wanted = wanted && !self.dialect.skipped.contains(&key.as_str());
            let value = self.value(depth + 1, wanted)?;
            if wanted {
                self.state.charge(size_of::<(String, Node)>())?;
                entries.push((key, value));
            }
        }
        Ok(Node::Map(entries))
    }

    fn array(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        self.tokens.expect(b'[').map_err(self.invalid())?;
        let mut items = Items::new(self.state);
        let mut is_first = true;
        while self.tokens.next_item(is_first).map_err(self.invalid())? {
            is_first = false;
            let item = self.value(depth + 1, wanted)?;
            if wanted {
                items.push(item)?;
            }
        }
        Ok(items.finish())
    }

    fn word(&mut self) -> Result<Node, ReadError> {
        let node = match self.tokens.word().map_err(self.invalid())? {
            "null" => Some(Node::Null),
            "true" => Some(Node::Number(1.0)),
            "false" => Some(Node::Number(0.0)),
            word if word.contains(['.', 'e', 'E', 'N', 'I']) || 18 < word.len() => {
                (self.dialect.decimal)(word).map(Node::Number)
            }
            word => word.parse::<i64>().ok().map(|it| Node::Number(it as f64)),
        };
        node.ok_or_else(|| self.fault("has no value"))
    }

    /// A text; empty, if it is not wanted.
    fn text(&mut self, wanted: bool) -> Result<String, ReadError> {
        let raw = self.tokens.text().map_err(self.invalid())?;
        if wanted { self.owned(raw) } else { Ok(String::new()) }
    }

    fn owned(&self, raw: &str) -> Result<String, ReadError> {
        self.state.charge(raw.len())?;
        unescaped(raw).ok_or_else(|| self.fault("has a text with a wrong escape"))
    }
}
