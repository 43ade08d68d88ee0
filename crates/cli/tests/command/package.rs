//! `pythia package`, on programs of a few bytes that are written here.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

use zip::ZipArchive;

use crate::runs::{Folder, fails, pythia, stdout};

const X86_64: u16 = 62;
const ARM64: u16 = 183;

/// A program in one segment, mapped whole at 4 MB, that starts behind its headers.
fn program(machine: u16, code: &[u8]) -> Vec<u8> {
    const BASE: u64 = 0x40_0000;
    const HEADERS: u64 = 64 + 56;
    let n_bytes = HEADERS + code.len() as u64;
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    for half in [2, machine, 1, 0] {
        elf.extend(half.to_le_bytes());
    }
    for word in [BASE + HEADERS, 64, 0] {
        elf.extend(word.to_le_bytes());
    }
    elf.extend(0_u32.to_le_bytes());
    for half in [64_u16, 56, 1, 0, 0, 0] {
        elf.extend(half.to_le_bytes());
    }
    for half in [1_u32, 5] {
        elf.extend(half.to_le_bytes()); // PT_LOAD, readable and executable
    }
    for word in [0, BASE, BASE, n_bytes, n_bytes, 0x1000] {
        elf.extend(word.to_le_bytes());
    }
    elf.extend(code);
    elf
}

/// A program for x86-64 that prints `text` and ends with `code`.
fn printing(text: &str, code: u8) -> Vec<u8> {
    let mut run = vec![0xb8, 1, 0, 0, 0, 0xbf, 1, 0, 0, 0]; // write, standard output
    run.extend([0x48, 0x8d, 0x35, 19, 0, 0, 0]); // the text behind the code
    run.extend([0xba, u8::try_from(text.len()).unwrap(), 0, 0, 0, 0x0f, 0x05]);
    run.extend([0xb8, 60, 0, 0, 0, 0xbf, code, 0, 0, 0, 0x0f, 0x05]); // exit
    run.extend(text.as_bytes());
    program(X86_64, &run)
}

