//! Arrays and scalars.
//!
//! Source: numpy/core/src/multiarray/methods.c, `array_reduce_ex` and `array_setstate`.

use std::collections::HashSet;

use object_graph::{Array, ArrayData, Builder, Dtype, NodeId, Object, Order, Scalar, Tag, Value};

use super::{Refusal, read_dtype};
use crate::error::Fault;

/// The most axes: numpy 2 allows 64.
const MOST_AXES: usize = 64;

/// A dtype and a shape whose size in bytes is known.
pub(crate) struct Layout {
    pub(crate) dtype: Dtype,
    pub(crate) shape: Box<[usize]>,
    /// Number of elements.
    pub(crate) count: usize,
    /// Number of bytes, if the elements are bytes.
    pub(crate) bytes: usize,
}

/// The array, text or object that a numpy object stands for; `None` for any other object. Adds to
/// `data` what was used as an array's bytes.
pub(super) fn decode(
    builder: &mut Builder,
    id: NodeId,
    data: &mut HashSet<NodeId>,
) -> Result<Option<NodeId>, Refusal> {
    let Some(object) = builder.value(id).as_object() else { return Ok(None) };
    let Some(class) = object.class() else { return Ok(None) };
    match (class.module, class.name) {
        ("numpy.core.multiarray" | "numpy._core.multiarray", "_reconstruct") => {
            let parts = state_parts(object)?;
            made(builder, parts, data)
        }
        ("numpy.core.numeric" | "numpy._core.numeric", "_frombuffer") => {
            let parts = buffer_parts(object)?;
            made(builder, parts, data)
        }
        ("numpy.core.multiarray" | "numpy._core.multiarray", "scalar") => scalar(builder, id, data),
        ("numpy.ma.core", "_mareconstruct") => {
            Err(Refusal::Inert("masked arrays are not supported".to_owned()))
        }
        _ => Ok(None),
    }
}

/// Whether a class is numpy's array or one that only behaves otherwise in Python.
pub(crate) fn is_array_class(value: Value<'_>) -> bool {
    let names = [
        "numpy.ndarray",
        "numpy.matrix",
        "numpy.matrixlib.defmatrix.matrix",
        "numpy.memmap",
        "numpy.core.memmap.memmap",
        "numpy._core.memmap.memmap",
        "numpy.recarray",
        "numpy.rec.recarray",
        "numpy.core.records.recarray",
        "numpy._core.records.recarray",
        "pandas.core.indexes.frozen.FrozenNDArray",
    ];
    matches!(value.kind(), object_graph::Kind::Class(it) if names.iter().any(|name| it.is(name)))
}

/// What an array is made of.
struct Parts {
    layout: Layout,
    order: Order,
    data: NodeId,
}

/// From `_reconstruct(class, (0,), b"b")` and `(version, shape, dtype, is Fortran, data)`.
fn state_parts(object: Object<'_>) -> Result<Parts, Refusal> {
    let class = object.args().items().and_then(|mut it| it.next());
    let class = class.ok_or_else(|| inert("an array without a class"))?;
    if !is_array_class(class) {
        return Err(Refusal::Inert(format!("arrays of {} are not supported", class.type_name())));
    }
    let state = object.state().filter(|it| it.tag() == Tag::Tuple);
    let state = state.ok_or_else(|| inert("an array without a state"))?;
    let mut parts = state.items().ok_or_else(|| inert("an array without a state"))?;
    match parts.len() {
        // Before numpy 1.0 there was no version in front.
        4 => {}
        5 => drop(parts.next()),
        _ => return Err(inert("an array whose state is not known")),
    }
    let (Some(shape), Some(dtype), Some(fortran), Some(data)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(inert("an array whose state is not known"));
    };
    let layout = layout(read_dtype(dtype)?, shape)?;
    let fortran = fortran.as_bool().or(fortran.as_i64().map(|it| it != 0)) == Some(true);
    Ok(Parts { layout, order: if fortran { Order::Fortran } else { Order::C }, data: data.id() })
}

/// From `_frombuffer(bytes, dtype, shape, order)`.
fn buffer_parts(object: Object<'_>) -> Result<Parts, Refusal> {
    let unknown = || inert("an array over a buffer whose parts are not known");
    let mut parts = object.args().items().ok_or_else(unknown)?;
    let (Some(data), Some(dtype), Some(shape), Some(order)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(unknown());
    };
    let layout = layout(read_dtype(dtype)?, shape)?;
    let order = match order {
        it if it.is_text("C") => Order::C,
        it if it.is_text("F") => Order::Fortran,
        _ => return Err(unknown()),
    };
    Ok(Parts { layout, order, data: data.id() })
}

fn made(
    builder: &mut Builder,
    parts: Parts,
    data: &mut HashSet<NodeId>,
) -> Result<Option<NodeId>, Refusal> {
    let Parts { layout, order, data: from } = parts;
    let array = if layout.dtype.scalar == Scalar::Object {
        // The list is in C order whatever the memory's order was.
        let data = objects(builder, from, &layout)?;
        Array { dtype: layout.dtype, shape: layout.shape, order: Order::C, data }
    } else {
        let data = bytes(builder, from, &layout, data)?;
        Array { dtype: layout.dtype, shape: layout.shape, order, data }
    };
    Ok(Some(builder.array(array)?))
}

