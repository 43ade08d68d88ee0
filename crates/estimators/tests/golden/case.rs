//! One golden case: read the model, run its methods on the rows, compare with what Python answered.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use estimators::{
    Block, Column, ColumnKind, CustomClasses, Declaration, Dense, Dtype, Frame, Iterations, Method,
    Model, Output, TextColumn,
};
use toml::{Table, Value};

use crate::compare::Types;
use crate::{compare, csv};

pub(crate) fn run(folder: &Path) -> Result<(), String> {
    let read =
        |name: &str| fs::read_to_string(folder.join(name)).map_err(|err| format!("{name}: {err}"));
    let case: Table = read("case.toml")?.parse().map_err(|err| format!("case.toml: {err}"))?;
    let model = read_model(folder, &case, Iterations::default());
    if case.get("unsupported").and_then(Value::as_bool) == Some(true) {
        return if model.is_err() { Ok(()) } else { Err("was read, but is not supported".into()) };
    }
    let mut model = model?;
    let (header, records) = csv::read(&read("rows.csv")?);
    model.name_inputs(&header);
    let rows = rows(&header, &records, &model.column_kinds())?;
    for method in refusing_methods(&case)? {
        if let Ok(output) = model.call(method, rows.clone()) {
            return Err(format!("{method} should refuse the rows, but gave {output:?}"));
        }
    }
    let want = folder.join("want.csv");
    if !want.is_file() {
        return Ok(());
    }
    let given: Vec<Vec<&str>> = (0..header.len()).map(|j| column_of(&records, j)).collect();
    let models = Models { folder, case: &case, unasked: model };
    compare_methods(&models, (&rows, &given), &read("want.csv")?)
}

/// The model of a case, as it is read for each choice of iterations.
struct Models<'c> {
    folder: &'c Path,
    case: &'c Table,
    unasked: Model,
}

impl Models<'_> {
    /// Runs what a method's entry in case.toml says.
    fn answer(&self, name: &str, about: &Value, rows: &Block) -> Result<Output, String> {
        let called = about.get("method").and_then(Value::as_str).unwrap_or(name);
        let chosen = |key: &str| about.get(key).and_then(Value::as_integer);
        let iterations =
            Iterations { start: chosen("start_iteration"), number: chosen("num_iteration") };
        if iterations.is_default() {
            return answer(&self.unasked, method(called)?, rows);
        }
        let model = read_model(self.folder, self.case, iterations)?;
        answer(&model, method(called)?, rows)
    }
}

fn column_of(records: &[Vec<String>], index: usize) -> Vec<&str> {
    records.iter().map(|it| it[index].as_str()).collect()
}

fn read_model(folder: &Path, case: &Table, iterations: Iterations) -> Result<Model, String> {
    let file = case.get("made_with").and_then(|it| it.get("file")).and_then(Value::as_str);
    let file = file.ok_or("case.toml names no file")?;
    let bytes = fs::read(folder.join(file)).map_err(|err| format!("{file}: {err}"))?;
    let graph =
        formats::read(bytes, file, &formats::Limits::default()).map_err(|it| it.to_string())?;
    if let Ok(layers) = fs::read_to_string(folder.join("layers.toml"))
        && !layers.is_empty()
    {
        let layers: Declaration = toml::from_str(&layers).map_err(|err| err.to_string())?;
        let network = Model::network(&graph, &layers, scaler(folder)?);
        return network.map_err(|it| it.to_string());
    }
    Model::read_with(&graph, &CustomClasses::default(), iterations).map_err(|it| it.to_string())
}

/// The scaler around a network, if the case has one.
fn scaler(folder: &Path) -> Result<Option<Arc<Model>>, String> {
    let Ok(bytes) = fs::read(folder.join("scaler.pkl")) else { return Ok(None) };
    let graph = formats::read(bytes, "scaler.pkl", &formats::Limits::default());
    let graph = graph.map_err(|it| it.to_string())?;
    let scaler = Model::read(&graph).map_err(|it| it.to_string())?;
    Ok(Some(Arc::new(scaler)))
}

fn refusing_methods(case: &Table) -> Result<Vec<Method>, String> {
    let Some(names) = case.get("methods_refusing").and_then(Value::as_array) else {
        return Ok(vec![]);
    };
    names.iter().map(|it| method(it.as_str().unwrap_or_default())).collect()
}

fn method(name: &str) -> Result<Method, String> {
    Method::parse(name).ok_or_else(|| format!("case.toml names a method {name}"))
}

