//! safetensors: the length of a JSON header in 8 bytes, the header, the tensors' bytes. The header names
//! each tensor's type, shape, and where its bytes begin and end behind the header.
//!
//! Source: the format's description in the safetensors project, `docs/source/index.mdx`.

use std::fmt;

use object_graph::{Array, ArrayData, Builder, Dtype, Graph, Order};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::tensors::named;
use crate::error::Fault;

/// The longest header: a name and a few numbers for each tensor. It bounds what parsing takes.
const LONGEST_HEADER: usize = 4 << 20;
const MOST_AXES: usize = 64;
/// What an entry takes beside its bytes in the header.
const ENTRY_BYTES: usize = 8;

/// What the header says of one tensor.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// The tensors by name; `__metadata__` is text for people.
struct Header(Vec<(String, Entry)>);

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tensors by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                map.next_value::<IgnoredAny>()?;
            } else {
                entries.push((name, map.next_value()?));
            }
        }
        Ok(Header(entries))
    }
}

/// Whether the file begins with a length that fits, and JSON behind it.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    let Some(len) = header_len(bytes) else { return false };
    let opens = bytes.get(8..).is_some_and(|it| it.starts_with(b"{\"") || it.starts_with(b"{}"));
    opens && len as usize <= bytes.len() - 8
}

fn header_len(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk().map(|it| u64::from_le_bytes(*it))
}

/// A dict of the tensors.
pub(super) fn read(mut builder: Builder) -> Result<Graph, Fault> {
    let input_len = builder.input().len();
    let len = header_len(builder.input()).and_then(|it| usize::try_from(it).ok());
    let len = len.filter(|it| *it <= input_len - 8);
    let len = len.ok_or_else(|| Fault::truncated("the header of the tensors"))?;
    if LONGEST_HEADER < len {
        let text = format!("a header of {len} bytes, expected at most {LONGEST_HEADER}");
        return Err(Fault::too_large(text).or_at(0));
    }
    builder.budget().charge(len.saturating_mul(ENTRY_BYTES))?;
    let header = builder.input().get(8..8 + len).unwrap_or_default();
    let Header(entries) = serde_json::from_slice(header).map_err(|err| {
        Fault::malformed(format!("the header of the tensors cannot be read: {err}")).or_at(8)
    })?;
    let dict = builder.dict()?;
    for (name, entry) in entries {
        let Entry { dtype, shape, data_offsets } = entry;
        let array = array(&name, &dtype, &shape, data_offsets, 8 + len, input_len)?;
        let (key, value) = (builder.text(&name)?, builder.array(array)?);
        builder.extend(dict, &[key, value])?;
    }
    Ok(builder.finish(dict)?)
}

fn array(
    name: &str,
    dtype: &str,
    shape: &[u64],
    [from, to]: [u64; 2],
    data: usize,
    input_len: usize,
) -> Result<Array, Fault> {
    let dtype = self::dtype(dtype).ok_or_else(|| {
        Fault::unsupported(format!(
            "the tensor {name:?} is of type {dtype}, which is not supported"
        ))
    })?;
    let wrong = |text: &str| Fault::malformed(format!("the tensor {name:?} {text}"));
    if MOST_AXES < shape.len() {
        return Err(wrong("has more than 64 axes"));
    }
    let axes: Result<Box<[usize]>, _> = shape.iter().map(|it| usize::try_from(*it)).collect();
    let axes = axes.map_err(|_| wrong("is larger than any memory"))?;
    let bytes = axes.iter().try_fold(dtype.itemsize, |all, it| all.checked_mul(*it));
    let end = (data as u64).checked_add(to).filter(|it| *it <= input_len as u64);
    let inside = end.is_some() && from <= to;
    match bytes {
        Some(bytes) if inside && to - from == bytes as u64 => {
            let data = ArrayData::Bytes { start: data as u64 + from, len: bytes as u64 };
            Ok(Array { dtype, shape: axes, order: Order::C, data })
        }
        _ if !inside => Err(wrong("reaches beyond the end of the file")),
        _ => Err(wrong("has a shape that does not fit its bytes")),
    }
}

fn dtype(name: &str) -> Option<Dtype> {
    named(match name {
        "F64" => "float64",
        "F32" => "float32",
        "F16" => "float16",
        "BF16" => "bfloat16",
        "I64" => "int64",
        "I32" => "int32",
        "I16" => "int16",
        "I8" => "int8",
        "U64" => "uint64",
        "U32" => "uint32",
        "U16" => "uint16",
        "U8" => "uint8",
        "BOOL" => "bool",
        _ => return None,
    })
}
