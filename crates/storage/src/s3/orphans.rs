//! Uploads that S3 has started and whose start nobody heard of: the answer was lost, and a second request
//! started another. They are found in the bucket's list of uploads and ended.
//!
//! An upload of another process for the same key must not be ended with them. One that is ended was started
//! while the answers were lost, and has no parts now that the run is over; another process sends its first
//! part as soon as its upload has started. If the permission to list is missing, nothing happens: the bucket's
//! rule for incomplete uploads ends them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use object_store::path::Path;
use object_store::signer::{SignedUrlOptions, Signer};
use reqwest::Method;

use super::Object;
use super::error::between;

/// How long the requests' signatures are good for.
const SIGNED_FOR: Duration = Duration::from_secs(60);
/// The server's clock may be so far from this one's, and tells whole seconds.
const CLOCKS: Duration = Duration::from_secs(2);

/// When answers were lost.
#[derive(Debug, Clone, Copy)]
pub(super) struct LostAnswers {
    pub(super) from: SystemTime,
    pub(super) until: SystemTime,
}

impl LostAnswers {
    fn include(&self, seconds: u64) -> bool {
        let at = UNIX_EPOCH + Duration::from_secs(seconds);
        self.from - CLOCKS <= at && at <= self.until + CLOCKS
    }
}

impl Object {
    /// Ends what was started without anybody hearing of it. `None`: S3 did not tell, or refused.
    pub(super) async fn end_orphans(&self, lost: LostAnswers) -> Option<()> {
        let bucket = Path::from("");
        let prefix = self.path.as_ref();
        let list = [("uploads", ""), ("prefix", prefix)];
        let listed = self.ask(Method::GET, &bucket, &list).await?;
        for upload in orphans(&listed, prefix, lost) {
            let id = [("uploadId", upload.as_str())];
            let parts = self.ask(Method::GET, &self.path, &id).await?;
            if parts.contains("</ListPartsResult>") && !parts.contains("<Part>") {
                self.ask(Method::DELETE, &self.path, &id).await?;
            }
        }
        Some(())
    }

    async fn ask(&self, method: Method, path: &Path, query: &[(&str, &str)]) -> Option<String> {
        let bucket = self.s3.bucket(&self.bucket).ok()?;
        let options = SignedUrlOptions::default().with_query(query.iter().copied());
        let url = bucket.signed_url_opts(method.clone(), path, SIGNED_FOR, &options).await.ok()?;
        let client = self.s3.connector.client().ok()?;
        let answer = client.request(method, url.as_str()).send().await.ok()?;
        let is_done = answer.status().is_success();
        let text = answer.text().await.ok()?;
        is_done.then_some(text)
    }
}

/// The ids of a key's uploads that were started meanwhile, of a list of uploads.
fn orphans(listed: &str, key: &str, lost: LostAnswers) -> Vec<String> {
    let uploads = listed.split("<Upload>").skip(1);
    let own = uploads.filter_map(|it| {
        let started = seconds(between(it, "<Initiated>", "</Initiated>")?)?;
        let is_ours = unescaped(between(it, "<Key>", "</Key>")?) == key && lost.include(started);
        let id = between(it, "<UploadId>", "</UploadId>").map(unescaped);
        id.filter(|_| is_ours)
    });
    own.collect()
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Seconds since 1970 of `2026-01-31T23:59:59.000Z`.
fn seconds(text: &str) -> Option<u64> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    // Years begin in March, so that the day that is not always there is the last.
    let (year, month) =
        if month < 3 { (year.checked_sub(1)?, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    // So many days from March of the year 0 to 1970, one counted twice as days begin with 1.
    Some((days.checked_sub(719_469)? * 24 + hour) * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_since_1970() {
        assert_eq!(seconds("1970-01-01T00:00:00.000Z"), Some(0));
        assert_eq!(seconds("2000-02-29T12:34:56.000Z"), Some(951_827_696));
        assert_eq!(seconds("2026-11-21T17:33:29Z"), Some(1_795_282_409));
        assert_eq!(seconds("yesterday"), None);
    }

    #[test]
    fn only_the_keys_own_uploads_of_that_time_are_orphans() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let lost = LostAnswers { from: at(951_827_690), until: at(951_827_700) };
        let upload = |key: &str, id: &str, time: &str| {
            format!(
                "<Upload><Key>{key}</Key><UploadId>{id}</UploadId><Initiated>{time}</Initiated></Upload>"
            )
        };
        let (now, old) = ("2000-02-29T12:34:56.000Z", "2000-02-29T12:34:00.000Z");
        let listed = [
            upload("a&amp;b", "1", now),
            upload("a&amp;b", "2", old),
            upload("a&amp;b.csv", "3", now),
            upload("a&amp;b", "4", "2000-02-29T12:35:56.000Z"),
        ];
        let listed = format!("<ListMultipartUploadsResult>{}", listed.concat());
        assert_eq!(orphans(&listed, "a&b", lost), ["1"]);
    }
}
