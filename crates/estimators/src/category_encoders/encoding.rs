//! What each cell of one column becomes, worked out when the model is read.

use std::collections::HashMap;
use std::sync::Arc;

use super::inverse::{Inverse, Origin};
use super::table::{Table, category, entry, label, under};
use crate::categories::{Categories, Category};
use crate::python_text::float_text;
use crate::{Column, ColumnHint, ColumnKind, DataError, Dtype, ReadError, State};

/// The code of a category that was not seen.
pub(super) const UNKNOWN: f64 = -1.0;
/// The code of a missing cell where none was seen.
pub(super) const MISSING: f64 = -2.0;

/// The options `handle_unknown` and `handle_missing`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Handling {
    /// `"value"`, and what means the same: the row learned for it.
    Value,
    /// `"return_nan"`
    Nan,
    /// `"error"`
    Refused,
    /// `"indicator"`: a column of its own.
    Indicator,
    /// `"ignore"`: zeros.
    Ignored,
    /// A number that stands for it.
    Number(f64),
}

impl Handling {
    /// Reads an option of an encoder.
    pub(super) fn read(state: &State<'_>, name: &str) -> Result<Self, ReadError> {
        Self::of(&state.get(name)?)
    }

    /// Reads the option itself.
    pub(super) fn of(it: &State<'_>) -> Result<Self, ReadError> {
        if let Some(number) = it.value().as_f64() {
            return Ok(Self::Number(number));
        }
        match it.value().as_str() {
            Some("value" | "count") => Ok(Self::Value),
            Some("return_nan") => Ok(Self::Nan),
            Some("error") => Ok(Self::Refused),
            Some("indicator") => Ok(Self::Indicator),
            Some("ignore") => Ok(Self::Ignored),
            Some(text) => Err(it.unsupported(format!("is {text:?}"))),
            None => Err(it.unsupported(format!("is {}", it.value().type_name()))),
        }
    }
}

/// What a cell becomes.
#[derive(Debug, Clone)]
pub(super) enum Fate {
    /// These numbers, one per output column.
    Row(Box<[f64]>),
    /// An error.
    Refused,
}

impl Fate {
    /// One number.
    pub(super) fn one(x: f64) -> Self {
        Self::Row(Box::new([x]))
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self, Self::Refused)
    }
}

/// The ordinal codes of one column's categories, which other encoders build on.
#[derive(Debug)]
pub(super) struct Ordinal {
    /// The column's name.
    pub name: String,
    /// The categories, without the missing one, and their codes.
    pub known: Vec<(Category, f64)>,
    /// The code of a missing cell; `None` if it is an unknown category.
    pub missing: Option<f64>,
    /// What the column held, if there is a way back.
    pub origin: Option<Origin>,
}

impl Ordinal {
    /// Reads `mapping` of an `OrdinalEncoder`.
    pub(super) fn read_all(state: &State<'_>) -> Result<Vec<Self>, ReadError> {
        state.list("mapping")?.iter().map(Self::read).collect()
    }

    fn read(switch: &State<'_>) -> Result<Self, ReadError> {
        let name = label(&entry(switch, "col")?)?;
        let table = Table::read(&entry(switch, "mapping")?)?;
        let codes = table.values().to_vec();
        let mut missing = None;
        let mut known = Vec::with_capacity(codes.len());
        for (item, code) in table.labels.into_iter().zip(codes) {
            match item {
                Category::Missing => missing = Some(code),
                it => known.push((it, code)),
            }
        }
        Ok(Self { name, known, missing, origin: Origin::read(switch) })
    }
}

/// One encoded column.
#[derive(Debug)]
pub(super) struct Encoding {
    /// The input column's name.
    pub name: String,
    /// The names of the output columns.
    pub outputs: Vec<String>,
    /// The way back, if there is one.
    pub inverse: Option<Inverse>,
    coder: Coder,
    /// The types of the output columns.
    dtypes: Vec<Dtype>,
}

/// How a cell is encoded.
#[derive(Debug)]
enum Coder {
    /// By its category.
    Categories {
        categories: Categories,
        /// By category; then an unknown one; then a missing one.
        fates: Vec<Fate>,
    },
    /// By the items in it.
    Items(Items),
}

