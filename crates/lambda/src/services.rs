//! The function's services: opened when the process starts, or if that failed, with a later request.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use engine::{Error, Settings};
use serde_json::json;
use server::{App, AppOptions, Arrival, Endpoint, Failure, Level, Request, Response};

/// After a failure so long until the next try: reading what is broken must not become each request's work.
const PAUSE: Duration = Duration::from_secs(1);

/// Where services come from.
pub(crate) enum Source {
    /// They are there already.
    Given(Vec<Arc<dyn Endpoint>>),
    /// Files, as the environment names them.
    Named { bundles: Vec<String>, variables: Vec<(String, String)>, settings: Box<Settings> },
}

/// What answers requests. A process whose services cannot be opened answers too, so that its callers get an error they can
/// read, and it opens them when they can be.
pub(crate) struct Services {
    source: Source,
    options: AppOptions,
    opened: OnceLock<App>,
    /// Has no services, and says that in the form that all answers have.
    closed: App,
    /// When opening failed last, and why.
    failed: Mutex<Option<(Instant, Failure)>>,
}

impl Source {
    fn open(&self) -> Result<Vec<Arc<dyn Endpoint>>, Error> {
        match self {
            Self::Given(all) => Ok(all.clone()),
            Self::Named { bundles, variables, settings } => {
                let mut all = server::open_all(bundles, settings)?;
                if all.is_empty() {
                    all.extend(server::open_artifacts(variables, settings)?);
                }
                Ok(all)
            }
        }
    }
}

impl Services {
    /// Opens them, if they can be.
    pub(crate) fn new(source: Source, options: AppOptions) -> Self {
        let closed = App::new(Vec::new(), options.clone());
        let (opened, failed) = (OnceLock::new(), Mutex::new(None));
        let services = Self { source, options, opened, closed, failed };
        if let Err(failure) = services.open() {
            let fields = json!({"causes": failure.causes});
            services.options.log.say(Level::Error, "a service cannot be opened", fields);
        }
        services
    }

    /// What answers.
    pub(crate) fn app(&self) -> &App {
        self.opened.get().unwrap_or(&self.closed)
    }

    /// Whether there are any, opened or not.
    pub(crate) fn exist(&self) -> bool {
        self.opened.get().is_none_or(|app| !app.services().is_empty())
    }

    /// Answers a request. Services that are not open are tried if they are needed for it, and it may be answered at all.
    pub(crate) fn answer(&self, request: &Request, arrival: &Arrival) -> Response {
        let closed = match self.opened.get() {
            Some(_) => None,
            None => self.closed.answer_closed(request, arrival, || self.open()),
        };
        closed.unwrap_or_else(|| self.app().answer(request, arrival))
    }

    fn open(&self) -> Result<(), Failure> {
        if self.opened.get().is_some() {
            return Ok(());
        }
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, failure)) = failed.as_ref()
            && at.elapsed() < PAUSE
        {
            return Err(failure.clone());
        }
        match self.source.open() {
            Ok(all) => {
                self.opened.get_or_init(|| App::new(all, self.options.clone()));
                Ok(())
            }
            Err(err) => {
                let mut causes = vec![err.to_string()];
                causes.extend(err.causes());
                let failure = Failure::internal(causes);
                *failed = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }
}
