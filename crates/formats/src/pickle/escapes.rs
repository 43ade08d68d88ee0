//! Numbers and strings as protocols 0 and 1 write them: as text.

use crate::error::Fault;

/// An integer of at most 8 bytes, little-endian two's complement; `None` if it needs more.
pub(super) fn small(bytes: &[u8]) -> Option<i64> {
    let negative = bytes.last().is_some_and(|it| it & 0x80 != 0);
    let fill = if negative { 0xff } else { 0 };
    let mut cell = [fill; 8];
    let (low, high) = bytes.split_at(bytes.len().min(8));
    if high.iter().any(|it| *it != fill) {
        return None;
    }
    cell.get_mut(..low.len())?.copy_from_slice(low);
    let value = i64::from_le_bytes(cell);
    ((value < 0) == negative).then_some(value)
}

/// Decimal digits with an optional sign, as little-endian two's complement.
pub(super) fn decimal(text: &str, longest: usize) -> Result<Vec<u8>, Fault> {
    let text = text.trim();
    if let Ok(small) = text.parse::<i64>() {
        return Ok(small.to_le_bytes().to_vec());
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return Err(Fault::malformed("a number that is not one"));
    }
    if digits.len() > longest {
        let text = format!("an integer of {} digits, expected at most {longest}", digits.len());
        return Err(Fault::too_large(text));
    }
    let mut limbs: Vec<u32> = Vec::new();
    for group in digits.as_bytes().chunks(9) {
        let scale = 10_u64.pow(group.len() as u32);
        let mut carry = group.iter().fold(0, |sum, it| sum * 10 + u64::from(it - b'0'));
        for limb in &mut limbs {
            carry += u64::from(*limb) * scale;
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry != 0 {
            limbs.push(carry as u32);
        }
    }
    limbs.push(0);
    if text.starts_with('-') {
        negate(&mut limbs);
    }
    Ok(limbs.into_iter().flat_map(u32::to_le_bytes).collect())
}

fn negate(limbs: &mut [u32]) {
    let mut carry = true;
    for limb in limbs {
        (*limb, carry) = (!*limb).overflowing_add(u32::from(carry));
    }
}

/// A float as Python's `repr` writes it.
pub(super) fn float(text: &str) -> Result<f64, Fault> {
    text.trim().parse().map_err(|_| Fault::malformed(format!("{text:?} is not a number")))
}

/// A Python 2 string literal: quotes around it, escapes in it.
pub(super) fn quoted(line: &[u8]) -> Result<Vec<u8>, Fault> {
    let line = line.trim_ascii_end();
    let ([b'\'', inner @ .., b'\''] | [b'"', inner @ .., b'"']) = line else {
        return Err(Fault::malformed("a string without its quotes"));
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner.iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'\n') => {}
            Some(it @ (b'\\' | b'\'' | b'"')) => out.push(it),
            Some(b'n') => out.push(b'\n'),
            Some(b'r') => out.push(b'\r'),
            Some(b't') => out.push(b'\t'),
            Some(b'a') => out.push(7),
            Some(b'b') => out.push(8),
            Some(b'f') => out.push(12),
            Some(b'v') => out.push(11),
            Some(b'x') => out.push(hex(&mut rest, 2)? as u8),
            Some(it @ b'0'..=b'7') => out.push(octal(it, &mut rest)),
            Some(it) => out.extend([b'\\', it]),
            None => return Err(Fault::malformed("a string that ends in a backslash")),
        }
    }
    Ok(out)
}

/// Python's `raw-unicode-escape`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`, whose surrogate pairs are
/// one character.
pub(super) fn raw_unicode(line: &[u8]) -> Result<String, Fault> {
    let mut out = String::with_capacity(line.len());
    let mut high = None;
    let mut rest = line.iter().copied();
    while let Some(byte) = rest.next() {
        let point = match (byte, rest.clone().next()) {
            (b'\\', Some(b'u')) => {
                rest.next();
                hex(&mut rest, 4)?
            }
            (b'\\', Some(b'U')) => {
                rest.next();
                hex(&mut rest, 8)?
            }
            _ => u32::from(byte),
        };
        match (high.take(), point) {
            (None, 0xd800..=0xdbff) => high = Some(point),
            (Some(first), 0xdc00..=0xdfff) => {
                out.push(character(0x10000 + ((first - 0xd800) << 10) + (point - 0xdc00))?);
            }
            (None, _) => out.push(character(point)?),
            (Some(_), _) => return Err(lone_surrogate()),
        }
    }
    if high.is_some() { Err(lone_surrogate()) } else { Ok(out) }
}

fn character(point: u32) -> Result<char, Fault> {
    char::from_u32(point).ok_or_else(lone_surrogate)
}

fn lone_surrogate() -> Fault {
    Fault::unsupported("text that is not Unicode (half of a surrogate pair)")
}

fn hex(rest: &mut impl Iterator<Item = u8>, digits: usize) -> Result<u32, Fault> {
    let mut value = 0_u32;
    for _ in 0..digits {
        let digit = rest.next().and_then(|it| char::from(it).to_digit(16));
        let digit = digit.ok_or_else(|| Fault::malformed("an escape without its digits"))?;
        value = (value << 4) | digit;
    }
    Ok(value)
}

fn octal(first: u8, rest: &mut (impl Iterator<Item = u8> + Clone)) -> u8 {
    let mut value = u32::from(first - b'0');
    for _ in 0..2 {
        let Some(digit @ b'0'..=b'7') = rest.clone().next() else { break };
        rest.next();
        value = value * 8 + u32::from(digit - b'0');
    }
    value as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_any_length() {
        assert_eq!(small(&decimal("-5", 99).unwrap()), Some(-5));
        assert_eq!(small(&[]), Some(0));
        assert_eq!(small(&[0xff]), Some(-1));
        assert_eq!(small(&[0xff, 0]), Some(255));
        assert_eq!(small(&[0, 0, 0, 0, 0, 0, 0, 0x80, 0]), None, "2^63 needs nine bytes");
        assert_eq!(small(&decimal("9223372036854775807", 99).unwrap()), Some(i64::MAX));
        let big = decimal("18446744073709551616", 99).unwrap();
        assert_eq!(big, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
        let big = decimal("-18446744073709551617", 99).unwrap();
        assert_eq!(big.get(..9).unwrap(), [255, 255, 255, 255, 255, 255, 255, 255, 254]);
        assert!(decimal("1x", 99).is_err());
        assert!(decimal(&"9".repeat(100), 99).is_err());
    }

    #[test]
    fn strings_are_unescaped_as_python_2_does() {
        assert_eq!(quoted(br"'a\x00\n\\\'\101'").unwrap(), b"a\0\n\\'A");
        assert_eq!(quoted(b"\"it's\"").unwrap(), b"it's");
        assert!(quoted(b"'open").is_err());
        assert!(quoted(b"'").is_err());
        assert_eq!(raw_unicode(b"caf\xe9 \\u20ac \\U0001f600 \\n").unwrap(), "café € 😀 \\n");
        assert_eq!(raw_unicode(b"\\ud83d\\ude00").unwrap(), "😀");
        assert!(raw_unicode(b"\\ud83d").is_err());
    }

    #[test]
    fn floats_may_be_infinite() {
        assert_eq!(float("inf").unwrap(), f64::INFINITY);
        assert!(float("nan").unwrap().is_nan());
        assert_eq!(float("-1e-5").unwrap(), -1e-5);
        assert!(float("").is_err());
    }
}
