//! `BernoulliRBM`: how likely each hidden unit of a restricted Boltzmann machine is to be on, and how likely a
//! row is.
//!
//! | attribute           | shape  | meaning                                   | since |
//! |---------------------|--------|-------------------------------------------|-------|
//! | `components_`       | (k, p) | weights of the visible units, by hidden unit | any |
//! | `intercept_hidden_` | (k,)   | added to the weighted sums                | any   |
//!
//! | `intercept_visible_` | (p,)  | biases of the visible units               | any   |
//! | `random_state`      | int    | seed of `score_samples`                   | any   |
//!
//! Output: `transform` is `expit(X @ components_.T + intercept_hidden_)`, shape (n, k). Sums are in column
//! order, see `linear_model/weighted_sums.rs`. `score_samples`, shape (n,), compares a row with itself after one
//! cell was flipped, which Python draws by the row's place among the rows of the call: here every row is
//! answered as the only one of a call. Without a whole number as `random_state` Python draws anew in each
//! call, and there is no `score_samples`.
//!
//! Source of truth: `BernoulliRBM.transform` and `score_samples` in `sklearn/neural_network/_rbm.py`.

use kernels::links::log_add_exp;
use kernels::mersenne_twister::first_below;
use kernels::rows;
use kernels::sum::pairwise_sum;

use crate::sklearn::linear_model::weighted_sums::WeightedSums;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError, State,
    Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neural_network._rbm.BernoulliRBM",
        "sklearn.neural_network.rbm.BernoulliRBM", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(BernoulliRbm::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::ScoreSamples];

#[derive(Debug)]
struct BernoulliRbm {
    sums: WeightedSums,
    likelihood: Option<Likelihood>,
}

/// What `score_samples` needs besides the sums.
#[derive(Debug)]
struct Likelihood {
    visible: WeightedSums,
    /// The cell of a row that is flipped.
    flipped: usize,
    /// Until 1.3 the logarithm of the logistic function is written in another form.
    is_old: bool,
}

impl BernoulliRbm {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let components = state.matrix("components_")?;
        if components.n_rows == 0 {
            return Err(state.get("components_")?.wrong("at least one hidden unit"));
        }
        state.n_features_in(components.n_cols)?;
        let intercept = state.floats_len("intercept_hidden_", components.n_rows)?;
        let likelihood = Likelihood::read(state, components.n_cols)?;
        Ok(Self { sums: WeightedSums::new(components, intercept), likelihood })
    }

    fn score_samples(&self, likelihood: &Likelihood, x: Dense) -> Result<Output, DataError> {
        let mut flipped = x.clone();
        flipped.column_mut(likelihood.flipped).iter_mut().for_each(|x| *x = 1.0 - *x);
        let n = self.n_features_in() as f64;
        let before = self.free_energies(likelihood, x)?;
        let after = self.free_energies(likelihood, flipped)?;
        let score = |(before, after): (f64, f64)| match (likelihood.is_old, after - before) {
            (true, x) if 0.0 < x => n * -(1.0 + (-x).exp()).ln(),
            (true, x) => n * (x - (1.0 + x.exp()).ln()),
            (false, x) => -n * log_add_exp(0.0, -x),
        };
        Ok(Output::floats(before.into_iter().zip(after).map(score).collect()))
    }

    /// `-X @ intercept_visible_ - logaddexp(0, X @ components_.T + intercept_hidden_).sum(axis=1)`
    fn free_energies(&self, likelihood: &Likelihood, x: Dense) -> Result<Vec<f64>, DataError> {
        let n_rows = x.n_rows();
        let visible = matrix(&likelihood.visible, x.clone())?;
        let hidden = matrix(&self.sums, x)?;
        let energy = |row: usize| {
            let terms: Vec<f64> =
                hidden.columns().iter().map(|it| log_add_exp(0.0, it[row])).collect();
            -visible.column(0)[row] - pairwise_sum(&terms)
        };
        Ok((0..n_rows).map(energy).collect())
    }
}

impl Likelihood {
    fn read(state: &State<'_>, n_features: usize) -> Result<Option<Self>, ReadError> {
        let seed = state.optional("random_state").and_then(|it| it.value().as_i64());
        let (Some(seed), Ok(end)) =
            (seed.and_then(|it| u32::try_from(it).ok()), u32::try_from(n_features))
        else {
            return Ok(None);
        };
        let weights = state.floats_len("intercept_visible_", n_features)?;
        let weights = Matrix { n_rows: 1, n_cols: n_features, data: weights };
        Ok(Some(Self {
            visible: WeightedSums::new(weights, vec![0.0]),
            flipped: first_below(seed, end) as usize,
            is_old: state.version() < Version::new(1, 4),
        }))
    }
}

fn matrix(sums: &WeightedSums, x: Dense) -> Result<Dense, DataError> {
    sums.scores(Block::Dense(x))?.into_matrix()?.into_block()?.into_numbers()
}

impl Estimator for BernoulliRbm {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        if self.likelihood.is_some() { METHODS } else { &METHODS[..1] }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, &self.likelihood) {
            (Method::Transform, _) => self.sums.scores(input)?.map(rows::expit).into_matrix(),
            (Method::ScoreSamples, Some(it)) => {
                let x = input.into_dense(self.n_features_in())?;
                x.check_finite(Nan::Refused)?;
                self.score_samples(it, x)
            }
            _ => Err(unsupported("this BernoulliRBM", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.sums.n_targets())
    }
}
