//! The HTTP client: one for all buckets, TLS with Mozilla's roots from the binary, so that a cold start
//! reads no certificate files and an empty container has them too.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService,
};
use reqwest::Client;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::{http, names};

/// Connecting takes milliseconds within a region.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// S3 closes idle connections after some 20 seconds.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// Makes clients, all of them the same one.
#[derive(Debug)]
pub(super) struct Connector {
    /// A file of more root certificates.
    roots: Option<String>,
    read_timeout: Duration,
    client: Mutex<Option<Client>>,
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        self.client()
            .map(|client| HttpClient::new(Watching(client)))
            .map_err(|source| object_store::Error::Generic { store: "S3", source: source.into() })
    }
}

impl Connector {
    pub(super) fn new(roots: Option<String>, read_timeout: Duration) -> Self {
        Self { roots, read_timeout, client: Mutex::new(None) }
    }

    pub(super) fn client(&self) -> Result<Client, String> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        match &*client {
            Some(it) => Ok(it.clone()),
            None => Ok(client.insert(build(self.roots.as_deref(), self.read_timeout)?).clone()),
        }
    }
}

/// Goes with a request, and tells whether an answer to it was lost: nobody knows then if it was carried out.
#[derive(Debug, Clone, Default)]
pub(super) struct Lost(Arc<AtomicBool>);

impl Lost {
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn was(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The client, which notes answers that are lost: who sends requests again does not say so.
#[derive(Debug)]
struct Watching(Client);

impl HttpService for Watching {
    fn call<'a, 'f>(
        &'a self,
        request: HttpRequest,
    ) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'f>>
    where
        'a: 'f,
        Self: 'f,
    {
        let lost = request.extensions().get::<Lost>().cloned();
        Box::pin(async move {
            let done = http::execute(&self.0, request).await;
            let is_lost = done.as_ref().map_or(true, |it| it.status().is_server_error());
            if let Some(lost) = lost.filter(|_| is_lost) {
                lost.note();
            }
            done
        })
    }
}

fn build(roots: Option<&str>, read_timeout: Duration) -> Result<Client, String> {
    names::by_files_and_dns();
    let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = roots {
        let wrong = |err: &dyn std::fmt::Display| format!("AWS_CA_BUNDLE: {path}: {err}");
        for certificate in CertificateDer::pem_file_iter(path).map_err(|err| wrong(&err))? {
            store.add(certificate.map_err(|err| wrong(&err))?).map_err(|err| wrong(&err))?;
        }
    }
    let tls =
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|err| err.to_string())?
            .with_root_certificates(store)
            .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(read_timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .user_agent(concat!("pythia/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|err| err.to_string())
}
