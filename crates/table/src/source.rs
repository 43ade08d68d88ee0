//! A table of any format: what the engine reads, whatever the bytes are.
//!
//! Each type here stands for the formats' own types of that name and does what they do.

use std::io::Read;
use std::sync::Arc;

use crate::compression;
use crate::cross::Raw;
use crate::csv::{self, Column, Kind, NumberForms, ReaderOptions, Values};
use crate::{Error, Format, Place};
use crate::{json_lines, parquet};

/// Reads a table: the names of its columns at once, then chunks one after the other.
#[derive(Debug)]
pub struct Reader {
    bytes: Bytes,
    /// Read and not yet given out.
    first: Option<Chunk>,
}

#[derive(Debug)]
enum Bytes {
    Csv(csv::Reader),
    JsonLines(json_lines::Reader),
    Parquet(parquet::Reader),
}

/// What is known of a table before its first row.
#[derive(Debug, Clone)]
pub enum Head {
    /// The header.
    Csv(csv::Header),
    /// The keys of the first lines.
    JsonLines(Vec<String>),
    /// The footer.
    Parquet(Arc<parquet::File>),
}

/// Which columns are parsed and how, and which outputs there are.
#[derive(Debug, Clone)]
pub enum Plan {
    /// For CSV.
    Csv(csv::Plan),
    /// For JSON Lines.
    JsonLines(json_lines::Plan),
    /// For Parquet.
    Parquet(parquet::Plan),
}

/// A run of whole rows. Sent to any thread, parsed there.
#[derive(Debug, Clone)]
pub enum Chunk {
    /// Whole records.
    Csv(csv::Chunk),
    /// Whole lines.
    JsonLines(json_lines::Chunk),
    /// Rows of a row group.
    Parquet(parquet::Chunk),
}

/// The tiles of a chunk, one after the other.
#[derive(Debug)]
pub enum Tiles<'a> {
    /// Of CSV.
    Csv(csv::Tiles<'a>),
    /// Of JSON Lines.
    JsonLines(json_lines::Tiles<'a>),
    /// Of Parquet: a chunk is one tile.
    Parquet(Option<(&'a parquet::Chunk, &'a parquet::Plan)>, Option<parquet::Tile<'a>>),
}

/// Some rows of a chunk.
#[derive(Debug)]
pub enum Tile<'t, 'a> {
    /// Of CSV.
    Csv(&'t mut csv::Tile<'a>),
    /// Of JSON Lines.
    JsonLines(&'t mut json_lines::Tile<'a>),
    /// Of Parquet.
    Parquet(&'t mut parquet::Tile<'a>),
}

impl Reader {
    /// Opens the text table that `source` holds, compressed as the extension of `name` says; `name` is
    /// also the file's name for errors.
    ///
    /// # Errors
    /// Those of [`csv::Reader::new`] and [`json_lines::Reader::new`];
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) for a format that is not read from its beginning.
    pub fn open(
        source: Box<dyn Read + Send>,
        name: &str,
        format: Format,
        options: ReaderOptions,
    ) -> Result<Self, Error> {
        let plain = compression::open(source, name);
        let bytes = match format {
            Format::Csv => Bytes::Csv(csv::Reader::new(plain, name, options)?),
            Format::JsonLines => Bytes::JsonLines(json_lines::Reader::new(plain, name, &options)?),
            Format::Parquet => return Err(Error::usage("Parquet is read from its end")),
        };
        Ok(Self { bytes, first: None })
    }

    /// Opens the Parquet file that `bytes` hold; `name` is its name for errors.
    ///
    /// # Errors
    /// Those of [`parquet::File::open`].
    pub fn open_parquet(bytes: Arc<dyn parquet::ReadAt>, name: &str) -> Result<Self, Error> {
        let file = Arc::new(parquet::File::open(bytes, name)?);
        let reader = parquet::Reader::new(file, csv::DEFAULT_ROWS_PER_TILE);
        Ok(Self { bytes: Bytes::Parquet(reader), first: None })
    }

    /// Whether there is a row, as far as can be told without parsing one.
    ///
    /// # Errors
    /// Those of [`next_chunk`](Self::next_chunk).
    pub fn has_rows(&mut self) -> Result<bool, Error> {
        if let Bytes::Parquet(it) = &self.bytes {
            return Ok(0 < it.file().n_rows());
        }
        if self.first.is_none() {
            self.first = self.next_chunk()?;
        }
        Ok(self.first.is_some())
    }

    /// Says what is needed of the chunks to come. Before the first.
    pub fn select(&mut self, plan: &Plan) {
        if let (Bytes::Parquet(it), Plan::Parquet(plan)) = (&mut self.bytes, plan) {
            it.select(plan);
        }
    }

    /// What is known of the table before its first row.
    pub fn head(&self) -> Head {
        match &self.bytes {
            Bytes::Csv(it) => Head::Csv(it.header().clone()),
            Bytes::JsonLines(it) => Head::JsonLines(it.names().to_vec()),
            Bytes::Parquet(it) => Head::Parquet(Arc::clone(it.file())),
        }
    }

    /// Makes the chunks to come about `bytes` long, or so many rows where rows are not bytes.
    pub fn set_chunk_size(&mut self, bytes: usize, n_rows: usize) {
        match &mut self.bytes {
            Bytes::Csv(it) => it.set_chunk_bytes(bytes),
            Bytes::JsonLines(it) => it.set_chunk_bytes(bytes),
            Bytes::Parquet(it) => it.set_chunk_rows(n_rows),
        }
    }

    /// The next run of whole rows; `None` after the last.
    ///
    /// # Errors
    /// The source fails, or what it holds is no table. After an error the reader is not to be used again.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        Ok(match &mut self.bytes {
            Bytes::Csv(it) => it.next_chunk()?.map(Chunk::Csv),
            Bytes::JsonLines(it) => it.next_chunk()?.map(Chunk::JsonLines),
            Bytes::Parquet(it) => it.next_chunk()?.map(Chunk::Parquet),
        })
    }
}

