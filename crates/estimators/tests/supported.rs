//! `docs/supported.md` and `docs/versions.md` are what the registry and the golden cases say. `BLESS=1 cargo
//! test --test supported` writes them.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use estimators::{ClassSpec, Method, Version};

const HEAD: &str = "\
# Supported classes
Written by `BLESS=1 cargo test --test supported` from the registry and the golden cases; a test keeps it true.

Methods are those that files of the class may have. *Proven* lists the versions of scikit-learn (or of the class's own library) whose pickles are golden cases: each answers its
rows as the Python of that version did. *Exact* means equal bits in every case; otherwise the largest relative difference a case allows,
for the reason below.

";

const MATRIX_HEAD: &str = "\
# Version matrix
Written by `BLESS=1 cargo test --test supported`; a test keeps it true. How many golden cases of each class were pickled by each version
of scikit-learn: every one answers its rows as the Python of that version did (`cargo test --test golden`). A dash: the class did
not exist yet. Classes of other libraries have versions of their own and stand at the end.

";

#[test]
fn the_page_of_supported_classes_is_true() {
    is_true("supported.md", &page());
}

#[test]
fn the_page_of_versions_is_true() {
    is_true("versions.md", &matrix());
}

#[test]
fn every_class_is_proven_in_each_version_from_its_first() {
    let proofs = proofs();
    let pinned = pinned(&proofs);
    for (class, proof) in proofs.iter().filter(|it| is_of_sklearn(it.0)) {
        let first = proof.versions.keys().next();
        let missing: Vec<String> = pinned
            .iter()
            .filter(|it| first < Some(*it) && !proof.versions.contains_key(it))
            .map(ToString::to_string)
            .collect();
        assert!(missing.is_empty(), "{class} has no golden case of {missing:?}");
    }
}

fn is_true(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/{name} is out of date: run with BLESS=1");
}

/// What the golden cases of one class prove.
#[derive(Default)]
struct Proof {
    /// How many cases each version wrote.
    versions: BTreeMap<Version, usize>,
    n_exact: usize,
    tolerance: f64,
    reasons: BTreeSet<String>,
}

impl Proof {
    fn n_cases(&self) -> usize {
        self.versions.values().sum()
    }
}

fn is_of_sklearn(class: &str) -> bool {
    class.starts_with("sklearn.")
}

/// Every version of scikit-learn that wrote a case.
fn pinned(proofs: &BTreeMap<&str, Proof>) -> BTreeSet<Version> {
    let own = proofs.iter().filter(|it| is_of_sklearn(it.0));
    own.flat_map(|it| it.1.versions.keys().copied()).collect()
}

fn matrix() -> String {
    let proofs = proofs();
    let pinned = pinned(&proofs);
    let mut page = MATRIX_HEAD.to_owned();
    let heads: Vec<String> = pinned.iter().map(ToString::to_string).collect();
    writeln!(page, "| class | {} |\n|---|{}", heads.join(" | "), "---|".repeat(heads.len()))
        .unwrap();
    for (class, proof) in proofs.iter().filter(|it| is_of_sklearn(it.0)) {
        let cell = |it| proof.versions.get(it).map_or("–".to_owned(), ToString::to_string);
        let cells: Vec<String> = pinned.iter().map(cell).collect();
        writeln!(page, "| {} | {} |", public(class), cells.join(" | ")).unwrap();
    }
    let cell = |it: &Version| {
        let own = proofs.iter().filter(|proof| is_of_sklearn(proof.0));
        own.filter_map(|proof| proof.1.versions.get(it)).sum::<usize>().to_string()
    };
    let totals: Vec<String> = pinned.iter().map(cell).collect();
    writeln!(page, "| **all** | {} |", totals.join(" | ")).unwrap();
    writeln!(page, "\n| class | version: cases |\n|---|---|").unwrap();
    for (class, proof) in proofs.iter().filter(|it| !is_of_sklearn(it.0)) {
        let cells: Vec<String> =
            proof.versions.iter().map(|(version, n)| format!("{version}: {n}")).collect();
        writeln!(page, "| {class} | {} |", cells.join(", ")).unwrap();
    }
    page
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
    let n_cases: usize = proofs.values().map(Proof::n_cases).sum();
    let exact_cases: usize = proofs.values().map(|it| it.n_exact).sum();
    let share = 100.0 * exact_cases as f64 / n_cases as f64;
    writeln!(
        page,
        "{n_classes} classes, {n_exact} of them exact. {n_cases} golden cases, {share:.1} % of them exact. \
         [versions.md](versions.md) counts them by class and version.\n"
    )
    .unwrap();
    let pinned = pinned(&proofs);
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
            let proven = proof.map_or_else(String::new, |it| versions(it, &pinned));
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

/// `sklearn.linear_model.LinearRegression` of `sklearn.linear_model._base.LinearRegression`.
fn public(path: &str) -> String {
    let spec = estimators::find(path).unwrap();
    format!("{}.{}", package(spec), spec.name())
}

/// `sklearn.linear_model` of `sklearn.linear_model._base.LinearRegression`.
fn package(class: &ClassSpec) -> &'static str {
    let path = class.paths[0];
    let ends: Vec<usize> = path.match_indices('.').map(|(at, _)| at).collect();
    let private = path.find("._").unwrap_or(path.len());
    &path[..ends.iter().copied().filter(|&at| at <= private).max().unwrap_or(path.len())]
}

/// `0.22 to 1.9` if no pinned version is left out, else a list.
fn versions(proof: &Proof, pinned: &BTreeSet<Version>) -> String {
    let found: Vec<&Version> = proof.versions.keys().collect();
    if let [first, .., last] = found.as_slice()
        && pinned.range(**first..=**last).eq(found.iter().copied())
    {
        return format!("{first} to {last}");
    }
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
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
        // A Pipeline of scikit-learn's that another library's steps stand in is scikit-learn's.
        let own = made_with.get("version").filter(|_| !is_of_sklearn(spec.paths[0]));
        let version = own.unwrap_or(&made_with["scikit-learn"]);
        let version = version.as_str().unwrap();
        *proof.versions.entry(Version::parse(version).unwrap()).or_default() += 1;
        proof.n_exact += usize::from(case.get("tolerance").is_none_or(toml::Value::is_str));
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
