//! Functions that SQLite lacks.
//!
//! | function | value |
//! |---|---|
//! | `day_name(date)` | `Monday` … `Sunday`, of the day in UTC that `strftime('%w', date)` has |
//! | `month_name(date)` | `January` … `December`, of the month that `strftime('%m', date)` has |
//! | `refuse(text)` | none: the request is answered with 400 and the text |
//! | `round_half_even(x, digits)` | `round(x, digits)` as Python has it: the nearest decimal to the very number, a tie to the even digit; digits before the point are counted below 0. A whole number stays one. SQLite's `round` takes ties away from zero |

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};

use crate::rounding::{self, round_half_even};
use crate::{Error, Moment};

const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
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

pub(crate) fn add(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("day_name", 1, flags, |it| {
        Ok(moment(it).and_then(|it| DAYS.get(it.weekday())).copied())
    })?;
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
        Ok(moment(it).and_then(|it| MONTHS.get(it.month())).copied())
    })?;
    connection.create_scalar_function("round_half_even", 2, flags, |it| {
        let ValueRef::Integer(digits) = it.get_raw(1) else { return Ok(Value::Null) };
        Ok(match it.get_raw(0) {
            ValueRef::Integer(whole) => rounding::whole(whole, digits),
            ValueRef::Real(x) => Value::Real(round_half_even(x, digits)),
            _ => Value::Null,
        })
    })?;
    Ok(())
}

fn moment(context: &Context<'_>) -> Option<Moment> {
    let ValueRef::Text(text) = context.get_raw(0) else { return None };
    Moment::parse(std::str::from_utf8(text).ok()?)
}
