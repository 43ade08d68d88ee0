//! A table's rows with a model's answers, chunk by chunk: what predicting a table and comparing with
//! Python's predictions share.
//!
//! Chunks of whole records are read one after the other, predicted on all cores tile by tile, and
//! handed on in their order. Memory holds the chunks in flight, whatever the file's size.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use estimators::{Column, DataError, Dtype, Iterations, Method, Output};
use storage::Location;
use table::ErrorKind;
use table::csv::{DEFAULT_ROWS_PER_TILE, NumberForms, ReaderOptions};
use table::ordered::map_ordered;
use table::{Chunk, Encoder, Format, Head, OutputKind, Place, Plan, Reader, Tile};

use crate::align::{Alignment, align};
use crate::columns::{Written, names, written};
use crate::open::{Opened, format, open_table};
use crate::predictor::Files;
use crate::{Category, Error, Predictor, Settings};

/// The first chunk is small: how wide the answers are, and so how much memory a row of them takes, is
/// known only after it.
const FIRST_CHUNK_BYTES: usize = 4 << 10;
const CHUNK_BYTES: usize = 1 << 20;
/// Up to so many columns of answers chunks have their full size; of more, less.
const NARROW: usize = 256;

/// A model, and the table it is to predict.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The model.
    pub model: Location,
    /// The table.
    pub data: Location,
    /// Its format; `None`: as its name says.
    pub format: Option<Format>,
    /// The table's columns that feed the model, in its order. `None`: those the model knows.
    pub features: Option<Vec<String>>,
    /// The method; `None`: `predict`, or `transform` where there is no `predict`.
    pub method: Option<Method>,
    /// The iterations of a boosting library's model that predict.
    pub iterations: Iterations,
    /// The declaration of the layers, if the model is the tensors of a network (docs/networks.md).
    pub layers: Option<Location>,
    /// A transformer to apply to the features first; of a network with a window to those of each step.
    pub scaler: Option<Location>,
    /// A pickled dict of column -> encoder to apply before that.
    pub encoders: Option<Location>,
    /// How many threads predict; 0 for one per core.
    pub n_threads: usize,
}

impl Inputs {
    /// A model and a table, and nothing that is asked of them.
    #[must_use]
    pub fn of(model: Location, data: Location) -> Self {
        Self {
            model,
            data,
            format: None,
            features: None,
            method: None,
            iterations: Iterations::default(),
            layers: None,
            scaler: None,
            encoders: None,
            n_threads: 0,
        }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes of the file read (compressed ones, if it is).
    pub bytes_read: u64,
    /// Bytes of the file, if known.
    pub bytes_total: Option<u64>,
    /// Rows predicted.
    pub n_rows: u64,
}

/// A table with its first chunk read and its model loaded.
pub(crate) struct Run {
    pub(crate) job: Job,
    reader: Reader,
    first: Chunk,
    n_threads: usize,
    bytes_read: Arc<AtomicU64>,
    bytes_total: Option<u64>,
    deadline: Option<Instant>,
}

impl Run {
    /// Loads the model, opens the table and finds the model's columns in it.
    /// In another format `to` than the table's, every column is read.
    pub(crate) fn open(
        inputs: &Inputs,
        to: Option<Format>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let predictor = Predictor::of(
            &Files {
                model: &inputs.model,
                layers: inputs.layers.as_ref(),
                iterations: inputs.iterations,
                scaler: inputs.scaler.as_ref(),
                encoders: inputs.encoders.as_ref(),
            },
            settings,
        )?;
        let method = method(inputs.method, &predictor)?;
        let reads_all = to.is_some_and(|to| to != format(inputs.format, &inputs.data));
        let options = reader_options(reads_all);
        let opened = open_table(&inputs.data, inputs.format, options, &settings.storage)?;
        let name = inputs.data.file_name();
        let features = inputs.features.as_deref();
        let run = Self::of(predictor, method, features, name, opened, reads_all)?;
        let deadline = settings.storage.deadline();
        Ok(Self { n_threads: threads(inputs.n_threads), deadline, ..run })
    }

