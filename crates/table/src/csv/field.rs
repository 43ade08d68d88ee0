//! One field: where it ends, and what its cell is. The rules of pandas' tokenizer
//! (`pandas/_libs/src/parser/tokenizer.c`, 3.1).

use std::borrow::Cow;

use memchr::{memchr, memchr3};

/// What stands behind a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The delimiter: another field follows.
    Delimiter,
    /// `\n`, `\r` or the end of the bytes.
    LineEnd,
    /// The bytes end inside quotes.
    OpenQuote,
}

/// What stands at `position`, if a field ends there.
#[inline]
pub(crate) fn stop_at(bytes: &[u8], position: usize, delimiter: u8) -> Option<Stop> {
    match bytes.get(position) {
        Some(&byte) if byte == delimiter => Some(Stop::Delimiter),
        Some(b'\n' | b'\r') | None => Some(Stop::LineEnd),
        Some(_) => None,
    }
}

/// Where a field ends (the delimiter or line ending is at `end`) and whether it began with a quote.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) end: usize,
    pub(crate) stop: Stop,
    pub(crate) quoted: bool,
}

/// The field that starts at `start`.
#[inline]
pub(crate) fn scan(bytes: &[u8], start: usize, delimiter: u8) -> Field {
    if bytes.get(start) != Some(&b'"') {
        let (end, stop) = scan_bare(bytes, start, delimiter);
        return Field { end, stop, quoted: false };
    }
    scan_quoted(bytes, start, delimiter)
}

fn scan_quoted(bytes: &[u8], start: usize, delimiter: u8) -> Field {
    let Some(closed) = close_quote(bytes, start + 1) else {
        return Field { end: bytes.len(), stop: Stop::OpenQuote, quoted: true };
    };
    // What follows the closing quote belongs to the field; further quotes in it are content.
    let (end, stop) = scan_bare(bytes, closed, delimiter);
    Field { end, stop, quoted: true }
}

/// The position after the quote that closes what was opened before `from`; doubled ones do not.
pub(crate) fn close_quote(bytes: &[u8], from: usize) -> Option<usize> {
    let mut position = from;
    loop {
        let quote = position + memchr(b'"', bytes.get(position..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote + 1);
        }
        position = quote + 2;
    }
}

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
/// Words looked at eight bytes at a time before `memchr3` pays off.
const SHORT_WORDS: usize = 4;

/// The end of an unquoted stretch: the next delimiter, `\n`, `\r` or the end.
#[inline]
fn scan_bare(bytes: &[u8], start: usize, delimiter: u8) -> (usize, Stop) {
    let mut position = start;
    let delimiters = ONES.wrapping_mul(u64::from(delimiter));
    for _ in 0..SHORT_WORDS {
        let Some(word) = bytes.get(position..).and_then(|rest| rest.first_chunk::<8>()) else {
            break;
        };
        // Marks a byte's high bit where it is the delimiter or below 0x0e. Borrows may mark bytes
        // above a true mark, never below the lowest one, and only the lowest is used.
        let word = u64::from_le_bytes(*word);
        let other = word ^ delimiters;
        let equal = other.wrapping_sub(ONES) & !other;
        let control = word.wrapping_sub(ONES * 0x0e) & !word;
        let marks = (equal | control) & HIGHS;
        if marks == 0 {
            position += 8;
            continue;
        }
        position += (marks.trailing_zeros() / 8) as usize;
        match stop_at(bytes, position, delimiter) {
            Some(stop) => return (position, stop),
            None => position += 1,
        }
    }
    let rest = bytes.get(position..).unwrap_or_default();
    match memchr3(delimiter, b'\n', b'\r', rest) {
        Some(offset) if rest.get(offset) == Some(&delimiter) => {
            (position + offset, Stop::Delimiter)
        }
        Some(offset) => (position + offset, Stop::LineEnd),
        None => (bytes.len(), Stop::LineEnd),
    }
}

/// The content of a field that began with a quote: quotes taken off, doubled ones single.
pub(crate) fn unquote(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(body) = field.strip_prefix(b"\"") else { return Cow::Borrowed(field) };
    if let Some(inner) = body.strip_suffix(b"\"")
        && memchr(b'"', inner).is_none()
    {
        return Cow::Borrowed(inner);
    }
    let mut cell = Vec::with_capacity(body.len());
    let mut bytes = body.iter();
    while let Some(&byte) = bytes.next() {
        if byte != b'"' {
            cell.push(byte);
        } else if bytes.as_slice().first() == Some(&b'"') {
            bytes.next();
            cell.push(b'"');
        } else {
            cell.extend_from_slice(bytes.as_slice());
            break;
        }
    }
    Cow::Owned(cell)
}

#[cfg(test)]
mod tests {
    use super::{Stop, scan, unquote};

    fn fields(line: &str) -> Vec<String> {
        let bytes = line.as_bytes();
        let (mut cells, mut start) = (Vec::new(), 0);
        loop {
            let field = scan(bytes, start, b',');
            let raw = &bytes[start..field.end];
            let cell = if field.quoted { unquote(raw).into_owned() } else { raw.to_vec() };
            cells.push(String::from_utf8(cell).unwrap());
            match field.stop {
                Stop::Delimiter => start = field.end + 1,
                Stop::LineEnd => return cells,
                Stop::OpenQuote => {
                    cells.push("<open>".to_owned());
                    return cells;
                }
            }
        }
    }

    #[test]
    fn a_quote_is_syntax_only_as_a_fields_first_byte() {
        assert_eq!(fields("a\"b,\"c,d\",e"), ["a\"b", "c,d", "e"]);
        assert_eq!(fields(" \"a,b\""), [" \"a", "b\""]);
        assert_eq!(fields("\"x\"y\"z\",2"), ["xy\"z\"", "2"]);
        assert_eq!(fields("\"a\"\"b\",\"\"\"\",\"\""), ["a\"b", "\"", ""]);
        assert_eq!(fields("1,\"x\n"), ["1", "\"x\n".trim_start_matches('"'), "<open>"]);
    }

    #[test]
    fn control_bytes_and_long_fields_do_not_end_a_field() {
        let long = "x\ty\u{1}".repeat(40);
        assert_eq!(fields(&format!("{long},{long}\r\nnext")), [long.as_str(), long.as_str()]);
        assert_eq!(fields(""), [""]);
        assert_eq!(fields("\t\u{b}"), ["\t\u{b}"]);
    }
}