impl Head {
    /// The columns' names.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Csv(it) => it.names(),
            Self::JsonLines(it) => it,
            Self::Parquet(it) => it.names(),
        }
    }

    /// Whether a column is of float32. Text has none.
    pub fn is_single(&self, column: usize) -> bool {
        matches!(self, Self::Parquet(it) if it.is_single(column))
    }

    /// The table's format.
    pub fn format(&self) -> Format {
        match self {
            Self::Csv(_) => Format::Csv,
            Self::JsonLines(_) => Format::JsonLines,
            Self::Parquet(_) => Format::Parquet,
        }
    }

    /// A plan for the table's chunks: tiles have the columns `wanted` (index in the names and kind), in
    /// that order, and take one value column per name in `outputs`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) if a column is not there or wanted twice, or if two
    /// outputs have one name.
    pub fn plan<S: AsRef<str>>(
        &self,
        wanted: &[(usize, Kind)],
        outputs: &[S],
    ) -> Result<Plan, Error> {
        Ok(match self {
            Self::Csv(it) => Plan::Csv(csv::Plan::new(it, wanted, outputs)?),
            Self::JsonLines(it) => Plan::JsonLines(json_lines::Plan::new(it, wanted, outputs)?),
            Self::Parquet(it) => Plan::Parquet(parquet::Plan::new(it, wanted, outputs)?),
        })
    }
}

impl Plan {
    /// The same, for a file of another format: every column is read.
    ///
    /// # Errors
    /// [`ErrorKind::Parquet`](crate::ErrorKind::Parquet) if a column holds what other formats do not have.
    pub fn with_all(self) -> Result<Self, Error> {
        match self {
            Self::Parquet(it) => it.with_all().map(Self::Parquet),
            text => Ok(text),
        }
    }
}

