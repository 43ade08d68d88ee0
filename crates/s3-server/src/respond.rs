//! A request and its answer.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{
    CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED, RANGE,
};
use hyper::http::HeaderValue;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};

use crate::objects::{Metadata, Objects};
use crate::{Fault, Seen, Shared, lock};

const METADATA: &str = "x-amz-meta-";

/// A body that may break off.
pub(crate) struct Answer {
    bytes: Option<Bytes>,
    announced: u64,
    breaks: bool,
}

pub(crate) async fn respond(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Answer>, io::Error> {
    let (parts, body) = request.into_parts();
    let seen = note(&shared, &parts);
    let faults = Arc::clone(&lock(&shared.faults));
    let fault = faults(&seen);
    let lost = || io::Error::from(io::ErrorKind::ConnectionReset);
    if fault == Fault::LostEarly {
        return Err(lost());
    }
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    match fault {
        Fault::Status(status) => return Ok(refuse(status, code(status))),
        Fault::Garbage => return Ok(garbage()),
        Fault::Lost => return Err(lost()),
        Fault::ErrorInside => return Ok(refuse(200, "InternalError")),
        Fault::Slow(milliseconds) => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
        _ => {}
    }
    let mut response = carry_out(&mut lock(&shared.objects), &parts, body);
    if let Some(it) = lock(&shared.seen).get_mut(seen.number) {
        it.status = response.status().as_u16();
    }
    match fault {
        Fault::AnswerLost => return Err(lost()),
        Fault::Garbled => return Ok(garbage()),
        Fault::Truncated(n) => response.body_mut().cut(n, true),
        Fault::Short(n) => response.body_mut().cut(n, false),
        Fault::WrongTag => {
            response.headers_mut().insert(ETAG, HeaderValue::from_static("\"another\""));
        }
        Fault::NoTag => {
            response.headers_mut().remove(ETAG);
        }
        _ => {}
    }
    // Said also where there is no body: to HEAD, and of nothing.
    let announced = response.body().announced;
    response.headers_mut().insert(CONTENT_LENGTH, announced.into());
    Ok(response)
}

fn code(status: u16) -> &'static str {
    match status {
        400 => "InvalidRequest",
        403 => "AccessDenied",
        404 => "NoSuchKey",
        412 => "PreconditionFailed",
        429 => "TooManyRequests",
        503 => "SlowDown",
        _ => "InternalError",
    }
}

/// As of a proxy on the way.
fn garbage() -> Response<Answer> {
    respond_with(StatusCode::OK, Bytes::from_static(b"<html><body>Welcome!</p>"))
}

fn note(shared: &Shared, parts: &Parts) -> Seen {
    let range = parts.headers.get(RANGE).and_then(|it| it.to_str().ok());
    let (first, last) = range.and_then(|it| it.strip_prefix("bytes=")?.split_once('-')).unzip();
    let headers = parts.headers.iter();
    let headers = headers
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let mut all = lock(&shared.seen);
    let seen = Seen {
        number: all.len(),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        offset: first.and_then(|it| it.parse().ok()),
        last: last.and_then(|it| it.parse().ok()),
        headers: headers.collect(),
        status: 0,
        at: Instant::now(),
    };
    all.push(seen.clone());
    seen
}

fn carry_out(objects: &mut Objects, parts: &Parts, body: Bytes) -> Response<Answer> {
    let path = unescape(parts.uri.path());
    let (bucket, key) = path.trim_start_matches('/').split_once('/').unwrap_or((&path, ""));
    if bucket == "forbidden" {
        return refuse(403, "AccessDenied");
    }
    if !objects.has_bucket(bucket) {
        return refuse(404, "NoSuchBucket");
    }
    let query = |name: &str| {
        let mut pairs = parts.uri.query().unwrap_or_default().split('&');
        pairs.find_map(|it| {
            let (found, value) = it.split_once('=').unwrap_or((it, ""));
            (found == name).then(|| unescape(value))
        })
    };
    let upload = query("uploadId");
    match (&parts.method, upload) {
        (&Method::GET, None) if query("uploads").is_some() && bucket == "unlisted" => {
            refuse(403, "AccessDenied")
        }
        (&Method::GET, None) if query("uploads").is_some() => {
            list(objects, bucket, &query("prefix").unwrap_or_default())
        }
        (&Method::GET, Some(id)) => list_parts(objects, &id),
        (&Method::GET | &Method::HEAD, _) => read(objects, bucket, key, parts),
        (&Method::PUT, None) => tagged(&objects.put(bucket, key, body, metadata(parts)), None),
        (&Method::POST, None) if query("uploads").is_some() => {
            let id = objects.start(bucket, key, metadata(parts));
            let text = format!(
                "<InitiateMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{key}</Key>\
                 <UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            );
            respond_with(StatusCode::OK, text.into())
        }
        (&Method::PUT, Some(id)) => {
            let number = query("partNumber").and_then(|it| it.parse().ok()).unwrap_or(0);
            let part = objects.part(&id, number, body);
            part.map_or_else(|| refuse(404, "NoSuchUpload"), |tag| tagged(&tag, None))
        }
        (&Method::POST, Some(id)) if objects.upload(&id).is_none() => refuse(404, "NoSuchUpload"),
        (&Method::POST, Some(id)) => match objects.complete(&id, &tags(&body)) {
            Some(tag) => {
                let xml = format!(
                    "<CompleteMultipartUploadResult><Bucket>{bucket}</Bucket><Key>{key}</Key>\
                     <ETag>{tag}</ETag></CompleteMultipartUploadResult>"
                );
                tagged(&tag, Some(xml))
            }
            None => refuse(400, "InvalidPart"),
        },
        (&Method::DELETE, Some(id)) if objects.abort(&id) => {
            respond_with(StatusCode::NO_CONTENT, Bytes::new())
        }
        (&Method::DELETE, Some(_)) => refuse(404, "NoSuchUpload"),
        _ => refuse(501, "NotImplemented"),
    }
}

/// The uploads of a bucket whose keys begin with a prefix.
fn list(objects: &Objects, bucket: &str, prefix: &str) -> Response<Answer> {
    let own = objects.uploads().filter(|(_, it)| it.bucket == bucket && it.key.starts_with(prefix));
    let all = own.map(|(id, it)| {
        let (key, started) = (it.key.replace('&', "&amp;"), timestamp(it.started));
        format!(
            "<Upload><Key>{key}</Key><UploadId>{id}</UploadId><Initiated>{started}</Initiated></Upload>"
        )
    });
    let all: String = all.collect();
    let text = format!("<ListMultipartUploadsResult>{all}</ListMultipartUploadsResult>");
    respond_with(StatusCode::OK, text.into())
}

fn list_parts(objects: &Objects, id: &str) -> Response<Answer> {
    let Some(upload) = objects.upload(id) else { return refuse(404, "NoSuchUpload") };
    let part = |number| format!("<Part><PartNumber>{number}</PartNumber></Part>");
    let all: String = upload.parts.keys().map(part).collect();
    let text = format!("<ListPartsResult>{all}</ListPartsResult>");
    respond_with(StatusCode::OK, text.into())
}

/// The tags of the parts in a request to complete an upload.
fn tags(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body).replace("&quot;", "\"");
    let parts = text.split("<ETag>").skip(1);
    parts.filter_map(|it| it.split_once("</ETag>").map(|it| it.0.to_owned())).collect()
}

