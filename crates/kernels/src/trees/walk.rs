//! Walks down one tree by many rows, or down many trees by one row, interleaved: a step waits for
//! memory, and sixteen that do not depend on one another wait together.

use crate::trees::Node;

/// Walks in flight.
pub(crate) const LANES: usize = 16;

/// Steps between two looks at whether all lanes have arrived.
const STRIDE: usize = 4;

/// The leaf of each row (of `n_features` cells) in one tree, as an index into its nodes.
pub(crate) fn rows_down_a_tree<N: Node, const MISSING: bool>(
    nodes: &[N],
    shared: &N::Shared,
    cells: &[N::Value],
    n_features: usize,
    leaves: &mut [u32],
) {
    let mut groups = leaves.chunks_exact_mut(LANES);
    let mut rows = cells.chunks_exact(LANES * n_features);
    for (group, rows) in groups.by_ref().zip(rows.by_ref()) {
        let mut at = [0_u32; LANES];
        loop {
            for _ in 1..STRIDE {
                step::<N, MISSING>(nodes, shared, rows, n_features, &mut at);
            }
            let before = at;
            step::<N, MISSING>(nodes, shared, rows, n_features, &mut at);
            if at == before {
                break;
            }
        }
        group.copy_from_slice(&at);
    }
    let rest = rows.remainder().chunks_exact(n_features);
    for (leaf, row) in groups.into_remainder().iter_mut().zip(rest) {
        *leaf = one::<N, MISSING>(nodes, shared, row);
    }
}

#[inline(always)]
fn step<N: Node, const MISSING: bool>(
    nodes: &[N],
    shared: &N::Shared,
    rows: &[N::Value],
    n_features: usize,
    at: &mut [u32; LANES],
) {
    for (at, row) in at.iter_mut().zip(rows.chunks_exact(n_features)) {
        *at = nodes[*at as usize].next::<MISSING>(row, shared);
    }
}

fn one<N: Node, const MISSING: bool>(nodes: &[N], shared: &N::Shared, row: &[N::Value]) -> u32 {
    let mut at = 0;
    loop {
        let next = nodes[at as usize].next::<MISSING>(row, shared);
        if next == at {
            return at;
        }
        at = next;
    }
}

/// The leaf of one row in each of up to [`LANES`] trees, as an index into that tree's nodes.
pub(crate) fn row_down_trees<N: Node, const MISSING: bool>(
    trees: &[&[N]],
    shared: &N::Shared,
    row: &[N::Value],
    leaves: &mut [u32],
) {
    leaves.fill(0);
    let mut moving = true;
    while moving {
        moving = false;
        for (at, nodes) in leaves.iter_mut().zip(trees) {
            let next = nodes[*at as usize].next::<MISSING>(row, shared);
            moving |= next != *at;
            *at = next;
        }
    }
}
