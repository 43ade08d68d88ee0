//! Every operation with every fault, once, twice and always: the run ends in the right bytes, or in an error that
//! names the object; there is never another object than the old or the new one, and no upload stays open.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use s3_server::{Fault, Seen, Server};
use storage::{Error, ErrorKind, S3Settings, Storage, Tuning};

use crate::{at, bytes, first, write};

/// Bytes of a range and of a part.
const STEP: usize = 4096;
/// Four of them.
const SIZE: usize = 3 * STEP + 100;
const N_THREADS: usize = 8;
const TIMES: [usize; 3] = [1, 2, usize::MAX];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    /// The range of that number of an object that is read from the beginning on.
    Range(u64),
    /// A range in the middle, after the size was asked for.
    ReadAt,
    /// Whether a known version is still there.
    Conditional,
    Head,
    Put,
    Create,
    Part(usize),
    Complete,
    /// What a run does that is given up.
    Abort,
    /// The search for uploads whose start nobody heard of.
    List,
}

const OPERATIONS: [Operation; 12] = [
    Operation::Range(0),
    Operation::Range(1),
    Operation::Range(3),
    Operation::ReadAt,
    Operation::Conditional,
    Operation::Head,
    Operation::Put,
    Operation::Create,
    Operation::Part(1),
    Operation::Part(4),
    Operation::Complete,
    Operation::Abort,
];

/// Faults of answers with a tag, and of those with a body.
const OF_TAGS: [Fault; 2] = [Fault::WrongTag, Fault::NoTag];
const OF_BODIES: [Fault; 6] = [
    Fault::Truncated(0),
    Fault::Truncated(60),
    Fault::Short(60),
    Fault::Garbage,
    Fault::Garbled,
    Fault::ErrorInside,
];

#[derive(Debug, Clone, Copy)]
struct Case {
    operation: Operation,
    fault: Fault,
    times: usize,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Right,
    Error,
}

impl Operation {
    fn faults(self) -> Vec<Fault> {
        let has_tag = !matches!(self, Self::Abort | Self::Create | Self::List | Self::Complete);
        let has_body = !matches!(
            self,
            Self::Abort | Self::Head | Self::Put | Self::Part(_) | Self::Conditional
        );
        let tags = if has_tag { OF_TAGS.as_slice() } else { &[] };
        let bodies = if has_body { OF_BODIES.as_slice() } else { &[] };
        [&Fault::OF_ALL, tags, bodies].concat()
    }

    fn is(self, seen: &Seen) -> bool {
        let query = |start: &str| seen.query.starts_with(start);
        match (self, seen.method.as_str()) {
            (Self::Range(n), "GET") => seen.offset.is_some_and(|it| it / STEP as u64 == n),
            (Self::ReadAt | Self::Conditional, "GET") => true,
            (Self::Head, "HEAD") => true,
            (Self::Put, "PUT") => seen.query.is_empty(),
            (Self::Create, "POST") => query("uploads"),
            (Self::Part(n), "PUT") => query(&format!("partNumber={n}&")),
            (Self::Complete, "POST") => query("uploadId"),
            (Self::Abort, "DELETE") => true,
            (Self::List, "GET") => query("uploads") || query("uploadId"),
            _ => false,
        }
    }

    /// Does it with the object that is there, and checks what comes of it.
    fn run(self, storage: &Storage, uri: &str, old: &[u8], new: &[u8]) -> Result<(), Error> {
        let right = |read: &[u8], from: usize| {
            assert!(*read == old[from..from + read.len()], "{self:?} read other bytes");
        };
        match self {
            Self::Range(_) => {
                let read = storage.read(&at(uri), 1 << 30)?;
                assert_eq!(read.len(), old.len(), "{self:?}");
                right(&read, 0);
            }
            Self::ReadAt => {
                let ranged = storage.open_ranged(&at(uri))?;
                let read = ranged.bytes.read_at(5000, 3000);
                let read = read.map_err(|err| Error::of(err).expect("an error of storage"))?;
                assert_eq!(read.len(), 3000);
                right(&read, 5000);
            }
            Self::Conditional => {
                let known = KNOWN.with_borrow(|it| it.get(uri).cloned()).expect("its version");
                if let Some(source) = storage.open_if_changed(&at(uri), Some(&known))? {
                    right(&source.read(&at(uri), 1 << 30)?, 0);
                }
            }
            Self::Head => {
                assert_eq!(storage.stat(&at(uri))?.size, old.len() as u64);
            }
            Self::Abort => {
                let mut sink = storage.create(&at(uri))?;
                sink.write_all(new).map_err(|err| sink.failed(err))?;
            }
            _ => write(storage, uri, new)?,
        }
        Ok(())
    }
}

