//! An invocation: what its event asks for, one batch after the other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use engine::{BatchReport, Error, Response, Settings, handle_batch, predict_table};
use serde_json::{Value, json};
use server::{Arrival, Failure, Level, Log, Request};

use crate::envelope::HttpEvent;
use crate::event::{Event, Payload};
use crate::services::{Services, Source};
use crate::{Options, direct, envelope};

/// The function: what every invocation shares.
pub struct Handler {
    options: Options,
    /// What answers requests.
    services: Services,
    is_cold: AtomicBool,
    /// When the services last looked whether their files have changed.
    looked: Mutex<Instant>,
}

/// An invocation, but for its event.
#[derive(Debug, Clone)]
pub struct Call {
    /// Lambda's name for it.
    pub request_id: String,
    /// The trace it belongs to.
    pub trace_id: Option<String>,
    /// Milliseconds since 1970 when Lambda ends it.
    pub deadline: u64,
}

/// An invocation that failed: Lambda counts it, tries it again or sends it on, as the function is set up.
#[derive(Debug)]
pub struct Failed {
    /// `ValidationError` or `InternalError`.
    pub error_type: &'static str,
    /// What went wrong.
    pub text: String,
}

/// What the batches of an invocation add up to.
#[derive(Default)]
struct Totals {
    n_batches: u64,
    n_errors: u64,
    report: BatchReport,
}

impl Handler {
    /// The function with its services.
    #[must_use]
    pub fn new(mut options: Options) -> Self {
        let source = std::mem::replace(&mut options.services, Source::Given(Vec::new()));
        let services = Services::new(source, options.app());
        let looked = Mutex::new(Instant::now());
        Self { options, services, is_cold: AtomicBool::new(true), looked }
    }

    /// Answers an event as it came.
    pub(crate) fn receive(&self, event: &Payload, call: &Call) -> Result<Value, Failed> {
        match &event.0 {
            Ok(event) => self.answer(event, call),
            Err(text) => {
                let err = Error::request(format!("The event cannot be read: {text}"));
                Ok(self.refuse(&err, call).envelope())
            }
        }
    }

    /// Answers an event, whatever it is.
    ///
    /// # Errors
    /// An invocation that Lambda should count as failed: new objects that were not predicted.
    pub fn answer(&self, event: &Value, call: &Call) -> Result<Value, Failed> {
        let arrived = Instant::now();
        if let Some(event) = HttpEvent::of(event) {
            self.refresh();
            return Ok(self.http(event, call, arrived, None));
        }
        if self.services.exist() && direct::is_for_a_service(event) {
            self.refresh();
            return Ok(self.direct(event, call, arrived));
        }
        self.batches(event.clone(), call)
    }

    /// The answer to a request that has had its time; none if the event is no request: a batch knows its deadline itself.
    pub(crate) fn give_up(&self, event: &Payload, call: &Call, arrived: Instant) -> Option<Value> {
        let event = event.0.as_ref().ok()?;
        let late = Failure::late();
        HttpEvent::of(event).map(|event| self.http(event, call, arrived, Some(late)))
    }

    /// The point in time until which an answer is worked on.
    pub(crate) fn deadline(&self, call: &Call) -> Instant {
        let end = UNIX_EPOCH + Duration::from_millis(call.deadline);
        let left = end.duration_since(SystemTime::now()).unwrap_or_default();
        Instant::now() + left.saturating_sub(self.options.margin).max(left / 2)
    }

    fn refresh(&self) {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if self.options.fresh_for <= looked.elapsed() {
            self.services.app().refresh();
            *looked = Instant::now();
        }
    }

    fn http(
        &self,
        event: HttpEvent,
        call: &Call,
        arrived: Instant,
        late: Option<Failure>,
    ) -> Value {
        let HttpEvent { form, request, fault, request_id } = event;
        let arrival = Arrival {
            request_id: Some(request_id.unwrap_or_else(|| call.request_id.clone())),
            trace_id: call.trace_id.clone(),
            may_pack: form.takes_bytes(),
            arrived: Some(arrived),
            deadline: Some(self.deadline(call)),
            ..Arrival::default()
        };
        let response = match late.or(fault) {
            Some(fault) => self.services.app().refuse(&request, &arrival, fault),
            None => self.services.answer(&request, &arrival),
        };
        envelope::answer(Some(form), &response)
    }

