//! Opening a bundle: files are read, tables filled, SQL checked. Everything wrong is told at once.

mod models;
mod request;
mod statements;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;
use sql::Draft;
use storage::Location;
use toml::de::DeTable;

use super::document::{Node, Source};
use super::files::{FILE, Files};
use super::request::Request;
use super::spec::{Spec, WorkSpec};
use super::tables::TableFacts;
use super::{Bundle, Response, Step, tables};
use crate::problems::Problems;
use crate::records::RowModel;
use crate::{Category, Error, Settings};

/// Where the table `input` is among those that are known: behind `request`.
const INPUT: usize = 1;

/// A bundle while it is opened.
struct Opening<'a> {
    source: &'a Source,
    problems: &'a RefCell<Problems>,
    files: &'a Files,
    settings: &'a Settings,
    draft: Draft,
    /// Names of tables, and the columns they have.
    known: Vec<(String, Vec<String>)>,
    /// Tables that statements read, in lower case.
    read: Vec<String>,
    /// Tables and steps that are wrong, so that nothing more is said of what reads them.
    failed: Vec<String>,
    /// The step before.
    previous: Option<String>,
    facts: Vec<TableFacts>,
}

impl Bundle {
    /// Opens the bundle in a folder.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its place; a file cannot be read.
    pub(in crate::service) fn open(folder: &Location, settings: &Settings) -> Result<Self, Error> {
        let files = Files::new(folder);
        if let Location::Local(path) = folder
            && path.is_file()
        {
            let text = format!("{folder} is a file; a bundle is a folder with a {FILE}");
            return Err(Error::request(text));
        }
        let location = files.locate(FILE).map_err(Error::request)?;
        let source = Source { name: FILE.to_owned(), text: files.text(&location, settings)? };
        Self::of_text(&source, files, settings)
    }

    fn of_text(source: &Source, files: Files, settings: &Settings) -> Result<Self, Error> {
        let problems = RefCell::new(Problems::default());
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        for err in &errors {
            let at = err.span().map_or(0, |it| it.start);
            problems.borrow_mut().add(|| format!("{}: {}", source.place(at), err.message()));
        }
        refuse(&problems)?;
        let settings = &with_classes(settings, &Node::root(source, &table, &problems));
        let spec = Spec::read(&Node::root(source, &table, &problems));
        let draft = Draft::new(settings.limits.sql).map_err(failed)?;
        let mut opening = Opening {
            source,
            problems: &problems,
            files: &files,
            settings,
            draft,
            known: Vec::new(),
            read: Vec::new(),
            failed: spec.wrong_tables.clone(),
            previous: None,
            facts: Vec::new(),
        };
        let made = opening.make(spec);
        refuse(&problems)?;
        let Opening { draft, facts, .. } = opening;
        let (request, steps, response, name, example) = made;
        let example_place = source.place(request.spec.example_at);
        let database = draft.finish().map_err(failed)?;
        Ok(Self {
            name,
            request,
            steps,
            response,
            example,
            example_place,
            made_example: OnceLock::new(),
            response_schema: OnceLock::new(),
            tables: facts,
            database,
            pool: Mutex::default(),
            files,
        })
    }
}

type Made = (Request, Vec<Step>, Option<Response>, Option<String>, Option<Value>);

/// The settings with the stand-ins that the bundle's `[classes]` name besides.
fn with_classes(settings: &Settings, root: &Node<'_>) -> Settings {
    let mut settings = settings.clone();
    let Some(classes) = root.table("classes") else { return settings };
    for (path, stand_in) in classes.entries() {
        let added = match stand_in.get_ref().as_str() {
            Some(it) => settings.add_class(&path.value, it),
            None => Err(format!("{}: a text is expected", path.value)),
        };
        if let Err(text) = added {
            classes.wrong(stand_in.span(), &format!("[classes] {text}"));
        }
    }
    settings
}

/// # Errors
/// All problems so far.
fn refuse(problems: &RefCell<Problems>) -> Result<(), Error> {
    problems.borrow().none_between(Category::Request, "\n")
}

fn failed(err: sql::Error) -> Error {
    Error::caused(Category::System, "", err)
}

impl Opening<'_> {
    fn wrong(&self, span: &Range<usize>, text: &str) {
        self.problems.borrow_mut().add(|| format!("{}: {text}", self.source.place(span.start)));
    }

    fn make(&mut self, spec: Spec) -> Made {
        for table in &spec.tables {
            let name = &table.name.value;
            if ["request", "input"].contains(&name.to_lowercase().as_str()) {
                let text = format!("{name} is what the request's own table is called");
                self.wrong(&table.name.span, &text);
                self.failed.push(name.clone());
                continue;
            }
            let done =
                self.files.locate(&table.file.value).map_err(Error::request).and_then(|it| {
                    self.files.note(&it, self.settings)?;
                    tables::load(table, &it, &mut self.draft, self.settings)
                });
            match done {
                Ok(facts) => self.facts.push(facts),
                Err(err) => {
                    self.wrong(&table.file.span, &format!("table {}: {err}", table.name.value));
                    self.failed.push(table.name.value.clone());
                }
            }
        }
        let models: Vec<Option<Arc<RowModel>>> = spec
            .steps
            .iter()
            .map(|it| match &it.work {
                WorkSpec::Model(model) => self.model(model),
                WorkSpec::Sql(_) | WorkSpec::Wrong => None,
            })
            .collect();
        let request = self.request(&spec, &models);
        let tables = [request.request_table(), request.input_table()];
        for table in &tables {
            self.temporary(table, &(spec.request.example_at..0));
        }
        let Spec { name, steps: all, response, has_response, .. } = spec;
        // What is wrong may have been meant to be a model.
        let has_model = all.iter().any(|it| !matches!(it.work, WorkSpec::Sql(_)));
        let mut steps = Vec::new();
        for (spec, model) in all.into_iter().zip(models) {
            let step = match (&spec.work, model) {
                (WorkSpec::Sql(sql), _) => self.sql_step(sql, &spec.name),
                (WorkSpec::Model(model), Some(loaded)) => {
                    self.model_step(model, loaded, &spec.name, &request)
                }
                (WorkSpec::Model(_), None) | (WorkSpec::Wrong, _) => None,
            };
            self.previous = Some(spec.name.value.clone());
            let Some(step) = step else {
                self.failed.push(spec.name.value.clone());
                continue;
            };
            let columns = step.columns.iter().map(|it| sql::Column::new(it, sql::Affinity::None));
            let table = sql::Table::new(&spec.name.value, columns);
            self.temporary(&table, &spec.span);
            steps.push(step);
        }
        let response = match &response {
            Some(it) => self.response(it),
            None => {
                if !has_model && !has_response {
                    self.wrong(
                        &(0..0),
                        "there is no [response], and no model whose predictions could be one",
                    );
                }
                None
            }
        };
        for (index, step) in steps.iter_mut().enumerate() {
            // The tables request and input come first.
            step.fill = self.read.contains(&step.name.to_lowercase()).then_some(index + 2);
        }
        let example = self.example(&request);
        (request, steps, response, name, example)
    }

    fn temporary(&mut self, table: &sql::Table, span: &Range<usize>) {
        if let Err(err) = self.draft.temporary(table) {
            self.wrong(span, &err.to_string());
            self.failed.push(table.name.clone());
        }
        let columns = table.columns.iter().map(|it| it.name.clone()).collect();
        self.known.push((table.name.clone(), columns));
    }
}
