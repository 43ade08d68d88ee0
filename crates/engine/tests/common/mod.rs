//! Bundles in folders, and what they answer.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use engine::{Context, Location, Service, Settings};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, files);
    folder
}

pub(crate) fn write(folder: &TempDir, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
}

pub(crate) fn open(folder: &TempDir) -> Result<Service, engine::Error> {
    Service::open(&Location::Local(folder.path().to_owned()), &Settings::default())
}

/// The bundle of this `pythia.toml` alone.
#[allow(dead_code, reason = "some bundles have files")]
pub(crate) fn service(toml: &str) -> Service {
    open(&folder(&[("pythia.toml", toml)])).unwrap()
}

/// 2025-10-20 08:30:00
pub(crate) fn context() -> Context {
    Context { now: UNIX_EPOCH + Duration::from_secs(1_760_949_000), ..Context::new("r-1") }
}

pub(crate) fn answer(service: &Service, body: &Value) -> Value {
    service.answer(body, &context()).unwrap()
}

#[allow(dead_code, reason = "not every file of tests refuses")]
pub(crate) fn refused(service: &Service, body: &Value) -> String {
    let err = service.answer(body, &context()).unwrap_err();
    assert_eq!(err.category().answer().status, 400, "{err}");
    err.to_string()
}
