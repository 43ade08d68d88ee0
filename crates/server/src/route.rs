//! Which of the things the server does a path means.

use std::sync::Arc;

use http::Method;

use crate::Endpoint;
use crate::failure::Shape;
use crate::page::{self, Asset};

/// What a request is for. Numbers are places in the list of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The page for people, or the card for programs.
    Page,
    /// A file of the page.
    Asset(&'static Asset),
    /// What is served.
    Card,
    /// Whether the server takes requests.
    Health,
    /// Whether the process lives, whether it takes requests: the Open Inference Protocol's.
    Live,
    Ready,
    /// Numbers for Prometheus.
    Metrics,
    /// What the services take and give.
    OpenApi,
    /// A service's own request.
    Predict(usize),
    /// MLflow's and SageMaker's request.
    Invoke(usize),
    /// The Open Inference Protocol's.
    Inference,
    InferenceModel(usize),
    InferenceReady(usize),
    Infer(usize),
    /// KServe's version 1.
    Models,
    ModelReady(usize),
    ModelPredict(usize),
    /// A path that names no service, of several; it ends with this.
    Choose(&'static str),
}

/// A path's meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) target: Target,
    /// The path with a name for each part that varies, for metrics.
    pub(crate) label: &'static str,
    /// The methods it has, as in the header `Allow`.
    pub(crate) allow: &'static str,
    /// The form of its errors.
    pub(crate) shape: Shape,
    /// Whether a caller needs the key.
    pub(crate) is_open: bool,
    /// Whether it is answered at once, whatever else there is to do.
    pub(crate) is_light: bool,
}

const GET: &str = "GET, HEAD, OPTIONS";
const GET_POST: &str = "GET, HEAD, POST, OPTIONS";
const POST: &str = "POST, OPTIONS";

impl Route {
    /// Finds the route of a path, if there is one.
    pub(crate) fn of(path: &str, services: &[Arc<dyn Endpoint>]) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        // Decoded part by part: an escaped slash parts nothing.
        let parts: Option<Vec<String>> =
            path.split('/').skip(1).map(engine::percent_decoded).collect();
        let parts = parts?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let place = |name: &str| services.iter().position(|it| it.name() == name);
        let only = |one: fn(usize) -> Target, path: &'static str| match services {
            [] => None,
            [_] => Some(one(0)),
            _ => Some(Target::Choose(path)),
        };
        let route = match parts.as_slice() {
            [] => Self::light(Target::Page, "/"),
            ["health"] => Self::open(Target::Health, "/health"),
            ["ping"] => Self::open(Target::Health, "/ping"),
            ["metrics"] => Self::light(Target::Metrics, "/metrics"),
            ["card.json"] => Self::light(Target::Card, "/card.json"),
            ["openapi.json"] => Self::light(Target::OpenApi, "/openapi.json"),
            ["predict"] => Self::heavy(only(Target::Predict, "predict")?, "/predict"),
            ["invocations"] => Self::mlflow(only(Target::Invoke, "invocations")?, "/invocations"),
            // A service may have the protocol's name.
            ["v2", rest @ ..] if !matches!(rest, ["predict" | "invocations"]) => {
                return Self::version_2(rest, place);
            }
            ["v1", "models"] => Self::light(Target::Models, "/v1/models"),
            ["v1", "models", name] => return Self::version_1(name, place),
            [name, "predict"] => Self::heavy(Target::Predict(place(name)?), "/{service}/predict"),
            [name, "invocations"] => {
                Self::mlflow(Target::Invoke(place(name)?), "/{service}/invocations")
            }
            [name] => Self::open(Target::Asset(page::find(name)?), "/{file}"),
            _ => return None,
        };
        Some(route)
    }

    /// The Open Inference Protocol.
    fn version_2(parts: &[&str], place: impl Fn(&str) -> Option<usize>) -> Option<Self> {
        // A model has one version, what its file is now.
        let without_version = match parts {
            ["models", name, "versions", "1", rest @ ..] => [&["models", name], rest].concat(),
            _ => parts.to_vec(),
        };
        Some(match without_version.as_slice() {
            [] => Self::light(Target::Inference, "/v2"),
            ["health", "live"] => Self::open(Target::Live, "/v2/health/live"),
            ["health", "ready"] => Self::open(Target::Ready, "/v2/health/ready"),
            ["models", name] => {
                Self::light(Target::InferenceModel(place(name)?), "/v2/models/{model}")
            }
            ["models", name, "ready"] => {
                Self::open(Target::InferenceReady(place(name)?), "/v2/models/{model}/ready")
            }
            ["models", name, "infer"] => {
                Self::post(Target::Infer(place(name)?), "/v2/models/{model}/infer")
            }
            _ => return None,
        })
    }

    /// KServe's version 1.
    fn version_1(name: &str, place: impl Fn(&str) -> Option<usize>) -> Option<Self> {
        if let Some(at) = name.strip_suffix(":predict").and_then(&place) {
            return Some(Self::post(Target::ModelPredict(at), "/v1/models/{model}:predict"));
        }
        Some(Self::light(Target::ModelReady(place(name)?), "/v1/models/{model}"))
    }

    fn heavy(target: Target, label: &'static str) -> Self {
        let (allow, shape) = (GET_POST, Shape::Error);
        Self { target, label, allow, shape, is_open: false, is_light: false }
    }

    fn post(target: Target, label: &'static str) -> Self {
        Self { allow: POST, ..Self::heavy(target, label) }
    }

    fn mlflow(target: Target, label: &'static str) -> Self {
        Self { shape: Shape::Mlflow, ..Self::post(target, label) }
    }

    fn light(target: Target, label: &'static str) -> Self {
        Self { allow: GET, is_light: true, ..Self::heavy(target, label) }
    }

    fn open(target: Target, label: &'static str) -> Self {
        Self { is_open: true, ..Self::light(target, label) }
    }

    /// Whether the route has a method.
    pub(crate) fn has(&self, method: &Method) -> bool {
        self.allow.split(", ").any(|it| it == method.as_str())
    }
}

#[cfg(test)]
mod tests {
    use engine::{Context, Error};
    use serde_json::{Value, json};

    use super::*;

    struct Named(&'static str);

    impl Endpoint for Named {
        fn name(&self) -> &str {
            self.0
        }

        fn answer(&self, _: &Value, _: &Context) -> Result<Value, Error> {
            Ok(json!({}))
        }
    }

    #[test]
    fn services_may_be_called_as_protocols_and_paths_are() {
        let names = ["v1", "v2", "health", "models"];
        let services: Vec<Arc<dyn Endpoint>> =
            names.iter().map(|it| Arc::new(Named(it)) as Arc<dyn Endpoint>).collect();
        let target = |path: &str| Route::of(path, &services).map(|it| it.target);
        for (at, name) in names.iter().enumerate() {
            assert_eq!(target(&format!("/{name}/predict")), Some(Target::Predict(at)));
            assert_eq!(target(&format!("/{name}/invocations")), Some(Target::Invoke(at)));
            assert_eq!(target(&format!("/v2/models/{name}/infer")), Some(Target::Infer(at)));
            let path = format!("/v1/models/{name}:predict");
            assert_eq!(target(&path), Some(Target::ModelPredict(at)));
        }
        assert_eq!(target("/v2"), Some(Target::Inference));
        assert_eq!(target("/%76%32/predict/"), Some(Target::Predict(1)));
        for path in ["/v2%2fpredict", "/v2/other", "/v2%2f", "//v2/predict", "/%ff/predict"] {
            assert_eq!(target(path), None, "{path}");
        }
    }
}
