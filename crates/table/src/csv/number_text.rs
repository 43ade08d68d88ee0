//! Numbers out, as Python's `repr` and numpy's `str` spell them: the shortest digits that read back
//! to the same number, in fixed notation from `1e-4` up to below `1e16`, else scientific.
//!
//! For float32 the bounds are those of numpy 1.14 to 2.2. numpy 2.3 turns to scientific notation
//! earlier (`1.6777216e+07`), which is the same number; the spelling people have today is kept.

use ryu::{Buffer, Float};

/// Appends `value` as `repr(float)` in Python: `5.0`, `1e-05`, `1e+16`, `nan`, `-inf`.
///
/// ```
/// let mut out = Vec::new();
/// table::csv::write_f64(1e-5, &mut out);
/// assert_eq!(out, b"1e-05");
/// ```
#[inline]
pub fn write_f64(value: f64, out: &mut Vec<u8>) {
    let magnitude = value.abs();
    if (1e-4..1e16).contains(&magnitude) || magnitude == 0.0 {
        out.extend_from_slice(Buffer::new().format_finite(value).as_bytes());
        return;
    }
    write_unusual(value, value.is_finite(), value.is_sign_negative(), magnitude, out);
}

/// Appends `value` as `str(numpy.float32)`: the shortest digits for a float32.
#[inline]
pub fn write_f32(value: f32, out: &mut Vec<u8>) {
    // Wider than float32 on purpose: numpy compares with the double constants.
    let magnitude = f64::from(value.abs());
    if (1e-4..1e12).contains(&magnitude) || magnitude == 0.0 {
        out.extend_from_slice(Buffer::new().format_finite(value).as_bytes());
        return;
    }
    write_unusual(value, value.is_finite(), value.is_sign_negative(), magnitude, out);
}

fn write_unusual<F: Float>(value: F, finite: bool, negative: bool, size: f64, out: &mut Vec<u8>) {
    if size.is_nan() {
        return out.extend_from_slice(b"nan");
    }
    if negative {
        out.push(b'-');
    }
    if !finite {
        return out.extend_from_slice(b"inf");
    }
    let mut buffer = Buffer::new();
    let (digits, n_digits, point) = significant_digits(buffer.format_finite(value));
    let digits = digits.get(..n_digits).unwrap_or_default();
    if (1e-4..1e16).contains(&size) {
        // Only float32 from 1e12: whole numbers, filled up with zeros. (ryu goes on to about 1e13.)
        out.extend_from_slice(digits);
        out.resize(out.len() + (point as usize).saturating_sub(n_digits), b'0');
        return out.extend_from_slice(b".0");
    }
    write_scientific(digits, point - 1, out);
}

fn write_scientific(digits: &[u8], exponent: i32, out: &mut Vec<u8>) {
    let Some((first, rest)) = digits.split_first() else { return };
    out.push(*first);
    if !rest.is_empty() {
        out.push(b'.');
        out.extend_from_slice(rest);
    }
    out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    let exponent = exponent.unsigned_abs();
    if exponent >= 100 {
        out.push(b'0' + (exponent / 100) as u8);
    }
    out.push(b'0' + (exponent / 10 % 10) as u8);
    out.push(b'0' + (exponent % 10) as u8);
}

/// The digits of what ryu wrote without zeros at either end, how many, and where the decimal point
/// stands: the number is `0.digits * 10^point`.
fn significant_digits(text: &str) -> ([u8; 20], usize, i32) {
    let (mut digits, mut n_digits, mut point) = ([0; 20], 0, 0);
    let (decimal, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let mut behind_point = false;
    for byte in decimal.bytes().filter(|&byte| byte != b'-') {
        if byte == b'.' {
            behind_point = true;
            continue;
        }
        let leading_zero = n_digits == 0 && byte == b'0';
        point +=
            i32::from(!behind_point && !leading_zero) - i32::from(behind_point && leading_zero);
        if let Some(digit) = digits.get_mut(n_digits)
            && !leading_zero
        {
            *digit = byte;
            n_digits += 1;
        }
    }
    while n_digits > 1 && digits.get(n_digits - 1) == Some(&b'0') {
        n_digits -= 1;
    }
    (digits, n_digits, point + exponent.parse::<i32>().unwrap_or(0))
}

/// Appends an integer.
pub(crate) fn write_int(value: i64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = value.unsigned_abs();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        start -= 1;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(start..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::write_int;

    #[test]
    fn integers_are_written_in_full() {
        for value in [0, 7, -1, 10, 1234567890, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            write_int(value, &mut out);
            assert_eq!(out, value.to_string().as_bytes());
        }
    }
}
