//! Which distance an estimator or its tree measures.
//!
//! | where                                            | what is read                                          |
//! |--------------------------------------------------|-------------------------------------------------------|
//! | item 11 of a tree: `EuclideanDistance`, …         | its class and its state: `p`, `vec` and `mat`         |
//! | `effective_metric_`, `effective_metric_params_`  | by brute force: a name, and `p`, `w`, `V` or `VI`     |
//!
//! Functions are refused, and so are names that scikit-learn hands to scipy alone (`correlation`, `yule`,
//! …), `nan_euclidean`, and where scipy would find `V` or `VI` in the rows at hand.
//!
//! Source of truth: `sklearn/metrics/_dist_metrics.pyx.tp` (until 0.24 in `sklearn/neighbors`),
//! `pairwise_distances` in `sklearn/metrics/pairwise.py`, `scipy/spatial/distance.py`.

use kernels::neighbors::{Boolean, Metric, Sums};
use object_graph::{Kind, Object, Value};

use crate::{ReadError, State, Version};

/// The metric of a tree.
pub(super) fn read_tree_metric(state: &State<'_>) -> Result<Metric, ReadError> {
    let class = made_class(state).ok_or_else(|| state.wrong("a DistanceMetric"))?;
    let parts = state.value().as_object().and_then(Object::state);
    let parts = parts.map(|it| state.step(it, ".state").as_list()).transpose()?.unwrap_or_default();
    let [p, vector, matrix, ..] = parts.as_slice() else {
        return Err(state.wrong("a DistanceMetric with its state"));
    };
    let (module, name) = class.rsplit_once('.').unwrap_or_default();
    let known = module.starts_with("sklearn.") && module.ends_with("dist_metrics");
    let p = p.as_float()?;
    match name.trim_end_matches("64").strip_suffix("Distance").filter(|_| known) {
        Some("Euclidean") => Ok(Metric::Euclidean),
        Some("Manhattan") => Ok(Metric::Manhattan),
        Some("Chebyshev") => Ok(Metric::Chebyshev),
        Some("Minkowski") => {
            let weights = vector.as_floats()?;
            // Until 1.0 there are no weights, and the vector is one zero.
            let has_weights = Version::new(1, 1) <= state.version() && !weights.is_empty();
            minkowski(state, p, has_weights.then_some(weights))
        }
        Some("WMinkowski") if 1.0 <= p && p.is_finite() => {
            Ok(Metric::WeightedDifferences(p, vector.as_floats()?))
        }
        Some("SEuclidean") => Ok(Metric::StandardizedEuclidean(vector.as_floats()?)),
        Some("Mahalanobis") => Ok(Metric::Mahalanobis(matrix.as_floats()?, Sums::OneByOne)),
        Some("Haversine") => Ok(Metric::Haversine),
        Some("Hamming") => Ok(Metric::Hamming),
        Some("Canberra") => Ok(Metric::Canberra),
        Some("BrayCurtis") => Ok(Metric::BrayCurtis),
        Some("Jaccard") => Ok(Metric::Boolean(Boolean::Jaccard)),
        Some("Matching") => Ok(Metric::Boolean(Boolean::Matching)),
        Some("Dice") => Ok(Metric::Boolean(Boolean::Dice)),
        Some("Kulsinski") => Ok(Metric::Boolean(Boolean::Kulsinski)),
        Some("RogersTanimoto" | "SokalMichener") => Ok(Metric::Boolean(Boolean::RogersTanimoto)),
        Some("RussellRao") => Ok(Metric::Boolean(Boolean::RussellRao)),
        Some("SokalSneath") => Ok(Metric::Boolean(Boolean::SokalSneath)),
        _ => Err(state.unsupported(format!("is a {class}, which is not supported"))),
    }
}

/// Trees and metrics are made by `newObj(class)`.
pub(super) fn made_class(state: &State<'_>) -> Option<String> {
    let args = state.value().as_object()?.args();
    match args.items()?.get(0)?.kind() {
        Kind::Class(it) => Some(it.to_string()),
        _ => None,
    }
}

fn minkowski(state: &State<'_>, p: f64, weights: Option<Vec<f64>>) -> Result<Metric, ReadError> {
    if p.is_nan() || p <= 0.0 || p.is_infinite() {
        return Err(state.unsupported(format!("is minkowski with p of {p}")));
    }
    match weights {
        Some(it) => Ok(Metric::WeightedPowers(p, it)),
        None if p == 1.0 => Ok(Metric::Manhattan),
        None if p == 2.0 => Ok(Metric::Euclidean),
        None => Ok(Metric::Minkowski(p)),
    }
}

