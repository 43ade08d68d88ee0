//! The arrays of pandas' own that stand in a column or an index, as plain arrays.
//!
//! Since pandas 1.3 most are `__pyx_unpickle_NDArrayBacked(class, …)` with the state
//! `(dtype, array, …)`; before, and the masked ones to this day, objects with attributes.

use object_graph::{
    Array, ArrayData, Builder, ByteOrder, Dtype, Kind, NodeId, Order, Scalar, Tag, Value,
};

use super::{args, arrow, class, class_name, entry, index, inert, item, part, state};
use crate::numpy::Refusal;

/// The classes over a numpy array that were objects with attributes before pandas 1.3.
const BACKED: &[&str] = &[
    "Categorical",
    "DatetimeArray",
    "IntervalArray",
    "NumpyExtensionArray",
    "PandasArray",
    "PeriodArray",
    "SparseArray",
    "StringArray",
    "TimedeltaArray",
];

/// The array node for a pandas array; `None` for any other object.
pub(super) fn decode(
    builder: &mut Builder,
    id: NodeId,
    depth: usize,
) -> Result<Option<NodeId>, Refusal> {
    let Some(class) = class(builder, id) else { return Ok(None) };
    if class.name == "__pyx_unpickle_NDArrayBacked" {
        let unknown = || inert("a pandas array whose parts are not known");
        let parts = state(builder, id).ok_or_else(unknown)?;
        let kind = args(builder, id).and_then(|it| item(builder, it, 0)).ok_or_else(unknown)?;
        let kind = class_name(builder.value(kind)).ok_or_else(unknown)?.to_owned();
        let dtype = item(builder, parts, 0).ok_or_else(unknown)?;
        let data = item(builder, parts, 1).ok_or_else(unknown)?;
        return backed(builder, &kind, Some(dtype), data, depth);
    }
    let kind = class.name.to_owned();
    let Some(parts) = state(builder, id) else { return Ok(None) };
    let attribute = |name| entry(builder, parts, name);
    match kind.as_str() {
        "IntegerArray" | "FloatingArray" | "BooleanArray" => {
            let (Some(data), Some(mask)) = (attribute("_data"), attribute("_mask")) else {
                return Err(inert("a masked array without its mask"));
            };
            masked(builder, data, mask).map(Some)
        }
        "ArrowStringArray" | "ArrowStringArrayNumpySemantics" | "ArrowExtensionArray" => {
            arrow::strings(builder, id).map(Some)
        }
        it if BACKED.contains(&it) => {
            let data = ["_ndarray", "_codes", "_data"].into_iter().find_map(attribute);
            let dtype = attribute("_dtype").or_else(|| attribute("dtype"));
            let Some(data) = data else { return Ok(None) };
            backed(builder, &kind, dtype, data, depth)
        }
        _ => Ok(None),
    }
}

/// An array node, decoded already or not.
pub(super) fn of(builder: &mut Builder, id: NodeId, depth: usize) -> Result<NodeId, Refusal> {
    part(builder, id, depth, Tag::Array, decode)
}

/// What to do with what no cell of a table is.
const AS_TEXT: &str = "; make them text before they are pickled: .astype(str)";

/// An array over a numpy array.
fn backed(
    builder: &mut Builder,
    kind: &str,
    dtype: Option<NodeId>,
    data: NodeId,
    depth: usize,
) -> Result<Option<NodeId>, Refusal> {
    if builder.value(data).tag() != Tag::Array {
        return Err(inert("a pandas array that is not over a numpy array"));
    }
    match kind {
        "Categorical" => {
            let state = dtype.and_then(|it| state(builder, it));
            let categories = state.and_then(|it| entry(builder, it, "categories"));
            let categories = categories.ok_or_else(|| inert("categories that are not known"))?;
            categorical(builder, categories, data, depth).map(Some)
        }
        "StringArray" | "StringArrayNumpySemantics" => strings(builder, data).map(Some),
        "DatetimeArray" | "TimedeltaArray" => {
            // A dtype of numpy; one of pandas has a time zone.
            let plain = dtype.is_none_or(|it| builder.value(it).tag() == Tag::Dtype);
            if plain {
                Ok(Some(data))
            } else {
                Err(inert(&format!("times with a time zone{AS_TEXT}")))
            }
        }
        "PandasArray" | "NumpyExtensionArray" => Ok(Some(data)),
        "PeriodArray" | "IntervalArray" => {
            let what = if kind == "PeriodArray" { "periods" } else { "intervals" };
            Err(Refusal::Inert(format!("{what}, which are not supported{AS_TEXT}")))
        }
        "SparseArray" => Err(inert(
            "a sparse array, which is not supported; make it dense before it is pickled: .sparse.to_dense()",
        )),
        _ => Ok(None),
    }
}

