//! Local files: read as they are, written under a temporary name and renamed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::{Error, ErrorKind, Location, Source};

pub(crate) fn open(path: &Path) -> Result<Source, Error> {
    let fail = |err| Error::io("read", &Location::Local(path.to_owned()), err);
    let file = File::open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        let text = format!("{} is a folder, a file is expected", path.display());
        return Err(Error::new(ErrorKind::Unsuitable, text));
    }
    let size = metadata.is_file().then_some(metadata.len());
    Ok(Source { reader: Box::new(file), size })
}

/// Bytes on their way to a name. Dropped before [`Sink::commit`], it leaves nothing behind.
pub struct Sink {
    target: Target,
    location: Location,
}

enum Target {
    /// A temporary file beside the final name.
    Temporary(NamedTempFile, PathBuf),
    /// A device or pipe, which has no contents to replace.
    Device(File),
    Standard(io::Stdout),
}

impl Sink {
    pub(crate) fn local(path: &Path) -> Result<Self, Error> {
        let location = Location::Local(path.to_owned());
        let target = Target::open(path).map_err(|err| match err.kind() {
            io::ErrorKind::NotFound => Error::new(
                ErrorKind::NotFound,
                format!("The folder of {} does not exist: create it first", path.display()),
            ),
            io::ErrorKind::IsADirectory => Error::new(
                ErrorKind::Unsuitable,
                format!("{} is a folder, a file name is expected", path.display()),
            ),
            _ => Error::io("write", &location, err),
        })?;
        Ok(Self { target, location })
    }

    pub(crate) fn standard() -> Self {
        Self { target: Target::Standard(io::stdout()), location: Location::Standard }
    }

    /// What to say of a failed write.
    #[must_use]
    pub fn failed(&self, source: io::Error) -> Error {
        Error::io("write", &self.location, source)
    }

    /// Makes the bytes appear under their name, in place of what was there.
    ///
    /// # Errors
    /// The disk failed; nothing has appeared then.
    pub fn commit(self) -> Result<(), Error> {
        let fail = |err| Error::io("write", &self.location, err);
        match self.target {
            Target::Temporary(file, path) => {
                file.persist(path).map(|_| ()).map_err(|err| fail(err.error))
            }
            Target::Device(mut file) => file.flush().map_err(fail),
            Target::Standard(mut out) => out.flush().map_err(fail),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Temporary(file, _) => file.write(bytes),
            Target::Device(file) => file.write(bytes),
            Target::Standard(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Temporary(file, _) => file.flush(),
            Target::Device(file) => file.flush(),
            Target::Standard(out) => out.flush(),
        }
    }
}

impl Target {
    fn open(path: &Path) -> io::Result<Self> {
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
        let file = temporary(folder, &path)?;
        Ok(Self::Temporary(file, path))
    }
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
