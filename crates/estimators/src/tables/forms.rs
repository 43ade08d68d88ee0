//! The forms in which a table is pickled.

use object_graph::{Class, Kind, Scalar, Series, Value};

use super::cells::{Cells, cell};
use super::keys::{Equality, Finder};
use super::{Answers, KeyColumn, LookupTable};
use crate::categories::{Category, object_category};
use crate::{ReadError, State, find as find_class};

/// More parts than this has no key.
const MOST_PARTS: usize = 64;

/// How a form answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) equality: Equality,
    /// Whether a missing cell is refused if there is a key `None`.
    pub(super) none_refuses: bool,
}

/// `mapping.get(key, default)`.
const GET: Rules = Rules { equality: Equality::Dict, none_refuses: false };
/// `Series.map(dict)`.
const MAP: Rules = Rules { equality: Equality::Mapped, none_refuses: true };
/// `Series.map(Series)` and `Series.get`.
const LABELS: Rules = Rules { equality: Equality::Labels, none_refuses: false };

/// The table at `state`; `None` if what stands there is no table but perhaps a model.
pub(super) fn find(state: &State<'_>) -> Option<Result<LookupTable, ReadError>> {
    let value = state.value();
    let class = state.class();
    let is = |path: &str| class.is_some_and(|it| it.is(path));
    match value.kind() {
        Kind::Series(it) => Some(series(state, it).and_then(|it| it.finish(state, None))),
        Kind::Dict(_) => is_table(value).then(|| dict(state, MAP)?.finish(state, None)),
        Kind::Object(_) if is("collections.OrderedDict") => {
            is_table(value).then(|| dict(state, MAP)?.finish(state, None))
        }
        Kind::Object(it) if is("collections.Counter") => {
            let counts = state.step(it.args().items()?.next()?, ".args[0]");
            let read = || dict(&counts, GET)?.finish(state, Some(Category::Integer(0)));
            is_table(counts.value()).then(read)
        }
        Kind::Object(_) if is("collections.defaultdict") => is_table(value).then(|| {
            let default = default_of_factory(state)?;
            dict(state, GET)?.finish(state, Some(default))
        }),
        Kind::Object(_) if let Some(name) = class.and_then(pandas_form) => {
            let reason = value.reason().unwrap_or("its parts are not known");
            let text = format!("is a pandas {name} that cannot be read: {reason}");
            Some(Err(state.unsupported(text)))
        }
        Kind::Object(_) => is_encoder(state).then(|| encoder(state)),
        _ => None,
    }
}

/// The table at `state`, which is one or nothing.
pub(super) fn read(state: &State<'_>) -> Result<LookupTable, ReadError> {
    match find(state) {
        Some(found) => found,
        None if state.value().entries().is_some() => dict(state, MAP)?.finish(state, None),
        None => {
            Err(state.wrong("a dict, Series, DataFrame or object with mapping and global_mean"))
        }
    }
}

/// What pandas calls a table that was not decoded.
fn pandas_form(class: Class<'_>) -> Option<&str> {
    let is_pandas = class.module.split('.').next() == Some("pandas");
    Some(class.name).filter(|it| is_pandas && ["Series", "DataFrame"].contains(it))
}

/// Whether a dict is one of keys and values: its first value is no object. One that is too large is told.
fn is_table(dict: Value<'_>) -> bool {
    let first = dict.entries().and_then(|mut it| it.next());
    first.is_some_and(|(_, value)| {
        object_category(value).is_some() || matches!(value.kind(), Kind::BigInt(_))
    })
}

/// Whether it is an object of the user's own with the two attributes of an encoder.
fn is_encoder(state: &State<'_>) -> bool {
    let has = |name| state.value().attribute(name).is_some();
    let is_own = |path: &str| find_class(path).is_none() && state.stand_in(path).is_none();
    has("mapping") && has("global_mean") && state.class().is_some_and(|it| is_own(&it.to_string()))
}

/// `mapping.get(key, global_mean)`.
fn encoder(state: &State<'_>) -> Result<LookupTable, ReadError> {
    let mapping = state.get("mapping")?;
    let mean = state.get("global_mean")?;
    let default = cell(&mean, mean.value(), String::new)?;
    let entries = match mapping.value().kind() {
        Kind::Series(it) => series(&mapping, it)?,
        _ if mapping.value().entries().is_some() => dict(&mapping, GET)?,
        _ => return Err(mapping.wrong("a dict or a pandas Series")),
    };
    entries.finish(state, Some(default))
}

/// What `defaultdict` gives for a key it does not have.
fn default_of_factory(state: &State<'_>) -> Result<Category, ReadError> {
    let args = state.value().as_object().and_then(|it| it.args().items());
    let factory = args.and_then(|mut it| it.next());
    match factory.map(Value::kind) {
        Some(Kind::Class(it)) if it.name == "int" => Ok(Category::Integer(0)),
        Some(Kind::Class(it)) if it.name == "float" => Ok(Category::Number(0.0)),
        Some(Kind::Class(it)) => {
            Err(state.unsupported(format!("gets its defaults from {it}, which is not known")))
        }
        _ => Err(state.unsupported("gets its defaults from no class; int and float are known")),
    }
}

/// Keys and values, in the order of the file.
struct Entries {
    rules: Rules,
    key_columns: Vec<KeyColumn>,
    /// The rows whose key is `None` itself, not NaN.
    nones: Vec<usize>,
    value_name: Option<String>,
    values: Cells,
    is_float32: bool,
}

