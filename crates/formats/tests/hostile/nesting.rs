//! Depth: nothing may recurse.

use formats::ErrorKind;
use object_graph::Kind;

use crate::bytes::Pickle;
use crate::{error, read};

#[test]
fn three_million_lists_in_lists_are_refused_or_read_without_recursion() {
    let err = error(|| Pickle::new().times(3_000_000, b"]").times(2_999_999, b"a").stop());
    assert_eq!(err.kind(), ErrorKind::TooLarge);
}

#[test]
fn three_hundred_thousand_lists_in_lists_are_read_and_dropped() {
    let graph = read(|| Pickle::new().times(300_000, b"]").times(299_999, b"a").stop()).unwrap();
    assert!(matches!(graph.root().kind(), Kind::List(_)));
    drop(graph);
}

#[test]
fn three_million_tuples_in_tuples_are_read() {
    read(|| Pickle::new().raw(b")").times(3_000_000, b"\x85").stop())
        .map(drop)
        .unwrap_or_else(|err| assert_eq!(err.kind(), ErrorKind::TooLarge));
}

#[test]
fn three_million_marks_are_refused() {
    let err = error(|| Pickle::new().times(3_000_000, b"(").stop());
    assert_eq!(err.kind(), ErrorKind::Malformed);
}

#[test]
fn a_hundred_thousand_objects_in_one_anothers_state_are_audited_without_recursion() {
    let graph = read(|| {
        Pickle::new()
            .times(100_000, b"cm\nC\n)\x81}\x8c\x01a")
            .raw(b"N")
            .times(100_000, b"sb")
            .stop()
    });
    let graph = graph.unwrap();
    let found = formats::unknown(&graph, &|_| false);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].class.as_str(), found[0].path.as_str()), ("m.C", "$"));
}
