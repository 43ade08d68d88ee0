//! An invocation: what its event asks for, one batch after the other.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use engine::{BatchReport, Error, Response, Settings, handle_batch, predict_table};
use serde_json::{Value, json};

use crate::Options;
use crate::event::{Event, Payload};
use crate::log::{Level, Log};

/// What every invocation shares.
pub(crate) struct Handler {
    options: Options,
    is_cold: AtomicBool,
}

/// An invocation, but for its event.
pub(crate) struct Call {
    pub(crate) request_id: String,
    pub(crate) trace_id: Option<String>,
    /// Milliseconds since 1970 when Lambda ends it.
    pub(crate) deadline: u64,
}

/// An invocation that failed: Lambda counts it, tries it again or sends it on, as the function is set up.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error_type: &'static str,
    pub(crate) text: String,
}

/// What the batches of an invocation add up to.
#[derive(Default)]
struct Totals {
    n_batches: u64,
    n_errors: u64,
    report: BatchReport,
}

impl Handler {
    pub(crate) fn new(options: Options) -> Self {
        Self { options, is_cold: AtomicBool::new(true) }
    }

    /// Answers an event as it came.
    pub(crate) fn receive(&self, event: Payload, call: &Call) -> Result<Value, Failed> {
        match event.0 {
            Ok(event) => self.answer(event, call),
            Err(text) => {
                let err = Error::request(format!("The event cannot be read: {text}"));
                Ok(self.refuse(&err, call).envelope())
            }
        }
    }

    pub(crate) fn answer(&self, event: Value, call: &Call) -> Result<Value, Failed> {
        let started = Instant::now();
        let log = Log::new(self.options.level, &call.request_id, call.trace_id.as_deref());
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

    /// The settings until the deadline.
    fn settings(&self, call: &Call) -> Settings {
        let end = UNIX_EPOCH + Duration::from_millis(call.deadline);
        let left = end.duration_since(SystemTime::now()).unwrap_or_default();
        let usable = left.saturating_sub(self.options.margin).max(left / 2);
        let mut settings = self.options.settings.clone();
        settings.storage = settings.storage.until(Instant::now() + usable);
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
        let log = Log::new(self.options.level, &call.request_id, call.trace_id.as_deref());
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
