//! What to do with each column of a table: parse it, replace it, or pass over it.

use super::header::Header;
use super::output::{Placement, placements};
use crate::Error;

/// How the model wants a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// As numbers; a missing one is NaN, `True` is 1 and `False` 0.
    Number,
    /// As text, exactly as it stands.
    Text,
}

/// Which columns are parsed and how, and where the output's values go.
///
/// ```
/// use table::csv::{Kind, Plan, Reader, ReaderOptions};
///
/// let file = b"zip,rooms,price\n".as_slice();
/// let reader = Reader::new(Box::new(file), "houses.csv", ReaderOptions::default())?;
/// // Column 1 as numbers, then column 0 as text; `price` is there and replaced, `low` is added.
/// let wanted = [(1, Kind::Number), (0, Kind::Text)];
/// let plan = Plan::new(reader.header(), &wanted, &["price", "low"])?;
/// assert!(Plan::new(reader.header(), &[(3, Kind::Text)], &["price"]).is_err());
/// # Ok::<(), table::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) delimiter: u8,
    /// One per column of the table, but neighbours to pass over are one.
    pub(super) steps: Vec<Step>,
    /// The tile's columns, in the order the caller wanted.
    pub(super) kinds: Vec<Kind>,
    /// One per output, in the caller's order.
    pub(super) placements: Vec<Placement>,
    /// The replaced columns in the table's order: (column, output).
    pub(super) replaced: Vec<(usize, usize)>,
    /// The table's column names.
    pub(super) names: Vec<String>,
}

/// What to do at one column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) action: Action,
    /// Whether an output replaces this column: the field's position is kept.
    pub(super) is_replaced: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Action {
    /// Pass over so many fields.
    Skip(usize),
    /// Parse into this column of the tile.
    Number(usize),
    Text(usize),
}

impl Plan {
    /// A plan for tables with this header: tiles have the columns `wanted` (index in the header and
    /// kind), in that order, and [`super::Tile::write`] takes one value column per name in
    /// `outputs`. An output of an existing column's name takes its place, any other is appended.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Usage`] if a column is not there or wanted twice, or if two outputs have
    /// one name.
    pub fn new<S: AsRef<str>>(
        header: &Header,
        wanted: &[(usize, Kind)],
        outputs: &[S],
    ) -> Result<Self, Error> {
        let names = header.names().to_vec();
        let placements = placements(header, outputs)?;
        let mut replaced: Vec<(usize, usize)> = Vec::new();
        for (output, placement) in placements.iter().enumerate() {
            if let Placement::Replace(column) = placement {
                replaced.push((*column, output));
            }
        }
        replaced.sort_unstable();
        let actions = actions(&names, wanted)?;
        let mut steps: Vec<Step> = Vec::new();
        for (column, action) in actions.into_iter().enumerate() {
            let is_replaced = replaced.iter().any(|&(replaced, _)| replaced == column);
            match (steps.last_mut(), action) {
                (Some(Step { action: Action::Skip(n), is_replaced: false }), Action::Skip(_))
                    if !is_replaced =>
                {
                    *n += 1;
                }
                _ => steps.push(Step { action, is_replaced }),
            }
        }
        let kinds = wanted.iter().map(|&(_, kind)| kind).collect();
        Ok(Self { delimiter: header.delimiter(), steps, kinds, placements, replaced, names })
    }
}

fn actions(names: &[String], wanted: &[(usize, Kind)]) -> Result<Vec<Action>, Error> {
    let mut actions = vec![Action::Skip(1); names.len()];
    for (slot, &(column, kind)) in wanted.iter().enumerate() {
        let Some(action) = actions.get_mut(column) else {
            let n = names.len();
            return Err(Error::usage(format!("column {column} is wanted, the table has {n}")));
        };
        if !matches!(action, Action::Skip(_)) {
            let name = names.get(column).map_or("", String::as_str);
            return Err(Error::usage(format!("column {name} is wanted twice")));
        }
        *action = match kind {
            Kind::Number => Action::Number(slot),
            Kind::Text => Action::Text(slot),
        };
    }
    Ok(actions)
}