thread_local! {
    /// The versions of objects before faults set in.
    static KNOWN: std::cell::RefCell<BTreeMap<String, storage::Version>> = const {
        std::cell::RefCell::new(BTreeMap::new())
    };
}

impl Case {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for operation in OPERATIONS.into_iter().chain([Operation::List]) {
            for fault in operation.faults() {
                all.extend(TIMES.map(|times| Self { operation, fault, times }));
            }
        }
        all
    }

    /// Whether it passes, and sending the request again is enough.
    fn must_succeed(self) -> bool {
        let has_other_tag = OF_TAGS.contains(&self.fault);
        // An answer of 200 that is none: nobody may complete a second time what may be complete.
        let is_unclear = self.operation == Operation::Complete && self.fault == Fault::Garbage;
        self.times != usize::MAX && !self.fault.is_refusal() && !has_other_tag && !is_unclear
    }

    fn is_carried_out(self) -> bool {
        use Fault::{AnswerLost, Garbled, NoTag, Short, Slow, Truncated, WrongTag};
        let fault = self.fault;
        matches!(fault, AnswerLost | Garbled | NoTag | Short(_) | Slow(_) | Truncated(_) | WrongTag)
    }

    fn check(self, server: &Server, storage: &Storage, number: usize) -> Outcome {
        let (key, uri) = (format!("case {number}"), format!("s3://bucket/case {number}"));
        let n = if self.operation == Operation::Put { 100 } else { SIZE };
        // As long as the new one: the size does not tell them apart.
        let (old, new) = (bytes(n).into_iter().map(|it| !it).collect::<Vec<u8>>(), bytes(n));
        server.fail(|_| Fault::None);
        server.put("bucket", &key, old.clone());
        let version = storage.stat(&at(&uri)).unwrap().version.unwrap();
        KNOWN.with_borrow_mut(|it| it.insert(uri.clone(), version));
        let from = server.seen().len();
        let operation = self.operation;
        let hit = first(self.times, self.fault, move |seen| operation.is(seen));
        let lost = first(1, Fault::AnswerLost, |seen| Operation::Create.is(seen));
        server.fail(move |seen| match (operation, hit(seen)) {
            (Operation::List, Fault::None) => lost(seen),
            (_, fault) => fault,
        });
        let done = self.operation.run(storage, &uri, &old, &new);
        server.fail(|_| Fault::None);

        let n_hits = server.seen()[from..].iter().filter(|it| self.operation.is(it)).count();
        assert!(0 < n_hits, "{self:?} met no request");
        assert!(
            !self.fault.is_refusal() || n_hits == 1 || self.operation == Operation::List,
            "{self:?}: {n_hits} requests"
        );
        self.check_object(server, &key, done.is_ok(), &old, &new);
        // Nothing can end an upload if ending is what fails.
        let may_stay = matches!(self.operation, Operation::Abort | Operation::List);
        assert!(
            server.open_uploads() == 0 || may_stay && !self.must_succeed_to_end(),
            "{self:?} leaves an upload"
        );
        server.end_uploads();
        match done {
            Ok(()) => Outcome::Right,
            Err(err) => {
                assert!(!self.must_succeed(), "{self:?}: {err}");
                assert!(err.to_string().contains(&uri), "{self:?}: {err}");
                let kind = err.kind();
                assert!(
                    !matches!(kind, ErrorKind::Unchanged | ErrorKind::NoRange),
                    "{self:?}: {err}"
                );
                Outcome::Error
            }
        }
    }

    /// The search for uploads that nobody heard of is tried once only.
    fn must_succeed_to_end(self) -> bool {
        self.operation == Operation::Abort && self.must_succeed()
    }

    fn check_object(self, server: &Server, key: &str, is_done: bool, old: &[u8], new: &[u8]) {
        use Operation::{Complete, Create, List, Part, Put};
        let there = server.get("bucket", key).unwrap();
        let (is_old, is_new) = (*there == *old, *there == *new);
        let writes = matches!(self.operation, Put | Create | Part(_) | Complete | List);
        let is_right = match (writes, is_done) {
            (false, _) => is_old,
            (true, true) => is_new,
            // Only what ends a write can have been carried out without an answer that says so.
            (true, false) if matches!(self.operation, Put | Complete) && self.is_carried_out() => {
                is_old || is_new
            }
            (true, false) => is_old,
        };
        assert!(is_right, "{self:?}: done {is_done}, old {is_old}, new {is_new}");
    }
}