fn dict(state: &State<'_>, rules: Rules) -> Result<Entries, ReadError> {
    let entries = state.value().entries().ok_or_else(|| state.wrong("a dict"))?;
    let mut columns: Vec<Vec<Category>> = Vec::new();
    let mut values = Vec::new();
    let mut nones = Vec::new();
    for (row, (key, value)) in entries.enumerate() {
        if key.is_none() {
            nones.push(row);
        }
        let parts = key_parts(state, key, row)?;
        if row == 0 {
            columns.resize_with(parts.len(), Vec::new);
        }
        if columns.len() != parts.len() {
            let text = format!("has keys of {} and of {} parts", columns.len(), parts.len());
            return Err(state.unsupported(text));
        }
        columns.iter_mut().zip(parts).for_each(|(column, part)| column.push(part));
        values.push(cell(state, value, || format!("[{}]", spelled(key, row)))?);
    }
    let column = |keys| KeyColumn { name: None, keys: Cells::Mixed(keys) };
    let key_columns = columns.into_iter().map(column).collect();
    let values = Cells::Mixed(values);
    Ok(Entries { rules, key_columns, nones, value_name: None, values, is_float32: false })
}

fn key_parts(state: &State<'_>, key: Value<'_>, row: usize) -> Result<Vec<Category>, ReadError> {
    let place = || format!("[key {row}]");
    match key.kind() {
        Kind::Tuple(parts) if (1..=MOST_PARTS).contains(&parts.len()) => {
            parts.map(|it| cell(state, it, place)).collect()
        }
        _ => Ok(vec![cell(state, key, place)?]),
    }
}

/// The key as Python would write it in brackets.
fn spelled(key: Value<'_>, row: usize) -> String {
    match object_category(key) {
        Some(Category::Text(it)) => format!("{it:?}"),
        Some(it) => it.text().unwrap_or_else(|| "nan".to_owned()),
        None => format!("value {row}"),
    }
}

fn series(state: &State<'_>, parts: Series) -> Result<Entries, ReadError> {
    let at = |id, step: &str| state.step(state.value().at(id), step);
    let index = at(parts.index, ".index");
    let Kind::Index(own) = index.value().kind() else { return Err(index.wrong("a pandas Index")) };
    let labels = index.step(index.value().at(own.values), ".values");
    let names = labels.value().at(own.name);
    let mut nones = Vec::new();
    let key_columns = match labels.value().kind() {
        Kind::List(_) => tuples(&labels, names)?,
        _ => {
            let items = labels.value().items().into_iter().flatten().enumerate();
            nones.extend(items.filter(|(_, it)| it.is_none()).map(|(row, _)| row));
            vec![KeyColumn { name: name(names), keys: Cells::read(&labels)? }]
        }
    };
    let stored = at(parts.values, ".values");
    let values = Cells::read(&stored)?;
    if key_columns.iter().any(|it| it.keys.len() != values.len()) {
        return Err(state.invalid("has more or fewer values than labels"));
    }
    let dtype = stored.value().as_array().map(|it| (&it.dtype.scalar, it.dtype.itemsize));
    let is_float32 = dtype == Some((&Scalar::Float, 4));
    let value_name = name(state.value().at(parts.name));
    Ok(Entries { rules: LABELS, key_columns, nones, value_name, values, is_float32 })
}

/// The labels of a `MultiIndex`, by columns.
pub(super) fn tuples(labels: &State<'_>, names: Value<'_>) -> Result<Vec<KeyColumn>, ReadError> {
    let names: Vec<Option<String>> = names.items().into_iter().flatten().map(name).collect();
    if !(1..=MOST_PARTS).contains(&names.len()) {
        return Err(labels.unsupported("has labels of no part, or of too many"));
    }
    let mut columns: Vec<Vec<Category>> = vec![Vec::new(); names.len()];
    for (row, label) in labels.value().items().into_iter().flatten().enumerate() {
        let parts = label.items().filter(|it| it.len() == columns.len());
        let wrong = || labels.invalid(format!("[{row}] has another number of parts"));
        for (column, part) in columns.iter_mut().zip(parts.ok_or_else(wrong)?) {
            column.push(cell(labels, part, || format!("[{row}]"))?);
        }
    }
    let column = |(name, keys)| KeyColumn { name, keys: Cells::Mixed(keys) };
    Ok(names.into_iter().zip(columns).map(column).collect())
}

fn name(value: Value<'_>) -> Option<String> {
    value.as_str().map(str::to_owned)
}

impl Entries {
    fn finish(
        self,
        state: &State<'_>,
        default: Option<Category>,
    ) -> Result<LookupTable, ReadError> {
        let Self { rules, mut key_columns, nones, value_name, mut values, is_float32 } = self;
        if key_columns.is_empty() {
            return Err(state.unsupported("has no keys"));
        }
        let finder = Finder::new(state, rules, &key_columns, &nones)?;
        let (finder, last) = finder;
        if let Some(last) = last {
            // In a file's dict a key may come twice: its last value counts, as in Python.
            key_columns.iter_mut().for_each(|it| it.keys = it.keys.select(&last));
            values = values.select(&last);
        }
        let answers = Answers::new(&values, default.as_ref(), is_float32);
        let form = state.value().type_name();
        Ok(LookupTable { form, key_columns, value_name, values, default, finder, answers })
    }
}
