//! `map_ordered` keeps order and bounds, gives the first error, and never hangs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use table::ordered::{WorkerPanic, map_ordered};

#[derive(Debug, PartialEq)]
enum Fault {
    At(u32),
    Panic(String),
}

impl From<WorkerPanic> for Fault {
    fn from(panic: WorkerPanic) -> Self {
        Self::Panic(panic.to_string())
    }
}

/// Runs items 0..n; gives what reached the sink and the end.
fn run(
    n: u32,
    n_threads: usize,
    max_in_flight: usize,
    worker: impl Fn(u32) -> Result<u32, Fault> + Sync,
) -> (Vec<u32>, Result<(), Fault>) {
    let (mut next, mut taken) = (0, Vec::new());
    let source = || {
        next += 1;
        Ok((next <= n).then_some(next - 1))
    };
    let end = map_ordered(source, n_threads, max_in_flight, worker, |item| {
        taken.push(item);
        Ok(())
    });
    (taken, end)
}

/// Later items are done sooner.
fn uneven(item: u32) {
    thread::sleep(Duration::from_micros(u64::from(7 - item % 8) * 50));
}

#[test]
fn results_arrive_in_the_order_of_the_items() {
    for (n_threads, max_in_flight) in [(0, 0), (1, 1), (2, 1), (4, 2), (4, 16), (16, 5)] {
        let (taken, end) = run(200, n_threads, max_in_flight, |item| {
            uneven(item);
            Ok(item)
        });
        assert_eq!((taken, end), ((0..200).collect(), Ok(())), "{n_threads}, {max_in_flight}");
    }
    assert_eq!(run(0, 4, 4, Ok), (Vec::new(), Ok(())));
}

#[test]
fn the_first_error_in_the_order_of_the_items_wins() {
    for n_threads in [1, 4, 16] {
        for _ in 0..20 {
            let (taken, end) = run(100, n_threads, 16, |item| {
                uneven(item);
                if item % 10 >= 3 { Err(Fault::At(item)) } else { Ok(item) }
            });
            assert_eq!((taken, end), (vec![0, 1, 2], Err(Fault::At(3))), "{n_threads}");
        }
    }
}

#[test]
fn errors_of_source_and_sink_end_the_run() {
    for n_threads in [1, 4] {
        let mut next = 0;
        let source = || {
            next += 1;
            if next > 5 { Err(Fault::At(next)) } else { Ok(Some(next)) }
        };
        let mut taken = Vec::new();
        let end = map_ordered(source, n_threads, 8, Ok, |item| {
            taken.push(item);
            Ok(())
        });
        assert_eq!((taken, end), (vec![1, 2, 3, 4, 5], Err(Fault::At(6))));

        let pulled = AtomicUsize::new(0);
        let source = || Ok(Some(pulled.fetch_add(1, Ordering::SeqCst) as u32));
        let end = map_ordered(source, n_threads, 8, Ok, |item| match item {
            20 => Err(Fault::At(20)),
            _ => Ok(()),
        });
        assert_eq!(end, Err(Fault::At(20)));
        assert!(pulled.load(Ordering::SeqCst) <= 21 + 8, "the source is endless");
    }
}

#[test]
fn no_more_items_are_in_flight_than_allowed() {
    let (in_flight, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut next = 0;
    let source = || {
        let now = in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        most.fetch_max(now, Ordering::SeqCst);
        next += 1;
        Ok::<_, Fault>((next <= 300).then_some(next))
    };
    let sink = |_| {
        thread::sleep(Duration::from_micros(100));
        in_flight.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    };
    map_ordered(source, 8, 5, Ok, sink).unwrap();
    // The item the sink holds has left its place already.
    let most = most.into_inner();
    assert!((2..=6).contains(&most), "{most}");
}

#[test]
fn a_panic_in_a_worker_or_the_source_is_an_error() {
    for n_threads in [1, 4] {
        let (taken, end) = run(50, n_threads, 8, |item| {
            assert!(item != 7, "seven");
            Ok(item)
        });
        assert_eq!(taken, [0, 1, 2, 3, 4, 5, 6]);
        assert!(matches!(&end, Err(Fault::Panic(text)) if text.ends_with("seven")), "{end:?}");

        let source = || -> Result<Option<u32>, Fault> { panic!("no source") };
        let end = map_ordered(source, n_threads, 8, Ok, |_: u32| Ok(()));
        assert!(matches!(&end, Err(Fault::Panic(text)) if text.ends_with("no source")), "{end:?}");
    }
}

#[test]
#[should_panic(expected = "the sink")]
fn a_panic_in_the_sink_reaches_the_caller() {
    let _ = map_ordered(|| Ok::<_, Fault>(Some(1)), 4, 8, Ok, |_| panic!("the sink"));
}
