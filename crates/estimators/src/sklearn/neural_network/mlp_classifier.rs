//! `MLPClassifier`: a multi-layer perceptron whose last layer gives probabilities.
//!
//! | attribute          | shape            | meaning                                                | since |
//! |--------------------|------------------|--------------------------------------------------------|-------|
//! | `_label_binarizer` | `LabelBinarizer` | class labels, and whether a row has one label or several | 0.18 |
//!
//! and those of `layers.rs`.
//!
//! Output: `predict` gives the class of the largest probability, of two classes the second if its
//! probability is above a half; several labels: an integer 0 or 1 for each. `predict_proba` and
//! `predict_log_proba` have shape (n, k), of several labels the probability of each.
//!
//! Source of truth: `MLPClassifier` in `sklearn/neural_network/_multilayer_perceptron.py`.

use kernels::rows;

use super::layers::Layers;
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Method, Output, Precision, ReadError,
    State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neural_network._multilayer_perceptron.MLPClassifier",
        "sklearn.neural_network.multilayer_perceptron.MLPClassifier", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(MlpClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::PredictLogProba];

#[derive(Debug)]
struct MlpClassifier {
    layers: Layers,
    classes: Classes,
    targets: Targets,
}

/// What a row's target was in training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Targets {
    /// One label.
    Label,
    /// 0 or 1 for each label.
    Indicators,
}

impl Targets {
    fn read(binarizer: &State<'_>) -> Result<Self, ReadError> {
        match binarizer.text("y_type_")? {
            "binary" | "multiclass" => Ok(Self::Label),
            "multilabel-indicator" => Ok(Self::Indicators),
            it => {
                let text = format!("is {it:?}, a type of targets that is not supported");
                Err(binarizer.get("y_type_")?.unsupported(text))
            }
        }
    }
}

impl MlpClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let layers = Layers::read(state)?;
        let binarizer = state.get("_label_binarizer")?;
        let targets = Targets::read(&binarizer)?;
        let classes = binarizer.classes("classes_")?;
        let expected = match (targets, classes.len()) {
            (Targets::Label, 1 | 2) => 1,
            (_, n) => n,
        };
        if layers.n_outputs() != expected {
            let found = layers.n_outputs();
            let text = format!("has {} classes for {found} units", classes.len());
            return Err(binarizer.get("classes_")?.invalid(text));
        }
        Ok(Self { layers, classes, targets })
    }

    fn predict(&self, units: Vec<Vec<f64>>) -> Output {
        if self.targets == Targets::Indicators {
            let marks = |unit: Vec<f64>| {
                Values::Int(unit.into_iter().map(|x| i64::from(0.5 < x)).collect())
            };
            return Output::Columns(units.into_iter().map(marks).collect());
        }
        let codes = match units.as_slice() {
            [only] if self.classes.len() == 1 => vec![0; only.len()],
            [only] => only.iter().map(|&x| u32::from(0.5 < x)).collect(),
            all => rows::argmax(all),
        };
        Output::Vector(Values::Labels(codes, self.classes.clone()))
    }

    fn probabilities(
        mut units: Vec<Vec<f64>>,
        precision: Precision,
        n_rows: usize,
    ) -> Result<Dense, DataError> {
        if let [only] = units.as_slice() {
            let complement = only.iter().map(|p| 1.0 - p).collect();
            units.insert(0, complement);
        }
        let mut dense = Dense::new(n_rows, units)?;
        dense.dtype = precision.into();
        dense.round();
        Ok(dense)
    }
}

impl Estimator for MlpClassifier {
    fn n_features_in(&self) -> usize {
        self.layers.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("MLPClassifier", method));
        }
        let n_rows = input.n_rows();
        let (units, precision) = self.layers.forward(input)?;
        if method == Method::Predict {
            return Ok(self.predict(units));
        }
        let mut dense = Self::probabilities(units, precision, n_rows)?;
        if method == Method::PredictLogProba {
            dense.map_columns(|_, column| rows::ln(column));
            dense.round();
        }
        Ok(Output::dense(dense))
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
