//! From a name to a model: fetch, decode, read.

use std::sync::Arc;

use estimators::{Iterations, Model, State};
use object_graph::{Graph, Kind};
use storage::{Location, Source, Version};

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
    /// Bounds on the tables and the SQL of a bundle.
    pub sql: sql::Limits,
    /// Bounds on what its bytes may become.
    pub formats: formats::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            model_bytes: 4 << 30,
            event_bytes: 6 << 20,
            settings_bytes: 1 << 20,
            sql: sql::Limits::default(),
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

/// Loads the model in a file, of which these iterations are to predict.
///
/// # Errors
/// The file cannot be read ([`Category::Storage`]), or holds what is not a supported model
/// ([`Category::Model`]; the text begins with `Failed to load model: `) or has no such iterations
/// ([`Category::Request`]).
pub fn load_model(
    location: &Location,
    iterations: Iterations,
    settings: &Settings,
) -> Result<Arc<Model>, Error> {
    let Loaded { graph, model } = load(location, settings)?;
    if let Some((_, model)) = model.filter(|it| it.0 == iterations) {
        return Ok(model);
    }
    let read = Model::read_with(&graph, &settings.classes, iterations);
    let model = Arc::new(read.map_err(|err| unreadable(location, &err))?);
    // A model that is told its columns' names is read for each table anew.
    if !model.takes_names() {
        settings.models.keep_model(location, &graph, iterations, &model);
    }
    Ok(model)
}

/// Decodes a file to its object graph.
pub(crate) fn load_graph(location: &Location, settings: &Settings) -> Result<Arc<Graph>, Error> {
    Ok(load(location, settings)?.graph)
}

/// A file as it is now: the one that is kept in memory or on disk, if it has not changed.
fn load(location: &Location, settings: &Settings) -> Result<Loaded, Error> {
    let (storage, limits) = (&settings.storage, &settings.limits);
    let kept = match settings.models.find(location) {
        Known::Fresh(version, loaded) => {
            storage.note(location, Some(&version));
            return Ok(loaded);
        }
        Known::Stale(version, loaded) => Some((version, loaded)),
        Known::Nothing => None,
    };
    let (version, bytes) = match kept {
        Some((known, loaded)) => {
            let opened = storage.open_if_changed(location, Some(&known)).map_err(Error::storage)?;
            let Some(source) = opened else {
                settings.models.confirm(location);
                return Ok(loaded);
            };
            fetched(source, location, settings)?
        }
        None => fetch(location, settings)?,
    };
    let graph = formats::read(bytes, &location.file_name(), &limits.formats)
        .map_err(|err| Error::caused(Category::Model, FAILED, err))?;
    let loaded = Loaded { graph: Arc::new(graph), model: None };
    settings.models.keep(location, version, &loaded);
    Ok(loaded)
}

/// A file's bytes and version: those on disk, if they are still those on S3.
fn fetch(location: &Location, settings: &Settings) -> Result<(Option<Version>, Vec<u8>), Error> {
    let kept = settings.artifacts_for(location).and_then(|it| {
        let kept = it.find(location, settings.limits.model_bytes)?;
        Some((kept.version, kept.bytes))
    });
    let Some((known, bytes)) = kept else {
        let source = settings.storage.open(location).map_err(Error::storage)?;
        return fetched(source, location, settings);
    };
    let opened = settings.storage.open_if_changed(location, Some(&known));
    match opened.map_err(Error::storage)? {
        Some(source) => fetched(source, location, settings),
        None => Ok((Some(known), bytes)),
    }
}

fn fetched(
    source: Source,
    location: &Location,
    settings: &Settings,
) -> Result<(Option<Version>, Vec<u8>), Error> {
    let version = source.version.clone();
    let bytes = source.read(location, settings.limits.model_bytes).map_err(Error::storage)?;
    if let (Some(artifacts), Some(version)) = (settings.artifacts_for(location), &version) {
        artifacts.keep(location, version, &bytes);
    }
    Ok((version, bytes))
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
        let model = Model::from_state(&entry).map_err(|err| unreadable(location, &err))?;
        encoders.push((column.to_owned(), model));
    }
    Ok(encoders)
}

