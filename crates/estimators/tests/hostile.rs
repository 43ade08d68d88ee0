//! Models that lie. Reading them gives an error with its place, or a model that answers without a panic.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod random;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use estimators::{Block, Dense, Model};

use crate::random::Random;

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sklearn").join(path)
}

fn read(bytes: Vec<u8>) -> Result<Model, String> {
    let graph = formats::read(bytes, "model.pkl", &formats::Limits::default());
    let graph = graph.map_err(|it| it.to_string())?;
    Model::read(&graph).map_err(|it| it.to_string())
}

/// A pickled tree, and where in the file its nodes are: 64 bytes each, `left_child` i8, `right_child` i8,
/// `feature` i8, then floats.
struct Tree {
    bytes: Vec<u8>,
    nodes: usize,
    n_nodes: usize,
}

const NODE: usize = 64;

impl Tree {
    fn new() -> Self {
        let case = "tree/decision_tree_classifier.golden/integers-1.9.1/model.pkl";
        let bytes = fs::read(source(case)).unwrap();
        let graph = formats::read(bytes.clone(), "model.pkl", &formats::Limits::default()).unwrap();
        let tree = graph.root().attribute("tree_").unwrap();
        let array = tree.attribute("nodes").unwrap().as_array().unwrap();
        let nodes = array.bytes(&graph).unwrap();
        assert_eq!(array.dtype.itemsize, NODE);
        let at = bytes.windows(nodes.len()).position(|it| it == nodes).unwrap();
        Self { nodes: at, n_nodes: array.len(), bytes }
    }

    /// The message for a tree whose field `field` (0 left, 1 right, 2 feature) of node `node` is `value`.
    fn with(&self, node: usize, field: usize, value: i64) -> Result<Model, String> {
        let mut bytes = self.bytes.clone();
        let at = self.nodes + node * NODE + field * 8;
        bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
        read(bytes)
    }

    fn field(&self, node: usize, field: usize) -> i64 {
        let at = self.nodes + node * NODE + field * 8;
        i64::from_le_bytes(self.bytes[at..at + 8].try_into().unwrap())
    }
}

#[test]
fn a_tree_that_lies_is_refused_with_the_node() {
    let tree = Tree::new();
    assert!(read(tree.bytes.clone()).is_ok());
    assert!(4 < tree.n_nodes && tree.field(0, 0) == 1, "the root's left child is node 1");
    let inner = (1..tree.n_nodes).find(|&it| tree.field(it, 0) != -1).unwrap();
    let lies = [
        ("a child that is the root: a cycle", tree.with(inner, 0, 0)),
        ("a child that is the node itself", tree.with(inner, 1, inner as i64)),
        ("two parents of one node", tree.with(0, 1, 1)),
        ("a child behind the last node", tree.with(0, 0, tree.n_nodes as i64)),
        ("a child far out of range", tree.with(0, 1, i64::MAX)),
        ("a negative child", tree.with(0, 0, -5)),
        ("a feature out of range", tree.with(0, 2, 4)),
        ("a negative feature", tree.with(0, 2, -1)),
    ];
    for (lie, read) in lies {
        let text = read.err().unwrap_or_else(|| panic!("{lie}: the tree was read"));
        println!("{lie}: {text}");
        assert!(text.starts_with("$.tree_"), "{lie}: {text}");
        assert!(text.contains("node "), "{lie}: {text}");
    }
}

/// Pipelines in pipelines, each holding the one before twice: 2^n estimators in a small file.
fn doubled_pipelines(n: usize) -> Vec<u8> {
    let mut bytes = b"\x80\x02csklearn.preprocessing._data\nStandardScaler\n)\x81q\x000".to_vec();
    for i in 0..n {
        let (before, own) = (i as u8, i as u8 + 1);
        bytes.extend_from_slice(b"csklearn.pipeline\nPipeline\n)\x81}X\x05\x00\x00\x00steps](");
        for name in *b"ab" {
            bytes.extend_from_slice(&[b'X', 1, 0, 0, 0, name, b'h', before, 0x86]);
        }
        bytes.extend_from_slice(&[b'e', b's', b'b', b'q', own, b'0']);
    }
    bytes.extend_from_slice(&[b'h', n as u8, b'.']);
    bytes
}

