//! `pythia package`: the zip of the Lambda function, after the program in it was found fit for Lambda.

mod archive;
mod elf;
mod files;
mod report;
mod started;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use engine::Limits;
use sha2::{Digest, Sha256};
use tempfile::Builder;

use self::archive::Entry;
pub(crate) use self::elf::Arch;
use self::elf::{Links, Needs, Version};
use self::files::{MOST_BYTES, included, licences, plain, read, unusable};
use self::report::Report;
use self::started::Started;
use crate::args::Package;
use crate::inputs::storage;
use crate::outcome::{Failure, warn};

/// That of Amazon Linux 2023, on which `provided.al2023` runs.
const GLIBC: Version = Version(2, 34);
/// Lambda's limit of a zip that is uploaded: 50 MB.
const MOST_ZIP_BYTES: u64 = 50 << 20;
/// A larger program starts noticeably later.
const USUAL_PROGRAM_BYTES: u64 = 8 << 20;

pub(crate) fn run(args: &Package) -> Result<(), Failure> {
    let program = match &args.binary {
        Some(path) => path.clone(),
        None => env::current_exe()
            .map_err(|err| Failure::File(format!("this program's own file: {err}")))?,
    };
    let bytes = read(&program)?;
    let needs = fit(&program, &bytes, args.arch)?;
    let said = started(&program, needs.arch)?;
    let entries = entries(bytes, args)?;
    let n_unpacked = entries.iter().map(|it| it.bytes.len() as u64).sum();
    if n_unpacked > MOST_BYTES {
        return Err(too_large("unpacked", n_unpacked, "250 MB"));
    }
    let zip = archive::zip(&entries)
        .map_err(|err| Failure::Bug(format!("cannot make the zip: {err}")))?;
    let n_packed = zip.len() as u64;
    if n_packed > MOST_ZIP_BYTES {
        return Err(too_large("packed", n_packed, "50 MB"));
    }
    let path = args.output.join(format!("pythia-lambda-{}.zip", needs.arch.name()));
    write(&path, &zip)?;
    if args.include.is_empty() && n_packed > USUAL_PROGRAM_BYTES {
        let text = format!(
            "{}: {} MB are more than the usual 8 MB: cold starts take longer",
            path.display(),
            report::megabytes(n_packed)
        );
        warn(&[text], false);
    }
    let digest = Sha256::digest(&zip);
    let report = Report {
        path: &path,
        needs,
        said: &said,
        n_packed,
        n_unpacked,
        sha256: digest.iter().map(|it| format!("{it:02x}")).collect(),
        code_sha256: base64::engine::general_purpose::STANDARD.encode(digest),
        others: entries.iter().map(|it| it.name.as_str()).skip(1).collect(),
    };
    Ok(report.print()?)
}

/// What the program needs, if Lambda has it.
fn fit(program: &Path, bytes: &[u8], wanted: Option<Arch>) -> Result<Needs, Failure> {
    let needs = elf::read(bytes).map_err(|why| unusable(program, &why))?;
    if let Some(wanted) = wanted.filter(|it| *it != needs.arch) {
        let why = format!(
            "is built for {}, not for {}: name another with --binary",
            needs.arch.name(),
            wanted.name()
        );
        return Err(unusable(program, &why));
    }
    match needs.links {
        Links::Glibc(version) if version > GLIBC => {
            let why = format!(
                "needs glibc {version}, and Lambda's Amazon Linux 2023 has {GLIBC}: link it statically \
                 (deploy/package.sh, docs/deployment.md) and name it with --binary"
            );
            Err(unusable(program, &why))
        }
        _ => Ok(needs),
    }
}

/// What the program says of itself, or why it could not be asked.
fn started(program: &Path, arch: Arch) -> Result<String, Failure> {
    match started::version(program) {
        Started::Said(line) if line.starts_with("pythia ") && line.lines().count() == 1 => {
            let own = concat!("pythia ", env!("CARGO_PKG_VERSION"));
            if line != own {
                warn(&[format!("the program is {line}, and THIRD-PARTY.txt that of {own}")], false);
            }
            Ok(line)
        }
        Started::Said(_) => {
            Err(unusable(program, "does not say that it is pythia when asked for its --version"))
        }
        Started::Failed(why) => Err(unusable(program, &format!("--version: {why}"))),
        Started::Not(why) if arch.is_here() => {
            Err(unusable(program, &format!("cannot be started: {why}")))
        }
        Started::Not(_) => {
            Ok(format!("not asked: this machine cannot start programs for {}", arch.name()))
        }
    }
}

/// All files of the zip, the program first: Lambda's `bootstrap`.
fn entries(program: Vec<u8>, args: &Package) -> Result<Vec<Entry>, Failure> {
    let mut entries =
        vec![Entry { name: "bootstrap".to_owned(), bytes: program, is_program: true }];
    entries.extend(licences());
    if let Some(path) = &args.config {
        let location = engine::parse_location(&path.display().to_string())?;
        engine::Settings::read(&location, Limits::default(), storage())?;
        entries.push(plain("pythia.toml".to_owned(), read(path)?));
    }
    for path in &args.include {
        entries.extend(included(path)?);
    }
    let mut names = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        // A file system that does not tell `A` from `a` keeps one of them.
        if names.insert(entry.name.to_lowercase(), at).is_some() {
            return Err(engine::Error::request(format!(
                "the zip would hold {} twice: rename or leave out one",
                entry.name
            ))
            .into());
        }
    }
    Ok(entries)
}

fn too_large(what: &str, n_bytes: u64, limit: &str) -> Failure {
    let size = report::megabytes(n_bytes);
    engine::Error::request(format!(
        "the function would have {size} MB {what}, and Lambda takes {limit}: leave models on S3, from where they are read and kept"
    ))
    .into()
}

/// Writes the zip whole, or not at all.
fn write(path: &PathBuf, zip: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let failed = |err: std::io::Error| unusable(path, &format!("cannot be written: {err}"));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = new_file(folder).map_err(failed)?;
    file.write_all(zip).map_err(failed)?;
    file.persist(path).map_err(|err| failed(err.error))?;
    Ok(())
}

/// A file that goes away again unless it is kept, which others may read as the user's umask says.
#[cfg(unix)]
fn new_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    Builder::new().permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn new_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    Builder::new().tempfile_in(folder)
}
