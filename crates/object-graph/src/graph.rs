//! The arena.

use std::collections::BTreeMap;
use std::fmt;

use crate::value::Value;
use crate::{Array, DataFrame, Dtype, Index, Series, Sparse};

/// The number of a node in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The position in the arena, for visited sets.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A run of children in the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// One node: 16 bytes, whatever it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node {
    None,
    Bool(bool),
    Int(i64),
    /// Little-endian two's complement, longer than 8 bytes.
    BigInt {
        len: u32,
        start: u64,
    },
    Float(f64),
    Text {
        len: u32,
        start: u64,
    },
    Bytes {
        len: u32,
        start: u64,
    },
    List(Run),
    Tuple(Run),
    /// Keys and values in turn.
    Dict(Run),
    Set(Run),
    FrozenSet(Run),
    /// A container that may still grow: an index into the open containers.
    Open(u32),
    /// Module and qualified name: two text nodes.
    Class {
        module: NodeId,
        name: NodeId,
    },
    Object(u32),
    Array(u32),
    Dtype(u32),
    Index(u32),
    Series(u32),
    DataFrame(u32),
    Sparse(u32),
}

/// What a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContainerKind {
    List,
    Dict,
    Set,
}

/// Children of a growing container: a run, and the chunk after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk {
    pub(crate) run: Run,
    pub(crate) next: Option<u32>,
}

/// A container while the file is read: a chain of chunks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Open {
    pub(crate) kind: ContainerKind,
    pub(crate) first: Option<u32>,
    pub(crate) last: Option<u32>,
    pub(crate) len: u32,
}

/// How Python would build an object: a class, what it is called with, and what is set afterwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ObjectParts {
    pub(crate) class: NodeId,
    pub(crate) args: NodeId,
    pub(crate) state: Option<NodeId>,
    /// Items appended after construction (subclasses of list, set).
    pub(crate) items: Option<NodeId>,
    /// Keys and values set after construction (subclasses of dict).
    pub(crate) entries: Option<NodeId>,
    pub(crate) offset: u64,
}

/// A decoded file: nodes, their children, and the bytes they refer to.
#[derive(Default)]
pub struct Graph {
    pub(crate) input: Vec<u8>,
    pub(crate) owned: Vec<u8>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) pool: Vec<NodeId>,
    pub(crate) objects: Vec<ObjectParts>,
    pub(crate) arrays: Vec<Array>,
    pub(crate) dtypes: Vec<Dtype>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) series: Vec<Series>,
    pub(crate) frames: Vec<DataFrame>,
    pub(crate) sparse: Vec<Sparse>,
    pub(crate) open: Vec<Open>,
    pub(crate) chunks: Vec<Chunk>,
    /// Why objects were left inert, by node.
    pub(crate) reasons: BTreeMap<NodeId, Box<str>>,
    pub(crate) root: Option<NodeId>,
}

impl Graph {
    /// The object the file is about.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        self.value(self.root.unwrap_or(NodeId(0)))
    }

    /// A node of this graph, to look at.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Value<'_> {
        Value::new(self, id)
    }

    /// Bytes of the file, decompressed.
    #[must_use]
    pub fn input_len(&self) -> usize {
        self.input.len()
    }

    /// Bytes the graph holds: the file's, and what decoding added.
    #[must_use]
    pub fn size(&self) -> usize {
        self.input.len()
            + self.owned.len()
            + size_of_val(self.nodes.as_slice())
            + size_of_val(self.pool.as_slice())
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes, in the order the file made them.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.nodes.len() as u32).map(|id| self.value(NodeId(id)))
    }

    /// Bytes by virtual address: the input first, then what decoding had to write out.
    /// Out of range gives an empty slice.
    pub(crate) fn bytes(&self, start: u64, len: u64) -> &[u8] {
        let (Ok(start), Ok(len)) = (usize::try_from(start), usize::try_from(len)) else {
            return &[];
        };
        let (buffer, start) = match start.checked_sub(self.input.len()) {
            None => (&self.input, start),
            Some(start) => (&self.owned, start),
        };
        start.checked_add(len).and_then(|end| buffer.get(start..end)).unwrap_or(&[])
    }

    pub(crate) fn children(&self, start: u32, len: u32) -> &[NodeId] {
        let start = start as usize;
        self.pool.get(start..start + len as usize).unwrap_or(&[])
    }

    pub(crate) fn node(&self, id: NodeId) -> Node {
        self.nodes.get(id.index()).copied().unwrap_or(Node::None)
    }
}

/// Counts only: a graph may be cyclic.
impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph")
            .field("nodes", &self.nodes.len())
            .field("children", &self.pool.len())
            .field("objects", &self.objects.len())
            .field("arrays", &self.arrays.len())
            .finish_non_exhaustive()
    }
}
