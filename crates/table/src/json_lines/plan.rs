//! What to do with each key: parse its value, replace it, or pass over it.

use std::collections::HashMap;

use crate::Error;
use crate::csv::{Kind, check_names};

/// Which keys are parsed and how, and which outputs there are.
#[derive(Debug, Clone)]
pub struct Plan {
    /// By key.
    actions: HashMap<String, Action>,
    /// The tile's columns, in the order the caller wanted.
    pub(super) kinds: Vec<Kind>,
    /// Their names.
    pub(super) names: Vec<String>,
    /// Each output's key, as JSON with the colon.
    pub(super) keys: Vec<String>,
}

/// What to do at one key.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Action {
    /// The column of the tile to parse into.
    pub(super) slot: Option<usize>,
    /// The output that takes the value's place.
    pub(super) output: Option<usize>,
}

impl Plan {
    /// A plan for tables of columns `names`: tiles have the columns `wanted` (index in `names` and
    /// kind), in that order; an output of a key's name takes its value's place, any other is appended.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Usage`] if a column is not there, or if two outputs have one name.
    pub fn new<S: AsRef<str>>(
        names: &[String],
        wanted: &[(usize, Kind)],
        outputs: &[S],
    ) -> Result<Self, Error> {
        check_names(outputs)?;
        let mut actions: HashMap<String, Action> = HashMap::new();
        let mut wanted_names = Vec::with_capacity(wanted.len());
        for (slot, (column, _)) in wanted.iter().enumerate() {
            let Some(name) = names.get(*column) else {
                let n = names.len();
                return Err(Error::usage(format!("column {column} is wanted, the table has {n}")));
            };
            actions.entry(name.clone()).or_default().slot = Some(slot);
            wanted_names.push(name.clone());
        }
        let mut keys = Vec::with_capacity(outputs.len());
        for (output, name) in outputs.iter().map(AsRef::as_ref).enumerate() {
            actions.entry(name.to_owned()).or_default().output = Some(output);
            keys.push(format!("{}:", serde_json::Value::from(name)));
        }
        let kinds = wanted.iter().map(|&(_, kind)| kind).collect();
        Ok(Self { actions, kinds, names: wanted_names, keys })
    }

    pub(super) fn action(&self, key: &str) -> Action {
        self.actions.get(key).copied().unwrap_or_default()
    }
}
