//! Whole batches with every fault in every request they make: each ends in the right table, or in an error that
//! names the object; what was there before is never half replaced, and no upload stays open.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use engine::{
    BatchRequest, CacheOptions, Category, Inputs, Models, S3Settings, Settings, Storage,
    parse_location, predict_table,
};
use s3_server::{Fault, Seen, Server};
use storage::Tuning;

const FLIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/flights");
const STEP: u64 = 8 << 10;
/// Enough for several ranges and parts.
const LINES: usize = 400;
const N_THREADS: usize = 6;

/// A request of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Model,
    LaterModel,
    Data,
    LaterData,
    Put,
    Create,
    Part,
    Complete,
}

const READS: [Target; 4] = [Target::Model, Target::LaterModel, Target::Data, Target::LaterData];
const WRITES: [Target; 4] = [Target::Put, Target::Create, Target::Part, Target::Complete];

const OF_READS: [Fault; 7] = [
    Fault::Truncated(0),
    Fault::Truncated(1000),
    Fault::Short(1000),
    Fault::Garbage,
    Fault::Garbled,
    Fault::ErrorInside,
    Fault::WrongTag,
];
const OF_PARTS: [Fault; 2] = [Fault::WrongTag, Fault::NoTag];
const OF_XML: [Fault; 4] =
    [Fault::Truncated(20), Fault::Short(20), Fault::Garbled, Fault::ErrorInside];

#[derive(Debug, Clone, Copy)]
struct Case {
    target: Target,
    fault: Fault,
    is_always: bool,
}

impl Target {
    fn is(self, seen: &Seen) -> bool {
        let (is_model, is_get) = (seen.path.ends_with(".pkl"), seen.method == "GET");
        let is_first = seen.offset == Some(0);
        match self {
            Self::Model => is_get && is_model && is_first,
            Self::LaterModel => is_get && is_model && !is_first,
            Self::Data => is_get && seen.path.starts_with("/data/") && is_first,
            Self::LaterData => is_get && seen.path.starts_with("/data/") && !is_first,
            Self::Put => seen.method == "PUT" && seen.query.is_empty(),
            Self::Create => seen.method == "POST" && seen.query.starts_with("uploads"),
            Self::Part => seen.query.starts_with("partNumber=2&"),
            Self::Complete => seen.method == "POST" && seen.query.starts_with("uploadId"),
        }
    }

    fn uri(self) -> &'static str {
        match self {
            Self::Model | Self::LaterModel => "s3://models/flights.pkl",
            Self::Data | Self::LaterData => "s3://data/flights.csv",
            _ => "s3://out/flights.csv",
        }
    }
}

impl Case {
    fn all() -> Vec<Self> {
        let with = |target: Target, faults: &[Fault]| -> Vec<Self> {
            let both = |fault: &Fault| {
                [false, true].map(|is_always| Self { target, fault: *fault, is_always })
            };
            faults.iter().flat_map(both).collect()
        };
        let reads = READS.map(|it| [with(it, &Fault::OF_ALL), with(it, &OF_READS)].concat());
        let writes = WRITES.map(|it| {
            let more =
                if matches!(it, Target::Put | Target::Part) { &OF_PARTS[..] } else { &OF_XML };
            [with(it, &Fault::OF_ALL), with(it, more)].concat()
        });
        reads.into_iter().chain(writes).flatten().collect()
    }

    fn must_succeed(self) -> bool {
        let is_other = matches!(self.fault, Fault::WrongTag | Fault::NoTag);
        !self.is_always && !self.fault.is_refusal() && !is_other
    }
}

struct Place {
    server: Server,
    /// With parts of a step, and with the whole in one request.
    settings: [Settings; 2],
}

fn settings(server: &Server, part_bytes: usize) -> Settings {
    let tuning = Tuning {
        range_bytes: STEP,
        part_bytes,
        retries: 3,
        first_wait: Duration::from_millis(2),
        longest_wait: Duration::from_millis(20),
        read_timeout: Duration::from_millis(400),
        ..Tuning::default()
    };
    let s3 = S3Settings::from_variables(server.variables()).with_tuning(tuning);
    let fresh_for = Duration::from_secs(3600);
    let models = Models::new(CacheOptions { bytes: 1 << 30, fresh_for });
    Settings { storage: Storage::new(s3), models, ..Settings::default() }
}

