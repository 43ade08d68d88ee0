//! Files made to break a reader. Each must give an error or a harmless graph, in memory of at most
//! four times the file and 64 MiB, without a panic.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the attacks can be listed with --nocapture")]

mod arrays;
mod bombs;
mod bytes;
mod code;
mod flips;
mod joblib;
mod memory;
mod nesting;
mod pandas;
mod sharing;
mod sizes;
mod torch;
mod torch_tar;
mod truncated;

use std::path::{Path, PathBuf};

use formats::{Error, Limits};
use object_graph::Graph;

/// Reads the file that `make` builds, and checks that memory stayed within bounds.
fn read(make: impl FnOnce() -> Vec<u8>) -> Result<Graph, Error> {
    let _alone = memory::alone();
    let bytes = make();
    let most = 4 * bytes.len() + (64 << 20);
    let (result, peak) =
        memory::peak_of(bytes.capacity(), || formats::read(bytes, "model.pkl", &Limits::default()));
    assert!(peak <= most, "peak {peak} bytes, expected at most {most}");
    if let Ok(graph) = &result {
        look_at_everything(graph);
    }
    result
}

/// What a reader may do with a graph must not panic either.
fn look_at_everything(graph: &Graph) {
    assert!(formats::unknown(graph, &|_| false).len() <= 1000);
    for value in graph.values() {
        let _ = (value.type_name(), value.reason(), value.as_dtype(), value.offset());
        let Some(array) = value.as_array().filter(|it| it.len() < 10_000) else { continue };
        let _ = (array.to_f64(graph), array.to_i64(graph), array.to_text(graph));
    }
}

/// `cargo test -p formats --test hostile -- --nocapture` lists the attacks and what each is told.
fn error(make: impl FnOnce() -> Vec<u8>) -> Error {
    let error = read(make).expect_err("it must be refused");
    println!("{}: {error}", std::thread::current().name().unwrap_or_default());
    error
}

/// Files that Python wrote.
fn real_files(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pickles");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path().join(name))
        .filter(|it| it.is_file())
        .map(|it| (it.clone(), std::fs::read(&it).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no {name}");
    files
}
