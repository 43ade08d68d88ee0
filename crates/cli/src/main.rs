//! The `pythia` command. It reads arguments, prints, and exits; everything else is the engine's.

mod args;
mod bootstrap;
mod check;
mod completions;
mod inputs;
mod inspect;
mod invoke;
mod outcome;
mod package;
mod predict;
mod progress;
mod serve;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

fn main() -> ExitCode {
    if bootstrap::is_function() {
        return outcome::exit(bootstrap::run());
    }
    let done = match Args::parse().command {
        Command::Predict(it) => predict::run(&it),
        Command::Verify(it) => verify::run(&it),
        Command::Serve(it) => serve::run(&it),
        Command::Check(it) => check::run(&it),
        Command::Invoke(it) => invoke::run(&it),
        Command::Inspect(it) => inspect::run(&it),
        Command::Package(it) => package::run(&it),
        Command::Completions(it) => completions::run(&it),
    };
    outcome::exit(done)
}
