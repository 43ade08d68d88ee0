//! FlatBuffers: tables of fields found by offsets, each checked against the end of the buffer. Nothing
//! here copies, or follows an offset without being asked to.
//!
//! A table begins with the distance back to its list of fields, which has 2 bytes for each: how far from
//! the table's start the field lies, 0 if it is absent. Texts, vectors and tables in a field are again
//! offsets, from where they stand. All numbers are little-endian.
//!
//! Source of truth: `docs/source/internals.md` of FlatBuffers.

/// Something points outside the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage {
    /// The byte that should be there.
    pub(super) at: usize,
}

/// A table in a buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Where each field lies, from `at`; 0 is absent.
    fields: &'b [[u8; 2]],
}

/// A vector of tables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables<'b> {
    bytes: &'b [u8],
    /// Where the offset of the first stands.
    start: usize,
    offsets: &'b [[u8; 4]],
}

impl<'b> Table<'b> {
    /// The table that a buffer's first offset names.
    pub(super) fn root(bytes: &'b [u8]) -> Result<Self, Damage> {
        Self::new(bytes, follow(bytes, 0)?)
    }

    fn new(bytes: &'b [u8], at: usize) -> Result<Self, Damage> {
        let back = i64::from(i32::from_le_bytes(array(bytes, at)?));
        let start = usize::try_from(at as i64 - back).map_err(|_| Damage { at })?;
        let len = usize::from(u16::from_le_bytes(array(bytes, start)?));
        let list = slice(bytes, start, len)?;
        let (fields, _) = list.get(4..).unwrap_or_default().as_chunks();
        Ok(Self { bytes, at, fields })
    }

    fn place(&self, field: usize) -> Option<usize> {
        let offset = self.fields.get(field).map_or(0, |it| u16::from_le_bytes(*it));
        (offset != 0).then(|| self.at + usize::from(offset))
    }

    fn scalar<const N: usize>(&self, field: usize) -> Result<Option<[u8; N]>, Damage> {
        self.place(field).map(|at| array(self.bytes, at)).transpose()
    }

    /// An integer, or 0.
    pub(super) fn int(&self, field: usize) -> Result<i32, Damage> {
        self.int_or(field, 0)
    }

    /// An integer.
    pub(super) fn int_or(&self, field: usize, default: i32) -> Result<i32, Damage> {
        Ok(self.scalar(field)?.map_or(default, i32::from_le_bytes))
    }

    /// A `float32`.
    pub(super) fn single(&self, field: usize, default: f32) -> Result<f32, Damage> {
        Ok(self.scalar(field)?.map_or(default, f32::from_le_bytes))
    }

    /// A `float64`.
    pub(super) fn double(&self, field: usize, default: f64) -> Result<f64, Damage> {
        Ok(self.scalar(field)?.map_or(default, f64::from_le_bytes))
    }

    /// A byte: a flag or an enumeration's value.
    pub(super) fn byte(&self, field: usize, default: u8) -> Result<u8, Damage> {
        Ok(self.scalar(field)?.map_or(default, |[it]| it))
    }

    /// A table.
    pub(super) fn table(&self, field: usize) -> Result<Option<Self>, Damage> {
        let Some(at) = self.place(field) else { return Ok(None) };
        Self::new(self.bytes, follow(self.bytes, at)?).map(Some)
    }

    /// A vector of things of `N` bytes; an absent one is empty.
    pub(super) fn items<const N: usize>(&self, field: usize) -> Result<&'b [[u8; N]], Damage> {
        match self.place(field) {
            Some(at) => vector(self.bytes, follow(self.bytes, at)?),
            None => Ok(&[]),
        }
    }

    /// A text's bytes; an absent one is empty.
    pub(super) fn text(&self, field: usize) -> Result<&'b [u8], Damage> {
        self.items::<1>(field).map(<[_]>::as_flattened)
    }

    /// A vector of tables; an absent one is empty.
    pub(super) fn tables(&self, field: usize) -> Result<Tables<'b>, Damage> {
        let Some(at) = self.place(field) else {
            return Ok(Tables { bytes: self.bytes, start: 0, offsets: &[] });
        };
        let at = follow(self.bytes, at)?;
        Ok(Tables { bytes: self.bytes, start: at + 4, offsets: vector(self.bytes, at)? })
    }

    /// A vector of texts; an absent one is empty.
    pub(super) fn texts(&self, field: usize) -> Result<Vec<&'b [u8]>, Damage> {
        let texts = self.tables(field)?;
        let text = |at| vector::<1>(self.bytes, at).map(<[_]>::as_flattened);
        texts.places().map(|at| text(at?)).collect()
    }
}

impl<'b> Tables<'b> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.offsets.len()
    }

    fn places(self) -> impl Iterator<Item = Result<usize, Damage>> + use<'b> {
        (0..self.len()).map(move |i| follow(self.bytes, self.start + 4 * i))
    }

    /// The tables, in order.
    pub(super) fn iter(self) -> impl Iterator<Item = Result<Table<'b>, Damage>> + use<'b> {
        self.places().map(move |at| Table::new(self.bytes, at?))
    }
}

fn slice(bytes: &[u8], at: usize, len: usize) -> Result<&[u8], Damage> {
    let end = at.checked_add(len).ok_or(Damage { at })?;
    bytes.get(at..end).ok_or(Damage { at: end })
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Damage> {
    let found = slice(bytes, at, N)?.first_chunk();
    found.copied().ok_or(Damage { at })
}

/// Where the offset at `at` leads.
fn follow(bytes: &[u8], at: usize) -> Result<usize, Damage> {
    let offset = u32::from_le_bytes(array(bytes, at)?) as usize;
    at.checked_add(offset).ok_or(Damage { at })
}

fn vector<const N: usize>(bytes: &[u8], at: usize) -> Result<&[[u8; N]], Damage> {
    let len = u32::from_le_bytes(array(bytes, at)?) as usize;
    let content = slice(bytes, at + 4, len.checked_mul(N).ok_or(Damage { at })?)?;
    Ok(content.as_chunks().0)
}
