//! LightGBM models that lie, as text and as JSON. Reading them gives an error with its place, or a model
//! that answers without a panic; nothing is as large as a number in the file says.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod random;

use std::fs;
use std::path::Path;
use std::time::Instant;

use estimators::{Block, Dense, Model};

use crate::random::Random;

fn case(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lightgbm/booster.golden");
    let file = if name.starts_with("json") { "model.json" } else { "model.txt" };
    fs::read(folder.join(name).join(file)).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<Model, String> {
    let graph = formats::read(bytes, "model", &formats::Limits::default());
    Model::read(&graph.map_err(|it| it.to_string())?).map_err(|it| it.to_string())
}

fn run(model: &Model) {
    let rows = Dense::filled(2, model.n_features_in().min(10_000), 0.5);
    for &method in model.methods() {
        // An error is as good as an answer.
        let _ = model.call(method, Block::Dense(rows.clone()));
    }
}

#[test]
fn a_text_that_ends_early_is_refused_unless_all_trees_are_there() {
    for name in ["multiclass-4.7.0", "regression-2.3.1", "categories_of_a_frame-3.3.5"] {
        let text = case(name);
        let end = text.windows(12).position(|it| it == b"end of trees").unwrap();
        for len in 0..text.len() {
            match read(text[..len].to_vec()) {
                Ok(model) if end < len => run(&model),
                Ok(_) => panic!("{name}: {len} bytes were read"),
                Err(error) => assert!(!error.is_empty()),
            }
        }
    }
}

#[test]
fn json_that_ends_early_is_refused() {
    for name in
        ["json_classes-4.7.0", "json_categories_of_a_frame-2.3.1", "json_linear_leaves-3.3.5"]
    {
        let json = case(name);
        for len in 0..json.len() {
            assert!(read(json[..len].to_vec()).is_err(), "{name}: {len} bytes were read");
        }
    }
}

/// What is said of a case's model in which the first `from` is `to`.
fn refusal(name: &str, from: &str, to: &str) -> String {
    let model = String::from_utf8(case(name)).unwrap();
    assert!(model.contains(from), "{name} has no {from}");
    let lie = model.replacen(from, to, 1);
    read(lie.into_bytes()).err().unwrap_or_else(|| panic!("{name} with {to} was read"))
}

#[test]
fn a_text_that_lies_is_refused_with_the_tree() {
    let start = Instant::now();
    let tree = "regression-4.7.0";
    let sets = "categories_of_a_frame-4.7.0";
    for (name, from, to, said) in [
        (tree, "num_leaves=4", "num_leaves=4294967295", "num_leaves"),
        (tree, "num_leaves=4", "num_leaves=99999999999999999999", "num_leaves"),
        (tree, "num_leaves=4", "num_leaves=0", "num_leaves"),
        (tree, "num_leaves=4", "num_leaves=-4", "num_leaves"),
        (tree, "num_leaves=4", "num_leaves=5", "leaf_value"),
        (tree, "num_leaves=4", "num_leaves=3", "leaf_value"),
        (tree, "left_child=2 -2 -1", "left_child=0 -2 -1", "node 0 has the child 0"),
        (tree, "left_child=2 -2 -1", "left_child=1 -2 -1", "another parent"),
        (tree, "left_child=2 -2 -1", "left_child=2 -2 0", "node 2 has the child 0"),
        (tree, "left_child=2 -2 -1", "left_child=3 -2 -1", "which is not there"),
        (tree, "left_child=2 -2 -1", "left_child=2 -9 -1", "which is not there"),
        (tree, "left_child=2 -2 -1", "left_child=2 -999999999999999999 -1", "which is not there"),
        (tree, "left_child=2 -2 -1", "left_child=2 -2", "left_child"),
        (tree, "left_child=2 -2 -1", "left_child=2 -2 x", "left_child"),
        (tree, "left_child=2 -2 -1", "left_child=2 -2 99999999999999999999", "left_child"),
        (tree, "split_feature=2 2 4", "split_feature=2 2 5", "feature 5"),
        (tree, "split_feature=2 2 4", "split_feature=2 2 -1", "feature -1"),
        (tree, "split_feature=2 2 4", "split_feature=2 2 4294967296", "feature 4294967296"),
        (tree, "decision_type=2 2 2", "decision_type=2 2", "decision_type"),
        (tree, "threshold=-0.0", "threshold=--0.0", "threshold"),
        (tree, "max_feature_idx=4", "max_feature_idx=2000000000", "feature_names"),
        (tree, "max_feature_idx=4", "max_feature_idx=-2", "max_feature_idx"),
        (tree, "max_feature_idx=4", "max_feature_idx=18446744073709551615", "max_feature_idx"),
        (tree, "feature_infos=[", "feature_infos=x [", "feature_infos"),
        (tree, "num_tree_per_iteration=1", "num_tree_per_iteration=0", "num_tree_per_iteration"),
        (tree, "num_tree_per_iteration=1", "num_tree_per_iteration=999999999", "not whole"),
        (tree, "tree_sizes=513 510", "tree_sizes=513", "not whole"),
        (tree, "tree_sizes=513 510", "tree_sizes=513 510 510", "not whole"),
        (tree, "version=v4", "version=v9", "v9"),
        (tree, "objective=regression", "objective=magic", "magic"),
        ("multiclass-4.7.0", "num_class:3", "num_class:4", "num_class"),
        ("binary-4.7.0", "sigmoid:1", "sigmoid:-1", "sigmoid:-1"),
        (sets, "num_cat=2", "num_cat=3", "cat_boundaries"),
        (sets, "num_cat=2", "num_cat=18446744073709551615", "num_cat"),
        (sets, "num_cat=2", "num_cat=999999999999999999", "cat_boundaries"),
        (sets, "cat_boundaries=0 1 2", "cat_boundaries=0 1 3", "cat_boundaries"),
        (sets, "cat_boundaries=0 1 2", "cat_boundaries=1 0 2", "cat_boundaries"),
        (sets, "cat_boundaries=0 1 2", "cat_boundaries=-1 1 2", "cat_boundaries"),
        (sets, "cat_threshold=", "cat_threshold=4294967296 ", "cat_threshold"),
        (sets, "pandas_categorical:[[", "pandas_categorical:[[[", "pandas_categorical"),
        (sets, "pandas_categorical:[[", "pandas_categorical:[[1, ", "not all texts"),
        (sets, "pandas_categorical:[[", "pandas_categorical:[[],[],[],[", "of which columns"),
    ] {
        let error = refusal(name, from, to);
        assert!(error.contains(said), "{to}: {error}");
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn json_that_lies_is_refused_with_the_place() {
    let sets = "json_classes-4.7.0";
    let linear = "json_linear_leaves-4.7.0";
    let huge = "\"decision_type\": \"==\", \"threshold\": \"4294967295\", \"x\": 1";
    for (name, from, to, said) in [
        (sets, "\"leaf_index\": 1,", "\"leaf_index\": 0,", "twice"),
        (sets, "\"leaf_index\": 1,", "\"leaf_index\": 4,", "the leaf 4"),
        (sets, "\"leaf_index\": 1,", "\"leaf_index\": -1,", "the leaf -1"),
        (sets, "\"leaf_index\": 1,", "\"leaf_index\": 4294967296,", "the leaf 4294967296"),
        (sets, "\"leaf_value\": ", "\"leaf_value\": x", "leaf_value"),
        (sets, "\"leaf_value\": ", "\"no_value\": ", "leaf_value"),
        (sets, "\"split_feature\": 1", "\"split_feature\": 4", "feature 4"),
        (sets, "\"split_feature\": 1", "\"split_feature\": -1", "feature -1"),
        (sets, "\"split_feature\": 1", "\"split_feature\": 1.5", "split_feature"),
        (sets, "\"right_child\"", "\"left_child\"", "which is not there"),
        (sets, "\"right_child\"", "\"third_child\"", "leaves for"),
        (sets, "\"left_child\": {", "\"left_child\": [{", "byte"),
        (sets, "\"decision_type\": \"<=\"", "\"decision_type\": \"<\"", "decision_type"),
        (sets, "\"decision_type\": \"<=\"", "\"decision_type\": \"==\"", "threshold"),
        (sets, "\"decision_type\": \"<=\"", huge, "larger than the file"),
        (sets, "\"missing_type\": \"Zero\"", "\"missing_type\": \"One\"", "missing_type"),
        (sets, "\"default_left\": true", "\"default_left\": maybe", "default_left"),
        (sets, "\"tree_structure\"", "\"tree\"", "tree_structure"),
        (sets, "\"max_feature_idx\": 3", "\"max_feature_idx\": 2000000000", "feature_names"),
        (sets, "\"max_feature_idx\": 3", "\"max_feature_idx\": -1", "max_feature_idx"),
        (sets, "\"num_tree_per_iteration\": 3", "\"num_tree_per_iteration\": 4", "num_class"),
        (sets, "\"num_tree_per_iteration\": 3", "\"num_tree_per_iteration\": 0", "per_iteration"),
        (sets, "num_class:3", "num_class:9", "num_class"),
        (sets, "\"version\": \"v4\"", "\"version\": 4", "version"),
        (sets, "\"values\": []", "\"values\": [\"a\"]", "feature_infos"),
        (sets, "\"pandas_categorical\": null", "\"pandas_categorical\": [[1]]", "of which columns"),
        (linear, "\"leaf_const\"", "\"no_const\"", "with and without"),
        (linear, "\"leaf_coeff\": [", "\"leaf_coeff\": [1.5, ", "leaf_coeff"),
        (linear, "\"leaf_features\": [", "\"leaf_features\": [99, ", "leaf_features"),
    ] {
        let error = refusal(name, from, to);
        assert!(error.contains(said), "{to}: {error}");
    }
}

/// A chain of so many nodes, each the left child of the one before.
fn chain(n_nodes: usize) -> Vec<u8> {
    let head = r#"{"version": "v4", "num_tree_per_iteration": 1, "max_feature_idx": 0, "feature_names": ["x"],
        "feature_infos": {}, "pandas_categorical": null, "tree_info": [{"tree_structure": "#;
    let node = r#"{"split_feature": 0, "threshold": 0.5, "decision_type": "<=", "default_left": true,
        "missing_type": "None", "left_child": "#;
    let mut json =
        head.to_owned() + &node.repeat(n_nodes) + r#"{"leaf_index": 0, "leaf_value": 1}"#;
    for leaf in 1..=n_nodes {
        json.push_str(&format!(r#", "right_child": {{"leaf_index": {leaf}, "leaf_value": 2}}}}"#));
    }
    (json + "}]}").into_bytes()
}

#[test]
fn a_deep_tree_does_not_overflow_the_stack() {
    let model = read(chain(50_000)).unwrap();
    run(&model);
    let open = chain(50_000);
    assert!(read(open[..open.len() / 2].to_vec()).is_err());
}

#[test]
fn changed_bytes_never_make_a_panic() {
    let mut random = Random(7);
    let mut n_read = 0;
    for name in [
        "multiclass-4.7.0",
        "categories_of_a_frame-2.3.1",
        "infinite_threshold-4.7.0",
        "json_classes-4.7.0",
        "json_linear_leaves-3.3.5",
        "json_categories_of_a_frame-4.7.0",
    ] {
        let bytes = case(name);
        for _ in 0..3000 {
            let mut bytes = bytes.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                // Half of them digits and signs, which change numbers and leave the form as it is.
                let digits = b"0123456789-. e[]{},:=\n";
                bytes[at] = match random.below(2) {
                    0 => digits[random.below(digits.len())],
                    _ => random.below(256) as u8,
                };
            }
            let Ok(model) = read(bytes) else { continue };
            n_read += 1;
            run(&model);
        }
    }
    assert!(100 < n_read, "most changes hit what no prediction needs");
}
