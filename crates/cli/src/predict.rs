//! `pythia predict`.

use std::io::{self, Write};

use engine::{BatchReport, BatchRequest, Location, Preview, Storage, parse_location};

use crate::args::Predict;
use crate::outcome::{Failure, warn};
use crate::progress::{Bar, grouped};

/// So many rows are shown after a run.
const SHOWN_ROWS: usize = 5;
/// So many of the table's own columns are shown beside the predictions.
const SHOWN_COLUMNS: usize = 4;
/// More prediction columns than this are counted, not listed.
const LISTED_COLUMNS: usize = 8;
/// A cell is cut to so many characters.
const CELL_WIDTH: usize = 24;

pub(crate) fn run(args: &Predict) -> Result<(), Failure> {
    let request = BatchRequest {
        inputs: args.inputs.read()?,
        output: parse_location(&args.output)?,
        output_format: args.output_format,
        column: args.column.clone(),
        cache: None,
    };
    let settings = args.inputs.config.read()?;
    let bar = Bar::new(args.inputs.quiet);
    let done = engine::predict_table(&request, &settings, &mut |progress| bar.update(progress));
    bar.finish();
    let report = done?;
    warn(&report.warnings, args.inputs.quiet);
    if args.inputs.quiet || request.output == Location::Standard {
        return Ok(());
    }
    Ok(io::stdout().write_all(summary(&request, &report, &settings.storage).as_bytes())?)
}

fn summary(request: &BatchRequest, report: &BatchReport, storage: &Storage) -> String {
    let output = &request.output;
    let columns = match report.columns.as_slice() {
        [one] => format!("column {one}"),
        [first, .., last] if LISTED_COLUMNS < report.columns.len() => {
            format!("{} columns {first} to {last}", report.columns.len())
        }
        many => format!("columns {}", many.join(", ")),
    };
    let cached =
        if report.cached == Some(true) { ", as they were: nothing has changed" } else { "" };
    let n_rows = grouped(report.n_rows);
    let mut text = format!("{output}: {n_rows} rows predicted, {columns}{cached}\n");
    // A device or pipe shows nothing after the fact.
    if let Ok(preview) = engine::preview(output, request.output_format, SHOWN_ROWS, storage) {
        text.push('\n');
        text.push_str(&aligned(&preview, &report.columns));
    }
    text
}

/// The first rows: a few of the table's columns and all predictions, padded to one width a column.
fn aligned(preview: &Preview, predicted: &[String]) -> String {
    let is_predicted = |it: &&usize| predicted.contains(&preview.names[**it]);
    let all: Vec<usize> = (0..preview.names.len()).collect();
    let own: Vec<usize> = all.iter().filter(|it| !is_predicted(it)).copied().collect();
    let mut shown: Vec<Option<usize>> = own.iter().take(SHOWN_COLUMNS).copied().map(Some).collect();
    if SHOWN_COLUMNS < own.len() {
        shown.push(None);
    }
    shown.extend(all.iter().filter(is_predicted).take(LISTED_COLUMNS).copied().map(Some));
    let cells = |row: &[String]| -> Vec<String> {
        shown.iter().map(|it| it.map_or("…".to_owned(), |it| cut(&row[it]))).collect()
    };
    let mut lines = vec![cells(&preview.names)];
    lines.extend(preview.rows.iter().map(|row| cells(row)));
    let width = |i: usize| lines.iter().map(|it| it[i].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..shown.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let padded: Vec<String> =
            line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(&format!("  {}\n", padded.join("  ").trim_end()));
    }
    text
}

fn cut(cell: &str) -> String {
    let line = cell.replace(['\n', '\r'], " ");
    match line.char_indices().nth(CELL_WIDTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
