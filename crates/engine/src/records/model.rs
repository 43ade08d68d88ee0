//! A model for rows in memory.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use estimators::{Column, DataError, Iterations, Method};
use serde_json::{Map, Value, json};
use storage::Location;

use super::Columns;
use super::aligned::Aligned;
use super::answers::Answers;
use super::inputs::{Input, InputKind};
use super::window::Window;
use crate::align::align;
use crate::columns::{names, written};
use crate::load::load_part;
use crate::predictor::Files;
use crate::stream::method;
use crate::{Category, Error, Predictor, Settings};

/// So many orders of columns are kept: callers mostly send one.
const KEPT: usize = 8;
/// So long an example is tried.
const PATIENCE: Duration = Duration::from_secs(1);
/// So many inputs are tried one by one.
const MOST_TRIED: usize = 100;

/// Which files make a model, and how it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowInputs {
    /// The model.
    pub model: Location,
    /// The key under which the file, a pickled dict, holds the model.
    pub part: Option<String>,
    /// The declaration of the layers, if the model is the tensors of a network (docs/networks.md).
    pub layers: Option<Location>,
    /// A transformer to apply to the features first.
    pub scaler: Option<Location>,
    /// A pickled dict of column -> encoder to apply before that.
    pub encoders: Option<Location>,
    /// The columns that feed the model, in its order. `None`: those the model knows.
    pub features: Option<Vec<String>>,
    /// The one column that feeds the model: in each cell a JSON list of all numbers of the row.
    pub window: Option<String>,
    /// The method; `None`: `predict`, or `transform` where there is no `predict`.
    pub method: Option<Method>,
    /// What the column of answers is called, or those of several begin with.
    pub output: String,
}

impl RowInputs {
    /// What people call it: the file's name, and the part of the file.
    #[must_use]
    pub fn label(&self) -> String {
        let file = self.model.file_name();
        self.part.as_ref().map_or_else(|| file.clone(), |part| format!("{part} of {file}"))
    }

    /// A model alone.
    #[must_use]
    pub fn of_model(model: Location) -> Self {
        Self {
            model,
            part: None,
            layers: None,
            scaler: None,
            encoders: None,
            features: None,
            window: None,
            method: None,
            output: "prediction".to_owned(),
        }
    }
}

/// A model ready for rows in memory; any number of threads may ask it.
#[derive(Debug)]
pub struct RowModel {
    inputs: RowInputs,
    settings: Settings,
    predictor: Predictor,
    method: Method,
    /// The names it asks for, if it knows them.
    names: Option<Vec<String>>,
    /// Where its rows are lists of numbers.
    window: Option<Window>,
    described: Vec<Input>,
    example: OnceLock<Map<String, Value>>,
    may_be_missing: OnceLock<Vec<bool>>,
    aligned: RwLock<Vec<Arc<Aligned>>>,
}

/// What a model is, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its Python class.
    pub class: String,
    /// The version of scikit-learn that wrote it, if the file says.
    pub version: Option<String>,
    /// How many columns it was trained on; 0 if it takes any number.
    pub n_features: usize,
    /// The class labels, one list per output; none if it is no classifier.
    pub classes: Vec<Vec<String>>,
    /// The method that is asked.
    pub method: Method,
    /// All it has.
    pub methods: Vec<Method>,
    /// What the user should know of the file.
    pub warnings: Vec<String>,
}

impl RowModel {
    /// Loads a model and what goes before it.
    ///
    /// # Errors
    /// As [`Predictor::load`]; a method it does not have; `features` that are not its own; a window for a model that
    /// takes none.
    pub fn load(inputs: &RowInputs, settings: &Settings) -> Result<Self, Error> {
        let mut predictor = load(inputs, settings)?;
        let method = method(inputs.method, &predictor)?;
        let window = inputs.window.as_ref().map(|it| Window::new(it, &predictor)).transpose()?;
        let (names, described) = match &window {
            Some(it) => (inputs.window.clone().map(|it| vec![it]), vec![it.input()]),
            None => named(inputs, &mut predictor)?,
        };
        let (inputs, settings) = (inputs.clone(), settings.clone());
        Ok(Self {
            inputs,
            settings,
            predictor,
            method,
            names,
            window,
            described,
            example: OnceLock::new(),
            may_be_missing: OnceLock::new(),
            aligned: RwLock::default(),
        })
    }

