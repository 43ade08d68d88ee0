//! The Arrow schema that pyarrow keeps in a file's metadata (`ARROW:schema`), with columns added.
//!
//! It is a flatbuffer in an IPC message in base64. Tables of a flatbuffer refer forward: new ones for
//! the message and the schema are put before the old bytes, and point to the old fields in these.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The type of an added column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArrowType {
    Bool,
    Int64,
    Float32,
    Float64,
    Utf8,
}

/// The key's value with `fields` in place of the old ones: an old field's index, or a new one's name and
/// type. `None` if the value is not what pyarrow writes.
pub(super) fn with_fields(
    text: &str,
    fields: &[Result<usize, (&str, ArrowType)>],
) -> Option<String> {
    let message = STANDARD.decode(text).ok()?;
    let old = match message.split_first_chunk::<8>()? {
        ([0xff, 0xff, 0xff, 0xff, ..], rest) => rest,
        _ => message.get(4..)?,
    };
    let old = Old::read(old)?;
    let buffer = old.with_fields(fields)?;
    let mut message = vec![0xff; 4];
    message.extend(u32::try_from(buffer.len()).ok()?.to_le_bytes());
    message.extend(buffer);
    Some(STANDARD.encode(message))
}

/// What is needed of the old buffer; positions in it.
struct Old<'a> {
    bytes: &'a [u8],
    version: u16,
    endianness: u16,
    fields: Vec<usize>,
    custom_metadata: Option<usize>,
    features: Option<usize>,
}

impl<'a> Old<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let message = follow(bytes, 0)?;
        let field = |table, index| field(bytes, table, index);
        // The header's type is 1, a schema.
        if *bytes.get(field(message, 1)?)? != 1 {
            return None;
        }
        let schema = follow(bytes, field(message, 2)?)?;
        let vector = follow(bytes, field(schema, 1)?)?;
        let n = u32_at(bytes, vector)? as usize;
        let entry = |index: usize| follow(bytes, vector.checked_add(4)?.checked_add(4 * index)?);
        let fields: Option<Vec<usize>> = (0..n.min(bytes.len())).map(entry).collect();
        let pointed = |index| field(schema, index).and_then(|at| follow(bytes, at));
        Some(Self {
            bytes,
            version: field(message, 0).and_then(|at| u16_at(bytes, at)).unwrap_or(0),
            endianness: field(schema, 0).and_then(|at| u16_at(bytes, at)).unwrap_or(0),
            fields: fields?,
            custom_metadata: pointed(2),
            features: pointed(3),
        })
    }

    fn with_fields(&self, fields: &[Result<usize, (&str, ArrowType)>]) -> Option<Vec<u8>> {
        let mut new = New(Vec::new());
        let root = new.hole();
        // Message: version, header_type, header, bodyLength.
        let message = new.table(&[16, 18, 4, 8], 24);
        new.point(root, message);
        new.put(message + 16, &self.version.to_le_bytes());
        new.put(message + 18, &[1]);
        // Schema: endianness, fields, custom_metadata, features.
        let offset = |it: Option<usize>, at| if it.is_some() { at } else { 0 };
        let slots = [16, 4, offset(self.custom_metadata, 8), offset(self.features, 12)];
        let schema = new.table(&slots, 20);
        new.point(message + 4, schema);
        new.put(schema + 16, &self.endianness.to_le_bytes());
        let vector = new.vector(fields.len());
        new.point(schema + 4, vector);
        let entries = (0..fields.len()).map(|index| vector + 4 + 4 * index);
        for (entry, field) in entries.clone().zip(fields) {
            if let Err((name, kind)) = field {
                let at = new.field(name, *kind);
                new.point(entry, at);
            }
        }
        new.0.resize(new.0.len().next_multiple_of(8), 0);
        let base = new.0.len();
        for (entry, field) in entries.zip(fields) {
            if let Ok(index) = field {
                new.point(entry, base + self.fields.get(*index)?);
            }
        }
        for (at, old) in [(schema + 8, self.custom_metadata), (schema + 12, self.features)] {
            if let Some(old) = old {
                new.point(at, base + old);
            }
        }
        new.0.extend_from_slice(self.bytes);
        new.0.resize(new.0.len().next_multiple_of(8), 0);
        Some(new.0)
    }
}

/// A buffer being written, each thing before what it points to.
struct New(Vec<u8>);

impl New {
    fn put(&mut self, at: usize, bytes: &[u8]) {
        if let Some(place) = self.0.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    }

    /// Room for an offset.
    fn hole(&mut self) -> usize {
        self.0.extend([0; 4]);
        self.0.len() - 4
    }

    fn point(&mut self, at: usize, to: usize) {
        self.put(at, &((to - at) as u32).to_le_bytes());
    }

    /// A table of `size` bytes whose fields are at `slots`, 0 for none, behind its vtable.
    fn table(&mut self, slots: &[u16], size: u16) -> usize {
        let vtable = self.0.len();
        self.0.extend((4 + 2 * slots.len() as u16).to_le_bytes());
        self.0.extend(size.to_le_bytes());
        slots.iter().for_each(|it| self.0.extend(it.to_le_bytes()));
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        let table = self.0.len();
        self.0.extend(((table - vtable) as i32).to_le_bytes());
        self.0.resize(table + usize::from(size).next_multiple_of(4), 0);
        table
    }

    fn vector(&mut self, n: usize) -> usize {
        let vector = self.0.len();
        self.0.extend((n as u32).to_le_bytes());
        self.0.resize(vector + 4 + 4 * n, 0);
        vector
    }

    /// Field: name, nullable, type_type, type, dictionary, children.
    fn field(&mut self, name: &str, kind: ArrowType) -> usize {
        let field = self.table(&[4, 16, 17, 8, 0, 12], 20);
        let (number, slots, size, values): (u8, &[u16], u16, &[(usize, u8)]) = match kind {
            ArrowType::Int64 => (2, &[4, 8], 12, &[(4, 64), (8, 1)]),
            ArrowType::Float32 => (3, &[4], 8, &[(4, 1)]),
            ArrowType::Float64 => (3, &[4], 8, &[(4, 2)]),
            ArrowType::Utf8 => (5, &[], 4, &[]),
            ArrowType::Bool => (6, &[], 4, &[]),
        };
        self.put(field + 16, &[1, number]);
        let text = self.vector(0);
        self.put(text, &(name.len() as u32).to_le_bytes());
        self.0.extend_from_slice(name.as_bytes());
        self.0.resize((self.0.len() + 1).next_multiple_of(4), 0);
        self.point(field + 4, text);
        let table = self.table(slots, size);
        values.iter().for_each(|(at, value)| self.put(table + at, &[*value]));
        self.point(field + 8, table);
        let children = self.vector(0);
        self.point(field + 12, children);
        field
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Where the offset at `at` points.
fn follow(bytes: &[u8], at: usize) -> Option<usize> {
    at.checked_add(u32_at(bytes, at)? as usize).filter(|it| *it < bytes.len())
}

/// Where field `index` of a table is; `None` if the table does not have it.
fn field(bytes: &[u8], table: usize, index: usize) -> Option<usize> {
    let back = i64::from(u32_at(bytes, table)? as i32);
    let vtable = usize::try_from(i64::try_from(table).ok()? - back).ok()?;
    let slot = 4 + 2 * index;
    if usize::from(u16_at(bytes, vtable)?) < slot + 2 {
        return None;
    }
    let offset = u16_at(bytes, vtable + slot)?;
    (offset != 0).then(|| table + usize::from(offset))
}
