//! Local files: read as they are; written without a name where the system can (Linux: `O_TMPFILE`), so
//! that a killed process leaves nothing behind, else under a temporary name; renamed at the end.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::ranged::Positioned;
use crate::{Error, ErrorKind, Location, Ranged, Source, Version};

pub(crate) fn open(path: &Path) -> Result<Source, Error> {
    let (file, metadata) = open_file(path)?;
    let size = metadata.is_file().then_some(metadata.len());
    Ok(Source { reader: Box::new(file), size, version: version(&metadata) })
}

/// `None` for a device or a pipe, which is read only once.
pub(crate) fn open_ranged(path: &Path) -> Result<Option<Ranged>, Error> {
    let (file, metadata) = open_file(path)?;
    let version = version(&metadata);
    let bytes = Box::new(Positioned::new(file));
    Ok(metadata.is_file().then(|| Ranged { bytes, size: metadata.len(), version }))
}

fn open_file(path: &Path) -> Result<(File, Metadata), Error> {
    let fail = |err| Error::io("read", &Location::Local(path.to_owned()), err);
    let file = File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        let text = format!("{} is a folder, a file is expected", path.display());
        return Err(Error::new(ErrorKind::Unsuitable, text));
    }
    Ok((file, metadata))
}

/// A file that is written again has another time, and mostly another inode or size.
#[cfg(unix)]
fn version(metadata: &Metadata) -> Option<Version> {
    use std::os::unix::fs::MetadataExt;
    let (time, nanoseconds) = (metadata.mtime(), metadata.mtime_nsec());
    let tag = format!("{}-{time}.{nanoseconds:09}", metadata.ino());
    metadata.is_file().then(|| Version::of_file(tag, metadata.size()))
}

#[cfg(not(unix))]
fn version(metadata: &Metadata) -> Option<Version> {
    let time = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    metadata.is_file().then(|| Version::of_file(time.as_nanos().to_string(), metadata.len()))
}

/// A file on its way to its name. Dropped before it is committed, it leaves nothing behind.
pub(crate) enum Target {
    /// A file without a name yet, in the folder of its final path.
    Unnamed(File, PathBuf),
    /// A temporary file beside the final name.
    Temporary(NamedTempFile, PathBuf),
    /// A device or pipe, which has no contents to replace.
    Device(File),
}

impl Target {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // A link is followed: what it points to is replaced, not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(it) if it.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(it) if !it.is_file() => {
                return File::options().write(true).open(&path).map(Self::Device);
            }
            _ => {}
        }
        let folder = match path.parent() {
            Some(it) if !it.as_os_str().is_empty() => it,
            _ => Path::new("."),
        };
        match unnamed(folder) {
            Ok(file) => Ok(Self::Unnamed(file, path)),
            Err(_) => temporary(folder, &path).map(|file| Self::Temporary(file, path)),
        }
    }

    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Unnamed(file, _) | Self::Device(file) => file,
            Self::Temporary(file, _) => file,
        }
    }

    /// Gives the file its name, in place of what has it now.
    pub(crate) fn commit(self) -> io::Result<()> {
        match self {
            Self::Unnamed(file, path) => name(&file, &path),
            Self::Temporary(file, path) => file.persist(path).map(|_| ()).map_err(|err| err.error),
            Self::Device(mut file) => file.flush(),
        }
    }
}

/// A file that has no name and is gone if it never gets one. Not every file system can.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    Ok(File::from(open(folder, flags, Mode::from_raw_mode(0o666))?))
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Names an unnamed file, in place of what has the name now: a link under a temporary name (a link
/// cannot replace), then a rename.
#[cfg(target_os = "linux")]
fn name(file: &File, path: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, linkat};
    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    let folder = tempfile::Builder::new().prefix(".pythia.").tempdir_in(
        path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")),
    )?;
    let link = folder.path().join("output");
    linkat(CWD, &own, CWD, &link, AtFlags::SYMLINK_FOLLOW)?;
    fs::rename(link, path)
}

#[cfg(not(target_os = "linux"))]
fn name(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A hidden file in the same folder, with the permissions a plain new file would have.
fn temporary(folder: &Path, path: &Path) -> io::Result<NamedTempFile> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".partial");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
