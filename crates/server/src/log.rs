//! The log: a JSON object a line, with metrics in CloudWatch's embedded form.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What helps to find a fault.
    Debug,
    /// What happens.
    Info,
    /// What may be wrong.
    Warn,
    /// What is wrong.
    Error,
}

impl Level {
    /// Reads a level by the names that AWS and others have for it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "debug" | "trace" => Some(Self::Debug),
            "info" => Some(Self::Info),
            "warn" | "warning" => Some(Self::Warn),
            "error" | "fatal" => Some(Self::Error),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
        }
    }
}

/// Writes what happens: every line has the request id and trace id that it was made for. Clones write to the same place.
#[derive(Clone)]
pub struct Log {
    level: Level,
    common: Map<String, Value>,
    /// Standard output, if it is nowhere else.
    place: Option<Arc<Mutex<dyn Write + Send>>>,
}

impl Log {
    /// A log to standard output.
    #[must_use]
    pub fn new(level: Level) -> Self {
        Self { level, common: Map::new(), place: None }
    }

    /// A log to another place.
    #[must_use]
    pub fn to(level: Level, place: Arc<Mutex<dyn Write + Send>>) -> Self {
        Self { place: Some(place), ..Self::new(level) }
    }

    /// The log of one request.
    #[must_use]
    pub fn of(&self, request_id: &str, trace_id: Option<&str>) -> Self {
        let mut common = Map::new();
        common.insert("requestId".to_owned(), request_id.into());
        if let Some(trace_id) = trace_id {
            common.insert("traceId".to_owned(), trace_id.into());
        }
        Self { level: self.level, common, place: self.place.clone() }
    }

    /// A line, if its level is to be said.
    pub fn say(&self, level: Level, message: &str, fields: Value) {
        self.say_with(level, message, || fields);
    }

    /// A line whose fields are made only if its level is to be said.
    pub fn say_with(&self, level: Level, message: &str, fields: impl FnOnce() -> Value) {
        if self.level <= level {
            self.write(level, message, fields());
        }
    }

    /// A line with metrics, said at any level: they are counted, not read.
    pub fn measure(
        &self,
        namespace: &str,
        function: &str,
        metrics: &[(&str, &str, f64)],
        fields: Value,
    ) {
        let names: Vec<Value> =
            metrics.iter().map(|(name, unit, _)| json!({"Name": name, "Unit": unit})).collect();
        let mut all = json!({
            "_aws": {
                "Timestamp": milliseconds(),
                "CloudWatchMetrics": [{
                    "Namespace": namespace,
                    "Dimensions": [["Function"]],
                    "Metrics": names,
                }],
            },
            "Function": function,
        });
        for (name, _, value) in metrics {
            all[*name] = json!(value);
        }
        if let (Value::Object(all), Value::Object(fields)) = (&mut all, fields) {
            all.extend(fields);
        }
        self.write(Level::Info, "invocation", all);
    }

    fn write(&self, level: Level, message: &str, fields: Value) {
        let mut line = Map::new();
        line.insert("timestamp".to_owned(), milliseconds().into());
        line.insert("level".to_owned(), level.name().into());
        line.insert("message".to_owned(), message.into());
        line.extend(self.common.clone());
        if let Value::Object(fields) = fields {
            line.extend(fields);
        }
        let text = format!("{}\n", Value::Object(line));
        // Without a log there is nobody to tell.
        let _ = match &self.place {
            Some(place) => {
                place.lock().unwrap_or_else(PoisonError::into_inner).write_all(text.as_bytes())
            }
            None => io::stdout().write_all(text.as_bytes()),
        };
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("level", &self.level).finish_non_exhaustive()
    }
}

fn milliseconds() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}
