//! The kernels of `sklearn.gaussian_process.kernels`, between rows and the training rows.
//!
//! | class               | attributes                     | value at a distance d, or for x and y                  |
//! |---------------------|--------------------------------|--------------------------------------------------------|
//! | `RBF`               | `length_scale`                 | `exp(-d² / 2)`, coordinates divided by the length scale |
//! | `Matern`            | `length_scale`, `nu`           | as `RBF` if nu is infinite (since 0.23), else a Bessel function |
//! | `RationalQuadratic` | `length_scale`, `alpha`        | `(1 + d² / (2 alpha length_scale²)) ** -alpha`         |
//! | `ExpSineSquared`    | `length_scale`, `periodicity`  | `exp(-2 (sin(π d / periodicity) / length_scale)²)`     |
//! | `DotProduct`        | `sigma_0`                      | `x·y + sigma_0²`                                       |
//! | `WhiteKernel`       | `noise_level`                  | 0; for a row and itself the noise                      |
//! | `ConstantKernel`    | `constant_value`               | the same for all                                       |
//! | `PairwiseKernel`    | `metric`, `gamma`              | see `pairwise_kernels.rs`                              |
//! | `Sum`, `Product`    | `k1`, `k2`                     | of two kernels                                         |
//! | `Exponentiation`    | `kernel`, `exponent`           | a power of a kernel                                    |
//!
//! `CompoundKernel`, which no regressor or classifier can predict with, and other classes are refused. A
//! Matérn kernel's Bessel function agrees with scipy's to 1e-13, and `sin` with numpy's to 1 ulp.
//!
//! scipy until 1.6, taken to go with 0.24, adds five or more features in an order that depends on where
//! in memory a row lies; here they are added one after the other, so results of older files agree to rounding.
//!
//! Source of truth: `sklearn/gaussian_process/kernels.py`, `cdist` in `scipy/spatial/distance.py`.

use kernels::bessel::{bessel_k, gamma};
use kernels::blas::matrix_product;
use kernels::einsum::{Order, square_sums};
use kernels::exp::exp;

use crate::sklearn::blas::row_order;
use crate::sklearn::pairwise_kernels::{PairwiseKernel, power};
use crate::{Block, DataError, Dense, Matrix, ReadError, State, Version};

/// How deep kernels may stand in one another.
const MAX_DEPTH: usize = 40;

/// A kernel and the training rows.
#[derive(Debug)]
pub(super) struct TrainedKernel {
    rows: Matrix,
    kernel: Kernel,
    order: Order,
}

#[derive(Debug)]
enum Kernel {
    Rbf { scale: Scale },
    Matern { scale: Scale, nu: f64 },
    RationalQuadratic { divisor: f64, alpha: f64 },
    ExpSineSquared { length_scale: f64, periodicity: f64 },
    DotProduct { bias: f64 },
    White { noise: f64 },
    Constant { value: f64 },
    Pairwise(Box<PairwiseKernel>),
    Sum(Box<(Kernel, Kernel)>),
    Product(Box<(Kernel, Kernel)>),
    Power(Box<Kernel>, f64),
}

/// What coordinates are divided by: one number for all features, or one each.
#[derive(Debug)]
struct Scale(Vec<f64>);

impl TrainedKernel {
    /// The kernel in `kernel_` and the rows in `X_train_`.
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let place = state.get("X_train_")?;
        let rows = place.as_matrix()?;
        if rows.n_rows == 0 || rows.n_cols == 0 {
            return Err(place.wrong("at least one training row of one feature"));
        }
        state.n_features_in(rows.n_cols)?;
        let kernel = Kernel::read(&state.get("kernel_")?, &place, rows.n_cols, 0)?;
        Ok(Self { rows, kernel, order: row_order(state) })
    }

    pub(super) fn n_features(&self) -> usize {
        self.rows.n_cols
    }

    pub(super) fn n_rows(&self) -> usize {
        self.rows.n_rows
    }

    /// A column per training row.
    pub(super) fn values(&self, x: &Dense) -> Result<Vec<Vec<f64>>, DataError> {
        self.kernel.values(x, &self.rows)
    }

    /// The kernel of each row and itself.
    pub(super) fn diagonal(&self, x: &Dense) -> Vec<f64> {
        self.kernel.diagonal(x, self.order)
    }
}