    /// The columns it takes.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.described
    }

    /// A record that it answers, if one is found: of its inputs' examples, else of ones or halves where it knows nothing.
    #[must_use]
    pub fn example(&self) -> &Map<String, Value> {
        self.example.get_or_init(|| {
            let record = |unknown: f64| {
                let value = |it: &Input| match it.kind {
                    InputKind::Number if it.categories.is_empty() && it.typical.is_none() => {
                        json!(unknown)
                    }
                    _ => it.example(),
                };
                if self.described.is_empty() {
                    // It was not trained on any number of columns.
                    return Map::from_iter([("0".to_owned(), json!(1.0))]);
                }
                self.described.iter().map(|it| (it.name.clone(), value(it))).collect()
            };
            let is_answered = |it: &Map<String, Value>| {
                let columns = Columns::of_records("records", &[Value::Object(it.clone())]);
                let soon = Some(Instant::now() + PATIENCE);
                columns.and_then(|it| self.predict_until(soon, &it, None)).is_ok()
            };
            [0.0, 1.0, 0.5].map(record).into_iter().find(is_answered).unwrap_or_else(|| record(0.0))
        })
    }

    /// For each input whether the example is answered without it. Nothing is said of inputs after the first hundred.
    pub(crate) fn may_be_missing(&self) -> &[bool] {
        self.may_be_missing.get_or_init(|| {
            let end = Instant::now() + PATIENCE;
            let is_answered = |lacking: &dyn Fn(usize) -> bool| {
                let mut record = self.example().clone();
                let values = record.values_mut().enumerate().filter(|(at, _)| lacking(*at));
                values.for_each(|(_, it)| *it = Value::Null);
                let columns = Columns::of_records("records", &[Value::Object(record)]);
                columns.and_then(|it| self.predict_until(Some(end), &it, None)).is_ok()
            };
            let n = self.described.len();
            if is_answered(&|_| true) {
                return vec![true; n];
            }
            (0..n.min(MOST_TRIED)).map(|lacking| is_answered(&|at| at == lacking)).collect()
        })
    }

    /// Whether it finds its columns by name; else it takes as many as it was trained on, in their order.
    #[must_use]
    pub fn knows_names(&self) -> bool {
        self.names.is_some()
    }

    /// The method that is asked if the caller names none.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// The methods it has.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        self.predictor.model().methods()
    }

    /// What it was loaded from.
    #[must_use]
    pub fn source(&self) -> &RowInputs {
        &self.inputs
    }

    /// What it is.
    #[must_use]
    pub fn card(&self) -> Card {
        let model = self.predictor.model();
        Card {
            class: model.class().to_owned(),
            version: model.version().map(|it| it.to_string()),
            n_features: self.predictor.n_features_in(),
            classes: model.classes().iter().map(estimators::Classes::names).collect(),
            method: self.method,
            methods: self.methods().to_vec(),
            warnings: self.predictor.warnings(),
        }
    }

    /// Predicts rows, with `method` or the model's own.
    ///
    /// # Errors
    /// Columns that are missing; cells that are not what the model takes, all of them; a row that the model refuses;
    /// no rows; a method it does not have.
    pub fn predict(&self, columns: &Columns, method: Option<Method>) -> Result<Answers, Error> {
        self.predict_until(None, columns, method)
    }

    /// As [`predict`](Self::predict), but given up at `deadline`.
    ///
    /// # Errors
    /// As [`predict`](Self::predict); the time is over ([`Category::Late`]).
    pub fn predict_until(
        &self,
        deadline: Option<Instant>,
        columns: &Columns,
        method: Option<Method>,
    ) -> Result<Answers, Error> {
        if columns.n_rows() == 0 {
            return Err(Error::new(Category::Data, "Input data is empty"));
        }
        let method = match method {
            Some(asked) => crate::stream::method(Some(asked), &self.predictor)?,
            None => self.method,
        };
        if let Some(window) = &self.window {
            let refused = |err: DataError| {
                let name = err.column.map(|it| window.place(it));
                let place = columns.place(err.row, name.as_deref());
                Error::new(Category::Data, format!("{place}: {}", err.text))
            };
            let rows = window.numbers(columns)?;
            let n_rows = columns.n_rows();
            let found = self.answers(&self.predictor, method, n_rows, rows, deadline, &refused)?;
            return window.answered(columns, found);
        }
        let aligned = self.aligned(columns.names())?;
        let refused = |err: DataError| aligned.refused(&err, columns);
        let rows = aligned.inputs(columns)?;
        self.answers(&aligned.predictor, method, columns.n_rows(), rows, deadline, &refused)
    }

    /// Whether the model has its columns, with cells of their kinds.
    ///
    /// # Errors
    /// Columns that are missing; cells that are not what the model takes, all of them.
    pub(crate) fn check_cells(&self, columns: &Columns) -> Result<(), Error> {
        match &self.window {
            Some(window) => window.numbers(columns).map(drop),
            None => self.aligned(columns.names())?.inputs(columns).map(drop),
        }
    }

    fn answers(
        &self,
        predictor: &Predictor,
        method: Method,
        n_rows: usize,
        rows: Vec<Column>,
        deadline: Option<Instant>,
        refused: &dyn Fn(DataError) -> Error,
    ) -> Result<Answers, Error> {
        let output = match deadline {
            None => Some(predictor.call(method, n_rows, rows).map_err(refused)?),
            Some(end) => {
                let has_time = || Instant::now() < end;
                predictor.call_while(&has_time, method, n_rows, rows).map_err(refused)?
            }
        };
        let output = output.ok_or_else(|| Error::late("the model"))?;
        let names = names(&self.inputs.output, method, self.predictor.model(), &output)
            .map_err(|text| Error::new(Category::Request, text))?;
        Ok(Answers::new(names, written(output).map_err(refused)?, n_rows))
    }

    pub(super) fn predictor(&self) -> &Predictor {
        &self.predictor
    }

    /// A predictor for a table of any names. One that is told other names each time is nobody else's.
    pub(super) fn own_predictor(&self) -> Result<Predictor, Error> {
        let is_own = self.names.is_none() && self.predictor.takes_names();
        if is_own { load(&self.inputs, &self.settings) } else { Ok(self.predictor.clone()) }
    }

    /// Which of the columns feed the model, if that is told by names: a model without names has the ones that its card gives it.
    fn features_of(&self, header: &[String]) -> Result<Option<Vec<String>>, Error> {
        let n = self.predictor.n_features_in();
        if self.names.is_some() || self.inputs.features.is_some() || n == 0 {
            return Ok(self.inputs.features.clone());
        }
        let own = numbered(n);
        if own.iter().all(|it| header.contains(it)) {
            return Ok(Some(own));
        }
        if header.len() == n {
            return Ok(None);
        }
        let text = format!(
            "The model takes {n} columns and does not know their names; there are {}: {}. \
             Give rows as lists of {n}, or name the columns 0 to {}",
            header.len(),
            header.join(", "),
            n - 1
        );
        Err(Error::new(Category::Data, text))
    }

    fn aligned(&self, header: &[String]) -> Result<Arc<Aligned>, Error> {
        let kept = self.aligned.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.iter().find(|it| it.header == header) {
            return Ok(Arc::clone(found));
        }
        drop(kept);
        let features = self.features_of(header)?;
        let found = Arc::new(Aligned::new(header, features.as_deref(), self.own_predictor()?)?);
        let mut kept = self.aligned.write().unwrap_or_else(PoisonError::into_inner);
        if KEPT <= kept.len() {
            kept.remove(0);
        }
        kept.push(Arc::clone(&found));
        Ok(found)
    }
}