    /// A CSV in memory, called `name` in messages, on one thread.
    pub(crate) fn of_csv(
        predictor: Predictor,
        method: Method,
        features: Option<&[String]>,
        name: &str,
        csv: Vec<u8>,
        deadline: Option<Instant>,
    ) -> Result<Self, Error> {
        let bytes_total = Some(csv.len() as u64);
        let source = Box::new(io::Cursor::new(csv));
        let reader = Reader::open(source, name, Format::Csv, reader_options(false));
        let reader = reader.map_err(unreadable)?;
        let opened = Opened { reader, bytes_read: Arc::default(), bytes_total };
        let run = Self::of(predictor, method, features, name.to_owned(), opened, false)?;
        Ok(Self { deadline, ..run })
    }

    /// Finds the model's columns in an open table, and reads its first chunk.
    fn of(
        mut predictor: Predictor,
        method: Method,
        features: Option<&[String]>,
        name: String,
        opened: Opened,
        reads_all: bool,
    ) -> Result<Self, Error> {
        let Opened { mut reader, bytes_read, bytes_total } = opened;
        let head = reader.head();
        if !reader.has_rows().map_err(unreadable)? {
            return Err(empty());
        }
        let alignment = align(head.names(), features, &mut predictor)?;
        let rows_per_tile = DEFAULT_ROWS_PER_TILE;
        let job = Job { name, method, alignment, predictor, head, reads_all, rows_per_tile };
        reader.select(&job.plan(&[])?);
        let Some(first) = reader.next_chunk().map_err(unreadable)? else { return Err(empty()) };
        Ok(Self { job, reader, first, n_threads: 1, bytes_read, bytes_total, deadline: None })
    }

    /// The method's columns, their names and types: what it gives for the first rows shows how many. If they are
    /// many, fewer rows are in memory at a time.
    pub(crate) fn outputs(&mut self, name: &str) -> Result<Vec<table::Output>, Error> {
        let plan = self.job.plan(&[])?;
        let mut tiles = self.first.tiles(&plan, 16).map_err(unreadable)?;
        let Some(mut tile) = tiles.next().map_err(refused_cell)? else { return Err(empty()) };
        let output = self.job.output(&mut tile)?;
        let names = names(name, self.job.method, self.job.predictor.model(), &output)
            .map_err(|text| Error::new(Category::Request, text))?;
        let columns = written(output).map_err(|err| self.job.refused(&err, &tile))?;
        let kinds = columns.iter().map(|it| OutputKind::of(&it.values()));
        let outputs: Vec<table::Output> = names.into_iter().zip(kinds).collect();
        let width = outputs.len().max(NARROW) / NARROW;
        self.job.rows_per_tile = (DEFAULT_ROWS_PER_TILE / width).max(1);
        self.reader.set_chunk_size(CHUNK_BYTES / width, self.job.rows_per_tile);
        Ok(outputs)
    }

    /// How the rows become those of a file of format `to`.
    pub(crate) fn encoder(&self, to: Format, outputs: &[table::Output]) -> Result<Encoder, Error> {
        let Self { job, first, .. } = self;
        Encoder::new(&job.head, first, &job.name, to, outputs).map_err(unreadable)
    }

