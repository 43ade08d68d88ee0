//! An S3 server in memory, for tests: objects, ranges, conditions, uploads in parts; and faults between the
//! client and the objects, as a test asks for them.
//!
//! It checks no signatures and knows no permissions but that of a bucket called `forbidden`, and that
//! uploads in the bucket `unlisted` are not listed.

mod objects;
mod respond;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use bytes::Bytes;
use hyper_util::rt::TokioIo;
use tokio::runtime::{Builder, Runtime};

use objects::Objects;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is answered as it should be.
    None,
    /// It is not carried out, and answered with this status and `SlowDown` or `InternalError`.
    Status(u16),
    /// It is not carried out, and the connection is closed.
    Lost,
    /// The connection is closed before its body has been read.
    LostEarly,
    /// It is carried out, and the connection is closed instead of an answer.
    AnswerLost,
    /// The answer ends after so many bytes of its body.
    Truncated(usize),
    /// The answer's body is shorter than asked for, and its length says so.
    Short(usize),
    /// The answer comes after so many milliseconds.
    Slow(u64),
    /// A 200 whose body is an error, as S3 answers some requests that take long.
    ErrorInside,
    /// It is not carried out, and answered with a 200 that is none of S3's.
    Garbage,
    /// It is carried out, and answered with a 200 that is none of S3's.
    Garbled,
    /// It is carried out, and the answer's `ETag` is another.
    WrongTag,
    /// It is carried out, and the answer has no `ETag`.
    NoTag,
}

impl Fault {
    /// Faults that any answer may have.
    pub const OF_ALL: [Self; 11] = [
        Self::Status(500),
        Self::Status(503),
        Self::Status(429),
        Self::Status(400),
        Self::Status(403),
        Self::Status(404),
        Self::Status(412),
        Self::Lost,
        Self::LostEarly,
        Self::AnswerLost,
        Self::Slow(600),
    ];

    /// Whether the same request would be refused again.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::Status(400..=428))
    }
}

/// A request, as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its number, from 0.
    pub number: usize,
    /// GET, PUT, ….
    pub method: String,
    /// `/bucket/key`, as it was sent.
    pub path: String,
    /// What follows the question mark.
    pub query: String,
    /// The first byte that a read asks for.
    pub offset: Option<u64>,
    /// The last byte that it asks for.
    pub last: Option<u64>,
    /// Headers that are text, their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The status of its answer, once there is one; else 0.
    pub status: u16,
    /// When it came.
    pub at: Instant,
}

type Faults = dyn Fn(&Seen) -> Fault + Send + Sync;

/// A running server; dropped, it stops.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
}

struct Shared {
    objects: Mutex<Objects>,
    seen: Mutex<Vec<Seen>>,
    faults: Mutex<Arc<Faults>>,
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Starts a server on a free port of this machine, with empty buckets of these names.
    ///
    /// # Errors
    /// No port is free, or threads cannot be started.
    pub fn start(buckets: &[&str]) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            objects: Mutex::new(Objects::new(buckets)),
            seen: Mutex::default(),
            faults: Mutex::new(Arc::new(|_| Fault::None)),
        });
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, runtime: Some(runtime) })
    }

    /// The environment of a process that uses this server.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL_S3", format!("http://{}", self.address).as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "us-east-1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// Puts an object.
    pub fn put(&self, bucket: &str, key: &str, bytes: impl Into<Bytes>) {
        lock(&self.shared.objects).put(bucket, key, bytes.into(), Vec::new());
    }

    /// Removes an object.
    pub fn remove(&self, bucket: &str, key: &str) {
        lock(&self.shared.objects).remove(bucket, key);
    }

    /// An object's bytes, if it is there.
    #[must_use]
    pub fn get(&self, bucket: &str, key: &str) -> Option<Bytes> {
        lock(&self.shared.objects).get(bucket, key).map(|it| it.bytes.clone())
    }

    /// How many uploads in parts are neither completed nor aborted.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        lock(&self.shared.objects).open_uploads()
    }

    /// Ends all uploads that are open.
    pub fn end_uploads(&self) {
        lock(&self.shared.objects).end_uploads();
    }

    /// The requests so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.shared.seen).clone()
    }

    /// Decides from now on what happens to requests.
    pub fn fail(&self, faults: impl Fn(&Seen) -> Fault + Send + Sync + 'static) {
        *lock(&self.shared.faults) = Arc::new(faults);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test may itself run on a runtime, where waiting for another is not allowed.
        let runtime = self.runtime.take();
        thread::spawn(move || runtime.map(Runtime::shutdown_background));
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let service = hyper::service::service_fn(move |request| {
            respond::respond(Arc::clone(&shared), request)
        });
        let http = hyper::server::conn::http1::Builder::new();
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}
