//! Looking into a model file.

use estimators::{Method, Model, Outline, State, TableOutline, TensorOutline, Version, newer};
use object_graph::{Class, Graph};
use serde::Serialize;
use storage::Location;

use crate::load::load_graph;
use crate::{Error, Settings};

/// Libraries whose classes are estimators.
const KNOWN: [&str; 7] =
    ["sklearn", "imblearn", "lightgbm", "xgboost", "catboost", "category_encoders", "torch"];

/// What a file of tensors alone does not say.
const LAYERS: &str = "these are a network's tensors; what is calculated with them is not in the file: declare its \
                      layers (docs/networks.md) and name the declaration with --layers";

/// What a file holds.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// The file.
    pub file: String,
    /// Its bytes, decompressed.
    pub bytes: usize,
    /// Python objects in it.
    pub objects: usize,
    /// Whether Pythia predicts with it.
    pub supported: bool,
    /// Everything that keeps it from that: path and reason.
    pub problems: Vec<String>,
    /// What the user should know, although it does.
    pub warnings: Vec<String>,
    /// Classes and functions the file names that are neither plain data nor of a library that Pythia
    /// reads. They stay data: nothing of them runs.
    pub foreign: Vec<Foreign>,
    /// The tensors of a state dict, or of a pickled module.
    pub tensors: Vec<Tensor>,
    /// The object at the root, and what stands in it.
    pub root: Part,
}

/// A tensor of PyTorch's.
#[derive(Debug, Clone, Serialize)]
pub struct Tensor {
    /// Its name.
    pub name: String,
    /// Its axes.
    pub shape: Vec<usize>,
    /// What its numbers are.
    pub dtype: String,
}

/// A class or function that the file names and Pythia does not know.
#[derive(Debug, Clone, Serialize)]
pub struct Foreign {
    /// Its import path.
    pub class: String,
    /// Where in the object graph it is first named.
    pub path: String,
    /// Where in the file, in bytes after decompression.
    pub offset: Option<u64>,
}

/// An estimator, and what stands in it.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// What its holder calls it; empty for the root.
    pub name: String,
    /// Where it stands in the file.
    pub path: String,
    /// Its class.
    pub class: String,
    /// How many of its kind stand there in a row.
    pub count: usize,
    /// The scikit-learn version that wrote it.
    pub version: Option<String>,
    /// Constructor parameters, name and value.
    pub parameters: Vec<(String, String)>,
    /// Number of columns it was trained on.
    pub n_features_in: Option<usize>,
    /// Their names.
    pub feature_names: Vec<String>,
    /// Class labels, one list per output.
    pub classes: Vec<Vec<String>>,
    /// The methods it has.
    pub methods: Vec<&'static str>,
    /// What it holds.
    pub parts: Vec<Part>,
    /// Its rows, if it is a table of keys and values.
    pub table: Option<Table>,
}

/// A table of keys and values.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// The columns of keys.
    pub keys: Vec<TableColumn>,
    /// The column of values.
    pub values: TableColumn,
    /// The value of an unknown key; `None`: it is missing.
    pub default: Option<String>,
    /// How many keys there are.
    pub n_rows: usize,
    /// The first rows: keys, then the value; a missing cell is `None`.
    pub first: Vec<Vec<Option<String>>>,
}

/// A column of a table in a file.
#[derive(Debug, Clone, Serialize)]
pub struct TableColumn {
    /// What the file calls it.
    pub name: Option<String>,
    /// `text`, `int`, `float`, `bool`, `mixed`, or `none` if all cells are missing.
    pub kind: &'static str,
}

/// Looks into a file, whether its model is supported or not.
///
/// # Errors
/// The file cannot be read or decoded.
pub fn inspect(location: &Location, settings: &Settings) -> Result<Inspection, Error> {
    let graph = load_graph(location, settings)?;
    let state = State::root(graph.root(), Model::budget(&graph), &settings.classes);
    let (outline, error) = estimators::inspect(&state);
    // A table of keys may hold numbers of numpy's, which are arrays too.
    let tensors = if outline.table.is_some() { vec![] } else { estimators::tensors(&graph) };
    let tensors: Vec<Tensor> = tensors.into_iter().map(Tensor::from).collect();
    let mut problems: Vec<String> =
        error.map_or_else(Vec::new, |it| it.problems().iter().map(ToString::to_string).collect());
    let mut warnings = Vec::new();
    // What is missing of a network is not in the file: its layers, which a declaration says. A Sequential has them.
    let is_sequential = outline.class.ends_with(".Sequential");
    if !tensors.is_empty() && !problems.is_empty() && !is_sequential {
        problems.clear();
        warnings.push(LAYERS.to_owned());
    }
    let version = outline.version.as_deref().and_then(Version::parse);
    Ok(Inspection {
        file: location.to_string(),
        bytes: graph.input_len(),
        objects: graph.len(),
        supported: problems.is_empty(),
        problems,
        warnings: warnings.into_iter().chain(version.and_then(newer)).collect(),
        foreign: foreign(&graph),
        tensors,
        root: Part::from(outline),
    })
}

fn foreign(graph: &Graph) -> Vec<Foreign> {
    let is_known =
        |class: Class<'_>| KNOWN.iter().any(|it| class.module.split('.').next() == Some(it));
    formats::unknown(graph, &is_known)
        .into_iter()
        .map(|it| Foreign { class: it.class, path: it.path, offset: it.offset })
        .collect()
}

impl From<TensorOutline> for Tensor {
    fn from(it: TensorOutline) -> Self {
        Self { name: it.name, shape: it.shape, dtype: it.dtype }
    }
}

impl From<Outline> for Part {
    fn from(it: Outline) -> Self {
        Self {
            name: it.name,
            path: it.path,
            class: it.class,
            count: it.count,
            version: it.version,
            parameters: it.parameters,
            n_features_in: it.n_features_in,
            feature_names: it.feature_names,
            classes: it.classes,
            methods: it.methods.into_iter().map(Method::name).collect(),
            parts: it.parts.into_iter().map(Self::from).collect(),
            table: it.table.map(Table::from),
        }
    }
}

impl From<TableOutline> for Table {
    fn from(it: TableOutline) -> Self {
        let column = |(name, kind)| TableColumn { name, kind };
        let row = |(mut cells, value): (Vec<Option<String>>, Option<String>)| {
            cells.push(value);
            cells
        };
        Self {
            keys: it.keys.into_iter().map(column).collect(),
            values: column(it.values),
            default: it.default,
            n_rows: it.n_rows,
            first: it.first.into_iter().map(row).collect(),
        }
    }
}
