//! From names of files and folders to services.

use std::sync::Arc;

use engine::{
    ArtifactKeys, Context, Error, Location, Method, PREDICT_FN, RowInputs, RowModel, Service,
    Settings, StepCard, TableCard, parse_location, read_mlflow,
};
use serde_json::Value;

use crate::Endpoint;

/// The file that makes a folder a bundle.
const BUNDLE: &str = "pythia.toml";

/// A service whose own name is none.
const UNNAMED: &str = "service";

/// A service under the name that its files or the user gave it.
struct Named {
    name: String,
    service: Service,
}

impl Endpoint for Named {
    fn name(&self) -> &str {
        &self.name
    }

    fn answer(&self, body: &Value, context: &Context) -> Result<Value, Error> {
        self.service.answer(body, context)
    }

    fn request_schema(&self) -> Value {
        self.service.request_schema()
    }

    fn response_schema(&self) -> Value {
        self.service.response_schema()
    }

    fn example(&self) -> Value {
        self.service.example()
    }

    fn models(&self) -> Vec<Arc<RowModel>> {
        self.service.models()
    }

    fn steps(&self) -> Vec<StepCard> {
        self.service.steps()
    }

    fn tables(&self) -> Vec<TableCard> {
        self.service.tables()
    }

    fn only_model(&self) -> Option<Arc<RowModel>> {
        self.service.only_model()
    }

    fn refresh(&self) -> Result<bool, Error> {
        self.service.refresh()
    }
}

/// Opens a bundle, a model folder of MLflow or a model file: a path or `s3://…`; `name=…` calls it so.
///
/// # Errors
/// It is none of them, or cannot be read.
pub fn open(text: &str, settings: &Settings) -> Result<Arc<dyn Endpoint>, Error> {
    let (given, text) = match text.split_once('=') {
        Some((name, rest)) if is_name(name) => (Some(name), rest),
        _ => (None, text),
    };
    let location = parse_location(text.trim_end_matches('/'))?;
    let (name, service) = open_unnamed(&location, settings)?;
    let name = given.map_or_else(|| fit_name(&name), str::to_owned);
    Ok(Arc::new(Named { name, service }))
}

/// The records service whose model and encoders the environment names; `None` if it names no bucket.
///
/// # Errors
/// As [`Service::of_artifacts`].
pub fn open_artifacts(
    variables: &[(String, String)],
    settings: &Settings,
) -> Result<Option<Arc<dyn Endpoint>>, Error> {
    let Some(keys) = ArtifactKeys::from_variables(variables)? else { return Ok(None) };
    let service = Service::of_artifacts(keys, settings)?;
    Ok(Some(Arc::new(Named { name: service.name(), service })))
}

/// Opens all, which must have different names.
///
/// # Errors
/// As [`open`]; two of one name.
pub fn open_all(texts: &[String], settings: &Settings) -> Result<Vec<Arc<dyn Endpoint>>, Error> {
    let mut all: Vec<Arc<dyn Endpoint>> = Vec::new();
    for text in texts {
        let service = open(text, settings)?;
        if all.iter().any(|it| it.name() == service.name()) {
            let name = service.name();
            let path = text.strip_prefix(&format!("{name}=")).unwrap_or(text);
            return Err(Error::request(format!(
                "two services are called {name}; call one of them otherwise: {name}2={path}"
            )));
        }
        all.push(service);
    }
    Ok(all)
}

/// What services of a variable are named: with commas between.
#[must_use]
pub fn split_names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// The name that a service has in paths: letters and digits of ASCII, `-`, `_` and `.`; each other character of its own name
/// is a `-` there.
#[must_use]
pub fn fit_name(name: &str) -> String {
    let fit = |it: char| if is_name_character(it) { it } else { '-' };
    let fitted: String = name.chars().map(fit).collect();
    if is_name(&fitted) { fitted } else { UNNAMED.to_owned() }
}

