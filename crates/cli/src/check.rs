//! `pythia check`.

use std::io::{self, Write};
use std::time::Instant;

use engine::records::Input;
use engine::{Context, Service, Settings, json_text, parse_location};

use crate::args::Check;
use crate::inputs::storage;
use crate::outcome::{Failure, warn};

/// So much of the example's answer is shown.
const SHOWN_CHARACTERS: usize = 300;

pub(crate) fn run(args: &Check) -> Result<(), Failure> {
    let settings = Settings { storage: storage(), ..Settings::default() };
    let service = Service::open(&parse_location(&args.bundle)?, &settings)?;
    let started = Instant::now();
    let answer = service.answer_example(&Context::new("check"));
    let took = started.elapsed();
    print(&service)?;
    let text = json_text(&answer?);
    let shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
    let rest = if shown.len() < text.len() { "…" } else { "" };
    writeln!(
        io::stdout(),
        "example  answered in {:.1} ms: {shown}{rest}",
        took.as_secs_f64() * 1e3
    )?;
    Ok(())
}

/// An input's name, with its shape if it is a window.
fn named(input: &Input) -> String {
    let axes: Vec<String> = input.shape.iter().map(ToString::to_string).collect();
    if axes.is_empty() {
        input.name.clone()
    } else {
        format!("{} ({})", input.name, axes.join(" x "))
    }
}

fn print(service: &Service) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (name, path) = (service.name(), server::fit_name(&service.name()));
    let paths = if name == path { String::new() } else { format!(" (in paths {path})") };
    writeln!(out, "service  {name}{paths}")?;
    for model in service.models() {
        let card = model.card();
        let names: Vec<String> = model.inputs().iter().map(named).collect();
        let source = model.source();
        let (file, class) = (source.model.file_name(), &card.class);
        writeln!(out, "model    {file}: {class}, {} of {}", card.method, names.join(", "))?;
        warn(&card.warnings, false);
    }
    writeln!(out, "tables   {} bytes in memory", service.table_bytes())
}
