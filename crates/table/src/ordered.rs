//! Many threads, one order: [`map_ordered`] works on items in parallel and hands results on in
//! the order the items came.
//!
//! Workers pull from the source themselves, one at a time under a lock, which numbers the items;
//! the calling thread hands results to the sink by number. A worker pulls only while fewer than
//! `max_in_flight` items are pulled and not yet taken by the sink: that bounds the memory.

use std::any::Any;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt::{self, Display, Formatter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A worker or the source panicked; the text is the panic's own.
#[derive(Debug, Clone)]
pub struct WorkerPanic {
    message: String,
}

impl WorkerPanic {
    fn new(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Self { message: text.unwrap_or_else(|| "no message".to_owned()) }
    }
}

impl Display for WorkerPanic {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "internal error: a worker panicked: {}", self.message)
    }
}

impl StdError for WorkerPanic {}

/// Pulls items from `source` until it gives `None`, runs `worker` on `n_threads` threads, and
/// hands the results to `sink`, on the calling thread, in the order of the items.
///
/// At most `max_in_flight` items (at least 1) are between source and sink at any time. With
/// `n_threads` of 0 or 1 everything runs on the calling thread.
///
/// # Errors
/// The first error in the order of the items, be it the source's, a worker's or the sink's: all
/// results before it have reached the sink, none after it does. A panic in `source` or `worker`
/// counts as an error; a panic in `sink` stops the workers and goes on to the caller.
///
/// ```
/// use table::ordered::map_ordered;
///
/// let mut numbers = 1..=5;
/// let mut squares = Vec::new();
/// map_ordered(
///     || Ok(numbers.next()),
///     4,
///     8,
///     |number| Ok::<i32, table::Error>(number * number),
///     |square| {
///         squares.push(square);
///         Ok(())
///     },
/// )?;
/// assert_eq!(squares, [1, 4, 9, 16, 25]);
/// # Ok::<(), table::Error>(())
/// ```
pub fn map_ordered<T, U, E>(
    mut source: impl FnMut() -> Result<Option<T>, E> + Send,
    n_threads: usize,
    max_in_flight: usize,
    worker: impl Fn(T) -> Result<U, E> + Sync,
    mut sink: impl FnMut(U) -> Result<(), E>,
) -> Result<(), E>
where
    U: Send,
    E: Send + From<WorkerPanic>,
{
    if n_threads <= 1 {
        while let Some(result) = next_result(&mut source, &worker) {
            sink(result?)?;
        }
        return Ok(());
    }
    let line = Line::new(max_in_flight.max(1));
    let source = Mutex::new(source);
    thread::scope(|scope| {
        // Dropped on every way out, a panic of the sink included: the scope waits for its threads.
        let _stop = StopOnDrop(&line);
        for _ in 0..n_threads {
            scope.spawn(|| work(&line, &source, &worker));
        }
        while let Some(result) = line.take_next() {
            sink(result?)?;
        }
        Ok(())
    })
}

/// One item pulled and worked on, on this thread; `None` at the end.
fn next_result<T, U, E: From<WorkerPanic>>(
    source: &mut impl FnMut() -> Result<Option<T>, E>,
    worker: &impl Fn(T) -> Result<U, E>,
) -> Option<Result<U, E>> {
    match guarded(source) {
        Ok(Some(item)) => Some(guarded(|| worker(item))),
        Ok(None) => None,
        Err(error) => Some(Err(error)),
    }
}

fn work<T, U, E: From<WorkerPanic>>(
    line: &Line<Result<U, E>>,
    source: &Mutex<impl FnMut() -> Result<Option<T>, E>>,
    worker: &impl Fn(T) -> Result<U, E>,
) {
    loop {
        // The lock spans numbering and pulling, so that numbers follow the source's order.
        let mut source = lock(source);
        let Some(number) = line.reserve() else { return };
        let pulled = guarded(&mut *source);
        if !matches!(pulled, Ok(Some(_))) {
            line.end_source();
        }
        drop(source);
        let result = match pulled {
            Ok(Some(item)) => guarded(|| worker(item)),
            Ok(None) => return line.end_at(number),
            Err(error) => Err(error),
        };
        if result.is_err() {
            line.end_source();
        }
        line.put(number, result);
    }
}

fn guarded<R, E: From<WorkerPanic>>(run: impl FnOnce() -> Result<R, E>) -> Result<R, E> {
    // Nothing the closure touches is used after a panic: the error ends the whole run.
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result,
        Err(payload) => Err(WorkerPanic::new(payload.as_ref()).into()),
    }
}

/// The numbered places between source and sink.
struct Line<R> {
    state: Mutex<State<R>>,
    changed: Condvar,
    max_in_flight: u64,
}

struct State<R> {
    /// The number the next pulled item gets.
    next_in: u64,
    /// The number the sink waits for.
    next_out: u64,
    done: BTreeMap<u64, R>,
    /// No further item is pulled.
    source_ended: bool,
    /// How many items there are, once the source has said so.
    end: Option<u64>,
}

impl<R> Line<R> {
    fn new(max_in_flight: usize) -> Self {
        let state = State {
            next_in: 0,
            next_out: 0,
            done: BTreeMap::new(),
            source_ended: false,
            end: None,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
            max_in_flight: max_in_flight as u64,
        }
    }

    /// Waits for a free place and numbers it; `None` when nothing more is to be pulled.
    fn reserve(&self) -> Option<u64> {
        let mut state = lock(&self.state);
        while !state.source_ended && state.next_in - state.next_out >= self.max_in_flight {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.source_ended {
            return None;
        }
        state.next_in += 1;
        Some(state.next_in - 1)
    }

    fn put(&self, number: u64, result: R) {
        lock(&self.state).done.insert(number, result);
        self.changed.notify_all();
    }

    fn end_source(&self) {
        lock(&self.state).source_ended = true;
        self.changed.notify_all();
    }

    fn end_at(&self, number: u64) {
        lock(&self.state).end = Some(number);
        self.changed.notify_all();
    }

    /// Waits for the next result in order; `None` after the last.
    fn take_next(&self) -> Option<R> {
        let mut state = lock(&self.state);
        loop {
            let next = state.next_out;
            if let Some(result) = state.done.remove(&next) {
                state.next_out += 1;
                self.changed.notify_all();
                return Some(result);
            }
            if state.end == Some(next) {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

struct StopOnDrop<'a, R>(&'a Line<R>);

impl<R> Drop for StopOnDrop<'_, R> {
    fn drop(&mut self) {
        self.0.end_source();
    }
}

fn lock<R>(mutex: &Mutex<R>) -> MutexGuard<'_, R> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