/// Strings as objects, with `None` for `pandas.NA`.
fn strings(builder: &mut Builder, data: NodeId) -> Result<NodeId, Refusal> {
    let none = builder.none()?;
    let mut all = nodes(builder, data)?;
    for id in &mut all {
        let value = builder.value(*id);
        if matches!(value.kind(), Kind::Class(it) if it.name == "NA") {
            *id = none;
        }
    }
    objects(builder, &all)
}

/// Values whose mask is true are missing.
fn masked(builder: &mut Builder, data: NodeId, mask: NodeId) -> Result<NodeId, Refusal> {
    let unknown = || inert("a masked array whose mask does not fit");
    let mask = builder.value(mask).as_array().filter(|it| it.dtype.scalar == Scalar::Bool);
    let mask = mask.and_then(|it| it.bytes(builder.graph())).ok_or_else(unknown)?.to_vec();
    let values = builder.value(data).as_array().ok_or_else(unknown)?;
    if values.shape.len() != 1 || values.len() != mask.len() {
        return Err(unknown());
    }
    if mask.iter().all(|it| *it == 0) {
        return Ok(data);
    }
    let none = builder.none()?;
    let mut all = nodes(builder, data)?;
    for (id, _) in all.iter_mut().zip(mask).filter(|(_, masked)| *masked != 0) {
        *id = none;
    }
    objects(builder, &all)
}

/// The category of each code; code -1 is NaN, which makes integers floats, as in pandas.
fn categorical(
    builder: &mut Builder,
    categories: NodeId,
    codes: NodeId,
    depth: usize,
) -> Result<NodeId, Refusal> {
    let categories = index::of(builder, categories, depth)?;
    let Kind::Index(index) = builder.value(categories).kind() else {
        return Err(inert("categories that are not known"));
    };
    let from = builder.value(index.values).as_array().filter(|it| it.shape.len() == 1);
    let from = from.ok_or_else(|| inert("categories of several levels"))?.clone();
    if from.objects(builder.graph()).is_some() {
        let all = nodes(builder, index.values)?;
        let taken = take_nodes(builder, &all, codes)?;
        return objects(builder, &taken);
    }
    let codes = codes_of(builder, codes)?;
    let missing = codes.iter().any(|it| *it < 0);
    let as_floats = missing && matches!(from.dtype.scalar, Scalar::Int | Scalar::UInt);
    let (dtype, cells) = if as_floats || from.dtype.scalar == Scalar::Float && missing {
        let floats =
            from.to_f64(builder.graph()).ok_or_else(|| inert("categories of no number"))?;
        let bytes: Vec<u8> = floats.into_iter().flat_map(f64::to_le_bytes).collect();
        (Dtype::little(Scalar::Float, 8), bytes)
    } else if missing {
        return Err(inert("missing values among categories that have none"));
    } else {
        let bytes = from.bytes(builder.graph()).unwrap_or_default().to_vec();
        (from.dtype, bytes)
    };
    let size = dtype.itemsize;
    builder.budget().charge(codes.len().saturating_mul(size))?;
    let mut out = Vec::with_capacity(codes.len() * size);
    for code in &codes {
        match usize::try_from(*code) {
            Ok(at) => {
                let cell = at.checked_mul(size).and_then(|it| cells.get(it..it + size));
                out.extend_from_slice(cell.ok_or_else(|| inert("a code without its category"))?);
            }
            Err(_) => out.extend_from_slice(&f64::NAN.to_le_bytes()),
        }
    }
    let owned = builder.bytes(&out)?;
    let (start, len) = builder.span(owned).ok_or_else(|| inert("too many values"))?;
    let data = ArrayData::Bytes { start, len };
    let shape = Box::new([codes.len()]);
    Ok(builder.array(Array { dtype, shape, order: Order::C, data })?)
}

