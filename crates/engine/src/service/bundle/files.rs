//! A bundle's files: beside its `pythia.toml`, or anywhere on S3.

use std::path::{Component, Path};
use std::sync::Mutex;

use storage::{ErrorKind, Location, Version};

use crate::problems::utf_8;
use crate::{Error, Settings, parse_location};

/// The file that makes a folder a bundle.
pub(super) const FILE: &str = "pythia.toml";

/// The folder of a bundle, and the versions of all files that were asked for.
#[derive(Debug)]
pub(super) struct Files {
    folder: Location,
    seen: Mutex<Vec<(Location, Option<Version>)>>,
}

/// The folder of a bundle of which the folder or the `pythia.toml` is named.
pub(in crate::service) fn folder(named: &Location) -> Location {
    if named.file_name() != FILE {
        return named.clone();
    }
    match named {
        Location::Local(path) => Location::Local(path.parent().unwrap_or(Path::new("")).to_owned()),
        Location::S3 { bucket, key } => {
            let key = key.strip_suffix(FILE).unwrap_or(key).to_owned();
            Location::S3 { bucket: bucket.clone(), key }
        }
        Location::Standard => Location::Standard,
    }
}

/// Whether there is a `pythia.toml`. Who may not list a bucket is told 403 of what is not there.
pub(in crate::service) fn is_bundle(named: &Location, settings: &Settings) -> Result<bool, Error> {
    let Ok(file) = Files::new(&folder(named)).locate(FILE) else { return Ok(false) };
    match settings.storage.stat(&file) {
        Ok(_) => Ok(true),
        Err(err) if [ErrorKind::NotFound, ErrorKind::Forbidden].contains(&err.kind()) => Ok(false),
        Err(err) => Err(Error::storage(err)),
    }
}

impl Files {
    pub(super) fn new(folder: &Location) -> Self {
        Self { folder: folder.clone(), seen: Mutex::default() }
    }

    /// Where a file is that the bundle names: a path below its folder, or an `s3://` URI.
    pub(super) fn locate(&self, name: &str) -> Result<Location, String> {
        if name.starts_with("s3://") {
            return parse_location(name).map_err(|err| err.to_string());
        }
        let mut parts = Path::new(name).components();
        if name.is_empty()
            || name.contains("://")
            || !parts.all(|it| matches!(it, Component::Normal(_)))
        {
            return Err(format!(
                "{name:?} is no file of the bundle: a path below its folder or s3://bucket/key is expected"
            ));
        }
        Ok(match &self.folder {
            Location::S3 { bucket, key } => {
                let prefix = key.trim_end_matches('/');
                let between = if prefix.is_empty() { "" } else { "/" };
                Location::S3 { bucket: bucket.clone(), key: format!("{prefix}{between}{name}") }
            }
            Location::Local(path) => Location::Local(path.join(name)),
            Location::Standard => Location::Local(name.into()),
        })
    }

    /// Notes the version of a file that is about to be read. One that changes while it is read is read again.
    pub(super) fn note(&self, location: &Location, settings: &Settings) -> Result<(), Error> {
        let stat = settings.storage.stat(location).map_err(|err| match err.kind() {
            // What S3 says without a body does not tell an absent bucket from an absent object.
            ErrorKind::NotFound => settings.storage.read(location, 1).err().unwrap_or(err),
            _ => err,
        });
        self.seen().push((location.clone(), stat.map_err(Error::storage)?.version));
        Ok(())
    }

    /// Reads a text of the bundle.
    pub(super) fn text(&self, location: &Location, settings: &Settings) -> Result<String, Error> {
        self.note(location, settings)?;
        let bytes = settings.storage.read(location, settings.limits.settings_bytes);
        let bytes = bytes.map_err(Error::storage)?;
        utf_8(&location.file_name(), bytes).map_err(Error::request)
    }

    /// Whether a file is another than the one that was read.
    pub(super) fn have_changed(&self, settings: &Settings) -> Result<bool, Error> {
        let seen = self.seen().clone();
        for (location, version) in seen {
            if settings.storage.stat(&location).map_err(Error::storage)?.version != version {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<(Location, Option<Version>)>> {
        self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
