//! Numbers in JSON as CatBoost reads them: by rapidjson without its full precision, so that the result may
//! be a unit or two in the last place from the nearest.
//!
//! Digits fill an integer until it exceeds 2^53 and then a float, up to 17 of them; the result is multiplied
//! with, or divided by, a power of ten.
//!
//! Source of truth: `GenericReader::ParseNumber` in `contrib/libs/rapidjson/include/rapidjson/reader.h`.

use std::sync::LazyLock;

/// Powers of ten from 0 to 308.
static POWERS: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..=308).filter_map(|it| format!("1e{it}").parse().ok()).collect());

/// Digits that count.
const DIGITS: u32 = 17;

/// The number that a word of JSON is.
pub(super) fn number(word: &str) -> Option<f64> {
    let (is_negative, word) = match word.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let (digits, exponent) = match word.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (word, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let (value, places) = significand(whole, fraction);
    let x = scaled(value, exponent.checked_sub(places)?);
    x.is_finite().then_some(if is_negative { -x } else { x })
}

/// The digits as a number without its point, and how many of them stand behind it.
fn significand(whole: &str, fraction: &str) -> (f64, i32) {
    let digit = |it: u8| u64::from(it - b'0');
    let mut count = (whole.len() as u32).saturating_sub(1);
    let mut integer = whole.parse::<u64>().ok();
    let mut value = 0.0;
    if integer.is_none() {
        // The first 19 digits fit; the rest is added one by one.
        let start = whole.get(..19).and_then(|it| it.parse::<u64>().ok()).unwrap_or(0);
        let rest = whole.bytes().skip(19);
        let fit = rest
            .clone()
            .next()
            .filter(|it| start < u64::MAX / 10 || (start == u64::MAX / 10 && *it <= b'5'));
        let (start, skip) = fit.map_or((start, 0), |it| (start * 10 + digit(it), 1));
        value = rest.skip(skip).fold(start as f64, |sum, it| sum * 10.0 + digit(it) as f64);
    }
    let mut places = 0;
    let mut fraction = fraction.bytes();
    if let Some(integer) = integer.as_mut() {
        while *integer < 1 << 53 {
            let Some(it) = fraction.next() else { break };
            *integer = *integer * 10 + digit(it);
            places += 1;
            count += u32::from(*integer != 0);
        }
        value = *integer as f64;
    }
    for it in fraction {
        if count < DIGITS {
            value = value * 10.0 + digit(it) as f64;
            places += 1;
            count += u32::from(0.0 < value);
        }
    }
    (value, places)
}

fn scaled(value: f64, power: i32) -> f64 {
    if power < -308 {
        by_power(by_power(value, -308), power.saturating_add(308))
    } else {
        by_power(value, power)
    }
}

fn by_power(value: f64, power: i32) -> f64 {
    let at = |power: i32| POWERS.get(power as usize).copied();
    if power < 0 {
        at(-power).map_or(0.0, |it| value / it)
    } else {
        at(power).map_or(f64::INFINITY, |it| value * it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_exact() {
        for word in
            ["0.1", "-1.5e-3", "123456.789", "3e10", "0.000244140625", "18446744073709551615"]
        {
            assert_eq!(number(word), word.parse().ok(), "{word}");
        }
        for word in ["", "-", ".5", "1.2.3", "1e", "0x1", "nan", "1e999"] {
            assert_eq!(number(word), None, "{word}");
        }
    }

    #[test]
    fn the_last_of_seventeen_digits_rounds_twice() {
        let words = ["-0.55919471536108680", "0.71859296482412063", "616.51587240340678"];
        for word in words {
            let nearest: f64 = word.parse().unwrap_or_default();
            let found = number(word).unwrap_or_default();
            assert!((found - nearest).abs() <= 2.0 * f64::EPSILON * nearest.abs(), "{word}");
        }
    }
}
