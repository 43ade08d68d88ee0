//! Cells as numbers, by pandas' grammar, correctly rounded.
//!
//! Two ways that agree: [`scan`] parses a plain decimal and finds the field's end in one pass,
//! which is what nearly every cell is; [`read`] takes the content of any cell.

use std::borrow::Cow;

use super::decimal;
use super::field::{self, Stop};
use super::text_column::is_missing_word;
use crate::cross::Raw;

/// What a cell of a number column is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell {
    Missing,
    Boolean(bool),
    Number(f64),
    /// Text: pandas makes the whole column a text column.
    Other,
}

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const POWERS_OF_TEN: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// Decimal digits that always fit into a `u64`.
const MAX_DIGITS: usize = 19;

/// A plain decimal and the end of its field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain {
    pub(crate) value: f64,
    pub(crate) end: usize,
    pub(crate) stop: Stop,
}

/// The plain decimal that starts at `start` and fills its field.
/// `None`: the field is something else or out of this function's reach; scan and [`read`] it.
#[inline(always)]
pub(crate) fn scan(bytes: &[u8], start: usize, delimiter: u8) -> Option<Plain> {
    let negative = bytes.get(start) == Some(&b'-');
    let mut position = start + usize::from(negative);
    let mut mantissa = 0;
    let n_fraction = match first_word(bytes, &mut position, &mut mantissa) {
        Some(n_fraction) => n_fraction,
        None => digits_and_point(bytes, &mut position, &mut mantissa)?,
    };
    let mut exponent = -(n_fraction as i32);
    let stop = match field::stop_at(bytes, position, delimiter) {
        Some(stop) => stop,
        None => {
            exponent += scan_exponent(bytes, &mut position)?;
            field::stop_at(bytes, position, delimiter)?
        }
    };
    let magnitude = decimal::to_f64(mantissa, exponent)?;
    // Half of all numbers may be negative, in no order: a branch would be guessed wrong.
    let value = f64::from_bits(magnitude.to_bits() | u64::from(negative) << 63);
    Some(Plain { value, end: position, stop })
}

/// Digits that end, or a point, among the first eight bytes, which is how most numbers begin: both
/// sides of the point are taken at once. Gives how many digits follow the point; `None`, with
/// nothing taken, if the number begins otherwise or may have more digits than fit.
#[inline(always)]
fn first_word(bytes: &[u8], position: &mut usize, mantissa: &mut u64) -> Option<usize> {
    let values = word_at(bytes, *position) ^ (ONES * 0x30);
    let others = no_digits(values);
    // Eight times the bytes before the first that is no digit, and before the second.
    let n_whole_bits = others.trailing_zeros() & !7;
    let n_bits = (others & others.wrapping_sub(1)).trailing_zeros() & !7;
    if n_whole_bits == 64 || n_bits <= 8 {
        return None;
    }
    if (values >> n_whole_bits) as u8 != b'.' ^ b'0' {
        if n_whole_bits == 0 {
            return None;
        }
        *mantissa = eight_digits((values << 8) << (56 - n_whole_bits));
        *position += n_whole_bits as usize / 8;
        return Some(0);
    }
    // The point taken out, the digits moved to the word's end: zeros lead.
    let whole = (1_u64 << n_whole_bits) - 1;
    let joined = (values & whole) | (values >> 8 & !whole);
    let value = eight_digits((joined << 8) << (64 - n_bits));
    let n_fraction = (n_bits - n_whole_bits) as usize / 8 - 1;
    if n_bits < 64 {
        *mantissa = value;
        *position += n_bits as usize / 8;
        return Some(n_fraction);
    }
    let (mut end, mut all) = (*position + 8, value);
    let n_more = digits(bytes, &mut end, &mut all)?;
    // Leading zeros do not count; "0." is the usual case of them.
    let n_whole = if values & whole == 0 { 0 } else { n_whole_bits as usize / 8 };
    if n_whole + n_fraction + n_more > MAX_DIGITS {
        return None;
    }
    (*mantissa, *position) = (all, end);
    Some(n_fraction + n_more)
}

