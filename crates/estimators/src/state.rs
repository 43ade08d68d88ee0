//! Typed access to the attributes of one Python object.
//!
//! Every accessor names the Python attribute once, checks type and shape, and puts the path of the
//! attribute into its error. The work of reading is bounded: nesting by [`MAX_DEPTH`], copies by a
//! budget that all states of one model share, so that a file cannot make a few shared objects into
//! an endless tree.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;

use object_graph::{Array, Class, Kind, Scalar, Value};

use crate::class::{Estimator, find};
use crate::custom::{CustomClasses, StandIn};
use crate::refusals::{no_estimator, unknown_class};
use crate::sklearn::elementwise;
use crate::{Classes, Factor, Iterations, Matrix, ProblemKind, ReadError, Version, numpy};

/// How deep estimators may stand in one another.
const MAX_DEPTH: usize = 64;
/// How often a prediction may repeat a step on one row; the defaults of scikit-learn are 1,000 at most.
const MOST_ITERATIONS: usize = 1_000_000;

/// The attributes of one object, and where that object stands in the graph.
#[derive(Clone)]
pub struct State<'g> {
    value: Value<'g>,
    path: String,
    version: Option<Version>,
    depth: usize,
    /// The iterations that are to predict, if this is the object to choose them.
    pub(crate) iterations: Option<Iterations>,
    pub(crate) shared: Rc<Shared>,
}

/// What all states of one model share.
pub(crate) struct Shared {
    /// The bytes that reading may still copy.
    budget: Cell<u64>,
    custom: CustomClasses,
    numpy: OnceCell<Option<u16>>,
    /// Whether an object has chosen its iterations.
    pub(crate) has_chosen: Cell<bool>,
}

impl<'g> State<'g> {
    /// The state of a graph's root; `budget` bounds the bytes that reading may copy, and `custom` says
    /// what stands in for classes of the user's own.
    #[must_use]
    pub fn root(value: Value<'g>, budget: u64, custom: &CustomClasses) -> Self {
        let version = own_version(value);
        let (budget, custom) = (Cell::new(budget), custom.clone());
        let (numpy, has_chosen) = (OnceCell::new(), Cell::new(false));
        let shared = Rc::new(Shared { budget, custom, numpy, has_chosen });
        Self { value, path: "$".to_owned(), version, depth: 0, iterations: None, shared }
    }

