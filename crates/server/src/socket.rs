//! The HTTP server: requests from a socket, within bounds on bytes, time and number.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, EXPECT};
use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::{App, Arrival, Failure, Level, Request, Response, compression, request_id};

/// Bounds of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketOptions {
    /// Requests that are predicted at once; the others wait.
    pub workers: usize,
    /// Requests that may wait; one more is refused.
    pub max_waiting: usize,
    /// Connections at once; the next waits until one ends.
    pub max_connections: usize,
    /// From a request's first byte to its answer; for so long an idle connection is kept, too.
    pub time_limit: Duration,
    /// How often the services look whether their files have changed; zero is never.
    pub refresh_every: Duration,
    /// How long requests are still taken after the end was asked for, while the health check says so.
    pub drain: Duration,
    /// How long answers may take after that.
    pub grace: Duration,
}

/// Bytes of a request's line and headers together; hyper takes at most 100 headers.
const MAX_HEAD: usize = 64 << 10;
/// A refused body is read on so far, and for so long, before the connection ends: a caller that still sends does
/// not read the answer.
const MAX_DISCARDED: usize = 64 << 20;
const DISCARD_FOR: Duration = Duration::from_secs(5);
/// So much longer than its time a request is waited for.
const LATE: Duration = Duration::from_millis(250);
/// After a fault such as too many open files.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Why the server ended before it was asked to.
#[derive(Debug)]
pub struct ServeError(io::Error);

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server cannot run: {}", self.0)
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

impl From<io::Error> for ServeError {
    fn from(err: io::Error) -> Self {
        Self(err)
    }
}

/// What all connections share.
struct Server {
    app: Arc<App>,
    options: SocketOptions,
    /// One for each request that is predicted or waits.
    places: Arc<Semaphore>,
}

/// Answers requests until the process is told to end (SIGTERM, SIGINT).
///
/// # Errors
/// The socket cannot be used, or the threads cannot be started.
pub fn serve(
    app: Arc<App>,
    listener: TcpListener,
    options: SocketOptions,
) -> Result<(), ServeError> {
    serve_until(app, listener, options, asked_to_end)
}

/// Answers requests until the future that `stop` makes is ready: with true the server drains first.
///
/// # Errors
/// As [`serve`].
pub fn serve_until<F: Future<Output = bool>>(
    app: Arc<App>,
    listener: TcpListener,
    options: SocketOptions,
    stop: impl FnOnce() -> F,
) -> Result<(), ServeError> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // One more thread reads files that have changed.
        .max_blocking_threads(options.workers.max(1) + 1)
        .enable_all()
        .build()?;
    let places = Semaphore::new(options.workers.max(1) + options.max_waiting);
    let server = Arc::new(Server { app, options, places: Arc::new(places) });
    let done = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        server.accept(listener, stop()).await;
        Ok(())
    });
    // A prediction that outlived its time limit is not waited for.
    runtime.shutdown_background();
    done
}

#[cfg(unix)]
async fn asked_to_end() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => true,
        _ = interrupt.recv() => false,
    }
}

#[cfg(not(unix))]
async fn asked_to_end() -> bool {
    match tokio::signal::ctrl_c().await {
        Ok(()) => false,
        Err(_) => std::future::pending().await,
    }
}

impl Server {
    /// Takes connections until the end, then lets those that are there finish.
    async fn accept(
        self: &Arc<Self>,
        listener: tokio::net::TcpListener,
        stop: impl Future<Output = bool>,
    ) {
        let connections = Arc::new(Semaphore::new(self.options.max_connections));
        let graceful = GracefulShutdown::new();
        let refreshing = tokio::spawn(refresh(Arc::clone(&self.app), self.options.refresh_every));
        let ending = async {
            let drains = stop.await;
            self.app.end();
            if drains {
                sleep(self.options.drain).await;
            }
        };
        tokio::pin!(ending);
        loop {
            let next = async {
                let place = Arc::clone(&connections).acquire_owned().await;
                (place, listener.accept().await)
            };
            let (place, stream) = tokio::select! {
                () = &mut ending => break,
                (place, accepted) = next => match accepted {
                    Ok((stream, _)) => (place, stream),
                    Err(err) => {
                        let fields = serde_json::json!({"error": err.to_string()});
                        self.app.options().log.say(Level::Warn, "a connection was not accepted", fields);
                        sleep(ACCEPT_AGAIN_AFTER).await;
                        continue;
                    }
                },
            };
            let connection = graceful.watch(self.connection(stream));
            tokio::spawn(async move {
                // A caller that goes away is no fault.
                let _ = connection.await;
                drop(place);
            });
        }
        drop(listener);
        refreshing.abort();
        let _ = timeout(self.options.grace, graceful.shutdown()).await;
    }

