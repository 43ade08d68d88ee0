//! `LabelBinarizer`: a column per label, one value where it is the label and another elsewhere.
//!
//! | attribute       | shape | meaning                                              | since |
//! |-----------------|-------|------------------------------------------------------|-------|
//! | `classes_`      | (k,)  | labels in their order                                | any   |
//! | `pos_label`     | int   | where the row has the label                          | any   |
//! | `neg_label`     | int   | elsewhere; an unknown label has it everywhere        | any   |
//! | `sparse_output` | bool  | sparse rows                                          | any   |
//! | `y_type_`       | text  | `binary` or `multiclass`; `multilabel-indicator`: see `label_indicator.rs` | any |
//!
//! It takes one column. Two labels make one column, that of the second; one label makes one column of
//! `neg_label`. (Python looks at the rows at hand: with three labels among them, unknown ones included, two
//! known labels make two columns.)
//!
//! Source of truth: `label_binarize` in `sklearn/preprocessing/_label.py`.

use super::label_indicator::LabelIndicator;
use crate::categories::Categories;
use crate::{
    Block, ClassSpec, Classes, Column, ColumnKind, DataError, Dense, Dtype, Estimator, Layout,
    Method, Nan, Output, ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._label.LabelBinarizer",
        "sklearn.preprocessing.label.LabelBinarizer", // until 0.21
    ],
    methods: METHODS,
    read: |state| match state.text("y_type_")? {
        "multilabel-indicator" => Ok(Box::new(LabelIndicator::read(state)?)),
        _ => Ok(Box::new(LabelBinarizer::read(state)?)),
    },
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct LabelBinarizer {
    categories: Categories,
    classes: Classes,
    positive: f64,
    negative: f64,
    layout: Layout,
    multiclass: bool,
}

impl LabelBinarizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let multiclass = match state.text("y_type_")? {
            "multiclass" => true,
            "binary" => false,
            it => return Err(state.get("y_type_")?.unsupported(format!("is {it:?}"))),
        };
        let sparse = state.flag("sparse_output")?;
        Ok(Self {
            categories: Categories::read(&state.get("classes_")?)?,
            classes: state.classes("classes_")?,
            positive: state.float("pos_label")?,
            negative: state.float("neg_label")?,
            layout: if sparse { Layout::Sparse } else { Layout::Dense },
            multiclass,
        })
    }

    fn n_out(&self) -> usize {
        if self.categories.len() <= 2 { 1 } else { self.categories.len() }
    }

    fn transform(&self, column: &Column) -> Result<Block, DataError> {
        let codes = self.categories.codes(column, 0, Nan::Allowed)?;
        let mut labels = Dense::filled(codes.len(), self.n_out(), self.negative);
        for (row, &code) in codes.iter().enumerate() {
            let place = match self.categories.len() {
                1 => None,
                2 => (code == 1).then_some(0),
                n => Some(code as usize).filter(|it| *it < n),
            };
            if let Some(place) = place {
                labels.column_mut(place)[row] = self.positive;
            }
        }
        labels.dtype = Dtype::INT;
        Block::hstack(vec![Block::Dense(labels)], codes.len(), self.layout)
    }

    fn inverse_transform(&self, x: &Dense) -> Vec<u32> {
        let last = self.categories.len() as u32 - 1;
        if !self.multiclass {
            let threshold = f64::midpoint(self.positive, self.negative);
            return x.column(0).iter().map(|&x| u32::from(threshold < x).min(last)).collect();
        }
        let mut best = vec![0; x.n_rows()];
        let mut largest = vec![f64::NEG_INFINITY; x.n_rows()];
        for (code, column) in (0..).zip(x.columns()) {
            for (row, &value) in column.iter().enumerate() {
                if largest[row] < value {
                    largest[row] = value;
                    best[row] = code;
                }
            }
        }
        best.iter().map(|&it: &u32| it.min(last)).collect()
    }
}

impl Estimator for LabelBinarizer {
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
                let codes = self.inverse_transform(&input.into_dense(self.n_out())?);
                Ok(Output::Vector(Values::Labels(codes, self.classes.clone())))
            }
            _ => Err(unsupported("LabelBinarizer", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![self.categories.kind()]
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.n_out())
    }
}
