//! Building a graph, within a budget of bytes.

use std::fmt;
use std::mem::size_of;

use crate::graph::{Chunk, ContainerKind, Node, ObjectParts, Open, Run};
use crate::value::Value;
use crate::{Array, DataFrame, Graph, Index, NodeId, Series, Sparse};

/// The graph would need more memory than its budget, or more nodes than there are numbers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// The budget in bytes.
    pub budget: u64,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the objects in the file need more than the allowed {} bytes", self.budget)
    }
}

impl std::error::Error for Full {}

/// Grows a [`Graph`]. Every method that adds something may find the budget used up.
pub struct Builder {
    graph: Graph,
    budget: u64,
    used: u64,
}

impl Builder {
    /// A builder over the file's bytes, which the graph keeps and refers to. `budget` bounds what
    /// is allocated beside them.
    #[must_use]
    pub fn new(input: Vec<u8>, budget: u64) -> Self {
        Self { graph: Graph { input, ..Graph::default() }, budget, used: 0 }
    }

    /// The file's bytes.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        &self.graph.input
    }

    /// Bytes of the budget used so far.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Charges the budget for something that is kept elsewhere while the file is read.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Full> {
        let full = Full { budget: self.budget };
        self.used = self.used.checked_add(bytes as u64).ok_or(full)?;
        if self.budget < self.used { Err(full) } else { Ok(()) }
    }

    /// A node as far as it is built.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Value<'_> {
        self.graph.value(id)
    }

    /// The graph as far as it is built.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// `None`.
    pub fn none(&mut self) -> Result<NodeId, Full> {
        self.push(Node::None)
    }

    /// `True` or `False`.
    pub fn bool(&mut self, it: bool) -> Result<NodeId, Full> {
        self.push(Node::Bool(it))
    }

    /// An integer that fits 64 bits.
    pub fn int(&mut self, it: i64) -> Result<NodeId, Full> {
        self.push(Node::Int(it))
    }

    /// A longer integer, as little-endian two's complement.
    pub fn big_int(&mut self, bytes: &[u8]) -> Result<NodeId, Full> {
        let (start, len) = self.own(bytes)?;
        self.push(Node::BigInt { start, len })
    }

    /// A float.
    pub fn float(&mut self, it: f64) -> Result<NodeId, Full> {
        self.push(Node::Float(it))
    }

    /// Text that stands in the input as UTF-8. `None` inside if it is not valid UTF-8 or the range
    /// is not inside the input.
    pub fn input_text(&mut self, start: usize, len: usize) -> Result<Option<NodeId>, Full> {
        let valid =
            slice(&self.graph.input, start, len).is_some_and(|it| str::from_utf8(it).is_ok());
        let Ok(len) = u32::try_from(len) else { return Err(self.full()) };
        if !valid {
            return Ok(None);
        }
        self.push(Node::Text { start: start as u64, len }).map(Some)
    }

    /// Text that decoding wrote out.
    pub fn text(&mut self, it: &str) -> Result<NodeId, Full> {
        let (start, len) = self.own(it.as_bytes())?;
        self.push(Node::Text { start, len })
    }

    /// Bytes that stand in the input. `None` inside if the range is not inside the input.
    pub fn input_bytes(&mut self, start: usize, len: usize) -> Result<Option<NodeId>, Full> {
        let inside = slice(&self.graph.input, start, len).is_some();
        let Ok(len) = u32::try_from(len) else { return Err(self.full()) };
        if !inside {
            return Ok(None);
        }
        self.push(Node::Bytes { start: start as u64, len }).map(Some)
    }

    /// Bytes that decoding wrote out.
    pub fn bytes(&mut self, it: &[u8]) -> Result<NodeId, Full> {
        let (start, len) = self.own(it)?;
        self.push(Node::Bytes { start, len })
    }

    /// Where the bytes of a `Bytes` or `Text` node are: start and length, for
    /// [`ArrayData::Bytes`](crate::ArrayData).
    #[must_use]
    pub fn span(&self, id: NodeId) -> Option<(u64, u64)> {
        match self.graph.node(id) {
            Node::Bytes { start, len } | Node::Text { start, len } => Some((start, u64::from(len))),
            _ => None,
        }
    }

    /// A tuple.
    pub fn tuple(&mut self, items: &[NodeId]) -> Result<NodeId, Full> {
        let run = self.pool(items)?;
        self.push(Node::Tuple(run))
    }

    /// A frozenset.
    pub fn frozenset(&mut self, items: &[NodeId]) -> Result<NodeId, Full> {
        let run = self.pool(items)?;
        self.push(Node::FrozenSet(run))
    }

    /// An empty list.
    pub fn list(&mut self) -> Result<NodeId, Full> {
        self.open(ContainerKind::List)
    }

    /// An empty dict; its children are keys and values in turn.
    pub fn dict(&mut self) -> Result<NodeId, Full> {
        self.open(ContainerKind::Dict)
    }

    /// An empty set.
    pub fn set(&mut self) -> Result<NodeId, Full> {
        self.open(ContainerKind::Set)
    }

    /// Appends to a list, dict (keys and values in turn) or set; `false` if `id` is none of them.
    pub fn extend(&mut self, id: NodeId, items: &[NodeId]) -> Result<bool, Full> {
        let Node::Open(slot) = self.graph.node(id) else { return Ok(false) };
        let Some(mut open) = self.graph.open.get(slot as usize).copied() else { return Ok(false) };
        if items.is_empty() {
            return Ok(true);
        }
        let run = self.pool(items)?;
        let last = open.last.and_then(|it| self.graph.chunks.get_mut(it as usize));
        match last {
            Some(last) if last.run.start + last.run.len == run.start => last.run.len += run.len,
            _ => self.chain(&mut open, run)?,
        }
        open.len += run.len;
        if let Some(slot) = self.graph.open.get_mut(slot as usize) {
            *slot = open;
        }
        Ok(true)
    }

    /// A class, by module and qualified name (two text nodes).
    pub fn class(&mut self, module: NodeId, name: NodeId) -> Result<NodeId, Full> {
        self.push(Node::Class { module, name })
    }

    /// An object of `class`, built with `args` (a tuple node); `offset` is where the file asks for it.
    pub fn object(&mut self, class: NodeId, args: NodeId, offset: u64) -> Result<NodeId, Full> {
        self.charge(size_of::<ObjectParts>())?;
        let slot = self.graph.objects.len() as u32;
        let parts = ObjectParts { class, args, state: None, items: None, entries: None, offset };
        self.graph.objects.push(parts);
        self.push(Node::Object(slot))
    }

    /// Records what the object's state is set to; `false` if `id` is not an object.
    pub fn set_state(&mut self, id: NodeId, state: NodeId) -> bool {
        self.parts_mut(id).map(|it| it.state = Some(state)).is_some()
    }

    /// Records a list node of what is appended to an object; `false` if `id` is not an object.
    pub fn set_items(&mut self, id: NodeId, items: NodeId) -> bool {
        self.parts_mut(id).map(|it| it.items = Some(items)).is_some()
    }

    /// Records a dict node of what is set on an object; `false` if `id` is not an object.
    pub fn set_entries(&mut self, id: NodeId, entries: NodeId) -> bool {
        self.parts_mut(id).map(|it| it.entries = Some(entries)).is_some()
    }

    /// Puts `from`'s meaning in place of `id`: every reference to `id` now sees it.
    pub fn replace(&mut self, id: NodeId, from: NodeId) {
        let node = self.graph.node(from);
        if let Some(slot) = self.graph.nodes.get_mut(id.index()) {
            *slot = node;
        }
    }

    /// An array. The caller has checked that the data has as many elements as the shape.
    pub fn array(&mut self, it: Array) -> Result<NodeId, Full> {
        self.charge(size_of::<Array>() + 8 * it.shape.len())?;
        self.graph.arrays.push(it);
        self.push(Node::Array(self.graph.arrays.len() as u32 - 1))
    }

    /// Children for an array of objects: their place for [`ArrayData::Objects`](crate::ArrayData).
    pub fn array_objects(&mut self, items: &[NodeId]) -> Result<(u32, u32), Full> {
        self.pool(items).map(|it| (it.start, it.len))
    }

    /// A pandas index.
    pub fn index(&mut self, it: Index) -> Result<NodeId, Full> {
        self.charge(size_of::<Index>())?;
        self.graph.indexes.push(it);
        self.push(Node::Index(self.graph.indexes.len() as u32 - 1))
    }

    /// A pandas series.
    pub fn series(&mut self, it: Series) -> Result<NodeId, Full> {
        self.charge(size_of::<Series>())?;
        self.graph.series.push(it);
        self.push(Node::Series(self.graph.series.len() as u32 - 1))
    }

    /// A pandas data frame.
    pub fn data_frame(&mut self, it: DataFrame) -> Result<NodeId, Full> {
        self.charge(size_of::<DataFrame>() + 4 * it.data.len())?;
        self.graph.frames.push(it);
        self.push(Node::DataFrame(self.graph.frames.len() as u32 - 1))
    }

    /// A sparse matrix.
    pub fn sparse(&mut self, it: Sparse) -> Result<NodeId, Full> {
        self.charge(size_of::<Sparse>())?;
        self.graph.sparse.push(it);
        self.push(Node::Sparse(self.graph.sparse.len() as u32 - 1))
    }

    /// The number of nodes so far; all ids below it are valid.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.graph.nodes.len() as u32).map(NodeId)
    }

    /// The finished graph.
    pub fn finish(mut self, root: NodeId) -> Result<Graph, Full> {
        for at in 0..self.graph.nodes.len() {
            let Some(Node::Open(slot)) = self.graph.nodes.get(at).copied() else { continue };
            let Some(open) = self.graph.open.get(slot as usize).copied() else { continue };
            let run = self.contiguous(open)?;
            if let Some(node) = self.graph.nodes.get_mut(at) {
                *node = match open.kind {
                    ContainerKind::List => Node::List(run),
                    ContainerKind::Dict => Node::Dict(run),
                    ContainerKind::Set => Node::Set(run),
                };
            }
        }
        self.graph.open = Vec::new();
        self.graph.chunks = Vec::new();
        self.graph.root = Some(root);
        Ok(self.graph)
    }

    fn contiguous(&mut self, open: Open) -> Result<Run, Full> {
        let chunk = |at: Option<u32>, graph: &Graph| {
            at.and_then(|it| graph.chunks.get(it as usize).copied())
        };
        let Some(first) = chunk(open.first, &self.graph) else {
            return Ok(Run { start: 0, len: 0 });
        };
        if first.next.is_none() {
            return Ok(first.run);
        }
        self.charge(open.len as usize * size_of::<NodeId>())?;
        let start = self.graph.pool.len() as u32;
        let mut at = Some(first);
        while let Some(it) = at {
            let range = it.run.start as usize..(it.run.start + it.run.len) as usize;
            self.graph.pool.extend_from_within(range);
            at = chunk(it.next, &self.graph);
        }
        u32::try_from(self.graph.pool.len()).map_err(|_| self.full())?;
        Ok(Run { start, len: open.len })
    }

    fn open(&mut self, kind: ContainerKind) -> Result<NodeId, Full> {
        self.charge(size_of::<Open>())?;
        self.graph.open.push(Open { kind, first: None, last: None, len: 0 });
        self.push(Node::Open(self.graph.open.len() as u32 - 1))
    }

    fn chain(&mut self, open: &mut Open, run: Run) -> Result<(), Full> {
        self.charge(size_of::<Chunk>())?;
        let slot = self.graph.chunks.len() as u32;
        self.graph.chunks.push(Chunk { run, next: None });
        if let Some(last) = open.last.and_then(|it| self.graph.chunks.get_mut(it as usize)) {
            last.next = Some(slot);
        }
        open.first = open.first.or(Some(slot));
        open.last = Some(slot);
        Ok(())
    }

    fn parts_mut(&mut self, id: NodeId) -> Option<&mut ObjectParts> {
        match self.graph.node(id) {
            Node::Object(slot) => self.graph.objects.get_mut(slot as usize),
            _ => None,
        }
    }

    fn pool(&mut self, items: &[NodeId]) -> Result<Run, Full> {
        self.charge(size_of_val(items))?;
        let start = u32::try_from(self.graph.pool.len()).map_err(|_| self.full())?;
        let len = u32::try_from(items.len()).map_err(|_| self.full())?;
        start.checked_add(len).ok_or(self.full())?;
        self.graph.pool.extend_from_slice(items);
        Ok(Run { start, len })
    }

    fn own(&mut self, bytes: &[u8]) -> Result<(u64, u32), Full> {
        self.charge(bytes.len())?;
        let len = u32::try_from(bytes.len()).map_err(|_| self.full())?;
        let start = (self.graph.input.len() + self.graph.owned.len()) as u64;
        self.graph.owned.extend_from_slice(bytes);
        Ok((start, len))
    }

    fn push(&mut self, node: Node) -> Result<NodeId, Full> {
        self.charge(size_of::<Node>())?;
        let id = u32::try_from(self.graph.nodes.len()).map_err(|_| self.full())?;
        self.graph.nodes.push(node);
        Ok(NodeId(id))
    }

    fn full(&self) -> Full {
        Full { budget: self.budget }
    }
}

