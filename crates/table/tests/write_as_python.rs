//! Numbers are written as `repr(float)` and `str(numpy.float32)` write them.
//!
//! The files hold what Python wrote. Both are the shortest text that reads back to the number, so
//! that the text gives the number to write.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use table::csv::{write_f32, write_f64};

#[test]
fn every_float64_is_written_as_its_repr() {
    let texts: Vec<&str> = include_str!("pandas/float64.txt").lines().collect();
    assert!(texts.len() > 2500, "{}", texts.len());
    for text in texts {
        let mut out = Vec::new();
        write_f64(text.parse().unwrap(), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }
}

#[test]
fn every_float32_is_written_as_its_str() {
    let texts: Vec<&str> = include_str!("pandas/float32.txt").lines().collect();
    assert!(texts.len() > 2500, "{}", texts.len());
    for text in texts {
        let mut out = Vec::new();
        write_f32(text.parse().unwrap(), &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }
}

#[test]
fn not_a_number_is_written_as_python_does() {
    let mut out = Vec::new();
    write_f64(f64::NAN, &mut out);
    write_f32(-f32::NAN, &mut out);
    assert_eq!(out, b"nannan");
}
