//! From a name to a model: fetch, decode, read.

use std::sync::Arc;

use estimators::{Model, State};
use object_graph::{Graph, Kind};
use storage::Location;

use crate::models::{Known, Loaded};
use crate::{Category, Error, Settings};

/// Bounds on what is read into memory.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a model file, 4 GiB.
    pub model_bytes: u64,
    /// Bytes of an event, 6 MiB as Lambda has it.
    pub event_bytes: u64,
    /// Bytes of a `pythia.toml`, 1 MiB.
    pub settings_bytes: u64,
    /// Bounds on what its bytes may become.
    pub formats: formats::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            model_bytes: 4 << 30,
            event_bytes: 6 << 20,
            settings_bytes: 1 << 20,
            formats: formats::Limits::default(),
        }
    }
}

/// Reads a location from text: a path, `file://` or `s3://`.
///
/// # Errors
/// A text that names no place, in the words of the batch contract.
pub fn parse_location(text: &str) -> Result<Location, Error> {
    Location::parse(text).map_err(|err| Error::caused(Category::Request, "", err))
}

/// Loads the model in a file.
///
/// # Errors
/// The file cannot be read ([`Category::Storage`]), or holds what is not a supported model
/// ([`Category::Model`]); the text begins with `Failed to load model: `.
pub fn load_model(location: &Location, settings: &Settings) -> Result<Arc<Model>, Error> {
    let Loaded { graph, model } = load(location, settings)?;
    if let Some(model) = model {
        return Ok(model);
    }
    let read = Model::read_with(&graph, &settings.classes);
    let model = Arc::new(read.map_err(|err| not_a_model(location, &err))?);
    // A model that is told its columns' names is read for each table anew.
    if !model.takes_names() {
        settings.models.keep_model(location, &graph, &model);
    }
    Ok(model)
}

/// Decodes a file to its object graph.
pub(crate) fn load_graph(location: &Location, settings: &Settings) -> Result<Arc<Graph>, Error> {
    Ok(load(location, settings)?.graph)
}

/// A file as it is now: the one that is kept, if it has not changed.
fn load(location: &Location, settings: &Settings) -> Result<Loaded, Error> {
    let (storage, limits) = (&settings.storage, &settings.limits);
    let kept = match settings.models.find(location) {
        Known::Fresh(loaded) => return Ok(loaded),
        Known::Stale(version, loaded) => Some((version, loaded)),
        Known::Nothing => None,
    };
    let known = kept.as_ref().map(|(version, _)| version);
    let opened = storage.open_if_changed(location, known).map_err(Error::storage)?;
    let source = match (opened, kept) {
        (Some(source), _) => source,
        (None, Some((_, loaded))) => {
            settings.models.confirm(location);
            return Ok(loaded);
        }
        (None, None) => storage.open(location).map_err(Error::storage)?,
    };
    let version = source.version.clone();
    let bytes = source.read(location, limits.model_bytes).map_err(Error::storage)?;
    let graph = formats::read(bytes, &location.file_name(), &limits.formats)
        .map_err(|err| Error::caused(Category::Model, FAILED, err))?;
    let loaded = Loaded { graph: Arc::new(graph), model: None };
    settings.models.keep(location, version, &loaded);
    Ok(loaded)
}

/// Loads a pickled dict of column name -> encoder.
pub(crate) fn load_encoders(
    location: &Location,
    settings: &Settings,
) -> Result<Vec<(String, Model)>, Error> {
    let graph = load_graph(location, settings)?;
    let root = graph.root();
    let entries = match root.kind() {
        Kind::Dict(_) => root.entries(),
        _ => None,
    };
    let Some(entries) = entries else {
        let text = format!(
            "{FAILED}{} holds {}, a dict of column name -> encoder is expected",
            location.file_name(),
            root.type_name()
        );
        return Err(Error::new(Category::Model, text));
    };
    let state = State::root(root, Model::budget(&graph), &settings.classes);
    let mut encoders = Vec::new();
    for (key, value) in entries {
        let Some(column) = key.as_str() else { continue };
        let entry = state.step(value, &format!("[{column:?}]"));
        let model = Model::from_state(&entry).map_err(|err| not_a_model(location, &err))?;
        encoders.push((column.to_owned(), model));
    }
    Ok(encoders)
}

const FAILED: &str = "Failed to load model: ";

fn not_a_model(location: &Location, err: &estimators::ReadError) -> Error {
    let name = location.file_name();
    Error::new(Category::Model, format!("{FAILED}{name}: {err}"))
}