fn slice(bytes: &[u8], start: usize, len: usize) -> Option<&[u8]> {
    bytes.get(start..start.checked_add(len)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn containers_grow_in_turn_and_keep_their_order() {
        let mut b = Builder::new(Vec::new(), 1 << 20);
        let (x, y) = (b.list().unwrap(), b.list().unwrap());
        for i in 0..5 {
            let item = b.int(i).unwrap();
            assert!(b.extend(if i % 2 == 0 { x } else { y }, &[item]).unwrap());
        }
        let ints = |v: Value<'_>| v.items().unwrap().filter_map(Value::as_i64).collect::<Vec<_>>();
        assert_eq!(ints(b.value(x)), [0, 2, 4], "while it grows");
        let graph = b.finish(x).unwrap();
        assert_eq!(ints(graph.root()), [0, 2, 4]);
        assert_eq!(ints(graph.value(y)), [1, 3]);
    }

    #[test]
    fn a_graph_that_needs_more_than_its_budget_is_refused() {
        let mut b = Builder::new(Vec::new(), 100);
        let err = (0..).find_map(|i| b.int(i).err()).unwrap();
        assert_eq!(err.to_string(), "the objects in the file need more than the allowed 100 bytes");
    }

    #[test]
    fn a_list_may_hold_itself() {
        let mut b = Builder::new(Vec::new(), 1 << 20);
        let x = b.list().unwrap();
        assert!(b.extend(x, &[x]).unwrap());
        let graph = b.finish(x).unwrap();
        let inner = graph.root().items().unwrap().next().unwrap();
        assert_eq!(inner.id(), graph.root().id());
        assert!(matches!(inner.kind(), Kind::List(_)));
    }

    #[test]
    fn text_must_be_utf8_and_inside_the_input() {
        let mut b = Builder::new(b"ab\xff".to_vec(), 1 << 20);
        assert!(b.input_text(0, 2).unwrap().is_some());
        assert!(b.input_text(0, 3).unwrap().is_none());
        assert!(b.input_text(2, usize::MAX).unwrap_or(None).is_none());
    }

    #[test]
    fn a_node_takes_16_bytes() {
        assert_eq!(size_of::<Node>(), 16);
    }
}
