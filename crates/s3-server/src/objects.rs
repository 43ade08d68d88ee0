//! Buckets, objects and uploads.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bytes::Bytes;
use md5::{Digest, Md5};

/// Names and values.
pub(crate) type Metadata = Vec<(String, String)>;

pub(crate) struct Object {
    pub(crate) bytes: Bytes,
    /// With its quotes.
    pub(crate) tag: String,
    pub(crate) metadata: Metadata,
}

/// An upload that has been started.
pub(crate) struct Upload {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) started: SystemTime,
    metadata: Metadata,
    pub(crate) parts: BTreeMap<usize, Bytes>,
}

pub(crate) struct Objects {
    buckets: BTreeMap<String, BTreeMap<String, Object>>,
    uploads: BTreeMap<String, Upload>,
    n_uploads: usize,
}

impl Objects {
    pub(crate) fn new(buckets: &[&str]) -> Self {
        let empty = |it: &&str| ((*it).to_owned(), BTreeMap::new());
        Self {
            buckets: buckets.iter().map(empty).collect(),
            uploads: BTreeMap::new(),
            n_uploads: 0,
        }
    }

    pub(crate) fn has_bucket(&self, bucket: &str) -> bool {
        self.buckets.contains_key(bucket)
    }

    pub(crate) fn get(&self, bucket: &str, key: &str) -> Option<&Object> {
        self.buckets.get(bucket)?.get(key)
    }

    /// Returns the object's tag.
    pub(crate) fn put(
        &mut self,
        bucket: &str,
        key: &str,
        bytes: Bytes,
        metadata: Metadata,
    ) -> String {
        let tag = format!("\"{}\"", hex(&digest(&bytes)));
        self.insert(bucket, key, Object { bytes, tag: tag.clone(), metadata });
        tag
    }

    fn insert(&mut self, bucket: &str, key: &str, object: Object) {
        self.buckets.entry(bucket.to_owned()).or_default().insert(key.to_owned(), object);
    }

    /// Returns the upload's id.
    pub(crate) fn start(&mut self, bucket: &str, key: &str, metadata: Metadata) -> String {
        self.n_uploads += 1;
        let id = format!("upload-{}", self.n_uploads);
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        let (started, parts) = (SystemTime::now(), BTreeMap::new());
        self.uploads.insert(id.clone(), Upload { bucket, key, started, metadata, parts });
        id
    }

    /// Returns the part's tag.
    pub(crate) fn part(&mut self, id: &str, number: usize, bytes: Bytes) -> Option<String> {
        let tag = format!("\"{}\"", hex(&digest(&bytes)));
        self.uploads.get_mut(id)?.parts.insert(number, bytes);
        Some(tag)
    }

    /// Returns the object's tag: the digest of the parts' digests, and their number. `None`: a part is not the one
    /// that `tags` say.
    pub(crate) fn complete(&mut self, id: &str, tags: &[String]) -> Option<String> {
        let upload = self.uploads.get(id)?;
        let own: Vec<String> =
            upload.parts.values().map(|it| format!("\"{}\"", hex(&digest(it)))).collect();
        if own != tags {
            return None;
        }
        let Upload { bucket, key, metadata, parts, .. } = self.uploads.remove(id)?;
        let digests: Vec<u8> = parts.values().flat_map(|it| digest(it)).collect();
        let tag = format!("\"{}-{}\"", hex(&digest(&digests)), parts.len());
        let bytes: Vec<u8> = parts.values().flat_map(|it| it.to_vec()).collect();
        self.insert(&bucket, &key, Object { bytes: bytes.into(), tag: tag.clone(), metadata });
        Some(tag)
    }

    pub(crate) fn remove(&mut self, bucket: &str, key: &str) {
        self.buckets.get_mut(bucket).and_then(|it| it.remove(key));
    }

    pub(crate) fn upload(&self, id: &str) -> Option<&Upload> {
        self.uploads.get(id)
    }

    pub(crate) fn uploads(&self) -> impl Iterator<Item = (&String, &Upload)> {
        self.uploads.iter()
    }

    pub(crate) fn abort(&mut self, id: &str) -> bool {
        self.uploads.remove(id).is_some()
    }

    pub(crate) fn end_uploads(&mut self) {
        self.uploads.clear();
    }

    pub(crate) fn open_uploads(&self) -> usize {
        self.uploads.len()
    }
}

fn digest(bytes: &[u8]) -> Vec<u8> {
    Md5::digest(bytes).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
