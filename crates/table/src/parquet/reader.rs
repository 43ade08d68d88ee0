//! From row groups to chunks of a few thousand rows, of the wanted columns alone.

use std::fmt;
use std::sync::Arc;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::serialized_reader::SerializedPageReader;

use super::file::{CellKind, File, guarded};
use super::window::Window;
use crate::cells::{Cells, Typed};
use crate::csv::{Column, Kind, TextColumn, check_names};
use crate::{Error, ErrorKind};

/// Text of a chunk lies in one buffer with positions of 32 bits.
const MAX_TEXT_BYTES: usize = 1 << 30;

/// Reads chunks one after the other.
pub struct Reader {
    file: Arc<File>,
    rows_per_chunk: usize,
    /// The columns to read.
    wanted: Vec<usize>,
    group: usize,
    /// Rows of the group that were read.
    taken: u64,
    /// Rows of all groups that were read.
    n_rows: u64,
    /// One per wanted column, once the group is begun.
    leaves: Vec<ColumnReader>,
}

/// Which columns are read and how, and which outputs there are.
#[derive(Debug, Clone)]
pub struct Plan {
    kinds: Vec<Kind>,
    /// Columns the model takes.
    pub(super) wanted: Vec<usize>,
    /// All columns are read, to be written in another format.
    all: bool,
    names: Arc<File>,
}

/// Some rows of a row group.
#[derive(Debug, Clone)]
pub struct Chunk {
    pub(super) file: Arc<File>,
    pub(super) group: usize,
    pub(super) is_last: bool,
    n_rows: usize,
    /// The first row's number in the file, from 1.
    first_row: u64,
    /// One per column read.
    cells: Vec<Cells>,
}

/// The rows of a chunk.
#[derive(Debug)]
pub struct Tile<'a> {
    pub(crate) columns: Vec<Column>,
    pub(crate) chunk: &'a Chunk,
    /// Every column, if the plan reads all.
    pub(crate) all: &'a [Cells],
}

impl Plan {
    /// A plan for `file`: tiles have the columns `wanted` (index in its names and kind), in that order.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] if a column is not there, or if two outputs have one name;
    /// [`ErrorKind::Parquet`] if it holds neither numbers, booleans nor text.
    pub fn new<S: AsRef<str>>(
        file: &Arc<File>,
        wanted: &[(usize, Kind)],
        outputs: &[S],
    ) -> Result<Self, Error> {
        check_names(outputs)?;
        wanted.iter().try_for_each(|(column, _)| check_kind(file, *column))?;
        let kinds = wanted.iter().map(|(_, kind)| *kind).collect();
        let wanted = wanted.iter().map(|(column, _)| *column).collect();
        Ok(Self { kinds, wanted, all: false, names: Arc::clone(file) })
    }

    /// The same, that also reads every column for a file of another format.
    ///
    /// # Errors
    /// [`ErrorKind::Parquet`] if one holds what other formats do not have.
    pub(crate) fn with_all(mut self) -> Result<Self, Error> {
        (0..self.names.columns.len()).try_for_each(|column| check_kind(&self.names, column))?;
        self.all = true;
        Ok(self)
    }

    /// The columns to read: those the model takes, and all after them.
    fn columns(&self) -> Vec<usize> {
        let all = if self.all { 0..self.names.columns.len() } else { 0..0 };
        self.wanted.iter().copied().chain(all).collect()
    }
}

fn check_kind(file: &File, column: usize) -> Result<(), Error> {
    let name = file.names().get(column).map_or("", String::as_str);
    match file.columns.get(column).map(|it| &it.kind) {
        Some(Ok(_)) => Ok(()),
        Some(Err(holds)) => {
            let text = format!("it holds {holds}; numbers, booleans or text are expected");
            let place = crate::Place::file(&file.name).with_column(name);
            Err(Error::new(ErrorKind::Parquet, place, text))
        }
        None => Err(Error::usage(format!("column {column} is wanted and not there"))),
    }
}

