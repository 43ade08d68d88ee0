//! `EllipticEnvelope`: rows far from the centre of a Gaussian are outliers.
//!
//! | attribute    | shape  | meaning                                             | since |
//! |--------------|--------|-----------------------------------------------------|-------|
//! | `location_`  | (p,)   | the centre                                          | any   |
//! | `precision_` | (p, p) | inverse of the covariance; `None` if it isn't kept  | any   |
//! | `offset_`    | number | subtracted from the scores                          | any   |
//!
//! Output: `score_samples` is the negative squared Mahalanobis distance, `decision_function` that less the
//! offset, `predict` -1 where it is negative, else 1. With `store_precision=False` Python inverts the
//! covariance at each call; that is refused.
//!
//! Source of truth: `EllipticEnvelope` in `sklearn/covariance/_elliptic_envelope.py`, `mahalanobis` in
//! `scipy/spatial/src/distance_impl.h`.

use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError, State,
    Values, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.covariance._elliptic_envelope.EllipticEnvelope",
        "sklearn.covariance.elliptic_envelope.EllipticEnvelope", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(EllipticEnvelope::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::DecisionFunction, Method::ScoreSamples];

#[derive(Debug)]
struct EllipticEnvelope {
    location: Vec<f64>,
    precision: Matrix,
    offset: f64,
    pairs: bool,
}

impl EllipticEnvelope {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let location = state.floats("location_")?;
        let p = location.len();
        state.n_features_in(p)?;
        if !state.has("precision_") {
            let text = "has no precision_: it was fitted with store_precision=False, which is not \
                        supported";
            return Err(state.unsupported(text));
        }
        let precision = state.matrix_of("precision_", p, p)?;
        let pairs = Version::new(1, 0) <= state.version() || 6 <= p;
        Ok(Self { location, precision, offset: state.float("offset_")?, pairs })
    }

    fn scores(&self, x: &Dense) -> Vec<f64> {
        let mut row = Vec::with_capacity(self.location.len());
        let score = |at| {
            x.copy_row(at, &mut row);
            row.iter_mut().zip(&self.location).for_each(|(x, center)| *x -= center);
            let products = self.precision.rows().map(|weights| self.product(&row, weights));
            let distance = self.product(&row, &products.collect::<Vec<f64>>()).sqrt();
            -(distance * distance)
        };
        (0..x.n_rows()).map(score).collect()
    }

    /// The inner product: one after the other, or in two sums at once and what is left after them, as the
    /// compiler of scipy made it (until 1.6, which goes with 0.24, from 6 features).
    fn product(&self, a: &[f64], b: &[f64]) -> f64 {
        let whole = if self.pairs { a.len() - a.len() % 2 } else { 0 };
        let mut sums = [0.0; 2];
        let terms = a.iter().zip(b).map(|(a, b)| a * b);
        for (i, term) in terms.clone().take(whole).enumerate() {
            sums[i % 2] += term;
        }
        terms.skip(whole).fold(sums[0] + sums[1], |sum, term| sum + term)
    }
}

impl Estimator for EllipticEnvelope {
    fn n_features_in(&self) -> usize {
        self.location.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.location.len())?;
        x.check_finite(Nan::Refused)?;
        let mut scores = self.scores(&x);
        if method == Method::ScoreSamples {
            return Ok(Output::floats(scores));
        }
        scores.iter_mut().for_each(|x| *x -= self.offset);
        match method {
            Method::DecisionFunction => Ok(Output::floats(scores)),
            Method::Predict => {
                let signs = scores.iter().map(|&x| if 0.0 <= x { 1 } else { -1 });
                Ok(Output::Vector(Values::Int(signs.collect())))
            }
            _ => Err(unsupported("EllipticEnvelope", method)),
        }
    }
}
