//! Which versions a run has read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Location, Version};

/// The versions of what was opened; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Versions(Arc<Mutex<BTreeMap<String, Option<Version>>>>);

impl Versions {
    /// The version in which a location was opened. `None`: it was not opened, in more than one version, or in
    /// one that nobody can tell.
    #[must_use]
    pub fn of(&self, location: &Location) -> Option<Version> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&location.to_string()).cloned().flatten()
    }

    pub(crate) fn note(&self, location: &Location, version: Option<&Version>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let noted = all.entry(location.to_string()).or_insert_with(|| version.cloned());
        if noted.as_ref() != version {
            *noted = None;
        }
    }
}
