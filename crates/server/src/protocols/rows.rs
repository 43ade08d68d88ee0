//! A bundle, or a model behind encoders, as the protocols of model servers see it: rows in, and what its [`Answered`] has of
//! them out. The rows are the request's own; a service without rows is asked once for each.

use std::time::{Duration, Instant};

use engine::Context;
use engine::records::Cell;
use serde_json::{Map, Value, json};

use super::answered::Answered;
use super::frames;
use super::tensor::Tensor;
use crate::{Endpoint, Failure};

/// A service without rows is asked so often for one request.
const MOST_REQUESTS: usize = 100;

/// What a service takes, from its schema.
pub(super) struct Form {
    /// The field that holds the rows; without, a row is a request.
    rows: Option<String>,
    /// Names and schemas of what a row has.
    pub(super) columns: Vec<(String, Value)>,
}

/// So long an example is tried.
const PATIENCE: Duration = Duration::from_secs(1);
/// So many rows an example has: a list of the answer that has as many is one of the rows'. Few other lists have six.
pub(super) const TRIED: usize = 6;

impl Form {
    pub(super) fn of(service: &dyn Endpoint) -> Self {
        let schema = service.request_schema();
        let properties = |schema: &Value| -> Vec<(String, Value)> {
            let all = schema["properties"].as_object().into_iter().flatten();
            all.map(|(name, it)| (name.clone(), it.clone())).collect()
        };
        let all = properties(&schema);
        let is_rows = |it: &&(String, Value)| it.1["items"]["type"] == "object";
        match all.iter().find(is_rows) {
            Some((name, rows)) => {
                Self { rows: Some(name.clone()), columns: properties(&rows["items"]) }
            }
            None => Self { rows: None, columns: all },
        }
    }

    /// The names of a table's columns that has no header.
    pub(super) fn names(&self, n_columns: usize) -> Result<Vec<String>, Failure> {
        let names: Vec<String> = self.columns.iter().map(|it| it.0.clone()).collect();
        if names.len() == n_columns {
            return Ok(names);
        }
        let found = frames::counted(n_columns, "value");
        let text = format!(
            "csv line 1 has {found}, a row has {}: {}; a header may name fewer",
            names.len(),
            names.join(", ")
        );
        Err(Failure::bad(text))
    }

    /// The records of `instances`, `inputs`, `dataframe_records` or `dataframe_split`.
    pub(super) fn records(&self, form: &str, value: &Value) -> Result<Vec<Value>, Failure> {
        let wrong = |text: &str| Failure::bad(format!("{form} {text}"));
        match (form, value) {
            ("dataframe_split", _) => self.split(form, value),
            ("inputs", Value::Object(lists)) => transposed(form, lists),
            (_, Value::Array(rows)) if rows.is_empty() => Err(wrong("must not be empty")),
            (_, Value::Array(rows)) => {
                rows.iter().enumerate().map(|(at, it)| self.record(form, at, it)).collect()
            }
            _ => Err(wrong("must be a list")),
        }
    }

    fn split(&self, form: &str, value: &Value) -> Result<Vec<Value>, Failure> {
        let wrong = |text: &str| Failure::bad(format!("{form}.{text}"));
        let rows = value["data"].as_array().filter(|it| !it.is_empty());
        let rows = rows.ok_or_else(|| wrong("data must be a list of rows"))?;
        let own = || self.columns.iter().map(|it| Some(it.0.as_str())).collect();
        let names: Option<Vec<&str>> = match &value["columns"] {
            Value::Null => own(),
            names => names.as_array().and_then(|it| it.iter().map(Value::as_str).collect()),
        };
        let names = names.ok_or_else(|| wrong("columns must be a list of names"))?;
        frames::each_once(&format!("{form}.columns"), names.iter().copied())?;
        let row = |(at, it): (usize, &Value)| named(&format!("{form}.data[{at}]"), &names, it);
        rows.iter().enumerate().map(row).collect()
    }

    /// An object has its columns by name, a list in the service's order, anything else is the only one.
    fn record(&self, form: &str, at: usize, row: &Value) -> Result<Value, Failure> {
        let names: Vec<&str> = self.columns.iter().map(|it| it.0.as_str()).collect();
        match row {
            Value::Object(_) => Ok(row.clone()),
            Value::Array(_) => named(&format!("{form}[{at}]"), &names, row),
            other => named(&format!("{form}[{at}]"), &names, &json!([other])),
        }
    }

    /// The records that tensors are: each a column, of lists if it is wide; or one with a row for each record.
    pub(super) fn of_tensors(&self, tensors: &[Tensor]) -> Result<Vec<Value>, Failure> {
        let n_rows = tensors[0].shape[0];
        let width = |it: &Tensor| it.shape.get(1).copied().unwrap_or(1);
        let cells = |it: &Tensor, row: usize| -> Vec<Value> {
            it.cells.iter().skip(row * width(it)).take(width(it)).map(Cell::to_json).collect()
        };
        // Its rows would be as many as it says, whatever it holds.
        if let Some(empty) = tensors.iter().find(|it| width(it) == 0) {
            return Err(Failure::bad(format!("tensor {} has no columns", empty.name)));
        }
        if let [one] = tensors
            && !self.columns.iter().any(|it| it.0 == one.name)
        {
            let row = |at| self.record("inputs", at, &Value::Array(cells(one, at)));
            return (0..n_rows).map(row).collect();
        }
        if let Some(other) = tensors.iter().find(|it| it.shape[0] != n_rows) {
            let text = format!(
                "tensor {} has another number of rows than {}",
                other.name, tensors[0].name
            );
            return Err(Failure::bad(text));
        }
        let record = |row: usize| {
            let column = |it: &Tensor| match cells(it, row).as_slice() {
                [one] => (it.name.clone(), one.clone()),
                many => (it.name.clone(), json!(many)),
            };
            Value::Object(tensors.iter().map(column).collect())
        };
        Ok((0..n_rows).map(record).collect())
    }

