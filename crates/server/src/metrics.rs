//! What the server counts, in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper ends of the histogram's buckets in seconds, from a millisecond's half to the usual time limit.
const SECONDS: [f64; 13] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Counters, from the start of the process.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// By route, method and status.
    requests: BTreeMap<(&'static str, &'static str, u16), u64>,
    /// By route.
    durations: BTreeMap<&'static str, Histogram>,
    rows: u64,
    /// By service.
    loads: BTreeMap<String, u64>,
}

#[derive(Debug, Default)]
struct Histogram {
    /// One bucket more than `SECONDS`, for what is slower.
    counts: [u64; SECONDS.len() + 1],
    sum: f64,
}

impl Metrics {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an answered request.
    pub(crate) fn answered(
        &self,
        (route, method, status): (&'static str, &'static str, u16),
        took: Duration,
        rows: u64,
    ) {
        let mut counts = self.counts();
        *counts.requests.entry((route, method, status)).or_default() += 1;
        counts.durations.entry(route).or_default().add(took.as_secs_f64());
        counts.rows += rows;
    }

    /// Counts a service whose models were read.
    pub(crate) fn loaded(&self, service: &str) {
        *self.counts().loads.entry(service.to_owned()).or_default() += 1;
    }

    /// All of it, as Prometheus reads it.
    pub(crate) fn text(&self) -> String {
        let counts = self.counts();
        let mut out = Text(String::new());
        out.head("pythia_build_info", "gauge", "Always 1; the version is a label.");
        out.line("pythia_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
        out.head("pythia_requests_total", "counter", "Answered requests.");
        for ((route, method, status), n) in &counts.requests {
            let labels = [("route", *route), ("method", method), ("status", &status.to_string())];
            out.line("pythia_requests_total", &labels, *n as f64);
        }
        let name = "pythia_request_duration_seconds";
        out.head(name, "histogram", "From a request's arrival to its answer.");
        for (route, histogram) in &counts.durations {
            histogram.write(name, route, &mut out);
        }
        out.head("pythia_rows_total", "counter", "Rows that were predicted.");
        out.line("pythia_rows_total", &[], counts.rows as f64);
        out.head("pythia_model_loads_total", "counter", "Times a service's files were read.");
        for (service, n) in &counts.loads {
            out.line("pythia_model_loads_total", &[("service", service)], *n as f64);
        }
        out.0
    }
}

impl Histogram {
    fn add(&mut self, seconds: f64) {
        self.counts[SECONDS.partition_point(|it| *it < seconds)] += 1;
        self.sum += seconds;
    }

    fn write(&self, name: &str, route: &str, out: &mut Text) {
        let mut total = 0;
        let ends = SECONDS.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
        for (end, n) in ends.zip(self.counts) {
            total += n;
            let labels = [("route", route), ("le", end.as_str())];
            out.line(&format!("{name}_bucket"), &labels, total as f64);
        }
        out.line(&format!("{name}_sum"), &[("route", route)], self.sum);
        out.line(&format!("{name}_count"), &[("route", route)], total as f64);
    }
}

/// Prometheus' text format, version 0.0.4.
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.0.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        self.0.push_str(name);
        for (index, (name, value)) in labels.iter().enumerate() {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let before = if index == 0 { '{' } else { ',' };
            // A String takes whatever is written.
            let _ = write!(self.0, "{before}{name}=\"{value}\"");
        }
        self.0.push_str(if labels.is_empty() { " " } else { "} " });
        let _ = writeln!(self.0, "{value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up_and_labels_are_escaped() {
        let metrics = Metrics::default();
        for milliseconds in [0, 1, 2, 60_000] {
            let took = Duration::from_millis(milliseconds);
            metrics.answered(("/predict", "POST", 200), took, 3);
        }
        metrics.loaded("a\"b");
        let text = metrics.text();
        for line in [
            "pythia_requests_total{route=\"/predict\",method=\"POST\",status=\"200\"} 4",
            "pythia_request_duration_seconds_bucket{route=\"/predict\",le=\"0.001\"} 2",
            "pythia_request_duration_seconds_bucket{route=\"/predict\",le=\"30\"} 3",
            "pythia_request_duration_seconds_bucket{route=\"/predict\",le=\"+Inf\"} 4",
            "pythia_request_duration_seconds_sum{route=\"/predict\"} 60.003",
            "pythia_rows_total 12",
            "pythia_model_loads_total{service=\"a\\\"b\"} 1",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}\nis not in\n{text}");
        }
    }
}
