//! What the function's environment says.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use engine::{
    Artifacts, CacheOptions, Error, Limits, Models, S3Settings, Settings, Storage, parse_location,
};
use server::{AppOptions, Endpoint, Level, Log, Origins};

use crate::services::Source;

/// Read if it is there and `PYTHIA_CONFIG` names no other.
const CONFIG: &str = "/var/task/pythia.toml";
/// Lambda gives a function 512 MB of disk, if it asks for no more.
const ARTIFACT_MB: u64 = 400;

/// How the function runs.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `PYTHIA_CONFIG` | `pythia.toml`: classes, rules; a path or a URI | `/var/task/pythia.toml`, if it is there |
/// | `PYTHIA_MODEL_CACHE_MB` | bytes of models kept between invocations | half of the function's memory |
/// | `PYTHIA_MODEL_FRESH_SECONDS` | for so long a model is used without asking whether it has changed | 60 |
/// | `PYTHIA_ARTIFACT_DIR`, `ARTIFACT_DIR` | folder where model files are kept on disk, those of services too | none |
/// | `PYTHIA_ARTIFACT_MB` | bytes of all of them | 400 |
/// | `PYTHIA_RESULT_CACHE` | `true`: a request whose inputs have not changed is answered without a run | as `pythia.toml` says |
/// | `PYTHIA_DEADLINE_MARGIN_MS` | so long before the timeout a run is given up cleanly | 2000 |
/// | `PYTHIA_LOCAL_FILES` | `true`: events may name files too, such as those of a mounted file system | |
/// | `PYTHIA_METRICS_NAMESPACE` | of the metrics in the log; `off` writes none | `Pythia` |
/// | `BUNDLE` | what answers requests: a bundle, a model file or an MLflow folder, or several after each other with commas | none |
/// | `API_KEY` | requests need it as `X-API-Key`, but for health checks | |
/// | `CORS_ORIGIN` | the pages that may call: `*`, or origins separated by commas | `*` |
/// | `MAX_BODY` | bytes of a request's body, as it is sent and as it is unpacked | 6 MiB |
/// | `PYTHIA_LOG_LEVEL`, `AWS_LAMBDA_LOG_LEVEL` | `debug`, `info`, `warn`, `error` | `info` |
pub struct Options {
    pub(crate) settings: Settings,
    /// What does not work, though the function does.
    pub(crate) warning: Option<String>,
    pub(crate) margin: Duration,
    pub(crate) log: Log,
    /// Of the metrics, if there are to be any.
    pub(crate) namespace: Option<String>,
    pub(crate) function: String,
    pub(crate) services: Source,
    /// For so long services are used without looking whether their files have changed.
    pub(crate) fresh_for: Duration,
    pub(crate) api_key: Option<String>,
    pub(crate) origins: Origins,
    pub(crate) max_body: usize,
}

/// Lambda takes no larger event; what is packed in it may become so large.
const MAX_BODY: u64 = 6 << 20;

impl Options {
    /// Reads the environment, and the settings it names.
    ///
    /// # Errors
    /// A value that is not what it should be; settings that cannot be read.
    pub fn from_variables(all: &[(String, String)]) -> Result<Self, Error> {
        let get = |name: &str| {
            let found = all.iter().find(|(it, value)| it == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        };
        let number = |name: &str, default: u64| match get(name) {
            Some(text) => text.parse().map_err(|_| {
                Error::request(format!("{name} is {text}; a whole number is expected"))
            }),
            None => Ok(default),
        };
        let storage = Storage::new(S3Settings::from_variables(all.iter().cloned()));
        let beside = Path::new(CONFIG).is_file().then_some(CONFIG);
        let mut settings = match get("PYTHIA_CONFIG").or(beside) {
            Some(path) => Settings::read(&parse_location(path)?, Limits::default(), storage)?,
            None => Settings { storage, ..Settings::default() },
        };
        let memory = number("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 1024)?;
        let fresh_for = Duration::from_secs(number("PYTHIA_MODEL_FRESH_SECONDS", 60)?);
        let bundles = get("BUNDLE").map(server::split_names).unwrap_or_default();
        let folder = get("PYTHIA_ARTIFACT_DIR").or_else(|| get("ARTIFACT_DIR"));
        let bytes = number("PYTHIA_ARTIFACT_MB", ARTIFACT_MB)?.saturating_mul(1 << 20);
        let opened = folder.map(|it| Artifacts::open(Path::new(it), bytes)).transpose();
        let warning = opened.as_ref().err().map(ToString::to_string);
        settings.artifacts = opened.unwrap_or_default();
        // The services keep their own models.
        let (variables, own) = (all.to_vec(), Box::new(settings.clone()));
        let services = Source::Named { bundles, variables, settings: own };
        settings.models = Models::new(CacheOptions {
            bytes: number("PYTHIA_MODEL_CACHE_MB", memory / 2)?.saturating_mul(1 << 20),
            fresh_for,
        });
        match get("PYTHIA_RESULT_CACHE") {
            None => {}
            Some("true") => settings.cache = true,
            Some("false") => settings.cache = false,
            Some(_) => return Err(Error::request("PYTHIA_RESULT_CACHE is true or false")),
        }
        settings.only_s3 = get("PYTHIA_LOCAL_FILES") != Some("true");
        let level = get("PYTHIA_LOG_LEVEL").or_else(|| get("AWS_LAMBDA_LOG_LEVEL"));
        let namespace = get("PYTHIA_METRICS_NAMESPACE").unwrap_or("Pythia").to_owned();
        Ok(Self {
            settings,
            warning,
            margin: Duration::from_millis(number("PYTHIA_DEADLINE_MARGIN_MS", 2000)?),
            log: Level::parse(level.unwrap_or("info"))
                .map(Log::new)
                .ok_or_else(|| Error::request("the log level is debug, info, warn or error"))?,
            namespace: Some(namespace).filter(|it| it != "off"),
            function: get("AWS_LAMBDA_FUNCTION_NAME").unwrap_or("pythia").to_owned(),
            services,
            fresh_for,
            api_key: get("API_KEY").map(str::to_owned),
            origins: Origins::parse(get("CORS_ORIGIN").unwrap_or("*"))
                .map_err(|text| Error::request(format!("CORS_ORIGIN: {text}")))?,
            max_body: usize::try_from(number("MAX_BODY", MAX_BODY)?).unwrap_or(usize::MAX),
        })
    }

    /// The same, for these services.
    #[must_use]
    pub fn with_services(self, services: Vec<Arc<dyn Endpoint>>) -> Self {
        Self { services: Source::Given(services), ..self }
    }

    /// The same, with another log.
    #[must_use]
    pub fn with_log(self, log: Log) -> Self {
        Self { log, ..self }
    }

    /// How requests are answered.
    pub(crate) fn app(&self) -> AppOptions {
        AppOptions {
            api_key: self.api_key.clone(),
            origins: self.origins.clone(),
            max_body: self.max_body,
            log: self.log.clone(),
        }
    }
}
