//! What a file may cost, whatever it says about itself.

/// Bounds on what reading one file may take. The defaults fit models of any size that people keep:
/// they grow with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes that objects may take beside the file itself, for each byte of the (decompressed)
    /// file: 3. Arrays and text are used where they stand and cost nothing.
    pub object_bytes_per_byte: u64,
    /// Bytes that objects may take in any case: 44 MiB.
    pub object_bytes: u64,
    /// The longest decompressed file: 8 GiB.
    pub decompressed_bytes: u64,
    /// Bytes that one compressed byte may become: 100. Models compress 2 to 20 times.
    pub decompression_ratio: u64,
    /// A file of any size may decompress to this much: 16 MiB.
    pub decompressed_anyway_bytes: u64,
    /// The longest integer, in bytes: 64 KiB.
    pub integer_bytes: usize,
    /// The longest integer written as text, in digits: 4,300, as in Python.
    pub integer_digits: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            object_bytes_per_byte: 3,
            object_bytes: 44 << 20,
            decompressed_bytes: 8 << 30,
            decompression_ratio: 100,
            decompressed_anyway_bytes: 16 << 20,
            integer_bytes: 64 << 10,
            integer_digits: 4300,
        }
    }
}

impl Limits {
    /// The budget for the objects of a file of `len` bytes.
    pub(crate) fn budget(&self, len: usize) -> u64 {
        (len as u64).saturating_mul(self.object_bytes_per_byte).saturating_add(self.object_bytes)
    }

    /// How long a compressed file of `len` bytes may become.
    pub(crate) fn decompressed(&self, len: usize) -> u64 {
        let by_ratio = (len as u64).saturating_mul(self.decompression_ratio);
        by_ratio.max(self.decompressed_anyway_bytes).min(self.decompressed_bytes)
    }
}
