//! Rules every class keeps; adding a class that breaks one fails here, with the remedy in the message.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn no_import_path_is_claimed_twice() {
    let mut seen = BTreeSet::new();
    for path in estimators::registry().flat_map(|class| class.paths) {
        assert!(seen.insert(path), "{path} is claimed by two classes");
    }
}

#[test]
fn every_class_says_what_it_can_do() {
    for class in estimators::registry() {
        assert!(!class.methods.is_empty(), "{} lists no methods", class.name());
    }
}

/// A case names the class at the root of its model, as newest scikit-learn spells it or as the file does.
/// Tables are no classes of the registry: a dict, a Series, an object of a class nobody knows. Nor is a network whose
/// layers are declared.
#[test]
fn every_class_has_a_golden_case_of_its_own() {
    let mut proven = BTreeSet::new();
    let mut case_files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut case_files);
    for file in &case_files {
        let case: toml::Table = fs::read_to_string(file).unwrap().parse().unwrap();
        let class = case["class"].as_str().unwrap().to_owned();
        let spec = estimators::find(&class)
            .unwrap_or_else(|| panic!("{}: {class} is not in the registry", file.display()));
        proven.insert(spec.paths[0]);
    }
    let unproven: Vec<_> =
        estimators::registry().map(|it| it.paths[0]).filter(|it| !proven.contains(it)).collect();
    assert!(unproven.is_empty(), "no golden case for {unproven:?}: add one beside the class");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("tables") && !path.ends_with("network.golden") {
            collect(&path, files);
        } else if path.ends_with("case.toml") {
            files.push(path);
        }
    }
}
