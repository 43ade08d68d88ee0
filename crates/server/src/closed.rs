//! Answers while the services cannot be opened: their names are not known, so any name in a path may be one.

use std::sync::Arc;

use engine::{Context, Error};
use serde_json::Value;

use crate::app::Reply;
use crate::route::{Route, Target};
use crate::{App, Arrival, Endpoint, Failure, Request, Response, health, page, respond};

/// A service that may be there, by the name that a path has for it.
struct Unknown(String);

impl Endpoint for Unknown {
    fn name(&self) -> &str {
        &self.0
    }

    fn answer(&self, _: &Value, _: &Context) -> Result<Value, Error> {
        Err(Error::request("the service is not open"))
    }
}

impl App {
    /// Answers a request with this app, which has no services because they could not be opened. `open` is tried only for
    /// a request that may be answered and needs them; `None` if it opened them, and another app answers.
    #[must_use]
    pub fn answer_closed(
        &self,
        request: &Request,
        arrival: &Arrival,
        open: impl FnOnce() -> Result<(), Failure>,
    ) -> Option<Response> {
        let route = Route::of(request.uri().path(), &unknown(request.uri().path()));
        let running = crate::app::Running { route, ..self.run(request, arrival) };
        let needed = match self.admit(request, arrival, route) {
            Ok(Some(route)) => Some(route.target).filter(|it| needs_services(*it, request)),
            _ => None,
        };
        let done = match needed {
            None => self.reply(&running),
            Some(target) => {
                let fault = open().err()?;
                match of_health(target) {
                    Some(reply) => {
                        respond::tell(&running.log, &fault);
                        Ok(reply)
                    }
                    None => Err(fault),
                }
            }
        };
        Some(self.finish(&running, done))
    }
}

/// Services of all the names that a path may mean.
fn unknown(path: &str) -> Vec<Arc<dyn Endpoint>> {
    let path = engine::percent_decoded(path).unwrap_or_default();
    let names = path.split('/').map(|it| it.strip_suffix(":predict").unwrap_or(it));
    let names = names.filter(|it| !it.is_empty());
    // No path has more parts.
    names.take(8).map(|it| Arc::new(Unknown(it.to_owned())) as Arc<dyn Endpoint>).collect()
}

fn needs_services(target: Target, request: &Request) -> bool {
    match target {
        Target::Page => !page::is_for_people(request.headers()),
        Target::Asset(_) | Target::Live | Target::Metrics | Target::Inference => false,
        _ => true,
    }
}

/// What health checks say then.
fn of_health(target: Target) -> Option<Reply> {
    match target {
        Target::Health => Some(health::closed()),
        Target::Ready => Some(health::ready(true)),
        _ => None,
    }
}
