//! Tensors: a storage, an offset into it, a shape and strides. A tensor that lies in C order is an array
//! whose bytes are the file's; any other is copied into C order, within the budget.
//!
//! | in the pickle | becomes |
//! |---|---|
//! | `torch._utils._rebuild_tensor`, `_rebuild_tensor_v2`, `_rebuild_tensor_v3` | an array |
//! | `torch._utils._rebuild_parameter`, `_rebuild_parameter_with_state` | the array of its tensor |
//! | `torch._tensor._rebuild_from_type_v2` of one of them | the same |
//! | in a tar archive: a persistent id that is a text | the array of the tensor of that key |

use std::collections::BTreeMap;
use std::ops::Range;

use object_graph::{
    Array, ArrayData, Builder, ByteOrder, Class, Dtype, Kind, NodeId, Object, Order, Scalar, Tag,
    Value,
};

use crate::error::Fault;
use crate::numpy::{Refusal, each, objects};
use crate::pickle::STORAGE;

pub(super) const MOST_AXES: usize = 64;

/// The storages of a file by key; of a tar archive the tensors by theirs.
pub(super) struct Storages {
    pub(super) order: ByteOrder,
    spans: BTreeMap<Box<[u8]>, Range<usize>>,
    tensors: BTreeMap<i64, Tensor>,
}

impl Default for Storages {
    fn default() -> Self {
        Self { order: ByteOrder::Little, spans: BTreeMap::new(), tensors: BTreeMap::new() }
    }
}

impl Storages {
    pub(super) fn add(&mut self, key: &[u8], span: Range<usize>) {
        self.spans.insert(key.into(), span);
    }

    pub(super) fn add_tensor(&mut self, key: i64, tensor: Tensor) {
        self.tensors.insert(key, tensor);
    }

    /// The tensor whose key is the persistent id, a text.
    fn tensor(&self, id: &[u8]) -> Option<&Tensor> {
        self.tensors.get(&std::str::from_utf8(id).ok()?.parse().ok()?)
    }
}

/// Puts an array in the place of each tensor and parameter.
pub(super) fn decode(builder: &mut Builder, storages: &Storages) -> Result<(), Fault> {
    let ids = objects(builder);
    each(builder, ids.iter(), &mut |builder, id| read(builder, id, storages))
}

fn read(builder: &mut Builder, id: NodeId, storages: &Storages) -> Result<Option<NodeId>, Refusal> {
    let Some(object) = builder.value(id).as_object() else { return Ok(None) };
    let Some(class) = object.class() else { return Ok(None) };
    if let (STORAGE, Some(key)) = ((class.module, class.name), object.args().as_raw()) {
        return storages.tensor(key).map(|it| it.make(builder)).transpose();
    }
    let Some(args) = short_tuple(object.args()) else { return Ok(None) };
    match (class.module, class.name) {
        ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => {
            let data = args.first().filter(|it| it.tag() == Tag::Array);
            Ok(data.map(|it| it.id()))
        }
        ("torch._tensor", "_rebuild_from_type_v2") => {
            let [function, _, args, ..] = args.as_slice() else { return Ok(None) };
            let (Kind::Class(function), Some(args)) = (function.kind(), short_tuple(*args)) else {
                return Ok(None);
            };
            tensor(function, &args, storages)?.map(|it| it.make(builder)).transpose()
        }
        _ => tensor(class, &args, storages)?.map(|it| it.make(builder)).transpose(),
    }
}