    /// The object itself.
    #[must_use]
    pub fn value(&self) -> Value<'g> {
        self.value
    }

    /// Where it stands, e.g. `$.steps[1]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The version of scikit-learn that wrote the object: its own, or that of what holds it. A file
    /// without any was written before 0.18 kept it.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version.unwrap_or(Version::new(0, 17))
    }

    /// The major version of numpy that wrote the file, if it tells.
    pub(crate) fn numpy_major(&self) -> Option<u16> {
        *self.shared.numpy.get_or_init(|| numpy::major(self.value.graph()))
    }

    /// The object's class.
    #[must_use]
    pub fn class(&self) -> Option<Class<'g>> {
        self.value.as_object().and_then(object_graph::Object::class)
    }

    /// Whether the attribute is there and not `None`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.optional(name).is_some()
    }

    /// The attribute, unless it is absent or `None`.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<State<'g>> {
        let value = self.value.attribute(name).filter(|it| !it.is_none())?;
        Some(self.step(value, &format!(".{name}")))
    }

    /// The attribute, whatever it is.
    pub fn get(&self, name: &str) -> Result<State<'g>, ReadError> {
        match self.value.attribute(name) {
            Some(value) => Ok(self.step(value, &format!(".{name}"))),
            None if name.ends_with('_') => Err(self.error(
                ProblemKind::NotFitted,
                format!("has no {name}: the model was saved before it was fitted"),
            )),
            None => Err(self.invalid(format!("has no attribute {name}"))),
        }
    }

    /// The object itself as a float.
    pub fn as_float(&self) -> Result<f64, ReadError> {
        self.value.as_f64().ok_or_else(|| self.wrong("a number"))
    }

    /// The object itself as text.
    pub fn as_text(&self) -> Result<&'g str, ReadError> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    /// A float.
    pub fn float(&self, name: &str) -> Result<f64, ReadError> {
        self.get(name)?.as_float()
    }

    /// A float that older versions did not store, or stored as `None`.
    pub fn float_or(&self, name: &str, default: f64) -> Result<f64, ReadError> {
        self.optional(name).map_or(Ok(default), |it| it.as_float())
    }

    /// An integer.
    pub fn int(&self, name: &str) -> Result<i64, ReadError> {
        let it = self.get(name)?;
        it.value.as_i64().ok_or_else(|| it.wrong("an integer"))
    }

    /// A number of things: an integer from 0.
    pub fn count(&self, name: &str) -> Result<usize, ReadError> {
        let it = self.get(name)?;
        let count = it.value.as_i64().and_then(|it| usize::try_from(it).ok());
        count.ok_or_else(|| it.wrong("an integer from 0"))
    }

    /// How often a prediction may repeat a step on a row: at most 1,000,000, so that no file makes it endless.
    pub fn iterations(&self, name: &str) -> Result<usize, ReadError> {
        match self.count(name)? {
            it if it <= MOST_ITERATIONS => Ok(it),
            it => {
                let text =
                    format!("is {it}, and no row gets more than {MOST_ITERATIONS} iterations");
                Err(self.get(name)?.unsupported(text))
            }
        }
    }

    /// A number of columns that no array confirms: it is charged, so that none is too large.
    pub fn width(&self, name: &str) -> Result<usize, ReadError> {
        let width = self.count(name)?;
        self.charge(width.saturating_mul(64))?;
        Ok(width)
    }

    /// A flag.
    pub fn flag(&self, name: &str) -> Result<bool, ReadError> {
        let it = self.get(name)?;
        it.as_flag()
    }

    /// A flag that older versions did not store; `default` is what they meant.
    pub fn flag_or(&self, name: &str, default: bool) -> Result<bool, ReadError> {
        self.optional(name).map_or(Ok(default), |it| it.as_flag())
    }

    fn as_flag(&self) -> Result<bool, ReadError> {
        match self.value.as_i64() {
            Some(0) => Ok(false),
            Some(1) => Ok(true),
            _ => self.value.as_bool().ok_or_else(|| self.wrong("True or False")),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<&'g str, ReadError> {
        self.get(name)?.as_text()
    }

    /// A text that older versions did not store, or stored as `None`.
    pub fn text_or(&self, name: &str, default: &'g str) -> Result<&'g str, ReadError> {
        self.optional(name).map_or(Ok(default), |it| it.as_text())
    }

    /// Numbers of an array of any shape, or of a list or tuple of numbers, in C order.
    pub fn as_floats(&self) -> Result<Vec<f64>, ReadError> {
        let wrong = || self.wrong("an array of numbers");
        match self.value.kind() {
            Kind::Array(it) => {
                self.charge(it.len().saturating_mul(8))?;
                it.to_f64(self.value.graph()).map_or_else(|| self.object_floats(it), Ok)
            }
            Kind::List(items) | Kind::Tuple(items) => {
                self.charge(items.len().saturating_mul(8))?;
                items.map(|it| it.as_f64().ok_or_else(wrong)).collect()
            }
            _ => Err(wrong()),
        }
    }

    fn object_floats(&self, array: &Array) -> Result<Vec<f64>, ReadError> {
        let wrong = || self.wrong("an array of numbers");
        let ids = array.objects(self.value.graph()).ok_or_else(wrong)?;
        let float = |id| match self.value.at(id).kind() {
            Kind::None => Ok(f64::NAN),
            _ => self.value.at(id).as_f64().ok_or_else(wrong),
        };
        let stored: Result<Vec<f64>, ReadError> = ids.iter().map(|&id| float(id)).collect();
        Ok(array.in_c_order(stored?))
    }

    /// Numbers: an array of any shape in C order.
    pub fn floats(&self, name: &str) -> Result<Vec<f64>, ReadError> {
        self.get(name)?.as_floats()
    }

    /// Exactly `len` numbers.
    pub fn floats_len(&self, name: &str, len: usize) -> Result<Vec<f64>, ReadError> {
        let it = self.get(name)?;
        let floats = it.as_floats()?;
        if floats.len() != len {
            return Err(it.invalid(format!("has {} values, expected {len}", floats.len())));
        }
        Ok(floats)
    }

    /// Integers: an array of any shape in C order, or a list.
    pub fn as_ints(&self) -> Result<Vec<i64>, ReadError> {
        let wrong = || self.wrong("an array of integers");
        match self.value.kind() {
            Kind::Array(it) => {
                self.charge(it.len().saturating_mul(8))?;
                match it.objects(self.value.graph()) {
                    Some(ids) => {
                        ids.iter().map(|&id| self.value.at(id).as_i64().ok_or_else(wrong)).collect()
                    }
                    None => it.to_i64(self.value.graph()).ok_or_else(wrong),
                }
            }
            Kind::List(items) | Kind::Tuple(items) => {
                self.charge(items.len().saturating_mul(8))?;
                items.map(|it| it.as_i64().ok_or_else(wrong)).collect()
            }
            _ => Err(wrong()),
        }
    }

    /// Integers: an array of any shape in C order, or a list.
    pub fn ints(&self, name: &str) -> Result<Vec<i64>, ReadError> {
        self.get(name)?.as_ints()
    }

    /// Texts: an array of text or of text objects, a list of texts or a pandas index.
    pub fn as_texts(&self) -> Result<Vec<String>, ReadError> {
        let wrong = || self.wrong("texts");
        if let Kind::Index(it) = self.value.kind() {
            let values = self.step(self.value.at(it.values), ".values");
            return if MAX_DEPTH < self.depth { Err(wrong()) } else { values.as_texts() };
        }
        if let Kind::Array(it) = self.value.kind()
            && it.dtype.scalar == Scalar::Unicode
        {
            self.charge(it.len().saturating_mul(it.dtype.itemsize.max(24)))?;
            return it.to_text(self.value.graph()).ok_or_else(wrong);
        }
        let items = self.value.items().ok_or_else(wrong)?;
        let texts = items.map(|it| {
            let text = it.as_str().ok_or_else(wrong)?;
            self.charge(text.len().saturating_add(24))?;
            Ok(text.to_owned())
        });
        texts.collect()
    }

    /// Texts: an array of text or of text objects, or a list of texts.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, ReadError> {
        self.get(name)?.as_texts()
    }

    /// The object itself as a matrix; an array of one dimension is one row.
    pub fn as_matrix(&self) -> Result<Matrix, ReadError> {
        let array = self.value.as_array().ok_or_else(|| self.wrong("a matrix of numbers"))?;
        let (n_rows, n_cols) = match *array.shape {
            [n_cols] => (1, n_cols),
            [n_rows, n_cols] => (n_rows, n_cols),
            _ => return Err(self.wrong("a matrix of numbers")),
        };
        Ok(Matrix { n_rows, n_cols, data: self.as_floats()? })
    }

    /// A matrix; an array of one dimension is one row.
    pub fn matrix(&self, name: &str) -> Result<Matrix, ReadError> {
        self.get(name)?.as_matrix()
    }

    /// A matrix of exactly this shape.
    pub fn matrix_of(&self, name: &str, n_rows: usize, n_cols: usize) -> Result<Matrix, ReadError> {
        let it = self.get(name)?;
        let matrix = it.as_matrix()?;
        if (matrix.n_rows, matrix.n_cols) != (n_rows, n_cols) {
            let (rows, cols) = (matrix.n_rows, matrix.n_cols);
            return Err(
                it.invalid(format!("has shape ({rows}, {cols}), expected ({n_rows}, {n_cols})"))
            );
        }
        Ok(matrix)
    }

    /// The array, with its dtype and shape.
    pub fn array(&self, name: &str) -> Result<&'g Array, ReadError> {
        let it = self.get(name)?;
        it.value.as_array().ok_or_else(|| it.wrong("an array"))
    }

    /// The items of a list, tuple or object array of one dimension, each with its path.
    pub fn as_list(&self) -> Result<Vec<State<'g>>, ReadError> {
        let items = self.value.items().ok_or_else(|| self.wrong("a list"))?;
        self.charge(items.len().saturating_mul(size_of::<Self>()))?;
        Ok(items.enumerate().map(|(i, it)| self.step(it, &format!("[{i}]"))).collect())
    }

    /// The items of a list, tuple or object array of one dimension.
    pub fn list(&self, name: &str) -> Result<Vec<State<'g>>, ReadError> {
        self.get(name)?.as_list()
    }

    /// The object itself as class labels: an array of integers, floats, booleans or texts.
    pub fn as_classes(&self) -> Result<Classes, ReadError> {
        let wrong = || self.wrong("an array of class labels (int, float, bool or str)");
        let array = self.value.as_array().ok_or_else(wrong)?;
        match array.dtype.scalar {
            Scalar::Bool => Ok(Classes::Bool(self.as_ints()?.iter().map(|&it| it != 0).collect())),
            Scalar::Int | Scalar::UInt => Ok(Classes::Int(self.as_ints()?.into())),
            Scalar::Float => Ok(Classes::Float(self.as_floats()?.into())),
            Scalar::Unicode => Ok(Classes::Text(self.as_texts()?.into())),
            Scalar::Object => self.object_classes(),
            _ => Err(wrong()),
        }
    }

    fn object_classes(&self) -> Result<Classes, ReadError> {
        let items: Vec<Value<'g>> =
            self.value.items().ok_or_else(|| self.wrong("class labels"))?.collect();
        if items.iter().all(|it| it.as_str().is_some()) {
            return Ok(Classes::Text(self.as_texts()?.into()));
        }
        let bools: Option<Arc<[bool]>> = items.iter().map(|it| it.as_bool()).collect();
        if let Some(bools) = bools {
            return Ok(Classes::Bool(bools));
        }
        if items.iter().all(|it| it.as_i64().is_some()) {
            return Ok(Classes::Int(self.as_ints()?.into()));
        }
        Ok(Classes::Float(self.as_floats()?.into()))
    }

    /// Class labels.
    pub fn classes(&self, name: &str) -> Result<Classes, ReadError> {
        self.get(name)?.as_classes()
    }

    /// The object itself as an estimator of a class in the registry.
    pub fn as_estimator(&self) -> Result<Box<dyn Estimator>, ReadError> {
        if MAX_DEPTH < self.depth {
            return Err(self.invalid(format!("is nested more than {MAX_DEPTH} objects deep")));
        }
        self.charge(256)?;
        let class = self.class().ok_or_else(|| no_estimator(self))?;
        let path = class.to_string();
        if let Some(StandIn::Functions(it)) = self.stand_in(&path) {
            return elementwise(self, it.clone());
        }
        let spec = match self.stand_in(&path) {
            Some(StandIn::Class(spec)) => Some(*spec),
            _ => find(&path),
        };
        match spec {
            Some(spec) => {
                let estimator = (spec.read)(self)?;
                self.check_iterations()?;
                Ok(estimator)
            }
            None => Err(self.error(ProblemKind::Unsupported, unknown_class(&path))),
        }
    }

    /// What the user says stands in for the class or function at an import path.
    pub(crate) fn stand_in(&self, path: &str) -> Option<&StandIn> {
        self.shared.custom.get(path)
    }

    /// The factor of a part's columns in `transformer_weights`.
    pub fn weight(&self, part: &str) -> Result<Option<Factor>, ReadError> {
        let Some(weights) = self.optional("transformer_weights") else { return Ok(None) };
        let weight = weights.value.get(part).filter(|it| !it.is_none());
        let factor = |it: Value<'g>| match it.kind() {
            Kind::Int(it) => Ok(Factor::Int(it)),
            _ => weights.step(it, &format!("[{part:?}]")).as_float().map(Factor::Float),
        };
        weight.map(factor).transpose()
    }

    /// The estimator in an attribute.
    pub fn estimator(&self, name: &str) -> Result<Box<dyn Estimator>, ReadError> {
        self.get(name)?.as_estimator()
    }

    /// A place inside the object, for items the accessors above do not reach.
    #[must_use]
    pub fn step(&self, value: Value<'g>, step: &str) -> State<'g> {
        State {
            value,
            path: format!("{}{step}", self.path),
            version: own_version(value).or(self.version),
            depth: self.depth + 1,
            iterations: None,
            shared: Rc::clone(&self.shared),
        }
    }

    /// `n_features_in_`, or what versions before 0.24 let the shape of another attribute say.
    pub fn n_features_in(&self, by_shape: usize) -> Result<usize, ReadError> {
        let Some(found) = self.optional("n_features_in_") else { return Ok(by_shape) };
        match self.count("n_features_in_")? {
            it if it == by_shape => Ok(it),
            it => {
                Err(found.invalid(format!("is {it}, but the other attributes are for {by_shape}")))
            }
        }
    }

    /// An error about the object itself: wrong type.
    #[must_use]
    pub fn wrong(&self, expected: &str) -> ReadError {
        self.invalid(format!("is {}, expected {expected}", self.value.type_name()))
    }

    /// An error about the object itself: the file contradicts itself.
    #[must_use]
    pub fn invalid(&self, text: impl Into<String>) -> ReadError {
        self.error(ProblemKind::Invalid, text)
    }

    /// An error about the object itself: a value that Pythia does not know.
    #[must_use]
    pub fn unsupported(&self, text: impl Into<String>) -> ReadError {
        self.error(ProblemKind::Unsupported, text)
    }

    /// An error about what the caller chose.
    pub(crate) fn choice(&self, text: impl Into<String>) -> ReadError {
        self.error(ProblemKind::Choice, text)
    }

    fn error(&self, kind: ProblemKind, text: impl Into<String>) -> ReadError {
        ReadError::new(&self.path, kind, text)
    }

    /// Charges the budget for bytes that are about to be copied.
    pub fn charge(&self, bytes: usize) -> Result<(), ReadError> {
        match self.shared.budget.get().checked_sub(bytes as u64) {
            Some(left) => {
                self.shared.budget.set(left);
                Ok(())
            }
            None => Err(self.invalid("makes the model larger than the file it comes from allows")),
        }
    }
}

fn own_version(value: Value<'_>) -> Option<Version> {
    Version::parse(value.attribute("_sklearn_version")?.as_str()?)
}
