//! The Lambda function: the same binary, started by Lambda as `bootstrap`.

use std::env;

use lambda::Options;

use crate::inputs::variables;
use crate::outcome::Failure;

/// Whether Lambda started the process: it names its runtime API and gives no arguments.
pub(crate) fn is_function() -> bool {
    env::var_os("AWS_LAMBDA_RUNTIME_API").is_some() && env::args_os().len() == 1
}

pub(crate) fn run() -> Result<(), Failure> {
    let all: Vec<(String, String)> = variables().collect();
    let options = Options::from_variables(&all)?;
    lambda::run(options).map_err(|err| Failure::Runtime(err.to_string()))
}