/// A column for each item of a cell.
#[derive(Debug)]
pub(super) struct Items {
    pub delimiter: String,
    /// The place of each item among the output columns.
    pub places: HashMap<Box<str>, usize>,
    /// How many output columns there are.
    pub width: usize,
    pub handle_unknown: Handling,
    /// The column of unknown items.
    pub unknown: Option<usize>,
    pub handle_missing: Handling,
    /// The column of missing cells.
    pub missing: Option<usize>,
}

impl Items {
    /// What a cell becomes; `None` if it is refused.
    fn row(&self, cell: Option<&str>) -> Option<Vec<f64>> {
        let mut row = vec![0.0; self.width];
        let nan = || Some(vec![f64::NAN; self.width]);
        let Some(cell) = cell else {
            return match self.handle_missing {
                Handling::Refused => None,
                Handling::Nan => nan(),
                _ => {
                    self.missing.iter().for_each(|&it| row[it] = 1.0);
                    Some(row)
                }
            };
        };
        // As Python's `strip`, which takes four separators of ASCII for spaces too.
        let is_space = |it: char| it.is_whitespace() || ('\x1c'..='\x1f').contains(&it);
        let items = cell.split(self.delimiter.as_str()).map(|it| it.trim_matches(is_space));
        for item in items.filter(|it| !it.is_empty()) {
            match (self.places.get(item), self.handle_unknown) {
                (Some(&it), _) => row[it] = 1.0,
                (None, Handling::Refused) => return None,
                (None, Handling::Nan) => return nan(),
                (None, _) => self.unknown.iter().for_each(|&it| row[it] = 1.0),
            }
        }
        Some(row)
    }

    /// Integers, unless a row can be NaN.
    fn dtype(&self) -> Dtype {
        let is_nan = |it| it == Handling::Nan;
        match is_nan(self.handle_unknown) || is_nan(self.handle_missing) {
            true => Dtype::Float64,
            false => Dtype::INT,
        }
    }

    fn encode(
        &self,
        column: &Column,
        index: usize,
        out: &mut Vec<Column>,
    ) -> Result<(), DataError> {
        let dtype = self.dtype();
        let n_rows = match column {
            Column::Number(it, _) => it.len(),
            Column::Text(it) => it.len(),
        };
        let mut columns = vec![Vec::with_capacity(n_rows); self.width];
        for row in 0..n_rows {
            let spelled;
            let cell = match column {
                Column::Text(it) => it.get(row),
                Column::Number(it, _) if it[row].is_nan() => None,
                Column::Number(it, _) => {
                    spelled = float_text(it[row]);
                    Some(spelled.as_str())
                }
            };
            let values = self.row(cell);
            let values = values.ok_or_else(|| refusal(column, row, index, cell.is_none()))?;
            columns.iter_mut().zip(values).for_each(|(it, x)| it.push(x));
        }
        out.extend(columns.into_iter().map(|it| Column::Number(Arc::new(it), dtype)));
        Ok(())
    }
}

impl Encoding {
    /// `known` holds no missing category; `lumped` are categories that are taken for another first.
    pub(super) fn new(
        name: String,
        outputs: Vec<String>,
        known: Vec<(Category, Fate)>,
        unknown: Fate,
        missing: Fate,
        lumped: Vec<(Category, String)>,
    ) -> Self {
        let mut missing = missing;
        let mut items = Vec::with_capacity(known.len());
        let mut fates = Vec::with_capacity(known.len() + 2);
        let of_name = |(it, fate): &(Category, Fate)| match it {
            Category::Text(name) => Some((name.clone(), fate.clone())),
            _ => None,
        };
        let groups: HashMap<String, Fate> = match lumped.is_empty() {
            true => HashMap::new(),
            false => known.iter().filter_map(of_name).collect(),
        };
        for (from, to) in lumped {
            let fate = groups.get(&to).unwrap_or(&unknown).clone();
            match from {
                Category::Missing => missing = fate,
                from => {
                    items.push(from);
                    fates.push(fate);
                }
            }
        }
        for (item, fate) in known {
            items.push(item);
            fates.push(fate);
        }
        fates.extend([unknown, missing]);
        let dtypes = vec![Dtype::Float64; outputs.len()];
        let coder = Coder::Categories { categories: Categories::of_objects(items), fates };
        Self { name, outputs, inverse: None, coder, dtypes }
    }

