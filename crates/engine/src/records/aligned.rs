//! A model's inputs among columns of some names.

use std::sync::Arc;

use estimators::{Column, DataError, Dtype, TextColumn};
use table::csv::Kind;

use super::{Cell, Columns};
use crate::align::{Alignment, align};
use crate::problems::Problems;
use crate::{Category, Error, Predictor};

/// Where a model's inputs are among columns of some names.
#[derive(Debug)]
pub(super) struct Aligned {
    pub(super) header: Vec<String>,
    alignment: Alignment,
    pub(super) predictor: Predictor,
}

impl Aligned {
    pub(super) fn new(
        header: &[String],
        features: Option<&[String]>,
        mut predictor: Predictor,
    ) -> Result<Self, Error> {
        let alignment = align(header, features, &mut predictor)?;
        Ok(Self { header: header.to_vec(), alignment, predictor })
    }

    /// The model's inputs, parsed.
    pub(super) fn inputs(&self, columns: &Columns) -> Result<Vec<Column>, Error> {
        let mut problems = Problems::default();
        let parse = |(column, kind): &(usize, Kind)| match kind {
            Kind::Number => numbers(columns, *column, &mut problems),
            Kind::Text => texts(columns.column(*column)),
        };
        let parsed: Vec<Column> = self.alignment.wanted.iter().map(parse).collect();
        problems.none(Category::Data)?;
        let n_rows = columns.n_rows();
        let unused = || Column::Number(Arc::new(vec![f64::NAN; n_rows]), Dtype::Float64);
        let inputs = self.alignment.inputs.iter();
        Ok(inputs.map(|it| it.map_or_else(unused, |at| parsed[at].clone())).collect())
    }

    /// A row the model refuses.
    pub(super) fn refused(&self, err: &DataError, columns: &Columns) -> Error {
        let name = err.column.and_then(|it| self.alignment.names.get(it)).map(String::as_str);
        let place = columns.place(err.row, name);
        Error::new(Category::Data, format!("{place}: {}", err.text))
    }
}

fn numbers(columns: &Columns, column: usize, problems: &mut Problems) -> Column {
    let number = |(row, cell): (usize, &Cell)| {
        cell.number().unwrap_or_else(|| {
            problems.add(|| {
                let place =
                    columns.place(Some(row), columns.names().get(column).map(String::as_str));
                format!("{place}: {} is not a number", cell.shown())
            });
            f64::NAN
        })
    };
    let numbers = columns.column(column).iter().enumerate().map(number).collect();
    Column::Number(Arc::new(numbers), Dtype::Float64)
}

fn texts(cells: &[Cell]) -> Column {
    let mut column = TextColumn::new();
    cells.iter().for_each(|it| column.push(it.text().as_deref()));
    Column::Text(Arc::new(column))
}
