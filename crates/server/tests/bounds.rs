//! Bounds on the time, the bodies and the answers of requests, whatever a caller does.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod http;
mod running;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use engine::{Context, Error};
use serde_json::Value;
use server::{Endpoint, SocketOptions};

use http::{Got, Group};
use running::{GOOD, OPTIONS, Running, parse, read, waiting};

const KEY: &str = "X-API-Key: secret\r\n";

fn head(line: &str, more: &str, n_bytes: usize) -> Vec<u8> {
    format!("{line} HTTP/1.1\r\nHost: h\r\n{more}Content-Length: {n_bytes}\r\n\r\n").into_bytes()
}

/// Sends the head, and of the body what is given.
fn begin(server: &Running, line: &str, more: &str, n_bytes: usize, body: &[u8]) -> TcpStream {
    let mut stream = server.connect();
    stream.write_all(&head(line, more, n_bytes)).unwrap();
    stream.write_all(body).unwrap();
    stream
}

fn has(got: &Got, name: &str, value: &str) -> bool {
    got.headers.contains(&(name.to_owned(), value.to_owned()))
}

#[test]
fn what_the_head_decides_is_answered_without_the_body() {
    let server = Running::of("key.toml", OPTIONS);
    for (line, more, want) in [
        ("POST /predict", "", 401),
        ("POST /predict", "X-API-Key: wrong\r\n", 401),
        ("POST /nothing", KEY, 404),
        ("DELETE /predict", KEY, 405),
        ("POST /health", "", 405),
        ("OPTIONS /predict", "", 200),
        ("GET /health", "", 200),
    ] {
        // The caller is not told to send the body.
        let asks = format!("Expect: 100-continue\r\n{more}");
        let started = Instant::now();
        let got = read(&mut begin(&server, line, &asks, 16 << 20, b""));
        assert_eq!(got.status, want, "{line}");
        assert!(has(&got, "connection", "close"), "{line}");
        assert!(started.elapsed() < Duration::from_secs(4), "{line}");
    }
}

#[test]
fn a_short_body_that_is_not_wanted_leaves_the_connection_open() {
    let server = Running::of("key.toml", OPTIONS);
    let mut stream = begin(&server, "POST /predict", "", 3, b"abc");
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert!(all.starts_with("HTTP/1.1 401") && all.contains("HTTP/1.1 200"), "{all}");
}

#[test]
fn bodies_that_are_not_wanted_are_not_kept() {
    // Were one of them kept, there would be no room for the last request.
    let server = Running::of("key.toml", SocketOptions { max_held: 8 << 10, ..OPTIONS });
    let part = vec![b' '; 1 << 20];
    let begun: Vec<TcpStream> = ["POST /health", "POST /predict", "GET /metrics", "OPTIONS /x"]
        .iter()
        .map(|line| begin(&server, line, "", part.len() + 1, &part))
        .collect();
    thread::sleep(Duration::from_millis(200));
    let mut stream = begin(&server, "POST /predict", KEY, 2, b"{}");
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    drop(begun);
}

#[test]
fn bodies_are_bounded_altogether() {
    let server = Running::echo(SocketOptions { max_held: 1 << 20, ..OPTIONS });
    let (large, n_bytes) = (vec![b' '; 900_000], 900_001);
    let first = begin(&server, "POST /predict", "", n_bytes, &large);
    thread::sleep(Duration::from_millis(300));
    let ask = || {
        let body = format!("{}{{}}", " ".repeat(300_000));
        let close = "Connection: close\r\n";
        read(&mut begin(&server, "POST /predict", close, body.len(), body.as_bytes()))
    };
    let got = ask();
    assert_eq!(got.status, 503, "{}", String::from_utf8_lossy(&got.body));
    assert!(has(&got, "retry-after", "1"));
    assert_eq!(server.send(GOOD).status, 200, "a small one has room");
    drop(first);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(ask().status, 200);
}

/// Answers more than the buffers of the system hold.
struct Large;

const LARGE: usize = 14 << 20;

impl Endpoint for Large {
    fn name(&self) -> &str {
        "large"
    }

    fn answer(&self, _: &Value, _: &Context) -> Result<Value, Error> {
        Ok("x".repeat(LARGE).into())
    }
}

fn serving(service: impl Endpoint + 'static, options: SocketOptions) -> Running {
    let group = Group {
        file: String::new(),
        is_bundle: false,
        settings: BTreeMap::new(),
        services: vec![Arc::new(service)],
        cases: Vec::new(),
    };
    Running::start(&group, options)
}

#[test]
fn an_answer_that_is_not_read_is_dropped() {
    let limit = Duration::from_secs(2);
    let options = SocketOptions { time_limit: limit, max_held: 20 << 20, ..OPTIONS };
    let mut server = serving(Large, options);
    let mut stuck: Vec<TcpStream> = (0..2).map(|_| server.connect()).collect();
    for stream in &mut stuck {
        stream.write_all(GOOD).unwrap();
        // It begins, and no more of it is read.
        stream.read_exact(&mut [0; 12]).unwrap();
    }
    thread::sleep(Duration::from_millis(200));
    assert_eq!(server.send(GOOD).status, 503, "the answers that are not read fill the memory");
    thread::sleep(limit * 2);
    for stream in &mut stuck {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        assert!(all.starts_with(b" OK\r\n") && all.len() < LARGE, "{}", all.len());
    }
    let got = server.send(GOOD);
    assert_eq!((got.status, got.body.len()), (200, LARGE + 2), "there is room again");
    server.stop(false);
    assert!(server.ended() < Duration::from_secs(4));
}

