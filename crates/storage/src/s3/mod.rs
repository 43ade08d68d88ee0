//! S3 and servers that speak like it.
//!
//! Everything outside is blocking; here a small runtime of its own does the network's work, started
//! at the first request.

mod connect;
mod error;
mod http;
mod names;
mod orphans;
mod profile;
mod reader;
mod settings;
mod upload;

pub use settings::{S3Settings, Tuning};
pub(crate) use upload::Upload;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use object_store::aws::{AmazonS3, AmazonS3Builder, AwsCredentialProvider};
use object_store::path::Path;
use object_store::{BackoffConfig, RetryConfig};
use tokio::runtime::{Builder, Runtime};

use self::connect::Connector;
use crate::{Error, ErrorKind, Location};

pub(crate) use reader::{open, open_ranged};

/// Asking a machine for its credentials where there are none should not take long.
const CREDENTIAL_RETRIES: usize = 1;

/// All buckets.
pub(crate) struct S3 {
    pub(crate) settings: S3Settings,
    connector: Arc<Connector>,
    runtime: OnceLock<Runtime>,
    buckets: Mutex<BTreeMap<String, Arc<AmazonS3>>>,
}

/// An object, whether it is there or not.
#[derive(Clone)]
pub(crate) struct Object {
    s3: Arc<S3>,
    bucket: String,
    path: Path,
    location: Location,
    deadline: Option<Instant>,
}

impl Default for S3 {
    fn default() -> Self {
        Self::new(S3Settings::default())
    }
}

impl S3 {
    pub(crate) fn new(settings: S3Settings) -> Self {
        let roots = settings.get("AWS_CA_BUNDLE").map(str::to_owned);
        let connector = Arc::new(Connector::new(roots, settings.tuning.read_timeout));
        Self { settings, connector, runtime: OnceLock::new(), buckets: Mutex::default() }
    }

    /// Names an object, if the settings allow it.
    pub(crate) fn object(
        self: &Arc<Self>,
        location: &Location,
        deadline: Option<Instant>,
    ) -> Result<Object, Error> {
        let Location::S3 { bucket, key } = location else {
            return Err(Error::new(ErrorKind::Unsuitable, format!("{location} is not on S3")));
        };
        self.settings.allows(location)?;
        let path = Path::parse(key).map_err(|err| {
            Error::new(ErrorKind::Unsuitable, format!("{location} is no key Pythia can use: {err}"))
        })?;
        let (s3, location) = (Arc::clone(self), location.clone());
        Ok(Object { s3, bucket: bucket.clone(), path, location, deadline })
    }

    fn runtime(&self) -> Result<&Runtime, Error> {
        if self.runtime.get().is_none() {
            let made = Builder::new_multi_thread().worker_threads(2).enable_all().build();
            let made = made.map_err(|err| {
                Error::new(ErrorKind::Failed, format!("Cannot start the network's threads: {err}"))
            })?;
            // Another thread may have been first; its runtime is as good.
            if let Err(second) = self.runtime.set(made) {
                second.shutdown_background();
            }
        }
        let missing = || Error::new(ErrorKind::Failed, "The network's threads are gone".to_owned());
        self.runtime.get().ok_or_else(missing)
    }

    fn bucket(&self, name: &str) -> Result<Arc<AmazonS3>, object_store::Error> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = buckets.get(name) {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(self.connect(name, self.settings.region())?);
        buckets.insert(name.to_owned(), Arc::clone(&made));
        Ok(made)
    }

    fn connect(&self, bucket: &str, region: &str) -> Result<AmazonS3, object_store::Error> {
        self.builder(bucket, region)
            .with_retry(self.retry(self.settings.tuning.retries))
            .with_credentials(self.credentials(bucket, region)?)
            .build()
    }

    /// From the variables, a profile, a container or the machine: the first that there is.
    fn credentials(
        &self,
        bucket: &str,
        region: &str,
    ) -> Result<AwsCredentialProvider, object_store::Error> {
        let mut builder = self.builder(bucket, region).with_retry(self.retry(CREDENTIAL_RETRIES));
        let profile = self.settings.profile();
        if let Some((key, secret)) = &profile.key {
            builder = builder.with_access_key_id(key).with_secret_access_key(secret);
            if let Some(token) = &profile.token {
                builder = builder.with_token(token);
            }
        }
        Ok(Arc::clone(builder.build()?.credentials()))
    }

