//! The files that go into the zip beside the program: licences, settings, models.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::archive::Entry;
use crate::outcome::Failure;

/// Lambda's limit of an unpacked function: 250 MB.
pub(super) const MOST_BYTES: u64 = 250 << 20;

/// What distributing the program asks for: its own licences and those of what is linked into it.
const LICENCES: [(&str, &str); 3] = [
    ("LICENSE-APACHE", include_str!("../../../../LICENSE-APACHE")),
    ("LICENSE-MIT", include_str!("../../../../LICENSE-MIT")),
    ("THIRD-PARTY.txt", include_str!("../../../../THIRD-PARTY.txt")),
];

pub(super) fn licences() -> impl Iterator<Item = Entry> {
    LICENCES.into_iter().map(|(name, text)| plain(name.to_owned(), text.into()))
}

/// An entry that is not started.
pub(super) fn plain(name: String, bytes: Vec<u8>) -> Entry {
    Entry { name, bytes, is_program: false }
}

/// A file, or all files in a folder, under its own name; sorted, so that the zip is the same everywhere.
pub(super) fn included(path: &Path) -> Result<Vec<Entry>, Failure> {
    // `..` and `models/..` have a name only when they are resolved.
    let absolute = fs::canonicalize(path).map_err(|err| unusable(path, &err.to_string()))?;
    let Some(name) = absolute.file_name() else {
        return Err(unusable(
            path,
            "is the root of the file system: name a file or a folder in it",
        ));
    };
    let mut found = Vec::new();
    let mut open = vec![(absolute.clone(), readable(path, name)?)];
    while let Some((path, name)) = open.pop() {
        let kind = fs::symlink_metadata(&path).map_err(|err| unusable(&path, &err.to_string()))?;
        if kind.is_dir() {
            open.extend(children(&path, &name)?);
        } else if kind.is_file() {
            found.push((name, path));
        } else {
            return Err(unusable(
                &path,
                "is neither a file nor a folder (a link?): include what it stands for",
            ));
        }
    }
    found.sort();
    found.into_iter().map(|(name, path)| Ok(plain(name, read(&path)?))).collect()
}

fn children(folder: &Path, name: &str) -> Result<Vec<(PathBuf, String)>, Failure> {
    let unreadable = |err: std::io::Error| unusable(folder, &err.to_string());
    let mut children = Vec::new();
    for child in fs::read_dir(folder).map_err(unreadable)? {
        let child = child.map_err(unreadable)?;
        let own = readable(&child.path(), &child.file_name())?;
        children.push((child.path(), format!("{name}/{own}")));
    }
    Ok(children)
}

fn readable(path: &Path, name: &std::ffi::OsStr) -> Result<String, Failure> {
    let text = name.to_str().filter(|it| !it.contains(['\\', '\0']));
    text.map(str::to_owned)
        .ok_or_else(|| unusable(path, "has a name that a zip cannot hold everywhere: rename it"))
}

/// A whole file, if it is one that could be in a function.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|err| unusable(path, &err.to_string()))?;
    let n_bytes = file.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    match n_bytes.map_err(|err| unusable(path, &err.to_string()))? as u64 {
        n if n > MOST_BYTES => {
            Err(unusable(path, "is larger than the 250 MB that a function may be"))
        }
        _ => Ok(bytes),
    }
}

pub(super) fn unusable(path: &Path, why: &str) -> Failure {
    Failure::File(format!("{}: {why}", path.display()))
}
