//! The BlockManager of a Series or DataFrame, in the layouts it was pickled in.
//!
//! | version | layout |
//! |---|---|
//! | 0.24 to 1.2, and a Series to this day | state `(axes, values, items, {"0.14.1": {"axes": […], "blocks": [{"values", "mgr_locs"}]}})` |
//! | 1.3 and 1.4 | arguments `((partial(new_block)(values, placement), …), axes)` |
//! | 1.5 and later | arguments `((_unpickle_block(values, placement, ndim), …), axes)` |
//!
//! A block holds the columns at its placement, one a row: values of shape (columns, rows), or of
//! one dimension if they are an array of pandas' own.
//!
//! Source: pandas/core/internals/managers.py, `BlockManager.__getstate__`, and
//! pandas/_libs/internals.pyx, `BlockManager.__reduce__`.

use object_graph::{Array, ArrayData, Builder, NodeId, Order, Tag};

use super::{args, class, entry, inert, item, state, values};
use crate::numpy::Refusal;

/// Axes and blocks, as nodes.
pub(super) struct Manager {
    /// Columns and rows of a frame, or the rows of a series.
    pub(super) axes: Vec<NodeId>,
    /// Values and, where it says so, placement.
    pub(super) blocks: Vec<(NodeId, NodeId)>,
}

/// More blocks than this has no frame: pandas joins those of one type.
const MOST_BLOCKS: usize = 1 << 20;

pub(super) fn read(builder: &mut Builder, manager: NodeId) -> Result<Manager, Refusal> {
    let unknown = || inert("a BlockManager whose layout is not known");
    let known = class(builder, manager)
        .is_some_and(|it| matches!(it.name, "BlockManager" | "SingleBlockManager"));
    if !known {
        return Err(unknown());
    }
    let old = state(builder, manager).and_then(|it| item(builder, it, 3));
    let old = old.and_then(|it| entry(builder, it, "0.14.1"));
    let (blocks, axes) = match old {
        Some(parts) => (entry(builder, parts, "blocks"), entry(builder, parts, "axes")),
        None => {
            let all = args(builder, manager).ok_or_else(unknown)?;
            (item(builder, all, 0), item(builder, all, 1))
        }
    };
    let blocks = some_items(builder, blocks.ok_or_else(unknown)?)?;
    let axes = some_items(builder, axes.ok_or_else(unknown)?)?;
    let blocks: Option<Vec<_>> = blocks.into_iter().map(|it| block(builder, it)).collect();
    Ok(Manager { axes, blocks: blocks.ok_or_else(unknown)? })
}

/// The items of a list or tuple; the object itself if it is one alone.
fn some_items(builder: &mut Builder, id: NodeId) -> Result<Vec<NodeId>, Refusal> {
    let value = builder.value(id);
    if !matches!(value.tag(), Tag::List | Tag::Tuple) {
        return Ok(vec![id]);
    }
    let len = value.len().filter(|it| *it <= MOST_BLOCKS);
    len.ok_or_else(|| inert("too many blocks"))?;
    values::nodes_of_list(builder, id)
}

/// Values and placement of one block.
fn block(builder: &Builder, id: NodeId) -> Option<(NodeId, NodeId)> {
    if let (Some(values), Some(place)) =
        (entry(builder, id, "values"), entry(builder, id, "mgr_locs"))
    {
        return Some((values, place));
    }
    let function = builder.value(id).as_object()?.class_value();
    // Either the function's name, or a partial of it.
    let function = match function.as_object() {
        Some(partial) => partial.args().items()?.next()?,
        None => function,
    };
    let named = super::class_name(function)?;
    let all = args(builder, id)?;
    matches!(named, "_unpickle_block" | "new_block")
        .then(|| Some((item(builder, all, 0)?, item(builder, all, 1)?)))?
}

