//! UBJSON (universal binary JSON, draft 12), as XGBoost writes it since 1.6: lengths in 64 bits, arrays
//! of numbers with a type and a length before them. Everything is big-endian.
//!
//! Source of truth: `UBJReader` in XGBoost's `src/common/json.cc`.

use super::saved::SKIPPED;
use crate::document::{Items, MAX_DEPTH, Node};
use crate::{ReadError, State};

/// Reads one value, which fills `bytes` from the start.
pub(super) fn read(bytes: &[u8], state: &State<'_>) -> Result<Node, ReadError> {
    let mut reader = Reader { bytes, at: 0, state };
    let tag = reader.tag()?;
    reader.value(tag, 0, true)
}

struct Reader<'a, 'g> {
    bytes: &'a [u8],
    at: usize,
    state: &'a State<'g>,
}

impl<'a> Reader<'a, '_> {
    fn fault(&self, text: &str) -> ReadError {
        self.state.invalid(format!("{text} at byte {}", self.at))
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], ReadError> {
        let end = self.at.checked_add(len).filter(|it| *it <= self.bytes.len());
        let end = end.ok_or_else(|| self.fault("ends early"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn tag(&mut self) -> Result<u8, ReadError> {
        loop {
            match self.take(1)?[0] {
                b'N' => {}
                tag => return Ok(tag),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn number(&mut self, tag: u8) -> Result<f64, ReadError> {
        let len = size(tag).ok_or_else(|| self.fault("has no number"))?;
        let bytes = self.take(len)?;
        number(tag, bytes).ok_or_else(|| self.fault("has no number"))
    }

    fn len(&mut self) -> Result<usize, ReadError> {
        let tag = self.tag()?;
        if matches!(tag, b'd' | b'D') {
            return Err(self.fault("has a length that is no integer"));
        }
        let len = self.number(tag)?;
        // No length is longer than the rest, so none is too large for an exact f64.
        let fits = 0.0 <= len && len <= (self.bytes.len() - self.at) as f64;
        if fits { Ok(len as usize) } else { Err(self.fault("has a length beyond the end")) }
    }

    fn text(&mut self) -> Result<&'a str, ReadError> {
        let len = self.len()?;
        let bytes = self.take(len)?;
        std::str::from_utf8(bytes).map_err(|_| self.fault("has a text that is not UTF-8"))
    }

    fn value(&mut self, tag: u8, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        if MAX_DEPTH < depth {
            return Err(self.fault("is nested too deep"));
        }
        Ok(match tag {
            b'{' => self.object(depth, wanted)?,
            b'[' => self.array(depth, wanted)?,
            b'S' | b'H' => {
                let text = self.text()?;
                let text = if wanted { text } else { "" };
                self.state.charge(text.len())?;
                Node::Text(text.to_owned())
            }
            b'C' => Node::Text(char::from(self.take(1)?[0]).to_string()),
            b'T' => Node::Number(1.0),
            b'F' => Node::Number(0.0),
            b'Z' => Node::Null,
            tag => Node::Number(self.number(tag)?),
        })
    }

    fn object(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        let mut entries = Vec::new();
        let mut left = self.announced()?;
        loop {
            match left.as_mut() {
                Some(0) => break,
                Some(left) => *left -= 1,
                None if self.peek() == Some(b'}') => {
                    self.at += 1;
                    break;
                }
                None => {}
            }
            let key = self.text()?;
            let tag = self.tag()?;
            let wanted = wanted && !SKIPPED.contains(&key);
            let value = self.value(tag, depth + 1, wanted)?;
            if wanted {
                self.state.charge(size_of::<(String, Node)>() + key.len())?;
                entries.push((key.to_owned(), value));
            }
        }
        Ok(Node::Map(entries))
    }

    /// The number of items, if it stands before them.
    fn announced(&mut self) -> Result<Option<usize>, ReadError> {
        if self.peek() != Some(b'#') {
            return Ok(None);
        }
        self.at += 1;
        self.len().map(Some)
    }

    fn array(&mut self, depth: usize, wanted: bool) -> Result<Node, ReadError> {
        if self.peek() == Some(b'$') {
            self.at += 1;
            return self.typed(wanted);
        }
        let mut left = self.announced()?;
        let mut items = Items::new(self.state);
        loop {
            match left.as_mut() {
                Some(0) => break,
                Some(left) => *left -= 1,
                None if self.peek() == Some(b']') => {
                    self.at += 1;
                    break;
                }
                None => {}
            }
            let tag = self.tag()?;
            let item = self.value(tag, depth + 1, wanted)?;
            if wanted {
                items.push(item)?;
            }
        }
        Ok(items.finish())
    }

    fn typed(&mut self, wanted: bool) -> Result<Node, ReadError> {
        let tag = self.take(1)?[0];
        let size = size(tag).ok_or_else(|| self.fault("has an array of an unknown type"))?;
        let len = self.announced()?.ok_or_else(|| self.fault("has an array without a length"))?;
        let bytes = self.take(len.saturating_mul(size))?;
        if !wanted {
            return Ok(Node::Null);
        }
        self.state.charge(len.saturating_mul(size_of::<f64>()))?;
        Ok(Node::Numbers(bytes.chunks_exact(size).filter_map(|it| number(tag, it)).collect()))
    }
}

fn size(tag: u8) -> Option<usize> {
    match tag {
        b'i' | b'U' => Some(1),
        b'I' => Some(2),
        b'l' | b'd' => Some(4),
        b'L' | b'D' => Some(8),
        _ => None,
    }
}

fn number(tag: u8, bytes: &[u8]) -> Option<f64> {
    Some(match tag {
        b'i' => f64::from(i8::from_be_bytes(bytes.try_into().ok()?)),
        b'U' => f64::from(u8::from_be_bytes(bytes.try_into().ok()?)),
        b'I' => f64::from(i16::from_be_bytes(bytes.try_into().ok()?)),
        b'l' => f64::from(i32::from_be_bytes(bytes.try_into().ok()?)),
        b'L' => i64::from_be_bytes(bytes.try_into().ok()?) as f64,
        b'd' => f64::from(f32::from_be_bytes(bytes.try_into().ok()?)),
        b'D' => f64::from_be_bytes(bytes.try_into().ok()?),
        _ => return None,
    })
}
