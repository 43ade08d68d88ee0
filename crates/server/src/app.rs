//! From a request to its response: the same for every shell.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use bytes::Bytes;
use engine::Context;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use crate::failure::Shape;
use crate::metrics::Metrics;
use crate::route::{Route, Target};
use crate::{Endpoint, Failure, Level, Log, Origins};
use crate::{card, compression, health, key, openapi, page, predict, protocols, request_id};

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
    /// When the shell gives the request up.
    pub deadline: Option<Instant>,
    /// Set by the first response: an answer that comes after the shell has refused is not another request.
    pub is_answered: Arc<AtomicBool>,
}

/// Services behind routes.
pub struct App {
    services: Vec<Arc<dyn Endpoint>>,
    options: AppOptions,
    metrics: Metrics,
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
struct Running<'a> {
    request: &'a Request,
    arrival: &'a Arrival,
    route: Option<Route>,
    context: Context,
    log: Log,
    started: Instant,
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

    /// Whether a request is answered at once, without a model.
    #[must_use]
    pub fn is_light(&self, method: &Method, path: &str) -> bool {
        let route = Route::of(path, &self.services);
        method == Method::OPTIONS || route.is_none_or(|it| it.is_light)
    }

    /// Answers a request. Whatever it is, there is a response.
    #[must_use]
    pub fn answer(&self, request: &Request, arrival: &Arrival) -> Response {
        let running = self.run(request, arrival);
        // A bug in one answer must not end the others.
        let done = catch_unwind(AssertUnwindSafe(|| self.reply(&running)));
        let done = done.unwrap_or_else(|panic| Err(Failure::internal(vec![panic_text(&*panic)])));
        self.finish(&running, done)
    }

    /// Refuses a request that the shell could not read, or has no time for. Its body may be absent.
    #[must_use]
    pub fn refuse(&self, request: &Request, arrival: &Arrival, failure: Failure) -> Response {
        self.finish(&self.run(request, arrival), Err(failure))
    }

