//! Decision trees by the hundred: which leaf does each row of a block fall in?
//!
//! A [`Forest`] keeps all trees in one array of small nodes, siblings side by side. Rows come as
//! columns of `f64`; a [`Tile`] of them is turned to rows of the type the trees compare in. Walks of
//! 16 rows run interleaved, trees outermost, so that a tree stays in cache for the whole tile.
//!
//! [`SmallTrees`] and [`SymmetricTrees`] are faster for the trees they can hold.
//!
//! Invariant: every index in a forest was checked when its tree was added, and each node has one
//! parent, so that a walk ends and never leaves its tree.

mod categories;
mod coded;
mod compare;
mod forest;
mod lanes;
mod node;
mod small;
mod symmetric;
mod tile;
mod walk;

pub use crate::trees::categories::{Categories, Mixed, Negative};
pub use crate::trees::coded::{Coded, Sets};
pub use crate::trees::compare::Number;
pub use crate::trees::forest::{
    CategorySplit, Fault, FaultKind, Float32Forest, Forest, Leaves, Rule, Split,
};
pub use crate::trees::lanes::Lane;
pub use crate::trees::node::{Layout, Narrow, Node, Wide};
pub use crate::trees::small::SmallTrees;
pub use crate::trees::symmetric::{Condition, LEVELS, SymmetricTrees};
pub use crate::trees::tile::Tile;
