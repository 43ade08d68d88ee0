//! Bytes on their way to a name.

use std::io::{self, Write};
use std::path::Path;

use crate::file;
use crate::s3::Upload;
use crate::{Error, ErrorKind, Location, Metadata, Version};

/// Bytes on their way to a name. Dropped before [`Sink::commit`], it leaves nothing behind.
pub struct Sink {
    target: Target,
    location: Location,
}

enum Target {
    File(file::Target),
    Standard(io::Stdout),
    S3(Box<Upload>),
}

impl Sink {
    pub(crate) fn local(path: &Path) -> Result<Self, Error> {
        let location = Location::Local(path.to_owned());
        let target = file::Target::open(path).map_err(|err| match err.kind() {
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
        Ok(Self { target: Target::File(target), location })
    }

    pub(crate) fn standard() -> Self {
        Self { target: Target::Standard(io::stdout()), location: Location::Standard }
    }

    pub(crate) fn s3(upload: Upload, location: Location) -> Self {
        Self { target: Target::S3(Box::new(upload)), location }
    }

    /// What to say of a failed write.
    #[must_use]
    pub fn failed(&self, source: io::Error) -> Error {
        Error::io("write", &self.location, source)
    }

    /// Makes the bytes appear under their name, in place of what was there. Returns an object's version.
    ///
    /// # Errors
    /// The disk or the network failed, or the time allowed is over; nothing has appeared then.
    pub fn commit(self) -> Result<Option<Version>, Error> {
        let done = match self.target {
            Target::File(it) => it.commit(),
            Target::Standard(mut out) => out.flush(),
            Target::S3(it) => return it.commit(),
        };
        done.map_err(|err| Error::io("write", &self.location, err))?;
        Ok(None)
    }

    /// Texts to stand beside an object, instead of those it was created with. Nothing may be written yet.
    pub fn describe(&mut self, metadata: Metadata) {
        if let Target::S3(upload) = &mut self.target {
            upload.describe(metadata);
        }
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.target {
            Target::File(it) => it.writer(),
            Target::Standard(out) => out,
            Target::S3(it) => it,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush()
    }
}
