//! A request's body, checked: its rows are the table `input`, its fields the table `request`.

use serde_json::{Map, Value, json};

use super::field::{Field, FieldKind, object_schema};
use super::known::Known;
use super::spec::RequestSpec;
use crate::problems::Problems;
use crate::records::{Cell, Columns, Input, InputKind, sort};
use crate::service::Context;
use crate::{Category, Error};

/// Columns of the table `request` beside the fields: when it came, the day, what it is called, and a JSON list of
/// names that nobody knows.
pub(super) const OWN: [&str; 4] = ["now", "today", "request_id", "unknown"];

/// So many names that nobody knows are told.
const MOST_UNKNOWN: usize = 100;

/// What a service takes.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) spec: RequestSpec,
    /// Columns of rows that are not declared but that models ask for.
    pub(super) asked: Vec<String>,
    /// Whether a model takes whichever columns there are.
    pub(super) takes_all: bool,
}

/// A body's fields, and its rows if there are to be any.
type Parts<'a> = (&'a Map<String, Value>, Option<&'a [Value]>);

/// A request that was checked.
pub(super) struct Checked {
    /// One row, of the fields and [`OWN`].
    pub(super) request: Vec<Cell>,
    pub(super) input: Columns,
}

impl Request {
    /// The columns of the table `request`.
    pub(super) fn request_table(&self) -> sql::Table {
        let fields =
            self.spec.fields.iter().map(|it| sql::Column::new(&it.name, it.kind.affinity()));
        let own = OWN.iter().map(|it| sql::Column::new(*it, sql::Affinity::Text));
        sql::Table::new("request", fields.chain(own))
    }

    /// The columns of the table `input`.
    pub(super) fn input_table(&self) -> sql::Table {
        let declared =
            self.declared().iter().map(|it| sql::Column::new(&it.name, it.kind.affinity()));
        let asked = self.asked.iter().map(|it| sql::Column::new(it, sql::Affinity::None));
        let mut columns: Vec<sql::Column> = declared.chain(asked).collect();
        if columns.is_empty() {
            // A table has a column; a service of fields alone has one row that is empty.
            columns.push(sql::Column::new("empty", sql::Affinity::None));
        }
        sql::Table::new("input", columns)
    }

    /// The names of the columns of the table `input`.
    pub(super) fn input_names(&self) -> impl Iterator<Item = &String> {
        self.declared().iter().map(|it| &it.name).chain(&self.asked)
    }

    /// The fields of a row.
    fn declared(&self) -> &[Field] {
        if self.spec.rows.is_some() { &self.spec.columns } else { &self.spec.fields }
    }

    /// What is wrong with the field that an input of a model is taken of, by their shapes.
    pub(super) fn misfit(&self, input: &Input) -> Option<String> {
        let field = self.declared().iter().find(|it| it.name == input.name)?;
        let FieldKind::Array(shape) = &field.kind else {
            let text = "the model takes a list of numbers, and the field is none: type = \"array\"";
            return (input.kind == InputKind::Window).then(|| format!("{}: {text}", field.name));
        };
        let found = shape.axes();
        let is_same = match (found.len(), input.shape.len()) {
            // A flat list has any shape of as many numbers.
            (1, _) | (_, 1) => shape.n() == input.shape.iter().product::<usize>(),
            _ => found == input.shape,
        };
        let (name, wanted) = (&field.name, &input.shape);
        (!is_same).then(|| {
            format!("the field {name} has the shape {found:?}, the model takes {wanted:?} of it")
        })
    }

