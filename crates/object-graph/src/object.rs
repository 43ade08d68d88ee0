//! Classes and objects: names, and the record of how an object would be built.

use std::fmt;

use crate::graph::ObjectParts;
use crate::{Graph, Kind, Value};

/// A class or function, by the two strings a file names it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Class<'g> {
    /// `sklearn.preprocessing._data`.
    pub module: &'g str,
    /// `StandardScaler`; may be dotted.
    pub name: &'g str,
}

impl Class<'_> {
    /// Whether module and name, joined by a dot, are `path`.
    #[must_use]
    pub fn is(&self, path: &str) -> bool {
        path.strip_prefix(self.module)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|rest| rest == self.name)
    }
}

impl fmt::Display for Class<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// How Python would build an object.
#[derive(Clone, Copy)]
pub struct Object<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) parts: &'g ObjectParts,
}

impl<'g> Object<'g> {
    /// Its class; `None` if the file gives something that is not a class in its place.
    #[must_use]
    pub fn class(self) -> Option<Class<'g>> {
        match self.class_value().kind() {
            Kind::Class(it) => Some(it),
            _ => None,
        }
    }

    /// What stands in the place of the class.
    #[must_use]
    pub fn class_value(self) -> Value<'g> {
        self.graph.value(self.parts.class)
    }

    /// What the class is called with.
    #[must_use]
    pub fn args(self) -> Value<'g> {
        self.graph.value(self.parts.args)
    }

    /// What its state is set to.
    #[must_use]
    pub fn state(self) -> Option<Value<'g>> {
        self.parts.state.map(|it| self.graph.value(it))
    }

    /// A list of what is appended to it.
    #[must_use]
    pub fn items(self) -> Option<Value<'g>> {
        self.parts.items.map(|it| self.graph.value(it))
    }

    /// A dict of what is set on it.
    #[must_use]
    pub fn entries(self) -> Option<Value<'g>> {
        self.parts.entries.map(|it| self.graph.value(it))
    }

    /// Where in the file it is asked for.
    #[must_use]
    pub fn offset(self) -> u64 {
        self.parts.offset
    }

    /// An attribute: an entry of the state dict, or of the slots dict of a `(dict, slots)` state.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<Value<'g>> {
        let state = self.state()?;
        match state.kind() {
            Kind::Tuple(mut parts) if parts.len() == 2 => parts.find_map(|it| it.get(name)),
            _ => state.get(name),
        }
    }
}

impl fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "object of {:?}", self.class())
    }
}
