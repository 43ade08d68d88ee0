//! A model's answers beside Python's own: is every one the same?

use serde::Serialize;
use storage::Location;

use crate::columns::Written;
use crate::compare::{Difference, difference, shown};
use crate::expected::Expected;
use crate::stream::{Inputs, Progress, Run};
use crate::{Error, Settings};

/// So many of the cells that differ are kept.
const SHOWN_DEVIATIONS: usize = 10;

/// What to compare with what.
#[derive(Debug, Clone)]
pub struct VerifyRequest {
    /// The model and the table.
    pub inputs: Inputs,
    /// A table with Python's predictions, row by row.
    pub expected: Location,
    /// The name of the prediction column in it; of several, their common beginning.
    pub column: String,
    /// Numbers may differ by this part of the larger of the two; 0: not at all.
    pub relative: f64,
}

/// How the answers compare.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerifyReport {
    /// The method compared.
    pub method: &'static str,
    /// Rows compared.
    pub n_rows: u64,
    /// Rows in which a label differs, or a number by more than allowed.
    pub n_different: u64,
    /// The relative difference allowed.
    pub relative: f64,
    /// Each column.
    pub columns: Vec<Compared>,
    /// The first cells that differ by more than allowed.
    pub deviations: Vec<Deviation>,
    /// What the user should know, whatever the answers.
    pub warnings: Vec<String>,
}

/// How the answers of one column compare.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// The column in the table of Python's predictions.
    pub column: String,
    /// Cells that differ by more than allowed.
    pub n_different: u64,
    /// Labels that differ, and numbers that are missing or infinite on one side alone.
    pub flips: u64,
    /// The largest distance in units of the last place: how many floats lie between the two.
    pub worst_ulp: u64,
    /// The largest difference, relative to the larger of the two magnitudes.
    pub worst_relative: f64,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Deviation {
    /// The row, from 1; the header is none.
    pub row: u64,
    /// The column.
    pub column: String,
    /// Pythia's answer.
    pub pythia: String,
    /// Python's.
    pub expected: String,
}

impl VerifyReport {
    /// Whether every row is as expected.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.n_different == 0
    }
}

/// Predicts a table and compares the answers with Python's.
///
/// # Errors
/// The model, the table or the expected predictions cannot be read; the two tables do not have the same
/// number of rows; the expected columns are not found. That answers differ is no error: the report says it.
pub fn verify_table(
    request: &VerifyRequest,
    settings: &Settings,
    watch: &mut dyn FnMut(Progress),
) -> Result<VerifyReport, Error> {
    let mut run = Run::open(&request.inputs, None, settings)?;
    let outputs = run.outputs(&request.column)?;
    let names: Vec<String> = outputs.into_iter().map(|(name, _)| name).collect();
    let mut expected = Expected::open(&request.expected, &names, &settings.storage)?;
    let mut verdict = Verdict::new(&expected.columns, request.relative, run.job.method.name());
    verdict.report.warnings = run.warnings();
    let plan = run.job.plan(&[])?;
    let n_rows = run.for_each(
        &plan,
        |tiles: &mut Vec<(usize, Vec<Written>)>, tile, answers| {
            tiles.push((tile.n_rows(), answers));
            Ok(())
        },
        |tiles| {
            tiles.iter().try_for_each(|(n_rows, answers)| {
                (0..*n_rows).try_for_each(|row| verdict.compare_row(&mut expected, answers, row))
            })
        },
        watch,
    )?;
    expected.at_end(n_rows)?;
    Ok(verdict.report)
}

/// The comparison so far.
struct Verdict {
    report: VerifyReport,
}

impl Verdict {
    fn new(columns: &[String], relative: f64, method: &'static str) -> Self {
        let compared = |name: &String| Compared {
            column: name.clone(),
            n_different: 0,
            flips: 0,
            worst_ulp: 0,
            worst_relative: 0.0,
        };
        let columns = columns.iter().map(compared).collect();
        let report = VerifyReport {
            method,
            n_rows: 0,
            n_different: 0,
            relative,
            columns,
            deviations: vec![],
            warnings: vec![],
        };
        Self { report }
    }

    /// Compares row `row` of the tile that `answers` are of with the next expected one.
    fn compare_row(
        &mut self,
        expected: &mut Expected,
        answers: &[Written],
        row: usize,
    ) -> Result<(), Error> {
        let Self { report } = self;
        let mut differs = false;
        expected.next_row(report.n_rows, |column, want| {
            let (Some(answer), Some(compared)) =
                (answers.get(column), report.columns.get_mut(column))
            else {
                return;
            };
            if !compared.add(difference(answer, row, want), report.relative) {
                return;
            }
            differs = true;
            if report.deviations.len() < SHOWN_DEVIATIONS {
                report.deviations.push(Deviation {
                    row: report.n_rows + 1,
                    column: compared.column.clone(),
                    pythia: shown(answer, row),
                    expected: want.unwrap_or_default().to_owned(),
                });
            }
        })?;
        report.n_rows += 1;
        report.n_different += u64::from(differs);
        Ok(())
    }
}

impl Compared {
    /// Counts a cell; returns whether it differs by more than allowed.
    fn add(&mut self, found: Difference, allowed: f64) -> bool {
        let differs = match found {
            Difference::None => false,
            Difference::Flip => {
                self.flips += 1;
                true
            }
            Difference::Numbers { ulp, relative } => {
                self.worst_ulp = self.worst_ulp.max(ulp);
                self.worst_relative = self.worst_relative.max(relative);
                allowed < relative
            }
        };
        self.n_different += u64::from(differs);
        differs
    }
}
