//! Reading an object: ranges of it fetched side by side, handed on in order.
//!
//! The first range tells size and ETag; the others ask for the same ETag, so that an object that changes
//! meanwhile is an error and never a mixture.

use std::collections::VecDeque;
use std::io::{self, Read};

use bytes::Bytes;
use object_store::{GetOptions, GetRange, ObjectStore};
use tokio::task::JoinHandle;

use super::{Object, Verb, error};
use crate::{Error, ErrorKind, Ranged, ReadAt, Source, Version};

/// Ranges on their way at a time.
const PARALLEL: usize = 4;
/// A range whose bytes do not come as announced is asked for so often.
const ATTEMPTS: u32 = 4;

/// Opens an object; `None` if it is still the `known` version.
pub(crate) fn open(object: Object, known: Option<&Version>) -> Result<Option<Source>, Error> {
    let if_none_match = known.map(|it| it.tag.clone());
    let first = GetOptions { if_none_match, ..bounded(0, object.range_bytes()) };
    let got = match object.wait(Verb::Download, Fetched::get(&object, first)) {
        Ok(it) => it,
        Err(err) if err.kind() == ErrorKind::Unchanged => return Ok(None),
        // An empty object has no ranges.
        Err(err) if err.kind() == ErrorKind::NoRange => {
            object.wait(Verb::Download, Fetched::get(&object, GetOptions::default()))?
        }
        Err(err) => return Err(err),
    };
    let Fetched { bytes, size, tag, id } = got;
    let version = Version::of_object(tag.clone(), id, size);
    let next = bytes.len() as u64;
    let reader = Ranges { object, tag, size, next, current: bytes, pending: VecDeque::new() };
    Ok(Some(Source { reader: Box::new(reader), size: Some(size), version }))
}

/// Opens an object for reading at any place.
pub(crate) fn open_ranged(object: Object) -> Result<Ranged, Error> {
    let crate::Stat { size, version, .. } = object.stat()?;
    let tag = version.as_ref().map(|it| it.tag.clone());
    Ok(Ranged { bytes: Box::new(Anywhere { object, tag }), size, version })
}

/// An object, of which any range is asked for.
struct Anywhere {
    object: Object,
    tag: Option<String>,
}

impl ReadAt for Anywhere {
    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        // A range without bytes cannot be asked for.
        if length == 0 {
            return Ok(Vec::new());
        }
        let end = offset.saturating_add(length as u64);
        let options = GetOptions { if_match: self.tag.clone(), ..bounded(offset, end) };
        let got = self.object.wait(Verb::Download, Fetched::get(&self.object, options));
        let bytes = got.map_err(io::Error::other)?.bytes;
        if bytes.len() == length {
            Ok(bytes.into())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

fn bounded(start: u64, end: u64) -> GetOptions {
    GetOptions { range: Some(GetRange::Bounded(start..end)), ..GetOptions::default() }
}

/// A range's bytes, and what its answer says of the whole object.
struct Fetched {
    bytes: Bytes,
    size: u64,
    tag: Option<String>,
    id: Option<String>,
}

/// Bytes, or an answer that is none of S3's and worth another attempt.
type Attempt = Result<Fetched, object_store::Error>;

impl Fetched {
    async fn get(object: &Object, options: GetOptions) -> object_store::Result<Self> {
        let mut attempt = 1;
        loop {
            match Self::once(object, &options).await? {
                Ok(fetched) => return Ok(fetched),
                Err(err) if attempt == ATTEMPTS => return Err(err),
                Err(_) => tokio::time::sleep(object.s3.wait_before(attempt)).await,
            }
            attempt += 1;
        }
    }

    async fn once(object: &Object, options: &GetOptions) -> object_store::Result<Attempt> {
        let got = object.with_bucket(|bucket| {
            let options = options.clone();
            async move { bucket.get_opts(&object.path, options).await }
        });
        let got = match got.await {
            // An answer without what every answer has, such as a page of a proxy.
            Err(err) if error::is_malformed(&err) => return Ok(Err(err)),
            got => got?,
        };
        let announced = got.range.clone();
        let (size, tag, id) = (got.meta.size, got.meta.e_tag.clone(), got.meta.version.clone());
        // A server that knows no conditions may send another version all the same.
        if options.if_match.is_some() && options.if_match != tag {
            let (path, source) = (object.path.to_string(), "another ETag".into());
            return Err(object_store::Error::Precondition { path, source });
        }
        // A body that breaks off was asked for again, from there on.
        let bytes = got.bytes().await?;
        let wanted = match &options.range {
            Some(GetRange::Bounded(range)) => range.start..range.end.min(size),
            _ => 0..size,
        };
        if announced != wanted || bytes.len() as u64 != wanted.end - wanted.start {
            let source = format!(
                "the server sent {} bytes of {announced:?} where {wanted:?} was asked for",
                bytes.len()
            );
            return Ok(Err(object_store::Error::Generic { store: "S3", source: source.into() }));
        }
        Ok(Ok(Self { bytes, size, tag, id }))
    }
}

/// The rest of an object, in order.
struct Ranges {
    object: Object,
    tag: Option<String>,
    size: u64,
    /// Where the next range to ask for begins.
    next: u64,
    current: Bytes,
    pending: VecDeque<JoinHandle<object_store::Result<Fetched>>>,
}

impl Ranges {
    /// Asks for as many ranges as may be on their way.
    fn ask(&mut self) -> Result<(), Error> {
        while self.pending.len() < PARALLEL && self.next < self.size {
            let end = self.size.min(self.next + self.object.range_bytes());
            let options = GetOptions { if_match: self.tag.clone(), ..bounded(self.next, end) };
            let object = self.object.clone();
            let runtime = self.object.s3.runtime()?;
            self.pending
                .push_back(runtime.spawn(async move { Fetched::get(&object, options).await }));
            self.next = end;
        }
        Ok(())
    }

    fn advance(&mut self) -> Result<(), Error> {
        self.ask()?;
        if let Some(range) = self.pending.pop_front() {
            let got = async { range.await.unwrap_or_else(|err| Err(err.into())) };
            self.current = self.object.wait(Verb::Download, got)?.bytes;
            self.ask()?;
        }
        Ok(())
    }
}

impl Read for Ranges {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.current.is_empty() {
            self.advance().map_err(io::Error::other)?;
        }
        let n = out.len().min(self.current.len());
        out[..n].copy_from_slice(&self.current.split_to(n));
        Ok(n)
    }
}

impl Drop for Ranges {
    fn drop(&mut self) {
        self.pending.iter().for_each(JoinHandle::abort);
    }
}

impl Object {
    fn range_bytes(&self) -> u64 {
        self.s3.settings.tuning.range_bytes
    }

    /// The version that is there now, with the metadata written beside it.
    pub(crate) fn stat(&self) -> Result<crate::Stat, Error> {
        let options = GetOptions { head: true, ..GetOptions::default() };
        let got = self.wait(
            Verb::Download,
            self.with_bucket(|bucket| {
                let options = options.clone();
                async move { bucket.get_opts(&self.path, options).await }
            }),
        )?;
        let metadata = got.attributes.iter().filter_map(|(key, value)| match key {
            object_store::Attribute::Metadata(name) => {
                Some((name.to_string(), value.as_ref().to_owned()))
            }
            _ => None,
        });
        Ok(crate::Stat {
            size: got.meta.size,
            version: Version::of_object(
                got.meta.e_tag.clone(),
                got.meta.version.clone(),
                got.meta.size,
            ),
            metadata: metadata.collect(),
        })
    }
}
