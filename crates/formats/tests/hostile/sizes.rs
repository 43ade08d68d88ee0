//! Lengths that are not true.

use formats::{ErrorKind, Place};

use crate::bytes::Pickle;
use crate::{error, read};

#[test]
fn a_text_of_a_tebibyte_is_refused_before_it_is_allocated() {
    for opcode in [b"\x8d", b"\x8e", b"\x96"] {
        let err = error(|| Pickle::new().raw(opcode).raw(&(1_u64 << 40).to_le_bytes()).stop());
        assert_eq!(err.kind(), ErrorKind::Truncated);
        assert_eq!(err.place(), Place::Byte(2));
    }
    let err = error(|| Pickle::new().raw(b"\x8d").raw(&u64::MAX.to_le_bytes()).stop());
    assert_eq!(err.kind(), ErrorKind::Truncated);
}

#[test]
fn lengths_below_zero_are_refused() {
    for opcode in [b"T", b"\x8b"] {
        let err = error(|| Pickle::new().raw(opcode).raw(&(-1_i32).to_le_bytes()).stop());
        assert_eq!(err.kind(), ErrorKind::Malformed, "{err}");
    }
}

#[test]
fn an_integer_of_a_megabyte_is_refused() {
    let err = error(|| {
        Pickle::new().raw(b"\x8b").raw(&(1_i32 << 20).to_le_bytes()).times(1 << 20, b"\x01").stop()
    });
    assert_eq!(err.kind(), ErrorKind::TooLarge);
    let digits = format!("(L{}L\nt.", "9".repeat(1_000_000));
    assert_eq!(error(|| digits.into_bytes()).kind(), ErrorKind::TooLarge);
}

#[test]
fn a_memo_number_below_zero_or_unknown_is_refused() {
    for bytes in [&b"(lp-1\n."[..], b"(lg7\n.", b"(lpx\n."] {
        assert_eq!(error(|| bytes.to_vec()).kind(), ErrorKind::Malformed);
    }
}

#[test]
fn what_is_missing_from_the_stack_is_refused() {
    for opcode in b"0123456789abcdefghijklmnopqrstuvwxyzRQPSTUVXY\x81\x82\x83\x84\x85\x86\x87\x90\x91\x92\x93\x94" {
        let err = error(|| Pickle::new().raw(&[*opcode]).stop());
        assert_ne!(err.kind(), ErrorKind::TooLarge, "{err}");
        // The same between a mark and its end.
        if let Err(err) = read(|| Pickle::new().raw(b"N(").raw(&[*opcode]).stop()) {
            assert_ne!(err.kind(), ErrorKind::TooLarge, "{err}");
        }
    }
}

#[test]
fn bytes_behind_the_end_are_refused() {
    let err = error(|| Pickle::new().raw(b"N").stop().into_iter().chain(*b"N.").collect());
    assert_eq!((err.kind(), err.place()), (ErrorKind::Malformed, Place::Byte(4)));
    assert!(err.to_string().starts_with("model.pkl at byte 0x4: 2 bytes follow"), "{err}");
}

#[test]
fn what_lies_outside_the_file_is_refused_by_name() {
    for (bytes, name) in [
        (&b"\x82\x01"[..], "EXT1"),
        (b"\x83\x01\x00", "EXT2"),
        (b"\x84\x01\x00\x00\x00", "EXT4"),
        (b"Pid\n", "PERSID"),
        (b"NQ", "BINPERSID"),
        (b"\x97", "NEXT_BUFFER"),
        (b"N\x98", "READONLY_BUFFER"),
    ] {
        let err = error(|| Pickle::new().raw(bytes).stop());
        assert_eq!(err.kind(), ErrorKind::Unsupported);
        assert!(err.to_string().contains(name), "{err}");
    }
}
