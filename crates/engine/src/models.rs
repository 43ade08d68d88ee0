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
    /// It was asked for a moment ago, and was this version.
    Fresh(Version, Loaded),
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
                    Known::Fresh(it.version.clone(), it.loaded.clone())
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking
mod tests {
    use std::thread;

    use s3_server::Server;
    use storage::{S3Settings, Storage};

    use super::*;
    use crate::load::load_graph;
    use crate::{Limits, Settings};

    /// Bytes of a file in these tests: a pickle of a text.
    const FILE: usize = 1000;

    fn pickle(fill: char) -> Vec<u8> {
        let text = fill.to_string().repeat(FILE - 7);
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        [b"\x80\x03X", &length[..], text.as_bytes(), b"."].concat()
    }

    struct Place {
        server: Server,
        settings: Settings,
    }

    fn place(n_files: u64, fresh_for: Duration) -> Place {
        let server = Server::start(&["models"]).unwrap();
        for name in ["a", "b", "c", "d"] {
            server.put("models", name, pickle('x'));
        }
        let bytes = n_files * BYTES_PER_FILE_BYTE * pickle('x').len() as u64;
        let settings = Settings {
            storage: Storage::new(S3Settings::from_variables(server.variables())),
            models: Models::new(CacheOptions { bytes, fresh_for }),
            limits: Limits::default(),
            ..Settings::default()
        };
        Place { server, settings }
    }

    impl Place {
        /// Statuses of what is asked of S3 for a model.
        fn load(&self, name: &str) -> Vec<u16> {
            let from = self.server.seen().len();
            let uri = format!("s3://models/{name}");
            load_graph(&Location::parse(&uri).unwrap(), &self.settings).unwrap();
            self.server.seen().split_off(from).iter().map(|it| it.status).collect()
        }

        fn text(&self, name: &str) -> String {
            let location = Location::parse(&format!("s3://models/{name}")).unwrap();
            let graph = load_graph(&location, &self.settings).unwrap();
            graph.root().as_str().unwrap().to_owned()
        }

        fn kept(&self) -> Vec<String> {
            let shared = self.settings.models.0.as_ref().unwrap();
            shared.kept().entries.keys().cloned().collect()
        }
    }

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn what_was_used_longest_ago_goes_first_and_the_bound_holds() {
        let it = place(2, HOUR);
        for (name, asked, kept) in [
            ("a", &[206][..], &["a"][..]),
            ("b", &[206], &["a", "b"]),
            ("a", &[], &["a", "b"]),
            ("c", &[206], &["a", "c"]),
            ("a", &[], &["a", "c"]),
            ("d", &[206], &["a", "d"]),
            ("b", &[206], &["b", "d"]),
        ] {
            assert_eq!(it.load(name), asked, "{name}");
            let kept: Vec<String> = kept.iter().map(|it| format!("s3://models/{it}")).collect();
            assert_eq!(it.kept(), kept, "after {name}");
        }
        let none = place(0, HOUR);
        assert_eq!((none.load("a"), none.load("a")), (vec![206], vec![206]));
        assert_eq!(none.kept(), Vec::<String>::new(), "too large to be kept");
    }

    #[test]
    fn a_fresh_model_is_not_asked_for_and_a_stale_one_is_read_only_if_it_has_changed() {
        let it = place(4, HOUR);
        assert_eq!((it.load("a"), it.load("a")), (vec![206], vec![]));
        it.server.put("models", "a", pickle('y'));
        assert!(it.text("a").starts_with('x'), "for an hour nobody asks");

        let it = place(4, Duration::ZERO);
        assert_eq!((it.load("a"), it.load("a")), (vec![206], vec![304]));
        it.server.put("models", "a", pickle('y'));
        assert_eq!(it.load("a"), [206]);
        assert!(it.text("a").starts_with('y'));
        assert_eq!(it.load("a"), [304]);

        let it = place(4, Duration::from_millis(300));
        assert_eq!(it.load("a"), [206]);
        thread::sleep(Duration::from_millis(350));
        assert_eq!(it.load("a"), [304], "after its time");
    }

    #[test]
    fn many_threads_share_models_that_change_under_them() {
        let it = place(2, Duration::ZERO);
        thread::scope(|scope| {
            for n in 0..8 {
                let it = &it;
                scope.spawn(move || {
                    for round in 0..20 {
                        if n == 0 {
                            let fill = if round % 2 == 0 { 'y' } else { 'x' };
                            it.server.put("models", "a", pickle(fill));
                        }
                        let text = it.text(["a", "b", "c"][(n + round) % 3]);
                        let first = text.chars().next().unwrap();
                        assert!(text.len() == FILE - 7 && text.chars().all(|it| it == first));
                    }
                });
            }
        });
        assert!(it.kept().len() <= 2);
        it.server.put("models", "a", pickle('z'));
        assert!(it.text("a").starts_with('z'), "what is there in the end is what is used");
    }
}
