//! Where bytes come from and go to: a URI is opened for reading, or written atomically.
//!
//! [`Location::parse`] tells a local path, a `file://` URI and an `s3://` URI apart without touching
//! anything. A [`Storage`] reads them ([`Storage::open`], [`Storage::read`]) and writes them:
//! [`Storage::create`] gives a [`Sink`] whose bytes appear under their name all at once, when
//! [`Sink::commit`] is called, or never.

mod artifacts;
mod digest;
mod error;
mod file;
mod location;
mod ranged;
mod s3;
mod sink;
mod versions;

pub use artifacts::{Artifacts, Kept};
pub use digest::sha256;
pub use error::{Error, ErrorKind};
pub use location::{InvalidUri, Location, percent_decoded};
pub use ranged::{Ranged, ReadAt};
pub use s3::{S3Settings, Tuning};
pub use sink::Sink;
pub use versions::Versions;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use s3::S3;

/// Something opened for reading.
pub struct Source {
    /// The bytes, in order.
    pub reader: Box<dyn Read + Send>,
    /// How many there are, where that is known.
    pub size: Option<u64>,
    /// Which version of the bytes this is, where that can be told.
    pub version: Option<Version>,
}

/// Tells the bytes under a name from those that were there before: an object's `ETag`, version id and size; a
/// file's inode, time and size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub(crate) tag: String,
    /// Where a bucket keeps versions.
    id: Option<String>,
    size: u64,
}

impl Version {
    /// A file's.
    pub(crate) fn of_file(tag: String, size: u64) -> Self {
        Self { tag, id: None, size }
    }

    /// An object's, if the server has tags.
    pub(crate) fn of_object(tag: Option<String>, id: Option<String>, size: u64) -> Option<Self> {
        // Buckets that keep no versions may say so.
        let id = id.filter(|it| it != "null");
        tag.map(|tag| Self { tag, id, size })
    }
}

impl Version {
    /// Its tag and id, to be kept.
    pub(crate) fn parts(&self) -> (&str, &str) {
        (&self.tag, self.id.as_deref().unwrap_or_default())
    }

    /// A version that was kept.
    pub(crate) fn from_parts(tag: &str, id: &str, size: u64) -> Self {
        let id = Some(id).filter(|it| !it.is_empty()).map(str::to_owned);
        Self { tag: tag.to_owned(), id, size }
    }
}

/// On one line, and the same for the same version wherever it was asked.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Some answers have the tag's quotes, others not.
        write!(f, "{} {}", self.tag.trim_matches('"'), self.size)?;
        self.id.as_ref().map_or(Ok(()), |id| write!(f, " {id}"))
    }
}

/// Texts kept beside an object. Files have none.
pub type Metadata = BTreeMap<String, String>;

/// What is under a name.
#[derive(Debug, Clone)]
pub struct Stat {
    /// Bytes.
    pub size: u64,
    /// Their version.
    pub version: Option<Version>,
    /// What was written beside them.
    pub metadata: Metadata,
}

/// Files and S3. Cheap to clone; clones share connections.
#[derive(Clone, Default)]
pub struct Storage {
    s3: Arc<S3>,
    deadline: Option<Instant>,
    versions: Option<Versions>,
}

impl Storage {
    /// Files, and S3 as the settings say. Nothing is asked of the network before it is needed.
    #[must_use]
    pub fn new(settings: S3Settings) -> Self {
        Self { s3: Arc::new(S3::new(settings)), ..Self::default() }
    }

