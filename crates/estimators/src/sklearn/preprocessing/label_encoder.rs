//! `LabelEncoder`: the number of each label.
//!
//! | attribute  | shape | meaning                           | since |
//! |------------|-------|-----------------------------------|-------|
//! | `classes_` | (k,)  | labels in the order of their codes | any  |
//!
//! It takes one column, text or numbers as the labels are. An unknown label is refused.
//!
//! Source of truth: `LabelEncoder` in `sklearn/preprocessing/_label.py`.

use crate::categories::Categories;
use crate::{
    Block, ClassSpec, Classes, Column, ColumnHint, ColumnKind, DataError, Estimator, Method, Nan,
    Output, ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._label.LabelEncoder",
        "sklearn.preprocessing.label.LabelEncoder", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(LabelEncoder::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct LabelEncoder {
    categories: Categories,
    /// The labels, unless they are of several types.
    classes: Option<Classes>,
}

impl LabelEncoder {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let categories = Categories::read(&state.get("classes_")?)?;
        let classes = state.classes("classes_").ok();
        Ok(Self { categories, classes })
    }

    fn transform(&self, column: &Column) -> Result<Vec<i64>, DataError> {
        let codes = self.categories.codes(column, 0, Nan::Allowed)?;
        if let Some(row) = codes.iter().position(|&it| it as usize == self.categories.len()) {
            let label = Categories::cell(column, row);
            let text = format!("y contains previously unseen labels: [{label}]");
            return Err(DataError::cell(row, 0, text));
        }
        Ok(codes.into_iter().map(i64::from).collect())
    }

    fn inverse_transform(&self, codes: &[f64]) -> Result<Values, DataError> {
        let known = |(row, &code): (usize, &f64)| {
            let is_code =
                (0.0..self.categories.len() as f64).contains(&code) && code.fract() == 0.0;
            let text = || format!("y contains previously unseen labels: [{code}]");
            is_code.then_some(code as u32).ok_or_else(|| DataError::cell(row, 0, text()))
        };
        let codes: Vec<u32> = codes.iter().enumerate().map(known).collect::<Result<_, _>>()?;
        if let Some(classes) = &self.classes {
            return Ok(Values::Labels(codes, classes.clone()));
        }
        Ok(match self.categories.column(codes.iter().map(|&it| it as usize)) {
            Column::Number(it, _) => Values::Float(it.to_vec()),
            Column::Text(it) => Values::Text(it),
        })
    }
}

impl Estimator for LabelEncoder {
    fn n_features_in(&self) -> usize {
        1
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        vec![self.categories.hint(true)]
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        input.check_width(1)?;
        match method {
            Method::Transform => {
                self.transform(&input.column(0)).map(|it| Output::Vector(Values::Int(it)))
            }
            Method::InverseTransform => {
                let x = input.into_numbers()?;
                self.inverse_transform(x.column(0)).map(Output::Vector)
            }
            _ => Err(unsupported("LabelEncoder", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![self.categories.kind()]
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(1)
    }
}
