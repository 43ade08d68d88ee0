//! A connection's bytes, with a bound on how long a caller may leave its answer unread.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// A caller that reads gets more time, as long as it reads so many bytes a second.
const MIN_BYTES_A_SECOND: f64 = 16384.0;

/// What a connection is doing, for the end of the server.
#[derive(Debug, Default)]
pub(super) struct Doing {
    /// Requests that are being answered.
    n_answering: AtomicUsize,
    /// Whether bytes of an answer wait for the caller to read.
    is_writing: AtomicBool,
}

/// A request that is being answered, as long as it is not dropped.
pub(super) struct Answering(Arc<Doing>);

impl Doing {
    pub(super) fn answer(self: &Arc<Self>) -> Answering {
        self.n_answering.fetch_add(1, Ordering::Relaxed);
        Answering(Arc::clone(self))
    }

    pub(super) fn is_something(&self) -> bool {
        0 < self.n_answering.load(Ordering::Relaxed) || self.is_writing.load(Ordering::Relaxed)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.n_answering.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that fails if what is written to it does not go away.
pub(super) struct Stream {
    stream: TcpStream,
    limit: Duration,
    doing: Arc<Doing>,
    /// When the bytes that wait must have gone, if some do.
    until: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    pub(super) fn new(stream: TcpStream, limit: Duration, doing: Arc<Doing>) -> Self {
        Self { stream, limit, doing, until: None }
    }

    /// What came of writing, or that the time for it is over.
    fn watched(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match (&written, &mut self.until) {
            (Poll::Ready(Ok(n)), Some(until)) => {
                let more = Duration::from_secs_f64(*n as f64 / MIN_BYTES_A_SECOND);
                let most = Instant::now() + self.limit;
                let end = until.deadline() + more;
                until.as_mut().reset(end.min(most));
                written
            }
            (Poll::Ready(_), _) => written,
            (Poll::Pending, _) => {
                self.doing.is_writing.store(true, Ordering::Relaxed);
                let until = self.until.get_or_insert_with(|| Box::pin(sleep(self.limit)));
                ready!(until.as_mut().poll(cx));
                Poll::Ready(Err(ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watched(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when it has written all it had.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.until = None;
        self.doing.is_writing.store(false, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
