//! joblib streams that are not what they say.

use formats::ErrorKind;

use crate::bytes::Pickle;
use crate::{error, read};

/// A wrapper with its state; what follows is the array.
fn wrapper(it: Pickle, shape: &[i64], dtype: &str) -> Pickle {
    let it = it.global("joblib.numpy_pickle", "NumpyArrayWrapper").raw(b")\x81}(");
    let it = it.text("subclass").global("numpy", "ndarray").text("shape").shape(shape);
    let it = it.text("order").text("C").text("dtype").dtype(dtype);
    it.text("allow_mmap").raw(b"\x88").text("numpy_array_alignment_bytes").raw(b"K\x10ub")
}

#[test]
fn an_array_longer_than_the_file_is_refused() {
    for shape in [&[2][..], &[1 << 40], &[i64::MAX]] {
        let err = error(|| wrapper(Pickle::new(), shape, "f8").raw(b"\x00").raw(&[0; 8]).stop());
        assert!(matches!(err.kind(), ErrorKind::Truncated | ErrorKind::Malformed), "{err}");
    }
}

#[test]
fn padding_longer_than_the_file_is_refused() {
    let err = error(|| wrapper(Pickle::new(), &[1], "f8").raw(b"\xff").raw(&[0; 8]).stop());
    assert_eq!(err.kind(), ErrorKind::Truncated);
}

#[test]
fn a_wrapper_that_lacks_something_is_refused() {
    let err = error(|| {
        Pickle::new().global("joblib.numpy_pickle", "NumpyArrayWrapper").raw(b")\x81}b").stop()
    });
    assert_eq!(err.kind(), ErrorKind::Malformed);
}

#[test]
fn the_format_before_0_10_is_refused_by_name() {
    let err = error(|| {
        let it =
            Pickle::new().global("joblib.numpy_pickle_compat", "NDArrayWrapper").raw(b")\x81}");
        it.text("filename").text("model.pkl_01.npy").raw(b"sb").stop()
    });
    assert_eq!(err.kind(), ErrorKind::Unsupported);
    assert!(err.to_string().contains("files beside this one"), "{err}");
}

#[test]
fn a_pickle_inside_has_no_arrays_of_its_own_behind_it() {
    // In Python too: joblib reads the inner pickle with plain pickle.
    let inner = wrapper(Pickle::new(), &[1], "f8").stop();
    let graph = read(|| wrapper(Pickle::new(), &[1], "O8").raw(&inner).stop()).unwrap();
    assert!(graph.root().as_object().is_some(), "the inner wrapper stays inert");
}

#[test]
fn ten_thousand_pickles_one_inside_the_other_are_refused() {
    let err = error(|| {
        let head = wrapper(Pickle::new(), &[1], "O8").open();
        let mut all = Vec::new();
        for _ in 0..10_000 {
            all.extend_from_slice(&head);
        }
        all.extend_from_slice(b"\x80\x04N.");
        all
    });
    // The second is plain data of the first, and nothing follows where its opcodes should.
    assert!(matches!(err.kind(), ErrorKind::Truncated | ErrorKind::Malformed), "{err}");
}

#[test]
fn ten_thousand_pickles_one_after_the_other_are_read() {
    let graph = read(|| {
        let one = wrapper(Pickle::new(), &[1], "O8").raw(b"\x80\x04](Nee").open();
        let one = one.get(2..one.len() - 1).unwrap().to_vec();
        Pickle::new().raw(b"](").times(10_000, &[&one[..], b"."].concat()).raw(b"e").stop()
    });
    assert_eq!(graph.unwrap().root().items().unwrap().len(), 10_000);
}
