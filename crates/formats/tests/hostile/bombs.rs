//! Small files that decompress to large ones.

use std::io::Write;

use formats::{ErrorKind, Limits};

use crate::memory;

/// A pickle of one text of `len` zeros.
fn plain(len: usize) -> Vec<u8> {
    let mut bytes = b"\x80\x04B".to_vec();
    bytes.extend_from_slice(&u32::try_from(len).unwrap().to_le_bytes());
    bytes.resize(bytes.len() + len, 0);
    bytes.push(b'.');
    bytes
}

type Compress = fn(&[u8]) -> Vec<u8>;

fn zlib(it: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    to.write_all(it).unwrap();
    to.finish().unwrap()
}

fn gzip(it: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    to.write_all(it).unwrap();
    to.finish().unwrap()
}

fn bzip2(it: &[u8]) -> Vec<u8> {
    let mut to = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    to.write_all(it).unwrap();
    to.finish().unwrap()
}

fn xz(it: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut to = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    to.write_all(it).unwrap();
    to.finish().unwrap()
}

fn lzma(it: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::LzmaOptions::with_preset(1);
    let mut to = lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, None).unwrap();
    to.write_all(it).unwrap();
    to.finish().unwrap()
}

fn lz4(it: &[u8]) -> Vec<u8> {
    let mut to = lz4_flex::frame::FrameEncoder::new(Vec::new());
    to.write_all(it).unwrap();
    to.finish().unwrap()
}

const ALL: [(&str, Compress); 6] =
    [("zlib", zlib), ("gzip", gzip), ("bzip2", bzip2), ("xz", xz), ("lzma", lzma), ("lz4", lz4)];

#[test]
fn a_bomb_is_refused_in_every_compression_within_its_limit() {
    let _alone = memory::alone();
    let bomb = plain(128 << 20);
    for (name, compress) in ALL {
        let file = compress(&bomb);
        let limits = Limits::default();
        let most = limits
            .decompressed_anyway_bytes
            .max(file.len() as u64 * limits.decompression_ratio)
            .min(limits.decompressed_bytes);
        let len = file.len();
        let (result, peak) =
            memory::peak_of(file.capacity(), || formats::read(file, "model.pkl", &limits));
        if most < (128 << 20) {
            let bound = 4 * len + (64 << 20);
            assert!(peak <= bound, "{name}: peak {peak}, expected at most {bound}");
            let err = result.expect_err(name);
            assert_eq!(err.kind(), ErrorKind::TooLarge, "{name}: {err}");
            assert!(err.to_string().contains("decompresses to more than"), "{err}");
            println!("bombs, {name}: {err}");
        } else {
            assert!(result.is_ok(), "{name}: {len} bytes are no bomb");
        }
    }
}

#[test]
fn the_absolute_limit_holds_too() {
    let _alone = memory::alone();
    let mut limits = Limits::default();
    limits.decompressed_bytes = 1 << 20;
    for (name, compress) in ALL {
        let err = formats::read(compress(&plain(2 << 20)), "m", &limits).expect_err(name);
        assert_eq!(err.kind(), ErrorKind::TooLarge, "{name}: {err}");
        assert!(formats::read(compress(&plain(1 << 10)), "m", &limits).is_ok(), "{name}");
    }
}

#[test]
fn a_compressed_file_cut_anywhere_or_followed_by_something_is_refused() {
    let _alone = memory::alone();
    for (name, compress) in ALL {
        let file = compress(&plain(1 << 10));
        for end in 0..file.len() {
            let cut = file.get(..end).unwrap().to_vec();
            assert!(formats::read(cut, "m", &Limits::default()).is_err(), "{name} cut at {end}");
        }
        // The decoder of .lzma takes all there is and does not tell where its data ended.
        if name == "lzma" {
            continue;
        }
        let more = [&file[..], b"more"].concat();
        assert!(formats::read(more, "m", &Limits::default()).is_err(), "{name} with a tail");
    }
}

#[test]
fn a_file_compressed_twice_is_refused() {
    let err = formats::read(gzip(&zlib(&plain(10))), "m", &Limits::default()).unwrap_err();
    assert_eq!(err.kind(), ErrorKind::UnknownFormat);
}

#[test]
fn a_dictionary_of_four_gibibytes_is_not_allocated() {
    let _alone = memory::alone();
    let mut file = lzma(&plain(1 << 10));
    file.get_mut(1..5).unwrap().copy_from_slice(&u32::MAX.to_le_bytes());
    let (result, peak) =
        memory::peak_of(file.capacity(), || formats::read(file, "m", &Limits::default()));
    assert!(result.is_ok() || result.is_err_and(|it| it.kind() == ErrorKind::UnknownFormat));
    assert!(peak < 64 << 20, "peak {peak}");
}
