//! JSON piece by piece: its reader decides what to keep, and nothing here recurses.

/// What is left of a JSON text. Errors say what is wrong and at which byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What is wrong at this place.
    pub(crate) fn fault(&self, text: &str) -> String {
        format!("{text} at byte {}", self.at)
    }

    /// The next byte that is no white space.
    pub(crate) fn peek(&mut self) -> Result<u8, String> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied().ok_or_else(|| self.fault("ends early"))
    }

    /// Steps over `byte` if it is next.
    pub(crate) fn is_next(&mut self, byte: u8) -> Result<bool, String> {
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    /// Steps over `byte`.
    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), String> {
        if self.is_next(byte)? {
            return Ok(());
        }
        Err(self.fault(&format!("has no {:?}", char::from(byte))))
    }

    /// The next key of an object whose brace was stepped over, up to its value; `None` at the end.
    pub(crate) fn next_key(&mut self, is_first: bool) -> Result<Option<&'a str>, String> {
        if self.is_next(b'}')? {
            return Ok(None);
        }
        if !is_first {
            self.expect(b',')?;
        }
        let key = self.text()?;
        self.expect(b':')?;
        Ok(Some(key))
    }

    /// Whether an array whose bracket was stepped over has another item, which is next then.
    pub(crate) fn next_item(&mut self, is_first: bool) -> Result<bool, String> {
        if self.is_next(b']')? {
            return Ok(false);
        }
        if !is_first {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// A number, or a word such as `true`; empty if there is none.
    pub(crate) fn word(&mut self) -> Result<&'a str, String> {
        self.peek()?;
        let rest = &self.bytes[self.at..];
        let is_part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'+' | b'-');
        let word = &rest[..rest.iter().position(|it| !is_part(it)).unwrap_or(rest.len())];
        self.at += word.len();
        Ok(std::str::from_utf8(word).unwrap_or_default())
    }

    /// A text, its escapes as they are: see [`unescaped`].
    pub(crate) fn text(&mut self) -> Result<&'a str, String> {
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
        raw.map_err(|_| self.fault("has a text that is not UTF-8"))
    }

    /// Steps over a value, and returns its bytes.
    pub(crate) fn skip(&mut self) -> Result<&'a [u8], String> {
        self.peek()?;
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'{' | b'[' => {
                    self.at += 1;
                    depth += 1;
                }
                b'}' | b']' if 0 < depth => {
                    self.at += 1;
                    depth -= 1;
                }
                b',' | b':' if 0 < depth => self.at += 1,
                b'"' => drop(self.text()?),
                _ if self.word()?.is_empty() => return Err(self.fault("has no value")),
                _ => {}
            }
            if depth == 0 {
                return Ok(&self.bytes[start..self.at]);
            }
        }
    }
}

/// A text without its escapes; `None` if one is wrong.
pub(crate) fn unescaped(raw: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_stepped_over_whatever_it_holds() {
        let mut tokens = Tokens::new(b" {\"a\": [1, {\"}\": null}], \"b\":\"]\\\"\"} , 2");
        assert_eq!(tokens.skip().map(<[u8]>::len), Ok(34));
        assert_eq!(tokens.next_item(false), Ok(true));
        assert_eq!(tokens.word(), Ok("2"));
        assert!(tokens.skip().is_err());
        let deep = "[".repeat(1_000_000);
        assert!(Tokens::new(deep.as_bytes()).skip().is_err());
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(unescaped(r#"a\"\\\/\n\u00e9\ud83d\ude00"#).as_deref(), Some("a\"\\/\né😀"));
        assert_eq!(unescaped(r"\x"), None);
    }
}
