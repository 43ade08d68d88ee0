//! A bound on the bytes of bodies and answers in memory, whoever sent them.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a request takes at least, so that there are none beside those that fill the memory.
pub(super) const LEAST: usize = 1024;

/// The bytes that may be held, altogether.
pub(super) struct Held(Arc<Semaphore>);

/// Some of them; given back when dropped.
pub(super) type Share = OwnedSemaphorePermit;

impl Held {
    pub(super) fn new(n_bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(n_bytes.min(Semaphore::MAX_PERMITS))))
    }

    /// So many bytes, if they are free.
    pub(super) fn take(&self, n_bytes: usize) -> Option<Share> {
        let n_bytes = u32::try_from(n_bytes).ok()?;
        Arc::clone(&self.0).try_acquire_many_owned(n_bytes).ok()
    }

    /// An answer counts until it is written. It was made already, so it is sent even if it is more than is free: then
    /// the next requests find nothing.
    pub(super) fn keep(&self, answer: Bytes) -> Bytes {
        let free = self.0.available_permits();
        match self.take(answer.len().min(free)) {
            Some(share) => Bytes::from_owner(Kept { answer, _share: share }),
            None => answer,
        }
    }
}

struct Kept {
    answer: Bytes,
    _share: Share,
}

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        &self.answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_until_it_is_written() {
        let held = Held::new(100);
        let share = held.take(60).unwrap();
        assert!(held.take(41).is_none());
        let mut answer = held.keep(Bytes::from(vec![7; 1000]));
        assert!(held.take(1).is_none(), "it is sent whole, and fills what is left");
        let part = answer.split_to(10);
        drop(answer);
        assert!(held.take(1).is_none(), "a part of it is there still");
        assert_eq!(part, vec![7; 10]);
        drop((part, share));
        assert!(held.take(100).is_some());
    }
}