fn quick() -> Tuning {
    Tuning {
        range_bytes: STEP as u64,
        part_bytes: STEP,
        retries: 3,
        first_wait: Duration::from_millis(2),
        longest_wait: Duration::from_millis(20),
        read_timeout: Duration::from_millis(250),
        ..Tuning::default()
    }
}

#[test]
fn every_operation_survives_every_fault_or_says_why_not() {
    let (cases, next, started) = (Case::all(), AtomicUsize::new(0), Instant::now());
    assert!(200 <= cases.len());
    let outcomes = Mutex::new(BTreeMap::<Outcome, usize>::new());
    std::thread::scope(|scope| {
        let worker = || {
            let server = Server::start(&["bucket"]).unwrap();
            let settings = S3Settings::from_variables(server.variables()).with_tuning(quick());
            let storage = Storage::new(settings);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = cases.get(number) else { return };
                let outcome = case.check(&server, &storage, number);
                *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
            }
        };
        (0..N_THREADS).for_each(|_| drop(scope.spawn(worker)));
    });
    let outcomes = outcomes.into_inner().unwrap();
    println!(
        "{} faults: {} answered right, {} clean errors, {:.1} s",
        cases.len(),
        outcomes[&Outcome::Right],
        outcomes[&Outcome::Error],
        started.elapsed().as_secs_f64()
    );
    assert_eq!(outcomes.values().sum::<usize>(), cases.len());
}

#[test]
fn an_object_of_the_same_size_and_parts_is_not_taken_for_the_new_one() {
    let server = Server::start(&["bucket"]).unwrap();
    let settings = S3Settings::from_variables(server.variables()).with_tuning(quick());
    let storage = Storage::new(settings);
    write(&storage, "s3://bucket/out", &vec![1; SIZE]).unwrap();
    server.fail(|seen| match Operation::Complete.is(seen) {
        true => Fault::Garbage,
        false => Fault::None,
    });
    let err = write(&storage, "s3://bucket/out", &vec![2; SIZE]).unwrap_err();
    assert!(err.to_string().starts_with("Failed to upload to S3: s3://bucket/out: "), "{err}");
    assert!(*server.get("bucket", "out").unwrap() == vec![1; SIZE]);
    assert_eq!(server.open_uploads(), 0);
}

#[test]
fn without_the_right_to_list_an_upload_nobody_heard_of_stays_and_the_run_succeeds() {
    let server = Server::start(&["unlisted"]).unwrap();
    let settings = S3Settings::from_variables(server.variables()).with_tuning(quick());
    let storage = Storage::new(settings);
    server.fail(first(1, Fault::AnswerLost, |seen| Operation::Create.is(seen)));
    write(&storage, "s3://unlisted/out", &bytes(SIZE)).unwrap();
    assert!(*server.get("unlisted", "out").unwrap() == bytes(SIZE));
    assert_eq!(server.open_uploads(), 1);
}

#[test]
fn an_upload_of_another_process_for_the_same_key_is_left_alone() {
    let server = Server::start(&["bucket"]).unwrap();
    let settings = S3Settings::from_variables(server.variables()).with_tuning(quick());
    let storage = Storage::new(settings);
    let mut other = storage.create(&at("s3://bucket/out")).unwrap();
    other.write_all(&vec![3; 2 * STEP]).unwrap();
    server.fail(first(1, Fault::AnswerLost, |seen| Operation::Create.is(seen)));
    write(&storage, "s3://bucket/out", &bytes(SIZE)).unwrap();
    assert_eq!(server.open_uploads(), 1, "the other's");
    other.commit().unwrap();
    assert!(*server.get("bucket", "out").unwrap() == vec![3; 2 * STEP]);
}
