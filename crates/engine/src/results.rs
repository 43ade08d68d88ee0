//! Results that are kept: a request whose inputs and parameters are those of the run that made its output needs
//! no run.
//!
//! After a run a small record is written beside the output, `.name.pythia` beside `name`. It has the digest of
//! the request, the version the output got, and what the response says. The digest is made of the versions of
//! the model, the table, the layers, the scaler and the encoders that were read, of all parameters and of Pythia's version.
//! A record counts only if its digest is that of the inputs as they are now and the output still is the version
//! that it names: whoever has overwritten the output since has given it another. Records are kept on S3 alone.

use std::collections::BTreeMap;
use std::io::Write;

use estimators::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use storage::{Location, Metadata, Version, Versions};

use crate::{BatchReport, BatchRequest, Error, Inputs, Settings};

/// The metadata of an output that name its digest.
const DIGEST: &str = "pythia-digest";
/// Changes when the same request and version of Pythia must not be taken for the same any more.
const FORM: u32 = 1;
/// A record is some hundred bytes, and more only if columns are many.
const RECORD_BYTES: u64 = 4 << 20;

/// What is known of an output.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    digest: String,
    /// The output's version.
    output: String,
    n_rows: u64,
    columns: Vec<String>,
    warnings: Vec<String>,
}

/// The results of a request, which are to be kept.
pub(crate) struct Results<'r> {
    request: &'r BatchRequest,
    record: Location,
    classes: &'r BTreeMap<String, String>,
}

impl<'r> Results<'r> {
    /// `None`, with the reason if the caller should know: nothing is kept.
    pub(crate) fn of(
        request: &'r BatchRequest,
        settings: &'r Settings,
    ) -> Result<Self, Option<String>> {
        if !request.cache.unwrap_or(settings.cache) {
            return Err(None);
        }
        let Location::S3 { bucket, key } = &request.output else {
            return Err(request.cache.and(Some("results are kept on S3 only".to_owned())));
        };
        let (folder, name) = match key.rsplit_once('/') {
            Some((folder, name)) => (format!("{folder}/"), name),
            None => (String::new(), key.as_str()),
        };
        let key = format!("{folder}.{name}.pythia");
        let record = Location::S3 { bucket: bucket.clone(), key };
        let allowed = settings.storage.allows(&record);
        allowed.map_err(|err| Some(format!("the result is not kept: {err}")))?;
        Ok(Self { request, record, classes: &settings.classes_as_written })
    }

    /// What an earlier run with the same inputs has written, if it still is there. Whatever fails, fails
    /// again in the run, which says so.
    pub(crate) fn find(&self, settings: &Settings) -> Option<BatchReport> {
        let storage = &settings.storage;
        let bytes = storage.read(&self.record, RECORD_BYTES).ok()?;
        let record: Record = serde_json::from_slice(&bytes).ok()?;
        let now = |location: &Location| storage.stat(location).ok()?.version;
        if self.digest(now)? != record.digest {
            return None;
        }
        // Last, so that it is true when it is told.
        if now(&self.request.output)?.to_string() != record.output {
            return None;
        }
        Some(BatchReport {
            n_rows: record.n_rows,
            columns: record.columns,
            warnings: record.warnings,
            cached: Some(true),
            ..BatchReport::default()
        })
    }

    /// What stands beside the output: which inputs it was made of.
    pub(crate) fn metadata(&self, versions: &Versions) -> Metadata {
        let digest = self.digest(|location| versions.of(location));
        digest.into_iter().map(|it| (DIGEST.to_owned(), it)).collect()
    }

    /// Notes what a run has written.
    pub(crate) fn keep(
        &self,
        versions: &Versions,
        output: Option<Version>,
        report: &BatchReport,
        settings: &Settings,
    ) -> Result<(), Error> {
        let digest = self.digest(|location| versions.of(location));
        // A server without versions, or a model that changed between two uses.
        let (Some(digest), Some(output)) = (digest, output) else { return Ok(()) };
        let record = Record {
            digest,
            output: output.to_string(),
            n_rows: report.n_rows,
            columns: report.columns.clone(),
            warnings: report.warnings.clone(),
        };
        let text = json!(record).to_string();
        let mut sink = settings.storage.create(&self.record).map_err(Error::storage)?;
        sink.write_all(text.as_bytes()).map_err(|err| Error::storage(sink.failed(err)))?;
        sink.commit().map(|_| ()).map_err(Error::storage)
    }

    /// `None` if the version of an input is not known.
    fn digest(&self, version: impl Fn(&Location) -> Option<Version>) -> Option<String> {
        // Every field by its name: a new one must be decided on here.
        let BatchRequest { inputs, output, output_format: _, column, cache: _ } = self.request;
        let Inputs {
            model,
            data,
            format: _,
            features,
            method,
            iterations,
            layers,
            scaler,
            encoders,
            n_threads: _,
        } = inputs;
        let known = |it: &Location| Some(json!([it.to_string(), version(it)?.to_string()]));
        let optional = |it: &Option<Location>| match it {
            Some(it) => known(it),
            None => Some(Value::Null),
        };
        let (from, to) = self.request.formats();
        let all = json!({
            "form": FORM,
            "pythia": env!("CARGO_PKG_VERSION"),
            "model": known(model)?,
            "data": known(data)?,
            "layers": optional(layers)?,
            "scaler": optional(scaler)?,
            "encoders": optional(encoders)?,
            "output": output.to_string(),
            "column": column,
            "features": features,
            "iterations": [iterations.start, iterations.number],
            "method": method.map(Method::name),
            "formats": [from.name(), to.name()],
            "classes": self.classes,
        });
        Some(storage::sha256(all.to_string().as_bytes()))
    }
}
