//! Functions that SQLite lacks: dates as its own functions read them, rounding as Python's.
#![allow(clippy::unwrap_used, reason = "tests")]

use sql::{Draft, Limits, Moment, Value};

/// The values of a row.
fn row(columns: &[String]) -> Vec<String> {
    let sql = format!("SELECT {}", columns.join(", "));
    let mut draft = Draft::new(Limits::default()).unwrap();
    draft.check(&sql).unwrap();
    let database = draft.finish().unwrap();
    let mut found = Vec::new();
    let mut add = |_, value: Value<'_>| {
        found.push(match value {
            Value::Null => "None".to_owned(),
            Value::Integer(it) => it.to_string(),
            Value::Real(it) => format!("{it:?}"),
            Value::Text(it) => it.to_owned(),
        });
    };
    database.session().unwrap().query(&sql, None, &mut add).unwrap();
    found
}

#[test]
fn whole_numbers_and_floats_are_rounded_as_python_rounds_them() {
    // What CPython 3.11 prints of round(x, digits).
    let cases = [
        ("0.25", 1, "0.2"),
        ("2.675", 2, "2.67"),
        ("-0.5", 0, "-0.0"),
        ("-0.04", 1, "-0.0"),
        ("1e22", 1, "1e22"),
        ("15.0", -1, "20.0"),
        ("25.0", -1, "20.0"),
        ("25.5", -1, "30.0"),
        ("5.0", -1, "0.0"),
        ("5.000001", -1, "10.0"),
        ("9.5", -1, "10.0"),
        ("-4.0", -1, "-0.0"),
        ("1234567.891", -3, "1235000.0"),
        ("1e22", -21, "1e22"),
        ("1.5e300", -300, "2e300"),
        ("2.5e300", -300, "3e300"),
        ("1e308", -309, "0.0"),
        ("1.5", 400, "1.5"),
        ("15", -1, "20"),
        ("25", -1, "20"),
        ("-15", -1, "-20"),
        ("14", -1, "10"),
        ("5", -1, "0"),
        ("15", -2, "0"),
        ("50", -2, "0"),
        ("51", -2, "100"),
        ("995", -1, "1000"),
        ("7", 3, "7"),
        ("123", -400, "0"),
        // Larger than a column's whole numbers: 9223372036854775810 in Python.
        ("9223372036854775807", -1, "9.223372036854776e18"),
        ("'x'", 1, "None"),
        ("NULL", 1, "None"),
    ];
    let calls: Vec<String> =
        cases.iter().map(|(x, digits, _)| format!("round_half_even({x}, {digits})")).collect();
    for ((case, found), call) in cases.iter().zip(row(&calls)).zip(&calls) {
        assert_eq!(found, case.2, "{call}");
    }
}

#[test]
fn names_of_days_and_months_are_of_the_day_that_sqlite_reads() {
    let texts = [
        "2024-02-29",
        "1969-12-31",
        "1970-01-01T00:00",
        "2024-02-29T08:30",
        "2020-01-01T05:06:07+14:30",
        "2019-12-31 23:00:00.5-02:00",
        "2020-03-01T00:00:00.000+00:01",
        "2024-02-30",
        "2023-02-31",
        "0001-01-01",
        "9999-12-31",
        "2000-01-01T24:00",
        "2020-01-01T",
        "2020-01-01  05:06 Z ",
        "2020-01-01t05:06:07Z",
        "2016-12-31T23:59:60Z",
        "2020-01-01T05:06:07+15:00",
        "2020-01-01T05:06.5Z",
        "2020-01-01T05:06:07+05",
        "2020-01-01T05:06:07.Z",
        "2024-13-01",
        "2024-01-00",
        "2024-01-32",
        "2024-1-1",
        "2024-01-01x",
        "x",
        "",
        "2024-01-0é",
    ];
    let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
        .map(str::to_owned);
    let mut n_read = 0;
    for text in texts {
        let calls = ["day_name", "month_name"].map(|it| format!("{it}('{text}')"));
        let own = ["'%w'", "'%m'", "'%s'"].map(|it| format!("strftime({it}, '{text}')"));
        let found = row(&[calls.as_slice(), &own].concat());
        let [day, month, weekday, number, second] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(Moment::parse(text).is_some(), second != "None", "{text}");
        if second == "None" {
            assert_eq!((day.as_str(), month.as_str()), ("None", "None"), "{text}");
            continue;
        }
        n_read += 1;
        assert_eq!(day, &days[weekday.parse::<usize>().unwrap()], "{text}");
        let months =
            "January February March April May June July August September October November December";
        let months: Vec<&str> = months.split(' ').collect();
        assert_eq!(month, months[number.parse::<usize>().unwrap() - 1], "{text}");
    }
    assert_eq!(n_read, 14);
    // Every 97th day of some 400 years, beside SQLite's own count.
    let calls: Vec<String> = (0..1500)
        .map(|it| {
            format!("day_name(date(2400000 + {it} * 97)) || strftime('%w', 2400000 + {it} * 97)")
        })
        .collect();
    for (found, call) in row(&calls).iter().zip(&calls) {
        let (name, day) = found.split_at(found.len() - 1);
        assert_eq!(name, days[day.parse::<usize>().unwrap()], "{call}");
    }
}

#[test]
fn an_earlier_time_is_less_whatever_its_zone() {
    let order = [
        "2020-01-01T13:00:00+05:00",
        "2020-01-01T12:00:00Z",
        "2020-01-01T12:00:00.05Z",
        "2020-01-01 12:00:00.5",
        "2020-01-01 23:00:00Z",
        "2020-01-01T22:00-02:00",
    ];
    let moments: Vec<Moment> = order.iter().map(|it| Moment::parse(it).unwrap()).collect();
    assert!(moments.windows(2).all(|it| it[0] < it[1]), "{moments:?}");
    assert_eq!(
        Moment::parse("2020-01-01T12:00:00.50"),
        Moment::parse("2020-01-01 14:00:00.5+02:00")
    );
}