    /// Whoever may invoke the function needs no key.
    fn direct(&self, event: &Value, call: &Call, arrived: Instant) -> Value {
        let arrival = Arrival {
            request_id: Some(call.request_id.clone()),
            trace_id: call.trace_id.clone(),
            is_trusted: true,
            arrived: Some(arrived),
            deadline: Some(self.deadline(call)),
            ..Arrival::default()
        };
        let response = match direct::request(event) {
            Ok(request) => self.services.answer(&request, &arrival),
            Err(fault) => self.services.app().refuse(&Request::default(), &arrival, fault),
        };
        envelope::answer(None, &response)
    }

    fn batches(&self, event: Value, call: &Call) -> Result<Value, Failed> {
        let started = Instant::now();
        let log = self.log(call);
        if let Some(warning) = self.options.warning.as_ref().filter(|_| self.is_cold()) {
            log.say(Level::Warn, "files are not kept on disk", json!({"reason": warning}));
        }
        let settings = self.settings(call);
        let mut totals = Totals::default();
        let answer = self.carry_out(Event::of(event), &settings, &log, &mut totals);
        self.measure(&log, &totals, started.elapsed());
        answer
    }

    fn is_cold(&self) -> bool {
        self.is_cold.load(Ordering::Relaxed)
    }

    fn log(&self, call: &Call) -> Log {
        self.options.log.of(&call.request_id, call.trace_id.as_deref())
    }

    /// The settings until the deadline.
    fn settings(&self, call: &Call) -> Settings {
        let mut settings = self.options.settings.clone();
        settings.storage = settings.storage.until(self.deadline(call));
        settings
    }

    fn carry_out(
        &self,
        event: Event,
        settings: &Settings,
        log: &Log,
        totals: &mut Totals,
    ) -> Result<Value, Failed> {
        match event {
            Event::Batch(event) => Ok(self.batch(&event, settings, log, totals).envelope()),
            Event::Objects(uris) => objects(&uris, settings, log, totals),
            Event::Messages(messages) => {
                let mut failures = Vec::new();
                for (id, event) in messages {
                    let done = event.map_err(|text| Failed { error_type: "ValidationError", text });
                    if let Err(failed) =
                        done.and_then(|event| self.message(event, settings, log, totals))
                    {
                        let fields = json!({"messageId": id, "error": failed.text});
                        log.say(Level::Error, "a message failed", fields);
                        failures.push(json!({"itemIdentifier": id}));
                    }
                }
                Ok(json!({"batchItemFailures": failures}))
            }
            Event::Unclear(text) => {
                totals.n_errors += 1;
                log.say(Level::Error, "an event that names no object", json!({"error": text}));
                Err(Failed { error_type: "ValidationError", text })
            }
            Event::Test => Ok(json!({"statusCode": 200, "body": "{\"success\":true}"})),
        }
    }

    fn batch(
        &self,
        event: &Value,
        settings: &Settings,
        log: &Log,
        totals: &mut Totals,
    ) -> Response {
        let response = handle_batch(event, settings, &mut |_| ());
        totals.add(response.report.as_ref());
        tell(&response, log);
        response
    }

    fn refuse(&self, err: &Error, call: &Call) -> Response {
        let log = self.log(call);
        let response = Response::error(err);
        tell(&response, &log);
        self.measure(&log, &Totals { n_errors: 1, ..Totals::default() }, Duration::ZERO);
        response
    }

    /// A message that fails comes again, or goes to the queue for those that failed too often.
    fn message(
        &self,
        event: Event,
        settings: &Settings,
        log: &Log,
        totals: &mut Totals,
    ) -> Result<(), Failed> {
        let Event::Batch(event) = event else {
            return self.carry_out(event, settings, log, totals).map(|_| ());
        };
        let response = self.batch(&event, settings, log, totals);
        match response.category {
            None => Ok(()),
            Some(category) => Err(Failed {
                error_type: category.answer().error_type,
                text: response.body["error"].as_str().unwrap_or_default().to_owned(),
            }),
        }
    }

