//! Looking at a node.

use std::fmt;

use crate::array::raw_bits;
use crate::graph::{ContainerKind, Node, Run};
use crate::{
    Array, Class, DataFrame, Dtype, Graph, Index, Items, NodeId, Object, Scalar, Series, Sparse,
};

/// A node and the graph it belongs to. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Value<'g> {
    graph: &'g Graph,
    id: NodeId,
}

/// What a node is.
#[derive(Clone)]
pub enum Kind<'g> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of at most 64 bits.
    Int(i64),
    /// A longer integer, little-endian two's complement.
    BigInt(&'g [u8]),
    /// A float.
    Float(f64),
    /// Text.
    Text(&'g str),
    /// `bytes` or `bytearray`.
    Bytes(&'g [u8]),
    /// A list.
    List(Items<'g>),
    /// A tuple.
    Tuple(Items<'g>),
    /// A dict; the items are keys and values in turn, see [`Value::entries`].
    Dict(Items<'g>),
    /// A set.
    Set(Items<'g>),
    /// A frozenset.
    FrozenSet(Items<'g>),
    /// A class or function, by name.
    Class(Class<'g>),
    /// An object: how it would be built.
    Object(Object<'g>),
    /// A numpy array or scalar.
    Array(&'g Array),
    /// A numpy dtype object.
    Dtype(&'g Dtype),
    /// A pandas index.
    Index(Index),
    /// A pandas series.
    Series(Series),
    /// A pandas data frame.
    DataFrame(&'g DataFrame),
    /// A scipy sparse matrix.
    Sparse(Sparse),
}

/// What a node is, without looking at its content: costs the same for a word and a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of `Kind`")]
pub enum Tag {
    None,
    Bool,
    Int,
    BigInt,
    Float,
    Text,
    Bytes,
    List,
    Tuple,
    Dict,
    Set,
    FrozenSet,
    Class,
    Object,
    Array,
    Dtype,
    Index,
    Series,
    DataFrame,
    Sparse,
}

impl<'g> Value<'g> {
    pub(crate) fn new(graph: &'g Graph, id: NodeId) -> Self {
        Self { graph, id }
    }

    /// The node's number.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The graph the node belongs to.
    #[must_use]
    pub fn graph(self) -> &'g Graph {
        self.graph
    }

    /// Another node of the same graph.
    #[must_use]
    pub fn at(self, id: NodeId) -> Self {
        Self { graph: self.graph, id }
    }

    /// What the node is.
    #[must_use]
    pub fn kind(self) -> Kind<'g> {
        let graph = self.graph;
        let items = |run: Run| Items { graph, run, next: None, left: run.len as usize };
        match graph.node(self.id) {
            Node::None => Kind::None,
            Node::Bool(it) => Kind::Bool(it),
            Node::Int(it) => Kind::Int(it),
            Node::BigInt { start, len } => Kind::BigInt(graph.bytes(start, len.into())),
            Node::Float(it) => Kind::Float(it),
            Node::Text { start, len } => {
                Kind::Text(str::from_utf8(graph.bytes(start, len.into())).unwrap_or_default())
            }
            Node::Bytes { start, len } => Kind::Bytes(graph.bytes(start, len.into())),
            Node::List(run) => Kind::List(items(run)),
            Node::Tuple(run) => Kind::Tuple(items(run)),
            Node::Dict(run) => Kind::Dict(items(run)),
            Node::Set(run) => Kind::Set(items(run)),
            Node::FrozenSet(run) => Kind::FrozenSet(items(run)),
            Node::Open(slot) => self.open_kind(slot),
            Node::Class { module, name } => Kind::Class(self.class_at(module, name)),
            Node::Object(slot) => match graph.objects.get(slot as usize) {
                Some(parts) => Kind::Object(Object { graph, parts }),
                None => Kind::None,
            },
            Node::Array(it) => graph.arrays.get(it as usize).map_or(Kind::None, Kind::Array),
            Node::Dtype(it) => graph.dtypes.get(it as usize).map_or(Kind::None, Kind::Dtype),
            Node::Index(it) => {
                graph.indexes.get(it as usize).copied().map_or(Kind::None, Kind::Index)
            }
            Node::Series(it) => {
                graph.series.get(it as usize).copied().map_or(Kind::None, Kind::Series)
            }
            Node::DataFrame(it) => {
                graph.frames.get(it as usize).map_or(Kind::None, Kind::DataFrame)
            }
            Node::Sparse(it) => {
                graph.sparse.get(it as usize).copied().map_or(Kind::None, Kind::Sparse)
            }
        }
    }

    /// What the node is, at no cost: [`Self::kind`] of a text reads the text.
    #[must_use]
    pub fn tag(self) -> Tag {
        match self.graph.node(self.id) {
            Node::None => Tag::None,
            Node::Bool(_) => Tag::Bool,
            Node::Int(_) => Tag::Int,
            Node::BigInt { .. } => Tag::BigInt,
            Node::Float(_) => Tag::Float,
            Node::Text { .. } => Tag::Text,
            Node::Bytes { .. } => Tag::Bytes,
            Node::List(_) => Tag::List,
            Node::Tuple(_) => Tag::Tuple,
            Node::Dict(_) => Tag::Dict,
            Node::Set(_) => Tag::Set,
            Node::FrozenSet(_) => Tag::FrozenSet,
            Node::Open(slot) => match self.graph.open.get(slot as usize).map(|it| it.kind) {
                Some(ContainerKind::List) => Tag::List,
                Some(ContainerKind::Dict) => Tag::Dict,
                Some(ContainerKind::Set) => Tag::Set,
                None => Tag::None,
            },
            Node::Class { .. } => Tag::Class,
            Node::Object(_) => Tag::Object,
            Node::Array(_) => Tag::Array,
            Node::Dtype(_) => Tag::Dtype,
            Node::Index(_) => Tag::Index,
            Node::Series(_) => Tag::Series,
            Node::DataFrame(_) => Tag::DataFrame,
            Node::Sparse(_) => Tag::Sparse,
        }
    }

    /// Number of items of a list, tuple or set, or of keys of a dict.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "most nodes have no length")]
    pub fn len(self) -> Option<usize> {
        let len = match self.graph.node(self.id) {
            Node::List(it) | Node::Tuple(it) | Node::Set(it) | Node::FrozenSet(it) => it.len,
            Node::Dict(it) => it.len / 2,
            Node::Open(slot) => match self.graph.open.get(slot as usize)? {
                it if it.kind == ContainerKind::Dict => it.len / 2,
                it => it.len,
            },
            _ => return None,
        };
        Some(len as usize)
    }

    /// The bytes of a text or bytes node.
    #[must_use]
    pub fn as_raw(self) -> Option<&'g [u8]> {
        match self.graph.node(self.id) {
            Node::Text { start, len } | Node::Bytes { start, len } => {
                Some(self.graph.bytes(start, len.into()))
            }
            _ => None,
        }
    }

    /// Whether it is the text `it`; costs nothing if the lengths differ.
    #[must_use]
    pub fn is_text(self, it: &str) -> bool {
        self.tag() == Tag::Text && self.as_raw() == Some(it.as_bytes())
    }

    /// Whether it is `None`.
    #[must_use]
    pub fn is_none(self) -> bool {
        matches!(self.graph.node(self.id), Node::None)
    }

    /// The text, also of a `numpy.str_`.
    #[must_use]
    pub fn as_str(self) -> Option<&'g str> {
        match self.kind() {
            Kind::Text(it) => Some(it),
            _ => None,
        }
    }

    /// A Python or numpy boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.kind() {
            Kind::Bool(it) => Some(it),
            Kind::Array(it) if it.dtype.scalar == Scalar::Bool => {
                self.scalar_bits(it).map(|bits| bits != 0)
            }
            _ => None,
        }
    }

    /// A Python or numpy integer that fits; a bool is not one.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self.kind() {
            Kind::Int(it) => Some(it),
            Kind::Array(it) if matches!(it.dtype.scalar, Scalar::Int | Scalar::UInt) => it
                .shape
                .is_empty()
                .then(|| it.to_i64(self.graph))?
                .and_then(|all| all.first().copied()),
            _ => None,
        }
    }

    /// A Python or numpy number as a float; a bool is not one.
    #[must_use]
    pub fn as_f64(self) -> Option<f64> {
        match self.kind() {
            Kind::Int(it) => Some(it as f64),
            Kind::Float(it) => Some(it),
            Kind::Array(it) if it.shape.is_empty() && it.dtype.scalar != Scalar::Bool => {
                it.to_f64(self.graph).and_then(|all| all.first().copied())
            }
            _ => None,
        }
    }

    /// The array, if it is one.
    #[must_use]
    pub fn as_array(self) -> Option<&'g Array> {
        match self.kind() {
            Kind::Array(it) => Some(it),
            _ => None,
        }
    }

    /// A dtype, as numpy's `dtype(it)` reads it: a dtype object, a class such as `numpy.float64`
    /// or `builtins.float`, or a name such as `"float64"` or `"<f8"`.
    #[must_use]
    pub fn as_dtype(self) -> Option<Dtype> {
        match self.kind() {
            Kind::Dtype(it) => Some(it.clone()),
            Kind::Text(it) => Dtype::parse(it),
            Kind::Class(it) => Dtype::of_class(it.module, it.name),
            _ => None,
        }
    }

    /// Why decoding left this object as it is, if there was something it could not read.
    #[must_use]
    pub fn reason(self) -> Option<&'g str> {
        self.graph.reasons.get(&self.id).map(|it| &**it)
    }

    /// Where in the file it stands: an object where it is asked for, text and bytes where they are
    /// written, a class where its name is. `None` for all else and for what decoding wrote out.
    #[must_use]
    pub fn offset(self) -> Option<u64> {
        match self.graph.node(self.id) {
            Node::Class { module, name } => {
                self.written_at(name).or_else(|| self.written_at(module))
            }
            Node::Object(_) => self.as_object().map(Object::offset),
            _ => self.written_at(self.id),
        }
    }

    /// The object, if it is one.
    #[must_use]
    pub fn as_object(self) -> Option<Object<'g>> {
        match self.kind() {
            Kind::Object(it) => Some(it),
            _ => None,
        }
    }

    /// The items of a list, tuple, set or one-dimensional object array.
    #[must_use]
    pub fn items(self) -> Option<Items<'g>> {
        match self.kind() {
            Kind::List(it) | Kind::Tuple(it) | Kind::Set(it) | Kind::FrozenSet(it) => Some(it),
            Kind::Array(Array {
                shape, data: crate::ArrayData::Objects { start, len }, ..
            }) if shape.len() == 1 => {
                let run = Run { start: *start, len: *len };
                Some(Items { graph: self.graph, run, next: None, left: *len as usize })
            }
            _ => None,
        }
    }

    /// Keys and values of a dict, or of an object that is a kind of dict.
    #[must_use]
    pub fn entries(self) -> Option<impl Iterator<Item = (Value<'g>, Value<'g>)> + use<'g>> {
        let mut items = match self.kind() {
            Kind::Dict(it) => it,
            Kind::Object(it) => match it.entries()?.kind() {
                Kind::Dict(it) => it,
                _ => return None,
            },
            _ => return None,
        };
        Some(std::iter::from_fn(move || Some((items.next()?, items.next()?))))
    }

    /// The value under a text key of a dict; of several the last, as in Python.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Value<'g>> {
        self.entries()?.filter(|(k, _)| k.is_text(key)).last().map(|(_, v)| v)
    }

    /// An attribute of an object: its state's entry.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<Value<'g>> {
        self.as_object()?.attribute(name)
    }

    /// What Python would call its type, for messages.
    #[must_use]
    pub fn type_name(self) -> String {
        match self.kind() {
            Kind::None => "None".to_owned(),
            Kind::Bool(_) => "bool".to_owned(),
            Kind::Int(_) | Kind::BigInt(_) => "int".to_owned(),
            Kind::Float(_) => "float".to_owned(),
            Kind::Text(_) => "str".to_owned(),
            Kind::Bytes(_) => "bytes".to_owned(),
            Kind::List(_) => "list".to_owned(),
            Kind::Tuple(_) => "tuple".to_owned(),
            Kind::Dict(_) => "dict".to_owned(),
            Kind::Set(_) => "set".to_owned(),
            Kind::FrozenSet(_) => "frozenset".to_owned(),
            Kind::Class(it) => format!("class {it}"),
            Kind::Object(it) => it.class().map_or("object".to_owned(), |it| it.to_string()),
            Kind::Array(it) => format!("{} array of shape {:?}", it.dtype, it.shape),
            Kind::Dtype(it) => format!("dtype {it}"),
            Kind::Index(_) => "pandas Index".to_owned(),
            Kind::Series(_) => "pandas Series".to_owned(),
            Kind::DataFrame(_) => "pandas DataFrame".to_owned(),
            Kind::Sparse(_) => "scipy sparse matrix".to_owned(),
        }
    }

    fn written_at(self, id: NodeId) -> Option<u64> {
        match self.graph.node(id) {
            Node::Text { start, .. } | Node::Bytes { start, .. } => {
                (start < self.graph.input.len() as u64).then_some(start)
            }
            _ => None,
        }
    }

    fn scalar_bits(self, array: &Array) -> Option<u64> {
        let cell = array.bytes(self.graph)?;
        (array.shape.is_empty() && cell.len() <= 8).then(|| raw_bits(cell, array.dtype.order))
    }

    fn open_kind(self, slot: u32) -> Kind<'g> {
        let graph = self.graph;
        let Some(open) = graph.open.get(slot as usize) else { return Kind::None };
        let run = Run { start: 0, len: 0 };
        let items = Items { graph, run, next: open.first, left: open.len as usize };
        match open.kind {
            ContainerKind::List => Kind::List(items),
            ContainerKind::Dict => Kind::Dict(items),
            ContainerKind::Set => Kind::Set(items),
        }
    }

    fn class_at(self, module: NodeId, name: NodeId) -> Class<'g> {
        let text = |id| self.at(id).as_str().unwrap_or_default();
        Class { module: text(module), name: text(name) }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {}", self.id.0, self.type_name())
    }
}
