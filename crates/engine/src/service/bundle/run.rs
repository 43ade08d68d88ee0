//! Answering a request: step after step, then the response.

use std::sync::PoisonError;

use serde_json::{Map, Value, json};
use sql::Session;

use super::failure::Failure;
use super::request::{Checked, Request};
use super::response::response;
use super::{Bundle, Step, Work};
use crate::records::{Cell, Columns, RowModel};
use crate::service::Context;
use crate::{Category, Error};

/// More idle sessions than this are dropped.
const MOST_IDLE: usize = 64;

impl Bundle {
    /// Answers a request.
    ///
    /// # Errors
    /// The request is not what the bundle takes; a model refuses a row; SQL takes too long or too much.
    pub(in crate::service) fn answer(
        &self,
        body: &Value,
        context: &Context,
    ) -> Result<Value, Error> {
        self.attempt(body, context).map_err(Failure::into_error)
    }

    /// As [`answer`](Self::answer), telling which part of the bundle fails.
    pub(super) fn attempt(&self, body: &Value, context: &Context) -> Result<Value, Failure> {
        let checked = self.request.check(body, context).map_err(Failure::Request)?;
        let mut session = self.session()?;
        let answer = self.run(checked, context, &mut session);
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        // One that failed may be in the middle of something.
        if answer.is_ok() && pool.len() < MOST_IDLE {
            pool.push(session);
        }
        answer
    }

    fn session(&self) -> Result<Session, Failure> {
        let idle = self.pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(it) => Ok(it),
            None => self.database.session().map_err(|err| Failure::Other(failed("a session")(err))),
        }
    }

    fn run(
        &self,
        checked: Checked,
        context: &Context,
        session: &mut Session,
    ) -> Result<Value, Failure> {
        let Checked { request, input } = checked;
        if self.uses_sql() {
            let own = |_, column| value(request.get(column));
            let filled = session.fill(0, 1, context.deadline, &own);
            filled.map_err(|err| Failure::Other(failed("the table request")(err)))?;
            let columns = self.request.input_positions(&input);
            let cell = |row: usize, column: usize| {
                value(
                    columns.get(column).copied().flatten().and_then(|at| input.column(at).get(row)),
                )
            };
            let filled = session.fill(1, input.n_rows(), context.deadline, &cell);
            filled.map_err(|err| Failure::Other(failed("the table input")(err)))?;
        }
        let mut tables: Vec<Columns> = Vec::with_capacity(1 + self.steps.len());
        tables.push(input);
        for (index, step) in self.steps.iter().enumerate() {
            let result = self
                .step(index, step, &mut tables, session, context)
                .map_err(|err| Failure::Step(index, err))?;
            tables.push(result);
        }
        match &self.response {
            Some(it) => response(session, it, context),
            None => Ok(self.predictions(&tables)),
        }
    }

    /// A step's result, which later statements may read.
    fn step(
        &self,
        index: usize,
        step: &Step,
        tables: &mut [Columns],
        session: &mut Session,
        context: &Context,
    ) -> Result<Columns, Error> {
        let part = step.part();
        let result = match &step.work {
            Work::Sql(sql) => select(session, sql, step, &part, context)?,
            Work::Model { model, from, outputs } => {
                let mut rows = match self.is_last_use(*from, index) {
                    true => tables.get_mut(*from).map(std::mem::take).unwrap_or_default(),
                    false => tables.get(*from).cloned().unwrap_or_default(),
                };
                if rows.n_rows() == 0 {
                    outputs.iter().for_each(|it| rows.put(it, Vec::new()));
                } else {
                    fits(model, &rows)?;
                    model
                        .predict_until(context.deadline, &rows, None)
                        .map_err(|err| late(err, &part))?
                        .into_cells()
                        .for_each(|(name, cells)| rows.put(&name, cells));
                }
                rows
            }
        };
        if let Some(table) = step.fill {
            let cell = |row: usize, column: usize| value(result.column(column).get(row));
            let filled = session.fill(table, result.n_rows(), context.deadline, &cell);
            filled.map_err(failed(&part))?;
        }
        Ok(result)
    }

    fn uses_sql(&self) -> bool {
        self.response.is_some() || self.steps.iter().any(|it| matches!(it.work, Work::Sql(_)))
    }

    /// Whether no later step, and no default response, needs this table.
    fn is_last_use(&self, table: usize, step: usize) -> bool {
        let later = self.steps.get(step + 1..).unwrap_or_default();
        !later.iter().any(|it| matches!(it.work, Work::Model { from, .. } if from == table))
    }

    /// `{"predictions":[…],"count":n}` of the last model's column, or list of columns.
    fn predictions(&self, tables: &[Columns]) -> Value {
        let last = self.steps.iter().enumerate().rev().find_map(|(index, it)| match &it.work {
            Work::Model { outputs, .. } => Some((index + 1, outputs)),
            Work::Sql(_) => None,
        });
        let Some((rows, outputs)) = last.and_then(|(at, outputs)| Some((tables.get(at)?, outputs)))
        else {
            return Value::Null;
        };
        let columns: Vec<&[Cell]> =
            outputs.iter().filter_map(|it| rows.position(it)).map(|at| rows.column(at)).collect();
        let row = |row: usize| match columns.as_slice() {
            [one] => one.get(row).map_or(Value::Null, Cell::to_json),
            many => many.iter().map(|it| it.get(row).map_or(Value::Null, Cell::to_json)).collect(),
        };
        let predictions: Vec<Value> = (0..rows.n_rows()).map(row).collect();
        let mut answer = Map::new();
        answer.insert("predictions".to_owned(), Value::Array(predictions));
        answer.insert("count".to_owned(), json!(rows.n_rows()));
        Value::Object(answer)
    }
}

