//! A table in, the table with prediction columns out, in one stream.
//!
//! Chunks of whole records are read one after the other, predicted on all cores tile by tile, and
//! written in their order. Memory holds the chunks in flight, whatever the file's size.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use estimators::{Column, DataError, Method, Output};
use storage::Location;
use table::ErrorKind;
use table::compression::{self, Writer};
use table::csv::{Chunk, DEFAULT_ROWS_PER_TILE, NumberForms, Plan, Reader, ReaderOptions, Tile};
use table::ordered::map_ordered;

use crate::align::{Alignment, align};
use crate::columns::{names, written};
use crate::{Category, Error, Limits, Predictor};

/// What to predict, from where to where.
#[derive(Debug, Clone)]
pub struct BatchRequest {
    /// The model.
    pub model: Location,
    /// The table.
    pub data: Location,
    /// Where the table with its predictions goes.
    pub output: Location,
    /// The name of the prediction column; of several, their common beginning.
    pub column: String,
    /// The table's columns that feed the model, in its order. `None`: those the model knows.
    pub features: Option<Vec<String>>,
    /// The method; `None`: `predict`, or `transform` where there is no `predict`.
    pub method: Option<Method>,
    /// A transformer to apply to the features first.
    pub scaler: Option<Location>,
    /// A pickled dict of column -> encoder to apply before that.
    pub encoders: Option<Location>,
    /// How many threads predict; 0 for one per core.
    pub n_threads: usize,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchReport {
    /// Rows predicted.
    pub n_rows: u64,
    /// The columns written.
    pub columns: Vec<String>,
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes of the file read (compressed ones, if it is).
    pub bytes_read: u64,
    /// Bytes of the file, if known.
    pub bytes_total: Option<u64>,
    /// Rows written.
    pub n_rows: u64,
}

/// Predicts a table. `watch` is told after every chunk how far it is.
///
/// # Errors
/// Anything that keeps the table from being predicted completely; the output is then as it was.
pub fn predict_table(
    request: &BatchRequest,
    limits: &Limits,
    watch: &mut dyn FnMut(Progress),
) -> Result<BatchReport, Error> {
    let sink = storage::create(&request.output).map_err(Error::storage)?;
    let mut predictor = Predictor::load(
        &request.model,
        request.scaler.as_ref(),
        request.encoders.as_ref(),
        limits,
    )?;
    let method = method(request, &predictor)?;
    let source = storage::open(&request.data).map_err(Error::storage)?;
    let bytes_total = source.size;
    let bytes_read = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: source.reader, count: Arc::clone(&bytes_read) };
    let name = request.data.file_name();
    let plain = compression::open(Box::new(counted), &name);
    let mut reader = Reader::new(plain, &name, ReaderOptions::default()).map_err(unreadable)?;

    let header = reader.header().clone();
    let Some(first) = reader.next_chunk().map_err(unreadable)? else { return Err(empty()) };
    let alignment = align(header.names(), request.features.as_deref(), &mut predictor)?;
    let job = Job { name, method, alignment, predictor };
    let columns = job.columns(&first, &header, &request.column)?;
    let plan = Plan::new(&header, &job.alignment.wanted, &columns).map_err(unreadable)?;

    let mut out = Writer::new(sink, &request.output.file_name()).map_err(|err| broken(&err))?;
    let mut head = Vec::new();
    header.write(&columns, &mut head).map_err(unreadable)?;
    out.write_all(&head).map_err(|err| broken(&err))?;

    let mut n_rows = 0;
    let mut forms = vec![NumberForms::default(); job.alignment.wanted.len()];
    let mut first = Some(first);
    let n_threads = threads(request.n_threads);
    map_ordered(
        || match first.take() {
            Some(it) => Ok(Some(it)),
            None => reader.next_chunk().map_err(unreadable),
        },
        n_threads,
        2 * n_threads,
        |chunk| job.predict(&chunk, &plan),
        |done: Predicted| {
            job.join_forms(&mut forms, &done.forms, header.names())?;
            out.write_all(&done.bytes).map_err(|err| broken(&err))?;
            n_rows += done.n_rows;
            let bytes_read = bytes_read.load(Ordering::Relaxed);
            watch(Progress { bytes_read, bytes_total, n_rows });
            Ok(())
        },
    )?;
    if n_rows == 0 {
        return Err(empty());
    }
    let sink = out.finish().map_err(|err| broken(&err))?;
    sink.commit().map_err(Error::storage)?;
    Ok(BatchReport { n_rows, columns })
}

/// One run: what is the same for all its chunks.
struct Job {
    /// The table's name, for messages.
    name: String,
    method: Method,
    alignment: Alignment,
    predictor: Predictor,
}

/// A chunk's rows with their predictions.
struct Predicted {
    bytes: Vec<u8>,
    n_rows: u64,
    forms: Vec<NumberForms>,
}

impl Job {
    /// The names of the columns to write: what the method gives for the first rows shows how many.
    fn columns(
        &self,
        first: &Chunk,
        header: &table::csv::Header,
        name: &str,
    ) -> Result<Vec<String>, Error> {
        let none: &[String] = &[];
        let plan = Plan::new(header, &self.alignment.wanted, none).map_err(unreadable)?;
        let mut tiles = first.tiles(&plan, 16);
        let Some(tile) = tiles.next().map_err(refused_cell)? else { return Err(empty()) };
        let output = self.output(tile)?;
        names(name, self.method, self.predictor.model(), &output)
            .map_err(|text| Error::new(Category::Request, text))
    }

