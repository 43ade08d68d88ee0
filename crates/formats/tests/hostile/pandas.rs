//! Tables that are not what they say.

use formats::ErrorKind;

use crate::bytes::Pickle;
use crate::{error, read};

fn range_index(it: Pickle, stop: i64, step: i64) -> Pickle {
    let it = it.global("pandas.core.indexes.base", "_new_Index");
    let it = it.global("pandas.core.indexes.range", "RangeIndex").raw(b"}(");
    let it = it.text("name").raw(b"N").text("start").raw(b"K\x00").text("stop").int(stop);
    it.text("step").int(step).raw(b"u\x86R")
}

#[test]
fn a_range_of_two_to_the_60_labels_is_not_written_out() {
    let err = error(|| range_index(Pickle::new(), 1 << 60, 1).stop());
    assert_eq!(err.kind(), ErrorKind::TooLarge);
    let graph = read(|| range_index(Pickle::new(), 1 << 60, 0).stop()).unwrap();
    assert_eq!(graph.root().reason(), Some("a range with a step of 0"));
    let graph = read(|| range_index(Pickle::new(), i64::MIN, -(1 << 62)).stop()).unwrap();
    assert!(graph.root().reason().is_none());
}

#[test]
fn an_index_that_is_its_own_data_stays_inert() {
    let graph = read(|| {
        let it = Pickle::new().global("pandas.core.indexes.base", "_new_Index");
        let it = it.global("pandas", "Index").raw(b"}\x94\x86R\x94h\x00");
        it.text("data").raw(b"h\x01s0").stop()
    });
    assert!(graph.unwrap().root().reason().is_some());
}

#[test]
fn categories_that_are_their_own_categories_stay_inert() {
    let graph = read(|| {
        let it = Pickle::new().global("pandas.core.arrays.categorical", "Categorical");
        let it = it.raw(b")\x81\x94}(").text("_codes");
        let it = it.array(&[1], |it| it.dtype("i1"), |it| it.bytes(b"\x00")).text("_dtype");
        let it = it.global("pandas.core.dtypes.dtypes", "CategoricalDtype").raw(b")\x81}");
        let it = it.text("categories").global("pandas.core.indexes.base", "_new_Index");
        let it = it.global("pandas", "Index").raw(b"}").text("data").raw(b"h\x00s\x86Rsbub");
        it.stop()
    });
    assert!(graph.unwrap().root().reason().is_some());
}

#[test]
fn a_code_without_its_category_stays_inert() {
    let graph = read(|| {
        let it = Pickle::new().global("pandas.core.arrays.categorical", "Categorical");
        let it = it.raw(b")\x81}(").text("_codes");
        let it = it.array(&[1], |it| it.dtype("i1"), |it| it.bytes(b"\x63")).text("_dtype");
        let it = it.global("pandas.core.dtypes.dtypes", "CategoricalDtype").raw(b")\x81}");
        let it = range_index(it.text("categories"), 3, 1);
        it.raw(b"sbub").stop()
    });
    assert_eq!(graph.unwrap().root().reason(), Some("a code without its category"));
}

/// A frame of one column and one row, whose block says that its columns are at a slice.
fn frame_at(it: Pickle, start: i64, stop: i64, step: i64) -> Pickle {
    let it = it.global("pandas.core.frame", "DataFrame").raw(b")\x81}").text("_mgr");
    let it = it.global("pandas.core.internals.managers", "BlockManager");
    let it = it.global("pandas._libs.internals", "_unpickle_block").raw(b"(");
    let it = it.array(&[1, 1], |it| it.dtype("i1"), |it| it.bytes(b"\x07"));
    let it = it.global("builtins", "slice").int(start).int(stop).int(step).raw(b"\x87RK\x02tR\x85");
    let it = range_index(range_index(it.raw(b"]("), 1, 1), 1, 1);
    it.raw(b"e\x86Rsb")
}

#[test]
fn a_slice_may_end_behind_the_last_column_but_not_hold_it() {
    for stop in [1, 2, i64::MAX] {
        let graph = read(|| frame_at(Pickle::new(), 0, stop, i64::MAX).stop()).unwrap();
        assert!(matches!(graph.root().kind(), object_graph::Kind::DataFrame(_)), "{stop}");
    }
    for (start, stop, step) in [
        (0, 2, 1),
        (0, i64::MAX, 1),
        (1, 2, 1),
        (0, 1, 0),
        (0, 1, -1),
        (-1, 1, 1),
        (0, -1, 1),
        (i64::MAX - 1, i64::MAX, 1),
    ] {
        let graph = read(|| frame_at(Pickle::new(), start, stop, step).stop()).unwrap();
        assert!(graph.root().reason().is_some(), "slice({start}, {stop}, {step})");
    }
}

#[test]
fn a_sparse_matrix_whose_arrays_do_not_fit_is_refused() {
    let ints = |it: Pickle, count: i64| {
        let bytes = vec![0; 4 * count as usize];
        it.array(&[count], |it| it.dtype("i4"), |it| it.bytes(&bytes))
    };
    let err = error(|| {
        let it = Pickle::new().global("scipy.sparse._csr", "csr_matrix").raw(b")\x81}(");
        let it = it.text("_shape").shape(&[i64::MAX, 2]);
        let it = ints(it.text("data"), 2);
        let it = ints(it.text("indices"), 2);
        ints(it.text("indptr"), 3).raw(b"ub").stop()
    });
    assert_eq!(err.kind(), ErrorKind::Malformed);
}
