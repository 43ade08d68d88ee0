//! `ClassifierChain` and `RegressorChain`: an estimator for each target, which sees the columns and what
//! the estimators before it said.
//!
//! | attribute       | shape           | meaning                                                     | since |
//! |-----------------|-----------------|-------------------------------------------------------------|-------|
//! | `estimators_`   | list of t       | the i-th takes all columns and i more                       | any   |
//! | `order_`        | (t,)            | which target each estimator is for                          | any   |
//! | `chain_method_` | text            | what is handed on: `predict`, or a classifier's decisions or probabilities of its second class | 1.5 |
//!
//! Output: a column per target, of floats, labels too. `predict_proba`: the probability of the second
//! class; its logarithm since 1.4. Rows with missing values are refused.
//!
//! Source of truth: `_BaseChain` in `sklearn/multioutput.py`, `_get_response_values` in
//! `sklearn/utils/_response.py`.

use kernels::rows;

use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Dtype, Estimator, Layout, Method, Nan, Output,
    ReadError, State, Version, members, unsupported,
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];

pub(super) const CLASSIFIER: ClassSpec = ClassSpec {
    paths: &["sklearn.multioutput.ClassifierChain"],
    methods: METHODS,
    read: |state| Ok(Box::new(Chain::read(state, METHODS)?)),
};

pub(super) const REGRESSOR: ClassSpec = ClassSpec {
    paths: &["sklearn.multioutput.RegressorChain"],
    methods: &[Method::Predict],
    read: |state| Ok(Box::new(Chain::read(state, &[Method::Predict])?)),
};

#[derive(Debug)]
struct Chain {
    estimators: Vec<Box<dyn Estimator>>,
    n_features: usize,
    /// For each target its estimator.
    places: Vec<usize>,
    handed_on: Method,
    methods: Vec<Method>,
    classes: Vec<Classes>,
}

impl Chain {
    fn read(state: &State<'_>, methods: &[Method]) -> Result<Self, ReadError> {
        let list = state.get("estimators_")?;
        let estimators = members::read(&list)?;
        let handed_on = match state.optional("chain_method_") {
            None => Method::Predict,
            Some(it) => Method::parse(it.as_text()?)
                .filter(|method| methods.contains(method))
                .ok_or_else(|| it.unsupported("is no method that a chain hands on"))?,
        };
        members::check_method(&list, &estimators, handed_on)?;
        members::check_method(&list, &estimators, Method::Predict)?;
        let two_classes = estimators.iter().all(|it| has_a_second_class(&**it, state.version()));
        if !two_classes && is_probability(handed_on) {
            return Err(list.unsupported("has members of other than two classes"));
        }
        let has = |method: &Method| {
            let needed = if is_probability(*method) { Method::PredictProba } else { *method };
            let offered =
                *method != Method::PredictLogProba || Version::new(1, 4) <= state.version();
            offered
                && (two_classes || !is_probability(*method))
                && estimators.iter().all(|it| it.methods().contains(&needed))
        };
        let methods = methods.iter().copied().filter(has).collect();
        let places = places(state, estimators.len())?;
        let classes = places.iter().filter_map(|&it| estimators.get(it)?.classes().first());
        Ok(Self {
            n_features: n_features(&list, &estimators)?,
            classes: classes.cloned().collect(),
            places,
            handed_on,
            methods,
            estimators,
        })
    }

    fn answer(&self, method: Method, input: Block) -> Result<Dense, DataError> {
        let n_rows = input.n_rows();
        let input = self.numbers(input)?;
        let mut handed_on: Vec<Vec<f64>> = Vec::with_capacity(self.estimators.len());
        let mut answers = Vec::with_capacity(self.estimators.len());
        for estimator in &self.estimators {
            let before = Block::Dense(Dense::new(n_rows, handed_on.clone())?);
            let layout = match input {
                Block::Sparse(_) => Layout::Sparse,
                _ => Layout::Dense,
            };
            let augmented = Block::hstack(vec![input.clone(), before], n_rows, layout)?;
            let own = |it: DataError| it.in_column(|j| (j < self.n_features).then_some(j));
            let feature = column(&**estimator, self.handed_on, &augmented).map_err(own)?;
            answers.push(match method == self.handed_on {
                true => feature.clone(),
                false => column(&**estimator, method, &augmented).map_err(own)?,
            });
            handed_on.push(feature);
        }
        Dense::new(n_rows, self.places.iter().map(|&it| answers[it].clone()).collect())
    }

    /// The rows in `float64`, which what is handed on makes of them.
    fn numbers(&self, input: Block) -> Result<Block, DataError> {
        input.check_width(self.n_features)?;
        match input {
            Block::Sparse(mut it) => {
                it.check_finite(Nan::Refused)?;
                it.dtype = Dtype::Float64;
                Ok(Block::Sparse(it))
            }
            other => {
                let mut it = other.into_numbers()?;
                it.check_finite(Nan::Refused)?;
                it.dtype = Dtype::Float64;
                Ok(Block::Dense(it))
            }
        }
    }
}

fn is_probability(method: Method) -> bool {
    matches!(method, Method::PredictProba | Method::PredictLogProba)
}

/// Whether the probabilities have a column that Python takes: of the second class, since 1.5 of two.
fn has_a_second_class(estimator: &dyn Estimator, version: Version) -> bool {
    match estimator.classes() {
        [classes] => classes.len() == 2 || (2 < classes.len() && version < Version::new(1, 5)),
        _ => false,
    }
}

/// Labels or a score as numbers: a vector, or the second column.
fn column(estimator: &dyn Estimator, method: Method, input: &Block) -> Result<Vec<f64>, DataError> {
    let matrix = members::matrix(estimator, method, input.clone())?;
    let index = usize::from(is_probability(method));
    match (matrix.columns().get(index), is_probability(method) || matrix.n_cols() == 1) {
        (Some(it), true) => Ok(it.to_vec()),
        _ => Err(DataError::block(format!("a member's {method} has not one value per row"))),
    }
}

/// The inverse of `order_`, which must name each target once.
fn places(state: &State<'_>, n: usize) -> Result<Vec<usize>, ReadError> {
    let order = state.get("order_")?;
    let wrong = || order.wrong("the numbers of the targets, each once");
    let targets = order.as_ints()?;
    let mut places = vec![None; n];
    for (place, target) in targets.iter().enumerate() {
        let target = usize::try_from(*target).ok().and_then(|it| places.get_mut(it));
        if target.ok_or_else(wrong)?.replace(place).is_some() {
            return Err(wrong());
        }
    }
    places.into_iter().collect::<Option<Vec<usize>>>().ok_or_else(wrong)
}

/// Each estimator takes one column more than the one before.
fn n_features(list: &State<'_>, estimators: &[Box<dyn Estimator>]) -> Result<usize, ReadError> {
    let first = estimators.first().map_or(0, |it| it.n_features_in());
    for (i, found) in estimators.iter().map(|it| it.n_features_in()).enumerate() {
        if found != first + i {
            let text = format!("has a member, [{i}], for {found} columns, expected {}", first + i);
            return Err(list.invalid(text));
        }
    }
    Ok(first)
}

impl Estimator for Chain {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this chain", method));
        }
        if method != Method::PredictLogProba {
            return self.answer(method, input).map(Output::dense);
        }
        let mut probabilities = self.answer(Method::PredictProba, input)?;
        probabilities.map_columns(|_, column| rows::ln(column));
        Ok(Output::dense(probabilities))
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