fn objects(builder: &mut Builder, from: NodeId, layout: &Layout) -> Result<ArrayData, Refusal> {
    let list = builder.value(from);
    let len = list.len().filter(|_| list.tag() == Tag::List);
    let len = len.ok_or_else(|| Fault::malformed("an array of objects without its objects"))?;
    if len != layout.count {
        let text = format!("an array of shape {:?} has {len} objects", layout.shape);
        return Err(Fault::malformed(text).into());
    }
    builder.budget().charge(len * size_of::<NodeId>())?;
    let ids: Vec<NodeId> =
        builder.value(from).items().into_iter().flatten().map(Value::id).collect();
    let (start, len) = builder.array_objects(&ids)?;
    Ok(ArrayData::Objects { start, len })
}

fn bytes(
    builder: &mut Builder,
    from: NodeId,
    layout: &Layout,
    data: &mut HashSet<NodeId>,
) -> Result<ArrayData, Refusal> {
    let value = builder.value(from);
    // Text is what Python 2 wrote, and ASCII then; any other text has no bytes.
    let ascii = value.tag() != Tag::Text || value.as_raw().is_some_and(<[u8]>::is_ascii);
    let span = builder.span(from).filter(|_| ascii);
    let (start, len) = span.ok_or_else(|| Fault::malformed("an array without its bytes"))?;
    if len != layout.bytes as u64 {
        let text = format!(
            "an array of {} of shape {:?} has {len} bytes, expected {}",
            layout.dtype, layout.shape, layout.bytes
        );
        return Err(Fault::malformed(text).into());
    }
    if data.insert(from) {
        builder.budget().charge(32)?;
    }
    Ok(ArrayData::Bytes { start, len })
}

/// From `scalar(dtype, bytes)` or `scalar(dtype("O"), object)`.
fn scalar(
    builder: &mut Builder,
    id: NodeId,
    data: &mut HashSet<NodeId>,
) -> Result<Option<NodeId>, Refusal> {
    let unknown = || inert("a numpy scalar whose parts are not known");
    let args = builder.value(id).as_object().and_then(|it| it.args().items());
    let mut args = args.ok_or_else(unknown)?;
    let dtype = read_dtype(args.next().ok_or_else(unknown)?)?;
    let from = args.next().map(Value::id);
    if dtype.scalar == Scalar::Object {
        return Ok(from);
    }
    let from = from.ok_or_else(unknown)?;
    let bytes_len = dtype.itemsize;
    let layout = Layout { dtype, shape: Box::default(), count: 1, bytes: bytes_len };
    let place = bytes(builder, from, &layout, data)?;
    let array = Array { dtype: layout.dtype, shape: layout.shape, order: Order::C, data: place };
    match array.dtype.scalar {
        Scalar::Unicode => {
            builder.budget().charge(array.dtype.itemsize)?;
            let text = array.to_text(builder.graph()).and_then(|it| it.into_iter().next());
            let text = text.ok_or_else(|| Fault::malformed("numpy text that is not Unicode"))?;
            Ok(Some(builder.text(&text)?))
        }
        Scalar::Bytes => {
            let cell = array.bytes(builder.graph()).unwrap_or_default();
            let kept = cell.iter().rposition(|it| *it != 0).map_or(0, |it| it + 1);
            let ArrayData::Bytes { start, .. } = place else { return Err(unknown()) };
            Ok(Some(builder.bytes_at(start, kept as u32)?))
        }
        _ => Ok(Some(builder.array(array)?)),
    }
}

/// Checks that a shape is one and that its size in bytes is a number.
pub(crate) fn layout(dtype: Dtype, shape: Value<'_>) -> Result<Layout, Refusal> {
    let shape = shape_of(shape)?;
    let huge =
        || Refusal::Fault(Fault::malformed(format!("an array of shape {shape:?} is not possible")));
    // Also for an empty array: the product of any of its axes must be a number.
    let elements = shape.iter().try_fold(1_usize, |all, it| all.checked_mul((*it).max(1)));
    let bytes = elements.and_then(|it| it.checked_mul(dtype.itemsize.max(1)));
    if bytes.is_none_or(|it| it > isize::MAX as usize) {
        return Err(huge());
    }
    let count: usize = shape.iter().product();
    // Elements of no bytes cost the file nothing; nobody has many.
    if dtype.itemsize == 0 && count > 1 << 16 {
        return Err(huge());
    }
    let bytes = count * dtype.itemsize;
    Ok(Layout { dtype, shape, count, bytes })
}

/// A shape from a tuple of integers, or one.
pub(super) fn shape_of(value: Value<'_>) -> Result<Box<[usize]>, Refusal> {
    let axis = |it: Value<'_>| {
        let len = it.as_i64().ok_or_else(|| inert("a shape that is not integers"))?;
        usize::try_from(len).map_err(|_| {
            Refusal::Fault(Fault::malformed(format!("an axis of length {len}, expected 0 or more")))
        })
    };
    if value.tag() == Tag::Int {
        return Ok(Box::new([axis(value)?]));
    }
    if !matches!(value.tag(), Tag::Tuple | Tag::List) || value.len().is_none_or(|it| it > MOST_AXES)
    {
        return Err(inert("a shape that is not a short tuple"));
    }
    value.items().into_iter().flatten().map(axis).collect()
}

fn inert(reason: &str) -> Refusal {
    Refusal::Inert(reason.to_owned())
}