/// The metric of a search by brute force.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum BruteMetric {
    /// scikit-learn's own code measures it since 1.1.
    Own(Metric),
    /// numpy and scipy do in all versions.
    Numpy(Metric),
    /// The rows are distances.
    Precomputed,
}

/// `attribute` holds the metric's name.
pub(super) fn read_brute_metric(
    state: &State<'_>,
    attribute: &str,
) -> Result<BruteMetric, ReadError> {
    let stored = state.get(attribute)?;
    let Some(name) = stored.value().as_str() else {
        return Err(stored.unsupported("is a function, which Pythia does not run"));
    };
    let boolean = |it| Ok(BruteMetric::Numpy(Metric::Boolean(it)));
    // scipy's own code measured these before 1.1, some of them by other formulas.
    let is_own = Version::new(1, 1) <= state.version();
    match name {
        "euclidean" => Ok(BruteMetric::Own(Metric::Euclidean)),
        "sqeuclidean" if state.version() < Version::new(1, 2) => {
            Ok(BruteMetric::Numpy(Metric::SquaredEuclidean))
        }
        "sqeuclidean" => Ok(BruteMetric::Own(Metric::SquaredEuclidean)),
        "manhattan" | "cityblock" | "l1" => Ok(BruteMetric::Own(Metric::Manhattan)),
        "chebyshev" => Ok(BruteMetric::Own(Metric::Chebyshev)),
        "canberra" => Ok(BruteMetric::Own(Metric::Canberra)),
        "l2" | "infinity" if is_own => Ok(BruteMetric::Own(match name {
            "l2" => Metric::Euclidean,
            _ => Metric::Chebyshev,
        })),
        "braycurtis" if is_own => Ok(BruteMetric::Own(Metric::BrayCurtis)),
        "haversine" => Ok(BruteMetric::Own(Metric::Haversine)),
        "minkowski" => {
            let weights = parameter(state, "w")?;
            if weights.is_some() && !is_own {
                return Err(stored.unsupported("is minkowski with weights, by scipy"));
            }
            let p = parameter(state, "p")?.and_then(|it| it.first().copied());
            minkowski(&stored, p.unwrap_or(2.0), weights).map(BruteMetric::Own)
        }
        "seuclidean" => {
            let variances = parameter(state, "V")?;
            let metric = variances.map(Metric::StandardizedEuclidean);
            metric.map(BruteMetric::Own).ok_or_else(|| stored.unsupported("has no V"))
        }
        "mahalanobis" => {
            let sums = match state.version() {
                it if it < Version::new(1, 0) => Sums::OneByOne,
                _ => Sums::InPairs,
            };
            let inverse = parameter(state, "VI")?.map(|it| Metric::Mahalanobis(it, sums));
            inverse.map(BruteMetric::Numpy).ok_or_else(|| stored.unsupported("has no VI"))
        }
        "cosine" => Ok(BruteMetric::Numpy(Metric::Cosine)),
        "hamming" => Ok(BruteMetric::Numpy(Metric::Hamming)),
        "precomputed" => Ok(BruteMetric::Precomputed),
        "jaccard" => boolean(Boolean::Jaccard),
        "matching" => boolean(Boolean::Matching),
        "dice" => boolean(Boolean::Dice),
        "kulsinski" => boolean(Boolean::Kulsinski),
        "rogerstanimoto" | "sokalmichener" => boolean(Boolean::RogersTanimoto),
        "russellrao" => boolean(Boolean::RussellRao),
        "sokalsneath" => boolean(Boolean::SokalSneath),
        it => Err(stored.unsupported(format!("is {it:?}, which is not supported"))),
    }
}

/// A number or an array in `effective_metric_params_`.
fn parameter(state: &State<'_>, name: &str) -> Result<Option<Vec<f64>>, ReadError> {
    let Some(parameters) = state.optional("effective_metric_params_") else { return Ok(None) };
    let found = parameters.value().get(name).filter(|it: &Value<'_>| !it.is_none());
    let Some(found) = found else { return Ok(None) };
    let found = parameters.step(found, &format!("[{name:?}]"));
    match found.as_float() {
        Ok(it) => Ok(Some(vec![it])),
        Err(_) => found.as_floats().map(Some),
    }
}
