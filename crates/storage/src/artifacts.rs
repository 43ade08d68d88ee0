//! Files from S3 kept on this machine's disk, so that a new process need not fetch them again.
//!
//! A file for each URI, named by its digest, holds a line (URI, version, length, SHA-256) and the bytes.
//! It appears whole, by a rename, so that several processes can share the folder. What is there counts only if
//! everything in that line is as it should be, and only after S3 has said that the version is still the one
//! there. The folder must be this user's own: a digest shows damage, not who wrote a file.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::digest::sha256;
use crate::{Error, ErrorKind, Location, Version};

const SUFFIX: &str = ".artifact";
const UNFINISHED: &str = ".partial";
/// A file that was not finished for so long never will be: its process was killed.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);
/// More than any first line: S3 bounds a key to 1,024 bytes.
const HEAD_BYTES: u64 = 16 << 10;
const FORM: &str = "pythia artifact 1";

/// A folder of files that were fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifacts {
    folder: PathBuf,
    /// Bytes of all of them together.
    limit: u64,
}

/// A file of the folder whose bytes are what its first line says.
#[derive(Debug)]
pub struct Kept {
    /// The version on S3.
    pub version: Version,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Artifacts {
    /// Uses a folder, which is made if it is not there, for at most `limit` bytes.
    ///
    /// # Errors
    /// It cannot be made, is no folder, belongs to another user, or others may write into it.
    pub fn open(folder: &Path, limit: u64) -> Result<Self, Error> {
        let location = Location::Local(folder.to_owned());
        make(folder).map_err(|err| Error::io("make the folder", &location, err))?;
        let found = fs::symlink_metadata(folder);
        let found = found.map_err(|err| Error::io("use", &location, err))?;
        match unsuitable(&found) {
            None => Ok(Self { folder: folder.to_owned(), limit }),
            Some(why) => {
                let text = format!("{location} cannot keep artifacts: {why}");
                Err(Error::new(ErrorKind::Unsuitable, text))
            }
        }
    }

    /// What is kept of a URI, at most `limit` bytes. Damaged and foreign files are as if they were not there.
    #[must_use]
    pub fn find(&self, location: &Location, limit: u64) -> Option<Kept> {
        let path = self.path(location);
        let kept = read(&path, &location.to_string(), limit);
        match kept {
            Some(_) => touch(&path),
            None => drop(fs::remove_file(&path)),
        }
        kept
    }

    /// Keeps a file, if there is room for it. A full disk is no reason for a run to fail.
    pub fn keep(&self, location: &Location, version: &Version, bytes: &[u8]) {
        let Some(head) = head(&location.to_string(), version, bytes) else { return };
        let size = (head.len() + bytes.len()) as u64;
        if size <= self.limit {
            let path = self.path(location);
            self.make_room(size, &path);
            // What could not be written is fetched again.
            let _ = self.write(&path, &head, bytes);
        }
    }

    fn path(&self, location: &Location) -> PathBuf {
        self.folder.join(sha256(location.to_string().as_bytes()) + SUFFIX)
    }

    fn write(&self, path: &Path, head: &str, bytes: &[u8]) -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        let mut file = builder.prefix(".").suffix(UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(head.as_bytes())?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|err| err.error)?;
        Ok(())
    }

    /// Removes what was used longest ago, until there is room for so many bytes under `path`.
    fn make_room(&self, size: u64, path: &Path) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in entries.flatten() {
            let (Ok(metadata), name) = (entry.metadata(), entry.file_name()) else { continue };
            let (name, used) =
                (name.to_string_lossy(), metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH));
            let age = used.elapsed().unwrap_or_default();
            if name.ends_with(UNFINISHED) && name.starts_with('.') && ABANDONED_AFTER < age {
                let _ = fs::remove_file(entry.path());
            }
            if name.ends_with(SUFFIX) && entry.path() != path {
                files.push((used, metadata.len(), entry.path()));
            }
        }
        files.sort();
        let mut total: u64 = files.iter().map(|it| it.1).sum();
        for (_, bytes, path) in files {
            if total + size <= self.limit {
                return;
            }
            // Another process may have been first.
            let _ = fs::remove_file(path);
            total -= bytes;
        }
    }
}

/// The first line of a file; `None` for the odd name that does not fit in a line.
fn head(uri: &str, version: &Version, bytes: &[u8]) -> Option<String> {
    let (tag, id) = version.parts();
    let fields = [FORM, uri, tag, id, &bytes.len().to_string(), &sha256(bytes)];
    let fits = fields.iter().all(|it| !it.contains(char::is_control));
    fits.then(|| format!("{}\n", fields.join("\t")))
}

fn read(path: &Path, uri: &str, limit: u64) -> Option<Kept> {
    let mut file = open(path).ok()?;
    let size = file.metadata().ok().filter(Metadata::is_file)?.len();
    if limit.saturating_add(HEAD_BYTES) < size {
        return None;
    }
    let mut all = Vec::with_capacity(usize::try_from(size).ok()?);
    (&mut file).take(size).read_to_end(&mut all).ok()?;
    let end = all.iter().take(HEAD_BYTES as usize).position(|it| *it == b'\n')?;
    let head = String::from_utf8(all[..=end].to_vec()).ok()?;
    let bytes = all.split_off(end + 1);
    let fields: Vec<&str> = head.trim_end_matches('\n').split('\t').collect();
    let [_, _, tag, id, _, _] = fields.as_slice() else { return None };
    let version = Version::from_parts(tag, id, bytes.len() as u64);
    // The line that these bytes would have been given, or they are not what was written.
    let is_whole = bytes.len() as u64 <= limit && head == self::head(uri, &version, &bytes)?;
    is_whole.then_some(Kept { version, bytes })
}

/// No link is followed: a file of the folder is a file.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Says that a file was used just now, for those who remove what was not.
fn touch(path: &Path) {
    let file = File::options().append(true).open(path);
    let _ = file.and_then(|it| it.set_modified(SystemTime::now()));
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Why a folder is not this user's own.
#[cfg(unix)]
fn unsuitable(folder: &Metadata) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    if !folder.is_dir() {
        return Some("it is not a folder");
    }
    if folder.uid() != rustix::process::geteuid().as_raw() {
        return Some("it belongs to another user");
    }
    (folder.mode() & 0o022 != 0).then_some("others may write into it (chmod go-w)")
}

#[cfg(not(unix))]
fn unsuitable(folder: &Metadata) -> Option<&'static str> {
    (!folder.is_dir()).then_some("it is not a folder")
}
