//! Faults between the client and the objects: every run ends in the right bytes or in an error that says why,
//! never in other bytes, and leaves no upload open.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod grid;
mod retries;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use s3_server::{Fault, Seen, Server};
use storage::{Error, ErrorKind, Location, S3Settings, Storage};

const PART: usize = 8 << 20;

fn start(buckets: &[&str]) -> (Server, Storage) {
    let server = Server::start(buckets).unwrap();
    let storage = Storage::new(S3Settings::from_variables(server.variables()));
    (server, storage)
}

fn at(uri: &str) -> Location {
    Location::parse(uri).unwrap()
}

fn bytes(n: usize) -> Vec<u8> {
    (0..n as u32 / 4 + 1).flat_map(u32::to_le_bytes).take(n).collect()
}

fn write(storage: &Storage, uri: &str, bytes: &[u8]) -> Result<(), Error> {
    let mut sink = storage.create(&at(uri))?;
    if let Err(err) = sink.write_all(bytes) {
        return Err(sink.failed(err));
    }
    sink.commit().map(|_| ())
}

/// The fault for the first request that `which` accepts, and for `n - 1` after it.
fn first(
    n: usize,
    fault: Fault,
    which: impl Fn(&Seen) -> bool + Send + Sync + 'static,
) -> impl Fn(&Seen) -> Fault + Send + Sync + 'static {
    let left = AtomicUsize::new(n);
    move |seen| {
        let take = |left: usize| left.checked_sub(1);
        let is_hit =
            which(seen) && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok();
        if is_hit { fault } else { Fault::None }
    }
}

#[test]
fn a_read_survives_what_passes() {
    let (server, storage) = start(&["bucket"]);
    let all = bytes(3 * PART + 5);
    server.put("bucket", "data", all.clone());
    let faults = [
        Fault::Status(503),
        Fault::Status(500),
        Fault::Status(429),
        Fault::Lost,
        Fault::AnswerLost,
        Fault::Truncated(0),
        Fault::Truncated(100_000),
        Fault::Short(100_000),
        Fault::Slow(200),
    ];
    for fault in faults {
        for nth in 0..4 {
            let from = server.seen().len() + nth;
            server.fail(first(2, fault, move |seen| from <= seen.number));
            let read = storage.read(&at("s3://bucket/data"), 1 << 30).unwrap();
            assert!(read == all, "{fault:?} at request {nth}");
        }
    }
}

#[test]
fn a_write_survives_what_passes() {
    let (server, storage) = start(&["bucket"]);
    let faults = [
        Fault::Status(503),
        Fault::Status(500),
        Fault::Lost,
        Fault::AnswerLost,
        Fault::Truncated(0),
        Fault::Slow(200),
        Fault::ErrorInside,
    ];
    for n in [100, 2 * PART + 7] {
        for fault in faults {
            // Only the answer to a completion is a 200 before S3 knows whether it will succeed.
            let may_fail = move |seen: &Seen| fault != Fault::ErrorInside || seen.method == "POST";
            server.fail(first(1, fault, may_fail));
            write(&storage, "s3://bucket/out", &bytes(n))
                .unwrap_or_else(|err| panic!("{fault:?}: {err}"));
            assert!(server.get("bucket", "out").unwrap() == bytes(n), "{fault:?} of {n} bytes");
            assert_eq!(server.open_uploads(), 0, "{fault:?} of {n} bytes");
        }
    }
}

#[test]
fn a_completion_whose_answer_is_lost_is_found_to_be_done() {
    let (server, storage) = start(&["bucket"]);
    let is_end = |seen: &Seen| seen.method == "POST" && seen.query.starts_with("uploadId");
    for fault in [Fault::AnswerLost, Fault::Truncated(3)] {
        server.fail(first(1, fault, is_end));
        write(&storage, "s3://bucket/out", &bytes(2 * PART)).unwrap();
        assert!(server.get("bucket", "out").unwrap() == bytes(2 * PART));
        assert_eq!(server.open_uploads(), 0);
    }
}

