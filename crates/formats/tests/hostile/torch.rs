//! PyTorch's files and safetensors: real ones cut and changed, and ones made to lie.

use std::path::{Path, PathBuf};

use formats::ErrorKind;

use crate::bytes::Pickle;
use crate::flips::Numbers;
use crate::{error, read};

/// Files that PyTorch wrote: golden cases of the networks.
fn written(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../estimators/src/torch");
    let path: PathBuf = folder.join(name);
    std::fs::read(&path).unwrap_or_else(|err| panic!("{}: {err}", path.display()))
}

const FILES: [&str; 5] = [
    "network.golden/lstm_attention-2.15.0/model.pth",
    "network.golden/lstm_attention-1.0.1/model.pth",
    "network.golden/safetensors-2.15.0/model.safetensors",
    "sequential.golden/nested-2.15.0/model.pt",
    TAR,
];
const TAR: &str = "network.golden/tar_archive-2.15.0/model.pth";

#[test]
fn a_file_cut_anywhere_is_refused() {
    for name in FILES {
        let bytes = written(name);
        // A tar archive is filled up with zeros that nobody reads.
        let last = if name == TAR { bytes.iter().rposition(|it| *it != 0) } else { None };
        for end in (0..last.unwrap_or(bytes.len())).step_by(13) {
            let cut = bytes.get(..end).unwrap().to_vec();
            error(|| cut);
        }
    }
}

#[test]
fn changed_bytes_give_an_error_or_another_graph() {
    let mut numbers = Numbers(5);
    let mut refused = 0;
    for name in FILES {
        let bytes = written(name);
        for _ in 0..400 {
            let mut bytes = bytes.clone();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(bytes.len());
                bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b'.', b'('][numbers.below(7)];
            }
            refused += usize::from(read(|| bytes).is_err());
        }
    }
    assert!(refused > 100, "only {refused} of 2000 were refused: the changes do nothing");
}

/// An archive as `torch.save` writes it: `data.pkl`, and a storage of 24 bytes.
fn archive(pickle: &[u8]) -> Vec<u8> {
    zip(&[("m/data.pkl", pickle), ("m/byteorder", b"little"), ("m/data/0", &[7; 24])])
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let short = |n: usize| u16::try_from(n).unwrap().to_le_bytes();
    let long = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    for (name, content) in entries {
        let sizes = [[0; 4], long(content.len()), long(content.len())].concat();
        let lens = [short(name.len()), short(0)].concat();
        let at = long(file.len());
        file.extend(
            [b"PK\x03\x04".as_slice(), &[0; 10], &sizes, &lens, name.as_bytes(), content].concat(),
        );
        let head = [b"PK\x01\x02".as_slice(), &[0; 12], &sizes, &lens].concat();
        directory.extend([head.as_slice(), &[0; 10], &at, name.as_bytes()].concat());
    }
    let (count, start) = (short(entries.len()), long(file.len()));
    let end = [count.as_slice(), &count, &long(directory.len()), &start, &[0; 2]].concat();
    [file, directory, [b"PK\x05\x06\0\0\0\0".as_slice(), &end].concat()].concat()
}

/// A tensor of six floats in the storage "0".
fn tensor(offset: i64, shape: &[i64], strides: &[i64]) -> Vec<u8> {
    let it = part_of_tensor(offset, shape, strides);
    it.raw(b"tR").stop()
}

/// The same without its end: its metadata may follow.
fn part_of_tensor(offset: i64, shape: &[i64], strides: &[i64]) -> Pickle {
    let it = Pickle::new().global("torch._utils", "_rebuild_tensor_v2").raw(b"((");
    let it = it.text("storage").global("torch", "FloatStorage").text("0").text("cpu").int(6);
    it.raw(b"tQ").int(offset).shape(shape).shape(strides).raw(b"\x89}")
}

#[test]
fn a_tensor_whose_numbers_are_others_than_those_in_the_file_is_refused_by_name() {
    // As PyTorch 2.15 writes torch.complex(zeros, ones).conj().imag.
    let with = |key: &str, flag: &[u8]| {
        let it = part_of_tensor(0, &[3], &[2]).raw(b"}").text(key).raw(flag).raw(b"s");
        read(|| archive(&it.raw(b"tR").stop())).unwrap()
    };
    for (key, want) in
        [("neg", "resolve_neg()"), ("conj", "resolve_conj()"), ("odd", "metadata odd")]
    {
        let graph = with(key, b"\x88");
        let reason = graph.root().reason().unwrap();
        assert!(reason.contains(want), "{reason}");
    }
    assert!(with("neg", b"\x89").root().as_array().is_some());
}

