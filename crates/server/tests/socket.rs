//! The cases of `http/` through a socket, and what only a socket can do: slow callers, half-closed and many connections,
//! the end of the process.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod http;
mod running;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use server::SocketOptions;

use http::{Case, Got, Group};
use running::{GOOD, OPTIONS, Running, read, waiting};

fn bytes(case: &Case, close: bool) -> Vec<u8> {
    let body = case.body();
    let mut text = format!("{} {} HTTP/1.1\r\nHost: localhost\r\n", case.method, case.path);
    for header in &case.headers {
        text += &format!("{header}\r\n");
    }
    if !body.is_empty() {
        text += &format!("Content-Length: {}\r\n", body.len());
    }
    text += if close { "Connection: close\r\n\r\n" } else { "\r\n" };
    [text.into_bytes(), body].concat()
}

#[test]
fn every_case_is_answered_through_a_socket() {
    let mut problems = Vec::new();
    for group in http::groups() {
        let server = Running::start(&group, OPTIONS);
        let ask = |case: &Case| case.problem("socket", &server.send(&bytes(case, true)));
        problems.extend(group.cases.iter().filter_map(ask));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_log_has_the_causes_that_the_response_hides() {
    let server = Running::echo(OPTIONS);
    let head = "GET /predict?fail=storage&secret=1 HTTP/1.1\r\nHost: h\r\nX-Request-Id: r-1\r\nX-Amzn-Trace-Id: Root=1-2\r\nConnection: close";
    assert_eq!(server.send(format!("{head}\r\n\r\n").as_bytes()).status, 500);
    let log = server.log();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert_eq!((&lines[0]["level"], &lines[0]["requestId"]), (&"ERROR".into(), &"r-1".into()));
    assert!(lines[0]["causes"][0].as_str().unwrap().contains("/secret/folder/model.pkl"), "{log}");
    assert_eq!((&lines[1]["level"], &lines[1]["traceId"]), (&"INFO".into(), &"Root=1-2".into()));
    assert_eq!((&lines[1]["status"], &lines[1]["path"]), (&500.into(), &"/predict".into()));
    assert!(!lines[1].to_string().contains("secret"), "{log}");
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let server = Running::echo(OPTIONS);
    let mut stream = server.connect();
    let once = String::from_utf8(GOOD.to_vec()).unwrap().replace("Connection: close\r\n", "");
    stream.write_all(once.repeat(2).as_bytes()).unwrap();
    stream.write_all(GOOD).unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert_eq!(all.matches("HTTP/1.1 200 OK").count(), 3, "{all}");
}

#[test]
fn a_caller_that_only_reads_still_gets_its_answer() {
    let server = Running::echo(OPTIONS);
    let mut stream = server.connect();
    stream.write_all(GOOD).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read(&mut stream).status, 200);
}

#[test]
fn a_caller_that_goes_away_harms_nobody() {
    let server = Running::echo(OPTIONS);
    for part in [1, 20, GOOD.len() - 1, GOOD.len()] {
        let mut stream = server.connect();
        stream.write_all(&GOOD[..part]).unwrap();
    }
    assert_eq!(server.send(GOOD).status, 200);
}

#[test]
fn slow_callers_are_not_waited_for() {
    let server = Running::echo(SocketOptions { time_limit: Duration::from_millis(300), ..OPTIONS });
    let started = Instant::now();
    let got = server.send(&GOOD[..GOOD.len() - 1]);
    assert_eq!(got.status, 408);
    assert_eq!(got.body, br#"{"error":"The body was sent too slowly"}"#);
    // A head that never ends is not answered.
    let mut stream = server.connect();
    stream.write_all(&GOOD[..20]).unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn an_answer_that_takes_too_long_is_given_up() {
    let server = Running::echo(SocketOptions { time_limit: Duration::from_millis(200), ..OPTIONS });
    let got = server.send(&waiting(1500));
    assert_eq!(got.status, 504);
    let body = String::from_utf8(got.body).unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["error"], "The answer took too long");
    assert_eq!(body["message"], "Internal server error");
    assert_eq!(server.send(GOOD).status, 200, "the other worker answers");
    // The answer that comes after all is not another request.
    thread::sleep(Duration::from_millis(1500));
    let log = server.log();
    assert_eq!(log.matches(r#""message":"request""#).count(), 2, "{log}");
    assert_eq!(log.matches(r#""status":504"#).count(), 2, "the failure and the request: {log}");
    let id = body["request_id"].as_str().unwrap();
    assert_eq!(log.matches(id).count(), 2, "by one name: {log}");
}

/// Who counts to a trillion ends at once, and the only worker is the next request's.
#[test]
fn a_statement_that_takes_too_long_leaves_the_worker_free() {
    let folder = tempfile::tempdir().unwrap();
    let toml = "[request.fields]\nn = \"integer\"\n[response]\nsql = \"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL \
        SELECT i + 1 FROM c WHERE i < (SELECT n FROM request)) SELECT json_object('n', count(*)) FROM c\"\n";
    std::fs::write(folder.path().join("pythia.toml"), toml).unwrap();
    let name = format!("count={}", folder.path().display());
    let service = server::open(&name, &engine::Settings::default()).unwrap();
    let group = Group {
        file: String::new(),
        is_bundle: true,
        settings: std::collections::BTreeMap::new(),
        services: vec![service],
        cases: Vec::new(),
    };
    let limit = Duration::from_millis(400);
    let server = Running::start(&group, SocketOptions { workers: 1, time_limit: limit, ..OPTIONS });
    let ask = |path: &str, n: u64| {
        let body = format!("{{\"n\":{n}}}");
        let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close");
        let request = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let got = server.send(request.as_bytes());
        (got.status, serde_json::from_slice::<serde_json::Value>(&got.body).unwrap())
    };
    let text = "the response: the statement takes longer than is allowed";
    for _ in 0..3 {
        let (status, body) = ask("/predict", 1_000_000_000_000);
        assert_eq!((status, &body["error"]), (504, &text.into()), "{body}");
        assert_eq!(body["message"], "Internal server error");
        // Had the worker still been counting, this would have had no time.
        assert_eq!(ask("/predict", 7), (200, serde_json::json!({"n": 7})));
    }
    let (status, body) = ask("/invocations", 1_000_000_000_000);
    let want = serde_json::json!({"error_code": "TEMPORARILY_UNAVAILABLE", "message": text});
    assert_eq!((status, body), (504, want));
}

#[test]
fn more_requests_than_may_wait_are_refused_and_health_is_not() {
    let options = SocketOptions { workers: 1, max_waiting: 1, ..OPTIONS };
    let server = Running::echo(options);
    let mut streams: Vec<TcpStream> = (0..4).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(&waiting(700)).unwrap();
    }
    thread::sleep(Duration::from_millis(200));
    let health = b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    assert_eq!(server.send(health).status, 200);
    let all: Vec<Got> = streams.iter_mut().map(read).collect();
    let mut statuses: Vec<u16> = all.iter().map(|it| it.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 503, 503]);
    let refused = all.iter().find(|it| it.status == 503).unwrap();
    assert!(refused.headers.contains(&("retry-after".to_owned(), "1".to_owned())));
}

#[test]
fn at_the_end_requests_finish_and_health_says_so() {
    let mut server = Running::echo(SocketOptions { drain: Duration::from_millis(600), ..OPTIONS });
    let mut slow = server.connect();
    slow.write_all(&waiting(900)).unwrap();
    thread::sleep(Duration::from_millis(100));
    server.stop(true);
    thread::sleep(Duration::from_millis(100));
    let health = b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    let got = server.send(health);
    assert_eq!((got.status, got.body), (503, br#"{"status":"ending"}"#.to_vec()));
    for path in ["/v2/health/ready", "/v2/models/echo/ready", "/v1/models/echo"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        let got = server.send(request.as_bytes());
        let body = String::from_utf8(got.body).unwrap();
        assert!(got.status == 503 && body.contains("\"ready\":false"), "{path}: {body}");
    }
    assert_eq!(read(&mut slow).status, 200, "it began before the end");
    server.ended();
    assert!(TcpStream::connect(server.address).is_err());
}

#[test]
fn too_many_bytes_of_headers_are_refused() {
    let server = Running::echo(OPTIONS);
    let many = (0..200).map(|it| format!("X-{it}: y\r\n")).collect::<String>();
    let large = format!("X: {}\r\n", "y".repeat(100_000));
    for headers in [many, large] {
        let request = format!("GET /health HTTP/1.1\r\nHost: h\r\n{headers}\r\n");
        let mut stream = server.connect();
        // The server may close before all is sent.
        let _ = stream.write_all(request.as_bytes());
        assert_eq!(read(&mut stream).status, 431);
    }
}

#[test]
fn what_is_no_request_is_answered_with_a_status_alone() {
    let server = Running::echo(OPTIONS);
    let start = "GET /health HTTP/1.1\r\nHost: h\r\n";
    let many = (0..101).map(|it| format!("X-{it}: y\r\n")).collect::<String>();
    for (request, want) in [
        ("HELLO\r\n\r\n".to_owned(), 400),
        (format!("{start}X y\r\n\r\n"), 400),
        (format!("{start}Content-Length: -1\r\n\r\n"), 400),
        (format!("{start}Transfer-Encoding: other\r\n\r\n"), 400),
        (format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "a".repeat(65_600)), 414),
        (format!("{start}{many}\r\n"), 431),
    ] {
        let mut stream = server.connect();
        // The server may close before all is sent.
        let _ = stream.write_all(request.as_bytes());
        let got = read(&mut stream);
        let names: Vec<&str> = got.headers.iter().map(|it| it.0.as_str()).collect();
        let is_bare = got.body.is_empty() && names == ["connection", "content-length", "date"];
        assert!(got.status == want && is_bare, "{want}: {} {names:?}", got.status);
    }
    // A path of that size that is one is answered as all are.
    let path =
        format!("GET /{} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "a".repeat(60_000));
    assert_eq!(server.send(path.as_bytes()).body, br#"{"error":"Not Found"}"#);
}

#[test]
fn who_asks_before_sending_a_large_body_is_refused_at_once() {
    let server = Running::echo(OPTIONS);
    let head = "POST /predict HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 999999999\r\n\r\n";
    assert_eq!(server.send(head.as_bytes()).status, 413);
}
