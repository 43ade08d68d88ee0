//! Times as SQLite's date functions read them: a text they give NULL for is none.

/// Seconds of a day.
const DAY: i64 = 86_400;

/// A time in UTC, as one that is earlier is less.
///
/// ```
/// use sql::Moment;
/// let five = Moment::parse("2020-01-01 23:30:00-05:30");
/// assert_eq!(five, Moment::parse("2020-01-02T05:00Z"));
/// assert!(five < Moment::parse("2020-01-02T05:00:00.5"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Since the first of 1970.
    days: i64,
    /// Of the day.
    seconds: i64,
    /// Digits of a fraction of a second, without zeros at the end.
    fraction: String,
}

impl Moment {
    /// The time that a text tells: `2025-10-20`, then perhaps a blank or `T` and `08:30` or `08:30:00.125`, then perhaps
    /// `Z` or a zone such as `+02:00`, up to 14:59 hours away. As in SQLite, a month's days are at most 31, and those
    /// that it lacks are of the next.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Rest(text);
        let year = 100 * rest.two(99)? + rest.two(99)?;
        rest.skip('-')?;
        let month = rest.two(12).filter(|it| 1 <= *it)?;
        rest.skip('-')?;
        let day = rest.two(31).filter(|it| 1 <= *it)?;
        rest.0 = rest.0.trim_start_matches(|it: char| it == 'T' || it.is_ascii_whitespace());
        let (clock, fraction) = if rest.0.is_empty() { (0, String::new()) } else { rest.clock()? };
        let seconds = days_of(year, month, day) * DAY + clock;
        Some(Self { days: seconds.div_euclid(DAY), seconds: seconds.rem_euclid(DAY), fraction })
    }

    /// The day of the week, counted from Sunday.
    pub(crate) fn weekday(&self) -> usize {
        // Day 0 was a Thursday.
        (self.days + 4).rem_euclid(7) as usize
    }

    /// The month, counted from January.
    pub(crate) fn month(&self) -> usize {
        // By Howard Hinnant's `civil_from_days`: years begin in March.
        let of_era = (self.days + 719_468).rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        ((5 * of_year + 2) / 153 + 2).rem_euclid(12) as usize
    }
}

/// Days since the first of 1970, by Howard Hinnant's `days_from_civil`.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// What is left of a text.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    /// Takes two digits off the front.
    fn two(&mut self, most: i64) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(2)?;
        let is_number = digits.bytes().all(|it| it.is_ascii_digit());
        self.0 = rest;
        digits.parse().ok().filter(|it| is_number && *it <= most)
    }

    fn skip(&mut self, mark: char) -> Option<()> {
        self.0 = self.0.strip_prefix(mark)?;
        Some(())
    }

    /// Seconds of the day in UTC, and the digits of their fraction.
    fn clock(&mut self) -> Option<(i64, String)> {
        let hour = self.two(24)?;
        self.skip(':')?;
        let minute = self.two(59)?;
        let (mut second, mut fraction) = (0, String::new());
        if self.skip(':').is_some() {
            second = self.two(59)?;
            if let Some(rest) = self.0.strip_prefix('.') {
                let n = rest.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, rest) = rest.split_at_checked(n).filter(|(it, _)| !it.is_empty())?;
                self.0 = rest;
                digits.trim_end_matches('0').clone_into(&mut fraction);
            }
        }
        let zone = self.zone()?;
        Some((hour * 3600 + minute * 60 + second - zone, fraction))
    }

    /// Seconds by which a zone is ahead of UTC; nothing may follow it.
    fn zone(&mut self) -> Option<i64> {
        self.0 = self.0.trim_ascii_start();
        let sign = match self.0.chars().next() {
            None => return Some(0),
            Some('Z' | 'z') => 0,
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return None,
        };
        self.0 = self.0.get(1..)?;
        let mut ahead = 0;
        if sign != 0 {
            ahead = self.two(14)? * 3600;
            self.skip(':')?;
            ahead += self.two(59)? * 60;
        }
        self.0.trim_ascii().is_empty().then_some(sign * ahead)
    }
}
