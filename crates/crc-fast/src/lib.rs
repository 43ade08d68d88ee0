//! CRC-64/NVME for the S3 client, in place of the published crate of this name.
//!
//! `object_store` asks `crc-fast` for one checksum; the published crate brings the tables of all that it
//! knows, 0.7 MB of the program before it is compressed. `[patch.crates-io]` puts this crate there instead. It has what `object_store` calls and nothing else, so that a version which
//! calls more does not compile.
//!
//! Source of truth: NVM Express Command Set Specification, revision 1.0d, 5.2.1.3.4 "NVM Express 64b
//! CRC Polynomial Definition", and its test cases.

/// Checksums by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrcAlgorithm {
    /// 64 bits, lowest bit first, polynomial 0xAD93D23594C93659.
    Crc64Nvme,
}

/// A checksum of bytes that arrive in pieces.
#[derive(Debug, Clone)]
pub struct Digest {
    state: u64,
}

impl Digest {
    /// The checksum of no bytes.
    #[must_use]
    pub fn new(algorithm: CrcAlgorithm) -> Self {
        match algorithm {
            CrcAlgorithm::Crc64Nvme => Self { state: u64::MAX },
        }
    }

    /// Takes the next bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            let word = self.state ^ u64::from_le_bytes(*word);
            self.state = word
                .to_be_bytes()
                .iter()
                .zip(&TABLES)
                .fold(0, |state, (&byte, table)| state ^ table[usize::from(byte)]);
        }
        for &byte in rest {
            self.state = TABLES[0][usize::from(self.state as u8 ^ byte)] ^ (self.state >> 8);
        }
    }

    /// The checksum of all bytes so far.
    #[must_use]
    pub fn finalize(&self) -> u64 {
        !self.state
    }
}

/// For each number of zero bytes that follow, what a byte does to the checksum.
static TABLES: [[u64; 256]; 8] = tables();

const fn tables() -> [[u64; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut state = byte as u64;
        let mut bit = 0;
        while bit < 8 {
            let carry = state & 1;
            state >>= 1;
            if carry == 1 {
                state ^= 0xAD93_D235_94C9_3659_u64.reverse_bits();
            }
            bit += 1;
        }
        tables[0][byte] = state;
        byte += 1;
    }
    let mut index = 256;
    while index < 8 * 256 {
        let before = tables[index / 256 - 1][index % 256];
        tables[index / 256][index % 256] = tables[0][(before & 0xFF) as usize] ^ (before >> 8);
        index += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum(bytes: &[u8]) -> u64 {
        let mut digest = Digest::new(CrcAlgorithm::Crc64Nvme);
        digest.update(bytes);
        digest.finalize()
    }

    /// The specification's cases, and the catalogue's "123456789".
    #[test]
    fn known_bytes() {
        assert_eq!(checksum(b"123456789"), 0xAE8B_1486_0A79_9888);
        assert_eq!(checksum(&[0; 4096]), 0x6482_D367_EB22_B64E);
        assert_eq!(checksum(&[0xFF; 4096]), 0xC0DD_BA73_02EC_A3AC);
    }

    #[test]
    fn pieces_are_as_the_whole() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for cut in 0..40 {
            let mut digest = Digest::new(CrcAlgorithm::Crc64Nvme);
            bytes.chunks(cut + 1).for_each(|it| digest.update(it));
            assert_eq!(digest.finalize(), checksum(&bytes));
        }
    }
}
