//! What every back end does alike: one suite, run on files, on a server in memory, and on the server that
//! `PYTHIA_TEST_S3` names (`s3://bucket/prefix`, reached as the environment says).

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::env;
use std::io::{Read, Write};

use s3_server::Server;
use storage::{ErrorKind, Location, S3Settings, Storage};

/// A place for a test's files, and what keeps it alive.
struct Place {
    storage: Storage,
    root: String,
    _kept: Box<dyn std::any::Any>,
}

impl Place {
    fn at(&self, name: &str) -> Location {
        Location::parse(&format!("{}/{name}", self.root)).unwrap()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let mut sink = self.storage.create(&self.at(name)).unwrap();
        sink.write_all(bytes).unwrap();
        sink.commit().unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        self.storage.read(&self.at(name), 1 << 30).unwrap()
    }
}

fn places() -> Vec<Place> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_str().unwrap().to_owned();
    let mut all = vec![Place { storage: Storage::default(), root, _kept: Box::new(folder) }];
    let server = Server::start(&["bucket"]).unwrap();
    let storage = Storage::new(S3Settings::from_variables(server.variables()));
    let root = "s3://bucket/folder with blanks/é".to_owned();
    all.push(Place { storage, root, _kept: Box::new(server) });
    if let Ok(root) = env::var("PYTHIA_TEST_S3") {
        let storage = Storage::new(S3Settings::from_variables(env::vars()));
        all.push(Place { storage, root, _kept: Box::new(()) });
    }
    all
}

/// Bytes that tell where they are from.
fn bytes(n: usize) -> Vec<u8> {
    (0..n as u32 / 4 + 1).flat_map(u32::to_le_bytes).take(n).collect()
}

#[test]
fn what_is_written_is_read_whatever_its_size() {
    for place in places() {
        for n in [0, 1, 1000, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, 70_000_001] {
            place.write("sizes", &bytes(n));
            assert!(place.read("sizes") == bytes(n), "{} bytes at {}", n, place.root);
            let stat = place.storage.stat(&place.at("sizes")).unwrap();
            assert_eq!(stat.size, n as u64, "{}", place.root);
        }
    }
}

#[test]
fn it_is_read_in_order_by_small_steps() {
    for place in places() {
        let all = bytes(20_000_000);
        place.write("steps", &all);
        let source = place.storage.open(&place.at("steps")).unwrap();
        assert_eq!(source.size, Some(20_000_000));
        let (mut reader, mut at, mut step) = (source.reader, 0, vec![0; 65_537]);
        loop {
            let n = reader.read(&mut step).unwrap();
            if n == 0 {
                break;
            }
            assert!(step[..n] == all[at..at + n], "at {at} of {}", place.root);
            at += n;
        }
        assert_eq!(at, all.len());
    }
}

#[test]
fn it_is_read_at_any_place_as_long_as_it_is_the_same() {
    for place in places() {
        let all = bytes(9_000_001);
        place.write("ranges", &all);
        let ranged = place.storage.open_ranged(&place.at("ranges")).unwrap();
        assert_eq!(ranged.size, 9_000_001, "{}", place.root);
        for (offset, length) in [(0, 10), (8_999_990, 11), (5, 0), (4_000_000, 4_500_000)] {
            let read = ranged.bytes.read_at(offset, length).unwrap();
            assert!(read == all[offset as usize..][..length], "{offset} of {}", place.root);
        }
        assert!(ranged.bytes.read_at(8_999_990, 12).is_err(), "{}", place.root);
        assert!(ranged.bytes.read_at(9_000_001, 1).is_err(), "{}", place.root);
        let gone = place.storage.open_ranged(&place.at("no ranges")).err().unwrap();
        assert_eq!(gone.kind(), ErrorKind::NotFound, "{gone}");
    }
}

#[test]
fn nothing_appears_before_the_commit_and_nothing_of_what_is_dropped() {
    for place in places() {
        place.write("kept", b"old");
        for n in [3, 30_000_000] {
            let mut sink = place.storage.create(&place.at("kept")).unwrap();
            sink.write_all(&bytes(n)).unwrap();
            assert_eq!(place.read("kept"), b"old", "{}", place.root);
            drop(sink);
            assert_eq!(place.read("kept"), b"old", "{}", place.root);
        }
    }
}

#[test]
fn an_unchanged_version_is_not_read_again() {
    for place in places() {
        place.write("model", b"first");
        let source = place.storage.open(&place.at("model")).unwrap();
        let version = source.version.clone();
        assert!(version.is_some(), "{}", place.root);
        let same = place.storage.open_if_changed(&place.at("model"), version.as_ref()).unwrap();
        assert!(same.is_none(), "{}", place.root);
        place.write("model", b"second");
        let other = place.storage.open_if_changed(&place.at("model"), version.as_ref()).unwrap();
        let read = other.unwrap().read(&place.at("model"), 100).unwrap();
        assert_eq!(read, b"second", "{}", place.root);
    }
}

#[test]
fn what_is_not_there_or_too_large_is_named() {
    for place in places() {
        let missing = place.at("missing.csv");
        let err = place.storage.open(&missing).err().unwrap();
        assert_eq!(err.kind(), ErrorKind::NotFound, "{err}");
        assert!(err.to_string().contains(&missing.to_string()), "{err}");
        assert_eq!(place.storage.stat(&missing).unwrap_err().kind(), ErrorKind::NotFound);
        place.write("large", &bytes(100));
        let err = place.storage.read(&place.at("large"), 99).unwrap_err();
        assert_eq!(err.kind(), ErrorKind::TooLarge, "{err}");
    }
}