impl Request {
    /// For each column of the table `input` where it is among the rows' columns.
    fn input_positions(&self, input: &Columns) -> Vec<Option<usize>> {
        self.input_names().map(|it| input.position(it)).collect()
    }
}

fn select(
    session: &mut Session,
    sql: &str,
    step: &Step,
    part: &str,
    context: &Context,
) -> Result<Columns, Error> {
    let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); step.columns.len()];
    let mut add = |column: usize, value: sql::Value<'_>| {
        if let Some(cells) = cells.get_mut(column) {
            cells.push(cell(value));
        }
    };
    let n_rows = session.query(sql, context.deadline, &mut add).map_err(failed(part))?;
    Columns::new(&step.name, n_rows, step.columns.iter().cloned().zip(cells))
}

fn value(cell: Option<&Cell>) -> sql::Value<'_> {
    match cell {
        None | Some(Cell::Null) => sql::Value::Null,
        Some(Cell::Bool(it)) => sql::Value::Integer(i64::from(*it)),
        Some(Cell::Integer(it)) => sql::Value::Integer(*it),
        Some(Cell::Float(it)) => sql::Value::Real(*it),
        Some(Cell::Text(it)) => sql::Value::Text(it),
    }
}

pub(super) fn cell(value: sql::Value<'_>) -> Cell {
    match value {
        sql::Value::Null => Cell::Null,
        sql::Value::Integer(it) => Cell::Integer(it),
        sql::Value::Real(it) => Cell::Float(it),
        sql::Value::Text(it) => Cell::Text(it.into()),
    }
}

/// Refuses other columns than a model takes that knows no names: of rows that are not declared only requests tell.
fn fits(model: &RowModel, rows: &Columns) -> Result<(), Error> {
    let (takes, names) = (model.inputs().len(), rows.names());
    if model.knows_names() || takes == 0 || takes == names.len() {
        return Ok(());
    }
    let (has, names) = (names.len(), names.join(", "));
    let text = format!(
        "the model takes {takes} columns and does not say which, the rows have {has}: {names}"
    );
    Err(Error::new(Category::Data, text))
}

/// Why SQL failed in a part of the bundle. What a result cannot have, the rows are to blame for.
pub(super) fn failed(part: &str) -> impl Fn(sql::Error) -> Error {
    move |err| match err.kind() {
        sql::Kind::Data => Error::caused(Category::Data, "", err),
        sql::Kind::TooMuch | sql::Kind::NoValue => {
            Error::caused(Category::Data, &format!("{part}: "), err)
        }
        sql::Kind::Late => Error::caused(Category::Late, &format!("{part}: "), err),
        sql::Kind::Wrong | sql::Kind::Failed => Error::caused(Category::System, "", err),
    }
}

/// Which part of the bundle takes too long, for those who run it and those who call it.
fn late(err: Error, part: &str) -> Error {
    match err.category() {
        Category::Late => Error::caused(Category::Late, &format!("{part}: "), err),
        _ => err,
    }
}
