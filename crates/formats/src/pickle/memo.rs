//! The memo: objects by number. Files number them from 0 without gaps, so a list holds them; a
//! number far beyond its end goes to a map, whatever it is.

use std::collections::HashMap;

use object_graph::{Budget, Full, NodeId};

/// How far beyond its end the list is extended rather than the map used.
const GAP: u64 = 64;

/// What one entry of the map costs at most, the table's empty slots included.
const MAP_ENTRY_BYTES: usize = 64;

#[derive(Default)]
pub(super) struct Memo {
    dense: Vec<Option<NodeId>>,
    sparse: HashMap<u64, NodeId>,
    /// Entries set so far: the number MEMOIZE gives next.
    len: u64,
}

impl Memo {
    /// Under the next number, which is how many there are.
    pub(super) fn push(&mut self, id: NodeId, budget: &mut Budget) -> Result<(), Full> {
        self.put(self.len, id, budget)
    }

    pub(super) fn put(&mut self, at: u64, id: NodeId, budget: &mut Budget) -> Result<(), Full> {
        let end = self.dense.len() as u64;
        if at < end {
            if let Some(slot) = self.dense.get_mut(at as usize) {
                self.len += u64::from(slot.is_none());
                *slot = Some(id);
            }
            return Ok(());
        }
        if at - end > GAP || self.sparse.contains_key(&at) {
            if self.sparse.insert(at, id).is_none() {
                self.len += 1;
                budget.charge(MAP_ENTRY_BYTES)?;
            }
            return Ok(());
        }
        budget.room(&mut self.dense, (at - end) as usize + 1)?;
        self.dense.resize(at as usize, None);
        self.dense.push(Some(id));
        self.len += 1;
        Ok(())
    }

    pub(super) fn get(&self, at: u64) -> Option<NodeId> {
        // A number may be in the map although the list has grown past it since.
        let dense = usize::try_from(at).ok().and_then(|it| self.dense.get(it).copied().flatten());
        dense.or_else(|| self.sparse.get(&at).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_graph::Builder;

    #[test]
    fn numbers_may_have_gaps_and_be_huge() {
        let mut b = Builder::new(Vec::new(), 1 << 16);
        let ids: Vec<NodeId> = (0..3).map(|_| b.list().unwrap()).collect();
        let mut memo = Memo::default();
        for (at, id) in [(0, ids[0]), (5, ids[1]), (u64::MAX, ids[2]), (5, ids[2])] {
            memo.put(at, id, b.budget()).unwrap();
        }
        let got = [0, 1, 5, u64::MAX].map(|at| memo.get(at));
        assert_eq!(got, [Some(ids[0]), None, Some(ids[2]), Some(ids[2])]);
        memo.push(ids[1], b.budget()).unwrap();
        assert_eq!(memo.get(3), Some(ids[1]), "as Python numbers them: by how many there are");
    }
}