#[test]
fn what_does_not_pass_is_an_error_and_leaves_nothing() {
    let (server, storage) = start(&["bucket"]);
    server.put("bucket", "out", "old");
    let is_part = |seen: &Seen| seen.query.contains("partNumber=2");
    let refused = [
        (
            Fault::Status(403),
            "Failed to upload to S3: s3://bucket/out: AccessDenied: said the test",
        ),
        (
            Fault::Status(400),
            "Failed to upload to S3: s3://bucket/out: InvalidRequest: said the test",
        ),
    ];
    for (fault, text) in refused {
        server.fail(first(usize::MAX, fault, is_part));
        let err = write(&storage, "s3://bucket/out", &bytes(4 * PART)).unwrap_err();
        assert_eq!((err.kind(), err.to_string().as_str()), (ErrorKind::Forbidden, text));
        assert_eq!(server.get("bucket", "out").unwrap(), "old");
        assert_eq!(server.open_uploads(), 0);
    }
}

#[test]
fn the_time_allowed_ends_a_run_and_its_upload() {
    let (server, storage) = start(&["bucket"]);
    server.fail(|seen| {
        if seen.query.contains("partNumber=1") { Fault::Slow(60_000) } else { Fault::None }
    });
    let soon = storage.until(Instant::now() + Duration::from_millis(800));
    let err = write(&soon, "s3://bucket/out", &bytes(6 * PART)).unwrap_err();
    assert_eq!(err.kind(), ErrorKind::Late, "{err}");
    assert_eq!((server.get("bucket", "out"), server.open_uploads()), (None, 0));

    server.put("bucket", "data", bytes(100));
    server.fail(|_| Fault::Slow(60_000));
    let soon = storage.until(Instant::now() + Duration::from_millis(300));
    let err = soon.read(&at("s3://bucket/data"), 1000).unwrap_err();
    assert_eq!(err.to_string(), "s3://bucket/data: the time allowed is over");
}

#[test]
fn an_object_that_changes_while_it_is_read_is_no_mixture() {
    let (server, storage) = start(&["bucket"]);
    let server = Arc::new(server);
    server.put("bucket", "data", bytes(3 * PART));
    let source = storage.open(&at("s3://bucket/data")).unwrap();
    server.put("bucket", "data", vec![7; 3 * PART]);
    let err = source.read(&at("s3://bucket/data"), 1 << 30).unwrap_err();
    assert!(err.to_string().ends_with("it was changed while it was read; try again"), "{err}");
}

#[test]
fn refusals_are_told_in_the_contracts_words() {
    let (server, storage) = start(&["bucket", "forbidden"]);
    let text = |uri| storage.open(&at(uri)).err().unwrap().to_string();
    assert_eq!(text("s3://bucket/x.csv"), "File not found in S3: s3://bucket/x.csv");
    assert_eq!(text("s3://nothing/x.csv"), "Bucket not found: nothing");
    assert_eq!(
        text("s3://forbidden/x.csv"),
        "Failed to download from S3: s3://forbidden/x.csv: AccessDenied: said the test"
    );
    let err = write(&storage, "s3://forbidden/x.csv", b"x").unwrap_err();
    assert_eq!(
        err.to_string(),
        "Failed to upload to S3: s3://forbidden/x.csv: AccessDenied: said the test"
    );
    assert_eq!(err.kind(), ErrorKind::Forbidden);
    let err = write(&storage, "s3://nothing/x.csv", b"x").unwrap_err();
    assert_eq!(
        (err.kind(), err.to_string()),
        (ErrorKind::NotFound, "Bucket not found: nothing".into())
    );

    let mut variables = server.variables();
    variables.push(("PYTHIA_ALLOWED_PREFIXES".into(), "s3://bucket/models/".into()));
    let narrow = Storage::new(S3Settings::from_variables(variables));
    let before = server.seen().len();
    let err = narrow.open(&at("s3://bucket/data")).err().unwrap();
    let text = "s3://bucket/data is not under a prefix that PYTHIA_ALLOWED_PREFIXES lists";
    assert_eq!((err.kind(), err.to_string().as_str()), (ErrorKind::Forbidden, text));
    assert_eq!(server.seen().len(), before, "nothing was asked");
}

#[test]
fn metadata_stand_beside_small_and_large_objects() {
    let (_server, storage) = start(&["bucket"]);
    for n in [10, 2 * PART] {
        let metadata = [("digest".to_owned(), format!("abc{n}"))].into();
        let mut sink = storage.create_with(&at("s3://bucket/out"), metadata).unwrap();
        sink.write_all(&bytes(n)).unwrap();
        sink.commit().unwrap();
        let stat = storage.stat(&at("s3://bucket/out")).unwrap();
        assert_eq!(stat.metadata["digest"], format!("abc{n}"));
    }
}
