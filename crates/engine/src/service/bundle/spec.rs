//! What a `pythia.toml` says of a service, checked as far as it can be without its files.

use std::ops::Range;

use estimators::Method;
use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use super::document::{Node, Text};
use super::field::Field;
use super::request_spec::request;

/// A service.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) name: Option<String>,
    pub(super) request: RequestSpec,
    pub(super) tables: Vec<TableSpec>,
    pub(super) steps: Vec<StepSpec>,
    pub(super) response: Option<SqlSpec>,
    /// Whether there is a `[response]`, which may be wrong.
    pub(super) has_response: bool,
    /// Tables that are wrong in themselves.
    pub(super) wrong_tables: Vec<String>,
}

/// `[request]`
#[derive(Debug, Clone, Default)]
pub(super) struct RequestSpec {
    /// What the service does, for people.
    pub(super) description: Option<String>,
    /// The field that holds the rows; without, the request is the one row.
    pub(super) rows: Option<String>,
    pub(super) refuses_unknown: bool,
    pub(super) fields: Vec<Field>,
    pub(super) columns: Vec<Field>,
    pub(super) example: Option<Example>,
    /// Where the example is, or would be.
    pub(super) example_at: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Example {
    File(Text),
    Value(Value),
}

/// `[tables]`: a file that is a table.
#[derive(Debug)]
pub(super) struct TableSpec {
    pub(super) name: Text,
    pub(super) file: Text,
    /// The columns to take; all without.
    pub(super) columns: Option<Vec<String>>,
    /// New names for all columns, in their order.
    pub(super) names: Option<Vec<String>>,
    /// Types of columns that their cells do not tell.
    pub(super) types: Vec<(Text, ColumnType)>,
    /// Columns by which rows are looked up.
    pub(super) index: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnType {
    Text,
    Integer,
    Number,
}

/// `[[steps]]`
#[derive(Debug)]
pub(super) struct StepSpec {
    pub(super) name: Text,
    pub(super) work: WorkSpec,
    pub(super) span: Range<usize>,
}

#[derive(Debug)]
pub(super) enum WorkSpec {
    Sql(SqlSpec),
    Model(Box<ModelSpec>),
    /// Neither or both.
    Wrong,
}

/// SQL in the file, or in one of its own.
#[derive(Debug)]
pub(super) struct SqlSpec(pub(super) Text);

#[derive(Debug)]
pub(super) struct ModelSpec {
    pub(super) file: Text,
    /// The declaration of a network's layers.
    pub(super) layers: Option<Text>,
    pub(super) scaler: Option<Text>,
    pub(super) encoders: Option<Text>,
    /// The key under which the file holds the model.
    pub(super) part: Option<Text>,
    pub(super) features: Option<Features>,
    /// The one column that feeds the model, a list of numbers in each cell.
    pub(super) window: Option<Text>,
    pub(super) method: Option<Method>,
    pub(super) output: Text,
    /// The table whose rows it predicts; the one before without.
    pub(super) from: Option<Text>,
}

/// The columns that feed a model, in its order.
#[derive(Debug)]
pub(super) enum Features {
    Names(Vec<String>),
    /// The key under which the model's file lists them.
    Part(Text),
}

impl SqlSpec {
    /// The file's name, if it is one.
    pub(super) fn file(&self) -> Option<&Text> {
        Some(&self.0)
            .filter(|it| it.value.ends_with(".sql") && !it.value.contains(char::is_whitespace))
    }
}

impl Spec {
    pub(super) fn read(root: &Node<'_>) -> Self {
        // Settings, which other readers check.
        for other in crate::settings::KEYS {
            root.any(other);
        }
        let (tables, wrong_tables) = root.table("tables").map(|it| tables(&it)).unwrap_or_default();
        let steps: Vec<StepSpec> =
            root.tables("steps").iter().enumerate().map(|(at, it)| step(at, it)).collect();
        let response = root.table("response").and_then(|it| {
            let sql = it.text("sql");
            if !it.has("sql") {
                it.wrong_here("a response has sql");
            }
            it.finish();
            sql.map(SqlSpec)
        });
        let mut request = root.table("request").map(|it| request(&it)).unwrap_or_default();
        request.description = root.text("description").map(|it| it.value);
        let name = root.text("name").map(|it| it.value);
        let has_response = root.has("response");
        let spec = Self { name, request, tables, steps, response, has_response, wrong_tables };
        if spec.steps.is_empty() && !has_response {
            root.wrong_here(
                "there are no [[steps]] and no [response]: a service has at least one of them",
            );
        }
        root.finish();
        spec
    }
}

/// The tables, and the names of those that are wrong.
fn tables(node: &Node<'_>) -> (Vec<TableSpec>, Vec<String>) {
    let table = |(name, value): (Text, &Spanned<DeValue<'_>>)| match value.get_ref() {
        DeValue::String(file) => {
            let file = Text { value: file.to_string(), span: value.span() };
            Some(TableSpec {
                name,
                file,
                columns: None,
                names: None,
                types: Vec::new(),
                index: None,
            })
        }
        _ => full_table(&name, &node.entry(&name.value, value)?),
    };
    let all: Vec<TableSpec> = node.entries().filter_map(table).collect();
    let is_wrong = |it: &String| !all.iter().any(|table| table.name.value == *it);
    let wrong = node.entries().map(|(name, _)| name.value).filter(is_wrong).collect();
    (all, wrong)
}

fn full_table(name: &Text, node: &Node<'_>) -> Option<TableSpec> {
    let file = node.text("file");
    if file.is_none() {
        node.wrong_here(&format!("table {} has no file", name.value));
    }
    let types = node.table("types").map(|types| {
        let kind = |(column, value): (Text, &Spanned<DeValue<'_>>)| {
            let kind = match value.get_ref().as_str() {
                Some("text") => ColumnType::Text,
                Some("integer") => ColumnType::Integer,
                Some("number") => ColumnType::Number,
                _ => {
                    node.wrong(value.span(), "a column's type is text, integer or number");
                    return None;
                }
            };
            Some((column, kind))
        };
        types.entries().filter_map(kind).collect()
    });
    let (columns, names, index) = (node.texts("columns"), node.texts("names"), node.texts("index"));
    node.finish();
    Some(TableSpec {
        name: name.clone(),
        file: file?,
        columns,
        names,
        types: types.unwrap_or_default(),
        index,
    })
}

fn step(at: usize, node: &Node<'_>) -> StepSpec {
    let (sql, file) = (node.text("sql"), node.text("model"));
    let name = node.text("name");
    let span = node.span();
    let name =
        name.unwrap_or_else(|| Text { value: format!("step_{}", at + 1), span: span.clone() });
    let work = match (sql, file) {
        (Some(sql), None) => WorkSpec::Sql(SqlSpec(sql)),
        (None, Some(file)) => WorkSpec::Model(Box::new(model(node, file))),
        (_, file) => {
            node.wrong_here("a step has either sql or model");
            // Its other keys are looked at too.
            model(node, file.unwrap_or_else(|| name.clone()));
            WorkSpec::Wrong
        }
    };
    node.finish();
    StepSpec { name, work, span }
}

/// Keys of a model that exclude each other, and why.
const CONFLICTS: [(&str, &str, &str); 4] = [
    ("layers", "encoders", "a network's inputs are numbers"),
    (
        "layers",
        "part",
        "which state dict of a checkpoint is meant, the declaration says: weights = \"key\"",
    ),
    ("window", "features", "a window holds all numbers, in the order the model was trained on"),
    ("window", "encoders", "a window has no columns to encode"),
];

fn model(node: &Node<'_>, file: Text) -> ModelSpec {
    let method = node.text("method").and_then(|it| {
        let found = Method::parse(&it.value);
        if found.is_none() {
            let known: Vec<&str> = Method::ALL.iter().map(|it| it.name()).collect();
            node.wrong(
                it.span,
                &format!("there is no method {}; methods are {}", it.value, known.join(", ")),
            );
        }
        found
    });
    let span = file.span.clone();
    let (layers, window) = (node.text("layers"), node.text("window"));
    let conflicts =
        CONFLICTS.iter().filter(|(with, without, _)| node.has(with) && node.has(without));
    for (with, without, why) in conflicts.clone() {
        node.wrong_at(without, &format!("a step has either {with} or {without}: {why}"));
    }
    // What is wrong so is not told a second time.
    let is_left_out = |key: &str| conflicts.clone().any(|(_, without, _)| *without == key);
    ModelSpec {
        layers,
        scaler: node.text("scaler"),
        encoders: node.text("encoders").filter(|_| !is_left_out("encoders")),
        part: node.text("part").filter(|_| !is_left_out("part")),
        features: features(node).filter(|_| !is_left_out("features")),
        window,
        method,
        output: node.text("output").unwrap_or(Text { value: "prediction".to_owned(), span }),
        from: node.text("from"),
        file,
    }
}

fn features(node: &Node<'_>) -> Option<Features> {
    match node.any("features")?.get_ref() {
        DeValue::String(_) => node.text("features").map(Features::Part),
        _ => node.texts("features").map(Features::Names),
    }
}