impl Kernel {
    fn read(
        state: &State<'_>,
        rows: &State<'_>,
        n_features: usize,
        depth: usize,
    ) -> Result<Self, ReadError> {
        if MAX_DEPTH < depth {
            return Err(state.invalid(format!("is nested more than {MAX_DEPTH} kernels deep")));
        }
        state.charge(128)?;
        let class = state.class().map(|it| it.to_string()).unwrap_or_default();
        let Some(name) = class.strip_prefix("sklearn.gaussian_process.kernels.") else {
            return Err(state.unsupported(format!("is {class:?}, which is no supported kernel")));
        };
        let part = |name: &str| Self::read(&state.get(name)?, rows, n_features, depth + 1);
        match name {
            "RBF" => Ok(Self::Rbf { scale: Scale::read(state, n_features)? }),
            "Matern" => Self::read_matern(state, n_features),
            "RationalQuadratic" => {
                let (length_scale, alpha) = (state.float("length_scale")?, state.float("alpha")?);
                let divisor = 2.0 * alpha * length_scale.powf(2.0);
                Ok(Self::RationalQuadratic { divisor, alpha })
            }
            "ExpSineSquared" => Ok(Self::ExpSineSquared {
                length_scale: state.float("length_scale")?,
                periodicity: state.float("periodicity")?,
            }),
            "DotProduct" => Ok(Self::DotProduct { bias: state.float("sigma_0")?.powf(2.0) }),
            "WhiteKernel" => Ok(Self::White { noise: state.float("noise_level")? }),
            "ConstantKernel" => Ok(Self::Constant { value: state.float("constant_value")? }),
            "PairwiseKernel" => Self::read_pairwise(state, rows),
            "Sum" => Ok(Self::Sum(Box::new((part("k1")?, part("k2")?)))),
            "Product" => Ok(Self::Product(Box::new((part("k1")?, part("k2")?)))),
            "Exponentiation" => {
                Ok(Self::Power(Box::new(part("kernel")?), state.float("exponent")?))
            }
            _ => Err(state.unsupported(format!("is a {name}, which is not supported"))),
        }
    }

    fn read_matern(state: &State<'_>, n_features: usize) -> Result<Self, ReadError> {
        let nu = state.float("nu")?;
        let old = state.version() < Version::new(0, 23);
        if nu.is_nan() || nu <= 0.0 || (nu.is_infinite() && old) {
            return Err(state.get("nu")?.unsupported(format!("is {nu}, which is not supported")));
        }
        Ok(Self::Matern { scale: Scale::read(state, n_features)?, nu })
    }

    fn read_pairwise(state: &State<'_>, rows: &State<'_>) -> Result<Self, ReadError> {
        if let Some(more) = state.optional("pairwise_kernels_kwargs")
            && more.value().entries().is_none_or(|mut it| it.next().is_some())
        {
            return Err(more.unsupported("holds further arguments, which are not supported"));
        }
        PairwiseKernel::read_named(state, "metric", rows).map(|it| Self::Pairwise(Box::new(it)))
    }

    fn values(&self, x: &Dense, rows: &Matrix) -> Result<Vec<Vec<f64>>, DataError> {
        let fill = |value: f64| vec![vec![value; x.n_rows()]; rows.n_rows];
        Ok(match self {
            Self::Rbf { scale } => {
                let mut columns = scale.squared_distances(x, rows);
                columns.iter_mut().for_each(|it| exp_of_times(it, -0.5));
                columns
            }
            Self::Matern { scale, nu } => {
                let mut columns = scale.squared_distances(x, rows);
                let roots = columns.iter_mut().flatten();
                roots.for_each(|x| *x = x.sqrt());
                columns.iter_mut().for_each(|it| matern(it, *nu));
                columns
            }
            Self::RationalQuadratic { divisor, alpha } => {
                let mut columns = Scale(vec![1.0]).squared_distances(x, rows);
                for x in columns.iter_mut().flatten() {
                    *x = power(1.0 + *x / divisor, -alpha);
                }
                columns
            }
            Self::ExpSineSquared { length_scale, periodicity } => {
                let mut columns = Scale(vec![1.0]).squared_distances(x, rows);
                let factor = std::f64::consts::PI / periodicity;
                for column in &mut columns {
                    for x in column.iter_mut() {
                        let ratio = (factor * x.sqrt()).sin() / length_scale;
                        *x = ratio * ratio;
                    }
                    exp_of_times(column, -2.0);
                }
                columns
            }
            Self::DotProduct { bias } => {
                let mut columns = matrix_product(&x.slices(), rows.rows(), x.n_rows());
                columns.iter_mut().flatten().for_each(|x| *x += bias);
                columns
            }
            Self::White { .. } => fill(0.0),
            Self::Constant { value } => fill(*value),
            Self::Pairwise(kernel) => kernel.values(Block::Dense(x.clone()))?.columns,
            Self::Sum(parts) => combine(&parts.0, &parts.1, x, rows, |a, b| a + b)?,
            Self::Product(parts) => combine(&parts.0, &parts.1, x, rows, |a, b| a * b)?,
            Self::Power(kernel, exponent) => {
                let mut columns = kernel.values(x, rows)?;
                columns.iter_mut().flatten().for_each(|x| *x = power(*x, *exponent));
                columns
            }
        })
    }