/// What the inputs of a model without names are called.
fn numbered(n: usize) -> Vec<String> {
    (0..n).map(|it| it.to_string()).collect()
}

/// The names that a model asks for, if it knows them, and what it takes.
fn named(
    inputs: &RowInputs,
    predictor: &mut Predictor,
) -> Result<(Option<Vec<String>>, Vec<Input>), Error> {
    let names =
        inputs.features.clone().or_else(|| predictor.feature_names().map(<[String]>::to_vec));
    let names = match &names {
        Some(all) => Some(align(all, inputs.features.as_deref(), predictor)?.names),
        None => None,
    };
    let all = names.clone().unwrap_or_else(|| numbered(predictor.n_features_in()));
    let described = super::inputs::inputs(&all, predictor, names.is_some());
    Ok((names, described))
}

fn load(inputs: &RowInputs, settings: &Settings) -> Result<Predictor, Error> {
    let (scaler, encoders) = (inputs.scaler.as_ref(), inputs.encoders.as_ref());
    if let Some(key) = &inputs.part {
        let model = load_part(&inputs.model, key, settings)?;
        return Predictor::around(model, scaler, encoders, settings);
    }
    let (model, layers) = (&inputs.model, inputs.layers.as_ref());
    let files = Files { model, layers, iterations: Iterations::default(), scaler, encoders };
    Predictor::of(&files, settings)
}
