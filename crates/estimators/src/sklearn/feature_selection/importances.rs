//! How important a fitted estimator finds each column: its `coef_` or `feature_importances_`.
//!
//! | attribute                | of                 | meaning                                       |
//! |--------------------------|--------------------|-----------------------------------------------|
//! | `coef_`                  | linear models      | stored, or of an SVM computed (not supported) |
//! | `feature_importances_`   | others that store it |                                             |
//! | `tree_`, `estimators_`   | trees, forests, boosted trees | `feature_importances_` is computed |
//! | `estimator_weights_`     | AdaBoost of trees  | weights of the trees' importances             |
//!
//! Source of truth: `_get_feature_importances` in `sklearn/feature_selection/_base.py`,
//! `feature_importances_` in `sklearn/tree` and `sklearn/ensemble`.

use kernels::sum::pairwise_sum;

use crate::sklearn::tree::ImpurityDecreases;
use crate::{Matrix, ReadError, State, Version};

/// Importances as Python has them: a vector, or a row for each class or target.
pub(super) struct Importances {
    rows: Matrix,
    is_vector: bool,
    /// Stored or computed `feature_importances_`.
    are_final: bool,
}

impl Importances {
    /// Those of the fitted `estimator` by `getter`: `auto`, or a dotted path of attributes.
    pub(super) fn read(estimator: &State<'_>, getter: &str) -> Result<Self, ReadError> {
        if getter == "auto" {
            return Self::auto(estimator);
        }
        let mut at = estimator.clone();
        let mut names = getter.split('.');
        let last = names.next_back().unwrap_or_default();
        while let Some(name) = names.next() {
            at = match name {
                "named_steps" => named_step(&at, names.next().unwrap_or_default())?,
                _ => at.get(name)?,
            };
        }
        Self::attribute(&at, last)
    }

    /// Until 0.23 `feature_importances_` came first; no class has both.
    fn auto(estimator: &State<'_>) -> Result<Self, ReadError> {
        let name = if estimator.has("coef_") { "coef_" } else { "feature_importances_" };
        Self::attribute(estimator, name)
    }

    fn attribute(estimator: &State<'_>, name: &str) -> Result<Self, ReadError> {
        if let Some(stored) = estimator.optional(name) {
            let is_vector = stored.value().as_array().is_some_and(|it| it.shape.len() == 1);
            let are_final = name == "feature_importances_";
            return Ok(Self { rows: stored.as_dense_matrix()?, is_vector, are_final });
        }
        if name != "feature_importances_" {
            let class = estimator.class().map(|it| it.name).unwrap_or_default();
            let text = format!("is a {class} that does not store {name}, and it is not computed");
            return Err(estimator.unsupported(text));
        }
        let data = computed(estimator)?;
        Ok(Self {
            rows: Matrix { n_rows: 1, n_cols: data.len(), data },
            is_vector: true,
            are_final: true,
        })
    }

    /// A number for each column: the norm of its weights. Until 0.23 `feature_importances_` were taken as
    /// they are.
    pub(super) fn norms(&self, order: f64, version: Version) -> Vec<f64> {
        if self.are_final && version < Version::new(0, 24) {
            return self.rows.data.clone();
        }
        let column = |j: usize| self.rows.rows().map(move |row: &[f64]| row[j].abs());
        (0..self.rows.n_cols)
            .map(|j| if self.is_vector { self.rows.data[j].abs() } else { norm(column(j), order) })
            .collect()
    }
}

/// `numpy.linalg.norm` of absolute values.
fn norm(values: impl Iterator<Item = f64>, order: f64) -> f64 {
    if order == f64::INFINITY {
        return values.fold(0.0, f64::max);
    }
    if order == f64::NEG_INFINITY {
        return values.fold(f64::INFINITY, f64::min);
    }
    if order == 0.0 {
        return values.filter(|x| *x != 0.0).count() as f64;
    }
    if order == 1.0 {
        return values.fold(0.0, |sum, x| sum + x);
    }
    if order == 2.0 {
        return values.fold(0.0, |sum, x| sum + x * x).sqrt();
    }
    values.fold(0.0, |sum, x| sum + x.powf(order)).powf(1.0 / order)
}

/// The estimator of a pipeline's step.
fn named_step<'g>(pipeline: &State<'g>, name: &str) -> Result<State<'g>, ReadError> {
    for step in pipeline.list("steps")? {
        if let [own, estimator] = step.as_list()?.as_slice()
            && own.value().as_str() == Some(name)
        {
            return Ok(estimator.clone());
        }
    }
    Err(pipeline.invalid(format!("has no step {name:?}")))
}

