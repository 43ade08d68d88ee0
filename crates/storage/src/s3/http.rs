//! Requests of `object_store` by reqwest.
//!
//! `object_store` can send them itself, but then with HTTP/2, which S3 does not speak: a twentieth of the program.

use std::error::Error;
use std::io::ErrorKind;

use http_body_util::BodyExt;
use object_store::client::{HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody};
use reqwest::{Body, Client, Request};

/// Sends a request, and gives the answer as soon as its headers are there.
pub(super) async fn execute(
    client: &Client,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let request = request.map(|body| match body.as_bytes() {
        Some(bytes) => Body::from(bytes.clone()),
        None => Body::wrap(body),
    });
    let request = Request::try_from(request).map_err(error)?;
    let response: ::http::Response<Body> = client.execute(request).await.map_err(error)?.into();
    Ok(response.map(|body| HttpResponseBody::new(body.map_err(error))))
}

/// The error, with what tells `object_store` whether trying again may help. The URL is in its own errors.
fn error(err: reqwest::Error) -> HttpError {
    let kind = if err.is_timeout() {
        HttpErrorKind::Timeout
    } else if err.is_connect() {
        HttpErrorKind::Connect
    } else if err.is_decode() {
        HttpErrorKind::Decode
    } else {
        broken(&err).unwrap_or(HttpErrorKind::Unknown)
    };
    HttpError::new(kind, err.without_url())
}

/// How the connection ended, if it did: the nearest cause that says so.
fn broken(err: &reqwest::Error) -> Option<HttpErrorKind> {
    let mut at = err.source();
    while let Some(cause) = at {
        let hyper = cause.downcast_ref::<hyper::Error>();
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if hyper.is_some_and(|it| {
            it.is_closed() || it.is_incomplete_message() || it.is_body_write_aborted()
        }) {
            return Some(HttpErrorKind::Request);
        }
        if hyper.is_some_and(hyper::Error::is_timeout) || io == Some(ErrorKind::TimedOut) {
            return Some(HttpErrorKind::Timeout);
        }
        if let Some(
            ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof,
        ) = io
        {
            return Some(HttpErrorKind::Interrupted);
        }
        at = cause.source();
    }
    None
}
