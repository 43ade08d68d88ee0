//! What a request is answered with besides its body.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// When a request came, and what it is called.
#[derive(Debug, Clone)]
pub struct Context {
    /// When it came.
    pub now: SystemTime,
    /// What logs call it.
    pub request_id: String,
    /// When it is given up.
    pub deadline: Option<Instant>,
}

impl Context {
    /// A request that comes now and has all the time.
    #[must_use]
    pub fn new(request_id: impl Into<String>) -> Self {
        Self { now: SystemTime::now(), request_id: request_id.into(), deadline: None }
    }

    /// `2025-10-20T08:30:00.125Z`
    pub(crate) fn timestamp(&self) -> String {
        let since = self.now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (date, seconds) = (self.date(), since.as_secs() % 86_400);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        format!("{date}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
    }

    /// Today in UTC: `2025-10-20`.
    pub(crate) fn date(&self) -> String {
        let since = self.now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (year, month, day) = civil((since.as_secs() / 86_400) as i64);
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// Year, month and day of a day counted from 1970, by Howard Hinnant's `civil_from_days`.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_written_as_rfc_3339_has_them() {
        let at = |seconds: u64, millis: u32| Context {
            now: UNIX_EPOCH + Duration::new(seconds, millis * 1_000_000),
            ..Context::new("")
        };
        // `datetime.fromtimestamp(…, timezone.utc).isoformat()`
        assert_eq!(at(0, 0).timestamp(), "1970-01-01T00:00:00.000Z");
        assert_eq!(at(951_827_696, 5).timestamp(), "2000-02-29T12:34:56.005Z");
        assert_eq!(at(1_760_949_000, 125).timestamp(), "2025-10-20T08:30:00.125Z");
        assert_eq!(at(4_107_542_399, 999).date(), "2100-02-28");
    }
}
