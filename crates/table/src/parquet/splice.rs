//! A Parquet file with outputs: the columns' own bytes, row group by row group, and the outputs' values.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter};
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::file::{File, ReadAt};
use super::key_values::key_values;
use super::reader::Chunk;
use crate::Error;
use crate::cells::{Cells, Typed};
use crate::csv::{TextColumn, Values};

/// The outputs of one row group may take so much memory.
const MAX_GROUP_BYTES: usize = 512 << 20;
/// So many bytes of a column are copied at a time.
const COPY_BYTES: u64 = 4 << 20;

/// What the values of an output are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// `BOOLEAN`
    Bool,
    /// `INT64`
    Int,
    /// `FLOAT`
    Float32,
    /// `DOUBLE`
    Float64,
    /// A string.
    Text,
}

impl OutputKind {
    /// That of these values.
    #[must_use]
    pub fn of(values: &Values<'_>) -> Self {
        match values {
            Values::Bool(_) => Self::Bool,
            Values::Int(_) => Self::Int,
            Values::Float32(_) => Self::Float32,
            Values::Float64(_) => Self::Float64,
            Values::Codes { .. } | Values::Text(_) => Self::Text,
        }
    }

    /// A column of this type, in which values may be missing, as pyarrow makes it.
    pub(super) fn field(self, name: &str) -> Result<TypePtr, ParquetError> {
        let physical = match self {
            Self::Bool => Physical::BOOLEAN,
            Self::Int => Physical::INT64,
            Self::Float32 => Physical::FLOAT,
            Self::Float64 => Physical::DOUBLE,
            Self::Text => Physical::BYTE_ARRAY,
        };
        let mut field =
            Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        if self == Self::Text {
            field = field
                .with_logical_type(Some(LogicalType::String))
                .with_converted_type(ConvertedType::UTF8);
        }
        field.build().map(Arc::new)
    }
}

/// What stands in a column of the new file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// A column of the old file.
    Kept(usize),
    Output(usize),
}

impl Place {
    pub(crate) fn name<'a>(
        self,
        names: &'a [String],
        outputs: &'a [(String, OutputKind)],
    ) -> &'a str {
        let name = match self {
            Self::Kept(column) => names.get(column),
            Self::Output(index) => outputs.get(index).map(|(name, _)| name),
        };
        name.map_or("", String::as_str)
    }
}

/// The outputs' values for a chunk's rows.
#[derive(Debug)]
pub(crate) struct Answers {
    group: usize,
    is_last: bool,
    columns: Vec<Cells>,
}

impl Answers {
    pub(crate) fn new(chunk: &Chunk, outputs: &[Values<'_>]) -> Result<Self, Error> {
        outputs.iter().try_for_each(|values| values.check(chunk.n_rows()))?;
        let columns = outputs.iter().map(owned).collect();
        Ok(Self { group: chunk.group, is_last: chunk.is_last, columns })
    }
}

/// The values as cells: a NaN is missing, as pandas writes it.
pub(crate) fn owned(values: &Values<'_>) -> Cells {
    let none = Vec::new();
    let (values, missing) = match values {
        Values::Bool(it) => (Typed::Bool(it.to_vec()), none),
        Values::Int(it) => (Typed::Int(it.to_vec()), none),
        Values::Float32(it) => (Typed::Float32(it.to_vec()), missing(it, |it| it.is_nan())),
        Values::Float64(it) => (Typed::Float64(it.to_vec()), missing(it, |it| it.is_nan())),
        Values::Codes { codes, labels } => {
            let label = |code: &u32| labels.get(*code as usize).map(String::as_str);
            (Typed::Text(codes.iter().map(label).collect()), none)
        }
        Values::Text(it) => {
            let absent = (0..it.len()).map(|row| it.get(row).is_none()).collect();
            (Typed::Text((*it).clone()), absent)
        }
    };
    Cells { values, missing }
}

fn missing<T>(values: &[T], is_missing: impl Fn(&T) -> bool) -> Vec<bool> {
    let missing: Vec<bool> = values.iter().map(is_missing).collect();
    if missing.contains(&true) { missing } else { Vec::new() }
}

/// Writes the new file.
pub(crate) struct Splicer<W: Write + Send> {
    out: SerializedFileWriter<W>,
    file: Arc<File>,
    places: Vec<Place>,
    /// The outputs of the row group so far.
    answers: Vec<Vec<Cells>>,
    n_bytes: usize,
}

impl<W: Write + Send> Splicer<W> {
    /// Starts a file that has the columns of `file`, the outputs in place of those of their name or at
    /// the end.
    pub(crate) fn new(
        sink: W,
        file: &Arc<File>,
        outputs: &[(String, OutputKind)],
    ) -> io::Result<Self> {
        let places = places(file.names(), outputs);
        let schema = schema(file, &places, outputs).map_err(failed)?;
        let old = file.metadata.file_metadata().key_value_metadata();
        let metadata = old.map(|old| key_values(old, &places, outputs));
        let out = writer(sink, schema, metadata).map_err(failed)?;
        let answers = Vec::new();
        Ok(Self { out, file: Arc::clone(file), places, answers, n_bytes: 0 })
    }

