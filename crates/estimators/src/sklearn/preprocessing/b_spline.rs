//! scipy's `BSpline` inside a model: a spline of several values at once.
//!
//! | attribute      | shape  | meaning                                                   | since |
//! |----------------|--------|-----------------------------------------------------------|-------|
//! | `t`            | (m,)   | the knots, ascending                                      | any   |
//! | `c`            | (r, s) | coefficients: a row per basis function, a column per value | any  |
//! | `k`            | int    | the degree                                                | any   |
//! | `extrapolate`  | bool   | polynomials go on outside; else values there are NaN      | any   |
//!
//! Until scipy 1.16 they are the object's own; since 1.18 (1.17 was not seen) they are those of an object
//! `_BSpline`, the first part of its state.
//!
//! Source: `evaluate_spline` in `scipy/interpolate/_bspl.pyx`.

use std::sync::Arc;

use kernels::splines::{Order, basis, interval};
use object_graph::{Kind, NodeId};

use crate::{Matrix, ReadError, State};

#[derive(Debug)]
pub(super) struct BSpline {
    pub(super) knots: Vec<f64>,
    coef: Arc<Matrix>,
    pub(super) degree: usize,
    extrapolate: bool,
}

/// Space for evaluating.
#[derive(Debug, Default)]
pub(super) struct Scratch(Vec<f64>, Vec<f64>);

/// Coefficients that were read before: the splines of a model share theirs.
#[derive(Debug, Default)]
pub(super) struct Shared(Option<(NodeId, Arc<Matrix>)>);

impl BSpline {
    pub(super) fn read(state: &State<'_>, shared: &mut Shared) -> Result<Self, ReadError> {
        match state.class().map(|it| it.to_string()).as_deref() {
            Some("scipy.interpolate._bsplines.BSpline") => {}
            _ => return Err(state.unsupported("is not a scipy.interpolate.BSpline")),
        }
        let kept = state.value().as_object().and_then(object_graph::Object::state);
        if let Some(Kind::Tuple(mut parts)) = kept.map(object_graph::Value::kind)
            && let Some(inner) = parts.next()
        {
            return Self::read_parts(&state.step(inner, "._delegate_to"), shared);
        }
        Self::read_parts(state, shared)
    }

    fn read_parts(state: &State<'_>, shared: &mut Shared) -> Result<Self, ReadError> {
        let knots = state.floats("t")?;
        let degree = state.count("k")?;
        let needed = degree.checked_mul(2).and_then(|it| it.checked_add(2));
        if needed.is_none_or(|it| knots.len() < it) {
            return Err(state.get("t")?.invalid("has too few knots for the degree"));
        }
        let ascending = knots.windows(2).all(|pair| pair[0] <= pair[1]);
        if !ascending || knots.iter().any(|it| !it.is_finite()) {
            return Err(state.get("t")?.invalid("are knots that do not ascend"));
        }
        let stored = state.get("c")?;
        let coef = match &shared.0 {
            Some((id, coef)) if *id == stored.value().id() => Arc::clone(coef),
            _ => Arc::new(stored.as_matrix()?),
        };
        shared.0 = Some((stored.value().id(), Arc::clone(&coef)));
        if coef.n_rows < knots.len() - degree - 1 || coef.n_cols == 0 {
            return Err(stored.invalid("has too few coefficients for the knots"));
        }
        if state.int("axis")? != 0 {
            return Err(state.unsupported("is a spline along another axis than the first"));
        }
        Ok(Self { knots, coef, degree, extrapolate: state.flag("extrapolate")? })
    }

    /// Number of values at a place.
    pub(super) fn width(&self) -> usize {
        self.coef.n_cols
    }

    /// Where all functions of the degree are defined: first and last knot.
    pub(super) fn domain(&self) -> (f64, f64) {
        (self.knots[self.degree], self.knots[self.knots.len() - self.degree - 1])
    }

    /// The values at `x`, or their slopes, written over `values`.
    pub(super) fn evaluate(&self, x: f64, order: Order, values: &mut [f64], scratch: &mut Scratch) {
        let (first, last) = self.domain();
        if x.is_nan() || (!self.extrapolate && !(first..=last).contains(&x)) {
            return values.fill(f64::NAN);
        }
        let interval = interval(&self.knots, self.degree, x);
        let Scratch(functions, work) = scratch;
        basis(&self.knots, self.degree, interval, x, order, functions, work);
        values.fill(0.0);
        for (row, function) in (interval - self.degree..).zip(functions.iter()) {
            let coef = self.coef.row(row);
            values.iter_mut().zip(coef).for_each(|(value, c)| *value += c * function);
        }
    }
}