/// Whether a text before `=` is a name and no part of a path. Dots alone are a folder.
fn is_name(text: &str) -> bool {
    text.chars().all(is_name_character) && text.chars().any(|it| it != '.')
}

fn is_name_character(it: char) -> bool {
    it.is_ascii_alphanumeric() || "-_.".contains(it)
}

fn open_unnamed(location: &Location, settings: &Settings) -> Result<(String, Service), Error> {
    match location {
        Location::Local(path) if path.is_dir() => folder(location, settings)?.ok_or_else(|| {
            let text = format!(
                "{location} holds no {BUNDLE} and no MLmodel: it is no bundle and no MLflow folder"
            );
            Error::request(text)
        }),
        // There are no folders: what is under the name tells.
        Location::S3 { .. } => match folder(location, settings)? {
            Some(found) => Ok(found),
            None => model(location, settings),
        },
        _ => model(location, settings),
    }
}

/// What a folder holds, if it is a service's.
fn folder(location: &Location, settings: &Settings) -> Result<Option<(String, Service)>, Error> {
    if let Some(service) = Service::open_if_bundle(location, settings)? {
        return Ok(Some((service.name(), service)));
    }
    let Some(found) = read_mlflow(location, settings)? else { return Ok(None) };
    let mut settings = settings.clone();
    if let Some((class, stand_in)) = found.stand_in {
        settings.classes.insert(class, stand_in).map_err(Error::request)?;
    }
    let mut inputs = RowInputs::of_model(found.model);
    let mut service = Service::of_model(inputs.clone(), &settings)?;
    if let Some(model) = service.only_model() {
        if !model.knows_names() {
            inputs.features = found.columns;
        }
        inputs.method = asked(&model, found.method, location)?;
        if inputs != *model.source() {
            service = Service::of_model(inputs, &settings)?;
        }
    }
    Ok(Some((location.file_name(), service)))
}

/// The method that MLflow asks of the model, if it is not its own choice.
fn asked(
    model: &RowModel,
    method: Option<Method>,
    folder: &Location,
) -> Result<Option<Method>, Error> {
    let Some(method) = method.filter(|it| *it != model.method()) else { return Ok(None) };
    if model.methods().contains(&method) {
        return Ok(Some(method));
    }
    let has: Vec<&str> = model.methods().iter().map(|it| it.name()).collect();
    Err(Error::request(format!(
        "{folder}/MLmodel: {PREDICT_FN} is {method}, which the {} does not have; it has {}",
        model.card().class,
        has.join(", ")
    )))
}

/// A model file, called as the file without its extension.
fn model(location: &Location, settings: &Settings) -> Result<(String, Service), Error> {
    let service = Service::of_model(RowInputs::of_model(location.clone()), settings)?;
    Ok((service.name(), service))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_fit_for_a_path() {
        let fitted = ["iris-1.9_b", "a/b c", "<script>{x}", "größe", "", ".."].map(fit_name);
        assert_eq!(fitted, ["iris-1.9_b", "a-b-c", "-script--x-", "gr--e", "service", "service"]);
        assert!(fitted.iter().all(|it| is_name(it)));
    }

    #[test]
    fn what_is_called_alike_is_to_be_called_otherwise() {
        let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/flights/model.pkl");
        let open = |names: [&str; 2]| {
            let texts = names.map(|it| format!("{it}{model}"));
            open_all(&texts, &Settings::default()).map(|_| ()).unwrap_err().to_string()
        };
        let want = "two services are called a; call one of them otherwise: a2=";
        assert_eq!(open(["a=", "a="]), format!("{want}{model}"));
        let want = "two services are called model; call one of them otherwise: model2=";
        assert_eq!(open(["", ""]), format!("{want}{model}"));
    }

    #[test]
    fn a_variable_names_services_with_commas() {
        assert_eq!(split_names(" housing, b=x.pkl ,"), ["housing", "b=x.pkl"]);
    }
}