#[test]
fn sharing_does_not_make_a_small_file_endless() {
    let start = Instant::now();
    for n in [10, 30, 60, 200] {
        let text = read(doubled_pipelines(n)).err().unwrap();
        assert!(text.starts_with("$.steps[0][1]"), "{text}");
        let end = text.len().min(120);
        println!("{n} doubled pipelines: {}", &text[..end]);
    }
    // Without a budget this takes 2^60 steps; the bound is far above what a slow machine needs.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn a_pipeline_that_holds_itself_is_refused() {
    let bytes = b"\x80\x02csklearn.pipeline\nPipeline\n)\x81q\x00}X\x05\x00\x00\x00steps]\
        (X\x01\x00\x00\x00ah\x00\x86esb."
        .to_vec();
    let text = read(bytes).err().unwrap();
    assert!(text.contains("nested more than 64 objects deep"), "{text}");
}

/// The model of a golden case, with `number` for the small integer that its attribute `name` is.
fn with_number(case: &str, name: &str, number: i32) -> Result<Model, String> {
    const FRAME: std::ops::Range<usize> = 3..11;
    let mut bytes = fs::read(source(case)).unwrap();
    let key = [&[0x8c, name.len() as u8], name.as_bytes(), &[0x94]].concat();
    let at = bytes.windows(key.len()).position(|it| it == key).unwrap() + key.len();
    let width = match bytes[at] {
        b'K' => 2,
        b'M' => 3,
        it => panic!("{case}: opcode {it}"),
    };
    let written = [&b"J"[..], &number.to_le_bytes()].concat();
    bytes.splice(at..at + width, written);
    let length = u64::from_le_bytes(bytes[FRAME].try_into().unwrap()) + 5 - width as u64;
    bytes[FRAME].copy_from_slice(&length.to_le_bytes());
    read(bytes)
}

#[test]
fn a_model_that_would_iterate_for_days_is_refused_by_name() {
    let models = [
        ("nmf.golden/coordinate_descent-1.9.1", "max_iter"),
        ("nmf.golden/kullback_leibler-1.9.1", "max_iter"),
        ("nmf.golden/in_small_batches_with_penalty-1.9.1", "transform_max_iter"),
        ("latent_dirichlet_allocation.golden/three_topics-1.9.1", "max_doc_update_iter"),
        ("dictionary.golden/lasso_by_descent-1.9.1", "transform_max_iter"),
        ("dictionary.golden/lasso_by_least_angle-1.9.1", "transform_max_iter"),
    ];
    for (case, name) in models {
        let case = format!("decomposition/{case}/model.pkl");
        assert!(with_number(&case, name, 1_000_000).is_ok(), "{case}");
        for number in [1_000_001, i32::MAX] {
            let text = with_number(&case, name, number).err().unwrap();
            println!("{text}");
            let expected = format!("$.{name} is {number}, and no row gets more than 1000000 ");
            assert!(text.contains(&expected), "{case}: {text}");
        }
    }
}

/// Reads what became of each file after a few of its bytes were changed, forty times over; the number of
/// models that were read all the same. They answer two rows, or refuse them.
fn flipped(cases: &[PathBuf]) -> usize {
    let mut random = Random(42);
    let mut read_all_the_same = 0;
    for case in cases {
        let bytes = fs::read(case).unwrap();
        if 60_000 < bytes.len() {
            continue;
        }
        for _ in 0..40 {
            let mut bytes = bytes.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                bytes[at] = random.below(256) as u8;
            }
            let Ok(model) = read(bytes) else { continue };
            read_all_the_same += 1;
            let rows = Dense::filled(2, model.n_features_in().min(10_000), 0.5);
            for &method in model.methods() {
                // An error is as good as an answer.
                let _ = model.call(method, Block::Dense(rows.clone()));
            }
        }
    }
    read_all_the_same
}

