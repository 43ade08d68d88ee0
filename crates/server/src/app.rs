//! From a request to its response: the same for every shell.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bytes::Bytes;
use engine::Context;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use crate::metrics::Metrics;
use crate::route::{Route, Target};
use crate::{Endpoint, Failure, Level, Log, Origins};
use crate::{key, page, request_id, respond};

/// A request, all of it in memory.
pub type Request = http::Request<Bytes>;
/// A response, all of it in memory.
pub type Response = http::Response<Bytes>;

/// How requests are answered.
#[derive(Clone)]
pub struct AppOptions {
    /// The key that callers need, if they need one.
    pub api_key: Option<String>,
    /// The pages that may call.
    pub origins: Origins,
    /// Bytes of a request's body, as it is sent and as it is unpacked.
    pub max_body: usize,
    /// Where lines about requests go.
    pub log: Log,
}

/// What the shell knows of a request.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// The shell's name for the request, if the request has none of its own; else a new one.
    pub request_id: Option<String>,
    /// The trace it belongs to, if its headers do not say so.
    pub trace_id: Option<String>,
    /// Whether the shell has made sure that the caller may call: no key is asked for.
    pub is_trusted: bool,
    /// Whether the response may be packed.
    pub may_pack: bool,
    /// When it came; else now.
    pub arrived: Option<Instant>,
    /// When the shell gives the request up.
    pub deadline: Option<Instant>,
    /// Set by the first response: an answer that comes after the shell has refused is not another request.
    pub is_answered: Arc<AtomicBool>,
}

/// Services behind routes.
pub struct App {
    pub(crate) services: Vec<Arc<dyn Endpoint>>,
    pub(crate) options: AppOptions,
    pub(crate) metrics: Metrics,
    is_ending: AtomicBool,
}

/// An answer, before the headers that all have.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) kind: HeaderValue,
    pub(crate) body: Bytes,
    /// Rows that were predicted.
    pub(crate) rows: u64,
    pub(crate) headers: HeaderMap,
}

impl Reply {
    pub(crate) fn of(kind: &'static str, body: impl Into<Bytes>) -> Self {
        let kind = HeaderValue::from_static(kind);
        let headers = HeaderMap::new();
        Self { status: StatusCode::OK, kind, body: body.into(), rows: 0, headers }
    }

    pub(crate) fn json(body: &Value) -> Self {
        Self::of("application/json", engine::json_text(body))
    }

    pub(crate) fn with(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

/// A request that is being answered.
pub(crate) struct Running<'a> {
    pub(crate) request: &'a Request,
    pub(crate) arrival: &'a Arrival,
    pub(crate) route: Option<Route>,
    pub(crate) context: Context,
    pub(crate) log: Log,
    pub(crate) started: Instant,
}

impl App {
    /// An app for services of different names.
    #[must_use]
    pub fn new(services: Vec<Arc<dyn Endpoint>>, options: AppOptions) -> Self {
        let metrics = Metrics::default();
        services.iter().for_each(|it| metrics.loaded(it.name()));
        Self { services, options, metrics, is_ending: AtomicBool::new(false) }
    }

    /// The services.
    #[must_use]
    pub fn services(&self) -> &[Arc<dyn Endpoint>] {
        &self.services
    }

    /// How requests are answered.
    #[must_use]
    pub fn options(&self) -> &AppOptions {
        &self.options
    }

    /// From now on the server says that it ends.
    pub fn end(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
    }

    /// Whether a request's body matters to its answer: not if its line and headers decide it, or no service is asked.
    #[must_use]
    pub fn needs_body(&self, request: &Request, arrival: &Arrival) -> bool {
        let route = Route::of(request.uri().path(), &self.services);
        let admitted = self.admit(request, arrival, route);
        let asks = |it: &Route| !it.is_light && !matches!(it.target, Target::Choose(_));
        admitted.is_ok_and(|it| it.as_ref().is_some_and(asks))
    }

    /// Answers a request. Whatever it is, there is a response.
    #[must_use]
    pub fn answer(&self, request: &Request, arrival: &Arrival) -> Response {
        let running = self.run(request, arrival);
        // A bug in one answer must not end the others.
        let done = catch_unwind(AssertUnwindSafe(|| self.reply(&running)));
        let done =
            done.unwrap_or_else(|panic| Err(Failure::internal(vec![respond::panic_text(&*panic)])));
        self.finish(&running, done)
    }

    /// Refuses a request that the shell could not read, or has no time for. Its body may be absent.
    #[must_use]
    pub fn refuse(&self, request: &Request, arrival: &Arrival, failure: Failure) -> Response {
        self.finish(&self.run(request, arrival), Err(failure))
    }

    pub(crate) fn run<'a>(&self, request: &'a Request, arrival: &'a Arrival) -> Running<'a> {
        let headers = request.headers();
        let given = request_id::given(headers).or(arrival.request_id.as_deref());
        let request_id = given.map_or_else(request_id::new, str::to_owned);
        let log = self
            .options
            .log
            .of(&request_id, request_id::trace(headers).or(arrival.trace_id.as_deref()));
        Running {
            request,
            arrival,
            route: Route::of(request.uri().path(), &self.services),
            context: Context { deadline: arrival.deadline, ..Context::new(request_id) },
            log,
            started: arrival.arrived.unwrap_or_else(Instant::now),
        }
    }

    /// The route of a request that may be answered, as its line and headers say; none for a preflight.
    pub(crate) fn admit(
        &self,
        request: &Request,
        arrival: &Arrival,
        route: Option<Route>,
    ) -> Result<Option<Route>, Failure> {
        if request.method() == Method::OPTIONS {
            return Ok(None);
        }
        let is_page = route.is_some_and(|it| it.target == Target::Page)
            && page::is_for_people(request.headers());
        let is_open = arrival.is_trusted || is_page || route.is_some_and(|it| it.is_open);
        if let Some(key) = self.options.api_key.as_deref().filter(|_| !is_open)
            && !key::is_known(request.headers(), key)
        {
            return Err(Failure::new(StatusCode::UNAUTHORIZED, "Unauthorized"));
        }
        let Some(route) = route else {
            return Err(Failure::new(StatusCode::NOT_FOUND, "Not Found"));
        };
        if !route.has(request.method()) {
            let failure = Failure::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
            return Err(Failure { allow: Some(route.allow), ..failure });
        }
        Ok(Some(route))
    }

    pub(crate) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Relaxed)
    }

    /// Looks whether files of the services have changed. What goes wrong is told in the log; the old ones go on answering.
    pub fn refresh(&self) {
        for service in &self.services {
            let name = service.name();
            match service.refresh() {
                Ok(false) => {}
                Ok(true) => {
                    self.metrics.loaded(name);
                    self.options.log.say(Level::Info, "loaded anew", json!({"service": name}));
                }
                Err(err) => {
                    let fields =
                        json!({"service": name, "error": err.to_string(), "causes": err.causes()});
                    self.options.log.say(Level::Error, "not loaded anew", fields);
                }
            }
        }
    }
}