    /// The same, whose requests fail after a point in time ([`ErrorKind::Late`]).
    #[must_use]
    pub fn until(&self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self.clone() }
    }

    /// The same, which notes the versions of what it opens.
    #[must_use]
    pub fn noting(&self, versions: &Versions) -> Self {
        Self { versions: Some(versions.clone()), ..self.clone() }
    }

    /// Notes that a location was read before, in this version.
    pub fn note(&self, location: &Location, version: Option<&Version>) {
        if let Some(versions) = &self.versions {
            versions.note(location, version);
        }
    }

    /// The point in time after which requests fail.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Refuses a location that the settings do not allow, without asking the network.
    ///
    /// # Errors
    /// It is on S3, and not under an allowed prefix.
    pub fn allows(&self, location: &Location) -> Result<(), Error> {
        match location {
            Location::S3 { .. } => self.s3.settings.allows(location),
            Location::Local(_) | Location::Standard => Ok(()),
        }
    }

    /// Opens a location for reading.
    ///
    /// # Errors
    /// It does not exist, may not be read, or is a folder.
    pub fn open(&self, location: &Location) -> Result<Source, Error> {
        let opened = self.open_if_changed(location, None)?;
        opened.ok_or_else(|| Error::new(ErrorKind::Failed, format!("{location} was not read")))
    }

    /// Opens a location for reading; `None` if it still is the `known` version.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_if_changed(
        &self,
        location: &Location,
        known: Option<&Version>,
    ) -> Result<Option<Source>, Error> {
        let opened = self.opened(location, known)?;
        self.note(location, opened.as_ref().map_or(known, |it| it.version.as_ref()));
        Ok(opened)
    }

    fn opened(
        &self,
        location: &Location,
        known: Option<&Version>,
    ) -> Result<Option<Source>, Error> {
        match location {
            Location::Local(path) => {
                let source = file::open(path)?;
                Ok(Some(source).filter(|it| known.is_none() || it.version.as_ref() != known))
            }
            Location::Standard => {
                let reader = Box::new(std::io::stdin());
                Ok(Some(Source { reader, size: None, version: None }))
            }
            Location::S3 { .. } => s3::open(self.s3.object(location, self.deadline)?, known),
        }
    }

    /// Opens a location for reading at any place. What comes from a pipe is kept in a temporary file.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_ranged(&self, location: &Location) -> Result<Ranged, Error> {
        let ranged = self.opened_ranged(location)?;
        self.note(location, ranged.version.as_ref());
        Ok(ranged)
    }

    fn opened_ranged(&self, location: &Location) -> Result<Ranged, Error> {
        match location {
            Location::S3 { .. } => s3::open_ranged(self.s3.object(location, self.deadline)?),
            Location::Local(path) => match file::open_ranged(path)? {
                Some(it) => Ok(it),
                None => ranged::spooled(self.open(location)?, location),
            },
            Location::Standard => ranged::spooled(self.open(location)?, location),
        }
    }

    /// Reads all bytes of a location, at most `limit`.
    ///
    /// # Errors
    /// As [`open`](Self::open); more than `limit` bytes.
    pub fn read(&self, location: &Location, limit: u64) -> Result<Vec<u8>, Error> {
        self.open(location)?.read(location, limit)
    }

    /// What is under a name now.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn stat(&self, location: &Location) -> Result<Stat, Error> {
        if let Location::S3 { .. } = location {
            return self.s3.object(location, self.deadline)?.stat();
        }
        let Source { size, version, .. } = self.open(location)?;
        Ok(Stat { size: size.unwrap_or(0), version, metadata: Metadata::new() })
    }

    /// Starts writing a location. Nothing is to be seen under its name before [`Sink::commit`].
    ///
    /// # Errors
    /// Its folder does not exist or may not be written; it is a folder itself.
    pub fn create(&self, location: &Location) -> Result<Sink, Error> {
        self.create_with(location, Metadata::new())
    }

    /// [`create`](Self::create) with texts beside an object.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub fn create_with(&self, location: &Location, metadata: Metadata) -> Result<Sink, Error> {
        match location {
            Location::Local(path) => Sink::local(path),
            Location::Standard => Ok(Sink::standard()),
            Location::S3 { .. } => {
                let object = self.s3.object(location, self.deadline)?;
                Ok(Sink::s3(s3::Upload::new(object, metadata), location.clone()))
            }
        }
    }
}

/// Says nothing of credentials.
impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storage").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

impl Source {
    /// Reads all bytes, at most `limit`.
    ///
    /// # Errors
    /// Reading fails; more than `limit` bytes.
    pub fn read(self, location: &Location, limit: u64) -> Result<Vec<u8>, Error> {
        let fits =
            |size: u64| if size <= limit { Ok(()) } else { Err(Error::too_large(location, limit)) };
        self.size.map_or(Ok(()), fits)?;
        // One byte more than the limit tells a file that grew from one that fits.
        let room = self.size.unwrap_or(0).min(limit).saturating_add(1);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
        let mut reader = self.reader.take(limit.saturating_add(1));
        reader.read_to_end(&mut bytes).map_err(|err| Error::io("read", location, err))?;
        fits(bytes.len() as u64)?;
        Ok(bytes)
    }
}
