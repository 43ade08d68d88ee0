//! A run of whole records.

use std::sync::Arc;

use super::plan::Plan;
use super::record::count_lines;
use super::tiles::Tiles;
use crate::Place;

/// Whole records, one after the other, as they stand in the file. Sent to any thread, parsed there.
#[derive(Debug, Clone)]
pub struct Chunk {
    bytes: Vec<u8>,
    index: u64,
    first_line: u64,
    file: Arc<str>,
}

impl Chunk {
    pub(super) fn new(bytes: Vec<u8>, index: u64, first_line: u64, file: Arc<str>) -> Self {
        Self { bytes, index, first_line, file }
    }

    /// The records with their line endings; blank lines may be among them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The chunk's number in the table, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The physical line, from 1, that the chunk starts with.
    pub fn first_line(&self) -> u64 {
        self.first_line
    }

    /// The chunk's rows as tiles of `rows_per_tile` rows (the last may have fewer); 0 counts as 1.
    pub fn tiles<'a>(&'a self, plan: &'a Plan, rows_per_tile: usize) -> Tiles<'a> {
        Tiles::new(self, plan, rows_per_tile)
    }

    /// The place of the record that starts at `position`.
    pub(super) fn place(&self, position: usize) -> Place {
        let before = self.bytes.get(..position).unwrap_or(&self.bytes);
        Place::line(&self.file, self.first_line + count_lines(before))
    }
}
