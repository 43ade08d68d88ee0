//! The column and the sign that the hash of a text gives.
//!
//! | attribute        | shape | meaning                  | since |
//! |------------------|-------|--------------------------|-------|
//! | `n_features`     | int   | number of columns        | any   |
//! | `alternate_sign` | bool  | a negative hash counts -1 | 0.19 |
//!
//! Source of truth: `sklearn/feature_extraction/_hashing_fast.pyx`; MurmurHash3 by A. Appleby (32 bits,
//! seed 0).

use crate::{ReadError, State};

/// More columns than this are refused; the default is 2^20.
const WIDEST: usize = 1 << 24;

#[derive(Debug)]
pub(super) struct HashedColumns {
    width: usize,
    alternate_sign: bool,
}

impl HashedColumns {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let width = state.count("n_features")?;
        if width == 0 || WIDEST < width {
            let text = format!("is {width}, beyond 1 to {WIDEST}");
            return Err(state.get("n_features")?.unsupported(text));
        }
        Ok(Self { width, alternate_sign: state.flag("alternate_sign")? })
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The column of a text, and 1 or -1.
    pub(super) fn place(&self, text: &str) -> (usize, f64) {
        let hash = murmur3(text.as_bytes()) as i32;
        let magnitude = match hash {
            // It has no positive counterpart; scikit-learn's formula for it.
            i32::MIN => i32::MAX as usize - (self.width - 1),
            it => it.unsigned_abs() as usize,
        };
        let sign = if self.alternate_sign && hash < 0 { -1.0 } else { 1.0 };
        (magnitude % self.width, sign)
    }
}

/// MurmurHash3 for 32 bits with seed 0.
fn murmur3(bytes: &[u8]) -> u32 {
    let mix = |word: u32| word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let (words, rest) = bytes.as_chunks::<4>();
    let mut hash = 0_u32;
    for word in words {
        hash ^= mix(u32::from_le_bytes(*word));
        hash = hash.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    if !rest.is_empty() {
        hash ^= mix(rest.iter().rev().fold(0, |word, &byte| (word << 8) | u32::from(byte)));
    }
    hash ^= bytes.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}