fn short_tuple(value: Value<'_>) -> Option<Vec<Value<'_>>> {
    let short = value.tag() == Tag::Tuple && value.len().is_some_and(|it| it <= 8);
    value.items().filter(|_| short).map(Iterator::collect)
}

/// A tensor whose every element was found inside its storage.
#[derive(Debug)]
pub(super) struct Tensor {
    dtype: Dtype,
    /// Bytes of the storage from the first element on.
    start: usize,
    shape: Box<[usize]>,
    /// In elements.
    strides: Box<[usize]>,
    count: usize,
}

/// The tensor that `function` rebuilds from `args`; `None` if it rebuilds none.
fn tensor(
    function: Class<'_>,
    args: &[Value<'_>],
    storages: &Storages,
) -> Result<Option<Tensor>, Refusal> {
    if function.module != "torch._utils" {
        return Ok(None);
    }
    let own_dtype = match function.name {
        "_rebuild_tensor" | "_rebuild_tensor_v2" => None,
        "_rebuild_tensor_v3" => Some(args.get(6).copied()),
        "_rebuild_qtensor" => return Err(inert("quantized tensors are not supported")),
        "_rebuild_sparse_tensor" | "_rebuild_sparse_csr_tensor" => {
            return Err(inert("sparse tensors are not supported"));
        }
        _ => return Ok(None),
    };
    let [storage, offset, shape, strides, ..] = args else {
        return Err(inert("a tensor without storage, offset, shape and strides"));
    };
    let (mut dtype, span) = span_of(*storage, storages)?;
    if let Some(class) = own_dtype {
        let class = class.and_then(class_name).ok_or_else(|| inert("a tensor without a dtype"))?;
        dtype =
            named(class).ok_or_else(|| inert(&format!("the dtype {class} is not supported")))?;
    }
    let metadata = args.get(if own_dtype.is_some() { 7 } else { 6 });
    if let Some(metadata) = metadata.filter(|it| !it.is_none()) {
        plain(*metadata)?;
    }
    dtype.order = storages.order;
    let offset = count(*offset).ok_or_else(|| inert("an offset that is not a number"))?;
    let (shape, strides) = (axes(*shape)?, axes(*strides)?);
    placed(dtype, &span, offset, shape, strides).map(Some)
}

/// Refuses what PyTorch does to the numbers of a storage as it reads them: it may keep a tensor whose signs, or those
/// of whose imaginary parts, are the other ones (`get_tensor_metadata` in torch/_utils.py, from 2.0 on).
fn plain(metadata: Value<'_>) -> Result<(), Refusal> {
    let entries =
        metadata.entries().ok_or_else(|| inert("a tensor with metadata that are no dict"))?;
    for (key, value) in entries {
        if value.as_bool() == Some(false) {
            continue;
        }
        return Err(inert(&match key.as_str() {
            Some("neg") => "a negative view: its numbers are those in the file with the other sign; save tensor.resolve_neg()".to_owned(),
            Some("conj") => "a conjugate view: its numbers are the conjugates of those in the file; save tensor.resolve_conj()".to_owned(),
            key => format!("a tensor with the metadata {}, which are not supported", key.unwrap_or("of another name")),
        }));
    }
    Ok(())
}

/// Checks that the elements are inside the storage.
pub(super) fn placed(
    dtype: Dtype,
    span: &Range<usize>,
    offset: usize,
    shape: Box<[usize]>,
    strides: Box<[usize]>,
) -> Result<Tensor, Refusal> {
    let malformed = |text: &str| Refusal::Fault(Fault::malformed(text));
    if shape.len() != strides.len() {
        return Err(malformed("a tensor whose shape and strides have different lengths"));
    }
    let total = || shape.iter().try_fold(1_usize, |all, it| all.checked_mul(*it));
    let count = if shape.contains(&0) { Some(0) } else { total() };
    let last = shape.iter().zip(&strides).try_fold(offset, |last, (axis, stride)| {
        last.checked_add(axis.saturating_sub(1).checked_mul(*stride)?)
    });
    let elements = span.len() / dtype.itemsize.max(1);
    let (Some(count), Some(last)) = (count, last) else {
        return Err(malformed("a tensor that is larger than any memory"));
    };
    if count != 0 && elements <= last {
        let text = format!("a tensor reaches element {last} of a storage of {elements}");
        return Err(malformed(&text));
    }
    let start = if count == 0 { span.start } else { span.start + offset * dtype.itemsize };
    Ok(Tensor { dtype, start, shape, strides, count })
}

impl Tensor {
    fn make(&self, builder: &mut Builder) -> Result<NodeId, Refusal> {
        let len = self.count.checked_mul(self.dtype.itemsize);
        let len = len.ok_or_else(|| inert("a tensor that is larger than any memory"))?;
        let start = match self.is_in_c_order() {
            true => self.start as u64,
            false => self.copied(builder, len)?,
        };
        let data = ArrayData::Bytes { start, len: len as u64 };
        let (dtype, shape) = (self.dtype.clone(), self.shape.clone());
        Ok(builder.array(Array { dtype, shape, order: Order::C, data })?)
    }

    fn is_in_c_order(&self) -> bool {
        let mut expected = 1;
        self.count == 0
            || self.shape.iter().zip(&self.strides).rev().all(|(axis, stride)| {
                let fits = *axis == 1 || *stride == expected;
                expected *= axis;
                fits
            })
    }

    /// The elements one behind the other; gives where they are.
    fn copied(&self, builder: &mut Builder, len: usize) -> Result<u64, Refusal> {
        builder.budget().charge(len)?;
        let size = self.dtype.itemsize;
        let mut bytes = Vec::with_capacity(len);
        let mut index = vec![0_usize; self.shape.len()];
        for _ in 0..self.count {
            let at: usize = index.iter().zip(&self.strides).map(|(i, stride)| i * stride).sum();
            let start = self.start + at * size;
            bytes.extend_from_slice(builder.input().get(start..start + size).unwrap_or_default());
            for (slot, axis) in index.iter_mut().zip(&self.shape).rev() {
                *slot += 1;
                if *slot < *axis {
                    break;
                }
                *slot = 0;
            }
        }
        let node = builder.bytes(&bytes)?;
        let (start, made) = builder.span(node).ok_or_else(|| inert("a tensor without bytes"))?;
        if made != len as u64 {
            return Err(Refusal::Fault(Fault::malformed("a tensor that leaves its storage")));
        }
        Ok(start)
    }
}

/// Type and place of a storage.
fn span_of(storage: Value<'_>, storages: &Storages) -> Result<(Dtype, Range<usize>), Refusal> {
    let object = storage.as_object();
    let is_id = |it: &Object<'_>| it.class().is_some_and(|it| (it.module, it.name) == STORAGE);
    let id = object.filter(is_id).and_then(|it| parts_of_id(it.args()));
    let id = id.ok_or_else(|| inert(&format!("a tensor in a {}", storage.type_name())))?;
    let dtype = element(id.class)
        .ok_or_else(|| inert(&format!("a storage of {}, which is not supported", id.class)))?;
    let missing = || Fault::malformed("a tensor whose storage is not in the file");
    let span = storages.spans.get(id.key).cloned().ok_or_else(missing)?;
    let Some(view) = id.view else { return Ok((dtype, span)) };
    // Before PyTorch 0.4 a storage could be a part of another.
    let parts = short_tuple(view).unwrap_or_default();
    let [_, from, len] = parts.as_slice() else { return Err(inert("a view of a storage")) };
    let bytes = |it: &Value<'_>| count(*it).and_then(|it| it.checked_mul(dtype.itemsize));
    let part = || {
        let start = span.start.checked_add(bytes(from)?)?;
        let end = start.checked_add(bytes(len)?)?;
        (end <= span.end).then_some(start..end)
    };
    let part = part().ok_or_else(|| Fault::malformed("a view that leaves its storage"))?;
    Ok((dtype, part))
}

/// What a persistent id says.
pub(super) struct StorageId<'g> {
    pub(super) class: Class<'g>,
    pub(super) key: &'g [u8],
    view: Option<Value<'g>>,
}

/// `("storage", class, key, device, count)`, and in old files a view.
pub(super) fn parts_of_id(id: Value<'_>) -> Option<StorageId<'_>> {
    let parts = short_tuple(id)?;
    let [kind, class, key, _, _, rest @ ..] = parts.as_slice() else { return None };
    let Kind::Class(class) = class.kind() else { return None };
    let view = rest.first().copied().filter(|it| !it.is_none());
    kind.is_text("storage").then_some(StorageId { class, key: key.as_raw()?, view })
}

/// What the elements of a storage are.
pub(super) fn element(class: Class<'_>) -> Option<Dtype> {
    match class.module {
        "torch" | "torch.cuda" => named(class.name.strip_suffix("Storage")?),
        "torch.storage" if class.name == "UntypedStorage" => Some(Dtype::little(Scalar::UInt, 1)),
        _ => None,
    }
}

/// The name of a class such as `torch.uint16`.
fn class_name(value: Value<'_>) -> Option<&str> {
    match value.kind() {
        Kind::Class(it) if it.module == "torch" => Some(it.name),
        _ => None,
    }
}

/// A type by the name of its storage or its own.
pub(super) fn named(name: &str) -> Option<Dtype> {
    let (scalar, size) = match name {
        "Double" | "float64" => (Scalar::Float, 8),
        "Float" | "float32" => (Scalar::Float, 4),
        "Half" | "float16" => (Scalar::Float, 2),
        "BFloat16" | "bfloat16" => (Scalar::BrainFloat, 2),
        "Long" | "int64" => (Scalar::Int, 8),
        "Int" | "int32" => (Scalar::Int, 4),
        "Short" | "int16" => (Scalar::Int, 2),
        "Char" | "int8" => (Scalar::Int, 1),
        "uint64" => (Scalar::UInt, 8),
        "uint32" => (Scalar::UInt, 4),
        "uint16" => (Scalar::UInt, 2),
        "Byte" | "uint8" => (Scalar::UInt, 1),
        "Bool" | "bool" => (Scalar::Bool, 1),
        "ComplexDouble" | "complex128" => (Scalar::Complex, 16),
        "ComplexFloat" | "complex64" => (Scalar::Complex, 8),
        _ => return None,
    };
    Some(Dtype::little(scalar, size))
}

/// A number of elements.
fn count(value: Value<'_>) -> Option<usize> {
    value.as_i64().and_then(|it| usize::try_from(it).ok())
}

/// A shape or strides: a tuple of numbers, or a `torch.Size` of one.
fn axes(value: Value<'_>) -> Result<Box<[usize]>, Refusal> {
    let size = value.as_object().filter(|it| it.class().is_some_and(|it| it.is("torch.Size")));
    let value = size.and_then(|it| it.args().items()?.next()).unwrap_or(value);
    let few = matches!(value.tag(), Tag::Tuple | Tag::List)
        && value.len().is_some_and(|it| it <= MOST_AXES);
    let items = value.items().filter(|_| few);
    let items = items.ok_or_else(|| inert("a shape that is not a short tuple"))?;
    let axis = |it| count(it).ok_or_else(|| inert("a shape of other things than numbers from 0"));
    items.map(axis).collect()
}

fn inert(reason: &str) -> Refusal {
    Refusal::Inert(reason.to_owned())
}
