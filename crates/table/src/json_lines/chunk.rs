//! A run of whole lines.

use std::sync::Arc;

use memchr::memchr_iter;

use super::plan::Plan;
use super::tiles::Tiles;
use crate::Place;

/// Whole lines as they stand in the file. Sent to any thread, parsed there.
#[derive(Debug, Clone)]
pub struct Chunk {
    bytes: Vec<u8>,
    first_line: u64,
    file: Arc<str>,
}

impl Chunk {
    pub(super) fn new(bytes: Vec<u8>, first_line: u64, file: Arc<str>) -> Self {
        Self { bytes, first_line, file }
    }

    /// The lines with their endings; blank ones may be among them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The chunk's rows as tiles of `rows_per_tile` rows (the last may have fewer); 0 counts as 1.
    pub fn tiles<'a>(&'a self, plan: &'a Plan, rows_per_tile: usize) -> Tiles<'a> {
        Tiles::new(self, plan, rows_per_tile)
    }

    /// The place of the line that starts at `position`.
    pub(super) fn place(&self, position: usize) -> Place {
        let before = self.bytes.get(..position).unwrap_or(&self.bytes);
        Place::line(&self.file, self.first_line + memchr_iter(b'\n', before).count() as u64)
    }
}
