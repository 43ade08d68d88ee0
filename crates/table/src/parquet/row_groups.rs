//! A Parquet file of rows of another format, in row groups of a size of its own.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::splice::{OutputKind, Place, failed, finish, n_bytes, write_cells, writer};
use crate::cells::Cells;
use crate::cross::CellKind;

/// A row group is ended after so many rows or bytes, whichever comes first.
const GROUP_ROWS: usize = 128 << 10;
const GROUP_BYTES: usize = 64 << 20;

/// Writes the file.
pub(crate) struct RowGroups<W: Write + Send> {
    out: SerializedFileWriter<W>,
    /// The columns of the row group so far.
    columns: Vec<Vec<Cells>>,
    n_rows: usize,
    n_bytes: usize,
}

impl<W: Write + Send> RowGroups<W> {
    pub(crate) fn new(
        sink: W,
        names: &[String],
        kinds: &[CellKind],
        places: &[Place],
        outputs: &[(String, OutputKind)],
    ) -> io::Result<Self> {
        let field = |place: &Place| {
            let kind = match place {
                Place::Kept(column) => match kinds.get(*column) {
                    Some(CellKind::Bool) => OutputKind::Bool,
                    Some(CellKind::Int) => OutputKind::Int,
                    Some(CellKind::Float) => OutputKind::Float64,
                    Some(CellKind::Text) | None => OutputKind::Text,
                },
                Place::Output(index) => {
                    outputs.get(*index).map_or(OutputKind::Text, |(_, kind)| *kind)
                }
            };
            kind.field(place.name(names, outputs))
        };
        let schema = || {
            let fields: Result<Vec<_>, ParquetError> = places.iter().map(field).collect();
            Type::group_type_builder("schema").with_fields(fields?).build()
        };
        let out = writer(sink, Arc::new(schema().map_err(failed)?), None).map_err(failed)?;
        Ok(Self { out, columns: vec![Vec::new(); places.len()], n_rows: 0, n_bytes: 0 })
    }

    pub(crate) fn write(&mut self, tile: Vec<Cells>) -> io::Result<()> {
        self.n_rows += tile.first().map_or(0, Cells::len);
        self.n_bytes += tile.iter().map(n_bytes).sum::<usize>();
        for (all, cells) in self.columns.iter_mut().zip(tile) {
            all.push(cells);
        }
        if GROUP_ROWS <= self.n_rows || GROUP_BYTES <= self.n_bytes {
            return self.end_group().map_err(failed);
        }
        Ok(())
    }

    fn end_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.out.next_row_group()?;
        for all in &mut self.columns {
            if let Some(mut column) = group.next_column()? {
                for cells in all.drain(..) {
                    write_cells(&mut column, &cells)?;
                }
                column.close()?;
            }
        }
        group.close()?;
        (self.n_rows, self.n_bytes) = (0, 0);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<(W, u64)> {
        if 0 < self.n_rows {
            self.end_group().map_err(failed)?;
        }
        finish(self.out).map_err(failed)
    }
}
