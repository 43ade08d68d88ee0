//! What a supported Python class is, and the registry of all of them.

use std::fmt;

use crate::{
    Block, Classes, ColumnHint, ColumnKind, DataError, Output, ReadError, State, catboost,
    category_encoders, imblearn, lightgbm, sklearn, torch, xgboost,
};

/// An inference method of scikit-learn's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `predict`
    Predict,
    /// `predict_proba`
    PredictProba,
    /// `predict_log_proba`
    PredictLogProba,
    /// `decision_function`
    DecisionFunction,
    /// `score_samples`
    ScoreSamples,
    /// `transform`
    Transform,
    /// `inverse_transform`
    InverseTransform,
    /// `apply`: the leaf each row falls in, per tree.
    Apply,
    /// `kneighbors`: distances and indices of the nearest training rows.
    KNeighbors,
    /// `predict(X, return_std=True)`: the prediction and its standard deviation.
    PredictWithStd,
    /// `predict(X, raw_score=True)` of a boosting library's: the sums of the trees.
    RawScore,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 11] = [
        Self::Predict,
        Self::PredictProba,
        Self::PredictLogProba,
        Self::DecisionFunction,
        Self::ScoreSamples,
        Self::Transform,
        Self::InverseTransform,
        Self::Apply,
        Self::KNeighbors,
        Self::PredictWithStd,
        Self::RawScore,
    ];

    /// The Python name; `predict_with_std` and `raw_score` are no names of Python's, but ways to call
    /// `predict`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Predict => "predict",
            Self::PredictProba => "predict_proba",
            Self::PredictLogProba => "predict_log_proba",
            Self::DecisionFunction => "decision_function",
            Self::ScoreSamples => "score_samples",
            Self::Transform => "transform",
            Self::InverseTransform => "inverse_transform",
            Self::Apply => "apply",
            Self::KNeighbors => "kneighbors",
            Self::PredictWithStd => "predict_with_std",
            Self::RawScore => "raw_score",
        }
    }

    /// The method with this Python name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One supported Python class: where Python keeps it and how it is read.
#[derive(Debug)]
pub struct ClassSpec {
    /// Every import path the class has had, newest first. The first names it in the documentation.
    pub paths: &'static [&'static str],
    /// What an instance may be able to do; a given one may lack some (`SVC` without `probability`).
    pub methods: &'static [Method],
    /// Reads the trained attributes; fails here or never but on data.
    pub read: fn(&State<'_>) -> Result<Box<dyn Estimator>, ReadError>,
}

impl ClassSpec {
    /// The class's own name, without its module.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let path = self.paths.first().copied().unwrap_or_default();
        path.rsplit('.').next().unwrap_or(path)
    }
}

/// A trained estimator: what it expects and what it can do.
pub trait Estimator: fmt::Debug + Send + Sync {
    /// Number of input columns it was trained on; 0 if it takes any number, and was saved by a version
    /// that did not store it.
    fn n_features_in(&self) -> usize;

    /// The methods this instance has, `predict` or `transform` first.
    fn methods(&self) -> &[Method];

    /// Runs one of [`Estimator::methods`]; any other is refused by [`unsupported`].
    ///
    /// # Errors
    /// Data the Python class refuses, with row and column.
    fn call(&self, method: Method, input: Block) -> Result<Output, DataError>;

    /// How each input column is to be read from text: `n_features_in` kinds.
    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Number; self.n_features_in()]
    }

    /// What it knows of each input column from its training: as many as columns, or fewer if it knows nothing of the
    /// last.
    fn column_hints(&self) -> Vec<ColumnHint> {
        Vec::new()
    }

    /// [`Estimator::column_hints`] if the next step knows `next` of the columns of `transform`: a step that hands cells
    /// on as they are knows what the next one knows.
    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let _ = next;
        self.column_hints()
    }

    /// Tells an estimator that takes any columns what those of the table are called.
    fn name_inputs(&mut self, names: &[String]) {
        let _ = names;
    }

    /// Whether [`name_inputs`](Self::name_inputs) changes what it does.
    fn takes_names(&self) -> bool {
        false
    }

    /// The names of the columns it was trained on, where they stand inside what it was read from.
    fn feature_names(&self) -> Option<Vec<String>> {
        None
    }

    /// Whether [`Estimator::feature_names`] have `_` for each blank, as LightGBM keeps them.
    fn blanks_are_underscores(&self) -> bool {
        false
    }

    /// Whether it picks its columns by name, so that more columns, or the same in another order, are
    /// fine: a `ColumnTransformer` does, and what begins with one.
    fn selects_by_name(&self) -> bool {
        false
    }

    /// Whether columns of other names than [`Estimator::feature_names`] are fine, if the caller chooses
    /// them: a table of keys does not care what the column to look up is called.
    fn takes_other_names(&self) -> bool {
        false
    }

    /// [`Estimator::column_kinds`] if the next step wants the columns of `transform` read as `wanted`:
    /// a step that hands cells on as they are asks for what the next one asks for.
    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let _ = wanted;
        self.column_kinds()
    }

    /// The input column that column `output` of `transform` is made of, if it is made of one alone;
    /// so that a later step's error names the column the caller knows.
    fn input_column(&self, output: usize) -> Option<usize> {
        let _ = output;
        None
    }

    /// The class labels of a classifier: one set, or one per output.
    fn classes(&self) -> &[Classes] {
        &[]
    }

    /// Number of columns `transform` gives, where it is known before there are rows.
    fn n_features_out(&self) -> Option<usize> {
        None
    }
}

/// The refusal of a method the estimator does not have.
#[must_use]
pub fn unsupported(estimator: &str, method: Method) -> DataError {
    DataError::block(format!("{estimator} has no method {method}"))
}

/// Every supported class, package by package.
pub fn registry() -> impl Iterator<Item = &'static ClassSpec> {
    let others = [
        &catboost::CLASSES,
        &category_encoders::CLASSES,
        &imblearn::CLASSES,
        &lightgbm::CLASSES,
        &torch::CLASSES,
        &xgboost::CLASSES,
    ];
    let libraries = sklearn::PACKAGES.iter().chain(others);
    libraries.flat_map(|package| package.iter().copied())
}

/// The class with this import path, old spellings included.
#[must_use]
pub fn find(path: &str) -> Option<&'static ClassSpec> {
    registry().find(|class| class.paths.contains(&path))
}

/// The class people import by this path: `sklearn.preprocessing.StandardScaler` for
/// `sklearn.preprocessing._data.StandardScaler`, or any path it has had in files.
pub(crate) fn find_public(path: &str) -> Option<&'static ClassSpec> {
    let is_public = |spelled: &str| {
        let public = spelled.split('.').filter(|it| !it.starts_with('_'));
        public.eq(path.split('.'))
    };
    find(path).or_else(|| registry().find(|class| class.paths.iter().any(|it| is_public(it))))
}