/// As S3 writes times. Days are counted off one by one, which is quick enough for a test.
fn timestamp(at: SystemTime) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let (mut day, mut year) = (seconds / 86_400, 1970);
    while 365 + u64::from(is_leap(year)) <= day {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while lengths[month] <= day {
        day -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}.000Z", month + 1, day + 1)
}

fn read(objects: &Objects, bucket: &str, key: &str, parts: &Parts) -> Response<Answer> {
    let Some(object) = objects.get(bucket, key) else { return refuse(404, "NoSuchKey") };
    let header = |name| parts.headers.get(name).and_then(|it: &HeaderValue| it.to_str().ok());
    if header(IF_MATCH).is_some_and(|it| it != object.tag) {
        return refuse(412, "PreconditionFailed");
    }
    if header(IF_NONE_MATCH).is_some_and(|it| it == object.tag) {
        return respond_with(StatusCode::NOT_MODIFIED, Bytes::new());
    }
    let size = object.bytes.len();
    let (status, range) = match header(RANGE).map(|it| asked(it, size)) {
        Some(Some(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(None) => return refuse(416, "InvalidRange"),
        None => (StatusCode::OK, 0..size),
    };
    let mut response = respond_with(status, object.bytes.slice(range.clone()));
    if parts.method == Method::HEAD {
        response.body_mut().bytes = None;
    }
    let mut add = |name: String, value: String| {
        if let (Ok(name), Ok(value)) = (name.parse::<hyper::http::HeaderName>(), value.parse()) {
            response.headers_mut().insert(name, value);
        }
    };
    add(ETAG.to_string(), object.tag.clone());
    add(LAST_MODIFIED.to_string(), "Wed, 21 Oct 2015 07:28:00 GMT".to_owned());
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end.saturating_sub(1);
        add(CONTENT_RANGE.to_string(), format!("bytes {}-{last}/{size}", range.start));
    }
    for (name, value) in &object.metadata {
        add(format!("{METADATA}{name}"), value.clone());
    }
    response
}

/// `bytes=first-last`, as far as there are bytes.
fn asked(text: &str, size: usize) -> Option<Range<usize>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let first: usize = first.parse().ok()?;
    let end = last.parse().map_or(size, |it: usize| size.min(it + 1));
    (first < end).then_some(first..end)
}

fn metadata(parts: &Parts) -> Metadata {
    let named = |(name, value): (&hyper::http::HeaderName, &HeaderValue)| {
        let name = name.as_str().strip_prefix(METADATA)?;
        Some((name.to_owned(), value.to_str().ok()?.to_owned()))
    };
    parts.headers.iter().filter_map(named).collect()
}

fn tagged(tag: &str, body: Option<String>) -> Response<Answer> {
    let mut response = respond_with(StatusCode::OK, body.unwrap_or_default().into());
    if let Ok(tag) = tag.parse() {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

fn refuse(status: u16, code: &str) -> Response<Answer> {
    let text = format!("<Error><Code>{code}</Code><Message>said the test</Message></Error>");
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond_with(status, text.into())
}

fn respond_with(status: StatusCode, bytes: Bytes) -> Response<Answer> {
    let announced = bytes.len() as u64;
    let mut response = Response::new(Answer { bytes: Some(bytes), announced, breaks: false });
    *response.status_mut() = status;
    response
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let escaped = escaped.and_then(|it| u8::from_str_radix(it, 16).ok());
        (bytes, rest) = match escaped {
            Some(byte) if first == b'%' => ([bytes, vec![byte]].concat(), &tail[2..]),
            _ => ([bytes, vec![first]].concat(), tail),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Answer {
    fn cut(&mut self, n: usize, breaks: bool) {
        let Some(bytes) = self.bytes.as_mut().filter(|it| n < it.len()) else { return };
        bytes.truncate(n);
        if !breaks {
            self.announced = n as u64;
        }
        self.breaks = breaks;
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.bytes.take() {
            Some(bytes) if !bytes.is_empty() => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            _ if self.breaks => {
                Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
            }
            _ => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
