//! A network whose layers a TOML file declares (docs/networks.md), and the scaler around it.

use std::sync::Arc;

use estimators::{Declaration, Iterations, Model};
use storage::Location;

use crate::load::{load_graph, load_model, not_a_model};
use crate::{Category, Error, Settings};

/// Reads a declaration of layers.
///
/// # Errors
/// The file cannot be read; it is not TOML, or declares what no network is ([`Category::Request`], with the line).
pub fn read_layers(location: &Location, settings: &Settings) -> Result<Declaration, Error> {
    let bytes = settings.storage.read(location, settings.limits.settings_bytes);
    let bytes = bytes.map_err(Error::storage)?;
    let refuse = |text: String| Error::new(Category::Request, format!("{location}: {text}"));
    let text = String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8".to_owned()))?;
    toml::from_str(&text).map_err(|err| refuse(err.to_string()))
}

/// Loads the tensors in `model` as the network that `declaration` describes, behind `scaler`.
///
/// # Errors
/// A file cannot be read; the tensors are not those of the network; the scaler is not one for its features.
pub fn load_network(
    model: &Location,
    declaration: &Declaration,
    scaler: Option<&Location>,
    settings: &Settings,
) -> Result<Arc<Model>, Error> {
    let scaler = scaler.map(|it| load_model(it, Iterations::default(), settings)).transpose()?;
    let graph = load_graph(model, settings)?;
    let network = Model::network(&graph, declaration, scaler);
    network.map(Arc::new).map_err(|err| not_a_model(model, &err))
}
