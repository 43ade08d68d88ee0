//! numpy's own pickles, decoded in place: dtypes, arrays, scalars.
//!
//! | in the pickle | becomes |
//! |---|---|
//! | `numpy.dtype(code, …)` and its state | a dtype node |
//! | `numpy.core.multiarray._reconstruct` and its state (numpy 1 and 2, any protocol) | an array |
//! | `numpy.core.numeric._frombuffer` (protocol 5) | an array |
//! | `numpy.core.multiarray.scalar` | an array of 0 dimensions; text, bytes or an object as such |
//!
//! An array's bytes stay where they are in the file. What is sound but not supported stays an inert
//! object with a reason; what contradicts itself (a shape that does not fit its bytes) is an error.

mod array;
mod dtype;

use std::collections::HashSet;

use object_graph::{Builder, Full, NodeId, Tag};

pub(crate) use self::array::{Layout, is_array_class, layout};
pub(crate) use self::dtype::read as read_dtype;
use crate::error::Fault;
use crate::pickle::Parsed;

/// Why something is not decoded.
pub(crate) enum Refusal {
    /// It stays an inert object, for this reason.
    Inert(String),
    /// The file is refused.
    Fault(Fault),
}

impl Refusal {
    /// The file is refused either way.
    pub(crate) fn into_fault(self) -> Fault {
        match self {
            Self::Inert(reason) => Fault::unsupported(reason),
            Self::Fault(fault) => fault,
        }
    }
}

impl From<Fault> for Refusal {
    fn from(it: Fault) -> Self {
        Self::Fault(it)
    }
}

impl From<Full> for Refusal {
    fn from(it: Full) -> Self {
        Self::Fault(it.into())
    }
}

/// What stands in an object's place; `None` if it is none of the reader's.
pub(crate) type Read<'r> = dyn FnMut(&mut Builder, NodeId) -> Result<Option<NodeId>, Refusal> + 'r;

/// Decodes all that is numpy's in the file.
pub(crate) fn decode(parsed: &mut Parsed) -> Result<(), Fault> {
    let Parsed { builder, strings, .. } = parsed;
    // A dtype's fields are made after it: from the end, so that each is ready when it is needed.
    let ids: Vec<NodeId> = objects(builder);
    each(builder, ids.iter().rev(), &mut dtype::decode)?;
    let mut data = HashSet::new();
    each(builder, ids.iter(), &mut |builder, id| array::decode(builder, id, &mut data))?;
    let texts = std::mem::take(strings);
    latin_texts(builder, texts.into_iter().filter(|it| !data.contains(it)))?;
    Ok(())
}

/// The objects in the order the file makes them.
pub(crate) fn objects(builder: &Builder) -> Vec<NodeId> {
    builder.ids().filter(|it| builder.value(*it).tag() == Tag::Object).collect()
}

/// What `read` makes of an object takes its place; `None` leaves it.
pub(crate) fn each<'i>(
    builder: &mut Builder,
    ids: impl Iterator<Item = &'i NodeId>,
    read: &mut Read<'_>,
) -> Result<(), Fault> {
    for id in ids {
        let offset = builder.value(*id).offset().unwrap_or_default() as usize;
        match read(builder, *id) {
            Ok(Some(made)) => builder.replace(*id, made),
            Ok(None) => {}
            Err(Refusal::Inert(reason)) => builder.explain(*id, &reason)?,
            Err(Refusal::Fault(fault)) => return Err(fault.or_at(offset)),
        }
    }
    Ok(())
}

/// Python 2 strings that are no array's data are text, byte by byte.
fn latin_texts(builder: &mut Builder, ids: impl Iterator<Item = NodeId>) -> Result<(), Full> {
    for id in ids {
        let Some(bytes) = builder.value(id).as_raw() else { continue };
        let text: String = bytes.iter().map(|it| char::from(*it)).collect();
        let made = builder.text(&text)?;
        builder.replace(id, made);
    }
    Ok(())
}
