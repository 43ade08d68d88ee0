//! The tensors of a file by name, each to be used once.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use object_graph::{Array, Graph, Scalar, Tag, Value};

use crate::{CustomClasses, Model, ProblemKind, ReadError, State};

/// Modules in modules, at most.
const DEEPEST: usize = 64;
/// More names are not listed in a message.
const LISTED: usize = 12;

/// A tensor in a file, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorOutline {
    /// Its name, behind the key of the state dict if it is not at the root.
    pub name: String,
    /// Its axes.
    pub shape: Vec<usize>,
    /// `float32`, …
    pub dtype: String,
}

/// The tensors in a file of PyTorch's or safetensors', in the order of the file; none if it holds something else.
#[must_use]
pub fn tensors(graph: &Graph) -> Vec<TensorOutline> {
    let state = State::root(graph.root(), Model::budget(graph), &CustomClasses::default());
    let outline = |prefix: &str, (name, value): &(String, Value<'_>)| {
        let array = value.as_array()?;
        let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}: {name}") };
        Some(TensorOutline { name, shape: array.shape.to_vec(), dtype: array.dtype.to_string() })
    };
    let holders = holders(&state);
    let all = holders.iter().filter_map(|(key, holder)| Some((key, named(holder).ok()?)));
    all.flat_map(|(key, named)| named.iter().filter_map(|it| outline(key, it)).collect::<Vec<_>>())
        .collect()
}

/// The tensors of one state dict.
pub(super) struct Tensors<'g> {
    path: String,
    values: BTreeMap<String, Value<'g>>,
    used: RefCell<BTreeSet<String>>,
}

/// A tensor as `f32`, in row-major order.
pub(super) struct Tensor {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f32>,
}

/// Finds the state dict: at the root, under the key `weights`, or the only one in a checkpoint.
pub(super) fn find<'g>(state: &State<'g>, weights: Option<&str>) -> Result<Tensors<'g>, ReadError> {
    let mut holders = holders(state);
    if let Some(key) = weights {
        holders.retain(|(it, _)| it == key);
        if holders.is_empty() {
            return Err(state.invalid(format!("has no state dict under the key {key:?}")));
        }
    }
    match holders.as_slice() {
        [(_, holder)] => Tensors::new(holder),
        [] => Err(state.wrong("a state dict: names and tensors")),
        many => {
            let keys: Vec<&str> = many.iter().map(|(key, _)| key.as_str()).collect();
            let keys = keys.join(", ");
            Err(state.invalid(format!(
                "holds several state dicts: {keys}; say which: weights = \"{}\"",
                many[0].0
            )))
        }
    }
}

/// The state dicts and modules in a file: entries of a checkpoint, or the root with an empty key. A
/// checkpoint may hold arrays of its own beside them.
fn holders<'g>(state: &State<'g>) -> Vec<(String, State<'g>)> {
    let mut found = Vec::new();
    for (key, value) in state.value().entries().into_iter().flatten() {
        let Some(key) = key.as_str().filter(|_| holds_tensors(value)) else { continue };
        found.push((key.to_owned(), state.step(value, &format!("[{key:?}]"))));
    }
    if found.is_empty() && holds_tensors(state.value()) {
        found.push((String::new(), state.clone()));
    }
    found
}

/// Whether a dict is a state dict, all tensors by name, or a checkpoint that holds one.
pub(crate) fn is_state_dict(value: Value<'_>) -> bool {
    let is_all = |it: Value<'_>| {
        let mut entries = it.entries().into_iter().flatten().peekable();
        it.tag() == Tag::Dict
            && entries.peek().is_some()
            && entries.all(|(key, it)| key.tag() == Tag::Text && is_tensor(it))
    };
    is_all(value) || value.entries().into_iter().flatten().any(|(_, it)| is_all(it))
}

fn holds_tensors(value: Value<'_>) -> bool {
    if value.tag() != Tag::Dict {
        return value.attribute("_modules").is_some();
    }
    value.entries().into_iter().flatten().any(|(key, it)| key.tag() == Tag::Text && is_tensor(it))
}

/// Also one that could not be decoded, so that it is named if it is needed.
fn is_tensor(value: Value<'_>) -> bool {
    let class = value.as_object().and_then(object_graph::Object::class);
    value.tag() == Tag::Array || class.is_some_and(|it| it.module == "torch._utils")
}

/// Names and tensors of a state dict, or of a module and those inside it.
fn named<'g>(holder: &State<'g>) -> Result<Vec<(String, Value<'g>)>, ReadError> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), holder.value(), 0)];
    while let Some((prefix, value, depth)) = waiting.pop() {
        if value.tag() == Tag::Dict {
            entries(holder, &prefix, value, &mut found)?;
            continue;
        }
        for kind in ["_parameters", "_buffers"] {
            let Some(dict) = value.attribute(kind) else { continue };
            entries(holder, &prefix, dict, &mut found)?;
        }
        let modules = value.attribute("_modules").and_then(Value::entries).into_iter().flatten();
        let modules: Vec<(Value<'g>, Value<'g>)> = modules.collect();
        holder.charge(size_of_val(modules.as_slice()))?;
        // What is pushed last comes first.
        for (key, module) in modules.into_iter().rev() {
            let Some(key) = key.as_str().filter(|_| !module.is_none()) else { continue };
            if depth == DEEPEST {
                return Err(holder.invalid("holds modules nested too deeply"));
            }
            holder.charge(prefix.len() + key.len() + 64)?;
            waiting.push((format!("{prefix}{key}."), module, depth + 1));
        }
    }
    Ok(found)
}