    /// Checks a body. All that is wrong is told.
    pub(super) fn check(&self, body: &Value, context: &Context) -> Result<Checked, Error> {
        let today = context.date();
        let empty = Map::new();
        let (fields, rows) = self.parts(body, &empty)?;
        let mut problems = Problems::default();
        let mut unknown: Vec<&str> = Vec::new();
        let mut request: Vec<Cell> = Vec::with_capacity(self.spec.fields.len() + OWN.len());
        for field in &self.spec.fields {
            request.push(checked(field, fields.get(&field.name), &today, &mut problems, &|| {
                field.name.clone()
            }));
        }
        let rows_field = self.spec.rows.as_deref().unwrap_or_default();
        let is_field =
            |name: &str| name == rows_field || self.spec.fields.iter().any(|it| it.name == name);
        unknown.extend(fields.keys().map(String::as_str).filter(|it| !is_field(it)));
        let input = match rows {
            Some(rows) => self.rows(rows_field, rows, &today, &mut unknown, &mut problems),
            None => {
                let names = self.spec.fields.iter().map(|it| it.name.clone());
                let cells = request.iter().map(|it| vec![it.clone()]);
                Columns::new("request", 1, names.zip(cells))
            }
        };
        if self.spec.refuses_unknown {
            unknown.iter().for_each(|it| problems.add(|| format!("{it} is not known")));
        }
        problems.none(Category::Request)?;
        let own =
            [context.timestamp(), today, context.request_id.clone(), json!(unknown).to_string()];
        request.extend(own.into_iter().map(|it| Cell::Text(it.into())));
        Ok(Checked { request, input: input? })
    }

    /// The fields, and the rows if there are to be any.
    fn parts<'a>(
        &self,
        body: &'a Value,
        empty: &'a Map<String, Value>,
    ) -> Result<Parts<'a>, Error> {
        let Some(name) = &self.spec.rows else {
            return match body {
                Value::Object(it) => Ok((it, None)),
                Value::Null => Ok((empty, None)),
                other => Err(Error::request(format!(
                    "the request is {}, an object is expected",
                    sort(other)
                ))),
            };
        };
        let rows = crate::service::rows::rows(body, name)?;
        let fields = body.as_object().filter(|it| it.contains_key(name));
        Ok((fields.unwrap_or(empty), Some(rows)))
    }

    fn rows<'a>(
        &'a self,
        place: &str,
        rows: &'a [Value],
        today: &str,
        unknown: &mut Vec<&'a str>,
        problems: &mut Problems,
    ) -> Result<Columns, Error> {
        let is_declared = |name: &str| self.spec.columns.iter().any(|it| it.name == name);
        let is_taken = |name: &str| self.takes_all || self.asked.iter().any(|it| it == name);
        let given = Columns::of_keys(place, rows, &|it| !is_declared(it) && is_taken(it))?;
        let keys = rows.iter().filter_map(Value::as_object).flat_map(Map::keys);
        for key in keys.filter(|it| !is_declared(it) && !is_taken(it)) {
            if unknown.len() < MOST_UNKNOWN && !unknown.contains(&key.as_str()) {
                unknown.push(key);
            }
        }
        let n_rows = rows.len();
        let mut columns: Vec<(String, Vec<Cell>)> = Vec::new();
        for field in &self.spec.columns {
            let mut cells = Vec::with_capacity(n_rows);
            for (at, row) in rows.iter().enumerate() {
                let place = || format!("{place}[{at}].{}", field.name);
                cells.push(checked(field, row.get(&field.name), today, problems, &place));
            }
            columns.push((field.name.clone(), cells));
        }
        let others = given.names().iter().enumerate();
        columns.extend(others.map(|(at, name)| (name.clone(), given.column(at).to_vec())));
        Columns::new(place, n_rows, columns)
    }

    pub(super) fn schema(&self, known: &Known) -> Value {
        let mut schema = object_schema(&self.spec.fields, known);
        if let Some(it) = &self.spec.description {
            schema["description"] = json!(it);
        }
        let Some(rows) = &self.spec.rows else { return schema };
        let mut record = object_schema(&self.spec.columns, known);
        for name in &self.asked {
            record["properties"][name] = known.asked_schema(name);
            if let Some(required) = record["required"].as_array_mut() {
                required.push(json!(name));
            }
        }
        schema["properties"][rows] = json!({"type": "array", "minItems": 1, "items": record});
        if let Some(required) = schema["required"].as_array_mut() {
            required.push(json!(rows));
        }
        schema
    }
}

fn checked(
    field: &Field,
    value: Option<&Value>,
    today: &str,
    problems: &mut Problems,
    place: &dyn Fn() -> String,
) -> Cell {
    let cell = match value {
        None | Some(Value::Null) => field.absent(today),
        Some(value) => field.check(value),
    };
    cell.unwrap_or_else(|wrong| {
        problems.add(|| match &field.message {
            Some(message) => message.clone(),
            None => format!("{}{wrong}", place()),
        });
        Cell::Null
    })
}
