//! `docs/supported.md` is what the registry and the golden cases say. `BLESS=1 cargo test -p estimators
//! --test supported` writes it.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use estimators::{ClassSpec, Method, Version};

const HEAD: &str = "\
# Supported classes
Written by `BLESS=1 cargo test -p estimators --test supported` from the registry and the golden cases; a test keeps it true.

Methods are those that files of the class may have. *Proven* lists the versions of scikit-learn (or of the class's own library) whose pickles are golden cases: each answers its
rows as the Python of that version did. *Exact* means equal bits in every case; otherwise the largest relative difference a case allows,
for the reason below.

";

#[test]
fn the_page_of_supported_classes_is_true() {
    let page = page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/supported.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/supported.md is out of date: run with BLESS=1");
}

/// What the golden cases of one class prove.
#[derive(Default)]
struct Proof {
    versions: BTreeSet<Version>,
    tolerance: f64,
    reasons: BTreeSet<String>,
}

fn page() -> String {
    let proofs = proofs();
    let mut packages: BTreeMap<&str, Vec<&ClassSpec>> = BTreeMap::new();
    for class in estimators::registry() {
        packages.entry(package(class)).or_default().push(class);
    }
    let mut page = HEAD.to_owned();
    let n_classes = estimators::registry().count();
    let n_exact = proofs.values().filter(|it| it.tolerance == 0.0).count();
    writeln!(page, "{n_classes} classes, {n_exact} of them exact.\n").unwrap();
    let mut reasons: Vec<&str> = Vec::new();
    for (package, mut classes) in packages {
        writeln!(page, "## {package}\n| class | methods | proven | tolerance |\n|---|---|---|---|")
            .unwrap();
        classes.sort_by_key(|it| it.name());
        for class in classes {
            let proof = proofs.get(class.paths[0]);
            let mut notes = String::new();
            for reason in proof.iter().flat_map(|it| &it.reasons) {
                let at = reasons.iter().position(|it| it == reason).unwrap_or_else(|| {
                    reasons.push(reason);
                    reasons.len() - 1
                });
                write!(notes, " ({})", at + 1).unwrap();
            }
            let methods: Vec<&str> = class.methods.iter().map(|it| Method::name(*it)).collect();
            let tolerance = match proof.map_or(0.0, |it| it.tolerance) {
                0.0 => "exact".to_owned(),
                it => format!("{it:e}{notes}"),
            };
            let proven = proof.map_or_else(String::new, versions);
            writeln!(
                page,
                "| {} | {} | {proven} | {tolerance} |",
                class.name(),
                methods.join(", ")
            )
            .unwrap();
        }
        page.push('\n');
    }
    if !reasons.is_empty() {
        page.push_str("## Reasons\n");
    }
    for (i, reason) in reasons.iter().enumerate() {
        writeln!(page, "{}. {reason}", i + 1).unwrap();
    }
    page
}

/// `sklearn.linear_model` of `sklearn.linear_model._base.LinearRegression`.
fn package(class: &ClassSpec) -> &'static str {
    let path = class.paths[0];
    let ends: Vec<usize> = path.match_indices('.').map(|(at, _)| at).collect();
    let private = path.find("._").unwrap_or(path.len());
    &path[..ends.iter().copied().filter(|&at| at <= private).max().unwrap_or(path.len())]
}

fn versions(proof: &Proof) -> String {
    proof.versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn proofs() -> BTreeMap<&'static str, Proof> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut proofs: BTreeMap<&'static str, Proof> = BTreeMap::new();
    for file in files {
        let case: toml::Table = fs::read_to_string(&file).unwrap().parse().unwrap();
        let class = case["class"].as_str().unwrap();
        let Some(spec) = estimators::find(class) else { continue };
        if case.get("unsupported").is_some() {
            continue;
        }
        let proof = proofs.entry(spec.paths[0]).or_default();
        let made_with = &case["made_with"];
        let version = made_with.get("version").unwrap_or(&made_with["scikit-learn"]);
        let version = version.as_str().unwrap();
        proof.versions.insert(Version::parse(version).unwrap());
        for it in case.get("tolerance").and_then(toml::Value::as_table).into_iter().flatten() {
            let relative = it.1["relative"].as_float().unwrap();
            proof.tolerance = proof.tolerance.max(relative);
            proof.reasons.insert(it.1["reason"].as_str().unwrap().to_owned());
        }
    }
    proofs
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.ends_with("case.toml") {
            files.push(path);
        }
    }
}