#[test]
fn flipped_bytes_never_make_a_panic() {
    let mut cases = Vec::new();
    collect(&source(""), "-1.9.1", &mut cases);
    cases.sort();
    assert!(20 < cases.len());
    assert!(0 < flipped(&cases), "most flips hit what no prediction needs");
}

fn tables_and_encoders() -> Vec<PathBuf> {
    let mut cases = Vec::new();
    collect(&source("../tables"), "-1.9.1", &mut cases);
    collect(&source("../category_encoders"), "-2.11.2", &mut cases);
    cases.sort();
    assert!(100 < cases.len());
    cases
}

#[test]
fn flipped_bytes_of_tables_and_encoders_never_make_a_panic() {
    assert!(0 < flipped(&tables_and_encoders()));
}

#[test]
fn tables_and_encoders_that_are_cut_are_refused() {
    for case in tables_and_encoders() {
        let bytes = fs::read(&case).unwrap();
        for len in (0..bytes.len()).step_by(1 + bytes.len() / 40) {
            assert!(read(bytes[..len].to_vec()).is_err(), "{} cut at {len}", case.display());
        }
    }
}

#[test]
fn tables_that_lie_are_refused_with_the_place() {
    const OBJECT: &[u8] = b"\x80\x02cmy_pkg\nMean\n)\x81q\x00}(X\x0b\x00\x00\x00global_meanK\x01";
    let object = |mapping: &[u8]| [OBJECT, b"X\x07\x00\x00\x00mapping", mapping, b"ub."].concat();
    let dict = |entries: &[u8]| [b"\x80\x02}q\x00(", entries, b"u."].concat();
    let big = [b"\x80\x02X\x00\x00\x10\x00", &[b'x'; 1 << 20][..], b"q\x010}("].concat();
    let many = (0..5000_u16).flat_map(|it| [b'M', it as u8, (it >> 8) as u8, b'h', 1]);
    let shared = [big, many.collect(), b"u.".to_vec()].concat();
    let lies = [
        (dict(b"K\x01K\x02K\x03h\x00"), "$[3] is dict, expected a text, a number or a truth value"),
        (dict(b"K\x01K\x02]K\x03"), "$[key 1] is list, expected a text, a number or a truth value"),
        (dict(b"K\x01K\x02K\x01K\x02\x86K\x03"), "$ has keys of 1 and of 2 parts"),
        (dict(b"K\x01K\x02\x86K\x03K\x01\x85K\x01\x86K\x03"), "$[key 1] is tuple, expected"),
        (dict(b")K\x01"), "$[key 0] is tuple, expected"),
        (object(b"h\x00"), "$.mapping is my_pkg.Mean, expected a dict or a pandas Series"),
        (object(b"N"), "$.mapping is None, expected a dict or a pandas Series"),
        (object(b"}"), "$ has no keys"),
        (shared, "$ makes the model larger than the file it comes from allows"),
    ];
    for (bytes, expected) in lies {
        let text = read(bytes).err().unwrap();
        assert!(text.starts_with(expected), "{text}, expected {expected}");
    }
    let factory = b"\x80\x02ccollections\ndefaultdict\ncos\nsystem\n\x85RK\x01K\x02s.".to_vec();
    let text = read(factory).err().unwrap();
    assert!(text.contains("os.system"), "{text}");
}

/// One model of each golden case, of one version.
fn collect(folder: &Path, version: &str, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(version) {
            files.extend(
                ["model.pkl", "model.joblib"]
                    .map(|it| path.join(it))
                    .into_iter()
                    .filter(|it| it.exists()),
            );
        } else if path.is_dir() {
            collect(&path, version, files);
        }
    }
}
