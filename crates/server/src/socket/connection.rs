//! One connection: its requests, one after the other.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, EXPECT};
use http::{HeaderValue, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::{Instant, timeout_at};

use super::Server;
use super::body::{busy, pass_over, read};
use super::held::Share;
use super::stream::{Doing, Stream};
use crate::{Arrival, Failure, Request, Response, request_id};

/// Bytes of a request's line and headers together; hyper takes at most 100 headers.
const MAX_HEAD: usize = 64 << 10;
/// So much longer than its time a request is waited for.
const LATE: Duration = Duration::from_millis(250);

/// A request in memory.
struct Asked {
    request: Request,
    _share: Share,
}

impl Server {
    /// Answers requests until either side has enough. After the end only a request that is being answered is waited for.
    pub(super) async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        mut ending: watch::Receiver<bool>,
    ) {
        let doing = Arc::new(Doing::default());
        let mut connection = pin!(self.served(stream, &doing));
        tokio::select! {
            biased;
            // A caller that goes away is no fault.
            _ = connection.as_mut() => return,
            _ = ending.wait_for(|it| *it) => connection.as_mut().graceful_shutdown(),
        }
        poll_fn(|cx| {
            let is_done = connection.as_mut().poll(cx).is_ready();
            if is_done || !doing.is_something() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn served(
        self: &Arc<Self>,
        stream: TcpStream,
        doing: &Arc<Doing>,
    ) -> http1::Connection<
        TokioIo<Stream>,
        impl HttpService<Incoming, ResBody = Full<Bytes>, Error = Infallible, Future: Send> + use<>,
    > {
        // Answers are written whole: nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        let limit = self.options.time_limit;
        let stream = Stream::new(stream, limit, Arc::clone(doing));
        let (server, doing) = (Arc::clone(self), Arc::clone(doing));
        let answer = service_fn(move |request| {
            let (server, answering) = (Arc::clone(&server), doing.answer());
            async move {
                let response = server.answer(request).await;
                drop(answering);
                Ok::<_, Infallible>(response.map(Full::new))
            }
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limit)
            .half_close(true)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), answer)
    }

    async fn answer(&self, request: http::Request<Incoming>) -> Response {
        let until = Instant::now() + self.options.time_limit;
        let arrival = Arrival {
            request_id: Some(request_id::new()),
            may_pack: true,
            arrived: Some(std::time::Instant::now()),
            deadline: Some(until.into_std()),
            ..Arrival::default()
        };
        let (head, body) = request.into_parts();
        let waits = head.headers.contains_key(EXPECT);
        let request = Request::from_parts(head, Bytes::new());
        if MAX_HEAD < n_bytes(&request) {
            let text = "The request's headers are too large";
            let failure = Failure::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text);
            return closed(self.app.refuse(&request, &arrival, failure));
        }
        if !self.app.needs_body(&request, &arrival) {
            let is_over = timeout_at(until, pass_over(body, waits)).await.unwrap_or(false);
            let response = self.app.answer(&request, &arrival);
            return if is_over { response } else { closed(response) };
        }
        let limit = self.app.options().max_body;
        let failure = match timeout_at(until, read(body, limit, waits, &self.held)).await {
            Ok(Ok((bytes, share))) => {
                let request = request.map(|_| bytes);
                return self.predict(Asked { request, _share: share }, arrival, until).await;
            }
            Ok(Err(failure)) => failure,
            Err(_) => Failure::new(StatusCode::REQUEST_TIMEOUT, "The body was sent too slowly"),
        };
        closed(self.app.refuse(&request, &arrival, failure))
    }

    /// Answers a request that was read, on a thread that may wait and compute.
    async fn predict(&self, asked: Asked, arrival: Arrival, until: Instant) -> Response {
        let asked = Arc::new(asked);
        let response = match self.predicted(&asked, &arrival, until).await {
            Ok(response) => response,
            Err(failure) => self.app.refuse(&asked.request, &arrival, failure),
        };
        drop(asked);
        response.map(|it| self.held.keep(it))
    }

    async fn predicted(
        &self,
        asked: &Arc<Asked>,
        arrival: &Arrival,
        until: Instant,
    ) -> Result<Response, Failure> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| busy("The server has too much to do; try again"))?;
        let task = spawn_blocking({
            let (app, asked, arrival) = (Arc::clone(&self.app), Arc::clone(asked), arrival.clone());
            move || {
                let response = app.answer(&asked.request, &arrival);
                drop(place);
                response
            }
        });
        // Who has gone away waits no longer.
        let _guard = Abort(task.abort_handle());
        // The worker knows the time too, and says what took it. Who does not look at the clock is not waited for.
        match timeout_at(until + LATE, task).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(err)) => Err(Failure::internal(vec![err.to_string()])),
            Err(_) => Err(Failure::late()),
        }
    }
}

/// The connection ends after this response: what of its request was not read is not the next one.
fn closed(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The bytes of a request's line and headers, without what separates them.
fn n_bytes(request: &Request) -> usize {
    let headers = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    let query = request.uri().query().unwrap_or_default();
    request.uri().path().len() + query.len() + headers.sum::<usize>()
}

struct Abort(AbortHandle);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}