    /// Counts the bytes of the file that were read so far.
    pub(crate) fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes_read)
    }

    /// What the user should know of the model.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.job.predictor.warnings()
    }

    /// Predicts every tile; `work` adds on any thread what it makes of a tile and its answers to the
    /// chunk's, and `take` is given the chunks' in the order of the table. Returns the number of rows.
    ///
    /// # Errors
    /// The first in the order of the table; no rows.
    pub(crate) fn for_each<T: Default + Send>(
        self,
        plan: &Plan,
        work: impl Fn(&mut T, &Tile<'_, '_>, Vec<Written>) -> Result<(), Error> + Sync,
        mut take: impl FnMut(T) -> Result<(), Error>,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<u64, Error> {
        let Self { job, mut reader, first, n_threads, bytes_read, bytes_total, deadline } = self;
        let mut n_rows = 0;
        let mut forms = vec![NumberForms::default(); job.alignment.wanted.len()];
        let mut first = Some(first);
        map_ordered(
            || match first.take() {
                Some(it) => Ok(Some(it)),
                None => reader.next_chunk().map_err(unreadable),
            },
            n_threads,
            2 * n_threads,
            |chunk| job.predict(&chunk, plan, &work),
            |done: Predicted<T>| {
                in_time(deadline)?;
                job.join_forms(&mut forms, &done.forms)?;
                take(done.made)?;
                n_rows += done.n_rows;
                let bytes_read = bytes_read.load(Ordering::Relaxed);
                watch(Progress { bytes_read, bytes_total, n_rows });
                Ok(())
            },
        )?;
        if n_rows == 0 { Err(empty()) } else { Ok(n_rows) }
    }
}

/// What is the same for all chunks of a run.
pub(crate) struct Job {
    /// The table's name, for messages.
    name: String,
    pub(crate) method: Method,
    alignment: Alignment,
    predictor: Predictor,
    pub(crate) head: Head,
    /// Every column is read, to be written in another format.
    reads_all: bool,
    rows_per_tile: usize,
}

/// What was made of a chunk's tiles.
struct Predicted<T> {
    made: T,
    n_rows: u64,
    forms: Vec<NumberForms>,
}

impl Job {
    /// A plan that parses the model's columns, and has room for `outputs`.
    pub(crate) fn plan(&self, outputs: &[String]) -> Result<Plan, Error> {
        let plan = self.head.plan(&self.alignment.wanted, outputs).map_err(unreadable)?;
        if self.reads_all { plan.with_all().map_err(unreadable) } else { Ok(plan) }
    }

    /// A column of float32 is one to numpy too; other numbers are read as float64.
    fn dtype(&self, column: usize) -> Dtype {
        if self.head.is_single(column) { Dtype::Float32 } else { Dtype::Float64 }
    }

    fn predict<T: Default>(
        &self,
        chunk: &Chunk,
        plan: &Plan,
        work: &impl Fn(&mut T, &Tile<'_, '_>, Vec<Written>) -> Result<(), Error>,
    ) -> Result<Predicted<T>, Error> {
        let forms = vec![NumberForms::default(); self.alignment.wanted.len()];
        let mut done = Predicted { made: T::default(), n_rows: 0, forms };
        let mut tiles = chunk.tiles(plan, self.rows_per_tile).map_err(unreadable)?;
        while let Some(mut tile) = tiles.next().map_err(refused_cell)? {
            for (forms, tile) in done.forms.iter_mut().zip(tile.number_forms()) {
                *forms = forms.join(*tile);
            }
            let output = self.output(&mut tile)?;
            let columns = written(output).map_err(|err| self.refused(&err, &tile))?;
            work(&mut done.made, &tile, columns)?;
            done.n_rows += tile.n_rows() as u64;
        }
        Ok(done)
    }

    fn output(&self, tile: &mut Tile<'_, '_>) -> Result<Output, Error> {
        let n_rows = tile.n_rows();
        let dtypes = self.alignment.wanted.iter().map(|(column, _)| self.dtype(*column));
        let parsed: Vec<Column> = tile
            .take_columns()
            .into_iter()
            .zip(dtypes)
            .map(|(it, dtype)| column(it, dtype))
            .collect();
        let unused = || Column::Number(Arc::new(vec![f64::NAN; n_rows]), Dtype::Float64);
        let inputs = self.alignment.inputs.iter();
        let inputs = inputs.map(|it| it.map_or_else(unused, |at| parsed[at].clone())).collect();
        // The inputs must be the only owners, for steps to work in place.
        drop(parsed);
        self.predictor.call(self.method, n_rows, inputs).map_err(|err| self.refused(&err, tile))
    }