    fn measure(&self, log: &Log, totals: &Totals, took: Duration) {
        let is_cold = self.is_cold.swap(false, Ordering::Relaxed);
        let milliseconds = |it: Duration| it.as_secs_f64() * 1e3;
        let report = &totals.report;
        let metrics = [
            ("Rows", "Count", report.n_rows as f64),
            ("Batches", "Count", totals.n_batches as f64),
            ("Errors", "Count", totals.n_errors as f64),
            ("ColdStart", "Count", f64::from(u8::from(is_cold))),
            ("Duration", "Milliseconds", milliseconds(took)),
            ("LoadDuration", "Milliseconds", milliseconds(report.loading)),
            ("PredictDuration", "Milliseconds", milliseconds(report.predicting)),
            ("BytesRead", "Bytes", report.bytes_read as f64),
            ("BytesWritten", "Bytes", report.bytes_written as f64),
        ];
        let function = &self.options.function;
        match &self.options.namespace {
            Some(namespace) => log.measure(namespace, function, &metrics, json!({})),
            None => {
                let fields =
                    metrics.iter().map(|(name, _, value)| ((*name).to_owned(), json!(value)));
                log.say(Level::Info, "invocation", Value::Object(fields.collect()));
            }
        }
    }
}

fn tell(response: &Response, log: &Log) {
    let mut fields = json!({"statusCode": response.status, "response": response.body});
    let warnings = response.report.as_ref().map_or(&[][..], |it| &it.warnings);
    if !warnings.is_empty() {
        fields["warnings"] = json!(warnings);
    }
    if !response.causes.is_empty() {
        fields["causes"] = json!(response.causes);
    }
    let level = if response.status == 200 { Level::Info } else { Level::Error };
    log.say(level, "batch", fields);
}

/// A batch for each object that a rule is for. One failure fails the invocation, after all have been tried: a
/// second try predicts them again and writes the same.
fn objects(
    uris: &[String],
    settings: &Settings,
    log: &Log,
    totals: &mut Totals,
) -> Result<Value, Failed> {
    let mut results = Vec::new();
    let mut failed: Option<Error> = None;
    for uri in uris {
        let Some(request) = settings.rules.iter().find_map(|it| it.request(uri)) else {
            log.say(Level::Warn, "no rule is for this object", json!({"object": uri}));
            results.push(json!({"input": uri, "ignored": true}));
            continue;
        };
        let output = request.output.to_string();
        let done = predict_table(&request, settings, &mut |_| ());
        totals.add(done.as_ref().ok());
        match done {
            Ok(report) => {
                let mut fields = json!({
                    "input": uri,
                    "output_s3_uri": output,
                    "predictions_generated": report.n_rows,
                });
                if let Some(cached) = report.cached {
                    fields["cached"] = json!(cached);
                }
                log.say(Level::Info, "object", fields.clone());
                results.push(fields);
            }
            Err(err) => {
                let fields =
                    json!({"input": uri, "error": err.to_string(), "causes": err.causes()});
                log.say(Level::Error, "an object failed", fields);
                failed.get_or_insert(err);
            }
        }
    }
    match failed {
        None => Ok(json!({"success": true, "results": results})),
        Some(err) => {
            Err(Failed { error_type: err.category().answer().error_type, text: err.to_string() })
        }
    }
}

impl Totals {
    fn add(&mut self, report: Option<&BatchReport>) {
        self.n_batches += 1;
        let Some(report) = report else {
            self.n_errors += 1;
            return;
        };
        let total = &mut self.report;
        total.n_rows += report.n_rows;
        total.bytes_read += report.bytes_read;
        total.bytes_written += report.bytes_written;
        total.loading += report.loading;
        total.predicting += report.predicting;
    }
}
