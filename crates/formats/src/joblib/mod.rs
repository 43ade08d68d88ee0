//! joblib files: a pickle, compressed or not, whose arrays lie as raw bytes in the stream.
//!
//! Behind the BUILD of a `NumpyArrayWrapper` follow the array's bytes: with
//! `numpy_array_alignment_bytes` in its state (joblib 1.2 and later) one byte that says how many
//! bytes of padding come first. An array of objects is a whole pickle of its own instead.
//! joblib before 0.10 wrote `NDArrayWrapper` and a `.npy` file for each array: refused by name.
//!
//! Source: joblib/numpy_pickle.py, `NumpyArrayWrapper.read_array`.

mod decompress;

use object_graph::{Array, ArrayData, Builder, NodeId, Object, Order, Scalar, Tag, Value};

pub(crate) use self::decompress::{Compression, decompress};
use crate::error::Fault;
use crate::numpy::{Layout, Refusal, is_array_class, layout, read_dtype};

/// What stands behind a wrapper.
pub(crate) enum Behind {
    /// The array's bytes, which end at `end`.
    Bytes { array: NodeId, end: usize },
    /// A pickle of its own.
    Pickle,
}

/// Whether an object is joblib's stand-in for an array.
pub(crate) fn is_array_wrapper(value: Value<'_>) -> bool {
    let class = value.as_object().and_then(Object::class);
    class.is_some_and(|it| {
        it.module.ends_with("joblib.numpy_pickle") && it.name == "NumpyArrayWrapper"
            || it.module.contains("joblib.numpy_pickle") && is_old(it.name)
    })
}

fn is_old(name: &str) -> bool {
    matches!(name, "NDArrayWrapper" | "ZNDArrayWrapper")
}

/// Reads the array of a wrapper, whose bytes begin at `at`.
pub(crate) fn array_behind(
    builder: &mut Builder,
    wrapper: NodeId,
    at: usize,
) -> Result<Behind, Fault> {
    let value = builder.value(wrapper);
    if value.as_object().and_then(Object::class).is_some_and(|it| is_old(it.name)) {
        return Err(Fault::unsupported(
            "joblib before 0.10 wrote arrays into files beside this one; \
             load it with the Python that wrote it and save it again",
        ));
    }
    let (layout, order, aligned) = read_wrapper(value)?;
    if layout.dtype.scalar == Scalar::Object {
        return Ok(Behind::Pickle);
    }
    let start = if aligned { skip_padding(builder.input(), at)? } else { at };
    let end = start.checked_add(layout.bytes).filter(|it| *it <= builder.input().len());
    let end = end.ok_or_else(|| Fault::truncated("an array"))?;
    let data = ArrayData::Bytes { start: start as u64, len: layout.bytes as u64 };
    let array = Array { dtype: layout.dtype, shape: layout.shape, order, data };
    Ok(Behind::Bytes { array: builder.array(array)?, end })
}

/// Layout and order of the array, and whether padding stands before it.
fn read_wrapper(value: Value<'_>) -> Result<(Layout, Order, bool), Fault> {
    let missing = || Fault::malformed("a joblib array without its shape, order or dtype");
    let state = value.as_object().and_then(Object::state);
    let state = state.filter(|it| it.tag() == Tag::Dict && it.len().is_some_and(|it| it < 16));
    let state = state.ok_or_else(missing)?;
    let part = |name| state.get(name).ok_or_else(missing);
    let class = part("subclass")?;
    if !is_array_class(class) {
        let text = format!("arrays of {} are not supported", class.type_name());
        return Err(Fault::unsupported(text));
    }
    let shape = part("shape")?;
    let layout = read_dtype(part("dtype")?).and_then(|it| layout(it, shape));
    let layout = layout.map_err(|it| match it {
        Refusal::Inert(reason) => Fault::unsupported(format!("a joblib array: {reason}")),
        Refusal::Fault(fault) => fault,
    })?;
    let order = match part("order")? {
        it if it.is_text("C") => Order::C,
        it if it.is_text("F") => Order::Fortran,
        _ => return Err(missing()),
    };
    let alignment = state.get("numpy_array_alignment_bytes");
    Ok((layout, order, alignment.is_some_and(|it| !it.is_none())))
}

fn skip_padding(input: &[u8], at: usize) -> Result<usize, Fault> {
    let padding = input.get(at).ok_or_else(|| Fault::truncated("an array's padding"))?;
    Ok(at + 1 + usize::from(*padding))
}
