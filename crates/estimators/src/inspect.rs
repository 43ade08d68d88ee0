//! What a file holds, for people: a tree of estimators with their classes, versions, parameters and
//! methods, whether they are supported or not.
//!
//! It is read off the object graph, so that a model Pythia refuses can be looked at too. Its size is
//! bounded: a file whose few objects refer to one another a million times gives [`MAX_PARTS`] parts.

use object_graph::{Kind, Object, Value};

use crate::{Estimator, LookupTable, Method, ReadError, State, TableOutline, find, frame_columns};

/// More parts than this are not listed.
const MAX_PARTS: usize = 1_000;
/// Deeper parts than this are not listed.
const MAX_DEPTH: usize = 24;
/// A value's description is cut to so many characters.
const MAX_TEXT: usize = 72;

/// One estimator (or a container of estimators) and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What its holder calls it: a step's name, an attribute; empty for the root.
    pub name: String,
    /// Where it stands in the file.
    pub path: String,
    /// Its class, as the file spells it; a Python type name if it is no object.
    pub class: String,
    /// How many of its kind stand there in a row (the trees of a forest are listed once).
    pub count: usize,
    /// The version of scikit-learn that wrote it.
    pub version: Option<String>,
    /// Constructor parameters, as Python would print them.
    pub parameters: Vec<(String, String)>,
    /// Number of columns it was trained on.
    pub n_features_in: Option<usize>,
    /// The names of those columns.
    pub feature_names: Vec<String>,
    /// Class labels, one list per output.
    pub classes: Vec<Vec<String>>,
    /// The methods it has; none if it is not supported.
    pub methods: Vec<Method>,
    /// What it holds.
    pub parts: Vec<Outline>,
    /// Its rows, if it is a table of keys and values.
    pub table: Option<TableOutline>,
}

/// Outlines the object at `state`, and lists every problem that keeps it from being a model.
#[must_use]
pub fn inspect(state: &State<'_>) -> (Outline, Option<ReadError>) {
    let mut left = MAX_PARTS;
    let mut outline = outline(String::new(), state, MAX_DEPTH, &mut left);
    let problem = match LookupTable::find(state) {
        Some(Ok(table)) => {
            outline.n_features_in = Some(table.n_features_in());
            outline.methods = table.methods().to_vec();
            outline.table = Some(table.outline());
            None
        }
        Some(Err(error)) => Some(error),
        None if state.value().as_object().is_some() => state.as_estimator().err(),
        // A table of a bundle.
        None if matches!(state.value().kind(), Kind::DataFrame(_)) => {
            frame_columns(state, &|_| true).err()
        }
        None => {
            let parts = estimators_in(state, MAX_DEPTH);
            ReadError::collect(parts.iter().map(|(_, it)| it.as_estimator())).err()
        }
    };
    (outline, problem)
}

fn outline(name: String, state: &State<'_>, depth: usize, left: &mut usize) -> Outline {
    *left = left.saturating_sub(1);
    let estimator = state.class().and_then(|it| find(&it.to_string())).map(|it| (it.read)(state));
    let estimator = estimator.and_then(Result::ok);
    let mut parts: Vec<Outline> = Vec::new();
    for (name, part) in if depth == 0 { vec![] } else { estimators_in(state, depth) } {
        if *left == 0 {
            break;
        }
        match parts.last_mut() {
            Some(last) if is_member(&last.name, &name) && last.class == class_of(&part) => {
                last.count += 1;
            }
            _ => parts.push(outline(name, &part, depth - 1, left)),
        }
    }
    Outline {
        name,
        path: state.path().to_owned(),
        class: class_of(state),
        count: 1,
        version: state
            .optional("_sklearn_version")
            .and_then(|it| it.as_text().ok().map(str::to_owned)),
        parameters: parameters(state),
        n_features_in: estimator.as_ref().map(|it| it.n_features_in()),
        feature_names: state.texts("feature_names_in_").unwrap_or_default(),
        classes: estimator
            .as_ref()
            .map_or_else(Vec::new, |it| it.classes().iter().map(crate::Classes::names).collect()),
        methods: estimator.as_ref().map_or_else(Vec::new, |it| it.methods().to_vec()),
        parts,
        table: None,
    }
}

/// Whether two parts are members of one list without names: `estimators_[0]` and `estimators_[1]`.
fn is_member(before: &str, name: &str) -> bool {
    let list = |it: &str| it.split_once('[').map(|(list, _)| list.to_owned());
    list(before).is_some() && list(before) == list(name)
}

fn class_of(state: &State<'_>) -> String {
    state.value().type_name()
}

