//! `pythia inspect`.

use std::io::{self, Write};

use engine::{Category, Inspection, Part, Table, TableColumn, Tensor, parse_location};

use crate::args::Inspect;
use crate::outcome::Failure;
use crate::progress::grouped;

/// More names than this are counted, not listed.
const SHOWN_NAMES: usize = 12;

pub(crate) fn run(args: &Inspect) -> Result<(), Failure> {
    let found = engine::inspect(&parse_location(&args.model)?, &args.config.read()?)?;
    let text = if args.json {
        let json = serde_json::to_string_pretty(&found).map_err(io::Error::other)?;
        format!("{json}\n")
    } else {
        page(&found)
    };
    io::stdout().write_all(text.as_bytes())?;
    if found.supported { Ok(()) } else { Err(Failure::Said(Category::Model)) }
}

fn page(found: &Inspection) -> String {
    let mut text = format!(
        "{}: {} bytes, {} Python objects\n\n",
        found.file,
        grouped(found.bytes as u64),
        grouped(found.objects as u64)
    );
    part(&found.root, 0, &mut text);
    tensors(found, &mut text);
    if !found.foreign.is_empty() {
        text.push_str("\nAlso named in the file, kept as data and never run:\n");
    }
    for it in &found.foreign {
        let offset = it.offset.map_or(String::new(), |it| format!(" (byte {it:#x})"));
        text.push_str(&format!("  {} at {}{offset}\n", it.class, it.path));
    }
    for warning in &found.warnings {
        text.push_str(&format!("\nWarning: {warning}\n"));
    }
    if found.supported {
        return text;
    }
    text.push_str("\nNot supported:\n");
    for problem in &found.problems {
        text.push_str(&format!("  {problem}\n"));
    }
    text
}

fn tensors(found: &Inspection, text: &mut String) {
    if found.tensors.is_empty() {
        return;
    }
    let shape = |it: &Tensor| {
        let axes: Vec<String> = it.shape.iter().map(ToString::to_string).collect();
        if axes.is_empty() { "one number".to_owned() } else { axes.join(" × ") }
    };
    let count = grouped(found.tensors.len() as u64);
    let n_numbers = found.tensors.iter().map(|it| it.shape.iter().product::<usize>() as u64).sum();
    text.push_str(&format!("\nTensors: {count} of {} numbers in all\n", grouped(n_numbers)));
    let width = found.tensors.iter().map(|it| it.name.len()).max().unwrap_or(0);
    for it in &found.tensors {
        text.push_str(&format!("  {:<width$}  {}  {}\n", it.name, it.dtype, shape(it)));
    }
}

fn part(it: &Part, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let name = if it.name.is_empty() { String::new() } else { format!("{}: ", it.name) };
    let count = if it.count == 1 { String::new() } else { format!("{} × ", it.count) };
    let version = it.version.as_ref().filter(|_| depth == 0);
    let version = version.map_or(String::new(), |it| format!(" (scikit-learn {it})"));
    text.push_str(&format!("{indent}{name}{count}{}{version}\n", it.class));
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            text.push_str(&format!("{indent}  {label}: {value}\n"));
        }
    };
    line("methods", it.methods.join(", "));
    if let Some(n) = it.n_features_in {
        let names = listed(&it.feature_names);
        line(
            "takes",
            if names.is_empty() { columns(n) } else { format!("{}: {names}", columns(n)) },
        );
    }
    for classes in &it.classes {
        line("classes", listed(classes));
    }
    let parameters: Vec<String> =
        it.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if it.count == 1 {
        line("parameters", parameters.join(", "));
    }
    if let Some(it) = &it.table {
        table(it, &mut line);
    }
    for child in &it.parts {
        part(child, depth + 1, text);
    }
}

fn table(it: &Table, line: &mut dyn FnMut(&str, String)) {
    let column = |it: &TableColumn| match &it.name {
        Some(name) => format!("{name} ({})", it.kind),
        None => it.kind.to_owned(),
    };
    let keys: Vec<String> = it.keys.iter().map(column).collect();
    line("keys", format!("{}, {} in all", keys.join(" and "), grouped(it.n_rows as u64)));
    line("values", column(&it.values));
    line("an unknown key", it.default.clone().unwrap_or_else(|| "missing".to_owned()));
    let cell = |it: &Option<String>| it.clone().unwrap_or_else(|| "missing".to_owned());
    let row = |row: &Vec<Option<String>>| {
        let cells: Vec<String> = row.iter().map(cell).collect();
        match cells.split_last() {
            Some((value, keys)) => format!("{} -> {value}", keys.join(", ")),
            None => String::new(),
        }
    };
    let rows: Vec<String> = it.first.iter().map(row).collect();
    let more = if it.first.len() < it.n_rows { "; …" } else { "" };
    line("rows", format!("{}{more}", rows.join("; ")));
}

fn columns(n: usize) -> String {
    format!("{n} column{}", if n == 1 { "" } else { "s" })
}

fn listed(names: &[String]) -> String {
    match names.get(..SHOWN_NAMES) {
        Some(first) if SHOWN_NAMES < names.len() => {
            format!("{}, … ({} in all)", first.join(", "), names.len())
        }
        _ => names.join(", "),
    }
}