fn place() -> Place {
    let server = Server::start(&["models", "data", "out"]).unwrap();
    let file = |name: &str| std::fs::read(format!("{FLIGHTS}/{name}")).unwrap();
    // The smaller of the two models of the example.
    server.put("models", "flights.pkl", file("air_time.pkl"));
    let text = String::from_utf8(file("data.csv")).unwrap();
    let lines: Vec<&str> = text.lines().take(LINES + 1).collect();
    server.put("data", "flights.csv", lines.join("\n"));
    let settings = [settings(&server, STEP as usize), settings(&server, 8 << 20)];
    Place { server, settings }
}

fn request() -> BatchRequest {
    let model = parse_location("s3://models/flights.pkl").unwrap();
    let data = parse_location("s3://data/flights.csv").unwrap();
    let inputs = Inputs { n_threads: 1, ..Inputs::of(model, data) };
    let output = parse_location("s3://out/flights.csv").unwrap();
    BatchRequest { inputs, output, output_format: None, column: "p".to_owned(), cache: None }
}

impl Place {
    fn run(&self, case: Case) -> Result<(), engine::Error> {
        let [parts, whole] = &self.settings;
        let mut settings = if case.target == Target::Put { whole } else { parts }.clone();
        if matches!(case.target, Target::Model | Target::LaterModel) {
            settings.models = Models::default();
        }
        let report = predict_table(&request(), &settings, &mut |_| ())?;
        assert_eq!(report.n_rows, LINES as u64);
        Ok(())
    }

    /// Whether the run succeeded.
    fn check(&self, case: Case, right: &[u8]) -> bool {
        let old = vec![b'x'; right.len()];
        self.server.put("out", "flights.csv", old.clone());
        let from = self.server.seen().len();
        let is_over = AtomicBool::new(false);
        self.server.fail(move |seen| {
            let is_hit =
                case.target.is(seen) && (case.is_always || !is_over.swap(true, Ordering::SeqCst));
            if is_hit { case.fault } else { Fault::None }
        });
        let done = self.run(case);
        self.server.fail(|_| Fault::None);
        let seen = self.server.seen().split_off(from);
        assert!(seen.iter().any(|it| case.target.is(it)), "{case:?} met no request");
        assert_eq!(self.server.open_uploads(), 0, "{case:?}");
        let there = self.server.get("out", "flights.csv").unwrap();
        match &done {
            Ok(()) => assert!(*there == *right, "{case:?}: other bytes"),
            Err(err) => {
                assert!(!case.must_succeed(), "{case:?}: {err}");
                assert!(err.to_string().contains(case.target.uri()), "{case:?}: {err}");
                let category = err.category();
                assert!(matches!(category, Category::Storage | Category::System), "{err:?}");
                assert!(*there == *old || *there == *right, "{case:?}: half an object");
            }
        }
        done.is_ok()
    }
}

#[test]
fn a_batch_survives_every_fault_or_says_why_not() {
    let (cases, next, started) = (Case::all(), AtomicUsize::new(0), Instant::now());
    let n_right = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let worker = || {
            let place = place();
            let first = Case { target: Target::Part, fault: Fault::None, is_always: true };
            place.run(first).unwrap();
            let right = place.server.get("out", "flights.csv").unwrap();
            while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                n_right.fetch_add(usize::from(place.check(*case, &right)), Ordering::Relaxed);
            }
        };
        (0..N_THREADS).for_each(|_| drop(scope.spawn(worker)));
    });
    let (n, n_right) = (cases.len(), n_right.into_inner());
    println!(
        "{n} faults: {n_right} answered right, {} clean errors, {:.1} s",
        n - n_right,
        started.elapsed().as_secs_f64()
    );
    assert!(200 <= n && 0 < n_right && n_right < n);
}
