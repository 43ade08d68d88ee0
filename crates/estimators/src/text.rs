//! A column of text.

/// Text cells in one buffer; a cell may be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextColumn {
    text: String,
    /// Start of each cell in `text`, and the end of the last: cells + 1 numbers.
    offsets: Vec<u32>,
    missing: Vec<bool>,
}

impl Default for TextColumn {
    fn default() -> Self {
        Self { text: String::new(), offsets: vec![0], missing: Vec::new() }
    }
}

impl TextColumn {
    /// No cells.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A column whose cell `i` is `text[offsets[i]..offsets[i + 1]]`; `None` if the parts do not fit
    /// one another.
    #[must_use]
    pub fn from_parts(text: String, offsets: Vec<u32>, missing: Vec<bool>) -> Option<Self> {
        let fits = offsets.len() == missing.len() + 1
            && offsets.first() == Some(&0)
            && offsets.last().is_some_and(|&it| it as usize == text.len())
            && offsets.is_sorted();
        fits.then_some(Self { text, offsets, missing })
    }

    /// The buffer, the offsets and the missing flags, as [`TextColumn::from_parts`] takes them.
    #[must_use]
    pub fn into_parts(self) -> (String, Vec<u32>, Vec<bool>) {
        (self.text, self.offsets, self.missing)
    }

    /// Appends a cell; `None` is a missing value. A column holds at most 4 GiB.
    pub fn push(&mut self, cell: Option<&str>) {
        self.text.push_str(cell.unwrap_or_default());
        self.offsets.push(self.text.len() as u32);
        self.missing.push(cell.is_none());
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.missing.len()
    }

    /// Whether there are no cells.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
    }

    /// The cell in `row`; `None` if it is missing.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        if *self.missing.get(row)? {
            return None;
        }
        let (start, end) = (*self.offsets.get(row)?, *self.offsets.get(row + 1)?);
        self.text.get(start as usize..end as usize)
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
