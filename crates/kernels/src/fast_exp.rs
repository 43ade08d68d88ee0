//! The exponential function of fmath (S. Mitsunari), which CatBoost takes for softmax and Poisson, to the
//! bit: `x = k * ln 2 / 2048 - t`, `2^(k/2048)` from a table, a polynomial of degree 3. Nothing is fused.
//!
//! Numbers are taken four at a time, and of those even minus infinity gives more than 0; what is left of
//! fewer than four gives 0.

use std::f64::consts::LN_2;
use std::sync::LazyLock;

const STEPS: usize = 1 << BITS;
const BITS: u32 = 11;
const STEPS_PER_UNIT: f64 = STEPS as f64 / LN_2;
/// 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// The exponent's bias, in steps.
const BIAS: u64 = 1023 << BITS;
const C2: f64 = 0.166_666_666_852_278_35;
const C3: f64 = 3.000_000_002_795_539_4;
const LARGEST: f64 = 709.782_725_693_384;
const SMALLEST: f64 = -708.396_418_532_264_1;

/// The fractions of `2^(i/2048)`.
static FRACTIONS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let fraction = |i: usize| (i as f64 / STEPS as f64).exp2().to_bits() & ((1 << 52) - 1);
    (0..STEPS).map(fraction).collect()
});

/// `e` to the power of each value, in place, each as one of four.
pub fn fast_exp(values: &mut [f64]) {
    let fractions = FRACTIONS.as_slice();
    for x in values {
        *x = one(x.clamp(SMALLEST, LARGEST), fractions);
    }
}

/// `e` to the power of the values of one row, in place.
pub fn fast_exp_of_row(row: &mut [f64]) {
    let n_left = row.len() % 4;
    let (_, left) = row.split_at(row.len() - n_left);
    let mut is_zero = [false; 4];
    is_zero.iter_mut().zip(left).for_each(|(to, x)| *to = *x <= SMALLEST);
    fast_exp(row);
    let start = row.len() - n_left;
    row[start..].iter_mut().zip(is_zero).filter(|it| it.1).for_each(|(x, _)| *x = 0.0);
}

#[inline(always)]
fn one(x: f64, fractions: &[u64]) -> f64 {
    let shifted = x * STEPS_PER_UNIT + SHIFT;
    let steps = shifted.to_bits();
    let t = (shifted - SHIFT) * (1.0 / STEPS_PER_UNIT) - x;
    let power = (steps.wrapping_add(BIAS) >> BITS) << 52 | fractions[steps as usize % STEPS];
    let y = (C3 - t) * (t * t) * C2 - t + 1.0;
    y * f64::from_bits(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_those_of_catboost() {
        // Exponents of CatBoost 1.2.10 for raw values of a Poisson model.
        let mut values = [1.5176097899246872, -0.5591947153610868, 616.5158724033968];
        fast_exp(&mut values);
        assert_eq!(values, [4.561309666813821, 0.5716692349930493, 5.616184810229972e+267]);
    }

    #[test]
    fn only_what_is_left_of_fours_gives_0() {
        let mut row = [f64::INFINITY, f64::NEG_INFINITY, 0.0, 709.0, f64::NEG_INFINITY, -1e9];
        fast_exp_of_row(&mut row);
        assert_eq!((row[0], row[2]), (f64::INFINITY, 1.0));
        assert!(0.0 < row[1] && row[1] < 1e-300);
        assert_eq!(row[4..], [0.0, 0.0]);
    }
}
