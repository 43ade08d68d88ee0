//! Indexes: `_new_Index(class, {"data": …, "name": …})` and its siblings.
//!
//! Source: pandas/core/indexes/base.py, `_new_Index` and `Index.__reduce__`.

use object_graph::{Array, ArrayData, Builder, Dtype, Index, NodeId, Order, Scalar, Tag};

use super::{args, class, class_name, entry, inert, item, part, values};
use crate::numpy::Refusal;

/// The index node for `_new_Index`; `None` for any other object.
pub(super) fn decode(
    builder: &mut Builder,
    id: NodeId,
    depth: usize,
) -> Result<Option<NodeId>, Refusal> {
    let new = class(builder, id).map(|it| it.name);
    if !matches!(new, Some("_new_Index" | "_new_DatetimeIndex")) {
        let other = matches!(new, Some("_new_PeriodIndex" | "_new_IntervalIndex"));
        return if other { Err(inert("an index of periods or intervals")) } else { Ok(None) };
    }
    let unknown = || inert("an index whose parts are not known");
    let all = args(builder, id).ok_or_else(unknown)?;
    let kind = item(builder, all, 0).ok_or_else(unknown)?;
    let parts = item(builder, all, 1).ok_or_else(unknown)?;
    let name = match entry(builder, parts, "name") {
        Some(name) => name,
        None => builder.none()?,
    };
    if entry(builder, parts, "tz").is_some_and(|it| !builder.value(it).is_none()) {
        return Err(inert("times with a time zone"));
    }
    let kind = class_name(builder.value(kind)).ok_or_else(unknown)?;
    let values = match kind {
        "RangeIndex" => range(builder, parts)?,
        "MultiIndex" => {
            let values = tuples(builder, parts, depth)?;
            let names = entry(builder, parts, "names").ok_or_else(unknown)?;
            return Ok(Some(builder.index(Index { values, name: names })?));
        }
        "Index" | "Int64Index" | "UInt64Index" | "Float64Index" | "NumericIndex"
        | "CategoricalIndex" | "DatetimeIndex" | "TimedeltaIndex" => {
            let data = entry(builder, parts, "data").ok_or_else(unknown)?;
            values::of(builder, data, depth)?
        }
        other => return Err(Refusal::Inert(format!("pandas' {other} is not supported"))),
    };
    Ok(Some(builder.index(Index { values, name })?))
}

/// An index node, decoded already or not.
pub(super) fn of(builder: &mut Builder, id: NodeId, depth: usize) -> Result<NodeId, Refusal> {
    part(builder, id, depth, Tag::Index, decode)
}

/// Number of labels.
pub(super) fn len(builder: &Builder, id: NodeId) -> Option<usize> {
    let object_graph::Kind::Index(index) = builder.value(id).kind() else { return None };
    let values = builder.value(index.values);
    values.len().or_else(|| values.as_array().map(Array::len))
}

/// A range, written out.
fn range(builder: &mut Builder, parts: NodeId) -> Result<NodeId, Refusal> {
    let number = |name| entry(builder, parts, name).and_then(|it| builder.value(it).as_i64());
    let (Some(start), Some(stop), Some(step)) = (number("start"), number("stop"), number("step"))
    else {
        return Err(inert("a range whose bounds are not known"));
    };
    let (distance, pace) = if step > 0 {
        (i128::from(stop) - i128::from(start), i128::from(step))
    } else {
        (i128::from(start) - i128::from(stop), -i128::from(step))
    };
    if pace == 0 {
        return Err(inert("a range with a step of 0"));
    }
    let len = usize::try_from((distance.max(0) + pace - 1) / pace)
        .map_err(|_| inert("a range that is too long"))?;
    builder.budget().charge(len.saturating_mul(8))?;
    let labels = (0..len as i64).map(|at| start.wrapping_add(at.wrapping_mul(step)));
    let bytes: Vec<u8> = labels.flat_map(i64::to_le_bytes).collect();
    let owned = builder.bytes(&bytes)?;
    let (start, bytes) = builder.span(owned).ok_or_else(|| inert("a range that is too long"))?;
    Ok(builder.array(Array {
        dtype: Dtype::little(Scalar::Int, 8),
        shape: Box::new([len]),
        order: Order::C,
        data: ArrayData::Bytes { start, len: bytes },
    })?)
}

/// The tuples of a MultiIndex, as a list.
fn tuples(builder: &mut Builder, parts: NodeId, depth: usize) -> Result<NodeId, Refusal> {
    let unknown = || inert("a MultiIndex whose levels are not known");
    let levels = entry(builder, parts, "levels").ok_or_else(unknown)?;
    // Called `labels` before pandas 0.24.
    let codes = entry(builder, parts, "codes").or_else(|| entry(builder, parts, "labels"));
    let codes = codes.ok_or_else(unknown)?;
    let count = builder.value(levels).len().filter(|it| *it <= 64).ok_or_else(unknown)?;
    let mut columns: Vec<Vec<NodeId>> = Vec::with_capacity(count);
    for at in 0..count {
        let level = item(builder, levels, at).ok_or_else(unknown)?;
        let codes = item(builder, codes, at).ok_or_else(unknown)?;
        let level = of(builder, level, depth)?;
        let object_graph::Kind::Index(index) = builder.value(level).kind() else {
            return Err(unknown());
        };
        let categories = values::nodes(builder, index.values)?;
        columns.push(values::take_nodes(builder, &categories, codes)?);
    }
    let rows = columns.first().map_or(0, Vec::len);
    if columns.iter().any(|it| it.len() != rows) {
        return Err(unknown());
    }
    let list = builder.list()?;
    for row in 0..rows {
        let labels: Vec<NodeId> = columns.iter().filter_map(|it| it.get(row).copied()).collect();
        let tuple = builder.tuple(&labels)?;
        builder.extend(list, &[tuple])?;
    }
    Ok(list)
}
