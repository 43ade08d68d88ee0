//! An encoder of one column: what it was fitted on to a number.

use estimators::Method;
use storage::Location;

use crate::records::{Cell, Columns, Input, RowModel};
use crate::{Category, Error, RowInputs, Settings};

/// Turns a column into another.
#[derive(Debug)]
pub(super) struct Encoder {
    model: RowModel,
    /// The column it takes.
    pub(super) column: String,
    /// The column it gives.
    pub(super) output: String,
    /// What stands for a value it has not seen, if it has nothing for it itself.
    unseen: Option<f64>,
}

impl Encoder {
    /// A pickled Series or dict, value to count.
    pub(super) fn frequency(location: &Location, settings: &Settings) -> Result<Self, Error> {
        Self::load(location, "zipcode", "_freq", Some(0.0), settings)
    }

    /// A TargetEncoder, or an object with `mapping` and `global_mean`.
    pub(super) fn target(location: &Location, settings: &Settings) -> Result<Self, Error> {
        Self::load(location, "city_full", "_encoded", None, settings)
    }

    /// `column` is the name of one that knows none.
    fn load(
        location: &Location,
        column: &str,
        ending: &str,
        unseen: Option<f64>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let inputs =
            RowInputs { method: Some(Method::Transform), ..RowInputs::of_model(location.clone()) };
        let model = RowModel::load(&inputs, settings)?;
        let column = match model.inputs() {
            [one] if model.knows_names() => one.name.clone(),
            [_] => column.to_owned(),
            many => {
                let text = format!(
                    "Failed to load model: {}: the encoder takes {} columns, one is expected",
                    location.file_name(),
                    many.len()
                );
                return Err(Error::new(Category::Model, text));
            }
        };
        Ok(Self { output: format!("{column}{ending}"), column, model, unseen })
    }

    /// What it takes.
    pub(super) fn input(&self) -> Option<&Input> {
        self.model.inputs().first()
    }

    /// Puts the column it gives in the place of the one it takes, if that is there.
    pub(super) fn apply(&self, columns: &mut Columns) -> Result<(), Error> {
        let Some(at) = columns.position(&self.column) else { return Ok(()) };
        let one = columns.with(&self.column, columns.column(at).iter().map(whole).collect());
        let mut answers = self.model.predict(&one, None)?.into_cells();
        let Some((_, mut cells)) = answers.next() else { return Ok(()) };
        if let Some(unseen) = self.unseen {
            for cell in &mut cells {
                if cell.number().is_none_or(f64::is_nan) {
                    *cell = Cell::Float(unseen);
                }
            }
        }
        columns.put(&self.output, cells);
        Ok(())
    }
}

/// A whole number that came as another, as pandas sends a column with gaps: it is looked up as `10001`.
fn whole(cell: &Cell) -> Cell {
    const MOST: f64 = 9_007_199_254_740_992.0;
    match cell {
        Cell::Float(it) if it.fract() == 0.0 && it.abs() <= MOST => Cell::Integer(*it as i64),
        other => other.clone(),
    }
}