fn rows(header: &[String], records: &[Vec<String>], kinds: &[ColumnKind]) -> Result<Block, String> {
    // A model that takes rows of any width says nothing of them.
    let numbers = |j: usize| records.iter().all(|it| number(&it[j]).is_ok());
    let kind = |j| if numbers(j) { ColumnKind::Number } else { ColumnKind::Unused };
    let any: Vec<ColumnKind> = (0..header.len()).map(kind).collect();
    let kinds = if kinds.is_empty() { &any } else { kinds };
    if header.len() != kinds.len() {
        return Err(format!("rows.csv has {} columns, the model {}", header.len(), kinds.len()));
    }
    let used = |j: usize| kinds[j] != ColumnKind::Unused;
    let cells = |j: usize| records.iter().map(move |it| if used(j) { it[j].as_str() } else { "" });
    if kinds.iter().all(|it| *it != ColumnKind::Text) {
        let columns = (0..kinds.len()).map(|j| cells(j).map(number).collect());
        let columns = columns.collect::<Result<Vec<Vec<f64>>, String>>()?;
        return Dense::new(records.len(), columns).map(Block::Dense).map_err(|it| it.to_string());
    }
    let columns = kinds.iter().enumerate().map(|(j, kind)| match kind {
        ColumnKind::Text => Ok(Column::Text(Arc::new(
            cells(j).map(|it| Some(it).filter(|it| !it.is_empty())).collect::<TextColumn>(),
        ))),
        _ => cells(j)
            .map(number)
            .collect::<Result<_, _>>()
            .map(|it| Column::Number(Arc::new(it), Dtype::Float64)),
    });
    let columns = columns.collect::<Result<_, String>>()?;
    Frame::new(records.len(), columns).map(Block::Frame).map_err(|it| it.to_string())
}

fn number(cell: &str) -> Result<f64, String> {
    match cell {
        "" => Ok(f64::NAN),
        "True" => Ok(1.0),
        "False" => Ok(0.0),
        _ => cell.parse().map_err(|_| format!("{cell:?} in rows.csv is not a number")),
    }
}

/// `rows` are the block and the cells it was read from, by columns.
fn compare_methods(
    models: &Models<'_>,
    rows: (&Block, &[Vec<&str>]),
    want: &str,
) -> Result<(), String> {
    let (rows, given) = rows;
    let case = models.case;
    let (header, records) = csv::read(want);
    let methods =
        case.get("methods").and_then(Value::as_table).ok_or("case.toml has no methods")?;
    if methods.is_empty() {
        return Err("case.toml lists no methods".to_owned());
    }
    for (name, about) in methods {
        let output = models.answer(name, about, rows).map_err(|err| format!("{name}: {err}"))?;
        let ours = compare::cells(output);
        let python: Vec<usize> = (0..header.len()).filter(|&j| belongs(&header[j], name)).collect();
        if ours.len() != python.len() || python.is_empty() {
            return Err(format!("{name}: {} columns, Python has {}", ours.len(), python.len()));
        }
        for (nth, (ours, j)) in ours.iter().zip(python).enumerate() {
            let cells = column_of(&records, j);
            let types = if given.contains(&cells) { Types::Ignored } else { Types::Compared };
            compare::column(ours, &cells, kind(about, nth), types, tolerance(case, name)?)
                .map_err(|err| format!("{}, {err}", header[j]))?;
        }
    }
    Ok(())
}

/// `inverse_transform` is given what `transform` gave, as in the Python that wrote the case.
fn answer(model: &Model, method: Method, rows: &Block) -> Result<Output, String> {
    let mut input = rows.clone();
    if method == Method::InverseTransform {
        let transformed = model.call(Method::Transform, input).map_err(|it| it.to_string())?;
        input = transformed.into_block().map_err(|it| it.to_string())?;
    }
    let whole = model.call(method, input.clone()).map_err(|it| it.to_string())?;
    one_by_one(model, method, &input, &whole)?;
    Ok(whole)
}

/// A block of rows gives the same bits as its rows one by one.
fn one_by_one(model: &Model, method: Method, input: &Block, whole: &Output) -> Result<(), String> {
    let whole = compare::texts_by_row(whole.clone());
    for (row, want) in whole.iter().enumerate() {
        let one = model.call(method, input.rows(row..row + 1)).map_err(|it| it.to_string())?;
        let ours = compare::texts_by_row(one);
        if ours.first() != Some(want) {
            return Err(format!("row {row} alone gives {:?}, in the block {want:?}", ours.first()));
        }
    }
    Ok(())
}

/// The kind of a method's `nth` column: each has its own if the answer is of objects.
fn kind(method: &Value, nth: usize) -> &str {
    let own = method.get("cells").and_then(|it| it.get(nth));
    own.or_else(|| method.get("kind")).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a column of want.csv is `name`, `name[j]` or `name[k][j]`.
fn belongs(column: &str, name: &str) -> bool {
    column.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// The relative tolerance of a method; 0 is exact. A tolerance without a reason is an error. With `EXACT`
/// in the environment every tolerance is 0: the cases that pass do not need theirs.
fn tolerance(case: &Table, name: &str) -> Result<f64, String> {
    if std::env::var_os("EXACT").is_some() {
        return Ok(0.0);
    }
    let Some(Value::Table(methods)) = case.get("tolerance") else { return Ok(0.0) };
    let Some(it) = methods.get(name) else { return Ok(0.0) };
    let reason = it.get("reason").and_then(Value::as_str).unwrap_or_default();
    match it.get("relative").and_then(Value::as_float) {
        Some(relative) if 10 < reason.len() => Ok(relative),
        _ => Err(format!("the tolerance of {name} needs `relative` and a `reason`")),
    }
}