    /// A column for each item of a cell.
    pub(super) fn of_items(name: String, outputs: Vec<String>, items: Items) -> Self {
        let dtypes = vec![items.dtype(); outputs.len()];
        Self { name, outputs, inverse: None, coder: Coder::Items(items), dtypes }
    }

    /// With the types that pandas gives the output columns where no cell becomes NaN. (It makes a column
    /// of integers floats if one of the rows at hand does: here it is one of floats if a row could.)
    pub(super) fn of_types(mut self, dtypes: impl IntoIterator<Item = Dtype>) -> Self {
        let Coder::Categories { fates, .. } = &self.coder else { return self };
        for (at, (own, dtype)) in self.dtypes.iter_mut().zip(dtypes).enumerate() {
            let is_gap =
                |it: &Fate| matches!(it, Fate::Row(it) if it.get(at).is_some_and(|x| x.is_nan()));
            *own = if fates.iter().any(is_gap) { Dtype::Float64 } else { dtype };
        }
        self
    }

    /// What is known of the column.
    pub(super) fn hint(&self) -> ColumnHint {
        match &self.coder {
            Coder::Categories { categories, fates } => {
                categories.hint(fates.get(categories.len()).is_some_and(Fate::is_refused))
            }
            Coder::Items(_) => ColumnHint::default(),
        }
    }

    /// How the column is to be read.
    pub(super) fn kind(&self) -> ColumnKind {
        match &self.coder {
            Coder::Categories { categories, .. } => categories.kind(),
            Coder::Items(_) => ColumnKind::Text,
        }
    }

    /// Appends the output columns.
    pub(super) fn encode(
        &self,
        column: &Column,
        index: usize,
        out: &mut Vec<Column>,
    ) -> Result<(), DataError> {
        let (categories, fates) = match &self.coder {
            Coder::Categories { categories, fates } => (categories, fates),
            Coder::Items(items) => return items.encode(column, index, out),
        };
        let missing = categories.len() as u32 + 1;
        let codes = categories.codes_or(column, missing);
        let mut columns = vec![Vec::with_capacity(codes.len()); self.outputs.len()];
        for (row, &code) in codes.iter().enumerate() {
            let Some(Fate::Row(values)) = fates.get(code as usize) else {
                return Err(refusal(column, row, index, code == missing));
            };
            columns.iter_mut().zip(values).for_each(|(it, &x)| it.push(x));
        }
        let columns = columns.into_iter().zip(&self.dtypes);
        out.extend(columns.map(|(it, &dtype)| Column::Number(Arc::new(it), dtype)));
        Ok(())
    }
}

fn refusal(column: &Column, row: usize, index: usize, is_missing: bool) -> DataError {
    if is_missing {
        let text = "the value is missing, and the encoder accepts none (handle_missing=\"error\")";
        return DataError::cell(row, index, text);
    }
    let cell = Categories::cell(column, row);
    let text = format!("Unexpected category {cell} found (handle_unknown=\"error\")");
    DataError::cell(row, index, text)
}

/// The categories that an encoder takes for another: entry `name` of the dict in `attribute`.
pub(super) fn lumped(
    state: &State<'_>,
    attribute: &str,
    name: &str,
) -> Result<Vec<(Category, String)>, ReadError> {
    let Some(all) = state.optional(attribute) else { return Ok(Vec::new()) };
    let Ok(own) = under(&all, name) else { return Ok(Vec::new()) };
    let entries = own.value().entries().ok_or_else(|| own.wrong("a dict"))?;
    entries
        .map(|(from, to)| {
            let bytes = to.as_str().map_or(0, str::len);
            own.charge(bytes.saturating_add(2 * size_of::<Category>()))?;
            Ok((category(&own.step(from, "[key]"))?, own.step(to, "[value]").as_text()?.to_owned()))
        })
        .collect()
}