impl Reader {
    /// Reads the rows of `file`.
    pub fn new(file: Arc<File>, rows_per_chunk: usize) -> Self {
        let rows_per_chunk = rows_per_chunk.max(1);
        let (wanted, leaves) = (Vec::new(), Vec::new());
        Self { file, rows_per_chunk, wanted, group: 0, taken: 0, n_rows: 0, leaves }
    }

    /// The file.
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Says what chunks are to hold. Before the first.
    pub fn select(&mut self, plan: &Plan) {
        self.wanted = plan.columns();
    }

    /// Makes the chunks to come so many rows long.
    pub fn set_chunk_rows(&mut self, n_rows: usize) {
        self.rows_per_chunk = n_rows.max(1);
    }

    /// The next rows; `None` after the last.
    ///
    /// # Errors
    /// [`ErrorKind::Parquet`] if the file is damaged, [`ErrorKind::NotText`], [`ErrorKind::Io`].
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        let file = Arc::clone(&self.file);
        loop {
            let Some(group) = file.metadata.row_groups().get(self.group) else { return Ok(None) };
            let n_left = group.num_rows() as u64 - self.taken;
            if n_left == 0 {
                (self.group, self.taken) = (self.group + 1, 0);
                continue;
            }
            if self.taken == 0 {
                self.leaves = guarded(&file.name, || self.open())?;
            }
            let n_rows = n_left.min(self.rows_per_chunk as u64) as usize;
            let mut cells = Vec::with_capacity(self.wanted.len());
            for (leaf, column) in self.leaves.iter_mut().zip(&self.wanted) {
                cells.push(read(&file, *column, leaf, n_rows, self.n_rows + 1)?);
            }
            let is_last = n_left == n_rows as u64;
            let first_row = self.n_rows + 1;
            self.taken += n_rows as u64;
            self.n_rows += n_rows as u64;
            return Ok(Some(Chunk { file, group: self.group, is_last, n_rows, first_row, cells }));
        }
    }

    /// The wanted columns of the group that begins.
    fn open(&self) -> Result<Vec<ColumnReader>, ParquetError> {
        let group = self.file.metadata.row_group(self.group);
        let leaf = |column: &usize| {
            let leaf = self.file.columns.get(*column).map_or(0, |it| it.leaves.start);
            let chunk = group.column(leaf);
            let (start, length) = chunk.byte_range();
            let window = Window::new(Arc::clone(&self.file.bytes), start + length);
            let n_rows = group.num_rows() as usize;
            let pages = SerializedPageReader::new(Arc::new(window), chunk, n_rows, None)?;
            Ok(get_column_reader(chunk.column_descr_ptr(), Box::new(pages)))
        };
        self.wanted.iter().map(leaf).collect()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("file", &self.file)
            .field("n_rows", &self.n_rows)
            .finish_non_exhaustive()
    }
}