#[test]
fn a_tensor_lies_in_its_storage() {
    for (offset, shape, strides) in [
        (0, &[2, 3][..], &[3, 1][..]),
        (0, &[3, 2], &[1, 3]),
        (2, &[4], &[1]),
        (5, &[7, 1], &[0, 9]),
        (9, &[0, 4], &[4, 1]),
        (3, &[], &[]),
    ] {
        let graph = read(|| archive(&tensor(offset, shape, strides))).unwrap();
        let array = graph.root().as_array().unwrap_or_else(|| panic!("{shape:?}"));
        let want: Vec<usize> = shape.iter().map(|it| usize::try_from(*it).unwrap()).collect();
        assert_eq!(array.shape[..], want);
        let numbers = array.to_f64(&graph).unwrap();
        assert_eq!(numbers, vec![f64::from(f32::from_le_bytes([7; 4])); array.len()]);
    }
}

#[test]
fn a_tensor_that_leaves_its_storage_is_refused() {
    for (offset, shape, strides) in [
        (0, &[7][..], &[1][..]),
        (6, &[1], &[1]),
        (0, &[2], &[6]),
        (i64::MAX, &[1], &[1]),
        (0, &[i64::MAX, i64::MAX], &[1, 1]),
        (0, &[2], &[i64::MAX]),
        (0, &[2, 2], &[1]),
    ] {
        let err = error(|| archive(&tensor(offset, shape, strides)));
        assert_eq!(err.kind(), ErrorKind::Malformed, "{shape:?}: {err}");
    }
    // What is no number from 0 is left as it is, and no tensor.
    for (offset, shape, strides) in [(-1, &[1][..], &[1][..]), (0, &[-1], &[1]), (0, &[2], &[-1])] {
        let graph = read(|| archive(&tensor(offset, shape, strides))).unwrap();
        assert!(graph.root().as_array().is_none() && graph.root().reason().is_some());
    }
}

#[test]
fn one_number_seen_a_tebibyte_of_times_is_refused_before_it_is_copied() {
    let err = error(|| archive(&tensor(0, &[1 << 20, 1 << 20], &[0, 0])));
    assert_eq!(err.kind(), ErrorKind::TooLarge, "{err}");
}

#[test]
fn an_archive_that_lies_is_refused() {
    let pickle = tensor(0, &[6], &[1]);
    let named = |name| zip(&[(name, &pickle), ("m/data/0", &[7; 24])]);
    let twice = || zip(&[("m/data.pkl", &pickle), ("n/data.pkl", &pickle)]);
    let script = || zip(&[("m/data.pkl", &pickle), ("m/constants.pkl", b"")]);
    let no_storage = || zip(&[("m/data.pkl", &pickle)]);
    assert_eq!(error(|| named("m/model.json")).kind(), ErrorKind::UnknownFormat);
    assert_eq!(error(twice).kind(), ErrorKind::Malformed);
    assert_eq!(error(no_storage).kind(), ErrorKind::Malformed);
    assert!(error(script).to_string().contains("TorchScript"));
    let bytes = archive(&pickle);
    let directory = bytes.windows(4).position(|it| it == b"PK\x01\x02").unwrap();
    // Compressed, encrypted, another length, a header somewhere else.
    for (at, value) in [(10, 8), (8, 1), (24, 0xff), (27, 0xff), (42, 3), (45, 0x7f)] {
        let mut bytes = bytes.clone();
        bytes[directory + at] = value;
        error(|| bytes);
    }
}

#[test]
fn a_persistent_id_that_is_none_of_pytorch_s_is_refused() {
    for id in [&b"N"[..], b"(t", b"]"] {
        let pickle = Pickle::new().raw(id).raw(b"Q").stop();
        let err = error(|| archive(&pickle));
        assert_eq!(err.kind(), ErrorKind::Unsupported, "{err}");
    }
}

fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let len = (header.len() as u64).to_le_bytes();
    [len.as_slice(), header.as_bytes(), &vec![0; data]].concat()
}

#[test]
fn a_header_of_safetensors_that_lies_is_refused() {
    let one = |dtype: &str, shape: &str, from: u64, to: u64| {
        format!(
            "{{\"a\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{from},{to}]}}}}"
        )
    };
    let good = one("F32", "[2,3]", 0, 24);
    assert!(read(|| safetensors(&good, 24)).is_ok());
    for header in [
        one("F32", "[2,3]", 0, 28),
        one("F32", "[2,4]", 0, 24),
        one("F32", "[2,3]", 24, 0),
        one("F32", "[2,3]", 8, 32),
        one("F32", "[18446744073709551615,2]", 0, 24),
        one("F32", "[-1]", 0, 24),
        one("F8_E4M3", "[24]", 0, 24),
        one("F32", "[2,3]", 0, 24).replace("dtype", "type"),
        "{\"a\":[[[[[[[[]]]]]]]]}".to_owned(),
    ] {
        error(|| safetensors(&header, 24));
    }
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    error(|| safetensors(&deep, 0));
    let wide = format!("{{\"a\":{{\"shape\":[{}1]}}}}", "1,".repeat(1 << 20));
    error(|| safetensors(&wide, 0));
}
