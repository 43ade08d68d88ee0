//! A model: the estimator at the root of a file, and what its input must look like.

use std::sync::Arc;

use object_graph::Graph;

use crate::{
    Block, Classes, ColumnHint, ColumnKind, CustomClasses, DataError, Declaration, Estimator,
    Iterations, LookupTable, Method, Output, ReadError, State, Version, category_encoders,
    lightgbm, sklearn, torch,
};

/// What reading a model may copy: this many times the graph, and some room for small files.
const COPIES: u64 = 4;
const ROOM: u64 = 32 << 20;

/// The newest version of scikit-learn that golden cases prove.
const NEWEST: Version = Version::new(1, 9);

/// What the user should know of a file of this version; `None` if golden cases prove it.
#[must_use]
pub fn newer(version: Version) -> Option<String> {
    (NEWEST < version).then(|| {
        format!(
            "the model was saved by scikit-learn {version}; Pythia knows up to {NEWEST}, and reads it as that \
             version's: compare some predictions with Python's (pythia verify)"
        )
    })
}

/// A trained model, ready to predict.
#[derive(Debug)]
pub struct Model {
    estimator: Box<dyn Estimator>,
    class: String,
    version: Option<Version>,
    feature_names: Option<Vec<String>>,
}

impl Model {
    /// Reads the estimator at the root of `graph`.
    ///
    /// # Errors
    /// Every class and option that is not supported, and every attribute that is absent or has a
    /// wrong shape, each with its path.
    pub fn read(graph: &Graph) -> Result<Self, ReadError> {
        Self::read_with(graph, &CustomClasses::default(), Iterations::default())
    }

    /// Reads the estimator at the root of `graph`, in which classes of the user's own may stand; of a
    /// boosting library's these iterations predict.
    ///
    /// # Errors
    /// As [`Model::read`]; the model has no such iterations.
    pub fn read_with(
        graph: &Graph,
        custom: &CustomClasses,
        iterations: Iterations,
    ) -> Result<Self, ReadError> {
        let state = State::root(graph.root(), Self::budget(graph), custom);
        Self::from_state(&state.choosing(iterations))
    }

    /// How many bytes reading models from `graph` may copy, for [`State::root`].
    #[must_use]
    pub fn budget(graph: &Graph) -> u64 {
        COPIES.saturating_mul(graph.size() as u64).saturating_add(ROOM)
    }

    /// Reads the estimator at `state`, or a table whose `transform` looks up keys.
    ///
    /// # Errors
    /// As [`Model::read`].
    pub fn from_state(state: &State<'_>) -> Result<Self, ReadError> {
        let estimator: Box<dyn Estimator> = match LookupTable::find(state) {
            Some(table) => Box::new(table?),
            None => state.as_estimator()?,
        };
        state.check_iterations()?;
        // From LightGBM 4.5 to 4.6 what holds its model takes such names over.
        let made_up =
            |it: &Vec<String>| estimator.blanks_are_underscores() && lightgbm::are_made_up(it);
        let names = feature_names(state).filter(|it| !made_up(it));
        let names = names.or_else(|| estimator.feature_names());
        Ok(Self {
            class: state.value().type_name(),
            version: state.optional("_sklearn_version").map(|_| state.version()),
            feature_names: names.filter(|it| it.len() == estimator.n_features_in()),
            estimator,
        })
    }

    /// Reads the network that `declaration` describes from the tensors in `graph`. A `scaler` was fitted on
    /// the features of one step: it goes before the network as the declaration says, and turns
    /// predictions back into units.
    ///
    /// # Errors
    /// A tensor that is missing, has another shape than its layer takes or is used by no layer; a layer
    /// that does not take what the one before it gives; a scaler for other features.
    pub fn network(
        graph: &Graph,
        declaration: &Declaration,
        scaler: Option<Arc<Model>>,
    ) -> Result<Self, ReadError> {
        Ok(Self {
            estimator: torch::read(graph, declaration, scaler)?,
            class: "torch.nn.Module".to_owned(),
            version: None,
            feature_names: None,
        })
    }

    /// The class at the root, as the file spells it.
    #[must_use]
    pub fn class(&self) -> &str {
        &self.class
    }

    /// The version of scikit-learn that wrote it, if the file says.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// What the user should know of the file: that it is newer than what Pythia was tested with.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        newer(self.version?)
    }

    /// The names of the columns it was trained on, if it was trained on a data frame.
    #[must_use]
    pub fn feature_names(&self) -> Option<&[String]> {
        self.feature_names.as_deref()
    }

    /// Number of columns it was trained on.
    #[must_use]
    pub fn n_features_in(&self) -> usize {
        self.estimator.n_features_in()
    }

    /// How each column is to be read.
    #[must_use]
    pub fn column_kinds(&self) -> Vec<ColumnKind> {
        self.estimator.column_kinds()
    }

    /// What it knows of each column from its training.
    #[must_use]
    pub fn column_hints(&self) -> Vec<ColumnHint> {
        self.estimator.column_hints()
    }

    /// Tells a model that takes any columns what those of the table are called.
    pub fn name_inputs(&mut self, names: &[String]) {
        self.estimator.name_inputs(names);
    }

    /// Whether [`Model::feature_names`] have `_` for each blank.
    #[must_use]
    pub fn blanks_are_underscores(&self) -> bool {
        self.estimator.blanks_are_underscores()
    }

    /// Whether [`name_inputs`](Self::name_inputs) changes what it does.
    #[must_use]
    pub fn takes_names(&self) -> bool {
        self.estimator.takes_names()
    }

    /// Whether more columns, or the same in another order, are fine.
    #[must_use]
    pub fn selects_by_name(&self) -> bool {
        self.estimator.selects_by_name()
    }

    /// Whether columns of other names are fine, if the caller chooses them.
    #[must_use]
    pub fn takes_other_names(&self) -> bool {
        self.estimator.takes_other_names()
    }

    /// What it can do.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        self.estimator.methods()
    }

    /// The class labels: one set, or one per output; none if it is not a classifier.
    #[must_use]
    pub fn classes(&self) -> &[Classes] {
        self.estimator.classes()
    }

    /// Runs a method.
    ///
    /// # Errors
    /// A method it does not have; data the Python class refuses.
    pub fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        self.estimator.call(method, input)
    }
}

/// `feature_names_in_`: a pipeline, a search and a frozen estimator have it from their first step, best
/// estimator and what is frozen.
fn feature_names(state: &State<'_>) -> Option<Vec<String>> {
    let mut at = state.clone();
    for _ in 0..64 {
        if let Some(names) = category_encoders::feature_names(&at) {
            return Some(names);
        }
        if let Some(names) = sklearn::feature_names(&at).ok()? {
            return Some(names);
        }
        let frozen = at.class().is_some_and(|it| it.name == "FrozenEstimator");
        at = at
            .optional(if frozen { "estimator" } else { "best_estimator_" })
            .or_else(|| at.list("steps").ok()?.first()?.as_list().ok()?.get(1).cloned())?;
    }
    None
}