    fn diagonal(&self, x: &Dense, order: Order) -> Vec<f64> {
        let combined = |a: &Self, b: &Self, of: fn(f64, f64) -> f64| {
            let (a, b) = (a.diagonal(x, order), b.diagonal(x, order));
            a.into_iter().zip(b).map(|(a, b)| of(a, b)).collect()
        };
        match self {
            Self::DotProduct { bias } => {
                let mut squares = square_sums(&x.slices(), x.n_rows(), order, 2, |x| x);
                squares.iter_mut().for_each(|x| *x += bias);
                squares
            }
            Self::White { noise } => vec![*noise; x.n_rows()],
            Self::Constant { value } => vec![*value; x.n_rows()],
            Self::Pairwise(kernel) => kernel.diagonal(x),
            Self::Sum(parts) => combined(&parts.0, &parts.1, |a, b| a + b),
            Self::Product(parts) => combined(&parts.0, &parts.1, |a, b| a * b),
            Self::Power(kernel, exponent) => {
                let mut values = kernel.diagonal(x, order);
                values.iter_mut().for_each(|x| *x = power(*x, *exponent));
                values
            }
            _ => vec![1.0; x.n_rows()],
        }
    }
}

fn combine(
    a: &Kernel,
    b: &Kernel,
    x: &Dense,
    rows: &Matrix,
    of: fn(f64, f64) -> f64,
) -> Result<Vec<Vec<f64>>, DataError> {
    let mut columns = a.values(x, rows)?;
    for (column, other) in columns.iter_mut().zip(b.values(x, rows)?) {
        column.iter_mut().zip(other).for_each(|(a, b)| *a = of(*a, b));
    }
    Ok(columns)
}

fn exp_of_times(values: &mut [f64], factor: f64) {
    values.iter_mut().for_each(|x| *x *= factor);
    exp(values);
}

/// Distances become values.
fn matern(distances: &mut [f64], nu: f64) {
    let mut decays = distances.to_vec();
    let root = match nu {
        0.5 => 1.0,
        1.5 => 3f64.sqrt(),
        2.5 => 5f64.sqrt(),
        _ if nu.is_infinite() => {
            distances.iter_mut().for_each(|d| *d = -(*d * *d) / 2.0);
            return exp(distances);
        }
        _ => return matern_of_any_order(distances, nu),
    };
    decays.iter_mut().for_each(|d| *d = -(*d * root));
    exp(&mut decays);
    for (d, decay) in distances.iter_mut().zip(decays) {
        let k = *d * root;
        *d = match nu {
            0.5 => decay,
            1.5 => (1.0 + k) * decay,
            _ => (1.0 + k + k * k / 3.0) * decay,
        };
    }
}

fn matern_of_any_order(distances: &mut [f64], nu: f64) {
    let front = 2f64.powf(1.0 - nu) / gamma(nu);
    for d in distances {
        let distance = if *d == 0.0 { f64::EPSILON } else { *d };
        let scaled = (2.0 * nu).sqrt() * distance;
        *d = front * power(scaled, nu) * bessel_k(nu, scaled);
    }
}

impl Scale {
    fn read(state: &State<'_>, n_features: usize) -> Result<Self, ReadError> {
        let place = state.get("length_scale")?;
        let scale = match place.as_float() {
            Ok(it) => vec![it],
            Err(_) => place.as_floats()?,
        };
        match scale.len() {
            1 => Ok(Self(scale)),
            len if len == n_features => Ok(Self(scale)),
            len => Err(place.invalid(format!("has {len} values for {n_features} features"))),
        }
    }

    fn of(&self, feature: usize) -> f64 {
        match *self.0 {
            [all] => all,
            _ => self.0[feature],
        }
    }

    /// Sums over the features one after the other.
    fn squared_distances(&self, x: &Dense, rows: &Matrix) -> Vec<Vec<f64>> {
        let mut x = x.clone();
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x /= self.of(j)));
        let distances = rows.rows().map(|row| {
            let mut sums = vec![0.0; x.n_rows()];
            for (j, (column, y)) in x.columns().iter().zip(row).enumerate() {
                let y = y / self.of(j);
                sums.iter_mut().zip(column.iter()).for_each(|(sum, x)| *sum += (x - y) * (x - y));
            }
            sums
        });
        distances.collect()
    }
}
