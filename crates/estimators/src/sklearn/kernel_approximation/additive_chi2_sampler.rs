//! `AdditiveChi2Sampler`: each cell as samples of the Fourier transform of the additive chi-squared kernel.
//!
//! | attribute          | shape         | meaning                                                    | since |
//! |--------------------|---------------|------------------------------------------------------------|-------|
//! | `sample_steps`     | int           | a cell gives `2 * sample_steps - 1` features               | any   |
//! | `sample_interval`  | float or None | distance of the samples; `None`: by `sample_steps`         | any   |
//! | `sample_interval_` | float         | the distance itself, until 1.2; `_sample_interval` until 1.4 | any |
//! | `n_features_in_`   | int           | number of columns; before 0.24 any number is taken         | 0.24  |
//!
//! Output: `transform` gives shape (n, p (2 `sample_steps` - 1)): first all square roots, then for each
//! step all cosines and all sines. Sparse rows stay sparse. A negative cell is refused.
//!
//! Source of truth: `AdditiveChi2Sampler.transform` in `sklearn/kernel_approximation.py`.

use std::f64::consts::PI;

use crate::{
    Block, ClassSpec, Csr, DataError, Dense, Estimator, Method, Nan, Output, Precision, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.kernel_approximation.AdditiveChi2Sampler"],
    methods: METHODS,
    read: |state| Ok(Box::new(AdditiveChi2Sampler::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct AdditiveChi2Sampler {
    /// 0 if any number of columns is taken.
    n_features: usize,
    interval: f64,
    /// `cosh(pi * j * interval)` for each step but the first.
    hyperbolic: Vec<f64>,
}

impl AdditiveChi2Sampler {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let n_features = match state.has("n_features_in_") {
            true => state.width("n_features_in_")?,
            false => 0,
        };
        let steps = state.width("sample_steps")?;
        if steps == 0 {
            return Err(state.get("sample_steps")?.invalid("is 0, expected at least 1"));
        }
        state.charge(n_features.saturating_mul(steps).saturating_mul(16))?;
        let interval = interval(state, steps)?;
        let hyperbolic = (1..steps).map(|j| (PI * j as f64 * interval).cosh()).collect();
        Ok(Self { n_features, interval, hyperbolic })
    }

    /// Feature 0, then a cosine and a sine of each step, of cells above 0.
    fn features(&self, cells: &[f64], precision: Precision) -> Vec<Vec<f64>> {
        let round = |x: f64| match precision {
            Precision::Double => x,
            Precision::Single => f64::from(x as f32),
        };
        let of = |it: &dyn Fn(f64) -> f64| cells.iter().map(|&x| it(x)).collect::<Vec<f64>>();
        let interval = round(self.interval);
        let mut features = vec![of(&|x| round(round(x * interval).sqrt()))];
        for (j, hyperbolic) in (1..).zip(&self.hyperbolic) {
            let hyperbolic = round(*hyperbolic);
            let factor = |x: f64| round(round(round(2.0 * x * interval) / hyperbolic).sqrt());
            let angle = |x: f64| round(f64::from(j) * round(interval * round(x.ln())));
            features.push(of(&|x| round(factor(x) * round(angle(x).cos()))));
            features.push(of(&|x| round(factor(x) * round(angle(x).sin()))));
        }
        features
    }

    fn transform(&self, input: Block) -> Result<Block, DataError> {
        if self.n_features != 0 {
            input.check_width(self.n_features)?;
        }
        match input {
            Block::Sparse(x) => self.sparse(&x).map(Block::Sparse),
            other => self.dense(&other.into_numbers()?).map(Block::Dense),
        }
    }

    fn dense(&self, x: &Dense) -> Result<Dense, DataError> {
        x.check_finite(Nan::Refused)?;
        let mut features = vec![Vec::new(); 1 + 2 * self.hyperbolic.len()];
        for (index, column) in x.columns().iter().enumerate() {
            if let Some(row) = column.iter().position(|it| *it < 0.0) {
                return Err(negative(row, index));
            }
            let filled: Vec<f64> = column.iter().copied().filter(|it| *it != 0.0).collect();
            for (all, values) in features.iter_mut().zip(self.features(&filled, x.precision())) {
                all.push(spread(column, &values));
            }
        }
        let mut result = Dense::new(x.n_rows(), features.into_iter().flatten().collect())?;
        result.dtype = x.precision().into();
        Ok(result)
    }

    fn sparse(&self, x: &Csr) -> Result<Csr, DataError> {
        x.check_finite(Nan::Refused)?;
        let mut result = Csr::new(x.n_cols() * (1 + 2 * self.hyperbolic.len()));
        result.dtype = x.precision().into();
        for row in 0..x.n_rows() {
            if let Some((column, _)) = x.row(row).find(|(_, x)| *x < 0.0) {
                return Err(negative(row, column));
            }
            let cells: Vec<f64> = x.row(row).map(|(_, x)| x).collect();
            for (nth, values) in self.features(&cells, x.precision()).iter().enumerate() {
                for ((column, _), &value) in x.row(row).zip(values) {
                    result.push(nth * x.n_cols() + column, value);
                }
            }
            result.end_row();
        }
        Ok(result)
    }
}

impl Estimator for AdditiveChi2Sampler {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::Block),
            _ => Err(unsupported("AdditiveChi2Sampler", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        let features = 1 + 2 * self.hyperbolic.len();
        (self.n_features != 0).then_some(self.n_features * features)
    }
}

/// The distance of the samples: stored by some versions, else what the parameters say.
fn interval(state: &State<'_>, steps: usize) -> Result<f64, ReadError> {
    for stored in ["sample_interval_", "_sample_interval", "sample_interval"] {
        if state.has(stored) {
            return state.float(stored);
        }
    }
    match steps {
        1 => Ok(0.8),
        2 => Ok(0.5),
        3 => Ok(0.4),
        _ => Err(state.invalid("has more than 3 sample_steps, but no sample_interval")),
    }
}

/// The values at the cells that are not 0, and 0 elsewhere.
fn spread(cells: &[f64], values: &[f64]) -> Vec<f64> {
    let mut values = values.iter().copied();
    let value = |x: &f64| if *x == 0.0 { 0.0 } else { values.next().unwrap_or_default() };
    cells.iter().map(value).collect()
}

fn negative(row: usize, column: usize) -> DataError {
    DataError::cell(row, column, "the value is negative, and the model accepts none below 0")
}