/// Digits, with a point or not; gives how many digits follow the point.
#[inline]
fn digits_and_point(bytes: &[u8], position: &mut usize, mantissa: &mut u64) -> Option<usize> {
    let n_whole = digits(bytes, position, mantissa)?;
    let n_significant = if *mantissa == 0 { 0 } else { n_whole };
    let mut n_fraction = 0;
    if bytes.get(*position) == Some(&b'.') {
        *position += 1;
        n_fraction = digits(bytes, position, mantissa)?;
    }
    let fits = n_whole + n_fraction > 0 && n_significant + n_fraction <= MAX_DIGITS;
    fits.then_some(n_fraction)
}

#[inline]
fn scan_exponent(bytes: &[u8], position: &mut usize) -> Option<i32> {
    let (b'e' | b'E') = bytes.get(*position)? else { return None };
    *position += 1;
    let negative = bytes.get(*position) == Some(&b'-');
    if negative || bytes.get(*position) == Some(&b'+') {
        *position += 1;
    }
    let mut exponent = 0;
    let n_digits = digits(bytes, position, &mut exponent)?;
    if !(1..=4).contains(&n_digits) {
        return None;
    }
    Some(if negative { -(exponent as i32) } else { exponent as i32 })
}

/// Takes the run of digits at `position` into `mantissa`; gives how many. `None` if so many that
/// the mantissa may have overflowed.
#[inline(always)]
fn digits(bytes: &[u8], position: &mut usize, mantissa: &mut u64) -> Option<usize> {
    let start = *position;
    loop {
        let values = word_at(bytes, *position) ^ (ONES * 0x30);
        let others = no_digits(values);
        if others == 0 {
            *mantissa = mantissa.wrapping_mul(100_000_000).wrapping_add(eight_digits(values));
            *position += 8;
            if *position - start > MAX_DIGITS {
                return None;
            }
            continue;
        }
        let n_bits = others.trailing_zeros() & 0x38;
        // Moves the digits to the word's end: zeros lead.
        let value = eight_digits((values << 8) << (56 - n_bits));
        let n = (n_bits / 8) as usize;
        *mantissa = mantissa.wrapping_mul(POWERS_OF_TEN[n & 7]).wrapping_add(value);
        *position += n;
        return Some(*position - start);
    }
}

/// The high bit of each byte that is not 0 to 9.
#[inline(always)]
fn no_digits(values: u64) -> u64 {
    // No byte carries into the next.
    (((values & (ONES * 0x7f)) + (ONES * 0x76)) | values) & (ONES * 0x80)
}

/// Eight bytes, the first lowest; zeros behind the end.
#[inline(always)]
fn word_at(bytes: &[u8], position: usize) -> u64 {
    match bytes.get(position..position + 8).and_then(|word| word.first_chunk::<8>()) {
        Some(word) => u64::from_le_bytes(*word),
        None => last_word(bytes, position),
    }
}

