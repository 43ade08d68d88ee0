//! Strings that pandas keeps in Arrow: `ArrowStringArray` over
//! `pyarrow.lib._restore_array((type, length, nulls, offset, [validity, offsets, characters], …))`,
//! or over a `chunked_array` of several of these.
//!
//! Element `i` is the characters from `offsets[i]` to `offsets[i + 1]`, if bit `i` of the validity
//! is set or there is none. Offsets have 4 bytes in a `string`, 8 in a `large_string`.
//!
//! Source: the Arrow columnar format, "Variable-size Binary Layout".

use object_graph::{Builder, NodeId, Tag, Value};

use super::{args, entry, inert, item, state, values};
use crate::numpy::Refusal;

/// More chunks than this has no column.
const MOST_CHUNKS: usize = 1 << 16;

/// An array of objects: text, and for what is missing NaN or `None`, as the dtype has it.
pub(super) fn strings(builder: &mut Builder, array: NodeId) -> Result<NodeId, Refusal> {
    let unknown = || inert("an Arrow array whose parts are not known");
    let parts = state(builder, array).ok_or_else(unknown)?;
    let data = entry(builder, parts, "_pa_array").or_else(|| entry(builder, parts, "_data"));
    let data = data.ok_or_else(unknown)?;
    let dtype = entry(builder, parts, "_dtype").and_then(|it| args(builder, it));
    let missing = dtype.and_then(|it| item(builder, it, 1));
    let missing = match missing.filter(|it| builder.value(*it).tag() == Tag::Float) {
        Some(nan) => nan,
        None => builder.none()?,
    };
    let mut all = Vec::new();
    for chunk in chunks(builder, data)? {
        append(builder, chunk, missing, &mut all)?;
    }
    values::objects(builder, &all)
}

/// The arrays that an array or chunked array consists of.
fn chunks(builder: &mut Builder, data: NodeId) -> Result<Vec<NodeId>, Refusal> {
    let unknown = || inert("an Arrow array whose chunks are not known");
    if function(builder, data) != Some("chunked_array") {
        return Ok(vec![data]);
    }
    let list = args(builder, data).and_then(|it| item(builder, it, 0)).ok_or_else(unknown)?;
    let list_value = builder.value(list);
    if list_value.tag() != Tag::List || list_value.len().is_none_or(|it| it > MOST_CHUNKS) {
        return Err(unknown());
    }
    values::nodes_of_list(builder, list)
}

fn function(builder: &Builder, id: NodeId) -> Option<&str> {
    let class = builder.value(id).as_object().and_then(object_graph::Object::class)?;
    class.module.starts_with("pyarrow.").then_some(class.name)
}

fn append(
    builder: &mut Builder,
    chunk: NodeId,
    missing: NodeId,
    all: &mut Vec<NodeId>,
) -> Result<(), Refusal> {
    let layout = Layout::read(builder, chunk)?;
    // A node, a place here and one in the array.
    builder.budget().charge(layout.len.saturating_mul(2 * size_of::<NodeId>()))?;
    for at in 0..layout.len {
        let id = match layout.element(builder, at).ok_or_else(damaged)? {
            Element::Text { start, len } => builder.text_at(start, len)?.ok_or_else(damaged)?,
            Element::Missing => missing,
        };
        all.push(id);
    }
    Ok(())
}

enum Element {
    /// Bytes of the graph.
    Text {
        start: u64,
        len: u32,
    },
    Missing,
}

/// One array of strings.
struct Layout {
    len: usize,
    /// Elements before the first one that counts.
    offset: usize,
    /// Bytes of an offset: 4 or 8.
    width: usize,
    validity: Option<NodeId>,
    offsets: NodeId,
    characters: Option<NodeId>,
}

impl Layout {
    fn read(builder: &Builder, id: NodeId) -> Result<Self, Refusal> {
        if function(builder, id) != Some("_restore_array") {
            return Err(damaged());
        }
        let parts = args(builder, id).and_then(|it| item(builder, it, 0)).ok_or_else(damaged)?;
        let part = |at| item(builder, parts, at);
        let kind = part(0).and_then(|it| item(builder, args(builder, it)?, 0));
        let kind = kind.map(|it| builder.value(it)).ok_or_else(damaged)?;
        let width = match kind {
            it if it.is_text("string") || it.is_text("utf8") => 4,
            it if it.is_text("large_string") || it.is_text("large_utf8") => 8,
            _ => return Err(inert("Arrow arrays of other types than strings are not supported")),
        };
        let number = |at| builder.value(part(at)?).as_i64().and_then(|it| usize::try_from(it).ok());
        let buffers = part(4).ok_or_else(damaged)?;
        let buffer = |at| item(builder, args(builder, item(builder, buffers, at)?)?, 0);
        Ok(Self {
            len: number(1).ok_or_else(damaged)?,
            offset: number(3).ok_or_else(damaged)?,
            width,
            validity: buffer(0),
            offsets: buffer(1).ok_or_else(damaged)?,
            characters: buffer(2),
        })
        .and_then(|it| it.checked(builder))
    }

    /// That there are as many offsets as the length says, before anything is sized by it.
    fn checked(self, builder: &Builder) -> Result<Self, Refusal> {
        let end = self.offset.checked_add(self.len).and_then(|it| it.checked_add(1));
        let need = end.and_then(|it| it.checked_mul(self.width));
        let offsets = builder.value(self.offsets).as_raw().map_or(0, <[u8]>::len);
        let fits = self.len == 0 || need.is_some_and(|it| it <= offsets);
        if fits { Ok(self) } else { Err(damaged()) }
    }

    /// Where the characters of element `at` are; `None` if the buffers do not say.
    fn element(&self, builder: &Builder, at: usize) -> Option<Element> {
        let at = at + self.offset;
        if let Some(validity) = self.validity {
            let byte = builder.value(validity).as_raw()?.get(at / 8)?;
            if byte & (1 << (at % 8)) == 0 {
                return Some(Element::Missing);
            }
        }
        let offsets = builder.value(self.offsets);
        let (from, to) = (self.number(offsets, at)?, self.number(offsets, at + 1)?);
        let len = u32::try_from(to.checked_sub(from)?).ok()?;
        let Some(characters) = self.characters else {
            return (len == 0).then_some(Element::Text { start: 0, len });
        };
        let (start, size) = builder.span(characters)?;
        (to <= size).then_some(Element::Text { start: start + from, len })
    }

    fn number(&self, offsets: Value<'_>, at: usize) -> Option<u64> {
        let start = at * self.width;
        let cell = offsets.as_raw()?.get(start..start + self.width)?;
        Some(cell.iter().rev().fold(0, |bits, byte| (bits << 8) | u64::from(*byte)))
    }
}

fn damaged() -> Refusal {
    inert("an Arrow array whose buffers do not fit each other")
}
