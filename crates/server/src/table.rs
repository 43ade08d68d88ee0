//! `/predict` with a CSV: the table comes back with its predictions, as the command writes it.

use engine::records::CsvOptions;
use engine::{Context, Method};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::app::{Reply, Request};
use crate::lists::MAX_ANSWER;
use crate::{Endpoint, Failure, body};

/// Whether the body is a CSV.
pub(crate) fn is_csv(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("text/csv")
}

/// Answers a CSV with its rows and their predictions. The query may name the `column` and the `method`.
pub(crate) fn answer(
    service: &dyn Endpoint,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    let Some(model) = service.only_model() else {
        let text = "This service takes JSON; only one of a model alone takes text/csv";
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    };
    let mut options =
        CsvOptions { max_bytes: MAX_ANSWER, deadline: context.deadline, ..CsvOptions::default() };
    let query = body::query(request.uri().query().unwrap_or_default())?;
    for (name, value) in &query {
        let value = value.as_str().unwrap_or_default();
        match name.as_str() {
            "column" if !value.is_empty() => options.column = Some(value.to_owned()),
            "method" => options.method = Some(method(value)?),
            _ => {
                return Err(Failure::bad(format!(
                    "The query has {name}={value}; it may have column and method"
                )));
            }
        }
    }
    let (csv, report) =
        model.predict_csv(request.body().to_vec(), &options).map_err(|err| Failure::of(&err))?;
    Ok(Reply { rows: report.n_rows, ..Reply::of("text/csv; charset=utf-8", csv) })
}

/// A method by its name in Python.
pub(crate) fn method(name: &str) -> Result<Method, Failure> {
    Method::parse(name).ok_or_else(|| Failure::bad(format!("There is no method {name}")))
}
