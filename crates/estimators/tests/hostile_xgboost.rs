//! Files of XGBoost's that lie. Reading them gives an error, or a model that answers without a panic.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;

use estimators::{Block, Dense, Model};
use formats::Limits;

fn case(path: &str) -> Vec<u8> {
    fs::read(folder().join(path)).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/xgboost")
}

/// A pickled `Booster` with this handle, so that the bytes are read whatever they begin with.
fn pickled(handle: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x03cxgboost.core\nBooster\n)\x81}X\x06\x00\x00\x00handleB".to_vec();
    bytes.extend((handle.len() as u32).to_le_bytes());
    bytes.extend(handle);
    bytes.extend(b"sb.");
    bytes
}

fn read(handle: &[u8]) -> Result<Model, String> {
    read_file(pickled(handle))
}

fn read_file(bytes: Vec<u8>) -> Result<Model, String> {
    let graph = formats::read(bytes, "model.pkl", &Limits::default());
    let graph = graph.map_err(|it| it.to_string())?;
    Model::read(&graph).map_err(|it| it.to_string())
}

/// An error is as good as an answer.
fn ask(model: &Model) {
    let rows = Dense::filled(2, model.n_features_in().min(10_000), 0.5);
    for &method in model.methods() {
        let _ = model.call(method, Block::Dense(rows.clone()));
    }
}

/// The bytes of the handle in a pickle of a `Booster`: from the settings' magic to the end of the settings.
fn handle_with_settings() -> Vec<u8> {
    let bytes = case("booster.golden/pickled-1.2.1/model.pkl");
    let start = position(&bytes, b"CONFIG-offset:", 0);
    let end = bytes.iter().rposition(|it| *it == b'}').unwrap();
    bytes[start..=end].to_vec()
}

fn position(bytes: &[u8], part: &[u8], from: usize) -> usize {
    from + bytes[from..].windows(part.len()).position(|it| it == part).unwrap()
}

#[test]
fn every_truncation_is_an_error() {
    let forms = [
        ("UBJSON", case("booster.golden/ubj-3.2.0/model.ubj")),
        ("JSON", case("booster.golden/json-3.2.0/model.json")),
        ("with settings", handle_with_settings()),
        ("old", case("booster.golden/old_format-1.7.6/model.bin")),
        ("old dart", case("booster.golden/old_format_dart-1.7.6/model.bin")),
        ("old linear", case("booster.golden/old_format_linear-1.7.6/model.bin")),
    ];
    for (form, bytes) in forms {
        assert!(read(&bytes).is_ok(), "{form}: {:?}", read(&bytes).err());
        for len in 0..bytes.len() {
            let read = read(&bytes[..len]);
            let text = read.err().unwrap_or_else(|| panic!("{form}: {len} bytes were read"));
            assert!(text.starts_with("$.handle"), "{form}, {len} bytes: {text}");
        }
    }
}

#[test]
fn lengths_of_ubjson_that_lie_are_refused() {
    let bytes = case("booster.golden/ubj-3.2.0/model.ubj");
    let mut lengths = 0;
    for at in 0..bytes.len() - 10 {
        if &bytes[at..at + 2] != b"#L" {
            continue;
        }
        lengths += 1;
        for lie in [-1, i64::MAX, i64::MIN, 1 << 40, bytes.len() as i64] {
            let mut bytes = bytes.clone();
            bytes[at + 2..at + 10].copy_from_slice(&lie.to_be_bytes());
            let text = read(&bytes).err().unwrap_or_else(|| panic!("{lie} at {at} was read"));
            assert!(text.starts_with("$.handle"), "{text}");
        }
    }
    assert!(20 < lengths);
}

/// The message for the JSON model with the first `from` replaced.
fn lie(from: &str, to: &str) -> String {
    let text = String::from_utf8(case("booster.golden/json-3.2.0/model.json")).unwrap();
    assert!(text.contains(from), "{from}");
    let lie = text.replacen(from, to, 1);
    read(lie.as_bytes()).err().unwrap_or_else(|| panic!("{to} was read"))
}

