//! A field of a request, or a column of its rows: its type, and whether a value is one of it.

use std::cmp::Ordering;

use serde_json::{Value, json};
use sql::Moment;

use super::datetime::{datetime, is_date};
use crate::records::{Cell, Shape, sort};

/// What a field is called and may hold.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    pub(super) optional: bool,
    pub(super) default: Option<Default>,
    /// Of a column of the rows: what all rows have if none of them has the column.
    pub(super) when_absent: Option<Cell>,
    pub(super) one_of: Vec<Value>,
    pub(super) min: Option<Value>,
    pub(super) max: Option<Value>,
    pub(super) description: Option<String>,
    /// What a wrong value is answered with, in place of what is wrong with it.
    pub(super) message: Option<String>,
}

/// A field's type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FieldKind {
    Text,
    Integer,
    Number,
    Boolean,
    /// A number, text or truth value as it came.
    Any,
    /// `2025-10-20`
    Date,
    /// `2025-10-20T08:30:00Z`; seconds and the zone may be left out.
    Datetime,
    /// Numbers, flat or nested by this shape.
    Array(Shape),
}

/// What is taken for a field that is not there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Default {
    Value(Cell),
    /// The day of the request, in UTC.
    Today,
}

impl FieldKind {
    pub(super) const NAMES: [&str; 8] =
        ["text", "integer", "number", "boolean", "date", "datetime", "array", "any"];

    pub(super) fn affinity(&self) -> sql::Affinity {
        match self {
            Self::Integer | Self::Boolean => sql::Affinity::Integer,
            Self::Number => sql::Affinity::Real,
            Self::Any => sql::Affinity::None,
            Self::Text | Self::Date | Self::Datetime | Self::Array(_) => sql::Affinity::Text,
        }
    }

    fn noun(&self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Integer => "a whole number".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Any => "a number, text or truth value".to_owned(),
            Self::Date => "a date such as 2025-10-20".to_owned(),
            Self::Datetime => "a time such as 2025-10-20T08:30:00Z".to_owned(),
            Self::Array(shape) => shape.noun(),
        }
    }
}

