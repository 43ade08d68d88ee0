//! Writing an object: one request if it is small, else parts in order, completed at the end or aborted.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::mem;
use std::time::Duration;

use bytes::Bytes;
use object_store::{
    Attribute, Attributes, MultipartUpload, ObjectStore, PutMultipartOptions, PutOptions,
    PutPayload,
};
use tokio::task::JoinHandle;

use super::{Object, Verb};
use crate::{Error, ErrorKind, Metadata};

/// Bytes of a part.
const PART: usize = 8 << 20;
/// After so many parts, parts are twice as large: S3 takes 10,000.
const PARTS_OF_A_SIZE: usize = 2_000;
/// Parts on their way at a time.
const PARALLEL: usize = 3;
/// How long an upload may take to be given up, whatever the deadline.
const ABORT_WITHIN: Duration = Duration::from_secs(5);

/// Bytes on their way to an object.
pub(crate) struct Upload {
    object: Object,
    metadata: Metadata,
    buffer: Vec<u8>,
    started: Option<Started>,
}

/// An upload in parts.
struct Started {
    upload: Box<dyn MultipartUpload>,
    n_parts: usize,
    n_bytes: u64,
    pending: VecDeque<JoinHandle<object_store::Result<()>>>,
}

impl Upload {
    pub(crate) fn new(object: Object, metadata: Metadata) -> Self {
        Self { object, metadata, buffer: Vec::new(), started: None }
    }

    fn attributes(&self) -> Attributes {
        let named = |(name, value): (&String, &String)| {
            (Attribute::Metadata(name.clone().into()), value.clone())
        };
        self.metadata.iter().map(named).collect()
    }

    fn part_size(&self) -> usize {
        let n_parts = self.started.as_ref().map_or(0, |it| it.n_parts);
        PART << (n_parts / PARTS_OF_A_SIZE).min(6)
    }

    /// Sends what is buffered as the next part.
    fn send_part(&mut self) -> Result<(), Error> {
        let bytes = Bytes::from(mem::take(&mut self.buffer));
        let mut started = match self.started.take() {
            Some(it) => it,
            None => self.start()?,
        };
        let done = self.send(&mut started, bytes);
        self.started = Some(started);
        done
    }

    fn send(&self, started: &mut Started, bytes: Bytes) -> Result<(), Error> {
        while PARALLEL <= started.pending.len() {
            self.wait_for_part(started)?;
        }
        started.n_parts += 1;
        started.n_bytes += bytes.len() as u64;
        let part = started.upload.put_part(PutPayload::from(bytes));
        started.pending.push_back(self.object.s3.runtime()?.spawn(part));
        Ok(())
    }

    fn wait_for_part(&self, started: &mut Started) -> Result<(), Error> {
        let Some(part) = started.pending.pop_front() else { return Ok(()) };
        let done = async { part.await.unwrap_or_else(|err| Err(err.into())) };
        self.object.wait(Verb::Upload, done)
    }

    fn start(&self) -> Result<Started, Error> {
        let options =
            PutMultipartOptions { attributes: self.attributes(), ..PutMultipartOptions::default() };
        let upload = self.object.wait(
            Verb::Upload,
            self.object.with_bucket(|bucket| {
                let options = options.clone();
                async move { bucket.put_multipart_opts(&self.object.path, options).await }
            }),
        )?;
        Ok(Started { upload, n_parts: 0, n_bytes: 0, pending: VecDeque::new() })
    }

    /// Makes the object appear.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        if self.started.is_none() {
            return self.put();
        }
        if !self.buffer.is_empty() {
            self.send_part()?;
        }
        let Some(mut started) = self.started.take() else { return Ok(()) };
        let done = self.complete(&mut started);
        if done.is_err() {
            // Dropping gives it up.
            self.started = Some(started);
        }
        done
    }

    fn put(&mut self) -> Result<(), Error> {
        let payload = PutPayload::from(mem::take(&mut self.buffer));
        let options = PutOptions { attributes: self.attributes(), ..PutOptions::default() };
        let object = &self.object;
        let put = object.with_bucket(|bucket| {
            let (payload, options) = (payload.clone(), options.clone());
            async move { bucket.put_opts(&object.path, payload, options).await }
        });
        object.wait(Verb::Upload, put).map(|_| ())
    }

    fn complete(&self, started: &mut Started) -> Result<(), Error> {
        while !started.pending.is_empty() {
            self.wait_for_part(started)?;
        }
        match self.object.wait(Verb::Upload, started.upload.complete()) {
            Ok(_) => Ok(()),
            // Completed before, and the answer was lost: the upload is gone and the object is there.
            Err(err) if err.kind() != ErrorKind::Late && self.is_there(started) => {
                drop(err);
                Ok(())
            }
            Err(err) => Err(err),
        }
    }

    /// Whether the object is the one these parts make: its ETag ends with their number.
    fn is_there(&self, started: &Started) -> bool {
        let ends = format!("-{}", started.n_parts);
        self.object.stat().is_ok_and(|it| {
            let tag = it.version.map(|it| it.0).unwrap_or_default();
            it.size == started.n_bytes && tag.trim_matches('"').ends_with(&ends)
        })
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.part_size().saturating_sub(self.buffer.len());
        let taken = &bytes[..room.min(bytes.len())];
        self.buffer.extend_from_slice(taken);
        if self.part_size() <= self.buffer.len() {
            self.send_part().map_err(io::Error::other)?;
        }
        Ok(taken.len())
    }

    /// Nothing can be seen before the end, so there is nothing to hurry.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload {
    /// Gives up what was not committed: no part may arrive after the abort.
    fn drop(&mut self) {
        let Some(mut started) = self.started.take() else { return };
        let Ok(runtime) = self.object.s3.runtime() else { return };
        runtime.block_on(async {
            started.pending.iter().for_each(JoinHandle::abort);
            for part in started.pending.drain(..) {
                // Cancelled or done, it is over.
                let _ = part.await;
            }
            // What cannot be aborted now is left to the bucket's rule for incomplete uploads.
            let _ = tokio::time::timeout(ABORT_WITHIN, started.upload.abort()).await;
        });
    }
}
