//! What S3 answered, in the words of the batch contract: a code and a reason, no request and no trace.

use crate::{Error, ErrorKind, Location};

use super::Verb;

/// Whether the bucket is in another region.
pub(super) fn is_elsewhere(err: &object_store::Error) -> bool {
    let text = chain(err);
    let signs = ["PermanentRedirect", "AuthorizationHeaderMalformed", "redirect without LOCATION"];
    signs.iter().any(|it| text.contains(it)) || status(&text) == Some(301)
}

/// Whether S3 has answered, and with what nobody can read: it may have done what was asked.
pub(super) fn is_unreadable(err: &object_store::Error) -> bool {
    chain(err).contains("multipart response")
}

/// Whether what came is no answer of S3: neither refused nor failed, but without what every answer has.
pub(super) fn is_malformed(err: &object_store::Error) -> bool {
    // Requests that failed, and were sent again as often as they may be, say so.
    matches!(err, object_store::Error::Generic { .. }) && !chain(err).contains("Error performing ")
}

/// An error as the caller is told it.
pub(super) fn told(verb: Verb, location: &Location, err: object_store::Error) -> Error {
    let text = chain(&err);
    let bucket = match location {
        Location::S3 { bucket, .. } => bucket.as_str(),
        _ => "",
    };
    if matches!(err, object_store::Error::NotModified { .. }) {
        return Error::new(ErrorKind::Unchanged, format!("{location} is unchanged"));
    }
    let code = between(&text, "<Code>", "</Code>");
    if code == Some("NoSuchBucket") {
        return Error::new(ErrorKind::NotFound, format!("Bucket not found: {bucket}"));
    }
    if status(&text) == Some(416) {
        return Error::new(ErrorKind::NoRange, format!("{location} has no bytes there"));
    }
    if matches!(err, object_store::Error::NotFound { .. }) && matches!(verb, Verb::Download) {
        return Error::new(ErrorKind::NotFound, format!("File not found in S3: {location}"));
    }
    let doing = match verb {
        Verb::Download => "Failed to download from S3",
        Verb::Upload => "Failed to upload to S3",
    };
    let status = status(&text);
    let kind = match status {
        _ if text.contains("169.254.169.254") => ErrorKind::Forbidden,
        Some(429) => ErrorKind::Failed,
        Some(400..=499) => ErrorKind::Forbidden,
        _ => ErrorKind::Failed,
    };
    let reason = reason(&err, &text, code, status);
    Error::remote(kind, format!("{doing}: {location}: {reason}"), err)
}

fn reason(
    err: &object_store::Error,
    text: &str,
    code: Option<&str>,
    status: Option<u16>,
) -> String {
    if text.contains("169.254.169.254") {
        return "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, \
                or give the machine a role"
            .to_owned();
    }
    if matches!(err, object_store::Error::Precondition { .. }) {
        return "it was changed while it was read; try again".to_owned();
    }
    let message = between(text, "<Message>", "</Message>");
    match (code, message, status) {
        (Some(code), Some(message), _) => format!("{code}: {message}"),
        (Some(code), None, _) => code.to_owned(),
        (None, _, Some(403)) => "access denied (403)".to_owned(),
        (None, _, Some(status)) => format!("the server answered {status}"),
        (None, _, None) => cause(err),
    }
}

/// The innermost cause: what the network said.
fn cause(err: &object_store::Error) -> String {
    let mut at: &dyn std::error::Error = err;
    while let Some(source) = at.source() {
        at = source;
    }
    at.to_string()
}

fn chain(err: &object_store::Error) -> String {
    let mut text = err.to_string();
    let mut at: &dyn std::error::Error = err;
    while let Some(source) = at.source() {
        text.push_str(": ");
        text.push_str(&source.to_string());
        at = source;
    }
    text
}

/// The HTTP status in an error's text; its type does not tell.
fn status(text: &str) -> Option<u16> {
    let rest = text.split_once("status code: ")?.1;
    rest.get(..3)?.parse().ok()
}

pub(super) fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let rest = text.split_once(open)?.1;
    rest.split_once(close).map(|it| it.0)
}