#[test]
fn an_answer_that_is_read_slowly_arrives() {
    let limit = Duration::from_secs(2);
    let server = serving(Large, SocketOptions { time_limit: limit, ..OPTIONS });
    let mut stream = server.connect();
    stream.write_all(GOOD).unwrap();
    let (mut all, mut part) = (Vec::new(), vec![0; 1 << 20]);
    let started = Instant::now();
    loop {
        match stream.read(&mut part).unwrap() {
            0 => break,
            n => all.extend_from_slice(&part[..n]),
        }
        thread::sleep(Duration::from_millis(250));
    }
    assert!(limit < started.elapsed());
    assert_eq!(parse(&all).body.len(), LARGE + 2);
}

fn durations(server: &Running) -> Vec<(u64, f64)> {
    let log = server.log();
    let lines = log.lines().map(|it| serde_json::from_str::<Value>(it).unwrap());
    let requests = lines.filter(|it| it["message"] == "request");
    requests
        .map(|it| (it["status"].as_u64().unwrap(), it["durationMs"].as_f64().unwrap()))
        .collect()
}

#[test]
fn durations_begin_when_the_request_comes_and_workers_are_as_many_as_said() {
    let server = Running::echo(SocketOptions { workers: 1, ..OPTIONS });
    let mut streams: Vec<TcpStream> = (0..3).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(&waiting(300)).unwrap();
    }
    streams.iter_mut().for_each(|it| assert_eq!(read(it).status, 200));
    let mut took: Vec<f64> = durations(&server).into_iter().map(|(_, it)| it).collect();
    took.sort_by(f64::total_cmp);
    for (at, took) in took.iter().enumerate() {
        let least = 300.0 * (at + 1) as f64;
        assert!(least <= *took, "one after the other: {at}, {took}");
    }
}

#[test]
fn what_is_given_up_counts_with_the_time_it_took() {
    let server = Running::echo(SocketOptions { time_limit: Duration::from_millis(400), ..OPTIONS });
    assert_eq!(server.send(&GOOD[..GOOD.len() - 1]).status, 408);
    assert_eq!(server.send(&waiting(1200)).status, 504);
    for (status, took) in durations(&server) {
        assert!(400.0 <= took, "{status}: {took}");
    }
    let metrics = server.send(b"GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    let text = String::from_utf8(metrics.body).unwrap();
    let bucket = "pythia_request_duration_seconds_bucket{route=\"/predict\",le=\"0.25\"} 0";
    assert!(text.contains(bucket), "{text}");
}

/// Counts how often it looks whether its files have changed.
struct Looks(AtomicUsize);

impl Endpoint for Looks {
    fn name(&self) -> &str {
        "looks"
    }

    fn answer(&self, _: &Value, _: &Context) -> Result<Value, Error> {
        let before = self.0.load(Ordering::Relaxed);
        thread::sleep(Duration::from_millis(600));
        Ok((self.0.load(Ordering::Relaxed) - before).into())
    }

    fn refresh(&self) -> Result<bool, Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(false)
    }
}

#[test]
fn files_are_looked_at_while_all_workers_predict() {
    let every = Duration::from_millis(50);
    let options = SocketOptions { workers: 1, refresh_every: every, ..OPTIONS };
    let server = serving(Looks(AtomicUsize::new(0)), options);
    let mut streams: Vec<TcpStream> = (0..3).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(GOOD).unwrap();
    }
    for stream in &mut streams {
        let body = String::from_utf8(read(stream).body).unwrap();
        assert!(3 < body.parse::<usize>().unwrap(), "looked {body} times meanwhile");
    }
}

#[test]
fn the_end_waits_for_no_half_sent_request() {
    let mut server = Running::echo(OPTIONS);
    let mut half = server.connect();
    half.write_all(b"GET /health HTTP/1.1\r\nHost").unwrap();
    let mut kept = server.connect();
    kept.write_all(b"GET /health HTTP/1.1\r\nHost: h\r\n\r\nGET /hea").unwrap();
    let mut slow = server.connect();
    slow.write_all(&waiting(700)).unwrap();
    thread::sleep(Duration::from_millis(200));
    server.stop(false);
    let took = server.ended();
    assert!((Duration::from_millis(300)..Duration::from_secs(4)).contains(&took), "{took:?}");
    assert_eq!(read(&mut slow).status, 200, "this one was being answered");
}

#[test]
fn who_asks_twice_ends_it_at_once() {
    for drains in [true, false] {
        let drain = Duration::from_secs(5);
        let mut server = Running::echo(SocketOptions { drain, ..OPTIONS });
        let mut slow = server.connect();
        slow.write_all(&waiting(4000)).unwrap();
        thread::sleep(Duration::from_millis(200));
        server.stop(drains);
        thread::sleep(Duration::from_millis(100));
        server.stop(drains);
        let took = server.ended();
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

#[test]
fn what_a_caller_breaks_is_no_error_in_the_log() {
    let server = Running::echo(OPTIONS);
    let close = "Connection: close\r\n";
    let packed = format!("{close}Content-Encoding: gzip\r\n");
    assert_eq!(read(&mut begin(&server, "POST /predict", &packed, 2, b"{}")).status, 400);
    let chunks =
        b"POST /predict HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n";
    assert_eq!(server.send(chunks).status, 400);
    drop(begin(&server, "POST /predict", close, 10, b"{}"));
    thread::sleep(Duration::from_millis(100));
    let log = server.log();
    assert!(!log.contains("ERROR") && !log.contains("a request failed"), "{log}");
    assert_eq!(log.matches("\"status\":400").count(), 3, "{log}");
}