    fn connection(
        self: &Arc<Self>,
        stream: TcpStream,
    ) -> http1::Connection<
        TokioIo<TcpStream>,
        impl hyper::service::HttpService<
            Incoming,
            ResBody = Full<Bytes>,
            Error = Infallible,
            Future: Send,
        > + use<>,
    > {
        // Answers are written whole: nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        let server = Arc::clone(self);
        let answer = service_fn(move |request| {
            let server = Arc::clone(&server);
            async move { Ok::<_, Infallible>(server.answer(request).await.map(Full::new)) }
        });
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.options.time_limit)
            .half_close(true)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), answer)
    }

    async fn answer(&self, request: http::Request<Incoming>) -> Response {
        let until = Instant::now() + self.options.time_limit;
        let arrival = Arrival {
            request_id: Some(request_id::new()),
            may_pack: true,
            deadline: Some(until.into_std()),
            ..Arrival::default()
        };
        let (head, body) = request.into_parts();
        let limit = self.app.options().max_body;
        if MAX_HEAD < n_bytes(&head) {
            let text = "The request's headers are too large";
            let failure = Failure::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text);
            let request = Request::from_parts(head, Bytes::new());
            return closed(self.app.refuse(&request, &arrival, failure));
        }
        let waits = head.headers.contains_key(EXPECT);
        let read = timeout_at(until, read(body, limit, waits)).await;
        let request = |body| Request::from_parts(head, body);
        let failure = match read {
            Ok(Ok(bytes)) => return self.predict(request(bytes), arrival, until).await,
            Ok(Err(failure)) => failure,
            Err(_) => Failure::new(StatusCode::REQUEST_TIMEOUT, "The body was sent too slowly"),
        };
        closed(self.app.refuse(&request(Bytes::new()), &arrival, failure))
    }

    /// Answers a request that was read, on a thread that may wait and compute.
    async fn predict(&self, request: Request, arrival: Arrival, until: Instant) -> Response {
        if self.app.is_light(request.method(), request.uri().path()) {
            return self.app.answer(&request, &arrival);
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let text = "The server has too much to do; try again";
            let failure = Failure::new(StatusCode::SERVICE_UNAVAILABLE, text);
            return self.app.refuse(&request, &arrival, failure);
        };
        let request = Arc::new(request);
        let task = spawn_blocking({
            let (app, request, arrival) =
                (Arc::clone(&self.app), Arc::clone(&request), arrival.clone());
            move || {
                let response = app.answer(&request, &arrival);
                drop(place);
                response
            }
        });
        // Who has gone away waits no longer.
        let _guard = Abort(task.abort_handle());
        // The worker knows the time too, and says what took it. Who does not look at the clock is not waited for.
        let failure = match timeout_at(until + LATE, task).await {
            Ok(Ok(response)) => return response,
            Ok(Err(err)) => Failure::internal(vec![err.to_string()]),
            Err(_) => Failure::late(),
        };
        self.app.refuse(&request, &arrival, failure)
    }
}

/// The connection ends after this response: what of its request was not read is not the next one.
fn closed(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The bytes of a request's line and headers, without what separates them.
fn n_bytes(head: &http::request::Parts) -> usize {
    let headers = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    head.uri.path().len() + head.uri.query().unwrap_or_default().len() + headers.sum::<usize>()
}

/// Reads files that have changed, again and again.
async fn refresh(app: Arc<App>, every: Duration) {
    if every.is_zero() {
        return;
    }
    loop {
        sleep(every).await;
        let app = Arc::clone(&app);
        // A bug in it is told by the next request.
        let _ = spawn_blocking(move || app.refresh()).await;
    }
}

struct Abort(AbortHandle);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// All bytes of a body. Of one that is too large the rest is read and forgotten, unless the caller waits to be told to send.
async fn read(mut body: Incoming, limit: usize, waits: bool) -> Result<Bytes, Failure> {
    let mut bytes = BytesMut::new();
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut is_too_large = limit < announced;
    if is_too_large && waits {
        return Err(compression::too_large(limit));
    }
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|err| Failure {
            causes: vec![err.to_string()],
            ..Failure::bad("The body could not be read")
        })?;
        let Ok(data) = frame.into_data() else { continue };
        if is_too_large || limit < bytes.len() + data.len() {
            is_too_large = true;
            break;
        }
        bytes.extend_from_slice(&data);
    }
    if is_too_large {
        let _ = timeout(DISCARD_FOR, discard(body)).await;
        return Err(compression::too_large(limit));
    }
    Ok(bytes.freeze())
}

async fn discard(mut body: Incoming) {
    let mut n_bytes = 0;
    while let Some(Ok(frame)) = body.frame().await {
        n_bytes += frame.data_ref().map_or(0, Bytes::len);
        if MAX_DISCARDED < n_bytes {
            return;
        }
    }
}
