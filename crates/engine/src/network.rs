//! A network whose layers a TOML file declares (docs/networks.md), and the scaler around it.

use std::sync::Arc;

use estimators::{Declaration, Iterations, Layer, Model, ReadError};
use storage::Location;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::load::{load_graph, load_model, not_a_model};
use crate::problems::{place, utf_8};
use crate::{Category, Error, Settings};

/// A declaration of layers, and where each stands in its file.
#[derive(Debug, Clone)]
pub struct Layers {
    declaration: Declaration,
    /// `layers.toml line 3, column 1`, for each layer.
    places: Vec<String>,
}

/// Reads a declaration of layers.
///
/// # Errors
/// The file cannot be read; it is not TOML, or declares what no network is ([`Category::Request`], with line and
/// column).
pub fn read_layers(location: &Location, settings: &Settings) -> Result<Layers, Error> {
    let bytes = settings.storage.read(location, settings.limits.settings_bytes);
    let bytes = bytes.map_err(Error::storage)?;
    let name = location.file_name();
    let refuse = |text: String| Error::new(Category::Request, text);
    let text = utf_8(&name, bytes).map_err(refuse)?;
    parse(&name, &text).map_err(refuse)
}

fn parse(name: &str, text: &str) -> Result<Layers, String> {
    let table = DeTable::parse(text).ok();
    let layers =
        table.as_ref().and_then(|it| it.get_ref().get("layers")?.get_ref().as_array()).into_iter();
    let places: Vec<String> =
        layers.flatten().map(|it| place(name, text, it.span().start)).collect();
    match toml::from_str::<Declaration>(text) {
        Ok(declaration) => match declaration.wrong_class() {
            Some((at, wrong)) => {
                let classes = table.as_ref().and_then(|it| it.get_ref().get("classes"));
                let label = classes.and_then(|it| it.get_ref().as_array()?.get(at));
                Err(format!(
                    "{}: {wrong}",
                    place(name, text, label.map_or(0, |it| it.span().start))
                ))
            }
            None => Ok(Layers { declaration, places }),
        },
        Err(err) => Err(wrong_parts(name, text, &places, &err).unwrap_or_else(|| {
            let place = place(name, text, err.span().map_or(0, |it| it.start));
            format!("{place}: {}", in_one_line(&err))
        })),
    }
}

/// All that is wrong, each behind its own place: the parser tells the first alone, and of layers, which may be of several
/// kinds, only where the first of all stands.
fn wrong_parts(
    name: &str,
    text: &str,
    places: &[String],
    first: &toml::de::Error,
) -> Option<String> {
    let table: toml::Table = toml::from_str(text).ok()?;
    let layers = table.get("layers").and_then(toml::Value::as_array);
    let wrong_layer = |(layer, place): (&toml::Value, &String)| {
        let err = layer.clone().try_into::<Layer>().err()?;
        Some(format!("{place}: {}", in_one_line(&err)))
    };
    let spans = DeTable::parse(text).ok()?;
    let wrong_key = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
        let own = table.get_key_value(&**key.get_ref())?;
        if own.0 == "layers" && layers.is_some() {
            return None;
        }
        let one: toml::Table = [(own.0.clone(), own.1.clone())].into_iter().collect();
        let told = in_one_line(&one.try_into::<Declaration>().err()?);
        let span = if told.starts_with("unknown field") { key.span() } else { value.span() };
        // Of the first the parser tells where in the value it is.
        let within = first.span().map(|it| it.start).filter(|it| span.contains(it));
        Some(format!("{}: {told}", place(name, text, within.unwrap_or(span.start))))
    };
    let keys = spans.get_ref().iter().filter_map(wrong_key);
    let layers = layers.into_iter().flatten().zip(places).filter_map(wrong_layer);
    let wrong: Vec<String> = keys.chain(layers).collect();
    (!wrong.is_empty()).then(|| wrong.join("\n"))
}

fn in_one_line(err: &toml::de::Error) -> String {
    err.message().lines().collect::<Vec<_>>().join(" ")
}

impl Layers {
    /// The shape of a row's numbers, if it is declared.
    pub(crate) fn window(&self) -> Option<&[usize]> {
        self.declaration.window.as_deref()
    }

    /// Problems, each behind the place of the layer that is to blame.
    fn told(&self, err: &ReadError) -> String {
        let told = |it: &estimators::Problem| {
            let place = it.layer.and_then(|nth| self.places.get(nth));
            place.map_or_else(|| it.to_string(), |place| format!("{place}: {it}"))
        };
        err.problems().iter().map(told).collect::<Vec<_>>().join("; ")
    }
}

/// Loads the tensors in `model` as the network that `layers` describe, behind `scaler`.
///
/// # Errors
/// A file cannot be read; the tensors are not those of the network; the scaler is not one for its features.
pub fn load_network(
    model: &Location,
    layers: &Layers,
    scaler: Option<&Location>,
    settings: &Settings,
) -> Result<Arc<Model>, Error> {
    let scaler = scaler.map(|it| load_model(it, Iterations::default(), settings)).transpose()?;
    let graph = load_graph(model, settings)?;
    let network = Model::network(&graph, &layers.declaration, scaler);
    network.map(Arc::new).map_err(|err| not_a_model(model, &layers.told(&err)))
}