impl Field {
    pub(super) fn new(name: &str, kind: FieldKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            optional: false,
            default: None,
            when_absent: None,
            one_of: Vec::new(),
            min: None,
            max: None,
            description: None,
            message: None,
        }
    }

    /// The cell of a value that is there; else what is wrong with it, as it follows the field's name.
    pub(super) fn check(&self, value: &Value) -> Result<Cell, String> {
        let checked = self.parse(value).and_then(|cell| self.within(&cell).map(|()| cell));
        checked.map_err(|wrong| self.message.clone().unwrap_or(wrong))
    }

    /// The cell of a field that is not there, or is null; `today` is the day of the request.
    pub(super) fn absent(&self, today: &str) -> Result<Cell, String> {
        match &self.default {
            Some(Default::Value(it)) => Ok(it.clone()),
            Some(Default::Today) => Ok(Cell::Text(today.into())),
            None if !self.is_required() => Ok(Cell::Null),
            None => Err(self.message.clone().unwrap_or_else(|| " is missing".to_owned())),
        }
    }

    fn parse(&self, value: &Value) -> Result<Cell, String> {
        let found = match &self.kind {
            FieldKind::Text => text(value).map(|it| Cell::Text(it.into())),
            FieldKind::Integer => integer(value).map(Cell::Integer),
            FieldKind::Number => number(value).map(Cell::Float),
            FieldKind::Boolean => boolean(value).map(Cell::Bool),
            FieldKind::Any => Cell::of_json(value),
            FieldKind::Date => {
                value.as_str().filter(|it| is_date(it)).map(|it| Cell::Text(it.into()))
            }
            FieldKind::Datetime => {
                value.as_str().and_then(datetime).map(|it| Cell::Text(it.into()))
            }
            FieldKind::Array(shape) => return array(value, shape),
        };
        found.ok_or_else(|| format!(" is {}, {} is expected", shown(value), self.kind.noun()))
    }

    fn within(&self, cell: &Cell) -> Result<(), String> {
        if !self.one_of.is_empty() && !self.one_of.iter().any(|it| is_equal(it, cell)) {
            let all: Vec<String> = self.one_of.iter().map(bare).collect();
            let found = cell.shown();
            return Err(format!(" is {found}, one of {} is expected", all.join(", ")));
        }
        let outside = |bound: &Option<Value>, wrong: Ordering| {
            bound.as_ref().is_some_and(|it| self.order(cell, it) == Some(wrong))
        };
        if outside(&self.min, Ordering::Less) || outside(&self.max, Ordering::Greater) {
            let range = match (&self.min, &self.max) {
                (Some(min), Some(max)) => format!("{} to {}", bare(min), bare(max)),
                (Some(min), None) => format!("at least {}", bare(min)),
                (_, max) => format!("at most {}", max.as_ref().map(bare).unwrap_or_default()),
            };
            return Err(format!(" is {}, {range} is expected", cell.shown()));
        }
        Ok(())
    }

    pub(super) fn is_required(&self) -> bool {
        !self.optional && self.default.is_none() && self.when_absent.is_none()
    }

    /// Whether a value says no more than that there is none: a form sends an empty text for what is not filled in.
    pub(super) fn is_left_empty(&self, value: &Value) -> bool {
        value.as_str() == Some("") && !self.is_required() && self.check(value).is_err()
    }

    /// Whether its values have an order, and so bounds.
    pub(super) fn is_ordered(&self) -> bool {
        use FieldKind::{Date, Datetime, Integer, Number};
        matches!(self.kind, Integer | Number | Date | Datetime)
    }

    fn order(&self, cell: &Cell, bound: &Value) -> Option<Ordering> {
        match (cell, bound) {
            (Cell::Text(cell), Value::String(bound)) if self.kind == FieldKind::Datetime => {
                Some(Moment::parse(cell)?.cmp(&Moment::parse(bound)?))
            }
            // Of dates, whose texts are ordered as they are.
            (Cell::Text(cell), Value::String(bound)) => Some((**cell).cmp(bound.as_str())),
            (cell, Value::Number(bound)) => cell.number()?.partial_cmp(&bound.as_f64()?),
            _ => None,
        }
    }

    /// A value of `pythia.toml` as values of requests are compared with it.
    pub(super) fn plain(&self, value: Value) -> Value {
        use FieldKind::{Boolean, Datetime, Integer, Number};
        let is_plain = !matches!(self.kind, Integer | Number | Boolean | Datetime);
        if is_plain || !value.is_string() { value } else { self.spelled(&value).unwrap_or(value) }
    }

    /// What is wrong with its bounds together.
    pub(super) fn bounds(&self) -> Result<(), String> {
        let (Some(min), Some(max)) = (&self.min, &self.max) else { return Ok(()) };
        let is_more =
            self.parse(min).is_ok_and(|it| self.order(&it, max) == Some(Ordering::Greater));
        if is_more {
            return Err(format!(" is {}, which is more than max = {}", bare(min), bare(max)));
        }
        Ok(())
    }

    /// A value that it takes.
    pub(super) fn example(&self) -> Value {
        if let Some(it) = self.one_of.first() {
            return it.clone();
        }
        match (&self.kind, &self.min) {
            (FieldKind::Array(shape), _) => json!(vec![0.0; shape.n()]),
            (_, Some(min)) => min.clone(),
            (FieldKind::Text, None) => json!(""),
            (FieldKind::Integer | FieldKind::Any, None) => json!(0),
            (FieldKind::Number, None) => json!(0.0),
            (FieldKind::Boolean, None) => json!(false),
            (FieldKind::Date, None) => json!("2025-10-20"),
            (FieldKind::Datetime, None) => json!("2025-10-20T08:30:00Z"),
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        // JSON does not tell 10001.0 from 10001, and keys are written without a point.
        Value::Number(it) if it.is_u64() => Some(it.to_string()),
        Value::Number(_) => match integer(value) {
            Some(whole) => Some(whole.to_string()),
            None => Cell::of_json(value)?.text().map(Into::into),
        },
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(it) => it.as_i64().or_else(|| {
            let whole = it.as_f64().filter(|x| x.fract() == 0.0 && x.abs() < 9e15)?;
            Some(whole as i64)
        }),
        Value::String(it) => it.trim().parse().ok(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(it) => it.as_f64(),
        Value::String(it) => {
            // Not what a table's truth values are: JSON's own are refused.
            let digits = it.trim().as_bytes();
            let is_number = digits.first().is_some_and(|it| b"+-.0123456789".contains(it));
            let number = || table::csv::parse_number(digits).filter(|it| it.is_finite());
            if is_number { number() } else { None }
        }
        _ => None,
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(it) => Some(*it),
        Value::String(it) if it == "true" || it == "1" => Some(true),
        Value::String(it) if it == "false" || it == "0" => Some(false),
        _ => None,
    }
}

/// Numbers, flat or nested, as one flat list in JSON; the query of a GET has them as a text.
fn array(value: &Value, shape: &Shape) -> Result<Cell, String> {
    let parsed = value.as_str().and_then(|it| serde_json::from_str::<Value>(it).ok());
    let flat = shape.flat(parsed.as_ref().unwrap_or(value), &Value::is_number)?;
    Ok(Cell::Text(json!(flat).to_string().into()))
}

fn is_equal(value: &Value, cell: &Cell) -> bool {
    match (value, cell) {
        (Value::String(value), Cell::Text(cell)) => **value == **cell,
        (Value::Number(value), cell) => value.as_f64() == cell.number(),
        (Value::Bool(value), Cell::Bool(cell)) => value == cell,
        _ => false,
    }
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shown(value: &Value) -> String {
    match Cell::of_json(value) {
        Some(cell) => cell.shown(),
        None => sort(value).to_owned(),
    }
}
