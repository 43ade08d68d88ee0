//! An opened file: its footer, read and checked.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use crate::{Error, ErrorKind, Place};

/// Bytes that can be read at any place, by many threads.
pub trait ReadAt: Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// The `length` bytes from `offset` on.
    ///
    /// # Errors
    /// There are fewer, or reading fails.
    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>>;
}

/// `PAR1`, at both ends.
const MAGIC: &[u8; 4] = b"PAR1";
/// The footer's length and the magic behind it.
const TAIL_BYTES: u64 = 8;
/// A footer counts as what it may become in memory.
const MAX_FOOTER_BYTES: u64 = 256 << 20;

/// A Parquet file: where its bytes are, and its footer.
pub struct File {
    pub(super) name: String,
    pub(super) bytes: Arc<dyn ReadAt>,
    pub(super) metadata: ParquetMetaData,
    pub(super) columns: Vec<Column>,
    names: Vec<String>,
}

/// A field of the schema's root.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its leaves.
    pub(super) leaves: std::ops::Range<usize>,
    /// What its values are, or else what it holds that is not read.
    pub(super) kind: Result<CellKind, String>,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    Bool,
    Int,
    /// Stored in 32 bits, without a sign.
    Unsigned,
    Float32,
    Float64,
    Text,
}

impl File {
    /// Reads the footer of a file; `name` is its name for errors.
    ///
    /// # Errors
    /// [`ErrorKind::Parquet`] if it is no Parquet file or not all of one; [`ErrorKind::Io`].
    pub fn open(bytes: Arc<dyn ReadAt>, name: &str) -> Result<Self, Error> {
        let refuse = |text: &str| Err(Error::new(ErrorKind::Parquet, Place::file(name), text));
        let size = bytes.size();
        if size < TAIL_BYTES + 4 {
            return refuse("is not a Parquet file: it is too short");
        }
        let read = |offset, length: u64| {
            bytes.read_at(offset, length as usize).map_err(|error| Error::io(name, error))
        };
        let tail = read(size - TAIL_BYTES, TAIL_BYTES)?;
        let (length, magic) = tail.split_at(4);
        match magic {
            b"PAR1" => {}
            b"PARE" => return refuse("is encrypted: decrypt it first"),
            _ => return refuse("is not a Parquet file, or is cut off: it does not end with PAR1"),
        }
        if read(0, 4)? != MAGIC {
            return refuse("is not a Parquet file: it does not begin with PAR1");
        }
        let length = length.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte));
        if size - TAIL_BYTES - 4 < length || MAX_FOOTER_BYTES < length {
            return refuse("is damaged: its footer is longer than it may be");
        }
        let footer = read(size - TAIL_BYTES - length, length)?;
        let decoded = guarded(name, || ParquetMetaDataReader::decode_metadata(&footer))?;
        let data_end = size - TAIL_BYTES - length;
        if let Some(text) = fault(&decoded, data_end) {
            return refuse(&format!("is damaged: {text}"));
        }
        let columns = guarded(name, || Ok(columns(&decoded)))?;
        let fields = decoded.file_metadata().schema_descr().root_schema().get_fields();
        let names = fields.iter().map(|it| it.name().to_owned()).collect();
        Ok(Self { name: name.to_owned(), bytes, metadata: decoded, columns, names })
    }

    /// The columns' names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a column is of float32.
    pub(crate) fn is_single(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|it| it.kind == Ok(CellKind::Float32))
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> u64 {
        self.metadata.row_groups().iter().map(|it| it.num_rows() as u64).sum()
    }

    /// The leaf of a column that is one.
    pub(super) fn leaf(&self, column: usize) -> Option<usize> {
        self.columns.get(column).filter(|it| it.kind.is_ok()).map(|it| it.leaves.start)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("name", &self.name).field("names", &self.names).finish()
    }
}

/// The source's own error, on its way through the library.
#[derive(Debug)]
pub(super) struct Unread(pub(super) io::Error);

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unread {}

