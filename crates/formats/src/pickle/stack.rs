//! The stack and its marks.

use object_graph::{Budget, Full, NodeId};

use crate::error::Fault;

#[derive(Default)]
pub(super) struct Stack {
    items: Vec<NodeId>,
    marks: Vec<u32>,
}

impl Stack {
    pub(super) fn push(&mut self, id: NodeId, budget: &mut Budget) -> Result<(), Full> {
        budget.push(&mut self.items, id)
    }

    pub(super) fn mark(&mut self, budget: &mut Budget) -> Result<(), Full> {
        budget.push(&mut self.marks, self.items.len() as u32)
    }

    /// The object on top, which must be above the last mark.
    pub(super) fn pop(&mut self) -> Result<NodeId, Fault> {
        if self.items.len() <= self.floor() {
            return Err(too_few());
        }
        self.items.pop().ok_or_else(too_few)
    }

    pub(super) fn top(&self) -> Result<NodeId, Fault> {
        let top = self.items.last().copied().filter(|_| self.items.len() > self.floor());
        top.ok_or_else(too_few)
    }

    /// The `count` objects on top, which stay until [`Self::drop_from`].
    pub(super) fn last(&self, count: usize) -> Result<&[NodeId], Fault> {
        let start = self.items.len().checked_sub(count).filter(|it| *it >= self.floor());
        start.and_then(|it| self.items.get(it..)).ok_or_else(too_few)
    }

    /// Takes the last mark off; gives where it was.
    pub(super) fn pop_mark(&mut self) -> Result<usize, Fault> {
        self.marks.pop().map(|it| it as usize).ok_or_else(too_few_marks)
    }

    pub(super) fn from(&self, start: usize) -> &[NodeId] {
        self.items.get(start..).unwrap_or_default()
    }

    pub(super) fn drop_from(&mut self, start: usize) {
        self.items.truncate(start);
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing lies above the last mark, and there is one.
    pub(super) fn ends_in_mark(&self) -> bool {
        self.marks.last().is_some_and(|it| *it as usize == self.items.len())
    }

    fn floor(&self) -> usize {
        self.marks.last().map_or(0, |it| *it as usize)
    }
}

fn too_few() -> Fault {
    Fault::malformed("an opcode needs more objects than there are; the file is damaged")
}

fn too_few_marks() -> Fault {
    Fault::malformed("an opcode needs a mark and there is none; the file is damaged")
}