fn entries<'g>(
    holder: &State<'g>,
    prefix: &str,
    dict: Value<'g>,
    found: &mut Vec<(String, Value<'g>)>,
) -> Result<(), ReadError> {
    for (key, value) in dict.entries().into_iter().flatten() {
        let Some(key) = key.as_str().filter(|_| is_tensor(value)) else { continue };
        holder.charge(prefix.len() + key.len() + 64)?;
        found.push((format!("{prefix}{key}"), value));
    }
    Ok(())
}

impl<'g> Tensors<'g> {
    pub(super) fn new(holder: &State<'g>) -> Result<Self, ReadError> {
        let values = named(holder)?.into_iter().collect();
        Ok(Self { path: holder.path().to_owned(), values, used: RefCell::default() })
    }

    /// The tensor, which is used now; `None` if there is none of that name.
    pub(super) fn optional(
        &self,
        state: &State<'_>,
        name: &str,
    ) -> Result<Option<Tensor>, ReadError> {
        let Some(value) = self.values.get(name) else { return Ok(None) };
        if !self.used.borrow_mut().insert(name.to_owned()) {
            return Err(self.refuse(name, "is used by two layers"));
        }
        let Some(array) = value.as_array() else {
            let reason = value.reason().unwrap_or("it is no tensor of numbers");
            return Err(self.refuse(name, &format!("cannot be used: {reason}")));
        };
        if !matches!(array.dtype.scalar, Scalar::Float | Scalar::BrainFloat) {
            return Err(self.refuse(name, &format!("is {}, expected floats", array.dtype)));
        }
        // A copy, what it is packed into, and the f64 it is read as.
        state.charge(array.len().saturating_mul(16))?;
        let values = array.to_f64(value.graph()).unwrap_or_default();
        let values: Vec<f32> = values.into_iter().map(|x| x as f32).collect();
        Ok(Some(Tensor { shape: array.shape.to_vec(), values }))
    }

    /// The tensor that `layer` needs.
    pub(super) fn need(
        &self,
        state: &State<'_>,
        name: &str,
        layer: &str,
    ) -> Result<Tensor, ReadError> {
        self.optional(state, name)?.ok_or_else(|| {
            let has: Vec<&str> = self.values.keys().take(LISTED).map(String::as_str).collect();
            let more = if LISTED < self.values.len() { ", …" } else { "" };
            let has = has.join(", ");
            let text = format!("has no tensor {name}, which {layer} needs; it has {has}{more}");
            ReadError::new(&self.path, ProblemKind::Invalid, text)
        })
    }

    /// The axes of a tensor, which is not used by that.
    pub(super) fn shape(&self, name: &str) -> Option<&'g [usize]> {
        self.values.get(name)?.as_array().map(|it| &*it.shape)
    }

    /// Whether there is a tensor of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// What is stored as another type than `float32`.
    pub(super) fn other_types(&self) -> impl Iterator<Item = (&str, &'g Array)> {
        let floats =
            self.values.iter().filter_map(|(name, it)| Some((name.as_str(), it.as_array()?)));
        floats.filter(|(_, it)| {
            matches!(it.dtype.scalar, Scalar::Float | Scalar::BrainFloat)
                && it.dtype.to_string() != "float32"
        })
    }

    /// Refuses tensors that no layer used, all of them; those that begin with one of `ignored` may be
    /// unused, and the counters of batch normalization are for training alone.
    pub(super) fn all_used(&self, ignored: &[String]) -> Result<(), ReadError> {
        let used = self.used.borrow();
        let counts = |name: &str| {
            let norm = name.strip_suffix("num_batches_tracked");
            norm.is_some_and(|it| used.contains(&format!("{it}running_mean")))
        };
        let unused = |name: &&String| {
            !used.contains(*name)
                && !counts(name)
                && !ignored.iter().any(|it| name.starts_with(it.as_str()))
        };
        let refuse = |name: &String| {
            let text = format!("is used by no layer; add its layer, or ignore = [\"{name}\"]");
            Err::<(), _>(self.refuse(name, &text))
        };
        ReadError::collect(self.values.keys().filter(unused).map(refuse)).map(drop)
    }

    /// A problem of one tensor.
    fn refuse(&self, name: &str, text: &str) -> ReadError {
        ReadError::new(&format!("{}[{name:?}]", self.path), ProblemKind::Invalid, text)
    }
}
