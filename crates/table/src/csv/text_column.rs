//! A column of text: one buffer, where each row's text lies in it, and which rows are missing.

use crate::Error;

/// Text of `n` rows, each perhaps missing. The text is the cell's exact content: `002` stays `002`,
/// spaces stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextColumn {
    text: String,
    /// `n + 1` positions in `text`, ascending from 0 to its length, each between characters.
    offsets: Vec<u32>,
    missing: Vec<bool>,
}

impl Default for TextColumn {
    fn default() -> Self {
        Self { text: String::new(), offsets: vec![0], missing: Vec::new() }
    }
}

impl TextColumn {
    /// A column of `missing.len()` rows; row `i` is `text[offsets[i]..offsets[i + 1]]`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Usage`] unless there are `n + 1` offsets that ascend from 0 to the
    /// text's length and lie between characters.
    pub fn from_parts(text: String, offsets: Vec<u32>, missing: Vec<bool>) -> Result<Self, Error> {
        let fits = offsets.len() == missing.len() + 1
            && offsets.first() == Some(&0)
            && offsets.last().is_some_and(|&last| last as usize == text.len())
            && offsets.is_sorted()
            && offsets.iter().all(|&offset| text.is_char_boundary(offset as usize));
        if !fits {
            return Err(Error::usage("a text column's offsets do not fit its text and rows"));
        }
        Ok(Self { text, offsets, missing })
    }

    /// The buffer, the offsets and the missing flags, as [`TextColumn::from_parts`] takes them.
    pub fn into_parts(self) -> (String, Vec<u32>, Vec<bool>) {
        (self.text, self.offsets, self.missing)
    }

    /// Adds a row. The caller sees to it that the text stays below 4 GiB.
    pub(crate) fn push(&mut self, row: Option<&str>) {
        self.text.push_str(row.unwrap_or_default());
        self.offsets.push(self.text.len() as u32);
        self.missing.push(row.is_none());
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.missing.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty()
    }

    /// The text of row `row`; `None` if it is missing or there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        if *self.missing.get(row)? {
            return None;
        }
        let (start, end) = (*self.offsets.get(row)?, *self.offsets.get(row + 1)?);
        self.text.get(start as usize..end as usize)
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        (0..self.len()).map(|row| self.get(row))
    }
}

impl<'a> FromIterator<Option<&'a str>> for TextColumn {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(rows: I) -> Self {
        let mut column = Self::default();
        for row in rows {
            column.push(row);
        }
        column
    }
}

/// Whether pandas takes this cell as missing by default: the empty cell and `STR_NA_VALUES` of
/// `pandas/_libs/parsers.pyx`, in exactly this spelling.
///
/// ```
/// use table::csv::is_missing_word;
/// assert!(is_missing_word(b"") && is_missing_word(b"n/a"));
/// assert!(!is_missing_word(b" NA") && !is_missing_word(b"NAN"));
/// ```
pub fn is_missing_word(cell: &[u8]) -> bool {
    matches!(
        cell,
        b"" | b"#N/A"
            | b"#N/A N/A"
            | b"#NA"
            | b"-1.#IND"
            | b"-1.#QNAN"
            | b"-NaN"
            | b"-nan"
            | b"1.#IND"
            | b"1.#QNAN"
            | b"<NA>"
            | b"N/A"
            | b"NA"
            | b"NULL"
            | b"NaN"
            | b"None"
            | b"n/a"
            | b"nan"
            | b"null"
    )
}

/// The same column while rows are added: bytes, which [`TextBuilder::finish`] finds to be text.
#[derive(Debug, Default)]
pub(crate) struct TextBuilder {
    bytes: Vec<u8>,
    offsets: Vec<u32>,
    missing: Vec<bool>,
}

impl TextBuilder {
    /// An empty one in the storage of a column that is no longer needed.
    pub(crate) fn reusing(column: TextColumn) -> Self {
        let (text, mut offsets, mut missing) = column.into_parts();
        let mut bytes = text.into_bytes();
        bytes.clear();
        offsets.clear();
        missing.clear();
        offsets.push(0);
        Self { bytes, offsets, missing }
    }

