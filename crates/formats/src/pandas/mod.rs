//! pandas objects of versions 0.24 to 3, decoded to their parts.
//!
//! | in the pickle | becomes |
//! |---|---|
//! | `_new_Index(class, {…})`: Index and its numeric kinds, RangeIndex, MultiIndex, CategoricalIndex, DatetimeIndex, TimedeltaIndex | an index |
//! | Series, DataFrame over a BlockManager in its three layouts ([`blocks`]) | a series, a data frame |
//! | Categorical, masked integers/floats/booleans, strings, dates in a column | an array of the values |
//!
//! A value that is missing is `None` in an array of objects, NaN among categories, as
//! `numpy.asarray` of the column has it but for `pandas.NA`, which is `None` here.
//! Not decoded, with a reason: periods, intervals, sparse columns, time zones.

mod arrow;
mod blocks;
mod frame;
mod index;
mod values;

use object_graph::{Builder, Class, Kind, NodeId, Object, Tag, Value};

use crate::error::Fault;
use crate::numpy::{Refusal, each, objects};

/// Parts nest only so deep: a MultiIndex of categorical levels.
const DEEPEST: usize = 6;

/// The attributes of a pandas object are few.
const MOST_ATTRIBUTES: usize = 64;

/// Decodes all that is pandas' in the file.
pub(crate) fn decode(builder: &mut Builder) -> Result<(), Fault> {
    let is_ours = |id: &NodeId| {
        class(builder, *id).is_some_and(|it| it.module.split('.').next() == Some("pandas"))
    };
    let ids: Vec<NodeId> = objects(builder).into_iter().filter(is_ours).collect();
    each(builder, ids.iter(), &mut |builder, id| optional(builder, id, index::decode))?;
    each(builder, ids.iter(), &mut |builder, id| optional(builder, id, values::decode))?;
    each(builder, ids.iter(), &mut |builder, id| optional(builder, id, frame::decode))
}

/// How one kind of object is read; `None` if it is another kind. The last number says how deep its
/// parts may still nest.
type Decode = fn(&mut Builder, NodeId, usize) -> Result<Option<NodeId>, Refusal>;

fn optional(builder: &mut Builder, id: NodeId, read: Decode) -> Result<Option<NodeId>, Refusal> {
    if builder.value(id).tag() != Tag::Object || builder.value(id).reason().is_some() {
        return Ok(None);
    }
    read(builder, id, DEEPEST)
}

/// A part of an object, which takes its place once it is read.
fn part(
    builder: &mut Builder,
    id: NodeId,
    depth: usize,
    wanted: Tag,
    read: Decode,
) -> Result<NodeId, Refusal> {
    // A file may ask for the same part again and again.
    builder.budget().charge(16)?;
    let value = builder.value(id);
    if value.tag() == wanted {
        return Ok(id);
    }
    if let Some(reason) = value.reason() {
        return Err(Refusal::Inert(reason.to_owned()));
    }
    let deeper = depth.checked_sub(1).ok_or_else(|| inert("pandas objects nested too deeply"))?;
    let made = read(builder, id, deeper)?;
    let made = made.ok_or_else(|| {
        Refusal::Inert(format!("pandas' {} is not supported", builder.value(id).type_name()))
    })?;
    builder.replace(id, made);
    Ok(id)
}

fn class(builder: &Builder, id: NodeId) -> Option<Class<'_>> {
    builder.value(id).as_object().and_then(Object::class)
}

/// The last part of a class's name: that of `pandas.core.series.Series` and `pandas.Series`.
fn class_name(value: Value<'_>) -> Option<&str> {
    match value.kind() {
        Kind::Class(it) if it.module.split('.').next() == Some("pandas") => Some(it.name),
        _ => None,
    }
}

/// An attribute by name.
fn entry(builder: &Builder, dict: NodeId, name: &str) -> Option<NodeId> {
    let dict = builder.value(dict);
    let few = dict.tag() == Tag::Dict && dict.len().is_some_and(|it| it <= MOST_ATTRIBUTES);
    few.then(|| dict.get(name).map(Value::id))?
}

/// An item of a list or tuple.
fn item(builder: &Builder, list: NodeId, at: usize) -> Option<NodeId> {
    let list = builder.value(list);
    let ordered = matches!(list.tag(), Tag::List | Tag::Tuple);
    ordered.then(|| list.items()?.get(at).map(Value::id))?
}

fn args(builder: &Builder, id: NodeId) -> Option<NodeId> {
    builder.value(id).as_object().map(|it| it.args().id())
}

fn state(builder: &Builder, id: NodeId) -> Option<NodeId> {
    builder.value(id).as_object().and_then(Object::state).map(Value::id)
}

fn inert(reason: &str) -> Refusal {
    Refusal::Inert(reason.to_owned())
}
