//! `pythia verify`.

use std::io::{self, Write};

use engine::{Compared, VerifyReport, VerifyRequest, parse_location};

use crate::args::Verify;
use crate::outcome::{Failure, warn};
use crate::progress::{Bar, grouped};

/// More columns than this are summed up in one line.
const LISTED_COLUMNS: usize = 20;

pub(crate) fn run(args: &Verify) -> Result<(), Failure> {
    let request = VerifyRequest {
        inputs: args.inputs.read()?,
        expected: parse_location(&args.expected)?,
        column: args.column.clone(),
        relative: args.tolerance,
    };
    let settings = args.inputs.config.read()?;
    let bar = Bar::new(args.inputs.quiet);
    let done = engine::verify_table(&request, &settings, &mut |progress| bar.update(progress));
    bar.finish();
    let report = done?;
    warn(&report.warnings, args.inputs.quiet);
    if args.json {
        let json = serde_json::to_string_pretty(&report).map_err(io::Error::other)?;
        writeln!(io::stdout(), "{json}")?;
    } else if !args.inputs.quiet {
        io::stdout().write_all(page(&report).as_bytes())?;
    }
    if report.is_same() { Ok(()) } else { Err(Failure::Differs) }
}

fn page(report: &VerifyReport) -> String {
    let rows = grouped(report.n_rows);
    let within = match report.relative {
        0.0 => String::new(),
        relative => format!(" to {relative:e} relative"),
    };
    let mut text = match report.n_different {
        0 => format!("{}: {rows} rows, all as Python's{within}\n\n", report.method),
        n => format!(
            "{}: {} of {rows} rows differ from Python's{within}\n\n",
            report.method,
            grouped(n)
        ),
    };
    text.push_str(&columns(&report.columns));
    if !report.deviations.is_empty() {
        text.push_str("\nThe first that differ:\n");
    }
    for it in &report.deviations {
        text.push_str(&format!(
            "  row {}, {}: {}, Python has {}\n",
            it.row,
            it.column,
            or_missing(&it.pythia),
            or_missing(&it.expected)
        ));
    }
    text
}

fn or_missing(cell: &str) -> &str {
    if cell.is_empty() { "(missing)" } else { cell }
}

fn columns(all: &[Compared]) -> String {
    let mut lines =
        vec![["column", "differ", "flips", "worst ulp", "worst relative"].map(str::to_owned)];
    let line = |name: String, it: &Compared| {
        let relative = match it.worst_relative {
            0.0 => "0".to_owned(),
            worst => format!("{worst:.1e}"),
        };
        [name, grouped(it.n_different), grouped(it.flips), grouped(it.worst_ulp), relative]
    };
    if all.len() <= LISTED_COLUMNS {
        lines.extend(all.iter().map(|it| line(it.column.clone(), it)));
    } else {
        let mut worst = Compared {
            column: String::new(),
            n_different: 0,
            flips: 0,
            worst_ulp: 0,
            worst_relative: 0.0,
        };
        for it in all {
            worst.n_different += it.n_different;
            worst.flips += it.flips;
            worst.worst_ulp = worst.worst_ulp.max(it.worst_ulp);
            worst.worst_relative = worst.worst_relative.max(it.worst_relative);
        }
        lines.push(line(format!("all {}", all.len()), &worst));
    }
    let width = |i: usize| lines.iter().map(|it| it[i].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        text.push_str(&format!("  {:<width$}", line[0], width = widths[0]));
        for (cell, width) in line.iter().zip(&widths).skip(1) {
            text.push_str(&format!("  {cell:>width$}"));
        }
        text.push('\n');
    }
    text
}
