//! What `torch.save` wrote before PyTorch 0.1.10, and `torch.load` still reads: a tar archive.
//!
//! | member | what it holds |
//! |---|---|
//! | `storages` | a pickle of their number; for each a pickle of key, device and type, the number of its elements (8 bytes) and the elements; a pickle of the views: key, key of the whole, first element, number of elements |
//! | `tensors` | a pickle of their number; for each a pickle of key, storage's key and type, then the number of axes (4 bytes, and 4 of nothing), shape, strides and offset (8 bytes each) |
//! | `pickle` | the object; a tensor's persistent id is its key as a text |
//!
//! Source: torch/serialization.py, `_legacy_load`, in it `legacy_load`; POSIX.1-1988 for the headers.

use std::collections::BTreeMap;
use std::ops::Range;

use object_graph::{Builder, Dtype, Kind, Tag, Value};

use super::tensors::{MOST_AXES, Storages, element, placed};
use crate::error::Fault;
use crate::limits::Limits;
use crate::pickle::{self, Outside, Parsed};

/// Bytes of a header, and what contents are filled up to.
const BLOCK: usize = 512;
const NAMES: [&[u8]; 4] = [b"sys_info", b"pickle", b"tensors", b"storages"];

pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar") && NAMES.contains(&name_of(bytes))
}

/// A member's name: up to the first zero of 100 bytes.
fn name_of(header: &[u8]) -> &[u8] {
    let field = header.get(..100).unwrap_or_default();
    field.split(|it| *it == 0).next().unwrap_or_default()
}

/// Runs the machine over the pickles; gives the object, and the tensors.
pub(super) fn parse(builder: Builder, limits: &Limits) -> Result<(Parsed, Storages), Fault> {
    let mut members = members(builder.input())?;
    let mut member = |name: &str| {
        let found = members.remove(name.as_bytes());
        found.ok_or_else(|| Fault::malformed(format!("a PyTorch archive without {name}")))
    };
    let (storages, tensors, object) = (member("storages")?, member("tensors")?, member("pickle")?);
    let (spans, builder) = Reader { limits, builder, at: storages }.storages()?;
    let (tensors, builder) = Reader { limits, builder, at: tensors }.tensors(&spans)?;
    let (parsed, _) = pickle::parse_part(builder, object, Outside::Tensors, limits)?;
    Ok((parsed, tensors))
}

/// Where the contents of each plain file are.
fn members(bytes: &[u8]) -> Result<BTreeMap<&[u8], Range<usize>>, Fault> {
    let (mut members, mut at) = (BTreeMap::new(), 0);
    let header = |at| bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>);
    while let Some(header) = header(at).filter(|it| it[0] != 0) {
        let malformed = || Fault::malformed("a header of the archive").or_at(at);
        let size = header.get(124..136).and_then(octal).ok_or_else(malformed)?;
        let start = at + BLOCK;
        let end = start.checked_add(size).filter(|it| *it <= bytes.len());
        let end = end.ok_or_else(|| Fault::truncated("a member of the archive").or_at(at))?;
        if matches!(header[156], 0 | b'0') && NAMES.contains(&name_of(header)) {
            members.insert(name_of(header), start..end);
        }
        at = end.next_multiple_of(BLOCK);
    }
    Ok(members)
}

/// Digits between blanks, zeros at the end.
fn octal(field: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    usize::from_str_radix(text, 8).ok()
}

/// Type and place of each storage, by key.
type Spans = BTreeMap<i64, (Dtype, Range<usize>)>;

/// Pickles and numbers of a member, one behind the other.
struct Reader<'a> {
    limits: &'a Limits,
    builder: Builder,
    /// What is left of the member.
    at: Range<usize>,
}