impl Chunk {
    /// The chunk's rows as tiles of `rows_per_tile` rows (the last may have fewer); 0 counts as 1.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) if the plan is for another format.
    pub fn tiles<'a>(&'a self, plan: &'a Plan, rows_per_tile: usize) -> Result<Tiles<'a>, Error> {
        match (self, plan) {
            (Self::Csv(it), Plan::Csv(plan)) => Ok(Tiles::Csv(it.tiles(plan, rows_per_tile))),
            (Self::JsonLines(it), Plan::JsonLines(plan)) => {
                Ok(Tiles::JsonLines(it.tiles(plan, rows_per_tile)))
            }
            (Self::Parquet(it), Plan::Parquet(plan)) => Ok(Tiles::Parquet(Some((it, plan)), None)),
            _ => Err(Error::usage("the plan is for another format")),
        }
    }
}

impl<'a> Tiles<'a> {
    /// Parses the next tile; `None` after the last.
    ///
    /// # Errors
    /// The first bad row's, with its line and column.
    #[expect(clippy::should_implement_trait, reason = "the tile is lent out")]
    pub fn next(&mut self) -> Result<Option<Tile<'_, 'a>>, Error> {
        Ok(match self {
            Self::Csv(it) => it.next()?.map(Tile::Csv),
            Self::JsonLines(it) => it.next()?.map(Tile::JsonLines),
            Self::Parquet(chunk, tile) => {
                *tile = chunk.take().map(|(chunk, plan)| chunk.tile(plan)).transpose()?;
                tile.as_mut().map(Tile::Parquet)
            }
        })
    }
}

impl Tile<'_, '_> {
    /// How many rows.
    pub fn n_rows(&self) -> usize {
        match self {
            Self::Csv(it) => it.n_rows(),
            Self::JsonLines(it) => it.n_rows(),
            Self::Parquet(it) => it.chunk.n_rows(),
        }
    }

    /// The wanted columns, in the plan's order, taken out.
    pub fn take_columns(&mut self) -> Vec<Column> {
        match self {
            Self::Csv(it) => std::mem::take(&mut it.columns),
            Self::JsonLines(it) => std::mem::take(&mut it.columns),
            Self::Parquet(it) => std::mem::take(&mut it.columns),
        }
    }

    /// Per wanted column; empty where the format tells numbers from booleans.
    pub fn number_forms(&self) -> &[NumberForms] {
        match self {
            Self::Csv(it) => &it.number_forms,
            Self::JsonLines(_) | Self::Parquet(_) => &[],
        }
    }

    /// Where row `row` of the tile is, without the file's name.
    pub fn place(&self, row: usize) -> Place {
        let (line, row) = match self {
            Self::Csv(it) => (Some(it.line(row)), None),
            Self::JsonLines(it) => (Some(it.line(row)), None),
            Self::Parquet(it) => (None, Some(it.chunk.row(row))),
        };
        Place { line, row, ..Place::default() }
    }

    /// Calls `each` with cells of row `row` of a text table and their columns. Of a key that is there twice
    /// both are told; one that the table does not have has the number behind the last.
    pub(crate) fn for_each_cell(
        &self,
        head: &Head,
        row: usize,
        mut each: impl FnMut(usize, Raw<'_>),
    ) {
        match self {
            Self::Csv(it) => it.for_each_cell(row, each),
            Self::JsonLines(it) => {
                let names = head.names();
                let mut next = 0;
                it.for_each_cell(row, |key, cell| {
                    // Keys mostly come in one order.
                    let is_next = names.get(next).is_some_and(|it| it == key);
                    let found =
                        if is_next { Some(next) } else { names.iter().position(|it| it == key) };
                    let column = found.unwrap_or(names.len());
                    next = column + 1;
                    each(column, cell);
                });
            }
            Self::Parquet(_) => {}
        }
    }

    /// Appends each row in the table's own format: its own bytes with the outputs' values added, or put
    /// in place. `outputs` are in the order of the plan's names.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) unless there is one value per row and output, and a
    /// label per code; for Parquet, whose rows are not bytes.
    pub fn write(&self, outputs: &[Values<'_>], out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Csv(it) => it.write(outputs, out),
            Self::JsonLines(it) => it.write(outputs, out),
            Self::Parquet(_) => Err(Error::usage("rows of Parquet are not bytes")),
        }
    }
}
