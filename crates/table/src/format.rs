//! The formats of tables, known by a file's extension or by name.

use std::fmt::{self, Display, Formatter};

use crate::compression::Compression;

/// How a table is laid out in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated values under a header line.
    Csv,
    /// A JSON object a line.
    JsonLines,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Csv, Self::JsonLines, Self::Parquet];

    /// The format of a file of this name, by its extension under that of a compression; CSV if the
    /// extension says nothing.
    ///
    /// ```
    /// use table::Format;
    /// assert_eq!(Format::of("s3://bucket/rows.jsonl.GZ"), Format::JsonLines);
    /// assert_eq!(Format::of("rows.parquet"), Format::Parquet);
    /// assert_eq!(Format::of("rows.txt"), Format::Csv);
    /// ```
    #[must_use]
    pub fn of(name: &str) -> Self {
        let plain = match (Compression::of(name), name.rsplit_once('.')) {
            (Compression::None, _) | (_, None) => name,
            (_, Some((plain, _))) => plain,
        };
        let extension = plain.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "jsonl" | "ndjson" => Self::JsonLines,
            "parquet" | "pq" => Self::Parquet,
            _ => Self::Csv,
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Its name: `csv`, `jsonl`, `parquet`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}

impl Display for Format {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