/// The next `n_rows` of a column, all of them.
fn read(
    file: &File,
    column: usize,
    leaf: &mut ColumnReader,
    n_rows: usize,
    first_row: u64,
) -> Result<Cells, Error> {
    let kind = file.columns.get(column).and_then(|it| it.kind.as_ref().ok());
    let name = file.names().get(column).map_or("", String::as_str);
    let fail = |kind, row: usize, text: &str| {
        let error_row = first_row + row as u64;
        let mut place = crate::Place::file(&file.name).with_column(name);
        place.row = Some(error_row);
        Err(Error::new(kind, place, text))
    };
    let mut ends = false;
    let mut bad_text = None;
    let cells = guarded(&file.name, || {
        let mut is_text = |missing: &[bool], values: Vec<ByteArray>| {
            let mut all = TextColumn::default();
            let (mut values, mut n_bytes) = (values.into_iter(), 0);
            for row in 0..n_rows {
                let value = match missing.get(row) {
                    Some(true) => None,
                    _ => values.next(),
                };
                let bytes = value.as_ref().map(ByteArray::data);
                n_bytes += bytes.map_or(0, <[u8]>::len);
                match bytes.map(std::str::from_utf8).transpose() {
                    Ok(text) if n_bytes < MAX_TEXT_BYTES => all.push(text),
                    _ => {
                        bad_text = Some(row);
                        break;
                    }
                }
            }
            all
        };
        let (values, missing) = match (leaf, kind) {
            (ColumnReader::BoolColumnReader(it), _) => {
                let (values, missing) = take(it, n_rows)?;
                (Typed::Bool(spread(values, &missing)), missing)
            }
            (ColumnReader::Int32ColumnReader(it), kind) => {
                let (values, missing) = take(it, n_rows)?;
                let wide = |it: i32| match kind {
                    Some(CellKind::Unsigned) => i64::from(it as u32),
                    _ => i64::from(it),
                };
                (Typed::Int(spread(values.into_iter().map(wide).collect(), &missing)), missing)
            }
            (ColumnReader::Int64ColumnReader(it), _) => {
                let (values, missing) = take(it, n_rows)?;
                (Typed::Int(spread(values, &missing)), missing)
            }
            (ColumnReader::FloatColumnReader(it), _) => {
                let (values, missing) = take(it, n_rows)?;
                (Typed::Float32(spread(values, &missing)), missing)
            }
            (ColumnReader::DoubleColumnReader(it), _) => {
                let (values, missing) = take(it, n_rows)?;
                (Typed::Float64(spread(values, &missing)), missing)
            }
            (ColumnReader::ByteArrayColumnReader(it), _) => {
                let (values, missing) = take(it, n_rows)?;
                (Typed::Text(is_text(&missing, values)), missing)
            }
            _ => return Err(ParquetError::NYI("this type".to_owned())),
        };
        let cells = Cells { values, missing };
        ends = cells.len() != n_rows;
        Ok(cells)
    })?;
    match bad_text {
        Some(row) => fail(ErrorKind::NotText, row, "the text is not UTF-8, or too long"),
        None if ends => fail(ErrorKind::Parquet, 0, "the column ends before its row group does"),
        None => Ok(cells),
    }
}

/// The values of the next `n_rows` that have one, and which have none.
fn take<T: DataType>(
    leaf: &mut ColumnReaderImpl<T>,
    n_rows: usize,
) -> Result<(Vec<T::T>, Vec<bool>), ParquetError> {
    let (mut values, mut levels, mut n_read) = (Vec::new(), Vec::new(), 0);
    while n_read < n_rows {
        let (n, _, _) = leaf.read_records(n_rows - n_read, Some(&mut levels), None, &mut values)?;
        if n == 0 {
            break;
        }
        n_read += n;
    }
    // A column that cannot be missing has no levels.
    let missing: Vec<bool> = levels.iter().map(|level| *level == 0).collect();
    Ok((values, if missing.contains(&true) { missing } else { Vec::new() }))
}

/// A value per row: any where it is missing.
fn spread<T: Copy + Default>(values: Vec<T>, missing: &[bool]) -> Vec<T> {
    if missing.is_empty() {
        return values;
    }
    let mut values = values.into_iter();
    let place = |missing: &bool| if *missing { Some(T::default()) } else { values.next() };
    missing.iter().map_while(place).collect()
}

impl Chunk {
    /// How many rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The chunk's rows as one tile.
    ///
    /// # Errors
    /// [`ErrorKind::NotANumber`] where the model wants numbers of a column of text.
    pub fn tile(&self, plan: &Plan) -> Result<Tile<'_>, Error> {
        let mut columns = Vec::with_capacity(plan.kinds.len());
        for ((cells, kind), column) in self.cells.iter().zip(&plan.kinds).zip(&plan.wanted) {
            let column = cells.column(*kind).map_err(|row| {
                let name = self.file.names().get(*column).map_or("", String::as_str);
                let mut place = crate::Place::file(&self.file.name).with_column(name);
                place.row = Some(self.row(row));
                Error::new(ErrorKind::NotANumber, place, "text is not a number")
            })?;
            columns.push(column);
        }
        let all = self.cells.get(plan.wanted.len()..).unwrap_or_default();
        Ok(Tile { columns, chunk: self, all })
    }

    /// The number of row `row` in the file, from 1.
    pub fn row(&self, row: usize) -> u64 {
        self.first_row + row as u64
    }
}
