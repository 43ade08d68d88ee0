//! What `torch.save` wrote before PyTorch 1.6, and still writes if asked: pickles of a magic number, the
//! protocol's version, the machine, the object, and the keys of the storages; then for each key the number
//! of its elements (8 bytes) and the elements.
//!
//! Source: torch/serialization.py, `_legacy_save`, `_legacy_load`.

use std::collections::HashMap;

use object_graph::{Builder, Kind, Tag, Value};

use super::tensors::{Storages, element, parts_of_id};
use crate::error::Fault;
use crate::limits::Limits;
use crate::pickle::{self, Outside, Parsed, STORAGE};

/// The magic number as pickled: LONG1, ten bytes.
const MAGIC: &[u8] = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";
/// Protocol and frame come before it.
const LATEST: usize = 11;
const VERSION: i64 = 1001;

pub(super) fn is_magic(bytes: &[u8]) -> bool {
    let head = bytes.get(..(LATEST + MAGIC.len()).min(bytes.len())).unwrap_or_default();
    bytes.first() == Some(&0x80) && memchr::memmem::find(head, MAGIC).is_some()
}

/// Runs the machine over the pickles; gives the object, and the storages.
pub(super) fn parse(builder: Builder, limits: &Limits) -> Result<(Parsed, Storages), Fault> {
    let end = builder.input().len();
    let part = |builder, at| pickle::parse_part(builder, at..end, Outside::Storages, limits);
    let (magic, at) = part(builder, 0)?;
    let (version, at) = part(magic.builder, at)?;
    if version.builder.value(version.root).as_i64() != Some(VERSION) {
        let text = format!("a PyTorch file of another protocol than {VERSION}");
        return Err(Fault::unsupported(text).or_at(at));
    }
    let (machine, at) = part(version.builder, at)?;
    let little = machine.builder.value(machine.root).get("little_endian");
    if little.and_then(Value::as_bool) == Some(false) {
        return Err(Fault::unsupported("a PyTorch file of a big-endian machine").or_at(at));
    }
    let (mut object, at) = part(machine.builder, at)?;
    let strings = std::mem::take(&mut object.strings);
    let (keys, at) = part(object.builder, at)?;
    let mut parsed = Parsed { builder: keys.builder, root: object.root, strings };
    let storages = storages(&mut parsed.builder, keys.root, at)?;
    Ok((parsed, storages))
}

/// Where each storage is; `keys` are in the order of the file. What type a storage is of, its
/// persistent ids say.
fn storages(
    builder: &mut Builder,
    keys: object_graph::NodeId,
    mut at: usize,
) -> Result<Storages, Fault> {
    let count = builder.value(keys).len().unwrap_or_default();
    let ids = builder.graph().len();
    builder.budget().charge(count.saturating_mul(160).saturating_add(ids.saturating_mul(64)))?;
    let sizes = element_sizes(builder);
    let mut storages = Storages::default();
    if builder.value(keys).tag() != Tag::List {
        return Err(Fault::malformed("the storages have no list of keys").or_at(at));
    }
    for key in builder.value(keys).items().into_iter().flatten() {
        let Some(name) = key.as_raw().filter(|it| it.len() <= 64) else {
            return Err(Fault::malformed("a storage's key that is not a short text").or_at(at));
        };
        let Some(size) = sizes.get(name) else {
            return Err(Fault::malformed("a storage that no tensor refers to").or_at(at));
        };
        let truncated = || Fault::truncated("a storage").or_at(at);
        let input = builder.input();
        let len = input.get(at..).and_then(|it| it.first_chunk()).ok_or_else(truncated)?;
        let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| truncated())?;
        let start = at + 8;
        let end = len.checked_mul(*size).and_then(|it| it.checked_add(start));
        let end = end.filter(|it| *it <= input.len()).ok_or_else(truncated)?;
        storages.add(name, start..end);
        at = end;
    }
    match builder.input().len() - at {
        0 => Ok(storages),
        rest => Err(Fault::malformed(format!("{rest} bytes follow the storages")).or_at(at)),
    }
}

/// The bytes of an element of each storage, by key.
fn element_sizes(builder: &Builder) -> HashMap<&[u8], usize> {
    let graph = builder.graph();
    let sizes = graph.values().filter_map(|it| {
        let Kind::Object(object) = it.kind() else { return None };
        let class = object.class()?;
        if (class.module, class.name) != STORAGE {
            return None;
        }
        let id = parts_of_id(object.args())?;
        Some((id.key, element(id.class)?.itemsize))
    });
    sizes.collect()
}
