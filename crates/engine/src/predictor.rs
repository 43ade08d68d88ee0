//! A model with what is applied before it: encoders of single columns, then a scaler.

use std::sync::Arc;

use estimators::{
    Block, Column, ColumnHint, ColumnKind, DataError, Iterations, Method, Model, Output,
};
use storage::Location;

use crate::load::{load_encoders, load_model};
use crate::network::{Layers, load_network, read_layers};
use crate::{Category, Error, Settings};

/// Who may be out of time predicts so many rows before looking at the clock.
const ROWS_AT_A_TIME: usize = 512;

/// A model ready to predict, with the encoders and the scaler it was trained behind.
#[derive(Debug, Clone)]
pub struct Predictor {
    model: Arc<Model>,
    scaler: Option<Arc<Model>>,
    /// Encoders by the name of their column.
    encoders: Arc<[(String, Model)]>,
    /// For each input the encoder of its column.
    encoder_of: Vec<Option<usize>>,
    /// The shape of a row's numbers, where they are a network's window.
    window: Option<Arc<[usize]>>,
}

/// The files that make a predictor.
pub(crate) struct Files<'a> {
    pub(crate) model: &'a Location,
    /// The declaration of a network's layers.
    pub(crate) layers: Option<&'a Location>,
    pub(crate) iterations: Iterations,
    pub(crate) scaler: Option<&'a Location>,
    pub(crate) encoders: Option<&'a Location>,
}

impl Predictor {
    /// Loads a model or, where its layers are declared, a network.
    pub(crate) fn of(files: &Files<'_>, settings: &Settings) -> Result<Self, Error> {
        let Files { model, layers, iterations, scaler, encoders } = *files;
        let Some(layers) = layers else {
            return Self::load(model, iterations, scaler, encoders, settings);
        };
        if encoders.is_some() {
            let text = "A network takes no encoders: its inputs are numbers";
            return Err(Error::new(Category::Request, text));
        }
        Self::load_network(model, &read_layers(layers, settings)?, scaler, settings)
    }

    /// Loads a model, of which these iterations are to predict, and the scaler and encoders that go before
    /// it.
    ///
    /// # Errors
    /// As [`load_model`]; a scaler that cannot transform or has another number of columns.
    pub fn load(
        model: &Location,
        iterations: Iterations,
        scaler: Option<&Location>,
        encoders: Option<&Location>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        Self::around(load_model(model, iterations, settings)?, scaler, encoders, settings)
    }

    /// The scaler and encoders that go before a model that is loaded.
    ///
    /// # Errors
    /// As [`Predictor::load`].
    pub(crate) fn around(
        model: Arc<Model>,
        scaler: Option<&Location>,
        encoders: Option<&Location>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let scaler = scaler.map(|it| load_scaler(it, &model, settings)).transpose()?;
        let encoders = encoders.map(|it| load_encoders(it, settings)).transpose()?;
        let encoder_of = vec![None; model.n_features_in()];
        let encoders = encoders.unwrap_or_default().into();
        Ok(Self { model, scaler, encoders, encoder_of, window: None })
    }

    /// Loads a network whose layers are declared, and the scaler around it.
    ///
    /// # Errors
    /// As [`load_network`].
    pub fn load_network(
        model: &Location,
        layers: &Layers,
        scaler: Option<&Location>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let model = load_network(model, layers, scaler, settings)?;
        let encoder_of = vec![None; model.n_features_in()];
        let window = layers.window().map(Arc::from);
        Ok(Self { model, scaler: None, encoders: Arc::from([]), encoder_of, window })
    }

    /// Says which columns the inputs are, so that each finds its encoder,
    /// and the model what they are called.
    pub(crate) fn name_inputs(&mut self, names: &[String]) {
        let place = |name: &String| self.encoders.iter().position(|(column, _)| column == name);
        // Whoever takes names is not shared.
        if let Some(model) = Arc::get_mut(&mut self.model).filter(|_| self.scaler.is_none()) {
            model.name_inputs(names);
        }
        self.encoder_of = names.iter().map(place).collect();
    }

    /// The model itself.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Number of inputs; 0 for a transformer that takes rows of any width.
    #[must_use]
    pub fn n_features_in(&self) -> usize {
        self.model.n_features_in()
    }

    /// The shape of a row's numbers: a network's window, else as many as there are inputs.
    pub(crate) fn shape(&self) -> Vec<usize> {
        self.window.as_ref().map_or_else(|| vec![self.n_features_in()], |it| it.to_vec())
    }

    /// The columns it was trained on, if it knows them. Behind a scaler the scaler's names count.
    #[must_use]
    pub fn feature_names(&self) -> Option<&[String]> {
        self.scaler.as_ref().and_then(|it| it.feature_names()).or(self.model.feature_names())
    }

    /// Whether a name in the table is the model's with `_` for each blank.
    pub(crate) fn blanks_are_underscores(&self) -> bool {
        let scaler = self.scaler.as_ref().filter(|it| it.feature_names().is_some());
        scaler.unwrap_or(&self.model).blanks_are_underscores()
    }