impl Reader<'_> {
    fn storages(mut self) -> Result<(Spans, Builder), Fault> {
        let mut spans = Spans::new();
        for _ in 0..self.count()? {
            let (key, dtype) = self.pickled(|it| {
                let [key, _, class] = three(it)?;
                let Kind::Class(class) = class.kind() else { return None };
                Some((key.as_i64()?, element(class)?))
            })?;
            let bytes = self.number()?.checked_mul(dtype.itemsize);
            let span = self.take(bytes.unwrap_or(usize::MAX), "a storage")?;
            self.builder.budget().charge(96)?;
            spans.insert(key, (dtype, span));
        }
        for (key, whole, from, len) in self.views()? {
            let malformed = || Fault::malformed("a view that leaves its storage");
            let (dtype, span) = spans.get(&whole).cloned().ok_or_else(malformed)?;
            let place = |elements: usize| elements.checked_mul(dtype.itemsize);
            let start = place(from).and_then(|it| span.start.checked_add(it));
            let end = start.zip(place(len)).and_then(|(start, len)| start.checked_add(len));
            let end = end.filter(|it| *it <= span.end).ok_or_else(malformed)?;
            spans.insert(key, (dtype, start.unwrap_or(end)..end));
        }
        Ok((spans, self.builder))
    }

    fn views(&mut self) -> Result<Vec<(i64, i64, usize, usize)>, Fault> {
        let charged = self.at.len().saturating_mul(4);
        self.builder.budget().charge(charged)?;
        self.pickled(|it| {
            let items = it.items().filter(|_| it.tag() == Tag::List)?;
            let view = |it: Value<'_>| {
                let parts: Vec<_> = it.items()?.take(5).map(Value::as_i64).collect();
                let [Some(key), Some(whole), Some(from), Some(len)] = *parts else { return None };
                Some((key, whole, usize::try_from(from).ok()?, usize::try_from(len).ok()?))
            };
            items.map(view).collect()
        })
    }

    fn tensors(mut self, spans: &Spans) -> Result<(Storages, Builder), Fault> {
        let mut storages = Storages::default();
        for _ in 0..self.count()? {
            let (key, storage) = self.pickled(|it| {
                let [key, storage, _] = three(it)?;
                Some((key.as_i64()?, storage.as_i64()?))
            })?;
            let at = self.at.start;
            let axes = self.number()? & 0xFFFF_FFFF;
            if axes > MOST_AXES {
                return Err(Fault::malformed("a tensor of too many axes").or_at(at));
            }
            let mut numbers = || (0..axes).map(|_| self.number()).collect::<Result<Box<_>, _>>();
            let (shape, strides) = (numbers()?, numbers()?);
            let offset = self.number()?;
            let missing =
                || Fault::malformed("a tensor whose storage is not in the file").or_at(at);
            let (dtype, span) = spans.get(&storage).ok_or_else(missing)?;
            self.builder.budget().charge(256)?;
            let tensor = placed(dtype.clone(), span, offset, shape, strides);
            storages.add_tensor(key, tensor.map_err(|it| it.into_fault().or_at(at))?);
        }
        Ok((storages, self.builder))
    }

    /// A pickle of a number.
    fn count(&mut self) -> Result<usize, Fault> {
        self.pickled(|it| it.as_i64().and_then(|it| usize::try_from(it).ok()))
    }

    /// What a pickle holds, if it is what is expected there.
    fn pickled<T>(&mut self, read: impl Fn(Value<'_>) -> Option<T>) -> Result<T, Fault> {
        let at = self.at.start;
        let nothing = Builder::new(Vec::new(), self.limits.budget(0));
        let builder = std::mem::replace(&mut self.builder, nothing);
        let (parsed, end) =
            pickle::parse_part(builder, self.at.clone(), Outside::Nothing, self.limits)?;
        self.at.start = end;
        let found = read(parsed.builder.value(parsed.root));
        self.builder = parsed.builder;
        let unknown = || Fault::malformed("a pickle of another shape than PyTorch's").or_at(at);
        found.ok_or_else(unknown)
    }

    /// Eight bytes, from 0.
    fn number(&mut self) -> Result<usize, Fault> {
        let span = self.take(8, "a number")?;
        let bytes = self.builder.input().get(span).and_then(|it| it.first_chunk());
        let number = bytes.map(|it| u64::from_le_bytes(*it));
        let number = number.and_then(|it| usize::try_from(it).ok());
        number.ok_or_else(|| Fault::truncated("a number").or_at(self.at.start))
    }

    fn take(&mut self, len: usize, what: &str) -> Result<Range<usize>, Fault> {
        let start = self.at.start;
        if self.at.len() < len {
            return Err(Fault::truncated(what).or_at(start));
        }
        self.at.start = start + len;
        Ok(start..start + len)
    }
}

fn three(value: Value<'_>) -> Option<[Value<'_>; 3]> {
    let items = value.items().filter(|_| value.tag() == Tag::Tuple && value.len() == Some(3))?;
    items.collect::<Vec<_>>().try_into().ok()
}
