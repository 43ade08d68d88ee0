//! Every folder below a `<class>.golden/` is a test: the model that Python pickled answers its rows as
//! Python did. `cargo test --test golden -- scaler` runs those whose path holds `scaler`.

mod case;
mod compare;
mod csv;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut cases = Vec::new();
    collect(&sources, &mut cases);
    cases.sort();
    let trials = cases.into_iter().map(|folder| {
        let name = folder.strip_prefix(&sources).unwrap_or(&folder).display().to_string();
        Trial::test(name, move || case::run(&folder).map_err(Into::into))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn collect(folder: &Path, cases: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source folder can be listed").flatten() {
        let path = entry.path();
        if path.join("case.toml").is_file() {
            cases.push(path);
        } else if path.is_dir() {
            collect(&path, cases);
        }
    }
}
