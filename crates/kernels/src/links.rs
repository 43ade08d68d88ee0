//! Between raw predictions and probabilities, in the order of operations of numpy, scipy and
//! scikit-learn, whose results these are to the bit (given the same `exp` and `log`).

use std::f64::consts::LN_2;

use crate::sum::pairwise_sum;

/// `scipy.special.expit`: `1 / (1 + exp(-x))`.
#[must_use]
pub fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `scipy.special.logit` until 1.14: `log(x / (1 - x))`.
#[must_use]
pub fn logit(x: f64) -> f64 {
    (x / (1.0 - x)).ln()
}

/// `scipy.special.logit` from 1.15: between 0.3 and 0.65 a difference of two `log1p`, which is exact near 0.5.
#[must_use]
pub fn logit_near_half(x: f64) -> f64 {
    if !(0.3..=0.65).contains(&x) {
        return logit(x);
    }
    let s = 2.0 * (x - 0.5);
    s.ln_1p() - (-s).ln_1p()
}

/// `numpy.logaddexp(a, b)`: `log(exp(a) + exp(b))`.
#[must_use]
pub fn log_add_exp(a: f64, b: f64) -> f64 {
    let difference = a - b;
    if a == b {
        a + LN_2
    } else if difference > 0.0 {
        a + (-difference).exp().ln_1p()
    } else if difference <= 0.0 {
        b + difference.exp().ln_1p()
    } else {
        difference
    }
}

/// `sklearn.utils.extmath.softmax` of one row, in place.
pub fn softmax(row: &mut [f64]) {
    let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    row.iter_mut().for_each(|x| *x = (*x - top).exp());
    let sum = pairwise_sum(row);
    row.iter_mut().for_each(|x| *x /= sum);
}

/// `exp(row - scipy.special.logsumexp(row))`, in place; `scratch` has the row's length.
pub fn exp_minus_logsumexp(row: &mut [f64], scratch: &mut [f64]) {
    let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let top = if top.is_finite() { top } else { 0.0 };
    scratch.iter_mut().zip(&*row).for_each(|(to, x)| *to = (x - top).exp());
    let log_sum = pairwise_sum(scratch).ln() + top;
    row.iter_mut().for_each(|x| *x = (*x - log_sum).exp());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_what_scipy_says() {
        // scipy 1.16 and scikit-learn 1.7.
        assert_eq!(expit(0.7), 0.668_187_772_168_166_2);
        assert_eq!(expit(-800.0), 0.0);
        assert_eq!(logit(0.2), -1.386_294_361_119_890_6);
        assert_eq!(logit_near_half(0.5), 0.0);
        let mut row = [1.0, 2.0, 3.0];
        softmax(&mut row);
        assert_eq!(
            row,
            [0.090_030_573_170_380_46, 0.244_728_471_054_797_64, 0.665_240_955_774_821_8]
        );
    }
}
