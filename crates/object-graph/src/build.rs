//! Building a graph, within a budget of bytes.

use crate::budget::{Budget, Full};
use crate::graph::{Chunk, ContainerKind, Node, ObjectParts, Open, Run};
use crate::value::Value;
use crate::{Array, DataFrame, Dtype, Graph, Index, NodeId, Series, Sparse};

/// Integers from 0 up to this share one node each, as small integers do in Python.
const SHARED_INTS: usize = 256;

/// What a reason takes beside its text.
const REASON_BYTES: usize = 64;

/// Grows a [`Graph`]. Every method that adds something may find the budget used up.
pub struct Builder {
    graph: Graph,
    budget: Budget,
    /// The nodes of `None`, `False`, `True` and then the small integers, once they were asked for.
    shared: [Option<NodeId>; 3 + SHARED_INTS],
}

impl Builder {
    /// A builder over the file's bytes, which the graph keeps and refers to. `budget` bounds what
    /// is allocated beside them.
    #[must_use]
    pub fn new(input: Vec<u8>, budget: u64) -> Self {
        let graph = Graph { input, ..Graph::default() };
        Self { graph, budget: Budget::new(budget), shared: [None; 3 + SHARED_INTS] }
    }

    /// The file's bytes.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        &self.graph.input
    }

    /// What may still be allocated; for what is kept elsewhere while the file is read.
    pub fn budget(&mut self) -> &mut Budget {
        &mut self.budget
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
        self.shared(0, Node::None)
    }

    /// `True` or `False`.
    pub fn bool(&mut self, it: bool) -> Result<NodeId, Full> {
        self.shared(1 + usize::from(it), Node::Bool(it))
    }

    /// An integer that fits 64 bits.
    pub fn int(&mut self, it: i64) -> Result<NodeId, Full> {
        match usize::try_from(it) {
            Ok(small) if small < SHARED_INTS => self.shared(3 + small, Node::Int(it)),
            _ => self.push(Node::Int(it)),
        }
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

    /// Bytes or text that stand where another node has them: `start` and `len` of [`Self::span`].
    pub fn bytes_at(&mut self, start: u64, len: u32) -> Result<NodeId, Full> {
        self.push(Node::Bytes { start, len })
    }

    /// Text that stands inside another node's bytes, placed as [`Self::span`] tells. `None` inside if
    /// it is not valid UTF-8 or not inside the graph's bytes.
    pub fn text_at(&mut self, start: u64, len: u32) -> Result<Option<NodeId>, Full> {
        let bytes = self.graph.bytes(start, len.into());
        if bytes.len() != len as usize || str::from_utf8(bytes).is_err() {
            return Ok(None);
        }
        self.push(Node::Text { start, len }).map(Some)
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
        let parts = ObjectParts { class, args, state: None, items: None, entries: None, offset };
        self.budget.push(&mut self.graph.objects, parts)?;
        self.push(Node::Object(self.graph.objects.len() as u32 - 1))
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
        self.budget.charge(it.dtype.heap_bytes() + 8 * it.shape.len())?;
        self.budget.push(&mut self.graph.arrays, it)?;
        self.push(Node::Array(self.graph.arrays.len() as u32 - 1))
    }

    /// A dtype that is an object itself.
    pub fn dtype(&mut self, it: Dtype) -> Result<NodeId, Full> {
        self.budget.charge(it.heap_bytes())?;
        self.budget.push(&mut self.graph.dtypes, it)?;
        self.push(Node::Dtype(self.graph.dtypes.len() as u32 - 1))
    }

    /// Why an object was left as it is, for whoever needs it decoded.
    pub fn explain(&mut self, id: NodeId, reason: &str) -> Result<(), Full> {
        self.budget.charge(REASON_BYTES + reason.len())?;
        self.graph.reasons.insert(id, reason.into());
        Ok(())
    }

    /// Children for an array of objects: their place for [`ArrayData::Objects`](crate::ArrayData).
    pub fn array_objects(&mut self, items: &[NodeId]) -> Result<(u32, u32), Full> {
        self.pool(items).map(|it| (it.start, it.len))
    }

    /// A pandas index.
    pub fn index(&mut self, it: Index) -> Result<NodeId, Full> {
        self.budget.push(&mut self.graph.indexes, it)?;
        self.push(Node::Index(self.graph.indexes.len() as u32 - 1))
    }

    /// A pandas series.
    pub fn series(&mut self, it: Series) -> Result<NodeId, Full> {
        self.budget.push(&mut self.graph.series, it)?;
        self.push(Node::Series(self.graph.series.len() as u32 - 1))
    }

    /// A pandas data frame.
    pub fn data_frame(&mut self, it: DataFrame) -> Result<NodeId, Full> {
        self.budget.charge(4 * it.data.len())?;
        self.budget.push(&mut self.graph.frames, it)?;
        self.push(Node::DataFrame(self.graph.frames.len() as u32 - 1))
    }

    /// A sparse matrix.
    pub fn sparse(&mut self, it: Sparse) -> Result<NodeId, Full> {
        self.budget.push(&mut self.graph.sparse, it)?;
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
        self.budget.room(&mut self.graph.pool, open.len as usize)?;
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
        let open = Open { kind, first: None, last: None, len: 0 };
        self.budget.push(&mut self.graph.open, open)?;
        self.push(Node::Open(self.graph.open.len() as u32 - 1))
    }

    fn chain(&mut self, open: &mut Open, run: Run) -> Result<(), Full> {
        let slot = self.graph.chunks.len() as u32;
        self.budget.push(&mut self.graph.chunks, Chunk { run, next: None })?;
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
        self.budget.room(&mut self.graph.pool, items.len())?;
        let start = u32::try_from(self.graph.pool.len()).map_err(|_| self.full())?;
        let len = u32::try_from(items.len()).map_err(|_| self.full())?;
        start.checked_add(len).ok_or(self.full())?;
        self.graph.pool.extend_from_slice(items);
        Ok(Run { start, len })
    }

    fn own(&mut self, bytes: &[u8]) -> Result<(u64, u32), Full> {
        self.budget.room(&mut self.graph.owned, bytes.len())?;
        let len = u32::try_from(bytes.len()).map_err(|_| self.full())?;
        let start = (self.graph.input.len() + self.graph.owned.len()) as u64;
        self.graph.owned.extend_from_slice(bytes);
        Ok((start, len))
    }

    fn shared(&mut self, slot: usize, node: Node) -> Result<NodeId, Full> {
        if let Some(Some(id)) = self.shared.get(slot) {
            return Ok(*id);
        }
        let id = self.push(node)?;
        if let Some(slot) = self.shared.get_mut(slot) {
            *slot = Some(id);
        }
        Ok(id)
    }

    fn push(&mut self, node: Node) -> Result<NodeId, Full> {
        let id = u32::try_from(self.graph.nodes.len()).map_err(|_| self.full())?;
        self.budget.push(&mut self.graph.nodes, node)?;
        Ok(NodeId(id))
    }

    fn full(&self) -> Full {
        self.budget.full()
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
        let err = (1000..).find_map(|i| b.int(i).err()).unwrap();
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

    #[test]
    fn small_integers_and_none_take_one_node_each() {
        let mut b = Builder::new(Vec::new(), 1 << 20);
        assert_eq!(b.int(7).unwrap(), b.int(7).unwrap());
        assert_eq!(b.none().unwrap(), b.none().unwrap());
        assert_ne!(b.bool(true).unwrap(), b.bool(false).unwrap());
        assert_ne!(b.int(300).unwrap(), b.int(300).unwrap());
    }
}