/// Where the columns of a block stand among `count` columns.
pub(super) fn positions(
    builder: &mut Builder,
    place: NodeId,
    count: usize,
) -> Result<Vec<usize>, Refusal> {
    let unknown = || inert("a block whose columns are not known");
    let value = builder.value(place);
    if let Some(array) = value.as_array() {
        // Checked before the numbers are written out.
        let (axes, len) = (array.shape.len(), array.len());
        let fits = axes == 1 && len <= count;
        builder.budget().charge(if fits { 8 * len } else { 0 })?;
        let array = builder.value(place).as_array().ok_or_else(unknown)?;
        let all = if fits { array.to_i64(builder.graph()) } else { None };
        let all = all.ok_or_else(unknown)?;
        let one = |it: i64| usize::try_from(it).ok().filter(|it| *it < count);
        return all.into_iter().map(one).collect::<Option<_>>().ok_or_else(unknown);
    }
    let object = value.as_object().ok_or_else(unknown)?;
    let class = object.class().ok_or_else(unknown)?;
    let all = object.args().id();
    if class.name == "BlockPlacement" {
        let inner = item(builder, all, 0)
            .filter(|it| super::class(builder, *it).is_none_or(|it| it.name != "BlockPlacement"));
        return positions(builder, inner.ok_or_else(unknown)?, count);
    }
    let places = if class.is("builtins.slice") { places(builder, all, count) } else { None };
    let places = places.ok_or_else(unknown)?;
    builder.budget().charge(8 * places.len())?;
    Ok(places.collect())
}

/// The places that `slice(start, stop, step)` names, all of them below `count`. As in a range of Python's,
/// `stop` may lie beyond the last: pandas writes `slice(0, 4, 2)` for places 0 and 2 of three.
fn places(
    builder: &Builder,
    slice: NodeId,
    count: usize,
) -> Option<impl ExactSizeIterator<Item = usize> + use<>> {
    let number = |at| {
        let number = builder.value(item(builder, slice, at)?).as_i64();
        number.and_then(|it| usize::try_from(it).ok())
    };
    let is_told = item(builder, slice, 2).is_some_and(|it| !builder.value(it).is_none());
    let step = if is_told { number(2)? } else { 1 };
    let (start, stop) = (number(0)?, number(1)?);
    let places = (start..stop.max(start)).step_by(Some(step).filter(|it| *it != 0)?);
    let last = places.len().checked_sub(1).map(|it| start + it * step);
    last.is_none_or(|it| it < count).then_some(places)
}

/// Column `at` of a block of `columns` columns, as an array of one dimension.
pub(super) fn column(
    builder: &mut Builder,
    block: NodeId,
    at: usize,
    columns: usize,
) -> Result<NodeId, Refusal> {
    let unknown = || inert("a block whose shape does not fit its columns");
    let array = builder.value(block).as_array().ok_or_else(unknown)?;
    let rows = match *array.shape {
        [_] if columns == 1 => return Ok(block),
        [all, rows] if all == columns => rows,
        _ => return Err(unknown()),
    };
    let size = array.dtype.itemsize;
    let (dtype, order) = (array.dtype.clone(), array.order);
    let data = match array.data {
        ArrayData::Objects { start, .. } => {
            let first = u32::try_from(at * rows).map_err(|_| unknown())?;
            ArrayData::Objects { start: start + first, len: rows as u32 }
        }
        ArrayData::Bytes { start, .. } if order == Order::C || columns == 1 => {
            let bytes = (rows * size) as u64;
            ArrayData::Bytes { start: start + at as u64 * bytes, len: bytes }
        }
        ArrayData::Bytes { .. } => {
            builder.budget().charge(rows * size)?;
            let array = builder.value(block).as_array().ok_or_else(unknown)?;
            let bytes = array.bytes(builder.graph()).unwrap_or_default();
            let cells = bytes.chunks_exact(size.max(1)).skip(at).step_by(columns);
            let cells: Vec<u8> = cells.flatten().copied().collect();
            let owned = builder.bytes(&cells)?;
            let (start, len) = builder.span(owned).ok_or_else(unknown)?;
            ArrayData::Bytes { start, len }
        }
    };
    Ok(builder.array(Array { dtype, shape: Box::new([rows]), order: Order::C, data })?)
}
