//! CatBoost's files, cut short or changed. Reading them gives an error, or a model that answers without a
//! panic.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::fs;
use std::path::Path;
use std::time::Instant;

use estimators::{Block, Column, ColumnKind, Dense, Dtype, Frame, Model, TextColumn};

fn file(case: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catboost").join(case);
    let name = ["model.cbm", "model.json"].into_iter().find(|it| folder.join(it).exists());
    fs::read(folder.join(name.unwrap())).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<Model, String> {
    let graph = formats::read(bytes, "model.cbm", &formats::Limits::default());
    let graph = graph.map_err(|it| it.to_string())?;
    Model::read(&graph).map_err(|it| it.to_string())
}

/// Asks a model for all it can; an error is as good as an answer.
fn ask(model: &Model) {
    let kinds = model.column_kinds();
    if 10_000 < kinds.len() {
        return;
    }
    let text = std::sync::Arc::new(TextColumn::from_iter([Some("Biscoe"), Some("21 mm")]));
    let column = |kind: &ColumnKind| match kind {
        ColumnKind::Text => Column::Text(std::sync::Arc::clone(&text)),
        _ => Column::Number(std::sync::Arc::new(vec![0.5, f64::NAN]), Dtype::Float64),
    };
    let frame = Frame::new(2, kinds.iter().map(column).collect()).unwrap();
    for &method in model.methods() {
        let _ = model.call(method, Block::Frame(frame.clone()));
        let _ = model.call(method, Block::Dense(Dense::filled(2, kinds.len(), 0.5)));
    }
}

const CASES: [&str; 5] = [
    "cat_boost.golden/cbm-1.2.10",
    "cat_boost.golden/cbm_with_categories-1.2.10",
    "cat_boost.golden/cbm_by_depth-1.2.10",
    "cat_boost.golden/json_by_depth-1.2.10",
    "cat_boost.golden/json_with_categories-1.2.10",
];

#[test]
fn a_file_cut_short_is_refused() {
    for case in CASES {
        let whole = file(case);
        assert!(read(whole.clone()).is_ok(), "{case}");
        let end = whole.trim_ascii_end().len();
        // Texts about training are most of a file, and alike: a few cuts in them are enough.
        let cuts =
            (0..end).filter(|it| whole[..*it].ends_with(b"\0") || it % 7 == 0 || end - it < 400);
        for cut in cuts {
            let text = read(whole[..cut].to_vec()).err();
            assert!(text.is_some(), "{case}: the first {cut} of {end} bytes were read");
        }
    }
}

/// Bytes that stand in no long text.
fn numbers(bytes: &[u8]) -> Vec<usize> {
    let is_text = |it: u8| (b' '..=b'~').contains(&it);
    let mut places = Vec::new();
    let mut start = 0;
    for run in bytes.chunk_by(|a, b| is_text(*a) == is_text(*b)) {
        if !is_text(run[0]) || run.len() < 24 {
            places.extend(start..start + run.len());
        }
        start += run.len();
    }
    places
}

#[test]
fn a_changed_byte_never_makes_a_panic() {
    let mut read_all_the_same = 0;
    for case in CASES.into_iter().filter(|it| it.contains("/cbm")) {
        let whole = file(case);
        for (nth, at) in numbers(&whole).into_iter().enumerate() {
            let values = [0, 1, 0x7f, 0x80, 0xff];
            for value in [values[nth % 5], whole[at] ^ 1 << (nth % 8)] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                let Ok(model) = read(bytes) else { continue };
                read_all_the_same += 1;
                ask(&model);
            }
        }
    }
    assert!(0 < read_all_the_same, "some bytes are numbers that may be others");
}

/// The message for a file in which `old` is `new`, where it stands first after `after`.
fn changed(case: &str, after: &str, old: &str, new: &str) -> String {
    let text = String::from_utf8(file(case)).unwrap();
    let text: String = text.lines().map(str::trim).collect();
    let start = text.find(after).unwrap_or_else(|| panic!("{case} has no {after}"));
    let at = text[start..].find(old).unwrap_or_else(|| panic!("{case} has no {old}")) + start;
    let text = format!("{}{new}{}", &text[..at], &text[at + old.len()..]);
    match read(text.into_bytes()) {
        Ok(model) => {
            ask(&model);
            panic!("{case}: {old} became {new}, and the file was read")
        }
        Err(text) => text,
    }
}

#[test]
fn a_lie_is_refused_with_what_it_says() {
    let tree = "cat_boost.golden/json_by_depth-1.2.10";
    let categories = "cat_boost.golden/json_with_categories-1.2.10";
    let lies = [
        (tree, "\"trees\"", "split_index\":", "split_index\":9", "beyond the"),
        (tree, "\"trees\"", "split_index\":", "split_index\":-", "beyond the"),
        (tree, "\"trees\"", "\"left\"", "\"lost\"", "has no left"),
        (tree, "\"trees\"", "\"value\":[", "\"value\":[1,", "other numbers of values"),
        (tree, "scale_and_bias", "[1,", "[1,1,", "scale_and_bias"),
        (categories, "oblivious_trees", "\"leaf_values\":[", "\"leaf_values\":[0,", "leaf values"),
        (categories, "features_info", "\"borders\":[", "\"borders\":[1e30,", "not in order"),
        (
            categories,
            "features_info",
            "\"flat_feature_index\":0",
            "\"flat_feature_index\":999999999",
            "larger",
        ),
        (
            categories,
            "features_info",
            "\"flat_feature_index\":0",
            "\"flat_feature_index\":-1",
            "column",
        ),
        (categories, "ctr_data", "\"hash_stride\":4", "\"hash_stride\":0", "hash_map"),
        (
            categories,
            "model_info",
            "\"class_to_label\":[",
            "\"class_to_label\":[7,",
            "class_to_label",
        ),
    ];
    for (case, after, old, new, expected) in lies {
        let text = changed(case, after, old, new);
        println!("{old} -> {new}: {text}");
        assert!(text.starts_with("$.__model") && text.contains(expected), "{text}");
    }
}

#[test]
fn a_part_that_is_not_known_is_refused_by_name() {
    let mut bytes = file("cat_boost.golden/cbm_with_categories-1.2.10");
    let (known, other) = (b"static_provider_v1", b"text_processing_v1");
    let at = bytes.windows(known.len()).position(|it| it == known).unwrap();
    bytes[at..at + other.len()].copy_from_slice(other);
    let text = read(bytes).err().unwrap();
    assert!(text.contains("has a part text_processing_v1, which is not supported"), "{text}");
}

#[test]
fn depth_and_sizes_of_a_small_file_are_bounded() {
    let start = Instant::now();
    let deep =
        format!("{{\"trees\":[{}", "{\"split\":{\"split_index\":0},\"left\":".repeat(100_000));
    assert!(read(deep.into_bytes()).err().unwrap().contains("nested too deep"));
    let numbers = format!("{{\"oblivious_trees\":[{}0]}}", "[],".repeat(3_000_000));
    assert!(read(numbers.into_bytes()).is_err());
    let mut core = b"CBM1\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff".to_vec();
    assert!(read(core.clone()).err().unwrap().contains("ends early"));
    core.truncate(8);
    assert!(read(core).err().unwrap().contains("ends early"));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
