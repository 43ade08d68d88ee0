//! The rows of a file into columns: of CSV, JSON Lines and Parquet, else of a pickle.

use storage::Location;
use table::csv::ReaderOptions;
use table::{Format, Place, RowPart};

use super::choice::{Chosen, choose};
use super::column::{Loaded, misfit};
use super::pickled;
use crate::open::open_table;
use crate::service::bundle::spec::TableSpec;
use crate::{Category, Error, Settings};

/// The chosen columns of a file, by its name's extension; what is none of the formats of tables is a pickle.
pub(super) fn read(
    spec: &TableSpec,
    location: &Location,
    settings: &Settings,
) -> Result<Vec<Loaded>, Error> {
    let name = location.file_name().to_ascii_lowercase();
    let bare =
        [".gz", ".bz2", ".xz", ".zst"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(&name);
    match bare.rsplit('.').next() {
        Some("csv") => rows(spec, location, Format::Csv, settings),
        Some("jsonl" | "ndjson") => rows(spec, location, Format::JsonLines, settings),
        Some("parquet") => rows(spec, location, Format::Parquet, settings),
        _ => {
            let mut columns = pickled::columns(spec, location, settings)?;
            let names: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
            let chosen = choose(spec, &names)?;
            chosen.iter().map(|it| taken(&mut columns, it, location)).collect()
        }
    }
}

/// A column of a pickle, as it is chosen.
fn taken(columns: &mut [Loaded], chosen: &Chosen, location: &Location) -> Result<Loaded, Error> {
    // Each is taken once.
    let column = std::mem::replace(&mut columns[chosen.source], Loaded::new(""));
    let column = Loaded { name: chosen.name.clone(), ..column };
    let wrong = |(row, cell): (usize, &Option<Box<str>>)| {
        Some((row as u64 + 1, misfit(cell.as_deref(), chosen.kind?)?))
    };
    let Some((row, text)) = column.cells.iter().enumerate().find_map(wrong) else {
        return Ok(column);
    };
    Err(unusable(&Place { row: Some(row), ..Place::default() }, chosen, location, &text))
}

/// A cell that the table cannot have.
fn unusable(place: &Place, column: &Chosen, location: &Location, text: &str) -> Error {
    let (file, column) = (Some(location.file_name()), Some(column.found.clone()));
    let place = Place { file, column, line: place.line, row: place.row };
    Error::new(Category::Data, format!("Failed to load data: {place}: {text}"))
}

fn rows(
    spec: &TableSpec,
    location: &Location,
    format: Format,
    settings: &Settings,
) -> Result<Vec<Loaded>, Error> {
    let reader =
        open_table(location, Some(format), ReaderOptions::default(), &settings.storage)?.reader;
    let head = reader.head();
    let names: Vec<&str> = head.names().iter().map(String::as_str).collect();
    if sql::MAX_COLUMNS * 10 < names.len() {
        let text = format!("it has {} columns, which is too many for a table", names.len());
        return Err(Error::new(Category::Data, text));
    }
    let chosen = choose(spec, &names)?;
    let mut columns: Vec<Loaded> = chosen.iter().map(|it| Loaded::new(&it.name)).collect();
    let mut targets: Vec<Option<usize>> = vec![None; names.len()];
    chosen.iter().enumerate().for_each(|(to, it)| targets[it.source] = Some(to));
    let (mut n_rows, mut n_bytes) = (0, 0_u64);
    let most = settings.limits.sql.table_bytes;
    let row_bytes = (columns.len() * size_of::<Option<Box<str>>>()) as u64;
    reader.for_each_part(&mut |part, place| {
        match part {
            RowPart::Cell(at, cell) => {
                let Some(to) = targets.get(at).copied().flatten() else { return Ok(()) };
                let column = &chosen[to];
                let wrong = |text: &str| Err(unusable(&place(), column, location, text));
                let Some(text) = columns[to].add(n_rows, cell) else {
                    return wrong(no_cell(format));
                };
                let typed = column.kind.and_then(|kind| misfit(text.as_deref(), kind));
                if let Some(text) = typed {
                    return wrong(&text);
                }
                n_bytes += text.map_or(0, |it| it.len() as u64);
            }
            RowPart::End => {
                n_rows += 1;
                n_bytes += row_bytes;
            }
        }
        if most < n_bytes {
            let text = format!("it takes more than {most} bytes in memory");
            return Err(Error::new(Category::Data, text));
        }
        Ok(())
    })?;
    columns.iter_mut().for_each(|it| it.cells.resize(n_rows, None));
    Ok(columns)
}

/// Why a cell of a file is none of a table.
fn no_cell(format: Format) -> &'static str {
    match format {
        Format::Csv => {
            "it is not UTF-8; write the file as UTF-8, or leave the column out: columns = [\"a\", \"b\"]"
        }
        _ => {
            "it is a list or an object; a table has numbers, texts and truth values: write it as a text, or leave the \
             column out: columns = [\"a\", \"b\"]"
        }
    }
}