    /// A row the model refuses, with its line and column in the file.
    fn refused(&self, err: &DataError, tile: &Tile<'_, '_>) -> Error {
        let place = Place {
            file: Some(self.name.clone()),
            column: err.column.and_then(|it| self.alignment.names.get(it)).cloned(),
            ..err.row.map_or_else(Place::default, |row| tile.place(row))
        };
        let text = format!("Failed to generate predictions: {place}: {}", err.text);
        Error::new(Category::Data, text)
    }

    /// A column of numbers and truth values is text to pandas, and no model of numbers takes it.
    fn join_forms(&self, all: &mut [NumberForms], chunk: &[NumberForms]) -> Result<(), Error> {
        for ((all, chunk), (column, _)) in all.iter_mut().zip(chunk).zip(&self.alignment.wanted) {
            *all = all.join(*chunk);
            if all.is_mixed() {
                let text = format!(
                    "Failed to generate predictions: {}, column {}: it holds numbers as well as \
                     True or False; write 1 and 0 for the latter",
                    self.name,
                    self.head.names()[*column]
                );
                return Err(Error::new(Category::Data, text));
            }
        }
        Ok(())
    }
}

fn column(parsed: table::csv::Column, dtype: Dtype) -> Column {
    match parsed {
        table::csv::Column::Number(it) => Column::Number(Arc::new(it), dtype),
        table::csv::Column::Text(it) => {
            let (text, offsets, missing) = it.into_parts();
            let column = estimators::TextColumn::from_parts(text, offsets, missing);
            Column::Text(Arc::new(column.unwrap_or_default()))
        }
    }
}

pub(crate) fn method(asked: Option<Method>, predictor: &Predictor) -> Result<Method, Error> {
    let has = predictor.model().methods();
    let default = if has.contains(&Method::Predict) { Method::Predict } else { Method::Transform };
    let method = asked.unwrap_or(default);
    if has.contains(&method) {
        return Ok(method);
    }
    let has: Vec<&str> = has.iter().map(|it| it.name()).collect();
    let class = predictor.class_name();
    let text = format!("This {class} has no method {method}; it has {}", has.join(", "));
    Err(Error::new(Category::Request, text))
}

fn reader_options(reads_all: bool) -> ReaderOptions {
    let chunk_bytes = if reads_all { CHUNK_BYTES } else { FIRST_CHUNK_BYTES };
    ReaderOptions { chunk_bytes, ..ReaderOptions::default() }
}

fn threads(asked: usize) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    }
}

/// A run that has no time left ends before it has written anything.
fn in_time(deadline: Option<Instant>) -> Result<(), Error> {
    if deadline.is_some_and(|it| it <= Instant::now()) {
        let text = "The time allowed is over; give it more, or split the table";
        return Err(Error::new(Category::System, text));
    }
    Ok(())
}

fn empty() -> Error {
    Error::new(Category::Data, "Input data is empty")
}

/// A table that cannot be read, or a failure on the way to it.
pub(crate) fn unreadable(err: table::Error) -> Error {
    err.into()
}

impl From<table::Error> for Error {
    fn from(err: table::Error) -> Self {
        match err.kind() {
            ErrorKind::Empty => empty(),
            ErrorKind::Usage => Error::caused(Category::Request, "", err),
            ErrorKind::Panic => Error::caused(Category::System, "", err),
            ErrorKind::Io => match err.into_io().map(storage::Error::of) {
                Ok(Ok(own)) => Error::storage(own),
                Ok(Err(io)) => Error::caused(Category::System, "Failed to load data: ", io),
                Err(err) => Error::caused(Category::System, "Failed to load data: ", err),
            },
            _ => Error::caused(Category::Data, "Failed to load data: ", err),
        }
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
