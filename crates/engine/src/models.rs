//! Models kept in memory between requests, by where they come from and in which version.
//!
//! A model is asked for again after a while with its version's tag: if the object has not changed, nothing is
//! read. What was used longest ago goes first when there are too many bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use estimators::{Iterations, Model};
use object_graph::Graph;
use storage::{Location, Version};

/// A model takes about as many bytes again as its file.
const BYTES_PER_FILE_BYTE: u64 = 2;

/// How models are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheOptions {
    /// Bytes of all models together; a larger one is not kept.
    pub bytes: u64,
    /// For so long a model is used without asking whether it has changed.
    pub fresh_for: Duration,
}

/// Models kept in memory; clones share them. The default keeps none.
#[derive(Clone, Default)]
pub struct Models(Option<Arc<Shared>>);

struct Shared {
    options: CacheOptions,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: BTreeMap<String, Entry>,
    /// Counts uses.
    clock: u64,
}

struct Entry {
    version: Version,
    checked: Instant,
    used: u64,
    bytes: u64,
    loaded: Loaded,
}

/// A decoded file, and the model in it once it was read, with the iterations it was read for.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) graph: Arc<Graph>,
    pub(crate) model: Option<(Iterations, Arc<Model>)>,
}

/// What is known of a file.
pub(crate) enum Known {
    /// It was asked for a moment ago.
    Fresh(Loaded),
    /// It may have changed since this version.
    Stale(Version, Loaded),
    /// Nothing.
    Nothing,
}

impl Models {
    /// Keeps models.
    #[must_use]
    pub fn new(options: CacheOptions) -> Self {
        Self(Some(Arc::new(Shared { options, kept: Mutex::default() })))
    }

    pub(crate) fn find(&self, location: &Location) -> Known {
        let Some(shared) = &self.0 else { return Known::Nothing };
        let mut kept = shared.kept();
        kept.clock += 1;
        let clock = kept.clock;
        match kept.entries.get_mut(&location.to_string()) {
            Some(it) => {
                it.used = clock;
                if it.checked.elapsed() < shared.options.fresh_for {
                    Known::Fresh(it.loaded.clone())
                } else {
                    Known::Stale(it.version.clone(), it.loaded.clone())
                }
            }
            None => Known::Nothing,
        }
    }

    /// Notes that the version that is kept is still the one there.
    pub(crate) fn confirm(&self, location: &Location) {
        if let Some(shared) = &self.0
            && let Some(entry) = shared.kept().entries.get_mut(&location.to_string())
        {
            entry.checked = Instant::now();
        }
    }

    /// Keeps a file that was just read.
    pub(crate) fn keep(&self, location: &Location, version: Option<Version>, loaded: &Loaded) {
        let (Some(shared), Some(version)) = (&self.0, version) else { return };
        let bytes = BYTES_PER_FILE_BYTE.saturating_mul(loaded.graph.input_len() as u64);
        let mut kept = shared.kept();
        kept.entries.remove(&location.to_string());
        if shared.options.bytes < bytes {
            return;
        }
        kept.clock += 1;
        let (checked, used) = (Instant::now(), kept.clock);
        let entry = Entry { version, checked, used, bytes, loaded: loaded.clone() };
        kept.entries.insert(location.to_string(), entry);
        kept.shrink(shared.options.bytes);
    }

    /// Keeps the model that was read from a file that is kept.
    pub(crate) fn keep_model(
        &self,
        location: &Location,
        graph: &Arc<Graph>,
        iterations: Iterations,
        model: &Arc<Model>,
    ) {
        if let Some(shared) = &self.0
            && let Some(entry) = shared.kept().entries.get_mut(&location.to_string())
            && Arc::ptr_eq(&entry.loaded.graph, graph)
        {
            entry.loaded.model = Some((iterations, Arc::clone(model)));
        }
    }
}

impl Shared {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn shrink(&mut self, limit: u64) {
        while limit < self.entries.values().map(|it| it.bytes).sum() {
            let oldest = self.entries.iter().min_by_key(|(_, it)| it.used);
            let Some(name) = oldest.map(|(name, _)| name.clone()) else { return };
            self.entries.remove(&name);
        }
    }
}

impl std::fmt::Debug for Models {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let options = self.0.as_ref().map(|it| it.options);
        f.debug_tuple("Models").field(&options).finish()
    }
}
