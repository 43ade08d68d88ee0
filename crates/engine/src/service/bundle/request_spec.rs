//! What a `pythia.toml` says of requests: `[request]` and its fields.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::DeValue;

use super::document::{Node, Text, json};
use super::field::{Default, Field, FieldKind};
use super::request::OWN;
use super::spec::{Example, RequestSpec};
use crate::records::{MOST_NUMBERS, Shape};

pub(super) fn request(node: &Node<'_>) -> RequestSpec {
    let rows = node.text("rows").map(|it| it.value);
    let is_own = |name: &str| OWN.contains(&name.to_lowercase().as_str());
    let is_taken = |name: &str| match &rows {
        _ if is_own(name) => Some("the table request has a column of this name"),
        Some(rows) if rows == name => Some("the rows are called so"),
        _ => None,
    };
    let scalars = node.table("fields").map(|it| {
        let all = fields(&it, &is_taken);
        for field in all.iter().filter(|it| it.when_absent.is_some()) {
            let text = "only columns of the rows have absent, a field has a default";
            it.wrong_at(&field.name, &format!("{}: {text}", field.name));
        }
        all
    });
    let columns = node.table("columns").map(|it| fields(&it, &|_| None)).unwrap_or_default();
    if !node.has("rows") && !columns.is_empty() {
        node.wrong_here(
            "there are columns but no rows: say which field of the request holds its rows",
        );
    }
    let unknown = node.text("unknown");
    if let Some(it) =
        unknown.as_ref().filter(|it| !["ignore", "refuse"].contains(&it.value.as_str()))
    {
        node.wrong(it.span.clone(), "request.unknown is \"ignore\" or \"refuse\"");
    }
    let example_at = node.any("example").map_or_else(|| node.span(), Spanned::span).start;
    let example = node.any("example").and_then(|it| example(node, it));
    node.finish();
    RequestSpec {
        description: None,
        rows,
        refuses_unknown: unknown.is_some_and(|it| it.value == "refuse"),
        fields: scalars.unwrap_or_default(),
        columns,
        example,
        example_at,
    }
}

fn example<'a>(node: &Node<'a>, value: &'a Spanned<DeValue<'a>>) -> Option<Example> {
    match value.get_ref() {
        DeValue::String(it) => {
            Some(Example::File(Text { value: it.to_string(), span: value.span() }))
        }
        other => match json(other) {
            Some(it) => Some(Example::Value(it)),
            None => {
                node.wrong(value.span(), "request.example has a number that JSON has not");
                None
            }
        },
    }
}

/// Fields that can be columns of one table; `is_taken` says why one cannot have a name.
fn fields(node: &Node<'_>, is_taken: &dyn Fn(&str) -> Option<&'static str>) -> Vec<Field> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let field = |(name, value): (Text, &Spanned<DeValue<'_>>)| {
        let field = match value.get_ref() {
            DeValue::String(kind) => {
                kind_of(node, value.span(), kind, None).map(|it| Field::new(&name.value, it))
            }
            _ => full_field(&name.value, &node.entry(&name.value, value)?),
        };
        let why = is_taken(&name.value).map(str::to_owned);
        let other = seen.insert(name.value.to_lowercase(), name.value.clone());
        let why =
            why.or_else(|| other.map(|it| format!("there is {it}, and names in SQL have no case")));
        if let Some(why) = &why {
            node.wrong(name.span, &format!("{}: {why}", node.named(&name.value)));
        }
        field.filter(|_| why.is_none())
    };
    node.entries().filter_map(field).collect()
}

