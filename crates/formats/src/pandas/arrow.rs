//! Strings that pandas keeps in Arrow.

use object_graph::{Builder, NodeId};

use super::inert;
use crate::numpy::Refusal;

pub(super) fn strings(_builder: &mut Builder, _data: NodeId) -> Result<NodeId, Refusal> {
    Err(inert("strings kept in Arrow"))
}