    pub(crate) fn write(&mut self, answers: Answers) -> io::Result<()> {
        let Answers { group, is_last, columns } = answers;
        self.n_bytes += columns.iter().map(n_bytes).sum::<usize>();
        if MAX_GROUP_BYTES < self.n_bytes {
            let text = format!(
                "the outputs of row group {group} take more than {} MiB of memory: write the table with \
                 smaller row groups",
                MAX_GROUP_BYTES >> 20
            );
            return Err(io::Error::other(Error::usage(text)));
        }
        self.answers.resize_with(columns.len(), Vec::new);
        for (all, cells) in self.answers.iter_mut().zip(columns) {
            all.push(cells);
        }
        if is_last { self.end_group(group).map_err(failed) } else { Ok(()) }
    }

    fn end_group(&mut self, group: usize) -> Result<(), ParquetError> {
        let old = self.file.metadata.row_group(group);
        let mut new = self.out.next_row_group()?;
        for place in &self.places {
            match place {
                Place::Kept(column) => {
                    let leaves = self.file.columns.get(*column).map(|it| it.leaves.clone());
                    for leaf in leaves.unwrap_or_default() {
                        let metadata = old.column(leaf).clone();
                        let close = ColumnCloseResult {
                            bytes_written: metadata.compressed_size() as u64,
                            rows_written: old.num_rows() as u64,
                            metadata,
                            bloom_filter: None,
                            column_index: None,
                            offset_index: None,
                        };
                        let (start, length) = close.metadata.byte_range();
                        let bytes = Arc::clone(&self.file.bytes);
                        new.append_column(&Copied { bytes, end: start + length }, close)?;
                    }
                }
                Place::Output(index) => {
                    if let Some(mut column) = new.next_column()? {
                        for cells in self.answers.get(*index).into_iter().flatten() {
                            write_cells(&mut column, cells)?;
                        }
                        column.close()?;
                    }
                }
            }
        }
        new.close()?;
        self.answers.clear();
        self.n_bytes = 0;
        Ok(())
    }

