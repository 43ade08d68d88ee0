//! Days and times of requests.

use sql::Moment;

/// A day that the calendar has.
pub(in crate::service) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |it: &str, digits: usize| {
        let is_number = it.len() == digits && it.bytes().all(|it| it.is_ascii_digit());
        if is_number { it.parse::<u32>().ok() } else { None }
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        1..=12 => 31,
        _ => 0,
    };
    1 <= year && (1..=days).contains(&day)
}

/// A time as SQLite reads it, of a day that the calendar has: `2025-10-20T08:30:00Z`, with `T` or a blank; seconds,
/// their fraction and the zone may be left out.
pub(super) fn datetime(text: &str) -> Option<String> {
    // JSON Schema's date-time may have a small one, which SQLite does not read.
    let text = text.replacen('t', "T", 1);
    let (date, rest) = text.split_at_checked(10)?;
    let clock = rest.strip_prefix(['T', ' '])?;
    let is_clock = clock.starts_with(|it: char| it.is_ascii_digit())
        && !clock.starts_with("24")
        && !clock.ends_with(char::is_whitespace);
    let is_time = is_clock && is_date(date) && Moment::parse(&text).is_some();
    is_time.then_some(text)
}

pub(in crate::service) fn is_datetime(text: &str) -> bool {
    datetime(text).is_some()
}