#[test]
fn trees_that_lie_are_refused() {
    for (from, to) in [
        ("\"left_children\":[1,", "\"left_children\":[0,"),
        ("\"left_children\":[1,", "\"left_children\":[2,"),
        ("\"left_children\":[1,", "\"left_children\":[99,"),
        ("\"left_children\":[1,", "\"left_children\":[-7,"),
        ("\"left_children\":[1,3,5,-1", "\"left_children\":[1,0,5,-1"),
        ("\"right_children\":[2,", "\"right_children\":[9223372036854775807,"),
        ("\"split_indices\":[2,", "\"split_indices\":[4,"),
        ("\"split_indices\":[2,", "\"split_indices\":[-1,"),
    ] {
        let text = lie(from, to);
        assert!(text.contains("tree ") && text.contains("node "), "{to}: {text}");
    }
    for (from, to) in [
        ("\"split_indices\":[2,", "\"split_indices\":["),
        ("\"split_conditions\":[", "\"split_conditions\":[1,"),
        ("\"tree_info\":[0,", "\"tree_info\":[3,"),
        ("\"tree_info\":[0,", "\"tree_info\":["),
        ("\"tree_info\":[0,", "\"tree_info\":[-1,"),
        ("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"3\""),
        ("\"split_type\":[0,", "\"split_type\":[1,"),
        ("\"num_feature\":\"4\",\"num_target\"", "\"num_feature\":\"99999999999\",\"num_target\""),
        ("\"num_class\":\"3\"", "\"num_class\":\"99999999999\""),
        ("\"num_class\":\"3\"", "\"num_class\":\"-3\""),
        ("\"version\":[3,", "\"version\":[\"3\","),
        ("\"name\":\"multi:softprob\"", "\"name\":\"multi:nothing\""),
        ("\"name\":\"gbtree\"", "\"name\":\"gbforest\""),
        ("\"base_score\":\"", "\"base_score\":\"x"),
    ] {
        assert!(lie(from, to).starts_with("$.handle"), "{to}");
    }
}

#[test]
fn splits_by_category_that_lie_are_refused() {
    let split = "\"categories\":[1],\"categories_nodes\":[0],\"categories_segments\":[0],\
        \"categories_sizes\":[1]";
    let none = "\"categories\":[],\"categories_nodes\":[],\"categories_segments\":[],\
        \"categories_sizes\":[]";
    let text = String::from_utf8(case("booster.golden/json-3.2.0/model.json")).unwrap();
    let text =
        text.replacen(none, split, 1).replacen("\"split_type\":[0,", "\"split_type\":[1,", 1);
    assert!(read(text.as_bytes()).is_ok(), "{:?}", read(text.as_bytes()).err());
    for (from, to) in [
        ("\"categories\":[1]", "\"categories\":[-1]"),
        ("\"categories\":[1]", "\"categories\":[16777216]"),
        ("\"categories_nodes\":[0]", "\"categories_nodes\":[1]"),
        ("\"categories_nodes\":[0]", "\"categories_nodes\":[99]"),
        ("\"categories_segments\":[0]", "\"categories_segments\":[2]"),
        ("\"categories_segments\":[0]", "\"categories_segments\":[-1]"),
        ("\"categories_sizes\":[1]", "\"categories_sizes\":[2]"),
        ("\"categories_sizes\":[1]", "\"categories_sizes\":[9223372036854775807]"),
        ("\"enc\":[]", "\"enc\":[{\"offsets\":[0,1],\"values\":[97]}]"),
        ("\"enc\":[]", "\"enc\":[{\"offsets\":[0,9],\"values\":[97]},{},{},{}]"),
        ("\"enc\":[]", "\"enc\":[{\"offsets\":[1,0],\"values\":[97]},{},{},{}]"),
        ("\"enc\":[]", "\"enc\":[{\"offsets\":[0,1],\"values\":[-61]},{},{},{}]"),
        ("\"enc\":[]", "\"enc\":[{\"type\":15,\"values\":[1.5E0]},{},{},{}]"),
    ] {
        assert!(text.contains(from), "{from}");
        let lie = text.replacen(from, to, 1);
        let text = read(lie.as_bytes()).err().unwrap_or_else(|| panic!("{to} was read"));
        println!("{to}: {text}");
        assert!(text.starts_with("$.handle"), "{to}: {text}");
    }
}

