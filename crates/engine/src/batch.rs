//! A table in, the table with prediction columns out, in one stream.

use std::io::{self, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchReport {
    /// Rows predicted.
    pub n_rows: u64,
    /// The columns written.
    pub columns: Vec<String>,
    /// What the user should know, although all went well.
    pub warnings: Vec<String>,
    /// Bytes of the table read, as they lie there.
    pub bytes_read: u64,
    /// Bytes of the table written, before compression.
    pub bytes_written: u64,
    /// How long it took until the first row could be predicted: the model, and the table's beginning.
    pub loading: Duration,
    /// How long predicting and writing took after that.
    pub predicting: Duration,
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
    let started = Instant::now();
    let sink = settings.storage.create(&request.output).map_err(Error::storage)?;
    let mut run = Run::open(&request.inputs, settings)?;
    let columns = run.column_names(&request.column)?;
    let plan = run.job.plan(&columns)?;
    let warnings = run.warnings();

    let mut out = Writer::new(sink, &request.output.file_name()).map_err(broken)?;
    let mut head = Vec::new();
    run.job.header.write(&columns, &mut head).map_err(unreadable)?;
    out.write_all(&head).map_err(broken)?;

    let loading = started.elapsed();
    let mut bytes_written = head.len() as u64;
    let bytes_read = run.bytes_read();

    let n_rows = run.for_each(
        &plan,
        |rows: &mut Vec<u8>, tile, answers| {
            let values: Vec<_> = answers.iter().map(Written::values).collect();
            tile.write(&values, rows).map_err(unreadable)
        },
        |rows| {
            bytes_written += rows.len() as u64;
            out.write_all(&rows).map_err(broken)
        },
        watch,
    )?;
    let sink = out.finish().map_err(broken)?;
    sink.commit().map_err(Error::storage)?;
    Ok(BatchReport {
        n_rows,
        columns,
        warnings,
        bytes_read: bytes_read.load(Ordering::Relaxed),
        bytes_written,
        loading,
        predicting: started.elapsed() - loading,
    })
}

fn broken(err: io::Error) -> Error {
    match storage::Error::of(err) {
        Ok(own) => Error::storage(own),
        Err(err) => Error::caused(Category::System, "Failed to write the output: ", err),
    }
}