    /// Writes the footer.
    pub(crate) fn finish(self) -> io::Result<(W, u64)> {
        finish(self.out).map_err(failed)
    }
}

/// A new file; the outputs compressed as pyarrow does by default.
pub(super) fn writer<W: Write + Send>(
    sink: W,
    schema: TypePtr,
    metadata: Option<Vec<parquet::file::metadata::KeyValue>>,
) -> Result<SerializedFileWriter<W>, ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_created_by(concat!("Pythia ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(metadata)
        .build();
    SerializedFileWriter::new(sink, schema, Arc::new(properties))
}

/// Where columns and outputs stand: an output in place of the column of its name, or at the end.
pub(crate) fn places(names: &[String], outputs: &[(String, OutputKind)]) -> Vec<Place> {
    let output = |name: &String| outputs.iter().position(|(output, _)| output == name);
    let mut seen = vec![false; outputs.len()];
    let mut places = Vec::new();
    for (column, name) in names.iter().enumerate() {
        // Of columns of one name, the first is meant.
        match output(name).filter(|index| !seen.get(*index).copied().unwrap_or(true)) {
            Some(index) => {
                if let Some(seen) = seen.get_mut(index) {
                    *seen = true;
                }
                places.push(Place::Output(index));
            }
            None => places.push(Place::Kept(column)),
        }
    }
    let appended = seen.iter().enumerate().filter(|(_, seen)| !**seen);
    places.extend(appended.map(|(index, _)| Place::Output(index)));
    places
}

/// Writes the footer; gives the sink back, and how many bytes came before that.
pub(super) fn finish<W: Write + Send>(
    out: SerializedFileWriter<W>,
) -> Result<(W, u64), ParquetError> {
    let n_bytes = out.bytes_written() as u64;
    Ok((out.into_inner()?, n_bytes))
}

fn schema(
    file: &File,
    places: &[Place],
    outputs: &[(String, OutputKind)],
) -> Result<TypePtr, ParquetError> {
    let root = file.metadata.file_metadata().schema_descr().root_schema();
    let mut fields = Vec::with_capacity(places.len());
    for place in places {
        match place {
            Place::Kept(column) => fields.extend(root.get_fields().get(*column).cloned()),
            Place::Output(index) => {
                if let Some((name, kind)) = outputs.get(*index) {
                    fields.push(kind.field(name)?);
                }
            }
        }
    }
    Type::group_type_builder(root.name()).with_fields(fields).build().map(Arc::new)
}

/// Appends cells to a column that may have missing values.
pub(super) fn write_cells(
    column: &mut SerializedColumnWriter<'_>,
    cells: &Cells,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = (0..cells.len()).map(|row| i16::from(!cells.is_missing(row))).collect();
    let levels = Some(levels.as_slice());
    let present = |row: &usize| !cells.is_missing(*row);
    match (column.untyped(), &cells.values) {
        (ColumnWriter::BoolColumnWriter(out), Typed::Bool(it)) => {
            out.write_batch(&kept(it, cells), levels, None)?;
        }
        (ColumnWriter::Int64ColumnWriter(out), Typed::Int(it)) => {
            out.write_batch(&kept(it, cells), levels, None)?;
        }
        (ColumnWriter::FloatColumnWriter(out), Typed::Float32(it)) => {
            out.write_batch(&kept(it, cells), levels, None)?;
        }
        (ColumnWriter::DoubleColumnWriter(out), Typed::Float64(it)) => {
            out.write_batch(&kept(it, cells), levels, None)?;
        }
        (ColumnWriter::ByteArrayColumnWriter(out), Typed::Text(it)) => {
            let texts: Vec<ByteArray> = (0..it.len())
                .filter(present)
                .map(|row| ByteArray::from(it.get(row).unwrap_or_default()))
                .collect();
            out.write_batch(&texts, levels, None)?;
        }
        _ => return Err(ParquetError::General("an output changed its type".to_owned())),
    }
    Ok(())
}

fn kept<T: Copy>(values: &[T], cells: &Cells) -> Vec<T> {
    (0..values.len()).filter(|row| !cells.is_missing(*row)).map(|row| values[row]).collect()
}

pub(super) fn n_bytes(cells: &Cells) -> usize {
    let text = |it: &TextColumn| it.iter().map(|it| it.map_or(0, str::len)).sum::<usize>();
    let values = match &cells.values {
        Typed::Bool(it) => it.len(),
        Typed::Int(it) => 8 * it.len(),
        Typed::Float32(it) => 4 * it.len(),
        Typed::Float64(it) => 8 * it.len(),
        Typed::Text(it) => 5 * it.len() + text(it),
    };
    values + cells.missing.len()
}

/// The sink's own error comes out of the library's.
pub(super) fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}

/// The old file, read from a place on to be copied.
struct Copied {
    bytes: Arc<dyn ReadAt>,
    end: u64,
}

impl Length for Copied {
    fn len(&self) -> u64 {
        self.end
    }
}

impl ChunkReader for Copied {
    type T = Copying;

    fn get_read(&self, start: u64) -> Result<Copying, ParquetError> {
        let (bytes, end) = (Arc::clone(&self.bytes), self.end);
        Ok(Copying { bytes, at: start, end, current: bytes::Bytes::new() })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        Ok(self.bytes.read_at(start, length)?.into())
    }
}

struct Copying {
    bytes: Arc<dyn ReadAt>,
    at: u64,
    end: u64,
    current: bytes::Bytes,
}

impl io::Read for Copying {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.current.is_empty() {
            let length = COPY_BYTES.min(self.end.saturating_sub(self.at));
            self.current = self.bytes.read_at(self.at, length as usize)?.into();
            self.at += length;
        }
        let n = out.len().min(self.current.len());
        out[..n].copy_from_slice(&self.current.split_to(n));
        Ok(n)
    }
}
