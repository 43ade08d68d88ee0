//! What a model's objective makes of the sums of its trees.
//!
//! | `objective=` in the text                                                        | prediction                |
//! |---------------------------------------------------------------------------------|---------------------------|
//! | none, `none`, `null`, `custom`, `na`, `lambdarank`, `rank_xendcg`               | the sum                   |
//! | `regression`, `regression_l1`, `huber`, `fair`, `quantile`, `mape`              | the sum                   |
//! | these but `huber`, with `sqrt`                                                  | the sum squared, its sign |
//! | `poisson`, `gamma`, `tweedie`                                                   | exp(sum)                  |
//! | `binary sigmoid:s`, `multiclassova num_class:k sigmoid:s`                       | 1 / (1 + exp(-s sum))     |
//! | `cross_entropy`                                                                 | 1 / (1 + exp(-sum))       |
//! | `cross_entropy_lambda`                                                          | log1p(exp(sum))           |
//! | the same before 3.3                                                             | log(1 + exp(sum))         |
//! | `multiclass num_class:k`                                                        | softmax                   |
//!
//! Source of truth: `ConvertOutput` in LightGBM's `src/objective`, `Softmax` in `utils/common.h`.

use kernels::exp::exp;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Objective {
    Identity,
    SignedSquare,
    Exp,
    Sigmoid(f64),
    LogOnePlusExp,
    LogOfSum,
    Softmax,
}

impl Objective {
    /// From the words of the line; `None` if the objective is unknown.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let name = words.next().unwrap_or("none");
        let options: Vec<&str> = words.collect();
        let sqrt = options.contains(&"sqrt");
        match name {
            "regression"
            | "regression_l1"
            | "fair"
            | "quantile"
            | "mape"
            | "mean_absolute_percentage_error"
                if sqrt =>
            {
                Some(Self::SignedSquare)
            }
            "none"
            | "null"
            | "custom"
            | "na"
            | "lambdarank"
            | "rank_xendcg"
            | "xendcg"
            | "regression"
            | "regression_l1"
            | "huber"
            | "fair"
            | "quantile"
            | "mape"
            | "mean_absolute_percentage_error" => Some(Self::Identity),
            "poisson" | "gamma" | "tweedie" => Some(Self::Exp),
            "binary" | "multiclassova" => slope(&options).map(Self::Sigmoid),
            "cross_entropy" | "xentropy" => Some(Self::Sigmoid(1.0)),
            "cross_entropy_lambda" | "xentlambda" => Some(Self::LogOnePlusExp),
            "multiclass" => Some(Self::Softmax),
            _ => None,
        }
    }

    /// Sums of each column to predictions, in place.
    pub(super) fn convert(self, columns: &mut [Vec<f64>]) {
        match self {
            Self::Softmax => softmax(columns),
            _ => columns.iter_mut().for_each(|it| self.convert_column(it)),
        }
    }

    fn convert_column(self, sums: &mut [f64]) {
        match self {
            Self::Identity | Self::Softmax => {}
            Self::SignedSquare => sums.iter_mut().for_each(|x| *x = sign(*x) * *x * *x),
            Self::Exp => exp(sums),
            Self::Sigmoid(slope) => {
                sums.iter_mut().for_each(|x| *x *= -slope);
                exp(sums);
                sums.iter_mut().for_each(|x| *x = 1.0 / (1.0 + *x));
            }
            Self::LogOnePlusExp => {
                exp(sums);
                sums.iter_mut().for_each(|x| *x = x.ln_1p());
            }
            Self::LogOfSum => {
                exp(sums);
                sums.iter_mut().for_each(|x| *x = (1.0 + *x).ln());
            }
        }
    }
}

fn sign(x: f64) -> f64 {
    f64::from(i8::from(0.0 < x) - i8::from(x < 0.0))
}

/// The number after `sigmoid:`, 1 if there is none.
fn slope(options: &[&str]) -> Option<f64> {
    let found = options.iter().find_map(|it| it.strip_prefix("sigmoid:"));
    found.map_or(Some(1.0), short_float).filter(|it| 0.0 < *it && it.is_finite())
}

/// A short decimal number as LightGBM's `Atof` reads it: whole part and fraction one by one.
fn short_float(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || 15 < fraction.len() || fraction.is_empty() {
        return text.parse().ok();
    }
    let scale = 10_f64.powi(fraction.len() as i32);
    Some(whole.parse::<f64>().unwrap_or(0.0) + fraction.parse::<f64>().ok()? / scale)
}

fn softmax(columns: &mut [Vec<f64>]) {
    let Some((first, others)) = columns.split_first() else { return };
    let mut tops = first.clone();
    for column in others {
        // As `std::max(x, top)`: `x` unless it is smaller.
        tops.iter_mut().zip(column).for_each(|(top, x)| *top = if *x < *top { *top } else { *x });
    }
    let mut totals = vec![0.0; tops.len()];
    for column in &mut *columns {
        column.iter_mut().zip(&tops).for_each(|(x, top)| *x -= top);
        exp(column);
        totals.iter_mut().zip(column).for_each(|(total, x)| *total += *x);
    }
    for column in columns {
        column.iter_mut().zip(&totals).for_each(|(x, total)| *x /= total);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_objective_is_known_by_its_words() {
        assert_eq!(Objective::parse("regression"), Some(Objective::Identity));
        assert_eq!(Objective::parse("regression sqrt"), Some(Objective::SignedSquare));
        assert_eq!(Objective::parse("huber sqrt"), Some(Objective::Identity));
        assert_eq!(Objective::parse("binary sigmoid:0.7"), Some(Objective::Sigmoid(0.7)));
        assert_eq!(Objective::parse("binary sigmoid:0"), None);
        assert_eq!(Objective::parse("wishful"), None);
    }
}
