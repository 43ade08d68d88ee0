//! Writing an object: one request if it is small, else parts in order, completed at the end or aborted.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use object_store::{
    Attribute, Attributes, Extensions, MultipartUpload, ObjectStore, PutMultipartOptions,
    PutOptions, PutPayload,
};
use tokio::task::JoinHandle;

use super::connect::Lost;
use super::orphans::LostAnswers;
use super::{Object, Verb, error};
use crate::{Error, ErrorKind, Metadata, Version};

/// After so many parts, parts are twice as large: S3 takes 10,000.
const PARTS_OF_A_SIZE: usize = 2_000;
/// Parts on their way at a time.
const PARALLEL: usize = 3;
/// An upload whose start is answered with what nobody can read is started so often.
const ATTEMPTS: u32 = 4;
/// Tells an object from another with as many bytes and parts.
const MARK: &str = "pythia-upload";
/// How long an upload may take to be given up, whatever the deadline.
const ABORT_WITHIN: Duration = Duration::from_secs(5);

/// Bytes on their way to an object.
pub(crate) struct Upload {
    object: Object,
    metadata: Metadata,
    buffer: Vec<u8>,
    started: Option<Started>,
    /// When S3 may have started uploads that nobody heard of.
    lost: Option<LostAnswers>,
}

/// An upload in parts.
struct Started {
    upload: Box<dyn MultipartUpload>,
    mark: String,
    n_parts: usize,
    n_bytes: u64,
    pending: VecDeque<JoinHandle<object_store::Result<()>>>,
}

impl Upload {
    pub(crate) fn new(object: Object, metadata: Metadata) -> Self {
        Self { object, metadata, buffer: Vec::new(), started: None, lost: None }
    }

    /// Texts beside the object, if it has not been started.
    pub(crate) fn describe(&mut self, metadata: Metadata) {
        self.metadata = metadata;
    }

    fn attributes(&self) -> Attributes {
        let named = |(name, value): (&String, &String)| {
            (Attribute::Metadata(name.clone().into()), value.clone())
        };
        self.metadata.iter().map(named).collect()
    }

    fn part_size(&self) -> usize {
        let n_parts = self.started.as_ref().map_or(0, |it| it.n_parts);
        self.object.s3.settings.tuning.part_bytes << (n_parts / PARTS_OF_A_SIZE).min(6)
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

    fn start(&mut self) -> Result<Started, Error> {
        let (mark, from) = (mark(), SystemTime::now());
        let mut attributes = self.attributes();
        attributes.insert(Attribute::Metadata(MARK.into()), mark.clone().into());
        let answer = Lost::default();
        let mut extensions = Extensions::new();
        extensions.insert(answer.clone());
        let options =
            PutMultipartOptions { attributes, extensions, ..PutMultipartOptions::default() };
        let upload = self.object.wait(Verb::Upload, begin(&self.object, options, &answer));
        if answer.was() {
            self.lost = Some(LostAnswers { from, until: SystemTime::now() });
        }
        Ok(Started { upload: upload?, mark, n_parts: 0, n_bytes: 0, pending: VecDeque::new() })
    }

    /// Makes the object appear.
    pub(crate) fn commit(mut self) -> Result<Option<Version>, Error> {
        if self.started.is_none() {
            return self.put();
        }
        if !self.buffer.is_empty() {
            self.send_part()?;
        }
        let Some(mut started) = self.started.take() else { return Ok(None) };
        let done = self.complete(&mut started);
        if done.is_err() {
            // Dropping gives it up.
            self.started = Some(started);
        }
        done
    }

    fn put(&mut self) -> Result<Option<Version>, Error> {
        let size = self.buffer.len() as u64;
        let payload = PutPayload::from(mem::take(&mut self.buffer));
        let options = PutOptions { attributes: self.attributes(), ..PutOptions::default() };
        let object = &self.object;
        let put = object.with_bucket(|bucket| {
            let (payload, options) = (payload.clone(), options.clone());
            async move { bucket.put_opts(&object.path, payload, options).await }
        });
        let put = object.wait(Verb::Upload, put)?;
        Ok(Version::of_object(put.e_tag, put.version, size))
    }

    fn complete(&self, started: &mut Started) -> Result<Option<Version>, Error> {
        while !started.pending.is_empty() {
            self.wait_for_part(started)?;
        }
        match self.object.wait(Verb::Upload, started.upload.complete()) {
            Ok(put) => Ok(Version::of_object(put.e_tag, put.version, started.n_bytes)),
            Err(err) if err.kind() == ErrorKind::Late => Err(err),
            // Completed before, and the answer was lost: the upload is gone and the object is there.
            Err(err) => match self.object.stat() {
                Ok(it) if it.metadata.get(MARK) == Some(&started.mark) => Ok(it.version),
                _ => Err(err),
            },
        }
    }
}

/// Starts an upload; once more, if the answer is none.
async fn begin(
    object: &Object,
    options: PutMultipartOptions,
    answer: &Lost,
) -> object_store::Result<Box<dyn MultipartUpload>> {
    let mut attempt = 1;
    loop {
        let started = object.with_bucket(|bucket| {
            let options = options.clone();
            async move { bucket.put_multipart_opts(&object.path, options).await }
        });
        match started.await {
            Err(err) if error::is_unreadable(&err) => {
                answer.note();
                if attempt == ATTEMPTS {
                    return Err(err);
                }
            }
            done => return done,
        }
        tokio::time::sleep(object.s3.wait_before(attempt)).await;
        attempt += 1;
    }
}

/// A text that no other upload has.
fn mark() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // Its keys are the process's own, from the system's source of chance.
    let chance = RandomState::new().hash_one((now, count, std::process::id()));
    format!("{:x}-{count:x}-{chance:016x}", now.as_nanos())
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // At once: buffers that grow leave holes which the next ones do not fit into.
        if self.buffer.capacity() == 0 {
            self.buffer.reserve_exact(self.part_size());
        }
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
    /// Gives up what was not committed, and what nobody heard of.
    fn drop(&mut self) {
        let (started, lost) = (self.started.take(), self.lost.take());
        if started.is_none() && lost.is_none() {
            return;
        }
        let Ok(runtime) = self.object.s3.runtime() else { return };
        runtime.block_on(async {
            if let Some(started) = started {
                started.abort().await;
            }
            if let Some(lost) = lost {
                let _ = tokio::time::timeout(ABORT_WITHIN, self.object.end_orphans(lost)).await;
            }
        });
    }
}

impl Started {
    async fn abort(mut self) {
        // No part may arrive after the abort.
        self.pending.iter().for_each(JoinHandle::abort);
        for part in self.pending.drain(..) {
            // Cancelled or done, it is over.
            let _ = part.await;
        }
        // What cannot be aborted now is left to the bucket's rule for incomplete uploads.
        let _ = tokio::time::timeout(ABORT_WITHIN, self.upload.abort()).await;
    }
}
