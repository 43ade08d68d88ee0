//! Python's `round`, of floats and of whole numbers (CPython's `float___round___impl` and `int___round___impl`).

use rusqlite::types::Value;

/// More digits behind the point than this, no double has; so many before it, none is as large.
const MOST_DIGITS: i64 = 323;
const LEAST_DIGITS: i64 = -308;

/// Python's `round(x, digits)`: the nearest decimal to the very number, a tie to the even digit.
///
/// ```
/// assert_eq!(sql::round_half_even(0.25, 1), 0.2);
/// assert_eq!(sql::round_half_even(0.35, 1), 0.3);
/// assert_eq!(sql::round_half_even(2.5, 0), 2.0);
/// assert_eq!(sql::round_half_even(25.0, -1), 20.0);
/// ```
#[must_use]
pub fn round_half_even(x: f64, digits: i64) -> f64 {
    if !x.is_finite() || MOST_DIGITS < digits {
        return x;
    }
    if digits < LEAST_DIGITS {
        return 0.0 * x;
    }
    // The decimal expansion of a double is finite, and is rounded as a whole.
    match usize::try_from(digits) {
        Ok(digits) => format!("{x:.digits$}").parse().unwrap_or(x),
        Err(_) => {
            let whole = format!("{:.0}", x.abs().trunc());
            let text = rounded(&whole, digits.unsigned_abs() as usize, x.fract() != 0.0);
            text.parse::<f64>().unwrap_or(x).copysign(x)
        }
    }
}

/// Python's `round(whole, digits)`, which is whole, and a float if it is larger than a column's whole numbers.
pub(crate) fn whole(whole: i64, digits: i64) -> Value {
    if 0 <= digits {
        return Value::Integer(whole);
    }
    if digits < LEAST_DIGITS {
        return Value::Integer(0);
    }
    let text = rounded(&whole.unsigned_abs().to_string(), digits.unsigned_abs() as usize, false);
    let text = if whole < 0 { format!("-{text}") } else { text };
    text.parse().map_or_else(|_| text.parse().map_or(Value::Null, Value::Real), Value::Integer)
}

/// A whole number's digits with the last `n` made zeros, to the nearest, a tie to the even one. `is_more`: a fraction
/// follows them.
fn rounded(whole: &str, n: usize, is_more: bool) -> String {
    let (head, tail) = whole.split_at(whole.len().saturating_sub(n));
    let half = format!("5{}", "0".repeat(n.saturating_sub(1)));
    let tail = format!("{tail:0>n$}");
    let is_odd = head.bytes().last().is_some_and(|it| it % 2 == 1);
    let is_up = match tail.cmp(&half) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => is_odd || is_more,
        std::cmp::Ordering::Greater => true,
    };
    let zeros = "0".repeat(n);
    if is_up { format!("{}{zeros}", next(head)) } else { format!("{head}{zeros}") }
}

/// The digits of the next whole number.
fn next(digits: &str) -> String {
    let nines = digits.bytes().rev().take_while(|it| *it == b'9').count();
    let (head, _) = digits.split_at(digits.len() - nines);
    let zeros = "0".repeat(nines);
    match head.as_bytes().split_last() {
        Some((last, _)) => format!("{}{}{zeros}", &head[..head.len() - 1], char::from(last + 1)),
        None => format!("1{zeros}"),
    }
}