fn full_field(name: &str, node: &Node<'_>) -> Option<Field> {
    let Some(kind) = node.text("type") else {
        node.wrong_here(&format!("{name} has no type; types are {}", FieldKind::NAMES.join(", ")));
        return None;
    };
    let length = node.sizes("length");
    if node.has("length") && node.has("shape") {
        node.wrong_at("length", &format!("{name} has either a length or a shape"));
    }
    let shape = node.sizes("shape").or(length);
    let kind = kind_of(node, kind.span.clone(), &kind.value, shape.as_deref());
    let value = |key| node.any(key).map(|it| (json(it.get_ref()), it.span()));
    let (min, max) = (value("min"), value("max"));
    let (one_of, default, absent) = (value("one_of"), value("default"), value("absent"));
    let optional = node.flag("optional").unwrap_or(false);
    let description = node.text("description").map(|it| it.value);
    let message = node.text("message").map(|it| it.value);
    node.finish();
    let mut field = Field { optional, description, message, ..Field::new(name, kind?) };
    let bare = Field { message: None, ..field.clone() };
    let fits = |key: &str, it: &Value, span: &Range<usize>| {
        let checked = bare.check(it);
        checked.map_err(|text| node.wrong(span.clone(), &format!("{name}.{key}{text}"))).is_ok()
    };
    let bound = |key: &str, it: Option<(Option<Value>, Range<usize>)>| match it {
        Some((Some(it), span)) => fits(key, &it, &span).then(|| bare.plain(it)),
        Some((None, span)) => {
            node.wrong(span, &format!("{name}.{key} is no value"));
            None
        }
        None => None,
    };
    unfit_keys(&bare, node);
    let min_at = min.as_ref().map_or_else(|| node.span(), |it| it.1.clone());
    (field.min, field.max) = (bound("min", min), bound("max", max));
    if let Err(text) = field.bounds() {
        node.wrong(min_at, &format!("{name}.min{text}"));
    }
    match one_of {
        Some((Some(Value::Array(all)), span)) => {
            if all.is_empty() {
                node.wrong(span.clone(), &format!("{name}.one_of has no value"));
            }
            let bounded = Field { message: None, ..field.clone() };
            let fits = |it: &Value| {
                let checked = bounded.check(it);
                checked
                    .map_err(|text| node.wrong(span.clone(), &format!("{name}.one_of{text}")))
                    .is_ok()
            };
            field.one_of = all.into_iter().filter(fits).map(|it| bare.plain(it)).collect();
        }
        Some((_, span)) => node.wrong(span, &format!("{name}.one_of is a list of values")),
        None => {}
    }
    if let Some((value, span)) = default {
        let is_today = value == Some(Value::from("today")) && field.kind == FieldKind::Date;
        let checked = match value {
            _ if is_today => Ok(Default::Today),
            Some(it) => Field { message: None, ..field.clone() }.check(&it).map(Default::Value),
            None => Err(" is no value".to_owned()),
        };
        match checked {
            Ok(it) => field.default = Some(it),
            Err(text) => node.wrong(span, &format!("{name}.default{text}")),
        }
    }
    if let Some((value, span)) = absent {
        let checked = match value {
            _ if field.default.is_some() => Err(": a column has either absent or default".into()),
            Some(it) => Field { message: None, ..field.clone() }.check(&it),
            None => Err(" is no value".to_owned()),
        };
        match checked {
            Ok(it) => field.when_absent = Some(it),
            Err(text) => node.wrong(span, &format!("{name}.absent{text}")),
        }
    }
    Some(field)
}

/// Notes keys that say nothing of values of the field's type.
fn unfit_keys(field: &Field, node: &Node<'_>) {
    let name = &field.name;
    for key in ["min", "max"].into_iter().filter(|it| node.has(it) && !field.is_ordered()) {
        let text = "integers, numbers, dates and datetimes alone have bounds";
        node.wrong_at(key, &format!("{name}.{key}: {text}"));
    }
    if node.has("one_of") && matches!(field.kind, FieldKind::Array(_)) {
        node.wrong_at("one_of", &format!("{name}.one_of: an array is not one of some"));
    }
}

fn kind_of(
    node: &Node<'_>,
    span: Range<usize>,
    kind: &str,
    shape: Option<&[usize]>,
) -> Option<FieldKind> {
    let kind = match kind {
        "text" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "number" => FieldKind::Number,
        "boolean" => FieldKind::Boolean,
        "any" => FieldKind::Any,
        "date" => FieldKind::Date,
        "datetime" => FieldKind::Datetime,
        "array" => match shape.and_then(Shape::new) {
            Some(shape) => FieldKind::Array(shape),
            None => {
                node.wrong(span, &format!("an array says its length = n, or its shape = [n, m], of at most {MOST_NUMBERS} values"));
                return None;
            }
        },
        other => {
            let known = FieldKind::NAMES.join(", ");
            node.wrong(span, &format!("there is no type {other}; types are {known}"));
            return None;
        }
    };
    if shape.is_some() && !matches!(kind, FieldKind::Array(_)) {
        node.wrong(span, "only an array has a length or a shape");
    }
    Some(kind)
}
