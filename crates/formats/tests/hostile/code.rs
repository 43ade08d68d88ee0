//! Files that ask for code.

use formats::{ErrorKind, Place};

use crate::bytes::Pickle;
use crate::{error, read};

#[test]
fn a_command_is_refused_and_named() {
    let err = error(|| Pickle::new().global("os", "system").text("rm -rf /").raw(b"\x85R").stop());
    assert_eq!((err.kind(), err.place()), (ErrorKind::AsksForCode, Place::Byte(2)));
    assert_eq!(
        err.to_string(),
        "model.pkl at byte 0x2: the file asks Python to run os.system; \
         Pythia never runs code from a file, so this file is refused"
    );
}

#[test]
fn every_spelling_of_a_call_is_refused() {
    let name = |it: Pickle| it.text("builtins").text("eval").raw(b"\x93");
    for bytes in [
        name(Pickle::new()).text("1").raw(b"\x85R").stop(),
        name(Pickle::new()).text("1").raw(b"\x85\x81").stop(),
        b"(S'1'\ni__builtin__\neval\n.".to_vec(),
        b"(c__builtin__\neval\nS'1'\no.".to_vec(),
        b"cposix\nsystem\n(S'id'\ntR.".to_vec(),
        Pickle::new().global("subprocess", "Popen").raw(b")}\x92").stop(),
        // Not called, only named.
        Pickle::new().global("importlib", "import_module").stop(),
    ] {
        assert_eq!(error(|| bytes).kind(), ErrorKind::AsksForCode);
    }
}

#[test]
fn a_callable_that_was_computed_is_refused() {
    // getattr(object, "__subclasses__")()
    let err = error(|| {
        let it = Pickle::new().global("builtins", "getattr").global("builtins", "object");
        it.text("__subclasses__").raw(b"\x86R)R").stop()
    });
    assert_eq!(err.kind(), ErrorKind::Unsupported);
    // functools.partial(getattr(…))
    let err = error(|| {
        let it = Pickle::new().global("functools", "partial").global("builtins", "getattr");
        let it = it.global("builtins", "object").text("mro").raw(b"\x86R\x85R");
        it.raw(b")R").stop()
    });
    assert_eq!(err.kind(), ErrorKind::Unsupported);
}

#[test]
fn what_is_not_called_stays_inert_and_is_listed() {
    let graph = read(|| {
        let it = Pickle::new().raw(b"}").text("tokenizer").global("builtins", "getattr");
        it.global("builtins", "str").text("split").raw(b"\x86Rs").stop()
    });
    let found = formats::unknown(&graph.unwrap(), &|_| false);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].class, "builtins.getattr");
    assert_eq!(found[0].path, "$[\"tokenizer\"]");
    assert!(found[0].offset.is_some());
}

#[test]
fn every_unknown_class_is_listed_once_with_its_path() {
    let graph = read(|| {
        let it = Pickle::new().global("sklearn.pipeline", "Pipeline").raw(b")\x81}(").text("steps");
        let it = it.raw(b"]").text("scale").global("mine", "Scaler").raw(b"\x94)\x81\x86a");
        it.text("again").raw(b"h\x00").text("size").global("numpy", "float64").raw(b"ub").stop()
    });
    let found = formats::unknown(&graph.unwrap(), &|it| it.module.starts_with("sklearn."));
    let listed: Vec<_> = found.iter().map(|it| (it.class.as_str(), it.path.as_str())).collect();
    assert_eq!(listed, [("mine.Scaler", "$.again")]);
}