fn executable(folder: &Folder, name: &str, bytes: &[u8]) -> String {
    fs::write(folder.path(name), bytes).unwrap();
    fs::set_permissions(folder.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    folder.text(name)
}

fn own_version() -> String {
    format!("pythia {}\n", env!("CARGO_PKG_VERSION"))
}

/// A program for the other processor than this one's: it is not started.
fn arm64(folder: &Folder) -> String {
    executable(folder, "arm64", &program(ARM64, b"no code"))
}

#[test]
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn the_zip_holds_the_program_its_licences_and_what_was_named() {
    let folder = Folder::new();
    let program = executable(&folder, "program", &printing(&own_version(), 0));
    fs::create_dir_all(folder.path("models/old")).unwrap();
    folder.write("models/b.pkl", "b");
    folder.write("models/old/a.pkl", "a");
    let settings = folder.write("settings.toml", "");
    let out = folder.text("made/here");
    let models = folder.text("models");
    let args =
        ["package", "--binary", &program, "--config", &settings, "--include", &models, "-o", &out];
    let run = pythia(&args);
    assert!(run.status.success() && run.stderr.is_empty(), "{run:?}");

    let path = folder.path("made/here/pythia-lambda-x86_64.zip");
    let first = fs::read(&path).unwrap();
    let mut zip = ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    let mut found = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let mode = entry.unix_mode().unwrap();
        found.push((entry.name().unwrap().into_owned(), mode, bytes));
    }
    let names: Vec<(&str, u32)> =
        found.iter().map(|(name, mode, _)| (name.as_str(), *mode)).collect();
    let plain = 0o100_644;
    assert_eq!(
        names,
        [
            ("bootstrap", 0o100_755),
            ("LICENSE-APACHE", plain),
            ("LICENSE-MIT", plain),
            ("THIRD-PARTY.txt", plain),
            ("pythia.toml", plain),
            ("models/b.pkl", plain),
            ("models/old/a.pkl", plain),
        ]
    );
    assert_eq!(found[0].2, fs::read(&program).unwrap());
    assert!(
        String::from_utf8_lossy(&found[3].2).contains("ring 0."),
        "the licences are those of the dependencies"
    );
    assert_eq!(found[6].2, b"a");

    let said = stdout(&run);
    for part in [
        "pythia-lambda-x86_64.zip\n",
        "linked statically",
        own_version().trim(),
        "aws lambda create-function",
        "sam deploy --guided --template-file deploy/sam/template.yaml\n",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    // Again, of newer files: the same bytes, and the same text.
    let now = std::time::SystemTime::now() + std::time::Duration::from_secs(86_400);
    fs::File::open(folder.path("models/b.pkl")).unwrap().set_modified(now).unwrap();
    let again = pythia(&args);
    assert_eq!(stdout(&again), said);
    assert!(fs::read(&path).unwrap() == first, "the zip has changed");
    assert_eq!(fs::read_dir(folder.path("made/here")).unwrap().count(), 1);
}

#[test]
#[cfg(target_arch = "x86_64")]
fn another_processors_program_is_packed_without_being_started() {
    let folder = Folder::new();
    let run = pythia(&[
        "package",
        "--binary",
        &arm64(&folder),
        "--arch",
        "arm64",
        "-o",
        &folder.text("dist"),
    ]);
    // A machine with an emulator starts it, and it cannot run.
    if !run.status.success() {
        assert!(String::from_utf8_lossy(&run.stderr).contains("--version: "), "{run:?}");
        return;
    }
    assert!(stdout(&run).contains("this machine cannot start programs for arm64"), "{run:?}");
    assert!(folder.path("dist/pythia-lambda-arm64.zip").is_file());
}

#[test]
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn a_program_that_does_not_fit_is_refused_and_nothing_is_written() {
    let folder = Folder::new();
    let real = fs::read(env!("CARGO_BIN_EXE_pythia")).unwrap();
    let text = folder.write("text", "#!/bin/sh\necho pythia 1.0.0\n");
    let object = {
        let mut bytes = printing(&own_version(), 0);
        bytes[16] = 1; // ET_REL
        executable(&folder, "object.o", &bytes)
    };
    let cases = [
        (text, 3, "is not a Linux program"),
        (executable(&folder, "short", &real[..40]), 3, "is not a 64-bit little-endian ELF file"),
        (executable(&folder, "cut", &real[..4096]), 3, "is a damaged ELF file"),
        (object, 3, "is an ELF file, but no program"),
        (executable(&folder, "riscv", &program(243, b"")), 3, "ELF machine 243"),
        (executable(&folder, "fails", &printing("", 7)), 3, "--version: exit status: 7"),
        (
            executable(&folder, "other", &printing("python 3.14\n", 0)),
            3,
            "does not say that it is pythia",
        ),
        (folder.text("gone"), 3, "gone: No such file"),
    ];
    for (path, code, part) in cases {
        let error = fails(&["package", "--binary", &path, "-o", &folder.text("dist")], code);
        assert!(error.contains(part), "{path}: {error}");
        assert!(!folder.path("dist").exists(), "{path} left something");
    }
    let program = executable(&folder, "program", &printing(&own_version(), 0));
    let error = fails(&["package", "--binary", &program, "--arch", "arm64"], 3);
    assert!(error.contains("is built for x86_64, not for arm64"), "{error}");
}

#[test]
fn what_is_to_go_with_the_program_is_checked() {
    let folder = Folder::new();
    let program = arm64(&folder);
    let out = folder.text("dist");
    let package = |more: &[&str], code| {
        let mut args = vec!["package", "--binary", &program, "-o", &out];
        args.extend(more);
        let error = fails(&args, code);
        assert!(!folder.path("dist").exists(), "{more:?} left something");
        error
    };
    let (one, two) = (folder.text("a"), folder.text("b"));
    for parent in [&one, &two] {
        fs::create_dir(parent).unwrap();
        fs::write(format!("{parent}/model.pkl"), "x").unwrap();
    }
    let error = package(
        &["--include", &format!("{one}/model.pkl"), "--include", &format!("{two}/model.pkl")],
        2,
    );
    assert!(error.contains("model.pkl twice"), "{error}");
    let error = package(&["--include", &folder.write("Bootstrap", "x")], 2);
    assert!(error.contains("Bootstrap twice"), "{error}");
    std::os::unix::fs::symlink("/etc/passwd", folder.path("a/link")).unwrap();
    let error = package(&["--include", &one], 3);
    assert!(error.contains("a/link: is neither a file nor a folder"), "{error}");
    let error = package(&["--config", &folder.write("wrong.toml", "[rules")], 2);
    assert!(error.contains("wrong.toml"), "{error}");
}

#[test]
fn what_lambda_would_not_take_is_not_made() {
    let folder = Folder::new();
    let program = arm64(&folder);
    // Zeros pack well: too large unpacked, not packed.
    fs::File::create(folder.path("model.pkl")).unwrap().set_len(250 << 20).unwrap();
    let error = fails(
        &[
            "package",
            "--binary",
            &program,
            "--include",
            &folder.text("model.pkl"),
            "-o",
            &folder.text("dist"),
        ],
        2,
    );
    assert!(error.contains("MB unpacked, and Lambda takes 250 MB: leave models on S3"), "{error}");
    assert!(!folder.path("dist").exists());
}
