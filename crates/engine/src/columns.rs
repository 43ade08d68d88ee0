//! A model's output as columns of a table.

use std::sync::Arc;

use estimators::{Block, Classes, Column, DataError, Dense, Dtype, Method, Model, Output, Values};

/// More columns than this are not written to a table.
const MAX_COLUMNS: usize = 100_000;

/// One column of answers.
#[derive(Debug, Clone)]
pub enum Written {
    /// `float64`
    Float(Arc<Vec<f64>>),
    /// `float32`
    Float32(Vec<f32>),
    /// Integers.
    Int(Vec<i64>),
    /// Truth values.
    Bool(Vec<bool>),
    /// Texts, of which there are few: each row's place among them.
    Labels(Vec<u32>, Arc<[String]>),
    /// Texts.
    Text(table::csv::TextColumn),
}

impl Written {
    /// As the table takes it.
    pub(crate) fn values(&self) -> table::csv::Values<'_> {
        match self {
            Self::Float(it) => table::csv::Values::Float64(it),
            Self::Float32(it) => table::csv::Values::Float32(it),
            Self::Int(it) => table::csv::Values::Int(it),
            Self::Bool(it) => table::csv::Values::Bool(it),
            Self::Labels(codes, labels) => table::csv::Values::Codes { codes, labels },
            Self::Text(it) => table::csv::Values::Text(it),
        }
    }
}

/// The names of an output's columns: `name` for one, `name_<class>` where columns are classes, else
/// `name_<i>`; for several outputs `name_<output>_<class>`; for
/// results of several parts `name_<part>_<i>`.
pub(crate) fn names(
    name: &str,
    method: Method,
    model: &Model,
    output: &Output,
) -> Result<Vec<String>, String> {
    let names = all_names(name, method, model.classes(), output);
    match names.len() {
        0 => Err(format!("{method} gives no columns")),
        n if MAX_COLUMNS < n => {
            Err(format!("{method} gives {n} columns; a table may get {MAX_COLUMNS}"))
        }
        _ => Ok(names),
    }
}

fn all_names(name: &str, method: Method, classes: &[Classes], output: &Output) -> Vec<String> {
    match output {
        Output::Vector(_) => vec![name.to_owned()],
        Output::Columns(all) => (0..all.len()).map(|i| format!("{name}_{i}")).collect(),
        Output::Block(it) => block_names(name, it.n_cols(), class_columns(method, classes)),
        Output::PerOutput(all) => all
            .iter()
            .enumerate()
            .flat_map(|(i, it)| block_names(&format!("{name}_{i}"), it.n_cols(), classes.get(i)))
            .collect(),
        Output::Parts(all) => all
            .iter()
            .flat_map(|(part, it)| match *part {
                "" => all_names(name, method, classes, it),
                part => all_names(&format!("{name}_{part}"), method, classes, it),
            })
            .collect(),
    }
}

/// The classes that a method's columns stand for.
fn class_columns(method: Method, classes: &[Classes]) -> Option<&Classes> {
    let by_class = matches!(
        method,
        Method::PredictProba
            | Method::PredictLogProba
            | Method::DecisionFunction
            | Method::RawScore
    );
    classes.first().filter(|_| by_class && classes.len() == 1)
}

fn block_names(name: &str, n_cols: usize, classes: Option<&Classes>) -> Vec<String> {
    match classes.map(label_texts).filter(|it| it.len() == n_cols) {
        Some(labels) => labels.iter().map(|it| format!("{name}_{it}")).collect(),
        None => (0..n_cols).map(|i| format!("{name}_{i}")).collect(),
    }
}

/// Labels as the table writes them.
fn label_texts(classes: &Classes) -> Arc<[String]> {
    match classes {
        Classes::Float(it) => it.iter().map(|&it| float_text(it)).collect(),
        _ => classes.names().into(),
    }
}

fn float_text(value: f64) -> String {
    let mut text = Vec::new();
    table::csv::write_f64(value, &mut text);
    String::from_utf8(text).unwrap_or_default()
}

/// An output's columns.
pub(crate) fn written(output: Output) -> Result<Vec<Written>, DataError> {
    Ok(match output {
        Output::Vector(it) => vec![values(it)],
        Output::Columns(all) => all.into_iter().map(values).collect(),
        Output::Block(Block::Frame(it)) => it.columns().iter().map(column).collect(),
        Output::Block(it) => {
            let n_cols = it.n_cols();
            dense(&it.into_dense(n_cols)?)
        }
        Output::PerOutput(all) => all.iter().flat_map(dense).collect(),
        Output::Parts(all) => {
            let parts: Result<Vec<_>, DataError> =
                all.into_iter().map(|(_, it)| written(it)).collect();
            parts?.into_iter().flatten().collect()
        }
    })
}

fn dense(block: &Dense) -> Vec<Written> {
    block.columns().iter().map(|it| number(it, block.dtype)).collect()
}

/// Numbers are written as pandas writes those of their type: `float32` with the digits that tell one from
/// the next, integers without a point, booleans as `True` and `False`.
fn number(column: &Arc<Vec<f64>>, dtype: Dtype) -> Written {
    match dtype {
        Dtype::Float64 => Written::Float(Arc::clone(column)),
        Dtype::Float32 => Written::Float32(column.iter().map(|x| *x as f32).collect()),
        Dtype::Int(_) | Dtype::UInt(_) => Written::Int(column.iter().map(|x| *x as i64).collect()),
        Dtype::Bool => Written::Bool(column.iter().map(|x| *x != 0.0).collect()),
    }
}

fn column(column: &Column) -> Written {
    match column {
        Column::Number(it, dtype) => number(it, *dtype),
        Column::Text(it) => Written::Text(text(it)),
    }
}

fn text(column: &estimators::TextColumn) -> table::csv::TextColumn {
    let (text, offsets, missing) = column.clone().into_parts();
    table::csv::TextColumn::from_parts(text, offsets, missing).unwrap_or_default()
}

/// Labels that are numbers or booleans are such in every format.
fn labels(codes: Vec<u32>, classes: &Classes) -> Written {
    match classes {
        Classes::Int(it) => Written::Int(each(&codes, it)),
        Classes::Float(it) => Written::Float(Arc::new(each(&codes, it))),
        Classes::Bool(it) => Written::Bool(each(&codes, it)),
        Classes::Text(_) => Written::Labels(codes, label_texts(classes)),
    }
}

fn each<T: Copy>(codes: &[u32], labels: &[T]) -> Vec<T> {
    codes.iter().filter_map(|it| labels.get(*it as usize).copied()).collect()
}

fn values(values: Values) -> Written {
    match values {
        Values::Float(it) => Written::Float(Arc::new(it)),
        Values::Float32(it) => Written::Float32(it),
        Values::Int(it) => Written::Int(it),
        Values::Bool(it) => Written::Bool(it),
        Values::Labels(codes, classes) => labels(codes, &classes),
        Values::Text(it) => Written::Text(text(&it)),
    }
}
