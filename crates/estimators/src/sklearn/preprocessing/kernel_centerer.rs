//! `KernelCenterer`: moves a kernel's rows to where the training rows have their mean in its space.
//!
//! | attribute       | shape | meaning                                   | since |
//! |-----------------|-------|-------------------------------------------|-------|
//! | `K_fit_rows_`   | (n,)  | mean of each column of the training kernel | any  |
//! | `K_fit_all_`    | float | mean of all of it                         | any   |
//!
//! Takes the kernel between the rows and the n training rows.
//!
//! Source of truth: `KernelCenterer.transform` in `sklearn/preprocessing/_data.py`.

use kernels::rows;

use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.KernelCenterer",
        "sklearn.preprocessing.data.KernelCenterer", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(KernelCenterer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct KernelCenterer {
    means: Vec<f64>,
    mean: f64,
}

impl KernelCenterer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let means = state.floats("K_fit_rows_")?;
        state.n_features_in(means.len())?;
        Ok(Self { means, mean: state.float("K_fit_all_")? })
    }

    fn transform(&self, mut x: Dense) -> Dense {
        let columns: Vec<Vec<f64>> = x.columns().iter().map(|it| it.to_vec()).collect();
        let mut row_means = rows::sums(&columns);
        let n = self.means.len() as f64;
        row_means.iter_mut().for_each(|sum| *sum /= n);
        x.map_columns(|j, column| {
            for (x, row_mean) in column.iter_mut().zip(&row_means) {
                *x = *x - self.means[j] - row_mean + self.mean;
            }
        });
        x.round();
        x
    }
}

impl Estimator for KernelCenterer {
    fn n_features_in(&self) -> usize {
        self.means.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("KernelCenterer", method));
        }
        let x = input.into_dense(self.means.len())?;
        x.check_finite(Nan::Refused)?;
        Ok(Output::dense(self.transform(x)))
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.means.len())
    }
}
