//! `NMF` and `MiniBatchNMF`: rows as nonnegative combinations of nonnegative components.
//!
//! | attribute        | shape  | meaning                                                | since |
//! |------------------|--------|--------------------------------------------------------|-------|
//! | `components_`    | (k, p) | the components H                                       | any   |
//! | `solver`         | text   | `"cd"` or `"mu"`; `MiniBatchNMF` has only the latter   | any   |
//! | `beta_loss`      | text or float | what `"mu"` minimises: `"frobenius"` (2), `"kullback-leibler"` (1), `"itakura-saito"` (0) or another number | any |
//! | `max_iter`, `tol`, `transform_max_iter` | | when to stop; the last of `MiniBatchNMF` alone | any |
//! | `alpha`          | float  | strength of the penalty                                | until 1.1 |
//! | `regularization` | text   | whether it is on the weights, on H or on both          | 0.24 to 1.1 |
//! | `alpha_W`        | float  | strength of the penalty on the weights, times p        | 1.0   |
//! | `l1_ratio`       | float  | its part by absolute values                            | any   |
//!
//! Output: `transform` gives weights of shape (n, k), `inverse_transform` their combinations of components.
//!
//! Python solves all rows of a call at once: what stops it is the progress of all together, and `"mu"`
//! begins with the mean of all. Here each row gets the answer that Python gives for that row alone.
//! Inner products are added in fused steps, where Python's BLAS adds those of one row in another order.
//!
//! Source of truth: `NMF._fit_transform`, `_update_coordinate_descent`, `_multiplicative_update_w` and
//! `MiniBatchNMF._solve_W` in `sklearn/decomposition/_nmf.py`, `_cdnmf_fast.pyx`.

use kernels::nonnegative::{Floor, Limit, Multiplicative, Penalty, Stop, coordinate_descent};
use kernels::sum::pairwise_sum;

use super::nonnegative_rows::{check_nonnegative, refuse_single};
use super::projection::Projection;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, Precision, ReadError,
    State, Version, unsupported,
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &ClassSpec {
        paths: &["sklearn.decomposition._nmf.NMF", "sklearn.decomposition.nmf.NMF"],
        methods: METHODS,
        read: |state| Ok(Box::new(Nmf::read(state, Stop::Divergence)?)),
    },
    &ClassSpec {
        paths: &["sklearn.decomposition._nmf.MiniBatchNMF"],
        methods: METHODS,
        read: |state| Ok(Box::new(Nmf::read(state, Stop::Change)?)),
    },
];

#[derive(Debug)]
struct Nmf {
    forward: Projection,
    backward: Projection,
    solver: Solver,
    /// Since 0.23 rows must have the type of the components.
    refuses_single: bool,
}

#[derive(Debug)]
enum Solver {
    /// `"cd"`: the inner products of the components, with the penalty on the diagonal.
    CoordinateDescent { gram: Vec<f64>, l1: f64, limit: Limit },
    /// `"mu"`.
    Multiplicative(Multiplicative, Negative),
}

/// What becomes of a negative number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Negative {
    Refused,
    /// `MiniBatchNMF.transform` does not look.
    Taken,
}

impl Nmf {
    fn read(state: &State<'_>, stop: Stop) -> Result<Self, ReadError> {
        let stored = state.get("components_")?;
        let refuses_single = Version::new(0, 23) <= state.version();
        if is_single(&stored) && refuses_single {
            return Err(stored.unsupported("is float32, and Python refuses float64 rows then"));
        }
        let components = stored.as_matrix()?;
        let (k, p) = (components.n_rows, components.n_cols);
        state.n_features_in(p)?;
        if k == 0 || components.data.iter().any(|x| !(0.0..f64::INFINITY).contains(x)) {
            return Err(stored.wrong("rows of finite numbers from 0"));
        }
        state.charge(components.data.len().saturating_mul(16))?;
        state.charge(k.saturating_mul(k).saturating_mul(8))?;
        let limit = Limit { max_iter: passes(state, stop)?, tolerance: state.float("tol")? };
        let penalty = penalty(state, p)?;
        let mut gram = components.times_transposed(&components);
        let solver = match stop {
            Stop::Change => "mu",
            Stop::Divergence => state.text("solver")?,
        };
        let solver = match solver {
            "cd" => {
                squares_alone(state)?;
                gram.add_to_diagonal((0..k).map(|_| penalty.l2));
                Solver::CoordinateDescent { gram: gram.data, l1: penalty.l1, limit }
            }
            "mu" => {
                let beta = beta(state)?;
                let negative =
                    if stop == Stop::Change { Negative::Taken } else { Negative::Refused };
                let late = Version::new(1, 3) <= state.version();
                let updates = Multiplicative {
                    sums: components.rows().map(pairwise_sum).collect(),
                    components: components.data.clone(),
                    gram: gram.data,
                    n_cols: p,
                    beta,
                    gamma: exponent(beta),
                    penalty,
                    floor: if late { Floor::Small } else { Floor::Zeros },
                    stop,
                    limit,
                };
                Solver::Multiplicative(updates, negative)
            }
            _ => return Err(state.get("solver")?.unsupported("is neither \"cd\" nor \"mu\"")),
        };
        let forward = Projection::new(components, Precision::Double);
        Ok(Self { backward: forward.transposed(None), forward, solver, refuses_single })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        if self.refuses_single {
            refuse_single(&input)?;
        }
        match &self.solver {
            Solver::CoordinateDescent { gram, l1, limit } => {
                check_nonnegative(&input)?;
                let products = self.forward.apply(input)?;
                by_rows(&products, products.n_cols(), |row| {
                    row.iter_mut().for_each(|x| *x -= l1);
                    Ok(coordinate_descent(gram, row, *limit))
                })
            }
            Solver::Multiplicative(updates, negative) => {
                if *negative == Negative::Refused {
                    check_nonnegative(&input)?;
                }
                let x = input.into_dense(self.forward.n_in())?;
                x.check_finite(Nan::Refused)?;
                by_rows(&x, self.forward.n_out(), |row| {
                    if *negative == Negative::Refused && updates.beta <= 0.0 && row.contains(&0.0) {
                        return Err("a row with a 0 has no answer if beta_loss is 0 or less");
                    }
                    let mean = pairwise_sum(row) / row.len() as f64;
                    Ok(updates.solve(row, mean))
                })
            }
        }
    }
}

