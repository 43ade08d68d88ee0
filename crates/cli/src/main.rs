//! The pythia command.
fn main() {}
