//! Arrays and dtypes that are not what they say.

use formats::ErrorKind;

use crate::bytes::Pickle;
use crate::{error, read};

fn f8(it: Pickle) -> Pickle {
    it.dtype("f8")
}

fn eight_bytes(it: Pickle) -> Pickle {
    it.bytes(&[0; 8])
}

#[test]
fn a_shape_that_does_not_fit_the_bytes_is_refused() {
    let err = error(|| Pickle::new().array(&[3], f8, eight_bytes).stop());
    assert_eq!(err.kind(), ErrorKind::Malformed);
    assert!(err.to_string().contains("[3] has 8 bytes, expected 24"), "{err}");
}

#[test]
fn a_shape_whose_size_overflows_is_refused() {
    for shape in [&[i64::MAX, i64::MAX][..], &[1 << 32, 1 << 32, 0], &[i64::MAX], &[1 << 61]] {
        let err = error(|| Pickle::new().array(shape, f8, eight_bytes).stop());
        assert_eq!(err.kind(), ErrorKind::Malformed, "{shape:?}: {err}");
    }
}

#[test]
fn an_axis_below_zero_is_refused() {
    let err = error(|| Pickle::new().array(&[-1], f8, eight_bytes).stop());
    assert_eq!(err.kind(), ErrorKind::Malformed);
    let err = error(|| Pickle::new().array(&[-1, -1], f8, eight_bytes).stop());
    assert_eq!(err.kind(), ErrorKind::Malformed);
}

#[test]
fn two_to_the_40_elements_of_no_size_are_refused() {
    for code in ["V0", "S0", "U0"] {
        let dtype = |it: Pickle| it.dtype(code);
        let err = error(|| Pickle::new().array(&[1 << 40], dtype, |it| it.bytes(&[])).stop());
        assert_eq!(err.kind(), ErrorKind::Malformed, "{err}");
    }
}

#[test]
fn an_array_of_more_objects_than_there_are_is_refused() {
    let dtype = |it: Pickle| it.dtype("O8");
    let err = error(|| Pickle::new().array(&[1 << 40], dtype, |it| it.raw(b"](NNe")).stop());
    assert_eq!(err.kind(), ErrorKind::Malformed);
}

#[test]
fn too_many_axes_stay_inert() {
    let graph = read(|| Pickle::new().array(&[1; 65], f8, eight_bytes).stop()).unwrap();
    assert_eq!(graph.root().reason(), Some("a shape that is not a short tuple"));
}

#[test]
fn a_dtype_that_refers_to_itself_stays_inert() {
    let graph = read(|| {
        // The dtype is memoized before its state, whose only field is the dtype again.
        let it = Pickle::new().global("numpy", "dtype").text("V8").raw(b"\x89\x88\x87R\x94");
        let it = it.raw(b"(K\x03").text("|").raw(b"N").text("a").raw(b"\x85}").text("a");
        it.raw(b"h\x00K\x00\x86sK\x08K\x01K\x00tb").stop()
    });
    let graph = graph.unwrap();
    assert_eq!(graph.root().reason(), Some("a dtype nested too deeply"));
    assert!(graph.root().as_dtype().is_none());
}

#[test]
fn a_dtype_nested_deeply_stays_inert() {
    let graph = read(|| {
        let mut it = Pickle::new().raw(b"](");
        // Each dtype is written whole inside the last: depth, not sharing.
        it = nested(it, 500);
        it.raw(b"e").stop()
    });
    assert!(graph.is_ok());
}

fn nested(it: Pickle, depth: usize) -> Pickle {
    if depth == 0 {
        return it.dtype("f8");
    }
    it.record(&["a"], 8, |it, _| nested(it.raw(b"("), depth - 1).raw(b"K\x00t"))
}

#[test]
fn fields_that_double_at_each_level_are_bounded() {
    let graph = read(|| {
        let mut it = Pickle::new().raw(b"](").dtype("i1").raw(b"\x94");
        for level in 0..40_u8 {
            let size = 1_i64 << (level + 1).min(60);
            let half = size / 2;
            it = it.record(&["a", "b"], size, |it, name| {
                let at = if name == "a" { 0 } else { half };
                it.raw(b"(h").raw(&[level]).int(at).raw(b"t")
            });
            it = it.raw(b"\x94");
        }
        it.raw(b"e").stop()
    });
    let graph = graph.unwrap();
    let last = graph.root().items().unwrap().last().unwrap();
    assert!(last.reason().is_some(), "{last:?}");
}

#[test]
fn a_field_outside_its_dtype_stays_inert() {
    for (offset, size) in [(1, 8), (-1, 8), (i64::MAX, 8), (0, 7)] {
        let graph = read(|| {
            let field = |it: Pickle, _: &str| it.raw(b"(").dtype("f8").int(offset).raw(b"t");
            Pickle::new().record(&["a"], size, field).stop()
        });
        assert!(graph.unwrap().root().reason().is_some());
    }
}

#[test]
fn many_arrays_of_a_dtype_of_many_fields_are_bounded() {
    let names: Vec<String> = (0..1000).map(|it| format!("f{it}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let err = error(|| {
        let i1 = |it: Pickle, _: &str| it.raw(b"(h\x00K\x00t");
        let it =
            Pickle::new().raw(b"](").dtype("i1").raw(b"\x94").record(&names, 1, i1).raw(b"\x94");
        let it = it.array(&[1], |it| it.raw(b"h\x01"), |it| it.bytes(b"x").raw(b"\x94"));
        let array = Pickle::new().array(&[1], |it| it.raw(b"h\x01"), |it| it.raw(b"h\x02")).open();
        it.times(10_000, array.get(2..).unwrap()).raw(b"e").stop()
    });
    assert_eq!(err.kind(), ErrorKind::TooLarge);
}
