//! An inert Python object graph: what a pickle describes, as data.
//!
//! A [`Graph`] is an arena of 16-byte nodes. Containers refer to their children by [`NodeId`], so a
//! shared object is stored once and a cycle costs nothing; consumers walk it through [`Value`],
//! which borrows the graph. There is no place in any type here to put code: a class is two strings,
//! and an object is the record of how Python would have built it.
//!
//! Invariants:
//! - nothing here recurses: not building, not reading, not `Drop`, not `Debug`;
//! - every id handed out by a graph is valid in that graph;
//! - a `Text` is valid UTF-8, checked once when the node is made.

mod array;
mod budget;
mod build;
mod dtype;
mod graph;
mod items;
mod object;
mod pandas;
mod value;

pub use crate::array::{Array, ArrayData, Order};
pub use crate::budget::{Budget, Full};
pub use crate::build::Builder;
pub use crate::dtype::{ByteOrder, Dtype, Field, Scalar, TimeUnit};
pub use crate::graph::{Graph, NodeId};
pub use crate::items::Items;
pub use crate::object::{Class, Object};
pub use crate::pandas::{DataFrame, Index, Series, Sparse, SparseFormat};
pub use crate::value::{Kind, Tag, Value};
