//! `GradientBoostingClassifier`: a start and the sum of the trees, one sum for two classes and one per
//! class for more. For the attributes see `boosted_trees.rs`, and:
//!
//! | attribute         | shape  | meaning                                                     | since |
//! |-------------------|--------|-------------------------------------------------------------|-------|
//! | `classes_`        | (k,)   | labels                                                      | any   |
//! | `_loss`, `loss_`  | object | its class is the loss; the first from 1.1                   | any   |
//!
//! | loss        | class                                      | probabilities              | label                 |
//! |-------------|--------------------------------------------|----------------------------|-----------------------|
//! | binomial    | `BinomialDeviance` until 1.3, `HalfBinomialLoss` | expit(raw)           | likelier; 1.4: raw >= 0 |
//! | exponential | `ExponentialLoss`                          | expit(2 raw)               | raw >= 0              |
//! | multinomial | `MultinomialDeviance` until 1.3, `HalfMultinomialLoss` | softmax, until 1.3 by way of logsumexp | likeliest; 1.4: largest raw |
//!
//! Output: `decision_function` (n,) for two classes, else (n, k); `apply` (n, stages, K) as floats.
//!
//! Source of truth: `GradientBoostingClassifier` in `sklearn/ensemble/_gb.py`, `_gb_losses.py`.

use kernels::links::{exp_minus_logsumexp, expit, softmax};

use super::boosted_trees::BoostedTrees;
use super::initial::Loss;
use crate::sklearn::tree::largest;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, DataError, Dense, Estimator, Method, Output, ReadError,
    State, Values, Version, unsupported,
};

pub(in crate::sklearn::ensemble) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._gb.GradientBoostingClassifier",
        "sklearn.ensemble.gradient_boosting.GradientBoostingClassifier", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(GradientBoostingClassifier::read(state)?)),
};

const METHODS: &[Method] = &[
    Method::Predict,
    Method::PredictProba,
    Method::PredictLogProba,
    Method::DecisionFunction,
    Method::Apply,
];

#[derive(Debug)]
struct GradientBoostingClassifier {
    trees: BoostedTrees,
    classes: [Classes; 1],
    loss: Loss,
    /// Losses as modules of their own (until 1.3) order some operations differently.
    old: bool,
}

impl GradientBoostingClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let fitted = match state.optional("_loss") {
            Some(it) => it,
            None => state.get("loss_")?,
        };
        let name = fitted.class().map(|it| it.name).unwrap_or_default();
        let (loss, n_columns) = match (name, classes.len()) {
            ("BinomialDeviance" | "HalfBinomialLoss", 2) => (Loss::Binomial, 1),
            ("ExponentialLoss", 2) => (Loss::Exponential, 1),
            ("MultinomialDeviance" | "HalfMultinomialLoss", n) if 2 < n => (Loss::Multinomial, n),
            _ => {
                let text = format!("is {name} for {} classes, which is unknown", classes.len());
                return Err(fitted.unsupported(text));
            }
        };
        let trees = BoostedTrees::read(state, n_columns, loss)?;
        let old = state.version() < Version::new(1, 4);
        Ok(Self { trees, classes: [classes], loss, old })
    }

    /// Probabilities, class by class.
    fn probabilities(&self, mut raw: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let factor = if self.loss == Loss::Exponential { 2.0 } else { 1.0 };
        if self.loss != Loss::Multinomial {
            let raw = raw.pop().unwrap_or_default();
            let positive: Vec<f64> = raw.iter().map(|x| expit(factor * x)).collect();
            return vec![positive.iter().map(|p| 1.0 - p).collect(), positive];
        }
        let n_rows = raw.first().map_or(0, Vec::len);
        let mut row = vec![0.0; raw.len()];
        let mut scratch = row.clone();
        for i in 0..n_rows {
            row.iter_mut().zip(&raw).for_each(|(x, column)| *x = column[i]);
            if self.old {
                exp_minus_logsumexp(&mut row, &mut scratch);
                row.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = 0.0);
            } else {
                softmax(&mut row);
            }
            raw.iter_mut().zip(&row).for_each(|(column, x)| column[i] = *x);
        }
        raw
    }

    fn labels(&self, raw: Vec<Vec<f64>>) -> Vec<u32> {
        let by_sign = self.loss == Loss::Exponential || (!self.old && self.loss == Loss::Binomial);
        if by_sign {
            return raw.iter().flatten().map(|&x| u32::from(0.0 <= x)).collect();
        }
        let scores = if self.old { self.probabilities(raw) } else { raw };
        let n_rows = scores.first().map_or(0, Vec::len);
        let mut row = vec![0.0; scores.len()];
        let label = |i: usize| {
            row.iter_mut().zip(&scores).for_each(|(x, column)| *x = column[i]);
            largest(&row)
        };
        (0..n_rows).map(label).collect()
    }
}

impl Estimator for GradientBoostingClassifier {
    fn n_features_in(&self) -> usize {
        self.trees.n_features()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.trees.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = self.trees.input(input)?;
        if method == Method::Apply {
            return Ok(self.trees.apply(&x));
        }
        let raw = self.trees.raw(&x)?;
        let matrix = |columns| Dense::new(x.n_rows(), columns).map(Output::dense);
        match method {
            Method::Predict => {
                let [classes] = &self.classes;
                Ok(Output::Vector(Values::Labels(self.labels(raw), classes.clone())))
            }
            Method::PredictProba => matrix(self.probabilities(raw)),
            Method::PredictLogProba => {
                let mut columns = self.probabilities(raw);
                columns.iter_mut().flatten().for_each(|p| *p = p.ln());
                matrix(columns)
            }
            Method::DecisionFunction if self.loss == Loss::Multinomial => matrix(raw),
            Method::DecisionFunction => {
                Ok(Output::floats(raw.into_iter().next().unwrap_or_default()))
            }
            _ => Err(unsupported("GradientBoostingClassifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
