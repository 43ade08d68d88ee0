//! A CSV in memory through a model: what the command makes of a file, of a request's body.

use std::io::{self, Write};
use std::time::Instant;

use estimators::Method;
use table::Format;

use super::RowModel;
use crate::batch::{BatchReport, predict_into};
use crate::stream::{Run, method};
use crate::{Category, Error};

/// What messages call the table: `table line 17, column age: "x" is not a number`.
const NAME: &str = "table";

/// How a CSV is to be predicted.
#[derive(Debug, Clone, Default)]
pub struct CsvOptions {
    /// The name of the prediction column, or of several their common beginning; `None`: the model's own.
    pub column: Option<String>,
    /// The method; `None`: the model's own.
    pub method: Option<Method>,
    /// Bytes that the answer may have: one of many columns is much larger than what was asked.
    pub max_bytes: usize,
    /// When it is given up.
    pub deadline: Option<Instant>,
}

impl RowModel {
    /// Predicts a CSV with a header: its rows' own bytes, and their predictions behind them or in place of the columns
    /// of their names, as [`predict_table`](crate::predict_table) writes them.
    ///
    /// # Errors
    /// What is no table, or not the model's; a row that the model refuses, with its line; a method it does not have;
    /// an answer of more than `max_bytes`; the time is over.
    pub fn predict_csv(
        &self,
        csv: Vec<u8>,
        options: &CsvOptions,
    ) -> Result<(Vec<u8>, BatchReport), Error> {
        let started = Instant::now();
        let method = method(Some(options.method.unwrap_or(self.method())), self.predictor())?;
        let features = self.source().features.as_deref();
        let predictor = self.own_predictor()?;
        let run = Run::of_csv(predictor, method, features, NAME, csv, options.deadline)?;
        let column = options.column.as_deref().unwrap_or(&self.source().output);
        let sink = Bounded { bytes: Vec::new(), most: options.max_bytes };
        let to = Format::Csv;
        let done = predict_into(sink, NAME, to, run, column, started, &mut |_| ());
        let is_late = options.deadline.is_some_and(|it| it <= Instant::now());
        let done = done.map_err(|err| match err.category() {
            Category::System if is_late => Error::late("the table"),
            _ => err,
        })?;
        Ok((done.0.bytes, done.1))
    }
}

/// Bytes up to a number of them.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.most - self.bytes.len() < bytes.len() {
            let most = self.most;
            let text = format!("The answer would be larger than {most} bytes: send fewer rows");
            return Err(io::Error::other(Error::new(Category::Request, text)));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
