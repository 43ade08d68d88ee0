//! A request's body, checked: its rows are the table `input`, its fields the table `request`.

use serde_json::{Map, Value, json};

use super::field::{Field, FieldKind};
use super::field_schema::object_schema;
use super::input::Found;
use super::known::Known;
use super::spec::RequestSpec;
use crate::problems::Problems;
use crate::records::{Cell, Columns, Input, InputKind, sort};
use crate::service::Context;
use crate::{Category, Error};

/// Columns of the table `request` beside the fields: when it came, the day, what it is called, and JSON lists of names
/// that nobody knows and of the columns of `input` that no row has.
pub(super) const OWN: [&str; 5] = ["now", "today", "request_id", "unknown", "absent"];

/// What a service takes.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) spec: RequestSpec,
    /// Columns of rows that are not declared but that models ask for.
    pub(super) asked: Vec<String>,
    /// Whether a model takes whichever columns there are.
    pub(super) takes_all: bool,
    pub(super) most_rows: usize,
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
        let (empty, today) = (Map::new(), context.date());
        let (problems, unknown, absent) = (Problems::default(), Vec::new(), Vec::new());
        let mut found = Found { today, problems, unknown, absent };
        let (fields, rows) = self.parts(body, &empty, &mut found.problems)?;
        let mut request: Vec<Cell> = Vec::with_capacity(self.spec.fields.len() + OWN.len());
        for field in &self.spec.fields {
            let value = fields.get(&field.name).filter(|it| !field.is_left_empty(it));
            if value.is_none() && rows.is_none() {
                found.absent.push(&field.name);
            }
            request.push(found.cell(field, value, &|| field.name.clone()));
        }
        let rows_field = self.spec.rows.as_deref().unwrap_or_default();
        let is_field =
            |name: &str| name == rows_field || self.spec.fields.iter().any(|it| it.name == name);
        found.unknown.extend(fields.keys().map(String::as_str).filter(|it| !is_field(it)));
        let input = match rows {
            Some(rows) => self.rows(rows_field, rows, &mut found),
            None => {
                let names = self.spec.fields.iter().map(|it| it.name.clone());
                let cells = request.iter().map(|it| vec![it.clone()]);
                Columns::new("request", 1, names.zip(cells))?
            }
        };
        let Found { today, mut problems, unknown, absent } = found;
        if self.spec.refuses_unknown {
            unknown.iter().for_each(|it| problems.add(|| format!("{it} is not known")));
        }
        problems.none(Category::Request)?;
        let [unknown, absent] = [unknown, absent].map(|it| json!(it).to_string());
        let own = [context.timestamp(), today, context.request_id.clone(), unknown, absent];
        request.extend(own.into_iter().map(|it| Cell::Text(it.into())));
        Ok(Checked { request, input })
    }

    /// The fields, and the rows if there are to be any.
    fn parts<'a>(
        &self,
        body: &'a Value,
        empty: &'a Map<String, Value>,
        problems: &mut Problems,
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
        let rows = match crate::service::rows::rows(body, name) {
            Err(err) if body.is_object() || body.is_array() => {
                problems.add(|| err.to_string());
                &[]
            }
            rows => rows?,
        };
        if self.most_rows < rows.len() {
            let (n, most) = (rows.len(), self.most_rows);
            return Err(Error::request(format!("{name} has {n} rows, at most {most} are taken")));
        }
        let fields = body.as_object().filter(|it| it.contains_key(name));
        Ok((fields.unwrap_or(empty), Some(rows)))
    }

    pub(super) fn schema(&self, known: &Known) -> Value {
        let mut schema = object_schema(&self.spec.fields, known);
        if let Some(it) = &self.spec.description {
            schema["description"] = json!(it);
        }
        let refuse = |schema: &mut Value| {
            if self.spec.refuses_unknown {
                schema["additionalProperties"] = json!(false);
            }
        };
        refuse(&mut schema);
        let Some(rows) = &self.spec.rows else { return schema };
        let mut record = object_schema(&self.spec.columns, known);
        for name in &self.asked {
            record["properties"][name] = known.asked_schema(name);
            if let Some(required) = record["required"].as_array_mut() {
                required.push(json!(name));
            }
        }
        refuse(&mut record);
        schema["properties"][rows] = json!({"type": "array", "minItems": 1, "items": record});
        if let Some(required) = schema["required"].as_array_mut() {
            required.push(json!(rows));
        }
        schema
    }
}