    fn predict(&self, chunk: &Chunk, plan: &Plan) -> Result<Predicted, Error> {
        let forms = vec![NumberForms::default(); self.alignment.wanted.len()];
        let mut done = Predicted { bytes: Vec::new(), n_rows: 0, forms };
        done.bytes.reserve(chunk.bytes().len() + chunk.bytes().len() / 4);
        let mut tiles = chunk.tiles(plan, DEFAULT_ROWS_PER_TILE);
        while let Some(tile) = tiles.next().map_err(refused_cell)? {
            for (forms, tile) in done.forms.iter_mut().zip(&tile.number_forms) {
                *forms = forms.join(*tile);
            }
            let columns = written(self.output(tile)?).map_err(|err| self.refused(&err, tile))?;
            let values: Vec<_> = columns.iter().map(crate::columns::Written::values).collect();
            tile.write(&values, &mut done.bytes).map_err(unreadable)?;
            done.n_rows += tile.n_rows() as u64;
        }
        Ok(done)
    }

    fn output(&self, tile: &mut Tile<'_>) -> Result<Output, Error> {
        let n_rows = tile.n_rows();
        let parsed: Vec<Column> =
            std::mem::take(&mut tile.columns).into_iter().map(column).collect();
        let unused = || Column::Number(Arc::new(vec![f64::NAN; n_rows]));
        let inputs = self.alignment.inputs.iter();
        let inputs = inputs.map(|it| it.map_or_else(unused, |at| parsed[at].clone())).collect();
        // The inputs must be the only owners, for steps to work in place.
        drop(parsed);
        self.predictor.call(self.method, n_rows, inputs).map_err(|err| self.refused(&err, tile))
    }

    /// A row the model refuses, with its line and column in the file.
    fn refused(&self, err: &DataError, tile: &Tile<'_>) -> Error {
        let mut text = format!("Failed to generate predictions: {}", self.name);
        if let Some(row) = err.row {
            text.push_str(&format!(" line {}", tile.line(row)));
        }
        if let Some(column) = err.column.and_then(|it| self.alignment.names.get(it)) {
            text.push_str(&format!(", column {column}"));
        }
        text.push_str(&format!(": {}", err.text));
        Error::new(Category::Data, text)
    }

    /// A column of numbers and truth values is text to pandas, and no model of numbers takes it.
    fn join_forms(
        &self,
        all: &mut [NumberForms],
        chunk: &[NumberForms],
        names: &[String],
    ) -> Result<(), Error> {
        for ((all, chunk), (column, _)) in all.iter_mut().zip(chunk).zip(&self.alignment.wanted) {
            *all = all.join(*chunk);
            if all.is_mixed() {
                let text = format!(
                    "Failed to generate predictions: {}, column {}: it holds numbers as well as \
                     True or False; write 1 and 0 for the latter",
                    self.name, names[*column]
                );
                return Err(Error::new(Category::Data, text));
            }
        }
        Ok(())
    }
}

fn column(parsed: table::csv::Column) -> Column {
    match parsed {
        table::csv::Column::Number(it) => Column::Number(Arc::new(it)),
        table::csv::Column::Text(it) => {
            let (text, offsets, missing) = it.into_parts();
            let column = estimators::TextColumn::from_parts(text, offsets, missing);
            Column::Text(Arc::new(column.unwrap_or_default()))
        }
    }
}

fn method(request: &BatchRequest, predictor: &Predictor) -> Result<Method, Error> {
    let has = predictor.model().methods();
    let default = if has.contains(&Method::Predict) { Method::Predict } else { Method::Transform };
    let method = request.method.unwrap_or(default);
    if has.contains(&method) {
        return Ok(method);
    }
    let has: Vec<&str> = has.iter().map(|it| it.name()).collect();
    let class = predictor.class_name();
    let text = format!("This {class} has no method {method}; it has {}", has.join(", "));
    Err(Error::new(Category::Request, text))
}

fn threads(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    }
}

fn empty() -> Error {
    Error::new(Category::Data, "Input data is empty")
}

/// A table that cannot be read, or a failure on the way to it.
fn unreadable(err: table::Error) -> Error {
    match err.kind() {
        ErrorKind::Empty => empty(),
        ErrorKind::Usage => Error::caused(Category::Request, "", err),
        ErrorKind::Panic => Error::caused(Category::System, "", err),
        ErrorKind::Io => Error::caused(Category::System, "Failed to load data: ", err),
        _ => Error::caused(Category::Data, "Failed to load data: ", err),
    }
}

/// A cell that is not what the model takes, or a table that cannot be read.
fn refused_cell(err: table::Error) -> Error {
    match err.kind() {
        ErrorKind::NotANumber => {
            Error::caused(Category::Data, "Failed to generate predictions: ", err)
        }
        _ => unreadable(err),
    }
}

fn broken(err: &io::Error) -> Error {
    Error::new(Category::System, format!("Failed to write the output: {err}"))
}

/// Counts the bytes that pass.
struct Counted {
    inner: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
