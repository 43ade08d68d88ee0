//! A table in, the table with prediction columns out, in one stream.

use std::io::{self, Write};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use storage::{Location, Metadata, Version, Versions};
use table::{Encoded, Format, Writer};

use crate::columns::Written;
use crate::open::{format, not_compressed};
use crate::results::Results;
use crate::stream::{Inputs, Progress, Run, unreadable};
use crate::{Category, Error, Settings};

/// What to predict, from where to where.
#[derive(Debug, Clone)]
pub struct BatchRequest {
    /// The model and the table.
    pub inputs: Inputs,
    /// Where the table with its predictions goes.
    pub output: Location,
    /// Its format; `None`: as its name says, or for standard output as the table's.
    pub output_format: Option<Format>,
    /// The name of the prediction column; of several, their common beginning.
    pub column: String,
    /// Whether the result is kept, and an earlier one taken if nothing has changed; `None`: as the settings say.
    pub cache: Option<bool>,
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
    /// Whether the output was there already, made of the same inputs; `None` if results are not kept.
    pub cached: Option<bool>,
}

impl BatchRequest {
    /// Refuses formats that are not written, without touching a file.
    ///
    /// # Errors
    /// The output is Parquet under a name that says it is compressed ([`Category::Request`]).
    pub fn check(&self) -> Result<(), Error> {
        let is_parquet = self.output_format() == Format::Parquet;
        if is_parquet { not_compressed(&self.output) } else { Ok(()) }
    }

    /// The table's format, and the output's.
    pub(crate) fn formats(&self) -> (Format, Format) {
        (format(self.inputs.format, &self.inputs.data), self.output_format())
    }

    fn output_format(&self) -> Format {
        match (&self.output, self.output_format) {
            (Location::Standard, None) => format(self.inputs.format, &self.inputs.data),
            (output, asked) => format(asked, output),
        }
    }
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
    request.check()?;
    let results = match Results::of(request, settings) {
        Ok(results) => results,
        Err(why) => {
            let (mut report, _) = predict(request, settings, watch, &|| Metadata::new())?;
            report.cached = request.cache.filter(|asked| *asked).map(|_| false);
            report.warnings.extend(why);
            return Ok(report);
        }
    };
    if let Some(report) = results.find(settings) {
        return Ok(report);
    }
    let versions = Versions::default();
    let noting = Settings { storage: settings.storage.noting(&versions), ..settings.clone() };
    let describe = || results.metadata(&versions);
    let (mut report, output) = predict(request, &noting, watch, &describe)?;
    report.cached = Some(false);
    // The output is there, whatever becomes of the record.
    if let Err(err) = results.keep(&versions, output, &report, settings) {
        report.warnings.push(format!("the result is not kept: {err}"));
    }
    Ok(report)
}

/// Predicts a table. `metadata` is asked for once all inputs are open.
fn predict(
    request: &BatchRequest,
    settings: &Settings,
    watch: &mut dyn FnMut(Progress),
    metadata: &dyn Fn() -> Metadata,
) -> Result<(BatchReport, Option<Version>), Error> {
    let started = Instant::now();
    let mut sink = settings.storage.create(&request.output).map_err(Error::storage)?;
    let to = request.output_format();
    let run = Run::open(&request.inputs, Some(to), settings)?;
    sink.describe(metadata());
    let name = request.output.file_name();
    let (sink, report) = predict_into(sink, &name, to, run, &request.column, started, watch)?;
    let version = sink.commit().map_err(Error::storage)?;
    Ok((report, version))
}

/// Predicts an open table into `sink`, whose name says how it is compressed.
pub(crate) fn predict_into<W: Write + Send>(
    sink: W,
    name: &str,
    to: Format,
    mut run: Run,
    column: &str,
    started: Instant,
    watch: &mut dyn FnMut(Progress),
) -> Result<(W, BatchReport), Error> {
    let outputs = run.outputs(column)?;
    let columns: Vec<String> = outputs.iter().map(|(name, _)| name.clone()).collect();
    let plan = run.job.plan(&columns)?;
    let warnings = run.warnings();
    let encoder = run.encoder(to, &outputs)?;
    let mut out = Writer::new(sink, name, &encoder, &outputs).map_err(broken)?;

    let loading = started.elapsed();
    let bytes_read = run.bytes_read();

    let n_rows = run.for_each(
        &plan,
        |rows: &mut Encoded, tile, answers| {
            let values: Vec<_> = answers.iter().map(Written::values).collect();
            encoder.add(tile, &values, rows).map_err(unreadable)
        },
        |rows| out.write(rows).map_err(broken),
        watch,
    )?;
    let (sink, bytes_written) = out.finish().map_err(broken)?;
    let report = BatchReport {
        n_rows,
        columns,
        warnings,
        bytes_read: bytes_read.load(Ordering::Relaxed),
        bytes_written,
        loading,
        predicting: started.elapsed() - loading,
        cached: None,
    };
    Ok((sink, report))
}

fn broken(err: io::Error) -> Error {
    match storage::Error::of(err) {
        Ok(own) => Error::storage(own),
        // Of the table, whose columns are copied while the output is written.
        Err(err) if is_of_table(&err) => unreadable(table::Error::from_io(err)),
        Err(err) => err.downcast::<Error>().unwrap_or_else(|err| {
            Error::caused(Category::System, "Failed to write the output: ", err)
        }),
    }
}

fn is_of_table(err: &io::Error) -> bool {
    match err.get_ref() {
        Some(inside) => inside.is::<table::Error>(),
        None => false,
    }
}
