//! `PowerTransformer`: makes columns more like a normal distribution by a power.
//!
//! | attribute     | shape            | meaning                                        | since |
//! |---------------|------------------|------------------------------------------------|-------|
//! | `lambdas_`    | (p,)             | exponent per column                            | 0.20  |
//! | `method`      | text             | `yeo-johnson` or `box-cox` (positive numbers)  | 0.20  |
//! | `standardize` | bool             | whether `_scaler` comes after                  | 0.20  |
//! | `_scaler`     | `StandardScaler` | mean 0, variance 1                             | 0.20  |
//!
//! NaN stays NaN; an infinite cell is refused, and what is not positive by Box-Cox. Until 1.8 the
//! Yeo-Johnson transformation takes powers, since 1.9 `expm1` and `log1p`, as scipy's does; until 1.5
//! the inverse of Box-Cox takes powers, since then scipy's takes `exp` and `log1p`.
//!
//! Source of truth: `PowerTransformer` in `sklearn/preprocessing/_data.py`, `scipy.special.boxcox`,
//! `_yeojohnson_transform` in `scipy/stats/_morestats.py`.

use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State, Version,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.PowerTransformer",
        "sklearn.preprocessing.data.PowerTransformer", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(PowerTransformer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

/// Exponents closer to 0 or 2 than this count as such.
const CLOSE: f64 = f64::EPSILON;
/// The same for Box-Cox.
const BOX_COX_CLOSE: f64 = 1e-19;
/// `exp` of more than this overflows.
const LOG_MAX: f64 = 709.78;

#[derive(Debug)]
struct PowerTransformer {
    lambdas: Vec<f64>,
    power: Power,
    scaler: Option<Box<dyn Estimator>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Power {
    BoxCox(Formula),
    YeoJohnson(Formula),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Formula {
    /// scikit-learn's own.
    Powers,
    /// scipy's.
    Exponentials,
}

impl PowerTransformer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let lambdas = state.floats("lambdas_")?;
        state.n_features_in(lambdas.len())?;
        let since = |minor| match Version::new(1, minor) <= state.version() {
            true => Formula::Exponentials,
            false => Formula::Powers,
        };
        let power = match state.text("method")? {
            "box-cox" => Power::BoxCox(since(6)),
            "yeo-johnson" => Power::YeoJohnson(since(9)),
            it => return Err(state.get("method")?.unsupported(format!("is {it:?}"))),
        };
        let scaler = match state.flag("standardize")? {
            true => Some(read_scaler(&state.get("_scaler")?, lambdas.len())?),
            false => None,
        };
        Ok(Self { lambdas, power, scaler })
    }

    fn transform(&self, mut x: Dense) -> Result<Output, DataError> {
        x.check_finite(Nan::Allowed)?;
        if let Power::BoxCox(_) = self.power {
            check_positive(&x)?;
        }
        x.map_columns(|j, column| {
            let lambda = self.lambdas[j];
            match self.power {
                Power::BoxCox(_) => column.iter_mut().for_each(|x| *x = box_cox(*x, lambda)),
                Power::YeoJohnson(it) => {
                    column.iter_mut().for_each(|x| *x = yeo_johnson(*x, lambda, it));
                }
            }
        });
        x.round();
        match &self.scaler {
            Some(it) => it.call(Method::Transform, Block::Dense(x)),
            None => Ok(Output::dense(x)),
        }
    }

    fn inverse_transform(&self, x: Dense) -> Result<Output, DataError> {
        x.check_finite(Nan::Allowed)?;
        let mut x = match &self.scaler {
            Some(it) => {
                it.call(Method::InverseTransform, Block::Dense(x))?.into_block()?.into_numbers()?
            }
            None => x,
        };
        x.map_columns(|j, column| {
            let lambda = self.lambdas[j];
            match self.power {
                Power::BoxCox(it) => {
                    column.iter_mut().for_each(|x| *x = box_cox_inverse(*x, lambda, it));
                }
                Power::YeoJohnson(_) => {
                    column.iter_mut().for_each(|x| *x = yeo_johnson_inverse(*x, lambda));
                }
            }
        });
        x.round();
        Ok(Output::dense(x))
    }
}

fn read_scaler(state: &State<'_>, width: usize) -> Result<Box<dyn Estimator>, ReadError> {
    let scaler = state.as_estimator()?;
    let both = METHODS.iter().all(|it| scaler.methods().contains(it));
    if !both || scaler.n_features_in() != width {
        return Err(state.wrong(&format!("a scaler of {width} columns")));
    }
    Ok(scaler)
}

fn check_positive(x: &Dense) -> Result<(), DataError> {
    for (j, column) in x.columns().iter().enumerate() {
        if let Some(row) = column.iter().position(|x| *x <= 0.0) {
            let text = "the value is not positive, and the model (Box-Cox) accepts no other";
            return Err(DataError::cell(row, j, text));
        }
    }
    Ok(())
}

fn box_cox(x: f64, lambda: f64) -> f64 {
    let log = x.ln();
    if lambda.abs() < BOX_COX_CLOSE {
        log
    } else if LOG_MAX <= lambda * log {
        // scipy's way around an overflow.
        lambda.signum() * (lambda * log - lambda.abs().ln()).exp() - 1.0 / lambda
    } else {
        (lambda * log).exp_m1() / lambda
    }
}

fn box_cox_inverse(x: f64, lambda: f64, formula: Formula) -> f64 {
    match formula {
        _ if lambda == 0.0 => x.exp(),
        Formula::Powers => (x * lambda + 1.0).powf(1.0 / lambda),
        Formula::Exponentials if lambda * x < f64::MAX => ((lambda * x).ln_1p() / lambda).exp(),
        Formula::Exponentials => {
            (((lambda.signum() * (x + 1.0 / lambda)).ln() + lambda.abs().ln()) / lambda).exp()
        }
    }
}

fn yeo_johnson(x: f64, lambda: f64, formula: Formula) -> f64 {
    let (positive, exponent) = if 0.0 <= x { (true, lambda) } else { (false, 2.0 - lambda) };
    let magnitude = if positive { x } else { -x };
    let changed = if exponent.abs() < CLOSE || (!positive && exponent.abs() <= CLOSE) {
        magnitude.ln_1p()
    } else if formula == Formula::Exponentials {
        (exponent * magnitude.ln_1p()).exp_m1() / exponent
    } else {
        ((magnitude + 1.0).powf(exponent) - 1.0) / exponent
    };
    if positive { changed } else { -changed }
}

fn yeo_johnson_inverse(x: f64, lambda: f64) -> f64 {
    if 0.0 <= x {
        return if lambda.abs() < CLOSE {
            x.exp() - 1.0
        } else {
            (x * lambda + 1.0).powf(1.0 / lambda) - 1.0
        };
    }
    let exponent = 2.0 - lambda;
    if CLOSE < exponent.abs() {
        1.0 - (-exponent * x + 1.0).powf(1.0 / exponent)
    } else {
        1.0 - (-x).exp()
    }
}

impl Estimator for PowerTransformer {
    fn n_features_in(&self) -> usize {
        self.lambdas.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input.into_dense(self.lambdas.len())?),
            Method::InverseTransform => {
                self.inverse_transform(input.into_dense(self.lambdas.len())?)
            }
            _ => Err(unsupported("PowerTransformer", method)),
        }
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.lambdas.len())
    }
}