    fn builder(&self, bucket: &str, region: &str) -> AmazonS3Builder {
        let mut builder = AmazonS3Builder::new();
        for (name, value) in self.settings.aws() {
            if let Ok(key) = name.to_ascii_lowercase().parse() {
                builder = builder.with_config(key, value);
            }
        }
        let is_virtual = self.settings.is_virtual_hosted(bucket);
        if let Some(endpoint) = self.settings.endpoint() {
            let endpoint =
                if is_virtual { with_host(endpoint, bucket) } else { endpoint.to_owned() };
            builder =
                builder.with_endpoint(&endpoint).with_allow_http(endpoint.starts_with("http:"));
        }
        builder
            .with_bucket_name(bucket)
            .with_region(region)
            .with_virtual_hosted_style_request(is_virtual)
            .with_http_connector(Shared(Arc::clone(&self.connector)))
    }

    /// Requests time out only through [`connect`].
    fn retry(&self, max_retries: usize) -> RetryConfig {
        let Tuning { first_wait, longest_wait, retry_for, .. } = self.settings.tuning;
        let backoff =
            BackoffConfig { init_backoff: first_wait, max_backoff: longest_wait, base: 2.0 };
        RetryConfig { backoff, max_retries, retry_timeout: retry_for }
    }

    /// The wait before an attempt, the second being number 1: it doubles.
    fn wait_before(&self, attempt: u32) -> Duration {
        let Tuning { first_wait, longest_wait, .. } = self.settings.tuning;
        first_wait.saturating_mul(1 << (attempt - 1).min(16)).min(longest_wait)
    }

    /// Where a bucket is, of which S3 says that it is elsewhere.
    async fn relocate(&self, bucket: &str) -> Option<Arc<AmazonS3>> {
        let url = format!("https://s3.amazonaws.com/{bucket}");
        let response = self.connector.client().ok()?.head(url).send().await.ok()?;
        let region = response.headers().get("x-amz-bucket-region")?.to_str().ok()?;
        let moved = Arc::new(self.connect(bucket, region).ok()?);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.insert(bucket.to_owned(), Arc::clone(&moved));
        Some(moved)
    }
}

/// `https://host` as `https://bucket.host`.
fn with_host(endpoint: &str, bucket: &str) -> String {
    match endpoint.split_once("://") {
        Some((scheme, host)) => format!("{scheme}://{bucket}.{host}"),
        None => endpoint.to_owned(),
    }
}

/// A connector of all buckets.
#[derive(Debug)]
struct Shared(Arc<Connector>);

impl object_store::client::HttpConnector for Shared {
    fn connect(
        &self,
        options: &object_store::ClientOptions,
    ) -> object_store::Result<object_store::client::HttpClient> {
        self.0.connect(options)
    }
}

impl Object {
    /// Does `work` with the bucket, once more if the bucket turns out to be in another region.
    async fn with_bucket<T, F>(&self, work: impl Fn(Arc<AmazonS3>) -> F) -> object_store::Result<T>
    where
        F: Future<Output = object_store::Result<T>>,
    {
        match work(self.s3.bucket(&self.bucket)?).await {
            Err(err) if self.s3.settings.endpoint().is_none() && error::is_elsewhere(&err) => {
                match self.s3.relocate(&self.bucket).await {
                    Some(bucket) => work(bucket).await,
                    None => Err(err),
                }
            }
            done => done,
        }
    }

    /// Waits for `work` on this thread, until the deadline.
    fn wait<T>(
        &self,
        verb: Verb,
        work: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, Error> {
        let runtime = self.s3.runtime()?;
        let done = runtime.block_on(async {
            match self.deadline {
                Some(at) => tokio::time::timeout_at(at.into(), work).await.ok(),
                None => Some(work.await),
            }
        });
        match done {
            Some(done) => done.map_err(|err| error::told(verb, &self.location, err)),
            None => Err(Error::late(&self.location)),
        }
    }
}

/// What was tried.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verb {
    Download,
    Upload,
}
