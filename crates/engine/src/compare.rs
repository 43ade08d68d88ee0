//! One answer beside Python's, which stands in a table as text.

use table::csv::{is_missing_word, write_f32, write_f64};

use crate::columns::Written;

/// How an answer differs from Python's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Difference {
    /// Not at all: the same label, the same number.
    None,
    /// Another label; a number that is missing or infinite on one side alone.
    Flip,
    /// Two numbers that are not the same.
    Numbers {
        /// How many floats of the answer's width lie between them, and one.
        ulp: u64,
        /// Relative to the larger magnitude.
        relative: f64,
    },
}

/// How row `row` of `answers` differs from `want`, Python's answer; `None` is a missing cell.
pub(crate) fn difference(answers: &Written, row: usize, want: Option<&str>) -> Difference {
    match answers {
        Written::Float(it) => doubles(it[row], want),
        Written::Float32(it) => singles(it[row], want),
        Written::Int(it) => labels(&it[row].to_string(), want),
        Written::Bool(it) => labels(if it[row] { "True" } else { "False" }, want),
        Written::Labels(codes, labels_of) => labels(&labels_of[codes[row] as usize], want),
        Written::Text(it) => match (it.get(row), want) {
            (None, None) => Difference::None,
            (Some(ours), want) => labels(ours, want),
            (None, Some(_)) => Difference::Flip,
        },
    }
}

/// Row `row` of `answers` as the table would hold it.
pub(crate) fn shown(answers: &Written, row: usize) -> String {
    let mut text = Vec::new();
    match answers {
        Written::Float(it) => write_f64(it[row], &mut text),
        Written::Float32(it) => write_f32(it[row], &mut text),
        Written::Int(it) => return it[row].to_string(),
        Written::Bool(it) => return if it[row] { "True" } else { "False" }.to_owned(),
        Written::Labels(codes, labels) => return labels[codes[row] as usize].clone(),
        Written::Text(it) => return it.get(row).unwrap_or_default().to_owned(),
    }
    String::from_utf8(text).unwrap_or_default()
}

fn doubles(ours: f64, want: Option<&str>) -> Difference {
    let Some(want) = number(want) else { return Difference::Flip };
    let ulp = steps(ordered(ours.to_bits() as i64), ordered(want.to_bits() as i64));
    numbers(ours, want, ulp)
}

/// Both as `float32`: a table may hold the number with more digits.
fn singles(ours: f32, want: Option<&str>) -> Difference {
    let Some(want) = number(want).map(|it| it as f32) else { return Difference::Flip };
    let place = |x: f32| ordered_single(x.to_bits() as i32);
    numbers(f64::from(ours), f64::from(want), steps(place(ours), place(want)))
}

fn numbers(ours: f64, want: f64, ulp: u64) -> Difference {
    if ours == want || (ours.is_nan() && want.is_nan()) {
        return Difference::None;
    }
    if !ours.is_finite() || !want.is_finite() {
        return Difference::Flip;
    }
    // Halves, so that the difference of two huge numbers is no infinity.
    let largest = ours.abs().max(want.abs());
    Difference::Numbers { ulp, relative: 2.0 * ((ours / 2.0 - want / 2.0).abs() / largest) }
}

/// A cell as a number; a missing one is NaN.
fn number(cell: Option<&str>) -> Option<f64> {
    match cell.map(str::trim) {
        None => Some(f64::NAN),
        Some("True") => Some(1.0),
        Some("False") => Some(0.0),
        Some(it) => it.parse().ok(),
    }
}

/// Labels are the same if their texts are, or the numbers they spell: 1 and 1.0, True and 1.
fn labels(ours: &str, want: Option<&str>) -> Difference {
    let same = match want {
        Some(want) => {
            want == ours || number(Some(ours)).is_some_and(|it| number(Some(want)) == Some(it))
        }
        None => is_missing_word(ours.as_bytes()),
    };
    if same { Difference::None } else { Difference::Flip }
}

/// A float's place among all floats, from its bits; both zeros are 0.
fn ordered(bits: i64) -> i64 {
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}

fn ordered_single(bits: i32) -> i64 {
    i64::from(if bits < 0 { i32::MIN.wrapping_sub(bits) } else { bits })
}

fn steps(a: i64, b: i64) -> u64 {
    a.abs_diff(b)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn double(ours: f64, want: &str) -> Difference {
        difference(&Written::Float(Arc::new(vec![ours])), 0, Some(want).filter(|it| !it.is_empty()))
    }

    #[test]
    fn equal_numbers_do_not_differ_however_they_are_spelled() {
        for (ours, want) in [(0.1, "0.1"), (1e-5, "0.00001"), (-0.0, "0"), (f64::INFINITY, "inf")] {
            assert_eq!(double(ours, want), Difference::None, "{ours} {want}");
        }
        assert_eq!(double(f64::NAN, ""), Difference::None);
        let single = Written::Float32(vec![0.1]);
        assert_eq!(difference(&single, 0, Some("0.10000000149011612")), Difference::None);
    }

    #[test]
    fn a_step_is_one_ulp_also_across_zero() {
        let next = f64::from_bits(1.0_f64.to_bits() + 1);
        assert_eq!(
            double(next, "1.0"),
            Difference::Numbers { ulp: 1, relative: f64::EPSILON / next }
        );
        let tiny = f64::from_bits(1);
        let Difference::Numbers { ulp, .. } = double(tiny, "-5e-324") else { unreachable!() };
        assert_eq!(ulp, 2);
    }

    #[test]
    fn what_is_no_number_on_one_side_alone_is_a_flip() {
        for (ours, want) in [(1.0, ""), (f64::NAN, "1"), (f64::INFINITY, "1"), (1.0, "one")] {
            assert_eq!(double(ours, want), Difference::Flip, "{ours} {want}");
        }
    }

    #[test]
    fn labels_are_compared_as_texts_and_as_numbers() {
        let labels = Written::Labels(vec![0, 1], ["1", "NA"].map(String::from).into());
        assert_eq!(difference(&labels, 0, Some("1.0")), Difference::None);
        assert_eq!(difference(&labels, 0, Some("2")), Difference::Flip);
        assert_eq!(difference(&labels, 1, None), Difference::None, "pandas reads NA as missing");
    }
}
