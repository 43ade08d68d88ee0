//! Walking the children of a container.

use crate::graph::{Chunk, Run};
use crate::{Graph, Value};

/// The children of a container, in order.
#[derive(Clone)]
pub struct Items<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) run: Run,
    pub(crate) next: Option<u32>,
    pub(crate) left: usize,
}

impl<'g> Items<'g> {
    /// The child at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Value<'g>> {
        self.clone().nth(index)
    }
}

impl<'g> Iterator for Items<'g> {
    type Item = Value<'g>;

    fn next(&mut self) -> Option<Value<'g>> {
        while self.run.len == 0 {
            let Chunk { run, next } = *self.graph.chunks.get(self.next? as usize)?;
            self.run = run;
            self.next = next;
        }
        let id = *self.graph.pool.get(self.run.start as usize)?;
        self.run.start += 1;
        self.run.len -= 1;
        self.left = self.left.saturating_sub(1);
        Some(self.graph.value(id))
    }

    fn nth(&mut self, n: usize) -> Option<Value<'g>> {
        let skip = n.min(self.run.len as usize);
        self.run.start += skip as u32;
        self.run.len -= skip as u32;
        self.left = self.left.saturating_sub(skip);
        for _ in skip..n {
            self.next()?;
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Items<'_> {}
