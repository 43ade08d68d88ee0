//! The AWS Lambda function: batches, and requests by HTTP.
//!
//! [`run`] answers invocations one after the other: events of the batch contract itself, new objects told by S3 or
//! EventBridge, messages of a queue with any of them; and requests that API Gateway, a function URL or a load
//! balancer hands on, or whoever invokes the function, for its services. Models stay in memory between invocations.
//! A run that cannot end in time is given up before Lambda ends it, and leaves nothing half written.

mod direct;
mod envelope;
mod event;
mod handler;
mod options;
mod services;
#[cfg(test)]
// A test fails by panicking, and writes an event where it is used.
#[allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]
mod tests;

use std::sync::Arc;
use std::time::Instant;

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};

pub use direct::is_envelope;
pub use handler::{Call, Failed, Handler};
pub use options::Options;

use event::Payload;

const BUG: &str = "Internal error; the log has more under this request's id";

/// Answers invocations until Lambda ends the process.
///
/// # Errors
/// The runtime API is not there, or the threads cannot be started.
pub fn run(options: Options) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let handler = Arc::new(Handler::new(options));
    let service = service_fn(move |event: LambdaEvent<Payload>| {
        let handler = Arc::clone(&handler);
        async move {
            let (event, context) = event.into_parts();
            let call = Call {
                request_id: context.request_id,
                trace_id: context.xray_trace_id,
                deadline: context.deadline,
            };
            invoke(handler, event, call).await.map_err(diagnostic)
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(lambda_runtime::run(service))
}

/// One invocation. The engine blocks: it reads, computes and writes on threads of its own.
async fn invoke(
    handler: Arc<Handler>,
    event: Payload,
    call: Call,
) -> Result<serde_json::Value, Failed> {
    let (event, arrived) = (Arc::new(event), Instant::now());
    let until = handler.deadline(&call).into();
    let mut task = tokio::task::spawn_blocking({
        let (handler, event, call) = (Arc::clone(&handler), Arc::clone(&event), call.clone());
        move || handler.receive(&event, &call)
    });
    let done = match tokio::time::timeout_at(until, &mut task).await {
        Ok(done) => done,
        Err(_) => match handler.give_up(&event, &call, arrived) {
            Some(answer) => return Ok(answer),
            None => task.await,
        },
    };
    // Where it panicked stands in the log; the caller is told no more.
    done.unwrap_or_else(|_| Err(Failed { error_type: "InternalError", text: BUG.to_owned() }))
}

fn diagnostic(failed: Failed) -> Diagnostic {
    Diagnostic { error_type: failed.error_type.to_owned(), error_message: failed.text }
}