#[cold]
fn last_word(bytes: &[u8], position: usize) -> u64 {
    let rest = bytes.get(position..).unwrap_or_default();
    rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The number whose decimal digits, 0 to 9, are the bytes of `values`, the first lowest.
#[inline(always)]
fn eight_digits(values: u64) -> u64 {
    // Neighbours joined: digits to pairs, pairs to fours, fours to eight.
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let even = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
    let odd = ((pairs >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
    even.wrapping_add(odd) >> 32
}

/// What the content of a cell is. pandas: NA words and booleans exactly, numbers with spaces around
/// them (`_libs/parsers.pyx`, `_libs/src/parser/tokenizer.c`).
pub(crate) fn read(cell: &[u8]) -> Cell {
    if is_missing_word(cell) {
        return Cell::Missing;
    }
    if cell.eq_ignore_ascii_case(b"true") {
        return Cell::Boolean(true);
    }
    if cell.eq_ignore_ascii_case(b"false") {
        return Cell::Boolean(false);
    }
    let (negative, unsigned) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    };
    let infinite = |word: &[u8]| unsigned.eq_ignore_ascii_case(word);
    if infinite(b"inf") || infinite(b"infinity") {
        return Cell::Number(if negative { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    read_decimal(trim(cell)).map_or(Cell::Other, Cell::Number)
}

/// The number in a cell, as a number column reads it: a missing one is NaN, `True` 1 and `False` 0. `None`: the cell
/// is something else.
///
/// ```
/// use table::csv::parse_number;
/// assert_eq!((parse_number(b"1e3"), parse_number(b"True"), parse_number(b"x")), (Some(1e3), Some(1.0), None));
/// assert!(parse_number(b"NA").is_some_and(f64::is_nan));
/// ```
pub fn parse_number(cell: &[u8]) -> Option<f64> {
    match read(cell) {
        Cell::Missing => Some(f64::NAN),
        Cell::Boolean(it) => Some(f64::from(u8::from(it))),
        Cell::Number(it) => Some(it),
        Cell::Other => None,
    }
}

/// What the content of a cell is, with whole numbers told from others. One that does not fit is text,
/// which keeps its digits.
pub(crate) fn raw(cell: Cow<'_, [u8]>) -> Raw<'_> {
    let kind = read(&cell);
    let text: Option<Cow<'_, str>> = match cell {
        Cow::Borrowed(it) => std::str::from_utf8(it).ok().map(Cow::Borrowed),
        Cow::Owned(it) => String::from_utf8(it).ok().map(Cow::Owned),
    };
    match (kind, text) {
        (Cell::Missing, _) => Raw::Missing,
        (Cell::Boolean(value), Some(text)) => Raw::Bool(value, text),
        (Cell::Number(value), Some(text)) => {
            let digits = text.trim();
            if digits.bytes().any(|it| !matches!(it, b'0'..=b'9' | b'+' | b'-')) {
                return Raw::Float(value, text);
            }
            match digits.parse() {
                Ok(whole) => Raw::Int(whole, text),
                Err(_) => Raw::Text(text),
            }
        }
        (_, Some(text)) => Raw::Text(text),
        (_, None) => Raw::Other,
    }
}

fn read_decimal(cell: &[u8]) -> Option<f64> {
    let (negative, body) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, cell),
    };
    if !is_decimal(body) {
        return None;
    }
    let value: f64 = fast_float2::parse(body).ok()?;
    Some(if negative { -value } else { value })
}

/// Digits with at most one point, at least one digit, then perhaps `e`, a sign and digits.
fn is_decimal(body: &[u8]) -> bool {
    let (whole, rest) = split_digits(body);
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => split_digits(rest),
        _ => (0, rest),
    };
    if whole + fraction == 0 {
        return false;
    }
    let exponent = match rest {
        [] => return true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => exponent,
        _ => return false,
    };
    !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit)
}

fn split_digits(bytes: &[u8]) -> (usize, &[u8]) {
    let n = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (n, bytes.get(n..).unwrap_or_default())
}

/// Takes off C's `isspace`, which has the vertical tab that Rust's has not.
fn trim(mut cell: &[u8]) -> &[u8] {
    while let [b' ' | b'\t'..=b'\r', rest @ ..] | [rest @ .., b' ' | b'\t'..=b'\r'] = cell {
        cell = rest;
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::{Cell, Plain, read, scan};

    #[test]
    fn the_fast_way_and_the_general_way_agree_wherever_the_fast_one_answers() {
        let mut n_answered = 0;
        for whole in [
            "",
            "0",
            "7",
            "12",
            "00012",
            "123456789",
            "1234567890123456789",
            "99999999999999999999",
        ] {
            for fraction in
                ["", ".", ".5", ".12345678", ".0000000000000001", ".123456789012345678901"]
            {
                for exponent in ["", "e5", "E-5", "e+05", "e300", "e-340", "e99999", "e", "e-"] {
                    for sign in ["", "-", "+"] {
                        let text = format!("{sign}{whole}{fraction}{exponent}");
                        for behind in ["", ",", "\n", "\r\n", ",123456789", " ", "x"] {
                            let line = format!("{text}{behind}");
                            let Some(Plain { value, end, .. }) = scan(line.as_bytes(), 0, b',')
                            else {
                                continue;
                            };
                            n_answered += 1;
                            assert_eq!(
                                (read(text.as_bytes()), end),
                                (Cell::Number(value), text.len()),
                                "{line:?}"
                            );
                            assert!(behind != " " && behind != "x", "{line:?}");
                        }
                    }
                }
            }
        }
        assert!(n_answered > 1000, "{n_answered}");
    }

    #[test]
    fn minus_zero_keeps_its_sign() {
        let Plain { value, .. } = scan(b"-0.0,", 0, b',').unwrap();
        assert!(value == 0.0 && value.is_sign_negative());
    }
}