/// Loads the model under a key of a pickled dict.
pub(crate) fn load_part(
    location: &Location,
    key: &str,
    settings: &Settings,
) -> Result<Arc<Model>, Error> {
    let graph = load_graph(location, settings)?;
    let state = State::root(graph.root(), Model::budget(&graph), &settings.classes);
    let part = state.step(entry(location, &graph, key)?, &format!("[{key:?}]"));
    Model::from_state(&part).map(Arc::new).map_err(|err| unreadable(location, &err))
}

/// The texts under a key of a pickled dict: names of columns.
pub(crate) fn load_names(
    location: &Location,
    key: &str,
    settings: &Settings,
) -> Result<Vec<String>, Error> {
    let graph = load_graph(location, settings)?;
    let names = entry(location, &graph, key)?.items();
    let names = names.and_then(|it| it.map(|it| it.as_str().map(str::to_owned)).collect());
    names.ok_or_else(|| {
        let text = format!("{FAILED}{}: [{key:?}] is no list of names", location.file_name());
        Error::new(Category::Model, text)
    })
}

fn entry<'g>(
    location: &Location,
    graph: &'g Graph,
    key: &str,
) -> Result<object_graph::Value<'g>, Error> {
    let entries = graph.root().entries();
    let mut entries = entries.into_iter().flatten();
    let found = entries.find_map(|(it, value)| (it.as_str() == Some(key)).then_some(value));
    found.ok_or_else(|| {
        let keys = graph.root().entries().into_iter().flatten();
        let keys: Vec<&str> = keys.filter_map(|(it, _)| it.as_str()).take(SHOWN_KEYS).collect();
        let what = match keys.as_slice() {
            [] => format!(
                "holds {}, a dict with the key {key:?} is expected",
                graph.root().type_name()
            ),
            keys => format!("has no key {key:?}; it has {}", keys.join(", ")),
        };
        Error::new(Category::Model, format!("{FAILED}{} {what}", location.file_name()))
    })
}

/// So many keys of a dict are told.
const SHOWN_KEYS: usize = 20;

const FAILED: &str = "Failed to load model: ";

fn unreadable(location: &Location, err: &estimators::ReadError) -> Error {
    if err.is_choice() {
        return Error::new(Category::Request, format!("{}: {err}", location.file_name()));
    }
    not_a_model(location, &err.to_string())
}

/// A file that holds no model that is supported.
pub(crate) fn not_a_model(location: &Location, text: &str) -> Error {
    Error::new(Category::Model, format!("{FAILED}{}: {text}", location.file_name()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use estimators::{Block, Dense, Method, Output, Values};

    use super::*;
    use crate::{CacheOptions, Models};

    /// A model of two trees without splits: 1 and 10.
    const TWO_TREES: &str = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\n\
        label_index=0\nmax_feature_idx=0\nobjective=regression\nfeature_names=a\n\
        feature_infos=[0:1]\n\nTree=0\nnum_leaves=1\nnum_cat=0\nleaf_value=1\n\n\
        Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=10\n\nend of trees\n";

    #[test]
    fn a_model_that_is_kept_is_read_anew_for_other_iterations() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.txt");
        fs::write(&path, TWO_TREES).unwrap();
        let location = parse_location(&path.display().to_string()).unwrap();
        let kept = CacheOptions { bytes: 1 << 20, fresh_for: Duration::from_secs(60) };
        let settings = Settings { models: Models::new(kept), ..Settings::default() };
        let load = |start| {
            let iterations = Iterations { start, number: None };
            load_model(&location, iterations, &settings).unwrap()
        };
        let predicted = |start| {
            let x = Block::Dense(Dense::new(1, vec![vec![0.0]]).unwrap());
            match load(start).call(Method::Predict, x).unwrap() {
                Output::Vector(Values::Float(it)) => it[0],
                other => unreachable!("{other:?}"),
            }
        };
        assert_eq!([None, Some(1), None].map(predicted), [11.0, 10.0, 11.0]);
        assert!(Arc::ptr_eq(&load(Some(1)), &load(Some(1))));
    }
}
