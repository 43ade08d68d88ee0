//! Model files kept on disk, for the next process.

use std::path::{Path, PathBuf};

use super::*;

struct Disk {
    folder: tempfile::TempDir,
    server: Server,
}

fn disk() -> Disk {
    let folder = tempfile::tempdir().unwrap();
    Disk { folder, server: function(&[]).server }
}

impl Disk {
    fn folder(&self) -> PathBuf {
        self.folder.path().join("artifacts")
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder()).unwrap();
        entries.map(|it| it.unwrap().path()).collect()
    }

    /// How many bytes of the model a new process reads, as far as requests tell.
    fn fresh_process(&self, megabytes: &str) -> (u64, Vec<u16>) {
        let folder = self.folder();
        let variables =
            [("PYTHIA_ARTIFACT_DIR", folder.to_str().unwrap()), ("PYTHIA_ARTIFACT_MB", megabytes)];
        let handler = handler(&self.server, &variables);
        let from = self.server.seen().len();
        let answer = handler.answer(&event(), &call(60)).unwrap();
        let seen = self.server.seen().split_off(from);
        let of_model = seen.iter().filter(|it| it.path.ends_with(".pkl"));
        (answer["statusCode"].as_u64().unwrap(), of_model.map(|it| it.status).collect())
    }

    fn damage(&self, change: impl Fn(&Path)) {
        let files = self.files();
        assert_eq!(files.len(), 1, "{files:?}");
        change(&files[0]);
    }
}

const READ: &[u16] = &[206];
const UNCHANGED: &[u16] = &[304];

#[test]
fn the_next_process_reads_the_file_from_disk_if_it_still_is_the_one_on_s3() {
    let it = disk();
    let is = |asked: &[u16]| assert_eq!(it.fresh_process("400"), (200, asked.to_vec()));
    is(READ);
    let right = it.server.get("out", "flights.csv").unwrap();
    is(UNCHANGED);
    assert_eq!(it.server.get("out", "flights.csv").unwrap(), right);
    it.server.put("models", "flights.pkl", "another");
    assert_eq!(it.fresh_process("400"), (400, READ.to_vec()));
    it.server.put("models", "flights.pkl", fs::read(format!("{FLIGHTS}/model.pkl")).unwrap());
    is(READ);
    is(UNCHANGED);
    assert_eq!(it.files().len(), 1, "the new one in place of the old");
}

#[test]
fn a_damaged_or_foreign_file_is_fetched_again() {
    let it = disk();
    let is = |asked: &[u16]| assert_eq!(it.fresh_process("400"), (200, asked.to_vec()));
    is(READ);
    let right = it.server.get("out", "flights.csv").unwrap();
    let changes: [fn(&Path); 7] = [
        |path| {
            let mut bytes = fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).unwrap();
        },
        |path| fs::write(path, &fs::read(path).unwrap()[..5000]).unwrap(),
        |path| fs::write(path, [fs::read(path).unwrap(), b"more".to_vec()].concat()).unwrap(),
        |path| fs::write(path, "").unwrap(),
        |path| fs::write(path, "not ours\n".repeat(1000)).unwrap(),
        |path| {
            fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("/dev/zero", path).unwrap();
        },
        |path| {
            // The file of another URI under this one's name.
            let text = fs::read(path).unwrap();
            let at = text.windows(11).position(|it| it == b"flights.pkl").unwrap();
            let other = [&text[..at], b"another.pkl", &text[at + 11..]].concat();
            fs::write(path, other).unwrap();
        },
    ];
    for change in changes {
        it.damage(change);
        is(READ);
        assert_eq!(it.server.get("out", "flights.csv").unwrap(), right);
        is(UNCHANGED);
    }
    // Where a file cannot be put, none is kept.
    it.damage(|path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    });
    is(READ);
    is(READ);
}

#[test]
fn the_folder_is_bounded_and_must_be_the_users_own() {
    use std::os::unix::fs::PermissionsExt;
    let it = disk();
    assert_eq!(it.fresh_process("0"), (200, READ.to_vec()));
    assert_eq!(it.files(), Vec::<PathBuf>::new(), "no room");
    let mode = |mode| fs::set_permissions(it.folder(), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o777);
    assert_eq!(it.fresh_process("400"), (200, READ.to_vec()));
    assert_eq!(it.files(), Vec::<PathBuf>::new(), "others may write into it");
    mode(0o700);
    assert_eq!(it.fresh_process("400"), (200, READ.to_vec()));
    assert_eq!(it.files().len(), 1);
}
