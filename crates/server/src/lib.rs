//! Requests to responses, whoever carries them.
//!
//! [`App::answer`] is a function from a request to a response, without input or output of its own: routes,
//! protocols, keys, cross-origin headers, errors, metrics. [`serve`] runs it on a socket; the Lambda function runs
//! it on events. Both therefore answer the same.

mod app;
mod body;
mod card;
mod closed;
mod compression;
mod dispatch;
mod endpoint;
mod failure;
mod health;
mod key;
mod lists;
mod log;
mod metrics;
mod openapi;
mod origin;
mod page;
mod predict;
mod protocols;
mod request_id;
mod respond;
mod route;
mod services;
mod socket;
mod table;

pub use app::{App, AppOptions, Arrival, Request, Response};
pub use endpoint::Endpoint;
pub use failure::Failure;
pub use log::{Level, Log};
pub use origin::Origins;
pub use services::{fit_name, open, open_all, open_artifacts, split_names};
pub use socket::{ServeError, SocketOptions, serve, serve_until};
