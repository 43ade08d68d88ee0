//! Local files, through the public interface.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::fs;
use std::io::Write;

use storage::{Error, ErrorKind, Location, Sink, Source, Storage};

fn create(location: &Location) -> Result<Sink, Error> {
    Storage::default().create(location)
}

fn open(location: &Location) -> Result<Source, Error> {
    Storage::default().open(location)
}

fn read(location: &Location, limit: u64) -> Result<Vec<u8>, Error> {
    Storage::default().read(location, limit)
}

fn local(path: &std::path::Path) -> Location {
    Location::Local(path.to_owned())
}

#[test]
fn what_is_written_appears_at_commit_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    fs::write(&path, "old").unwrap();
    let mut sink = create(&local(&path)).unwrap();
    sink.write_all(b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    sink.commit().unwrap();
    assert_eq!(read(&local(&path), 100).unwrap(), b"new");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn what_is_dropped_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut sink = create(&local(&folder.path().join("out.csv"))).unwrap();
    sink.write_all(b"half").unwrap();
    drop(sink);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_device_is_written_and_not_replaced() {
    let null = std::path::Path::new("/dev/null");
    let mut sink = create(&local(null)).unwrap();
    sink.write_all(b"gone").unwrap();
    sink.commit().unwrap();
    assert!(!fs::metadata(null).unwrap().is_file());
}

#[test]
fn errors_name_the_place_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.csv");
    let err = open(&local(&missing)).err().unwrap();
    assert_eq!(err.kind(), ErrorKind::NotFound);
    assert_eq!(err.to_string(), format!("File not found: {}", missing.display()));

    let err = open(&local(folder.path())).err().unwrap();
    assert!(err.to_string().ends_with("is a folder, a file is expected"), "{err}");
    let err = create(&local(folder.path())).err().unwrap();
    assert!(err.to_string().ends_with("is a folder, a file name is expected"), "{err}");
    let err = create(&local(&missing.join("out.csv"))).err().unwrap();
    assert!(err.to_string().ends_with("does not exist: create it first"), "{err}");

    let path = folder.path().join("big");
    fs::write(&path, "12345").unwrap();
    let err = read(&local(&path), 4).unwrap_err();
    assert!(err.to_string().ends_with("is larger than the 4 bytes allowed"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_link_keeps_pointing_and_its_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let mut sink = create(&local(&link)).unwrap();
    sink.write_all(b"new").unwrap();
    sink.commit().unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&file).unwrap(), b"new");
}
