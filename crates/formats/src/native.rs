//! Model files of boosting libraries' own. Each becomes what a pickle of it holds: an object of the
//! library's class whose state carries the file's bytes, which the reader of that class decodes.
//!
//! | first bytes                                  | class                    | attribute |
//! |----------------------------------------------|--------------------------|-----------|
//! | `tree\n`                                     | `lightgbm.basic.Booster` | `handle`  |
//! | JSON with the key `tree_info`                | `lightgbm.basic.Booster` | `handle`  |
//! | `{L`, `binf`, `bs64`; JSON with `learner`    | `xgboost.core.Booster`   | `handle`  |
//! | none; names of objective and booster at 136  | `xgboost.core.Booster`   | `handle`  |
//! | `CBM1`; JSON with `oblivious_trees`, `trees` | `catboost.core.CatBoost` | `__model` |

use object_graph::{Builder, Graph};

use crate::Limits;
use crate::error::Fault;

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Library {
    LightGbm,
    XgBoost,
    CatBoost,
}

/// The library whose own file this is, if it is one's.
pub(crate) fn library(bytes: &[u8]) -> Option<Library> {
    let magic = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
    let magic = magic.map(|it| it.1).or_else(|| json_library(bytes));
    magic.or_else(|| is_old_xgboost(bytes).then_some(Library::XgBoost))
}

/// XGBoost's old binary format has no magic: 136 bytes of numbers, then the names of objective and
/// booster, each after its length in 8 bytes.
fn is_old_xgboost(bytes: &[u8]) -> bool {
    let text = |at: usize| {
        let len = bytes.get(at..)?.first_chunk().map(|it| u64::from_le_bytes(*it))?;
        let len = usize::try_from(len).ok().filter(|it| *it < 64)?;
        bytes.get(at + 8..)?.get(..len)
    };
    let Some(objective) = text(136) else { return false };
    let booster = text(144 + objective.len());
    objective.contains(&b':') && matches!(booster, Some(b"gbtree" | b"dart" | b"gblinear"))
}

const MAGIC: &[(&[u8], Library)] = &[
    (b"tree\n", Library::LightGbm),
    (b"tree\r\n", Library::LightGbm),
    (b"CBM1", Library::CatBoost),
    (b"binf", Library::XgBoost),
    (b"bs64", Library::XgBoost),
    (b"{L", Library::XgBoost),
];

/// Top-level keys that one library alone writes.
const KEYS: &[(&[u8], Library)] = &[
    (b"learner", Library::XgBoost),
    (b"tree_info", Library::LightGbm),
    (b"oblivious_trees", Library::CatBoost),
    (b"trees", Library::CatBoost),
    (b"features_info", Library::CatBoost),
];

/// Whose JSON it is, by its top-level keys; nothing is checked beside.
fn json_library(bytes: &[u8]) -> Option<Library> {
    let start = bytes.iter().position(|it| !it.is_ascii_whitespace())?;
    if bytes.get(start) != Some(&b'{') {
        return None;
    }
    let mut depth = 0_usize;
    let mut rest = bytes.get(start..)?;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return None,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let len = text_len(rest)?;
                let text = rest.get(..len)?;
                rest = rest.get(len + 1..)?;
                let is_key =
                    depth == 1 && rest.iter().find(|it| !it.is_ascii_whitespace()) == Some(&b':');
                if let Some((_, library)) = KEYS.iter().find(|(key, _)| is_key && *key == text) {
                    return Some(*library);
                }
            }
            _ => {}
        }
    }
    None
}

/// The length of a JSON text up to its closing quote.
fn text_len(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', rest.get(at..)?)?;
        match rest.get(at) {
            Some(b'"') => return Some(at),
            _ => at += 2,
        }
    }
}

/// The file as an object of its library's class.
pub(crate) fn wrap(bytes: Vec<u8>, library: Library, limits: &Limits) -> Result<Graph, Fault> {
    let (module, name, attribute) = match library {
        Library::LightGbm => ("lightgbm.basic", "Booster", "handle"),
        Library::XgBoost => ("xgboost.core", "Booster", "handle"),
        Library::CatBoost => ("catboost.core", "CatBoost", "__model"),
    };
    let len = bytes.len();
    let budget = limits.budget(len);
    let mut builder = Builder::new(bytes, budget);
    let module = builder.text(module)?;
    let name = builder.text(name)?;
    let class = builder.class(module, name)?;
    let args = builder.tuple(&[])?;
    let root = builder.object(class, args, 0)?;
    let key = builder.text(attribute)?;
    let Some(content) = builder.input_bytes(0, len)? else {
        return Err(Fault::unsupported("the file is longer than 4 GiB".to_owned()));
    };
    let state = builder.dict()?;
    builder.extend(state, &[key, content])?;
    builder.set_state(root, state);
    Ok(builder.finish(root)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_known_by_its_first_bytes_or_keys() {
        for (bytes, want) in [
            (&b"tree\nversion=v4\n"[..], Some(Library::LightGbm)),
            (b"CBM1....", Some(Library::CatBoost)),
            (b"{L\0\0\0\0\0\0\0\x07learner", Some(Library::XgBoost)),
            (
                b" {\"a\":{\"learner\":1,\"b\":[\"x\\\"\"]}, \"learner\" : {}}",
                Some(Library::XgBoost),
            ),
            (b"{\"name\":\"tree\",\"tree_info\":[]}", Some(Library::LightGbm)),
            (b"{\"oblivious_trees\":[]}", Some(Library::CatBoost)),
            (b"{\"a\":\"learner\"}", None),
            (b"{\"a\":{\"learner\":1}}", None),
            (b"{\"learner", None),
            (b"[1]", None),
            (b"\x80\x04N.", None),
        ] {
            assert_eq!(library(bytes), want, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn the_file_becomes_the_handle_of_a_booster() {
        let file = b"tree\nversion=v4\n".to_vec();
        let graph = wrap(file.clone(), Library::LightGbm, &Limits::default()).unwrap();
        let handle = graph.root().attribute("handle").unwrap();
        assert!(matches!(handle.kind(), object_graph::Kind::Bytes(it) if it == file));
        assert_eq!(graph.root().type_name(), "lightgbm.basic.Booster");
    }
}
