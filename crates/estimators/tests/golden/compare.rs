//! Results beside Python's: exact unless the case gives a tolerance.

use estimators::{Block, Column, Output, Values};

/// One column of results, as cells to compare.
pub(crate) enum Cells {
    Floats(Vec<f64>),
    Texts(Vec<String>),
}

/// The columns of an output in the order `fixtures/` writes them.
pub(crate) fn cells(output: Output) -> Vec<Cells> {
    match output {
        Output::Vector(it) => vec![values(it)],
        Output::Columns(all) => all.into_iter().map(values).collect(),
        Output::Block(it) => (0..it.n_cols()).map(|j| block_column(&it, j)).collect(),
        Output::PerOutput(all) => all
            .iter()
            .flat_map(|it| it.columns().iter().map(|it| Cells::Floats(it.to_vec())))
            .collect(),
        Output::Parts(all) => all.into_iter().flat_map(|(_, it)| cells(it)).collect(),
    }
}

fn block_column(block: &Block, index: usize) -> Cells {
    match block.column(index).as_ref() {
        Column::Number(it) => Cells::Floats(it.to_vec()),
        Column::Text(it) => {
            Cells::Texts(it.iter().map(|it| it.unwrap_or_default().to_owned()).collect())
        }
    }
}

fn values(values: Values) -> Cells {
    match values {
        Values::Float(it) => Cells::Floats(it),
        Values::Float32(it) => Cells::Floats(it.into_iter().map(f64::from).collect()),
        Values::Int(it) => Cells::Texts(it.iter().map(ToString::to_string).collect()),
        Values::Bool(it) => Cells::Texts(
            it.iter().map(|&it| if it { "True" } else { "False" }.to_owned()).collect(),
        ),
        Values::Labels(codes, classes) => {
            let names = classes.names();
            Cells::Texts(codes.iter().map(|&it| names[it as usize].clone()).collect())
        }
        Values::Text(it) => {
            Cells::Texts(it.iter().map(|it| it.unwrap_or_default().to_owned()).collect())
        }
    }
}

/// Compares one column with Python's cells: equal bits, or off by at most `relative` of Python's value
/// or of the column's median magnitude, whichever is larger (fixtures/README.md says why).
/// `kind` is what case.toml says of the column.
pub(crate) fn column(
    ours: &Cells,
    python: &[&str],
    kind: &str,
    relative: f64,
) -> Result<(), String> {
    let python: Vec<&str> = match kind {
        "object" => python.iter().map(|it| object(it)).collect(),
        _ => python.to_vec(),
    };
    let floats = match ours {
        Cells::Texts(ours) => return texts(ours, &python),
        Cells::Floats(ours) => ours,
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
        .map(|it| match it {
            Cells::Floats(it) => it.iter().map(|x| format!("{x:?}")).collect(),
            Cells::Texts(it) => it,
        })
        .collect();
    let n_rows = columns.first().map_or(0, Vec::len);
    (0..n_rows).map(|row| columns.iter().map(|it| it[row].clone()).collect()).collect()
}
