//! From arguments to what the engine takes.

use std::env;
use std::path::Path;

use engine::{Inputs, Iterations, Limits, Method, S3Settings, Settings, Storage, parse_location};

use crate::args;
use crate::outcome::Failure;

/// Read if it is there and no other is named.
const SETTINGS: &str = "pythia.toml";

impl args::Inputs {
    /// The model and the table.
    pub(crate) fn read(&self) -> Result<Inputs, Failure> {
        let location = |text: &Option<String>| text.as_deref().map(parse_location).transpose();
        Ok(Inputs {
            model: parse_location(&self.model)?,
            data: parse_location(&self.data)?,
            format: self.data_format,
            features: self.features.clone(),
            method: if self.with_std { Some(Method::PredictWithStd) } else { self.method },
            iterations: Iterations { start: self.start_iteration, number: self.num_iteration },
            layers: location(&self.layers)?,
            scaler: location(&self.scaler)?,
            encoders: location(&self.encoders)?,
            n_threads: self.threads,
        })
    }
}

impl args::Config {
    /// The settings.
    pub(crate) fn read(&self) -> Result<Settings, Failure> {
        let beside = Path::new(SETTINGS).is_file().then_some(SETTINGS);
        let storage = storage();
        match self.config.as_deref().or(beside) {
            Some(path) => Ok(Settings::read(&parse_location(path)?, Limits::default(), storage)?),
            None => Ok(Settings { storage, ..Settings::default() }),
        }
    }
}

/// Files, and S3 as the environment says.
pub(crate) fn storage() -> Storage {
    Storage::new(S3Settings::from_variables(variables()))
}

/// The environment's variables that are texts.
pub(crate) fn variables() -> impl Iterator<Item = (String, String)> {
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}