/// The categories' nodes at the codes; NaN for -1.
pub(super) fn take_nodes(
    builder: &mut Builder,
    categories: &[NodeId],
    codes: NodeId,
) -> Result<Vec<NodeId>, Refusal> {
    let nan = builder.float(f64::NAN)?;
    let codes = codes_of(builder, codes)?;
    let node = |code: i64| match usize::try_from(code) {
        Ok(at) => categories.get(at).copied().ok_or_else(|| inert("a code without its category")),
        Err(_) => Ok(nan),
    };
    codes.into_iter().map(node).collect()
}

fn codes_of(builder: &mut Builder, codes: NodeId) -> Result<Vec<i64>, Refusal> {
    let unknown = || inert("codes that are not integers");
    let len = builder.value(codes).as_array().filter(|it| it.shape.len() == 1).map(Array::len);
    builder.budget().charge(len.ok_or_else(unknown)?.saturating_mul(8))?;
    let codes = builder.value(codes).as_array();
    codes.and_then(|it| it.to_i64(builder.graph())).ok_or_else(unknown)
}

/// A node for each element of a one-dimensional array.
pub(super) fn nodes(builder: &mut Builder, array: NodeId) -> Result<Vec<NodeId>, Refusal> {
    let unknown = || inert("values that are not of one dimension");
    if builder.value(array).tag() == Tag::List {
        return nodes_of_list(builder, array);
    }
    let it = builder.value(array).as_array().filter(|it| it.shape.len() == 1);
    let it = it.ok_or_else(unknown)?.clone();
    builder.budget().charge(it.len().saturating_mul(size_of::<NodeId>()))?;
    if let Some(all) = it.objects(builder.graph()) {
        return Ok(all.to_vec());
    }
    let ArrayData::Bytes { start, .. } = it.data else { return Err(unknown()) };
    let integers = matches!(it.dtype.scalar, Scalar::Int | Scalar::UInt | Scalar::Bool);
    let numbers = if integers { it.to_i64(builder.graph()) } else { None };
    let size = it.dtype.itemsize as u64;
    let mut all = Vec::with_capacity(it.len());
    for at in 0..it.len() {
        let whole = numbers.as_ref().and_then(|it| it.get(at));
        all.push(match (whole, &it.dtype.scalar) {
            (Some(value), Scalar::Bool) => builder.bool(*value != 0)?,
            (Some(value), _) => builder.int(*value)?,
            _ => cell(builder, &it.dtype, start + at as u64 * size)?,
        });
    }
    Ok(all)
}

/// The items of a list or tuple.
pub(super) fn nodes_of_list(builder: &mut Builder, list: NodeId) -> Result<Vec<NodeId>, Refusal> {
    let len = builder.value(list).len().unwrap_or_default();
    builder.budget().charge(len * size_of::<NodeId>())?;
    Ok(builder.value(list).items().into_iter().flatten().map(Value::id).collect())
}

/// One element as a node: a float, or else an array of no dimensions.
fn cell(builder: &mut Builder, dtype: &Dtype, start: u64) -> Result<NodeId, Refusal> {
    let data = ArrayData::Bytes { start, len: dtype.itemsize as u64 };
    let array = Array { dtype: dtype.clone(), shape: Box::default(), order: Order::C, data };
    let plain = dtype.order == ByteOrder::Little && dtype.scalar == Scalar::Float;
    let float = if plain { array.to_f64(builder.graph()) } else { None };
    match float.as_deref() {
        Some([value]) => Ok(builder.float(*value)?),
        _ => Ok(builder.array(array)?),
    }
}

/// A one-dimensional array of objects.
pub(super) fn objects(builder: &mut Builder, all: &[NodeId]) -> Result<NodeId, Refusal> {
    let (start, len) = builder.array_objects(all)?;
    Ok(builder.array(Array {
        dtype: Dtype::little(Scalar::Object, 8),
        shape: Box::new([all.len()]),
        order: Order::C,
        data: ArrayData::Objects { start, len },
    })?)
}
