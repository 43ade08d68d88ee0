//! How a command ends: printing that may fail, errors on standard error, one exit code per category.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use engine::Category;

/// Why a command did not succeed.
pub(crate) enum Failure {
    /// An error to print.
    Error(engine::Error),
    /// The command has said all there is to say.
    Said(Category),
    /// Answers are not as expected, and the command has said which.
    Differs,
    /// A file that is missing or may not be used; the text names it.
    File(String),
    /// What cannot happen.
    Bug(String),
    /// The function's runtime is not there.
    Runtime(String),
    /// The server cannot run.
    Server(String),
    /// Standard output is closed: whoever read it has enough.
    Closed(io::Error),
}

impl From<engine::Error> for Failure {
    fn from(err: engine::Error) -> Self {
        Self::Error(err)
    }
}

impl From<io::Error> for Failure {
    fn from(err: io::Error) -> Self {
        Self::Closed(err)
    }
}

/// The exit code of a command's result; an error is printed.
pub(crate) fn exit(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Said(category)) => ExitCode::from(category.answer().exit_code),
        Err(Failure::Differs) => ExitCode::from(6),
        Err(Failure::File(text)) => complain(&text, Category::Storage.answer().exit_code),
        Err(Failure::Bug(text)) => complain(&text, Category::System.answer().exit_code),
        Err(Failure::Runtime(text)) => complain(&format!("the Lambda runtime: {text}"), 1),
        Err(Failure::Server(text)) => complain(&text, 1),
        Err(Failure::Closed(err)) if err.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Closed(err)) => complain(&format!("cannot print: {err}"), 1),
        Err(Failure::Error(err)) => complain(&err.to_string(), err.category().answer().exit_code),
    }
}

/// Warnings on standard error.
pub(crate) fn warn(warnings: &[String], quiet: bool) {
    for text in warnings.iter().filter(|_| !quiet) {
        // If standard error is closed, nobody wants them.
        let _ = writeln!(io::stderr(), "warning: {text}");
    }
}

fn complain(text: &str, code: u8) -> ExitCode {
    // If standard error is closed too, the exit code has to do.
    let _ = writeln!(io::stderr(), "error: {text}");
    ExitCode::from(code)
}
