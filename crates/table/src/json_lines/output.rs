//! Values out, as JSON: numbers as Python's `repr`, a number that JSON does not have as `null`.

use std::io::Write;

use crate::csv::{Values, write_f32, write_f64};

/// Appends row `row` of an output.
pub(crate) fn write(values: &Values<'_>, row: usize, out: &mut Vec<u8>) {
    match values {
        Values::Float64(all) => match all.get(row) {
            Some(value) if value.is_finite() => write_f64(*value, out),
            _ => null(out),
        },
        Values::Float32(all) => match all.get(row) {
            Some(value) if value.is_finite() => write_f32(*value, out),
            _ => null(out),
        },
        Values::Int(all) => match all.get(row) {
            // Writing to memory cannot fail.
            Some(value) => drop(write!(out, "{value}")),
            None => null(out),
        },
        Values::Bool(all) => match all.get(row) {
            Some(true) => out.extend_from_slice(b"true"),
            Some(false) => out.extend_from_slice(b"false"),
            None => null(out),
        },
        Values::Codes { codes, labels } => {
            let label = codes.get(row).and_then(|&code| labels.get(code as usize));
            text(label.map(String::as_str), out);
        }
        Values::Text(all) => text(all.get(row), out),
    }
}

fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// Appends a string of JSON; `null` if there is none.
pub(crate) fn text(text: Option<&str>, out: &mut Vec<u8>) {
    match text {
        // Writing to memory cannot fail, and text is always JSON.
        Some(text) => drop(serde_json::to_writer(out, text)),
        None => null(out),
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::csv::{TextColumn, Values};

    #[test]
    fn what_json_does_not_have_is_null() {
        let texts: TextColumn = [Some("a\"é\n"), None].into_iter().collect();
        let all = [
            Values::Float64(&[1e16, f64::NAN]),
            Values::Float64(&[f64::NEG_INFINITY, 5.0]),
            Values::Float32(&[0.1, f32::INFINITY]),
            Values::Int(&[-3, 4]),
            Values::Bool(&[true, false]),
            Values::Text(&texts),
        ];
        let row = |row| {
            let mut out = Vec::new();
            for values in &all {
                write(values, row, &mut out);
                out.push(b' ');
            }
            String::from_utf8(out).unwrap()
        };
        assert_eq!(row(0), "1e+16 null 0.1 -3 true \"a\\\"é\\n\" ");
        assert_eq!(row(1), "null 5.0 null 4 false null ");
    }
}
