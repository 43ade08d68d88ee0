//! What a deployment sets once: bounds, and what stands in for classes of the user's own.

use std::collections::BTreeMap;

use estimators::CustomClasses;
use serde::Deserialize;
use serde::de::IgnoredAny;
use storage::{Artifacts, Location, Storage};

use crate::rules::{self, Rule, RuleText};
use crate::{Category, Error, Limits, Models};

/// What all use cases are given.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Bounds on what is read into memory.
    pub limits: Limits,
    /// The user's own classes, and what stands in for each.
    pub classes: CustomClasses,
    /// Where files are read and written, and until when.
    pub storage: Storage,
    /// Models kept between requests.
    pub models: Models,
    /// Where files from S3 are kept on disk, if they are.
    pub artifacts: Option<Artifacts>,
    /// Whether results are kept, if a request does not say.
    pub cache: bool,
    /// `[classes]` as it is written: part of what tells a result from another.
    pub classes_as_written: BTreeMap<String, String>,
    /// What to do with new objects.
    pub rules: Vec<Rule>,
    /// Whether events may name objects on S3 alone, and no files.
    pub only_s3: bool,
}

/// `pythia.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    classes: BTreeMap<String, String>,
    #[serde(default)]
    cache: bool,
    #[serde(default)]
    rules: Vec<RuleText>,
    // Keys of the service that the file may describe too, which `Service::open` checks.
    #[serde(rename = "name")]
    _name: Option<IgnoredAny>,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "request")]
    _request: Option<IgnoredAny>,
    #[serde(rename = "tables")]
    _tables: Option<IgnoredAny>,
    #[serde(rename = "steps")]
    _steps: Option<IgnoredAny>,
    #[serde(rename = "response")]
    _response: Option<IgnoredAny>,
}

/// Keys that a bundle's reader leaves to this one.
pub(crate) const KEYS: [&str; 3] = ["classes", "cache", "rules"];

impl Settings {
    /// Reads settings from a `pythia.toml`:
    ///
    /// ```toml
    /// cache = true
    ///
    /// [classes]
    /// "my_pkg.Scale" = "sklearn.preprocessing.StandardScaler"
    /// "my_pkg.log_size" = "numpy.log1p(numpy.abs(x))"
    ///
    /// [[rules]]
    /// prefix = "s3://incoming/daily/"
    /// suffix = ".csv"
    /// model = "s3://models/price.pkl"
    /// output = "s3://predicted/daily/"
    /// ```
    ///
    /// # Errors
    /// The file cannot be read; it is not TOML, has an unknown key, a stand-in that is not supported or a
    /// rule that cannot be followed ([`Category::Request`]), all of them named.
    pub fn read(location: &Location, limits: Limits, storage: Storage) -> Result<Self, Error> {
        let bytes = storage.read(location, limits.settings_bytes).map_err(Error::storage)?;
        let refuse = |text: String| Error::new(Category::Request, format!("{location}: {text}"));
        let text = String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8".to_owned()))?;
        let file: File = toml::from_str(&text).map_err(|err| refuse(err.to_string()))?;
        let mut classes = CustomClasses::default();
        let mut wrong: Vec<String> = file
            .classes
            .iter()
            .filter_map(|(path, stand_in)| classes.insert(path, stand_in).err())
            .collect();
        wrong.iter_mut().for_each(|it| it.insert_str(0, "[classes] "));
        let rules = rules::checked(file.rules).unwrap_or_else(|problems| {
            wrong.extend(problems);
            Vec::new()
        });
        if wrong.is_empty() {
            let (classes_as_written, cache) = (file.classes, file.cache);
            return Ok(Self {
                limits,
                classes,
                storage,
                cache,
                classes_as_written,
                rules,
                ..Self::default()
            });
        }
        Err(refuse(wrong.join("; ")))
    }

    /// Adds a stand-in that a bundle's `[classes]` names.
    ///
    /// # Errors
    /// It is not supported.
    pub(crate) fn add_class(&mut self, path: &str, stand_in: &str) -> Result<(), String> {
        self.classes.insert(path, stand_in)?;
        self.classes_as_written.insert(path.to_owned(), stand_in.to_owned());
        Ok(())
    }

    /// Where a file is kept, if it is of the kind that is.
    pub(crate) fn artifacts_for(&self, location: &Location) -> Option<&Artifacts> {
        self.artifacts.as_ref().filter(|_| matches!(location, Location::S3 { .. }))
    }
}
