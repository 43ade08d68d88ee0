//! A table in, the table with prediction columns out, in one stream.

use std::io::{self, Write};

use storage::Location;
use table::compression::Writer;

use crate::columns::Written;
use crate::stream::{Inputs, Progress, Run, unreadable};
use crate::{Category, Error, Settings};

/// What to predict, from where to where.
#[derive(Debug, Clone)]
pub struct BatchRequest {
    /// The model and the table.
    pub inputs: Inputs,
    /// Where the table with its predictions goes.
    pub output: Location,
    /// The name of the prediction column; of several, their common beginning.
    pub column: String,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchReport {
    /// Rows predicted.
    pub n_rows: u64,
    /// The columns written.
    pub columns: Vec<String>,
    /// What the user should know, although all went well.
    pub warnings: Vec<String>,
}

/// Predicts a table. `watch` is told after every chunk how far it is.
///
/// # Errors
/// Anything that keeps the table from being predicted completely; the output is then as it was.
pub fn predict_table(
    request: &BatchRequest,
    settings: &Settings,
    watch: &mut dyn FnMut(Progress),
) -> Result<BatchReport, Error> {
    let sink = settings.storage.create(&request.output).map_err(Error::storage)?;
    let mut run = Run::open(&request.inputs, settings)?;
    let columns = run.column_names(&request.column)?;
    let plan = run.job.plan(&columns)?;
    let warnings = run.warnings();

    let mut out = Writer::new(sink, &request.output.file_name()).map_err(broken)?;
    let mut head = Vec::new();
    run.job.header.write(&columns, &mut head).map_err(unreadable)?;
    out.write_all(&head).map_err(broken)?;

    let n_rows = run.for_each(
        &plan,
        |rows: &mut Vec<u8>, tile, answers| {
            let values: Vec<_> = answers.iter().map(Written::values).collect();
            tile.write(&values, rows).map_err(unreadable)
        },
        |rows| out.write_all(&rows).map_err(broken),
        watch,
    )?;
    let sink = out.finish().map_err(broken)?;
    sink.commit().map_err(Error::storage)?;
    Ok(BatchReport { n_rows, columns, warnings })
}

fn broken(err: io::Error) -> Error {
    match storage::Error::of(err) {
        Ok(own) => Error::storage(own),
        Err(err) => Error::caused(Category::System, "Failed to write the output: ", err),
    }
}