/// `solve` of each row: `n_out` numbers.
fn by_rows(
    x: &Dense,
    n_out: usize,
    solve: impl Fn(&mut Vec<f64>) -> Result<Vec<f64>, &'static str>,
) -> Result<Dense, DataError> {
    let mut columns = vec![Vec::with_capacity(x.n_rows()); n_out];
    let mut row = Vec::with_capacity(x.n_cols());
    for i in 0..x.n_rows() {
        x.copy_row(i, &mut row);
        let weights = solve(&mut row).map_err(|text| DataError::cell(i, 0, text))?;
        columns.iter_mut().zip(weights).for_each(|(column, w)| column.push(w));
    }
    Dense::new(x.n_rows(), columns)
}

fn passes(state: &State<'_>, stop: Stop) -> Result<usize, ReadError> {
    let own = stop == Stop::Change && state.has("transform_max_iter");
    state.iterations(if own { "transform_max_iter" } else { "max_iter" })
}

/// `"cd"` minimises squares and takes the weights in their order.
fn squares_alone(state: &State<'_>) -> Result<(), ReadError> {
    if beta(state)? != 2.0 {
        return Err(state.get("beta_loss")?.unsupported("is not minimised by the solver \"cd\""));
    }
    match state.flag_or("shuffle", false)? {
        false => Ok(()),
        true => Err(state.get("shuffle")?.unsupported("is True: the order of steps is random")),
    }
}

fn beta(state: &State<'_>) -> Result<f64, ReadError> {
    let loss = state.get("beta_loss")?;
    match loss.value().as_str() {
        Some("frobenius") => Ok(2.0),
        Some("kullback-leibler") => Ok(1.0),
        Some("itakura-saito") => Ok(0.0),
        Some(_) => Err(loss.unsupported("is no divergence it knows")),
        None => loss.as_float(),
    }
}

fn exponent(beta: f64) -> f64 {
    match beta {
        it if it < 1.0 => 1.0 / (2.0 - it),
        it if 2.0 < it => 1.0 / (it - 1.0),
        _ => 1.0,
    }
}

/// The penalty on the weights of a row of `p` numbers.
fn penalty(state: &State<'_>, p: usize) -> Result<Penalty, ReadError> {
    let l1_ratio = state.float("l1_ratio")?;
    let p = p as f64;
    if Version::new(1, 2) <= state.version() {
        let alpha = p * state.float("alpha_W")?;
        return Ok(Penalty { l1: alpha * l1_ratio, l2: alpha * (1.0 - l1_ratio) });
    }
    let same = |it: &State<'_>| it.value().as_str() == Some("same");
    let alpha_of_weights = state.float_or("alpha_W", 0.0)?;
    if alpha_of_weights != 0.0 || state.optional("alpha_H").is_some_and(|it| !same(&it)) {
        let l2 = p * (alpha_of_weights * (1.0 - l1_ratio));
        return Ok(Penalty { l1: p * (alpha_of_weights * l1_ratio), l2 });
    }
    let on_weights =
        match state.value().attribute("regularization").map(object_graph::Value::as_str) {
            None | Some(Some("both" | "transformation" | "deprecated")) => true,
            Some(None | Some("components")) => false,
            _ => return Err(state.get("regularization")?.unsupported("is no penalty it knows")),
        };
    let alpha = match state.optional("alpha") {
        Some(it) if it.value().as_str() != Some("deprecated") && on_weights => it.as_float()?,
        _ => 0.0,
    };
    Ok(Penalty { l1: alpha * l1_ratio, l2: alpha * (1.0 - l1_ratio) })
}

impl Estimator for Nmf {
    fn n_features_in(&self) -> usize {
        self.forward.n_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            Method::InverseTransform => self.backward.apply(input).map(Output::dense),
            _ => Err(unsupported("NMF", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out())
    }
}
