//! Lines `key=value` of a model text, and lists of numbers in them.

use memchr::memchr;

/// The lines of a text from one end to the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'t> {
    rest: &'t [u8],
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { rest: text }
    }

    /// The next line, without its end.
    pub(super) fn next(&mut self) -> Option<&'t [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The next line, if it is not the first of a tree.
    pub(super) fn next_unless_tree(&mut self) -> Option<&'t [u8]> {
        let mut after = *self;
        let line = after.next().filter(|it| !starts_tree(it) && *it != END_OF_TREES)?;
        *self = after;
        Some(line)
    }
}

const END_OF_TREES: &[u8] = b"end of trees";

/// Whether a tree begins with this line.
pub(super) fn starts_tree(line: &[u8]) -> bool {
    line.starts_with(b"Tree=")
}

/// Key and value; a line without `=` is a key alone.
pub(super) fn key_value(line: &[u8]) -> (&[u8], &[u8]) {
    match memchr(b'=', line) {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[]),
    }
}

/// The words between blanks.
pub(super) fn words(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|it| *it == b' ').filter(|it| !it.is_empty())
}

/// An integer.
pub(super) fn int(word: &[u8]) -> Option<i64> {
    let word = word.trim_ascii();
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    // So many digits fit into 64 bits.
    if digits.is_empty() || 18 < digits.len() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits.iter().fold(0, |number, it| number * 10 + i64::from(it - b'0'));
    Some(if digits.len() < word.len() { -number } else { number })
}

/// Exactly `len` numbers, written over `numbers`.
pub(super) fn floats(list: &[u8], len: usize, numbers: &mut Vec<f64>) -> Option<()> {
    numbers.clear();
    for word in words(list) {
        numbers.push(fast_float2::parse(word).ok()?);
    }
    (numbers.len() == len).then_some(())
}

/// Exactly `len` integers, written over `numbers`.
pub(super) fn ints(list: &[u8], len: usize, numbers: &mut Vec<i64>) -> Option<()> {
    numbers.clear();
    for word in words(list) {
        numbers.push(int(word)?);
    }
    (numbers.len() == len).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_as_many_numbers_as_expected() {
        let (mut numbers, mut whole) = (Vec::new(), Vec::new());
        assert_eq!(floats(b"0.5 -1e300  1.0000000180025095e-35 ", 3, &mut numbers), Some(()));
        assert_eq!(numbers, [0.5, -1e300, 1.000_000_018_002_509_5e-35]);
        assert_eq!(floats(b"0.5", 2, &mut numbers), None);
        assert_eq!(floats(b"x", 1, &mut numbers), None);
        assert_eq!(ints(b"-1 2", 2, &mut whole), Some(()));
        assert_eq!(whole, [-1, 2]);
        assert_eq!(ints(b"1.5", 1, &mut whole), None);
    }

    #[test]
    fn lines_end_with_or_without_a_carriage_return() {
        let mut lines = Lines::new(b"tree\r\nversion=v4\n\nTree=0");
        assert_eq!(lines.next(), Some(&b"tree"[..]));
        assert_eq!(lines.next().map(key_value), Some((&b"version"[..], &b"v4"[..])));
        assert_eq!(lines.next_unless_tree(), Some(&b""[..]));
        assert_eq!(lines.next_unless_tree(), None);
        assert_eq!(lines.next().map(starts_tree), Some(true));
        assert_eq!(lines.next(), None);
    }
}