/// `feature_importances_` of the classes that compute it from their trees.
fn computed(estimator: &State<'_>) -> Result<Vec<f64>, ReadError> {
    match estimator.class().map(|it| it.name).unwrap_or_default() {
        "DecisionTreeClassifier"
        | "DecisionTreeRegressor"
        | "ExtraTreeClassifier"
        | "ExtraTreeRegressor" => Ok(ImpurityDecreases::read(estimator)?.normalized().importances),
        "RandomForestClassifier"
        | "RandomForestRegressor"
        | "ExtraTreesClassifier"
        | "ExtraTreesRegressor" => forest(estimator),
        "GradientBoostingClassifier" | "GradientBoostingRegressor" => boosted(estimator),
        "AdaBoostClassifier" | "AdaBoostRegressor" => weighted(estimator),
        it => Err(estimator.unsupported(format!("is a {it} without stored importances"))),
    }
}

fn forest(estimator: &State<'_>) -> Result<Vec<f64>, ReadError> {
    let list = estimator.list("estimators_")?;
    let trees = list.iter().map(|it| Ok(ImpurityDecreases::read(it)?.normalized()));
    let trees = trees.collect::<Result<Vec<_>, ReadError>>()?;
    if estimator.version() < Version::new(0, 21) {
        return sum(estimator, trees.into_iter().map(|it| it.importances), list.len() as f64);
    }
    mean_of_splitting(estimator, trees)
}

/// The mean over the trees that split at all, divided by its sum.
fn mean_of_splitting(
    estimator: &State<'_>,
    trees: Vec<ImpurityDecreases>,
) -> Result<Vec<f64>, ReadError> {
    let zeros = vec![0.0; trees.first().map_or(0, |it| it.importances.len())];
    let splitting = trees.into_iter().filter(|it| it.has_splits).map(|it| it.importances);
    let splitting: Vec<Vec<f64>> = splitting.collect();
    if splitting.is_empty() {
        return Ok(zeros);
    }
    let count = splitting.len() as f64;
    sum(estimator, splitting, count).map(share)
}

fn boosted(estimator: &State<'_>) -> Result<Vec<f64>, ReadError> {
    let estimators = estimator.get("estimators_")?;
    let wrong = || estimators.wrong("an object array of shape (stages, columns)");
    let array = estimators.value().as_array().ok_or_else(wrong)?;
    let ids = array.objects(estimators.value().graph()).ok_or_else(wrong)?;
    let &[n_stages, n_columns] = &*array.shape else { return Err(wrong()) };
    let trees = array
        .in_c_order(ids.to_vec())
        .into_iter()
        .map(|id| ImpurityDecreases::read(&estimators.step(estimators.value().at(id), "[...]")));
    let trees = trees.collect::<Result<Vec<_>, ReadError>>()?;
    if Version::new(0, 21) <= estimator.version() {
        return mean_of_splitting(estimator, trees);
    }
    let stages = trees.chunks(n_columns.max(1)).map(|stage| {
        sum(estimator, stage.iter().map(|it| it.importances.clone()), n_columns as f64)
    });
    let stages = stages.collect::<Result<Vec<_>, ReadError>>()?;
    sum(estimator, stages, n_stages as f64).map(share)
}

/// AdaBoost: only of trees, so that a file's estimators cannot stand in one another.
fn weighted(estimator: &State<'_>) -> Result<Vec<f64>, ReadError> {
    let weights = estimator.floats("estimator_weights_")?;
    let trees = estimator.list("estimators_")?;
    if weights.len() < trees.len() {
        return Err(estimator.get("estimator_weights_")?.wrong("a weight for each estimator"));
    }
    let weighted = trees.iter().zip(&weights).map(|(tree, weight)| {
        let mut tree = ImpurityDecreases::read(tree)?.normalized().importances;
        tree.iter_mut().for_each(|it| *it *= weight);
        Ok(tree)
    });
    let weighted = weighted.collect::<Result<Vec<_>, ReadError>>()?;
    sum(estimator, weighted, pairwise_sum(&weights))
}

/// The sum, one after the other, divided by `by`.
fn sum(
    estimator: &State<'_>,
    all: impl IntoIterator<Item = Vec<f64>>,
    by: f64,
) -> Result<Vec<f64>, ReadError> {
    let mut all = all.into_iter();
    let mut sum = all.next().ok_or_else(|| estimator.invalid("has no trees"))?;
    for each in all {
        if each.len() != sum.len() {
            return Err(estimator.invalid("has trees for different numbers of columns"));
        }
        sum.iter_mut().zip(each).for_each(|(sum, x)| *sum += x);
    }
    sum.iter_mut().for_each(|it| *it /= by);
    Ok(sum)
}

fn share(mut importances: Vec<f64>) -> Vec<f64> {
    let total = pairwise_sum(&importances);
    importances.iter_mut().for_each(|it| *it /= total);
    importances
}
