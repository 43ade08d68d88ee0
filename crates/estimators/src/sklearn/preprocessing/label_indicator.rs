//! What `LabelBinarizer` does where a row has several labels: a table of 0 and 1 gets other numbers.
//!
//! Attributes: those of `label_binarizer.rs`, with `y_type_` `multilabel-indicator`. It takes a column per
//! label. `inverse_transform` gives 1 where a number is above the middle of both labels, else 0.
//!
//! Source of truth: `label_binarize` and `_inverse_binarize_thresholding` in
//! `sklearn/preprocessing/_label.py`.

use crate::{
    Block, DataError, Dense, Dtype, Estimator, Layout, Method, Nan, Output, ReadError, State,
    unsupported,
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
pub(super) struct LabelIndicator {
    n_labels: usize,
    positive: f64,
    negative: f64,
    layout: Layout,
}

impl LabelIndicator {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let sparse = state.flag("sparse_output")?;
        Ok(Self {
            n_labels: state.floats("classes_")?.len(),
            positive: state.float("pos_label")?,
            negative: state.float("neg_label")?,
            layout: if sparse { Layout::Sparse } else { Layout::Dense },
        })
    }

    fn transform(&self, mut x: Dense) -> Result<Output, DataError> {
        for (j, column) in x.columns().iter().enumerate() {
            if let Some(row) = column.iter().position(|x| *x != 0.0 && *x != 1.0) {
                let text = format!("{} is neither 0 nor 1, which mark labels", column[row]);
                return Err(DataError::cell(row, j, text));
            }
        }
        x.map_columns(|_, column| {
            let label = |x: f64| if x == 0.0 { self.negative } else { self.positive };
            column.iter_mut().for_each(|x| *x = label(*x));
        });
        x.dtype = Dtype::INT;
        let n_rows = x.n_rows();
        Block::hstack(vec![Block::Dense(x)], n_rows, self.layout).map(Output::Block)
    }

    fn inverse_transform(&self, mut x: Dense) -> Output {
        let threshold = f64::midpoint(self.positive, self.negative);
        x.map_columns(|_, column| {
            column.iter_mut().for_each(|x| *x = f64::from(u8::from(threshold < *x)));
        });
        x.dtype = Dtype::INT;
        Output::dense(x)
    }
}

impl Estimator for LabelIndicator {
    fn n_features_in(&self) -> usize {
        self.n_labels
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("LabelBinarizer", method));
        }
        let x = input.into_dense(self.n_labels)?;
        x.check_finite(Nan::Refused)?;
        if method == Method::Transform { self.transform(x) } else { Ok(self.inverse_transform(x)) }
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.n_labels)
    }
}