    fn run<'a>(&self, request: &'a Request, arrival: &'a Arrival) -> Running<'a> {
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
            started: Instant::now(),
        }
    }

    fn reply(&self, it: &Running<'_>) -> Result<Reply, Failure> {
        let request = it.request;
        if request.method() == Method::OPTIONS {
            return Ok(Reply::of("text/plain", Bytes::new()));
        }
        let is_page = it.route.is_some_and(|it| it.target == Target::Page)
            && page::is_for_people(request.headers());
        let is_open = it.arrival.is_trusted || is_page || it.route.is_some_and(|it| it.is_open);
        if let Some(key) = self.options.api_key.as_deref().filter(|_| !is_open)
            && !key::is_known(request.headers(), key)
        {
            return Err(Failure::new(StatusCode::UNAUTHORIZED, "Unauthorized"));
        }
        let Some(route) = it.route else {
            return Err(Failure::new(StatusCode::NOT_FOUND, "Not Found"));
        };
        if !route.has(request.method()) {
            let failure = Failure::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
            return Err(Failure { allow: Some(route.allow), ..failure });
        }
        if self.options.max_body < request.body().len() {
            return Err(compression::too_large(self.options.max_body));
        }
        match route.target {
            Target::Page if page::is_for_people(request.headers()) => {
                Ok(page::answer(request.headers(), page::index()))
            }
            Target::Asset(asset) => Ok(page::answer(request.headers(), asset)),
            Target::Page | Target::Card => {
                Ok(Reply::json(&card::card(&self.services, self.options.max_body)))
            }
            Target::Health => Ok(health::answer(self.is_ending())),
            Target::Live => Ok(health::live()),
            Target::Ready => Ok(health::ready(self.is_ending())),
            Target::Metrics => {
                Ok(Reply::of("text/plain; version=0.0.4; charset=utf-8", self.metrics.text()))
            }
            Target::OpenApi => {
                let has_key = self.options.api_key.is_some();
                Ok(Reply::json(&openapi::document(&self.services, has_key)))
            }
            Target::Inference => Ok(protocols::metadata()),
            Target::Models => {
                let names: Vec<&str> = self.services.iter().map(|it| it.name()).collect();
                Ok(protocols::names(&names))
            }
            Target::InferenceReady(at) => Ok(protocols::ready(self.name(at))),
            Target::ModelReady(at) => Ok(protocols::ready(self.name(at))),
            Target::InferenceModel(at) => Ok(match self.services[at].only_model() {
                Some(model) => protocols::model_metadata(self.name(at), &model),
                None => protocols::rows_metadata(self.services[at].as_ref()),
            }),
            Target::Choose(path) => Err(self.choose(path)),
            Target::Predict(_) | Target::Invoke(_) | Target::Infer(_) | Target::ModelPredict(_) => {
                self.predict(route.target, &self.unpacked(request)?, &it.context)
            }
        }
    }

    /// What a model answers.
    fn predict(
        &self,
        target: Target,
        request: &Request,
        context: &Context,
    ) -> Result<Reply, Failure> {
        if context.deadline.is_some_and(|it| it <= Instant::now()) {
            return Err(Failure::late());
        }
        let (Target::Predict(at)
        | Target::Invoke(at)
        | Target::Infer(at)
        | Target::ModelPredict(at)) = target
        else {
            return Err(Failure::internal(vec!["a route without an answer".to_owned()]));
        };
        let service = self.services[at].as_ref();
        match (target, service.only_model()) {
            (Target::Invoke(_), model) => {
                protocols::invoke(service, model.as_deref(), request, context)
            }
            (Target::Infer(_), Some(model)) => {
                protocols::infer(service.name(), &model, request, context)
            }
            (Target::Infer(_), None) => protocols::infer_rows(service, request, context),
            (Target::ModelPredict(_), Some(model)) => protocols::predict(&model, request, context),
            (Target::ModelPredict(_), None) => protocols::predict_rows(service, request, context),
            _ => predict::answer(service, request, context),
        }
    }

    fn name(&self, at: usize) -> &str {
        self.services[at].name()
    }

    fn is_ending(&self) -> bool {
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

    /// The request with the body as it was before it was packed.
    fn unpacked(&self, request: &Request) -> Result<Request, Failure> {
        let limit = self.options.max_body;
        let body = compression::unpacked(request.headers(), request.body().clone(), limit)?;
        let mut all = Request::new(body);
        *all.method_mut() = request.method().clone();
        *all.uri_mut() = request.uri().clone();
        *all.headers_mut() = request.headers().clone();
        Ok(all)
    }

    fn choose(&self, path: &str) -> Failure {
        let paths: Vec<String> =
            self.services.iter().map(|it| format!("/{}/{path}", it.name())).collect();
        let text = format!("There are several services: {}", paths.join(", "));
        Failure::new(StatusCode::NOT_FOUND, text)
    }

    /// The response, counted and logged.
    fn finish(&self, it: &Running<'_>, done: Result<Reply, Failure>) -> Response {
        let shape = it.route.map_or(Shape::Error, |it| it.shape);
        let reply = done.unwrap_or_else(|failure| {
            tell(&it.log, &failure);
            refusal(&failure, shape, &it.context.request_id)
        });
        let mut headers = reply.headers;
        headers.insert(CONTENT_TYPE, reply.kind);
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::from_str(&it.context.request_id) {
            headers.insert(request_id::HEADER, id);
        }
        self.options.origins.apply(it.request.headers(), &mut headers);
        let body = if it.arrival.may_pack {
            compression::pack(it.request.headers(), &mut headers, reply.body)
        } else {
            reply.body
        };
        if !it.arrival.is_answered.swap(true, Ordering::Relaxed) {
            self.count(it, reply.status, reply.rows, body.len());
        }
        let is_head = it.request.method() == Method::HEAD;
        if is_head {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        let mut response = Response::new(if is_head { Bytes::new() } else { body });
        *response.status_mut() = reply.status;
        *response.headers_mut() = headers;
        response
    }

    fn count(&self, it: &Running<'_>, status: StatusCode, rows: u64, n_bytes: usize) {
        let took = it.started.elapsed();
        let label = it.route.map_or("other", |it| it.label);
        let method = match it.request.method().as_str() {
            "GET" => "GET",
            "HEAD" => "HEAD",
            "POST" => "POST",
            "OPTIONS" => "OPTIONS",
            _ => "other",
        };
        self.metrics.answered((label, method, status.as_u16()), took, rows);
        let level = if label == "/health" || label == "/ping" { Level::Debug } else { Level::Info };
        it.log.say_with(level, "request", || {
            json!({
                "method": it.request.method().as_str(),
                "path": it.request.uri().path(),
                "status": status.as_u16(),
                "bytesIn": it.request.body().len(),
                "bytesOut": n_bytes,
                "rows": rows,
                "durationMs": took.as_micros() as f64 / 1e3,
            })
        });
    }
}

/// What goes wrong is told in the log with its causes: as an error if it is ours to mend.
fn tell(log: &Log, failure: &Failure) {
    let is_ours = failure.status.is_server_error();
    let (level, message) = match is_ours || !failure.causes.is_empty() {
        true => (Level::Error, "a request failed"),
        false => (Level::Debug, "a request was refused"),
    };
    log.say_with(level, message, || {
        json!({"status": failure.status.as_u16(), "error": failure.text, "causes": failure.causes})
    });
}

fn refusal(failure: &Failure, shape: Shape, request_id: &str) -> Reply {
    let mut reply = Reply::json(&failure.body(shape, request_id)).with(failure.status);
    if let Some(allow) = failure.allow {
        reply.headers.insert(ALLOW, HeaderValue::from_static(allow));
    }
    if failure.status == StatusCode::SERVICE_UNAVAILABLE {
        reply.headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    reply
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("a bug: {}", text.unwrap_or_default())
}
