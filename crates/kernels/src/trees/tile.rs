//! A tile: some rows of a block, row after row, in the type that trees compare in.

use std::ops::Range;

use crate::trees::Number;

/// Rows of numbers, `n_features` each.
#[derive(Debug, Clone, Default)]
pub struct Tile<T> {
    cells: Vec<T>,
    n_rows: usize,
    n_features: usize,
    has_missing: bool,
}

/// About half of a core's second-level cache: the other half is for a tree.
const TILE_BYTES: usize = 256 << 10;
const MOST_ROWS: usize = 8192;
const FEWEST_ROWS: usize = 64;

impl<T: Number> Tile<T> {
    /// How many rows of `n_features` cells make a tile that stays in cache.
    #[must_use]
    pub fn rows_for(n_features: usize) -> usize {
        (TILE_BYTES / (size_of::<T>() * n_features.max(1))).clamp(FEWEST_ROWS, MOST_ROWS)
    }

    /// Fills the tile with rows `range` of `columns`, all of which have them.
    pub fn fill(&mut self, columns: &[&[f64]], range: Range<usize>) {
        let (n_rows, n_features) = (range.len(), columns.len());
        self.cells.clear();
        self.cells.resize(n_rows * n_features, T::default());
        self.n_rows = n_rows;
        self.n_features = n_features;
        self.has_missing = false;
        for (j, column) in columns.iter().enumerate() {
            let mut missing = false;
            let places = self.cells.iter_mut().skip(j).step_by(n_features);
            for (place, &x) in places.zip(&column[range.clone()]) {
                missing |= x.is_nan();
                *place = T::cell(x);
            }
            self.has_missing |= missing;
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Cells per row.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    /// Whether some cell is NaN.
    #[must_use]
    pub fn has_missing(&self) -> bool {
        self.has_missing
    }

    /// All cells, row after row.
    #[must_use]
    pub fn cells(&self) -> &[T] {
        &self.cells
    }
}
