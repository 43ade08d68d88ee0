//! Functions that SQLite lacks.
//!
//! | function | value |
//! |---|---|
//! | `day_name(date)` | `Monday` … `Sunday` |
//! | `month_name(date)` | `January` … `December` |
//! | `refuse(text)` | none: the request is answered with 400 and the text |
//! | `round_half_even(x, digits)` | `round(x, digits)` as Python has it: the nearest decimal to the very number, a tie to the even digit. SQLite's `round` takes ties away from zero |

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use crate::Error;

const DAYS: [&str; 7] =
    ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MOST_DIGITS: i64 = 300;

pub(crate) fn add(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("day_name", 1, flags, |it| Ok(date(it).map(day_name)))?;
    // Not deterministic, or it would be called before anybody knows whether it is to be.
    connection.create_scalar_function(
        "refuse",
        1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS,
        |it| {
            let text = it.get_raw(0).as_str().unwrap_or("the request is refused").to_owned();
            Err::<Option<i64>, _>(rusqlite::Error::UserFunctionError(text.into()))
        },
    )?;
    connection.create_scalar_function("month_name", 1, flags, |it| {
        Ok(date(it).and_then(|(_, month, _)| MONTHS.get(month as usize - 1)).copied())
    })?;
    connection.create_scalar_function("round_half_even", 2, flags, |it| {
        let digits = match it.get_raw(1) {
            ValueRef::Integer(digits) => digits.clamp(0, MOST_DIGITS),
            _ => return Ok(None),
        };
        Ok(match it.get_raw(0) {
            ValueRef::Integer(whole) => Some(whole as f64),
            ValueRef::Real(x) => Some(round_half_even(x, digits as usize)),
            _ => None,
        })
    })?;
    Ok(())
}

/// Python's `round(x, digits)`.
///
/// ```
/// assert_eq!(sql::round_half_even(0.25, 1), 0.2);
/// assert_eq!(sql::round_half_even(0.35, 1), 0.3);
/// assert_eq!(sql::round_half_even(2.5, 0), 2.0);
/// ```
#[must_use]
pub fn round_half_even(x: f64, digits: usize) -> f64 {
    if !x.is_finite() {
        return x;
    }
    // The decimal expansion of a double is finite, and is rounded as a whole.
    format!("{x:.digits$}").parse().unwrap_or(x)
}

/// Year, month and day at the beginning of a text, if there is such a day.
fn date(context: &Context<'_>) -> Option<(i64, i64, i64)> {
    let ValueRef::Text(text) = context.get_raw(0) else { return None };
    let text = std::str::from_utf8(text.get(..10)?).ok()?;
    let part = |range: std::ops::Range<usize>| {
        let digits = text.get(range)?;
        digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
    };
    let (year, month, day): (i64, i64, i64) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let is_date = &text[4..5] == "-"
        && &text[7..8] == "-"
        && (1..=12).contains(&month)
        && (1..=31).contains(&day);
    is_date.then_some((year, month, day))
}

/// By Howard Hinnant's `days_from_civil`; day 0, the first of 1970, was a Thursday.
fn day_name((year, month, day): (i64, i64, i64)) -> &'static str {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    DAYS[days.rem_euclid(7) as usize]
}
