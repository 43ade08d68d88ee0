//! A column of text.

/// Text cells in one buffer; a cell may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    buffer: String,
    /// End of each cell in `buffer`.
    ends: Vec<usize>,
    missing: Vec<bool>,
}

impl TextColumn {
    /// No cells.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a cell; `None` is a missing value.
    pub fn push(&mut self, cell: Option<&str>) {
        self.buffer.push_str(cell.unwrap_or_default());
        self.ends.push(self.buffer.len());
        self.missing.push(cell.is_none());
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell in `row`; `None` if it is missing.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        if self.missing.get(row).copied().unwrap_or(true) {
            return None;
        }
        let start = row.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or(0);
        self.buffer.get(start..*self.ends.get(row)?)
    }

    /// All cells in row order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.len()).map(|row| self.get(row))
    }
}

impl<'a> FromIterator<Option<&'a str>> for TextColumn {
    fn from_iter<T: IntoIterator<Item = Option<&'a str>>>(cells: T) -> Self {
        let mut column = Self::new();
        for cell in cells {
            column.push(cell);
        }
        column
    }
}