/// The estimators an object holds, with the names people know them by, in the order of the file.
fn estimators_in<'g>(state: &State<'g>, depth: usize) -> Vec<(String, State<'g>)> {
    let mut found = Vec::new();
    let attributes = attributes(state);
    let is_ensemble = attributes.iter().any(|(name, _)| *name == "estimators_");
    for (name, value) in attributes {
        // The pattern of an ensemble's members is not fitted.
        if is_ensemble && matches!(name, "estimator_" | "base_estimator_") {
            continue;
        }
        let holds_parts = name.ends_with('_') || matches!(name, "steps" | "transformer_list");
        let is_root_entry = state.value().as_object().is_none();
        if !holds_parts && !is_root_entry {
            continue;
        }
        let step = if is_root_entry { format!("[{name:?}]") } else { format!(".{name}") };
        let part = state.step(value, &step);
        if is_estimator(value) {
            found.push((name.to_owned(), part));
        } else if 1 < depth {
            found.extend(members(name, &part));
        }
    }
    found
}

/// Name and value of each attribute, or of each entry of a dict.
fn attributes<'g>(state: &State<'g>) -> Vec<(&'g str, Value<'g>)> {
    let dict = match state.value().kind() {
        Kind::Object(it) => it.state(),
        Kind::Dict(_) => Some(state.value()),
        _ => None,
    };
    let entries = dict.and_then(Value::entries).into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.as_str()?, value))).collect()
}

/// Estimators in a list: plain ones, or in tuples that begin with a name.
fn members<'g>(list: &str, state: &State<'g>) -> Vec<(String, State<'g>)> {
    let mut found = Vec::new();
    let ids = state.value().as_array().and_then(|it| it.objects(state.value().graph()));
    let values: Vec<Value<'g>> = match (state.value().items(), ids) {
        (Some(items), _) => items.collect(),
        (None, Some(ids)) => ids.iter().map(|&id| state.value().at(id)).collect(),
        _ => vec![],
    };
    for (i, value) in values.into_iter().enumerate() {
        let member = state.step(value, &format!("[{i}]"));
        if is_estimator(value) {
            found.push((format!("{list}[{i}]"), member));
            continue;
        }
        let Kind::Tuple(mut pair) = value.kind() else { continue };
        let (Some(name), Some(part)) = (pair.next(), pair.next()) else { continue };
        if let (Some(name), true) = (name.as_str(), is_estimator(part)) {
            found.push((name.to_owned(), member.step(part, "[1]")));
        }
    }
    found
}

/// An object of a supported class, or one that looks like an estimator.
fn is_estimator(value: Value<'_>) -> bool {
    let class = value.as_object().and_then(Object::class);
    class.is_some_and(|it| find(&it.to_string()).is_some())
        || value.attribute("_sklearn_version").is_some()
}

/// Attributes that a constructor sets: those without an underscore at either end.
fn parameters(state: &State<'_>) -> Vec<(String, String)> {
    if state.value().as_object().is_none() {
        return vec![];
    }
    let is_parameter = |name: &str| {
        !name.starts_with('_')
            && !name.ends_with('_')
            && !matches!(name, "steps" | "transformers" | "transformer_list")
    };
    attributes(state)
        .into_iter()
        .filter(|(name, _)| is_parameter(name))
        .map(|(name, value)| (name.to_owned(), describe(value)))
        .collect()
}

/// A value about as Python prints it, cut where it gets long.
fn describe(value: Value<'_>) -> String {
    let text = match value.kind() {
        Kind::Bool(true) => "True".to_owned(),
        Kind::Bool(false) => "False".to_owned(),
        Kind::Int(it) => it.to_string(),
        Kind::Float(it) => format!("{it:?}"),
        Kind::Text(it) => format!("'{it}'"),
        Kind::Class(it) => it.name.to_owned(),
        Kind::List(items) | Kind::Tuple(items) if items.len() <= 8 => {
            let all: Vec<String> = items.map(describe_item).collect();
            format!("[{}]", all.join(", "))
        }
        Kind::List(items) | Kind::Tuple(items) => format!("list of {}", items.len()),
        Kind::Dict(items) => format!("dict of {}", items.len() / 2),
        Kind::Object(it) => format!("{}()", it.class().map_or("object", |it| it.name)),
        _ => value.as_f64().map_or_else(|| value.type_name(), |it| format!("{it:?}")),
    };
    match text.char_indices().nth(MAX_TEXT) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

fn describe_item(value: Value<'_>) -> String {
    match value.kind() {
        Kind::List(_) | Kind::Tuple(_) => value.type_name(),
        _ => describe(value),
    }
}