#[test]
fn nesting_without_end_is_refused() {
    for (start, part) in [
        (&b"{\"learner\":"[..], &b"["[..]),
        (b"{\"learner\":", b"{\"a\":"),
        (b"{\"sorted_idx\":", b"["),
        (b"{L\0\0\0\0\0\0\0\x07learner", b"["),
        (b"{L\0\0\0\0\0\0\0\x07learner", b"{L\0\0\0\0\0\0\0\x01a"),
        (b"{L\0\0\0\0\0\0\0\x07learner", b"[#L\0\0\0\0\0\0\0\x01"),
    ] {
        let bytes = [start, &part.repeat(100_000)].concat();
        let text = read(&bytes).err().unwrap();
        assert!(text.contains("nested too deep"), "{text}");
    }
}

/// Where the words of the first tree's nodes are in a file of the old format: 5 words of 4 bytes each.
fn first_nodes(bytes: &[u8]) -> Range<usize> {
    let (forest, tree, node) = (160, 148, 20);
    let start = position(bytes, b"gbtree", 0) + 6 + forest;
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    start + tree..start + tree + word(start + 4) * node
}

#[test]
fn the_old_format_is_checked_word_by_word() {
    let bytes = case("booster.golden/old_format-1.7.6/model.bin");
    let nodes = first_nodes(&bytes);
    let with = |at: usize, word: i32| {
        let mut bytes = bytes.clone();
        bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        read(&bytes)
    };
    assert!(with(nodes.start + 4, 1).is_ok(), "the root's left child is node 1");
    for (at, word) in [(4, 0), (4, 2), (4, 99), (4, -9), (8, i32::MAX), (12, 9_999)] {
        let text = with(nodes.start + at, word).err().unwrap();
        assert!(text.contains("node "), "{word} at {at}: {text}");
    }
    let mut refused = 0;
    for at in (0..bytes.len() - 4).step_by(4) {
        for word in [-1, i32::MIN, i32::MAX, 1 << 24, 3] {
            match with(at, word) {
                Ok(model) => ask(&model),
                Err(_) => refused += 1,
            }
        }
    }
    println!("{refused} of {} words are refused", bytes.len() / 4 * 5);
    assert!(100 < refused);
}

/// Numbers that look random and are the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

#[test]
fn flipped_bytes_never_make_a_panic() {
    let start = Instant::now();
    let mut cases = Vec::new();
    for class in fs::read_dir(folder()).unwrap().flatten().filter(|it| it.path().is_dir()) {
        for case in fs::read_dir(class.path()).unwrap().flatten().filter(|it| it.path().is_dir()) {
            let files = fs::read_dir(case.path()).unwrap().flatten().map(|it| it.path());
            cases.extend(files.filter(|it| it.file_stem().is_some_and(|it| it == "model")));
        }
    }
    cases.sort();
    assert!(100 < cases.len());
    let (mut random, mut read_all_the_same) = (Random(42), 0);
    for case in &cases {
        let bytes = fs::read(case).unwrap();
        for _ in 0..25 {
            let mut bytes = bytes.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                bytes[at] = random.below(256) as u8;
            }
            let Ok(model) = read_file(bytes) else { continue };
            read_all_the_same += 1;
            ask(&model);
        }
    }
    println!("{read_all_the_same} models of {} were read, {:?}", cases.len() * 25, start.elapsed());
    assert!(0 < read_all_the_same, "most flips hit what no prediction needs");
}
