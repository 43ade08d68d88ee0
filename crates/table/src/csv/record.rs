//! Where records end: splitting bytes between records, skipping blank lines, counting lines.

use memchr::{memchr, memchr_iter, memrchr2};

use super::field::close_quote;

/// Where a run of bytes that starts with a record can be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Split {
    /// The end of the last whole record, line ending included; 0 if there is none.
    pub(crate) end: usize,
    /// What follows `end` has a quote that is not closed within these bytes.
    pub(crate) open_quote: bool,
}

/// Finds the last record's end in `bytes`, which start with a record. Unless `at_end_of_file`, a
/// final `\r` or `"` is undecided: a `\n` or a second quote may follow.
pub(crate) fn split(bytes: &[u8], delimiter: u8, at_end_of_file: bool) -> Split {
    let mut end = 0;
    let mut outside = 0;
    let mut position = 0;
    while let Some(found) = bytes.get(position..).and_then(|rest| memchr(b'"', rest)) {
        let quote = position + found;
        if !opens(bytes, quote, delimiter) {
            position = quote + 1;
            continue;
        }
        end = last_line_end(bytes, outside, quote, true).unwrap_or(end);
        match close_quote(bytes, quote + 1) {
            Some(closed) if closed < bytes.len() || at_end_of_file => {
                outside = closed;
                position = closed;
            }
            _ => return Split { end, open_quote: true },
        }
    }
    end = last_line_end(bytes, outside, bytes.len(), at_end_of_file).unwrap_or(end);
    Split { end, open_quote: false }
}

/// Outside quotes, a quote opens only behind a delimiter, a line ending or nothing.
fn opens(bytes: &[u8], quote: usize, delimiter: u8) -> bool {
    let Some(before) = quote.checked_sub(1).and_then(|before| bytes.get(before)) else {
        return true;
    };
    *before == delimiter || matches!(before, b'\n' | b'\r')
}

/// The end of the last line ending in `from..to`.
fn last_line_end(bytes: &[u8], from: usize, to: usize, final_cr_counts: bool) -> Option<usize> {
    let stretch = bytes.get(from..to)?;
    let last = memrchr2(b'\n', b'\r', stretch)?;
    let undecided = last + 1 == stretch.len() && stretch.get(last) == Some(&b'\r');
    if !undecided || final_cr_counts {
        return Some(from + last + 1);
    }
    Some(from + memrchr2(b'\n', b'\r', stretch.get(..last)?)? + 1)
}

/// The length of the line ending at `position`: `\r\n` 2, `\n` or `\r` 1, none 0.
#[inline]
pub(crate) fn line_ending_len(bytes: &[u8], position: usize) -> usize {
    match bytes.get(position) {
        Some(b'\n') => 1,
        Some(b'\r') if bytes.get(position + 1) == Some(&b'\n') => 2,
        Some(b'\r') => 1,
        _ => 0,
    }
}

/// The start of the next record from `position`: lines with nothing but spaces and tabs are none.
#[inline]
pub(crate) fn skip_blank_lines(bytes: &[u8], position: usize, delimiter: u8) -> usize {
    match bytes.get(position) {
        Some(b' ' | b'\t' | b'\r' | b'\n') => skip_blank_lines_slow(bytes, position, delimiter),
        _ => position,
    }
}

fn skip_blank_lines_slow(bytes: &[u8], mut position: usize, delimiter: u8) -> usize {
    loop {
        let mut end = position;
        while let Some(b' ' | b'\t') = bytes.get(end)
            && bytes.get(end) != Some(&delimiter)
        {
            end += 1;
        }
        let ending = line_ending_len(bytes, end);
        if ending == 0 {
            return if end >= bytes.len() { bytes.len() } else { position };
        }
        position = end + ending;
    }
}

/// How many physical lines end in `bytes`, by `\n`, `\r\n` or `\r`, inside quotes too.
pub(crate) fn count_lines(bytes: &[u8]) -> u64 {
    let newlines = memchr_iter(b'\n', bytes).count() as u64;
    if memchr(b'\r', bytes).is_none() {
        return newlines;
    }
    let lone = memchr_iter(b'\r', bytes).filter(|&cr| bytes.get(cr + 1) != Some(&b'\n')).count();
    newlines + lone as u64
}

#[cfg(test)]
mod tests {
    use super::{Split, count_lines, skip_blank_lines, split};

    fn at(text: &str, at_end_of_file: bool) -> (usize, bool) {
        let Split { end, open_quote } = split(text.as_bytes(), b',', at_end_of_file);
        (end, open_quote)
    }

    #[test]
    fn a_split_never_falls_inside_quotes() {
        assert_eq!(at("a,b\nc,\"d\ne\"\nf", false), (12, false));
        assert_eq!(at("a,b\nc,\"d\ne", false), (4, true));
        assert_eq!(at("a,5\" pipe\nb,", false), (10, false));
        assert_eq!(at("a\n\"x\"\"\ny\",\n", false), (11, false));
    }

    #[test]
    fn a_final_carriage_return_or_quote_waits_for_what_follows() {
        assert_eq!(at("a\rb\r", false), (2, false));
        assert_eq!(at("a\rb\r", true), (4, false));
        assert_eq!(at("a\n\"b\"", false), (2, true));
        assert_eq!(at("a\n\"b\"", true), (2, false));
    }

    #[test]
    fn blank_lines_are_those_of_spaces_and_tabs_alone() {
        assert_eq!(skip_blank_lines(b"\n \t\r\n\ra", 0, b','), 6);
        assert_eq!(skip_blank_lines(b"  a", 0, b','), 0);
        assert_eq!(skip_blank_lines(b"\n  ", 0, b','), 3);
        assert_eq!(skip_blank_lines(b" \t \n", 0, b'\t'), 0);
    }

    #[test]
    fn lines_are_counted_in_any_mixture_of_endings() {
        assert_eq!(count_lines(b"a\nb\r\nc\rd\r\r\n"), 5);
        assert_eq!(count_lines(b"\"a\nb\""), 1);
    }
}
