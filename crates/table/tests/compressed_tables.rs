//! Compressed tables: read as Python reads them, several members too; damage is named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Cursor, Read, Write};

use table::compression::{Writer, open};
use table::csv::{Reader, ReaderOptions};
use table::{Error, ErrorKind};

const NAMES: [&str; 4] = ["t.csv.gz", "t.csv.bz2", "t.csv.xz", "t.csv.zst"];

fn compress(text: &[u8], name: &str) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), name).unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap()
}

fn decompress(file: Vec<u8>, name: &str) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    open(Box::new(Cursor::new(file)), name).read_to_end(&mut text)?;
    Ok(text)
}

fn long_text() -> Vec<u8> {
    (0..60_000).flat_map(|row| format!("{row},{}\n", row * 7919 % 1013).into_bytes()).collect()
}

#[test]
fn what_is_written_is_read_again_and_smaller() {
    for name in NAMES {
        let text = long_text();
        let file = compress(&text, name);
        assert!(file.len() < text.len() / 2, "{name}");
        assert_eq!(file, compress(&text, name), "{name} is deterministic");
        assert!(decompress(file, name).unwrap() == text, "{name}");
        assert_eq!(decompress(compress(b"", name), name).unwrap(), b"", "{name}");
    }
    assert_eq!(compress(b"a,b\n", "t.csv"), b"a,b\n");
}

#[test]
fn several_members_are_one_file() {
    for name in NAMES {
        let mut file = compress(b"a,b\n1,", name);
        file.extend(compress(b"", name));
        file.extend(compress(b"2\n", name));
        assert_eq!(decompress(file, name).unwrap(), b"a,b\n1,2\n", "{name}");
    }
    let mut padded = compress(b"a,b\n", "t.gz");
    padded.extend([0; 700]);
    assert_eq!(decompress(padded.clone(), "t.gz").unwrap(), b"a,b\n");
    padded.extend(compress(b"1,2\n", "t.gz"));
    assert_eq!(decompress(padded, "t.gz").unwrap(), b"a,b\n1,2\n");
}

#[test]
fn what_python_wrote_in_two_members_is_read() {
    let files = [
        &include_bytes!("pandas/members.csv.gz")[..],
        include_bytes!("pandas/members.csv.bz2"),
        include_bytes!("pandas/members.csv.xz"),
        include_bytes!("pandas/members.csv.zst"),
    ];
    for (file, name) in files.into_iter().zip(NAMES) {
        assert_eq!(decompress(file.to_vec(), name).unwrap(), b"a,b\n1,2\n3,4\n", "{name}");
    }
}

#[test]
fn a_file_that_is_cut_off_is_an_error_that_names_it() {
    for name in NAMES {
        let file = compress(&long_text(), name);
        for length in [1, 5, 11, file.len() / 2, file.len() - 9, file.len() - 1] {
            let error = decompress(file[..length].to_vec(), name).unwrap_err();
            let error = error.downcast::<Error>().unwrap();
            assert_eq!(error.kind(), ErrorKind::Compression, "{name} {length}: {error}");
            assert_eq!(error.place().file.as_deref(), Some(name));
            assert!(error.message().ends_with("cut off"), "{length}: {error}");
        }
    }
}

#[test]
fn damage_and_wrong_extensions_are_errors() {
    for name in NAMES {
        let mut file = compress(&long_text(), name);
        let middle = file.len() / 2;
        file[middle..middle + 40].fill(0x5a);
        let error = decompress(file, name).unwrap_err().downcast::<Error>().unwrap();
        assert_eq!(error.kind(), ErrorKind::Compression, "{name}: {error}");
        let error = decompress(b"plain,text,that,is,long,enough\n1,2\n".to_vec(), name);
        let error = error.unwrap_err().downcast::<Error>().unwrap();
        assert!(error.message().contains("extension"), "{name}: {error}");
    }
}

#[test]
fn the_reader_passes_the_decompressors_error_on() {
    let file = compress(&long_text(), "t.csv.gz");
    let source = open(Box::new(Cursor::new(file[..file.len() - 4].to_vec())), "t.csv.gz");
    let options = ReaderOptions { chunk_bytes: 1000, ..ReaderOptions::default() };
    let mut reader = Reader::new(source, "t.csv.gz", options).unwrap();
    let error = loop {
        match reader.next_chunk() {
            Ok(chunk) => assert!(chunk.is_some(), "the end of a file that is cut off"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.to_string(), "t.csv.gz: the compressed file is cut off");
    assert_eq!(error.kind(), ErrorKind::Compression);
}

#[test]
fn an_error_of_the_file_itself_stays_what_it_is() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "reset"))
        }
    }
    for name in NAMES.into_iter().chain(["t.csv"]) {
        let error = Reader::new(open(Box::new(Failing), name), name, ReaderOptions::default());
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Io, "{name}");
    }
}
