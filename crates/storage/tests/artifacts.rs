//! Files from S3 on this machine's disk.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::fs;
use std::path::Path;
use std::thread;

use s3_server::Server;
use storage::{Artifacts, Location, S3Settings, Storage, Version};

const LIMIT: u64 = 1 << 20;

struct Place {
    server: Server,
    storage: Storage,
    folder: tempfile::TempDir,
}

fn place() -> Place {
    let server = Server::start(&["bucket"]).unwrap();
    let storage = Storage::new(S3Settings::from_variables(server.variables()));
    Place { server, storage, folder: tempfile::tempdir().unwrap() }
}

impl Place {
    fn put(&self, name: &str, bytes: &[u8]) -> (Location, Version) {
        self.server.put("bucket", name, bytes.to_vec());
        let location = Location::parse(&format!("s3://bucket/{name}")).unwrap();
        let version = self.storage.stat(&location).unwrap().version.unwrap();
        (location, version)
    }

    fn open(&self, limit: u64) -> Artifacts {
        Artifacts::open(&self.folder.path().join("deep/artifacts"), limit).unwrap()
    }

    fn bytes_on_disk(&self) -> u64 {
        let entries = fs::read_dir(self.folder.path().join("deep/artifacts")).unwrap();
        entries.map(|it| it.unwrap().metadata().unwrap().len()).sum()
    }
}

#[test]
fn what_is_kept_is_found_by_another_process_with_its_version() {
    let it = place();
    let (location, version) = it.put("a b+é.pkl", b"model");
    it.open(LIMIT).keep(&location, &version, b"model");
    let kept = it.open(LIMIT).find(&location, LIMIT).unwrap();
    assert_eq!((kept.version, kept.bytes), (version.clone(), b"model".to_vec()));
    assert!(it.open(LIMIT).find(&Location::parse("s3://bucket/b").unwrap(), LIMIT).is_none());
    assert!(it.open(LIMIT).find(&location, 4).is_none(), "larger than a model may be");
    let odd = Location::parse("s3://bucket/a\tb\n").unwrap();
    it.open(LIMIT).keep(&odd, &version, b"model");
    assert!(it.open(LIMIT).find(&odd, LIMIT).is_none(), "a name that fits in no line");
}

#[test]
fn what_was_used_longest_ago_makes_room_and_the_bound_holds() {
    let it = place();
    let bytes = vec![7; 1000];
    let names = ["a", "b", "c"].map(|name| it.put(name, &bytes));
    // Two files of 1,000 bytes and their first lines.
    let artifacts = it.open(2600);
    let pause = || thread::sleep(std::time::Duration::from_millis(20));
    let is_there = |n: usize| artifacts.find(&names[n].0, LIMIT).is_some();
    artifacts.keep(&names[0].0, &names[0].1, &bytes);
    pause();
    artifacts.keep(&names[1].0, &names[1].1, &bytes);
    pause();
    assert!(is_there(0));
    pause();
    artifacts.keep(&names[2].0, &names[2].1, &bytes);
    assert!(it.bytes_on_disk() <= 2600);
    assert_eq!([0, 1, 2].map(is_there), [true, false, true]);
    artifacts.keep(&names[1].0, &names[1].1, &vec![7; 3000]);
    assert_eq!([0, 1, 2].map(is_there), [true, false, true], "what is too large removes nothing");
}

#[test]
fn processes_share_a_folder() {
    let it = place();
    let all: Vec<(Location, Version, Vec<u8>)> = (0..6)
        .map(|n| {
            let bytes = vec![n; 5000 + usize::from(n)];
            let (location, version) = it.put(&format!("{n}"), &bytes);
            (location, version, bytes)
        })
        .collect();
    thread::scope(|scope| {
        for n in 0..4 {
            let (it, all) = (&it, &all);
            scope.spawn(move || {
                let artifacts = it.open(20_000);
                for round in 0..100 {
                    let (location, version, bytes) = &all[(n + round) % all.len()];
                    match artifacts.find(location, LIMIT) {
                        Some(kept) => assert!(kept.bytes == *bytes && kept.version == *version),
                        None => artifacts.keep(location, version, bytes),
                    }
                }
            });
        }
    });
    // Each process makes room for its own file: so many may be too many at the very end.
    assert!(it.bytes_on_disk() <= 20_000 + 3 * 6000);
}

#[test]
fn a_folder_that_cannot_be_used_is_said() {
    let it = place();
    let path = it.folder.path().join("file");
    fs::write(&path, "").unwrap();
    let text = |path: &Path| Artifacts::open(path, LIMIT).unwrap_err().to_string();
    assert!(text(&path).starts_with("Failed to make the folder "), "{}", text(&path));
    let link = it.folder.path().join("link");
    std::os::unix::fs::symlink(it.folder.path(), &link).unwrap();
    assert!(text(&link).ends_with("cannot keep artifacts: it is not a folder"), "{}", text(&link));
    if Path::new("/tmp").is_dir() {
        let found = text(Path::new("/tmp"));
        assert!(found.starts_with("/tmp cannot keep artifacts: "), "{found}");
    }
}
