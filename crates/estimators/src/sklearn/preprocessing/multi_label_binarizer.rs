//! `MultiLabelBinarizer`: a column per label, 1 where the row has it and 0 elsewhere.
//!
//! | attribute       | shape | meaning               | since |
//! |-----------------|-------|-----------------------|-------|
//! | `classes_`      | (k,)  | labels in their order | any   |
//! | `sparse_output` | bool  | sparse rows           | any   |
//!
//! It takes one column, whose cells hold labels separated by commas, with or without spaces around them; an
//! empty cell has none. Unknown labels are left out. `inverse_transform` gives such a cell, the labels in the
//! order of `classes_` (for sparse rows Python's order is that of a set), and takes only 0 and 1. A file
//! with a label that has a comma, or a space at an end, is refused.
//!
//! Source of truth: `MultiLabelBinarizer` in `sklearn/preprocessing/_label.py`.

use std::sync::Arc;

use crate::categories::Categories;
use crate::{
    Block, ClassSpec, Column, ColumnKind, Csr, DataError, Dense, Dtype, Estimator, Method, Nan,
    Output, ReadError, State, TextColumn, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._label.MultiLabelBinarizer",
        "sklearn.preprocessing.label.MultiLabelBinarizer", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(MultiLabelBinarizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct MultiLabelBinarizer {
    labels: Categories,
    names: Vec<String>,
    sparse: bool,
}

impl MultiLabelBinarizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.get("classes_")?;
        let labels = Categories::read(&classes)?;
        let names = (0..labels.len()).map(|it| labels.text(it).unwrap_or_default());
        let names: Vec<String> = names.collect();
        if let Some(it) = names.iter().find(|it| it.contains(',') || it.trim() != it.as_str()) {
            let text = format!("has the label {it:?}: labels in a cell are separated by commas");
            return Err(classes.unsupported(text));
        }
        Ok(Self { labels, names, sparse: state.flag("sparse_output")? })
    }

    fn transform(&self, column: &Column) -> Result<Block, DataError> {
        let (pieces, ends) = pieces(column);
        let codes = self.labels.codes(&pieces, 0, Nan::Allowed)?;
        let mut rows = Csr::new(self.names.len());
        rows.dtype = Dtype::INT;
        let mut found: Vec<u32> = Vec::new();
        let mut start = 0;
        for end in ends {
            let known = codes.get(start..end).unwrap_or_default().iter();
            found.clear();
            found.extend(known.filter(|it| (**it as usize) < self.names.len()));
            found.sort_unstable();
            found.dedup();
            found.iter().for_each(|&it| rows.push(it as usize, 1.0));
            rows.end_row();
            start = end;
        }
        let rows = Block::Sparse(rows);
        if self.sparse { Ok(rows) } else { rows.into_numbers().map(Block::Dense) }
    }

    fn inverse_transform(&self, x: &Dense) -> Result<TextColumn, DataError> {
        let mut cells = vec![String::new(); x.n_rows()];
        for (j, column) in x.columns().iter().enumerate() {
            for (row, x) in column.iter().enumerate() {
                match *x {
                    0.0 => {}
                    1.0 if cells[row].is_empty() => cells[row].push_str(&self.names[j]),
                    1.0 => {
                        cells[row].push(',');
                        cells[row].push_str(&self.names[j]);
                    }
                    x => {
                        let text = format!("{x} is neither 0 nor 1, which mark labels");
                        return Err(DataError::cell(row, j, text));
                    }
                }
            }
        }
        Ok(cells.iter().map(|it| Some(it.as_str()).filter(|it| !it.is_empty())).collect())
    }
}

/// The labels of all cells in one column, and where those of each cell end.
fn pieces(column: &Column) -> (Column, Vec<usize>) {
    let mut ends = Vec::new();
    let pieces = match column {
        Column::Number(it, _) => {
            let mut kept: Vec<f64> = Vec::with_capacity(it.len());
            for x in it.iter() {
                kept.extend(Some(*x).filter(|x| !x.is_nan()));
                ends.push(kept.len());
            }
            Column::Number(Arc::new(kept), Dtype::Float64)
        }
        Column::Text(it) => {
            let mut kept = TextColumn::new();
            for cell in it.iter() {
                let labels = cell.unwrap_or_default().split(',').map(str::trim);
                labels.filter(|it| !it.is_empty()).for_each(|it| kept.push(Some(it)));
                ends.push(kept.len());
            }
            Column::Text(Arc::new(kept))
        }
    };
    (pieces, ends)
}

impl Estimator for MultiLabelBinarizer {
    fn n_features_in(&self) -> usize {
        1
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => {
                input.check_width(1)?;
                self.transform(&input.column(0)).map(Output::Block)
            }
            Method::InverseTransform => {
                let cells = self.inverse_transform(&input.into_dense(self.names.len())?)?;
                Ok(Output::Vector(Values::Text(Arc::new(cells))))
            }
            _ => Err(unsupported("MultiLabelBinarizer", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Text]
    }

    fn input_column(&self, _: usize) -> Option<usize> {
        Some(0)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.names.len())
    }
}