    /// What the user should know of the files.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let models = [Some(&self.model), self.scaler.as_ref()];
        models.into_iter().flatten().filter_map(|it| it.warning()).collect()
    }

    /// Whether naming the columns changes what the model does: then it is not shared.
    pub(crate) fn takes_names(&self) -> bool {
        self.scaler.is_none() && self.model.takes_names()
    }

    pub(crate) fn selects_by_name(&self) -> bool {
        self.scaler.is_none() && self.model.selects_by_name()
    }

    /// Whether the model takes columns of other names, if the caller chooses them.
    pub(crate) fn takes_other_names(&self) -> bool {
        self.scaler.is_none() && self.model.takes_other_names()
    }

    /// The class's own name, for messages.
    pub(crate) fn class_name(&self) -> &str {
        self.model.class().rsplit('.').next().unwrap_or_default()
    }

    /// How each of `n_inputs` columns is to be read.
    pub(crate) fn column_kinds(&self, n_inputs: usize) -> Vec<ColumnKind> {
        let mut kinds = self.scaler.as_ref().unwrap_or(&self.model).column_kinds();
        if self.n_features_in() == 0 && kinds.len() != n_inputs {
            kinds = vec![ColumnKind::Number; n_inputs];
        }
        let kind = |(kind, encoder): (ColumnKind, &Option<usize>)| match encoder {
            Some(at) => self.encoders[*at].1.column_kinds().first().copied().unwrap_or(kind),
            None => kind,
        };
        kinds.into_iter().zip(&self.encoder_of).map(kind).collect()
    }

    /// What is known of each of `n_inputs` columns from training.
    pub(crate) fn column_hints(&self, n_inputs: usize) -> Vec<ColumnHint> {
        let mut hints = self.scaler.as_ref().unwrap_or(&self.model).column_hints();
        hints.resize(n_inputs, ColumnHint::default());
        for (hint, encoder) in hints.iter_mut().zip(&self.encoder_of) {
            if let Some((_, encoder)) = encoder.and_then(|it| self.encoders.get(it)) {
                *hint = encoder.column_hints().into_iter().next().unwrap_or_default();
            }
        }
        hints
    }

    /// Predicts the rows of `columns`, one per input.
    ///
    /// # Errors
    /// Rows that an encoder, the scaler or the model refuses.
    pub(crate) fn call(
        &self,
        method: Method,
        n_rows: usize,
        columns: Vec<Column>,
    ) -> Result<Output, DataError> {
        let block = self.block(n_rows, columns)?;
        self.model.call(method, block)
    }

    /// As [`call`](Self::call), some rows at a time; `None` if `has_time` says that there is none left.
    pub(crate) fn call_while(
        &self,
        has_time: &dyn Fn() -> bool,
        method: Method,
        n_rows: usize,
        columns: Vec<Column>,
    ) -> Result<Option<Output>, DataError> {
        let block = self.block(n_rows, columns)?;
        let mut parts = Vec::with_capacity(n_rows.div_ceil(ROWS_AT_A_TIME));
        for start in (0..n_rows).step_by(ROWS_AT_A_TIME) {
            if !has_time() {
                return Ok(None);
            }
            let rows = block.rows(start..n_rows.min(start + ROWS_AT_A_TIME));
            parts.push(self.model.call(method, rows).map_err(|err| err.after(start))?);
        }
        // Results whose type depends on the rows do not fit together: they are made at once.
        Output::vstack(parts).or_else(|_| self.model.call(method, block)).map(Some)
    }

    /// The rows as the model takes them.
    fn block(&self, n_rows: usize, mut columns: Vec<Column>) -> Result<Block, DataError> {
        for (index, encoder) in self.encoder_of.iter().enumerate() {
            let Some(encoder) = encoder.and_then(|it| self.encoders.get(it)) else { continue };
            if let Some(column) = columns.get_mut(index) {
                *column = encode(&encoder.1, n_rows, column.clone())
                    .map_err(|err| err.in_column(|_| Some(index)))?;
            }
        }
        let mut block = Block::of_columns(n_rows, columns)?;
        if let Some(scaler) = &self.scaler {
            block = scaler.call(Method::Transform, block)?.into_block()?;
        }
        Ok(block)
    }
}

fn load_scaler(
    location: &Location,
    model: &Model,
    settings: &Settings,
) -> Result<Arc<Model>, Error> {
    let scaler = load_model(location, Iterations::default(), settings)?;
    let refuse = |text: String| {
        let name = location.file_name();
        Err(Error::new(Category::Model, format!("Failed to load model: {name}: {text}")))
    };
    if !scaler.methods().contains(&Method::Transform) {
        return refuse(format!("a {} is no scaler: it has no transform", scaler.class()));
    }
    let (given, taken) = (scaler.n_features_in(), model.n_features_in());
    if given != taken {
        return refuse(format!("the scaler is for {given} columns, the model for {taken}"));
    }
    Ok(scaler)
}

fn encode(encoder: &Model, n_rows: usize, column: Column) -> Result<Column, DataError> {
    let output = encoder.call(Method::Transform, Block::of_columns(n_rows, vec![column])?)?;
    Ok(output.into_block()?.column(0).into_owned())
}
