//! Which part of a bundle failed: callers are told what, those who write the bundle also where.

use serde_json::Value;

use super::{Bundle, Step};
use crate::service::Context;
use crate::{Category, Error};

/// Why a request is not answered.
pub(super) enum Failure {
    /// It is not what the bundle takes.
    Request(Error),
    /// A step fails, counted from 0.
    Step(usize, Error),
    /// The response's statement fails.
    Response(Error),
    /// It gives no JSON, said with its place: the bundle is wrong.
    NoJson(String),
    /// None of these.
    Other(Error),
}

impl Failure {
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::NoJson(text) => Error::new(Category::System, text),
            Self::Request(err) | Self::Step(_, err) | Self::Response(err) | Self::Other(err) => err,
        }
    }
}

impl Step {
    /// What messages call it.
    pub(super) fn part(&self) -> String {
        format!("step {}", self.name)
    }
}

impl Bundle {
    /// The answer to the example. Where the example is declared is told if it is refused, else where the step is that
    /// fails.
    pub(in crate::service) fn answer_example(&self, context: &Context) -> Result<Value, Error> {
        self.attempt(&self.example(), context).map_err(|failure| match failure {
            Failure::Request(err) if is_refusal(&err) => {
                let (place, more) = (&self.example_place, "request.example says a better one");
                Error::request(format!("{place}: the example is refused: {err}; {more}"))
            }
            Failure::Step(index, err) if is_refusal(&err) => {
                let Some(step) = self.steps.get(index) else { return err };
                self.fails(&step.place, &step.part(), &err)
            }
            Failure::Response(err) if is_refusal(&err) => {
                let place = self.response.as_ref().map_or("", |it| it.place.as_str());
                self.fails(place, "the response", &err)
            }
            Failure::NoJson(text) => Error::request(text),
            other => other.into_error(),
        })
    }

    /// A part of the bundle fails for the example.
    fn fails(&self, place: &str, part: &str, err: &Error) -> Error {
        let text = err.to_string();
        let text = text.strip_prefix(&format!("{part}: ")).unwrap_or(&text);
        Error::request(match self.example {
            Some(_) => format!("{place}: {part} fails for the example: {text}"),
            None => format!(
                "{place}: {part} fails for an example that is made of what is known: {text}; if it is the example's \
                 fault, request.example says a better one"
            ),
        })
    }
}

fn is_refusal(err: &Error) -> bool {
    matches!(err.category(), Category::Request | Category::Data)
}
