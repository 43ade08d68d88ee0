//! Pickles, protocols 0 to 5, as a description of objects.
//!
//! The machine ([`machine`]) is Python's own design: a stack, marks and a memo. It differs in what
//! the opcodes that would call something do:
//! - a global is two strings ([`object_graph::Class`]); nothing is imported;
//! - REDUCE, NEWOBJ, INST, OBJ and BUILD record {class, args, state}; what calls itself another way
//!   (`copyreg._reconstructor`, `copyreg.__newobj__`) is recorded as the class it would make, and
//!   plain data (`collections.OrderedDict`, `builtins.set`, `_codecs.encode`) as that data
//!   ([`calls`]);
//! - a callable that is not named but computed is refused, so nothing can hide behind another call
//!   (`functools.partial` of a name is a name);
//! - the names of things that run code ([`code`]) are refused where the file names them, called or
//!   not. `getattr`, `functools.partial` and whatever else is unknown stays inert: it is refused by
//!   name if a model needs it ([`crate::unknown`]);
//! - extension codes and out-of-band buffers refer to things outside the file and are refused by
//!   name, and so are persistent ids but in PyTorch's files, which hold what they mean ([`objects`]).
//!
//! Python 2's `str` is text or bytes: pure ASCII is text at once; other strings are bytes until the
//! end, when those that no numpy array took as its data become Latin-1 text, as they do in
//! scikit-learn's advice for such files (`encoding="latin1"`).
//!
//! joblib writes an array's bytes into the stream, right behind the BUILD of a `NumpyArrayWrapper`:
//! [`crate::joblib`] takes them at that point.

mod calls;
mod code;
mod escapes;
mod input;
mod machine;
mod memo;
mod objects;
mod opcode;
mod scalars;
mod stack;

use std::ops::Range;

use object_graph::{Builder, Graph, NodeId};

use crate::error::Fault;
use crate::limits::Limits;

pub(crate) use self::machine::Outside;
pub(crate) use self::objects::STORAGE;

/// What the machine has made of a file.
pub(crate) struct Parsed {
    pub(crate) builder: Builder,
    pub(crate) root: NodeId,
    /// Python 2 strings beyond ASCII: bytes so far.
    pub(crate) strings: Vec<NodeId>,
}

/// Runs the machine over the whole file.
pub(crate) fn parse(bytes: Vec<u8>, limits: &Limits) -> Result<Parsed, Fault> {
    let budget = limits.budget(bytes.len());
    let mut machine = machine::Machine::new(Builder::new(bytes, budget), limits);
    let root = machine.run()?;
    Ok(machine.into_parsed(root))
}

/// Runs the machine over a pickle inside a file, from the start of `span` to its STOP, which must be
/// inside; gives where it ends.
pub(crate) fn parse_part(
    builder: Builder,
    span: Range<usize>,
    outside: Outside,
    limits: &Limits,
) -> Result<(Parsed, usize), Fault> {
    let mut machine = machine::Machine::new(builder, limits);
    (machine.at, machine.end, machine.outside) = (span.start, span.end, outside);
    let root = machine.run_to_stop()?;
    let end = machine.at;
    Ok((machine.into_parsed(root), end))
}

/// The graph, once everything that can be decoded is.
pub(crate) fn finish(parsed: Parsed) -> Result<Graph, Fault> {
    Ok(parsed.builder.finish(parsed.root)?)
}