    /// What the service answers to [`TRIED`] rows like that of its example, if it answers them soon.
    pub(super) fn tried(&self, service: &dyn Endpoint) -> Option<Answered> {
        let example = service.example();
        let record = self.rows.as_ref().map_or(&example, |rows| &example[rows][0]);
        let deadline = Some(Instant::now() + PATIENCE);
        let context = Context { deadline, ..Context::new("example") };
        self.asked(service, vec![record.clone(); TRIED], &context).ok()
    }

    /// Asks the service. Which lists of its answer are the rows' does not change with their number.
    pub(super) fn ask(
        &self,
        service: &dyn Endpoint,
        records: Vec<Value>,
        context: &Context,
    ) -> Result<Answered, Failure> {
        let mut answered = self.asked(service, records, context)?;
        if answered.is_ambiguous()
            && let Some(tried) = self.tried(service)
        {
            answered.narrow(&tried);
        }
        Ok(answered)
    }

    fn asked(
        &self,
        service: &dyn Endpoint,
        records: Vec<Value>,
        context: &Context,
    ) -> Result<Answered, Failure> {
        let n_rows = records.len();
        let ask = |body: &Value| service.answer(body, context).map_err(|err| Failure::of(&err));
        let Some(rows) = &self.rows else {
            if MOST_REQUESTS < n_rows {
                let text = format!(
                    "{n_rows} rows are as many requests; at most {MOST_REQUESTS} are answered at once"
                );
                return Err(Failure::bad(text));
            }
            let answers: Vec<Value> = records.iter().map(ask).collect::<Result<_, _>>()?;
            return Ok(Answered::new(Value::Array(answers), n_rows));
        };
        let body = Value::Object(Map::from_iter([(rows.clone(), Value::Array(records))]));
        Ok(Answered::new(ask(&body)?, n_rows))
    }
}

/// An object of a row's values by name.
fn named(place: &str, names: &[&str], row: &Value) -> Result<Value, Failure> {
    let cells = row.as_array().ok_or_else(|| Failure::bad(format!("{place} must be a list")))?;
    if cells.len() != names.len() {
        let (n, all) = (cells.len(), names.join(", "));
        return Err(Failure::bad(format!("{place} has {n} values for the columns {all}")));
    }
    let pairs = names.iter().zip(cells).map(|(name, it)| ((*name).to_owned(), it.clone()));
    Ok(Value::Object(pairs.collect()))
}

/// The records of an object of columns; a cell may stand in a list of its own.
fn transposed(form: &str, lists: &Map<String, Value>) -> Result<Vec<Value>, Failure> {
    let wrong = |text: String| Failure::bad(format!("{form}{text}"));
    let mut records: Vec<Map<String, Value>> = Vec::new();
    for (name, list) in lists {
        let cells = list.as_array().filter(|it| !it.is_empty());
        let cells =
            cells.ok_or_else(|| wrong(format!(".{name} must be a list of at least one value")))?;
        if records.is_empty() {
            records.resize(cells.len(), Map::new());
        }
        if records.len() != cells.len() {
            return Err(wrong(format!(
                ": its lists have {} and {} values",
                records.len(),
                cells.len()
            )));
        }
        for (record, cell) in records.iter_mut().zip(cells) {
            let cell = match cell.as_array().map(Vec::as_slice) {
                Some([one]) => one.clone(),
                _ => cell.clone(),
            };
            record.insert(name.clone(), cell);
        }
    }
    if records.is_empty() {
        return Err(wrong(" must not be empty".to_owned()));
    }
    Ok(records.into_iter().map(Value::Object).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers a price for each row, and the least and the most of them.
    struct Prices;

    impl Endpoint for Prices {
        fn name(&self) -> &str {
            "prices"
        }

        fn answer(&self, body: &Value, _: &Context) -> Result<Value, engine::Error> {
            let prices: Vec<f64> =
                (0..body["rows"].as_array().map_or(0, Vec::len)).map(|it| it as f64).collect();
            Ok(json!({"range": [1.0, 9.0], "prices": prices}))
        }

        fn request_schema(&self) -> Value {
            json!({"properties": {"rows": {"type": "array", "items": {"type": "object", "properties": {"a": {}}}}}})
        }

        fn example(&self) -> Value {
            json!({"rows": [{"a": 1}]})
        }
    }

    #[test]
    fn a_list_that_happens_to_have_as_many_values_as_there_are_rows_is_none_of_the_rows() {
        let form = Form::of(&Prices);
        for n_rows in 1..4 {
            let answered = form.ask(&Prices, vec![json!({"a": 1}); n_rows], &Context::new("test"));
            let answered = answered.unwrap();
            let want: Vec<f64> = (0..n_rows).map(|it| it as f64).collect();
            assert_eq!(answered.predictions(), json!(want));
            let names: Vec<String> = answered.tensors().into_iter().map(|it| it.0).collect();
            assert_eq!(names, ["prices"]);
        }
    }
}
