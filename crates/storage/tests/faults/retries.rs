//! What is sent again, after which waits, and what is not.

use std::time::Duration;

use s3_server::{Fault, Seen, Server};
use storage::{S3Settings, Storage, Tuning};

use crate::{at, bytes, start, write};

/// The waits between requests of one kind, of a run that always fails.
fn waits(fault: Fault, run: impl Fn(&Storage)) -> Vec<Duration> {
    let server = Server::start(&["bucket"]).unwrap();
    let waits = Tuning { first_wait: Duration::from_millis(20), ..Tuning::default() };
    let settings = S3Settings::from_variables(server.variables()).with_tuning(waits);
    server.fail(move |_| fault);
    run(&Storage::new(settings));
    let seen = server.seen();
    seen.windows(2).map(|it| it[1].at - it[0].at).collect()
}

#[test]
fn what_is_sent_again_waits_longer_and_never_the_same() {
    let read = |storage: &Storage| drop(storage.open(&at("s3://bucket/data")).err().unwrap());
    let send = |storage: &Storage| drop(write(storage, "s3://bucket/data", b"x").unwrap_err());
    for fault in [Fault::Status(503), Fault::Status(429), Fault::Lost] {
        let all = [waits(fault, read), waits(fault, read), waits(fault, send)];
        for waits in &all {
            assert_eq!(waits.len(), 6, "{fault:?}: sent again six times");
            let mut longest = 20;
            for wait in waits {
                assert!(20 <= wait.as_millis(), "{fault:?}: {waits:?}");
                // What the machine adds.
                assert!(wait.as_millis() <= longest + 500, "{fault:?}: {waits:?}");
                longest *= 2;
            }
        }
        // The first wait is as it is set, the later ones are drawn: five of them are not alike by chance.
        let near = |a: &Duration, b: &Duration| a.abs_diff(*b) < Duration::from_micros(100);
        let is_same =
            |a: &[Duration], b: &[Duration]| a[1..].iter().zip(&b[1..]).all(|(a, b)| near(a, b));
        assert!(!is_same(&all[0], &all[1]), "{fault:?}: {all:?}");
    }
}

#[test]
fn a_refusal_is_final() {
    let (server, storage) = start(&["bucket"]);
    server.put("bucket", "data", bytes(100));
    let large = vec![1; (8 << 20) + 1];
    type Run = fn(&Storage, &[u8]);
    let runs: [(&str, Run); 4] = [
        ("GET", |storage, _| drop(storage.open(&at("s3://bucket/data")).err().unwrap())),
        ("HEAD", |storage, _| drop(storage.stat(&at("s3://bucket/data")).unwrap_err())),
        // Also one whose condition a bucket's policy asks for, and that is not met: 412.
        ("PUT", |storage, _| drop(write(storage, "s3://bucket/out", b"x").unwrap_err())),
        ("POST", |storage, large| drop(write(storage, "s3://bucket/out", large).unwrap_err())),
    ];
    for status in [400, 403, 404, 409, 412] {
        for (method, run) in runs {
            let from = server.seen().len();
            server.fail(move |seen: &Seen| match seen.method == method {
                true => Fault::Status(status),
                false => Fault::None,
            });
            run(&storage, &large);
            let seen = server.seen().split_off(from);
            let asked = seen.iter().filter(|it| it.method == method).count();
            assert_eq!(asked, 1, "{status} to {method}: {seen:?}");
        }
    }
}
