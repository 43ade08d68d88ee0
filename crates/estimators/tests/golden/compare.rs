//! Results beside Python's: exact unless the case gives a tolerance.

use estimators::{Block, Classes, Column, Dtype, Output, TextColumn, Values};

/// One column of results: the kind of its values, as case.toml says it, and the cells to compare.
pub(crate) struct Cells {
    kind: &'static str,
    values: CellValues,
}

enum CellValues {
    Floats(Vec<f64>),
    Texts(Vec<String>),
}

/// Whether numbers must have Python's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Types {
    Compared,
    /// They are integers of the table that Python hands on: Pythia reads its numbers as floats
    /// (docs/differences.md).
    Ignored,
}

/// The columns of an output in the order `fixtures/` writes them.
pub(crate) fn cells(output: Output) -> Vec<Cells> {
    match output {
        Output::Vector(it) => vec![values(it)],
        Output::Columns(all) => all.into_iter().map(values).collect(),
        Output::Block(it) => (0..it.n_cols()).map(|j| block_column(&it, j)).collect(),
        Output::PerOutput(all) => all.into_iter().flat_map(|it| cells(Output::dense(it))).collect(),
        Output::Parts(all) => all.into_iter().flat_map(|(_, it)| cells(it)).collect(),
    }
}

fn block_column(block: &Block, index: usize) -> Cells {
    match block.column(index).as_ref() {
        Column::Number(it, dtype) => floats(kind_of(*dtype), it.to_vec()),
        Column::Text(it) => strings(it),
    }
}

fn kind_of(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::Float64 => "float64",
        Dtype::Float32 => "float32",
        Dtype::Int(_) | Dtype::UInt(_) => "int64",
        Dtype::Bool => "bool",
    }
}

fn values(values: Values) -> Cells {
    match values {
        Values::Float(it) => floats("float64", it),
        Values::Float32(it) => floats("float32", it.into_iter().map(f64::from).collect()),
        Values::Int(it) => texts_of("int64", it.iter().map(ToString::to_string)),
        Values::Bool(it) => texts_of("bool", it.iter().map(|&it| bool_text(it).to_owned())),
        Values::Labels(codes, classes) => {
            let kind = match &classes {
                Classes::Int(_) => "int64",
                Classes::Float(_) => "float64",
                Classes::Bool(_) => "bool",
                Classes::Text(_) => "str",
            };
            let names = classes.names();
            texts_of(kind, codes.iter().map(|&it| names[it as usize].clone()))
        }
        Values::Text(it) => strings(&it),
    }
}

fn bool_text(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

fn floats(kind: &'static str, values: Vec<f64>) -> Cells {
    Cells { kind, values: CellValues::Floats(values) }
}

fn strings(column: &TextColumn) -> Cells {
    texts_of("str", column.iter().map(|it| it.unwrap_or_default().to_owned()))
}

fn texts_of(kind: &'static str, values: impl Iterator<Item = String>) -> Cells {
    Cells { kind, values: CellValues::Texts(values.collect()) }
}

/// Whether a table shows values of both kinds the same way: integers of all sizes, texts and objects, floats
/// and objects that are floats or missing.
fn same_kind(ours: &str, kind: &str, python: &[&str]) -> bool {
    let whole = |it: &str| it.trim_start_matches('u').starts_with("int");
    let is_float = |it: &&str| it.is_empty() || it.parse::<f64>().is_ok_and(|_| !is_integer(it));
    match (ours, kind) {
        ("str", "object") => true,
        ("float64", "object") => python.iter().all(is_float),
        _ => ours == kind || (whole(ours) && whole(kind)),
    }
}

fn is_integer(cell: &str) -> bool {
    cell.parse::<i64>().is_ok()
}

/// Compares one column with Python's cells: equal bits, or off by at most `relative` of Python's value
/// or of the column's median magnitude, whichever is larger (fixtures/README.md says why).
/// `kind` is what case.toml says of the column.
pub(crate) fn column(
    ours: &Cells,
    python: &[&str],
    kind: &str,
    types: Types,
    relative: f64,
) -> Result<(), String> {
    let python: Vec<&str> = match kind {
        "object" => python.iter().map(|it| object(it)).collect(),
        _ => python.to_vec(),
    };
    if types == Types::Compared && !same_kind(ours.kind, kind, &python) {
        return Err(format!("values are {}, Python's are {kind}", ours.kind));
    }
    let floats = match &ours.values {
        CellValues::Texts(ours) => return texts(ours, &python),
        CellValues::Floats(ours) => ours,
    };
    let want: Vec<f64> = python.iter().map(|it| parse(it, kind)).collect::<Result<_, _>>()?;
    if floats.len() != want.len() {
        return Err(format!("{} rows, Python has {}", floats.len(), want.len()));
    }
    let median = median_magnitude(&want);
    for (row, (&a, &b)) in floats.iter().zip(&want).enumerate() {
        let same = a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
        let scale = median.max(b.abs());
        let close = a.is_finite() && (a - b).abs() <= relative * scale;
        if !same && !close {
            let off = (a - b).abs() / scale;
            return Err(format!("row {row}: {a:?}, Python has {b:?} (off by {off:.1e} relative)"));
        }
    }
    Ok(())
}

fn median_magnitude(values: &[f64]) -> f64 {
    let mut finite: Vec<f64> = values.iter().map(|x| x.abs()).filter(|x| x.is_finite()).collect();
    finite.sort_by(f64::total_cmp);
    finite.get(finite.len() / 2).copied().unwrap_or(0.0)
}

fn texts(ours: &[String], python: &[&str]) -> Result<(), String> {
    if ours.len() != python.len() {
        return Err(format!("{} rows, Python has {}", ours.len(), python.len()));
    }
    match ours.iter().zip(python).position(|(a, b)| a != b) {
        Some(row) => Err(format!("row {row}: {:?}, Python has {:?}", ours[row], python[row])),
        None => Ok(()),
    }
}

/// Python's `repr` of a cell among objects: quoted text, `None`, a number.
fn object(cell: &str) -> &str {
    match cell {
        "None" | "nan" => "",
        _ => cell.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(cell),
    }
}

fn parse(cell: &str, kind: &str) -> Result<f64, String> {
    match cell {
        "True" => Ok(1.0),
        "False" => Ok(0.0),
        "" => Ok(f64::NAN),
        _ if kind == "float32" => cell.parse::<f32>().map(f64::from).map_err(|err| err.to_string()),
        _ => cell.parse().map_err(|_| format!("{cell:?} in want.csv is not a number")),
    }
}

/// Each row's results as text, to compare outputs with one another bit for bit.
pub(crate) fn texts_by_row(output: Output) -> Vec<Vec<String>> {
    let columns: Vec<Vec<String>> = cells(output)
        .into_iter()
        .map(|it| match it.values {
            CellValues::Floats(it) => it.iter().map(|x| format!("{x:?}")).collect(),
            CellValues::Texts(it) => it,
        })
        .collect();
    let n_rows = columns.first().map_or(0, Vec::len);
    (0..n_rows).map(|row| columns.iter().map(|it| it[row].clone()).collect()).collect()
}