/// Runs what decodes; a panic in it is the file's fault, as is an error that is not the source's.
pub(super) fn guarded<T>(
    name: &str,
    run: impl FnOnce() -> Result<T, ParquetError>,
) -> Result<T, Error> {
    let damaged = |text: String| {
        Error::new(ErrorKind::Parquet, Place::file(name), format!("is damaged: {text}"))
    };
    // Nothing that the closure touches is used after a panic: the error ends the whole run.
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(done)) => Ok(done),
        // Other errors of I/O are a decompressor's, of bytes at hand.
        Ok(Err(ParquetError::External(error))) => match error.downcast::<Unread>() {
            Ok(error) => Err(Error::io(name, error.0)),
            Err(error) => Err(damaged(error.to_string())),
        },
        Ok(Err(error)) => Err(damaged(error.to_string())),
        Err(_) => Err(damaged("it cannot be decoded".to_owned())),
    }
}

/// What is wrong with a footer: no number in it is used before.
fn fault(metadata: &ParquetMetaData, data_end: u64) -> Option<String> {
    let n_leaves = metadata.file_metadata().schema_descr().num_columns();
    let mut n_rows: i64 = 0;
    for (index, group) in metadata.row_groups().iter().enumerate() {
        if group.columns().len() != n_leaves {
            return Some(format!("row group {index} does not have all columns"));
        }
        let sum = n_rows.checked_add(group.num_rows()).filter(|_| 0 <= group.num_rows());
        let Some(sum) = sum else { return Some(format!("row group {index} has no such rows")) };
        n_rows = sum;
        for column in group.columns() {
            let data = column.data_page_offset();
            let start = column.dictionary_page_offset().unwrap_or(data);
            let end = start.checked_add(column.compressed_size());
            let is_inside = 4 <= start
                && start <= data
                && 0 <= column.compressed_size()
                && 0 <= column.num_values()
                && end.is_some_and(|end| data <= end && end as u64 <= data_end);
            // A column without values may have no page.
            if !is_inside && (0 < column.num_values() || column.compressed_size() != 0) {
                let path = column.column_path().string();
                return Some(format!("column {path} of row group {index} is not inside the file"));
            }
            if column.file_path().is_some() {
                return Some("its columns are in other files".to_owned());
            }
        }
    }
    None
}

fn columns(metadata: &ParquetMetaData) -> Vec<Column> {
    let schema = metadata.file_metadata().schema_descr();
    let n_fields = schema.root_schema().get_fields().len();
    let mut first = 0;
    let of = |field: usize| {
        let n = (first..schema.num_columns())
            .take_while(|leaf| schema.get_column_root_idx(*leaf) == field)
            .count();
        let leaves = first..first + n;
        first = leaves.end;
        let kind = match schema.root_schema().get_fields().get(field) {
            Some(it) if it.is_primitive() && n == 1 => kind(&schema.column(leaves.start)),
            _ => Err("nested values".to_owned()),
        };
        Column { leaves, kind }
    };
    (0..n_fields).map(of).collect()
}

fn kind(leaf: &parquet::schema::types::ColumnDescriptor) -> Result<CellKind, String> {
    if leaf.max_rep_level() != 0 {
        return Err("nested values".to_owned());
    }
    let (logical, converted) = (leaf.logical_type_ref(), leaf.converted_type());
    let named = || match logical {
        Some(it) => format!("{it:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
        None => format!("{converted}"),
    };
    match (leaf.physical_type(), logical, converted) {
        (Physical::BOOLEAN, ..) => Ok(CellKind::Bool),
        (Physical::FLOAT, ..) => Ok(CellKind::Float32),
        (Physical::DOUBLE, ..) => Ok(CellKind::Float64),
        (Physical::INT32 | Physical::INT64, Some(LogicalType::Integer(it)), _) if it.is_signed => {
            Ok(CellKind::Int)
        }
        (Physical::INT32, Some(LogicalType::Integer(_)), _) => Ok(CellKind::Unsigned),
        (
            Physical::INT32,
            None,
            ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32,
        ) => Ok(CellKind::Unsigned),
        (
            Physical::INT32 | Physical::INT64,
            None,
            ConvertedType::NONE
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64,
        ) => Ok(CellKind::Int),
        (
            Physical::BYTE_ARRAY,
            Some(LogicalType::String | LogicalType::Enum | LogicalType::Json),
            _,
        )
        | (
            Physical::BYTE_ARRAY,
            None,
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON,
        ) => Ok(CellKind::Text),
        (Physical::BYTE_ARRAY, None, _) => Err("bytes that are not marked as text".to_owned()),
        (Physical::INT96, ..) => Err("INT96 timestamps".to_owned()),
        _ => Err(format!("values of type {}", named())),
    }
}