    /// The caller sees to it that a tile's text stays below 4 GiB.
    #[inline]
    pub(crate) fn push(&mut self, cell: &[u8]) {
        let missing = is_missing_word(cell);
        if !missing {
            self.bytes.extend_from_slice(cell);
        }
        self.offsets.push(self.bytes.len() as u32);
        self.missing.push(missing);
    }

    pub(crate) fn push_missing(&mut self) {
        self.push(b"");
    }

    /// The first row whose bytes are not UTF-8 or have a NUL.
    pub(crate) fn first_bad_row(&self) -> Option<usize> {
        // The offsets begin with 0, so that a byte of row r lies before offset r + 1.
        let row_at = |position: usize| self.offsets.partition_point(|&at| at as usize <= position);
        let nul = memchr::memchr(0, &self.bytes).map(row_at);
        let (text, invalid) = match std::str::from_utf8(&self.bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = self.bytes.get(..error.valid_up_to()).unwrap_or_default();
                (std::str::from_utf8(valid).unwrap_or_default(), Some(row_at(error.valid_up_to())))
            }
        };
        // A character half in one row and half in the next is text in neither.
        let cut = self.offsets.iter().position(|&at| {
            let at = at as usize;
            at < text.len() && !text.is_char_boundary(at)
        });
        nul.into_iter().chain(invalid).chain(cut).min().map(|found| found.saturating_sub(1))
    }

    /// The column, once [`TextBuilder::first_bad_row`] has found none.
    pub(crate) fn finish(self) -> Result<TextColumn, Error> {
        let Ok(text) = String::from_utf8(self.bytes) else {
            return Err(Error::usage("a text column is not UTF-8"));
        };
        TextColumn::from_parts(text, self.offsets, self.missing)
    }
}

#[cfg(test)]
mod tests {
    use super::{TextBuilder, TextColumn};

    fn bad_row(cells: &[&[u8]]) -> Option<usize> {
        let mut builder = TextBuilder::reusing(TextColumn::default());
        for cell in cells {
            builder.push(cell);
        }
        builder.first_bad_row()
    }

    #[test]
    fn the_first_row_that_is_not_text_is_found() {
        assert_eq!(bad_row(&[b"a", b"", "é".as_bytes()]), None);
        assert_eq!(bad_row(&[b"a", b"\xff", b"b"]), Some(1));
        assert_eq!(bad_row(&[b"\xff"]), Some(0));
        assert_eq!(bad_row(&[b"a", b"", b"b\0", b"\xff"]), Some(2));
        assert_eq!(bad_row(&[b"\xff", b"\0"]), Some(0));
        assert_eq!(bad_row(&[b"a", b"\xa9"]), Some(1));
    }

    #[test]
    fn a_character_cut_between_rows_is_no_text() {
        assert_eq!(bad_row(&[b"a", b"\xc3", b"\xa9", b"b"]), Some(1));
        assert_eq!(bad_row(&[b"\xc3", b"\xa9", b"\xff"]), Some(0));
        assert_eq!(bad_row(&[b"a\xff", b"\xc3", b"\xa9"]), Some(0));
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let parts = |text: &str, offsets: &[u32], n: usize| {
            TextColumn::from_parts(text.to_owned(), offsets.to_vec(), vec![false; n])
        };
        assert_eq!(parts("ab", &[0, 1, 2], 2).unwrap().get(1), Some("b"));
        for (text, offsets, n) in [
            ("ab", &[0, 2, 1][..], 2),
            ("ab", &[0, 1], 1),
            ("é", &[0, 1, 2], 2),
            ("", &[], 0),
            ("a", &[0, 1], 2),
        ] {
            assert!(parts(text, offsets, n).is_err(), "{text} {offsets:?}");
        }
    }
}
