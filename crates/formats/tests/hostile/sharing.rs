//! Sharing and cycles: the same object from many places costs nothing.

use formats::ErrorKind;
use object_graph::Kind;

use crate::bytes::Pickle;
use crate::{error, read};

#[test]
fn a_list_of_the_same_list_2_to_the_30_times_is_small() {
    let doubled = |levels: u8| {
        let mut it = Pickle::new().raw(b"]\x94");
        for level in 0..levels {
            // A list that holds the last one twice.
            it = it.raw(b"]\x94(h").raw(&[level]).raw(b"h").raw(&[level]).raw(b"e");
        }
        (0..levels).fold(it, |it, _| it.raw(b"\x86")).stop()
    };
    let graph = read(|| doubled(30)).unwrap();
    assert!(graph.len() < 200);
    assert!(formats::unknown(&graph, &|_| false).is_empty());
}

#[test]
fn a_dict_may_contain_itself() {
    let graph = read(|| Pickle::new().raw(b"}\x94").text("me").raw(b"h\x00s").stop()).unwrap();
    assert_eq!(graph.root().get("me").unwrap().id(), graph.root().id());
}

#[test]
fn an_object_may_be_its_own_state() {
    let graph = read(|| Pickle::new().global("m", "C").raw(b")\x81\x94h\x00b").stop()).unwrap();
    let root = graph.root();
    assert_eq!(root.as_object().unwrap().state().unwrap().id(), root.id());
    assert_eq!(formats::unknown(&graph, &|_| false).len(), 1);
}

#[test]
fn an_array_of_objects_may_hold_itself() {
    let graph = read(|| {
        let head = Pickle::new().global("numpy.core.multiarray", "_reconstruct");
        head.global("numpy", "ndarray")
            .raw(b"K\x00\x85C\x01b\x87R\x94(K\x01K\x01\x85")
            .dtype("O8")
            .raw(b"\x89](h\x00etb")
            .stop()
    });
    let graph = graph.unwrap();
    let root = graph.root();
    let array = root.as_array().unwrap();
    assert_eq!(array.objects(&graph).unwrap(), [root.id()]);
}

#[test]
fn copies_of_a_long_list_that_a_file_asks_for_again_and_again_are_bounded() {
    let err = error(|| {
        let it = Pickle::new().raw(b"](").times(1_000_000, b"N").raw(b"e\x94");
        let it = it.global("builtins", "set").raw(b"\x940");
        it.times(100_000, b"h\x01h\x00\x85R0").raw(b"N").stop()
    });
    assert_eq!(err.kind(), ErrorKind::TooLarge);
}

#[test]
fn a_long_text_that_a_file_names_again_and_again_is_not_read_each_time() {
    let long = "x".repeat(8 << 20);
    // As the name of a class, as the argument of a call, as a key that is looked for.
    let err = error(|| {
        Pickle::new().text(&long).raw(b"\x94").times(1_000_000, b"h\x00h\x00\x930").raw(b".").open()
    });
    assert_eq!(err.kind(), ErrorKind::Malformed);
    let graph = read(|| {
        let it = Pickle::new().text(&long).raw(b"\x94").global("builtins", "str").raw(b"\x94");
        it.times(200_000, b"0h\x01h\x00\x85R").raw(b"\x86").stop()
    });
    assert_eq!(graph.unwrap().root().len(), Some(2));
}

#[test]
fn objects_that_share_a_state_of_many_entries_are_audited_in_linear_time() {
    let graph = read(|| {
        let mut it = Pickle::new().raw(b"}\x94(");
        for at in 0..100_000 {
            it = it.int(at).raw(b"N");
        }
        let it = it.raw(b"u0").global("m", "C").raw(b"\x940](");
        it.times(100_000, b"h\x01)\x81h\x00b").raw(b"e").stop()
    });
    assert_eq!(formats::unknown(&graph.unwrap(), &|_| false).len(), 1);
}

#[test]
fn the_memo_may_be_as_sparse_as_it_likes() {
    let graph = read(|| {
        let mut it = Pickle::new().raw(b"]");
        for at in 0..100_000_u32 {
            it = it.raw(b"r").raw(&at.wrapping_mul(0x9e37_79b1).to_le_bytes());
        }
        it.stop()
    });
    assert!(matches!(graph.unwrap().root().kind(), Kind::List(_)));
    let err = error(|| {
        let mut it = Pickle::new().raw(b"]");
        for at in 0..1_000_000_u32 {
            it = it.raw(b"r").raw(&at.wrapping_mul(0x9e37_79b1).to_le_bytes());
        }
        it.stop()
    });
    assert_eq!(err.kind(), ErrorKind::TooLarge);
}
