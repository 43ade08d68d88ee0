//! A server that runs while a test talks to it.

#![allow(dead_code, unreachable_pub)] // each test file uses a part

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use server::{App, AppOptions, Level, Log, Origins, SocketOptions, serve_until};
use tokio::sync::mpsc;

use crate::http::{self, Got, Group};

pub const OPTIONS: SocketOptions = SocketOptions {
    workers: 2,
    max_waiting: 100,
    max_held: 64 << 20,
    max_connections: 100,
    time_limit: Duration::from_secs(10),
    refresh_every: Duration::ZERO,
    drain: Duration::ZERO,
    grace: Duration::from_secs(5),
};

/// A running server.
pub struct Running {
    pub address: SocketAddr,
    log: Arc<Mutex<Vec<u8>>>,
    stop: mpsc::UnboundedSender<bool>,
    pub thread: Option<JoinHandle<()>>,
}

impl Running {
    pub fn start(group: &Group, options: SocketOptions) -> Self {
        let log = Arc::new(Mutex::new(Vec::new()));
        let get = |name: &str| group.settings.get(name);
        let app = AppOptions {
            api_key: get("api_key").cloned(),
            origins: Origins::parse(get("cors_origin").map_or("*", |it| it)).unwrap(),
            max_body: get("max_body").map_or(16 << 20, |it| it.parse().unwrap()),
            log: Log::to(Level::Info, log.clone()),
        };
        let app = Arc::new(App::new(group.services.clone(), app));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, mut asked) = mpsc::unbounded_channel();
        let thread = thread::spawn(move || {
            let asked = async || asked.recv().await.unwrap_or(false);
            serve_until(app, listener, options, asked).unwrap();
        });
        Self { address, log, stop, thread: Some(thread) }
    }

    pub fn echo(options: SocketOptions) -> Self {
        Self::of("basics.toml", options)
    }

    /// The services of a file of cases.
    pub fn of(file: &str, options: SocketOptions) -> Self {
        let groups = http::groups();
        Self::start(groups.iter().find(|it| it.file == file).unwrap(), options)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    pub fn send(&self, request: &[u8]) -> Got {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        read(&mut stream)
    }

    /// Once: the server ends when it is done. Twice: at once.
    pub fn stop(&self, drains: bool) {
        // The server may have ended already.
        let _ = self.stop.send(drains);
    }

    /// Waits until the server has ended; how long that took.
    pub fn ended(&mut self) -> Duration {
        let started = Instant::now();
        self.thread.take().unwrap().join().unwrap();
        started.elapsed()
    }

    pub fn log(&self) -> String {
        String::from_utf8(self.log.lock().unwrap().clone()).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop(false);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// The one response of a connection that is closed after it.
pub fn read(stream: &mut TcpStream) -> Got {
    let mut all = Vec::new();
    if let Err(err) = stream.read_to_end(&mut all) {
        assert!(err.kind() == ErrorKind::ConnectionReset && !all.is_empty(), "{err}");
    }
    parse(&all)
}

pub fn parse(all: &[u8]) -> Got {
    let end = all.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let head = std::str::from_utf8(&all[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    };
    Got { status, headers: lines.map(header).collect(), body: all[end + 4..].to_vec() }
}

pub const GOOD: &[u8] =
    b"POST /predict HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

pub fn waiting(milliseconds: u64) -> Vec<u8> {
    let body = format!("{{\"wait_ms\":{milliseconds}}}");
    let head = "POST /predict HTTP/1.1\r\nHost: h\r\nConnection: close";
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
