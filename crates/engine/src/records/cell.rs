//! One cell of rows in memory, and the number or text that a model takes it for.

use std::borrow::Cow;

use serde_json::Value;
use table::Raw;
use table::csv::{parse_number, write_f64};

/// A cell as JSON, SQL or CSV hold it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Missing.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// A text.
    Text(Box<str>),
}

impl Cell {
    /// A JSON value that is no list and no object.
    #[must_use]
    pub fn of_json(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(it) => Self::Bool(*it),
            Value::Number(it) => match it.as_i64() {
                Some(whole) => Self::Integer(whole),
                None => Self::Float(it.as_f64()?),
            },
            Value::String(it) => Self::Text(it.as_str().into()),
            Value::Array(_) | Value::Object(_) => return None,
        })
    }

    /// A cell of CSV as it stands there: the model says what it is. `None`: it is no text.
    pub(crate) fn of_csv(cell: Raw<'_>) -> Option<Self> {
        Some(match cell {
            Raw::Missing => Self::Null,
            Raw::Bool(_, text) | Raw::Int(_, text) | Raw::Float(_, text) | Raw::Text(text) => {
                Self::Text(text.into())
            }
            Raw::Other => return None,
        })
    }

    /// As JSON: what is no number there is `null`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(it) => Value::Bool(*it),
            Self::Integer(it) => Value::from(*it),
            Self::Float(it) => Value::from(*it),
            Self::Text(it) => Value::String(it.to_string()),
        }
    }

    /// The number that a number column takes it for, as in a table: NaN if it is missing. `None`: it is none.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Null => Some(f64::NAN),
            Self::Bool(it) => Some(f64::from(u8::from(*it))),
            Self::Integer(it) => Some(*it as f64),
            Self::Float(it) => Some(*it),
            Self::Text(it) => parse_number(it.as_bytes()),
        }
    }

    /// The text that a text column takes it for, numbers and truth values as Python writes them; `None` if it is
    /// missing.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Null => None,
            Self::Bool(true) => Some("True".into()),
            Self::Bool(false) => Some("False".into()),
            Self::Integer(it) => Some(it.to_string().into()),
            Self::Float(it) if it.is_nan() => None,
            Self::Float(it) => {
                let mut out = Vec::new();
                write_f64(*it, &mut out);
                String::from_utf8(out).ok().map(Cow::Owned)
            }
            Self::Text(it) => Some(Cow::Borrowed(it)),
        }
    }

    /// For messages: at most some sixty characters of it.
    pub(crate) fn shown(&self) -> String {
        let text = match self {
            Self::Text(it) => format!("{:?}", it.chars().take(61).collect::<String>()),
            other => other.to_json().to_string(),
        };
        if text.chars().count() <= 62 {
            text
        } else {
            format!("{}…", text.chars().take(60).collect::<String>())
        }
    }
}
