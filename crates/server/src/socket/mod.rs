//! The HTTP server: requests from a socket, within bounds on bytes, time and number.

mod body;
mod connection;
mod held;
mod stream;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{sleep, timeout};

use crate::{App, Level};
use held::Held;

/// Bounds of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketOptions {
    /// Requests that are predicted at once; the others wait.
    pub workers: usize,
    /// Requests that may wait; one more is refused.
    pub max_waiting: usize,
    /// Bytes of bodies and answers in memory, altogether; a request beyond them is refused.
    pub max_held: usize,
    /// Connections at once; the next waits until one ends.
    pub max_connections: usize,
    /// From a request's first byte to its answer; for so long an idle connection is kept, and a caller waited for that does
    /// not read its answer, too.
    pub time_limit: Duration,
    /// How often the services look whether their files have changed; zero is never.
    pub refresh_every: Duration,
    /// How long requests are still taken after the end was asked for, while the health check says so.
    pub drain: Duration,
    /// How long answers may take after that.
    pub grace: Duration,
}

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
    held: Held,
}

/// Answers requests until the process is told to end (SIGTERM, SIGINT); told again, it ends at once.
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

/// Answers requests until the first future of `asked` is ready: with true the server drains first. When the next one is, it ends
/// at once.
///
/// # Errors
/// As [`serve`].
pub fn serve_until(
    app: Arc<App>,
    listener: TcpListener,
    options: SocketOptions,
    asked: impl AsyncFnMut() -> bool,
) -> Result<(), ServeError> {
    listener.set_nonblocking(true)?;
    let workers = options.workers.max(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // They predict, and nothing else: who waits for one waits in their queue, which costs no change of threads.
        .max_blocking_threads(workers)
        .enable_all()
        .build()?;
    let server = Arc::new(Server {
        app,
        options,
        places: Arc::new(Semaphore::new(workers + options.max_waiting)),
        held: Held::new(options.max_held),
    });
    let done = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        server.run(listener, asked).await;
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
    /// Takes connections until the end, then lets the requests that are there finish.
    async fn run(
        self: &Arc<Self>,
        listener: tokio::net::TcpListener,
        mut asked: impl AsyncFnMut() -> bool,
    ) {
        let n_connections = u32::try_from(self.options.max_connections).unwrap_or(u32::MAX).max(1);
        let connections = Arc::new(Semaphore::new(n_connections as usize));
        let (end, ending) = watch::channel(false);
        let refreshing = tokio::spawn(refresh(Arc::clone(&self.app), self.options.refresh_every));
        let mut accepting = Box::pin(self.accept(listener, &connections, ending));
        let drains = tokio::select! {
            drains = asked() => drains,
            never = &mut accepting => match never {},
        };
        self.app.end();
        let finish = pin!(async {
            if drains {
                let _ = timeout(self.options.drain, accepting).await;
            } else {
                drop(accepting);
            }
            refreshing.abort();
            let _ = end.send(true);
            let _ = timeout(self.options.grace, connections.acquire_many(n_connections)).await;
        });
        tokio::select! {
            () = finish => (),
            _ = asked() => (),
        }
    }

    async fn accept(
        self: &Arc<Self>,
        listener: tokio::net::TcpListener,
        connections: &Arc<Semaphore>,
        ending: watch::Receiver<bool>,
    ) -> Infallible {
        loop {
            let place = Arc::clone(connections).acquire_owned().await;
            match listener.accept().await {
                Ok((stream, _)) => {
                    let connection = Arc::clone(self).connection(stream, ending.clone());
                    tokio::spawn(async move {
                        connection.await;
                        drop(place);
                    });
                }
                Err(err) => {
                    let fields = serde_json::json!({"error": err.to_string()});
                    let log = &self.app.options().log;
                    log.say(Level::Warn, "a connection was not accepted", fields);
                    sleep(ACCEPT_AGAIN_AFTER).await;
                }
            }
        }
    }
}

/// Reads files that have changed, again and again.
async fn refresh(app: Arc<App>, every: Duration) {
    if every.is_zero() {
        return;
    }
    loop {
        sleep(every).await;
        let app = Arc::clone(&app);
        let (done, is_done) = oneshot::channel();
        // A thread of its own: the workers may all be busy. A bug in it is told by the next request.
        let thread = std::thread::Builder::new().name("refresh".to_owned()).spawn(move || {
            app.refresh();
            let _ = done.send(());
        });
        if thread.is_ok() {
            let _ = is_done.await;
        }
    }
}
