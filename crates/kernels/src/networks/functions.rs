//! Activations. Those that recurrent cells take are written so that the compiler takes eight numbers at a
//! time, and are off by at most 1.5e-7 relative; the others are computed in `f64` and rounded.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, SQRT_2};

use crate::fused::{Work, with_fused_steps};
use crate::normal::erf;

/// From here on the exponential is infinite, or 0.
const LARGEST: f32 = 89.0;
const SMALLEST: f32 = -104.0;
/// 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits.
const SHIFT: f32 = 12_582_912.0;
/// `-ln 2` in two parts.
const LN_2_HIGH: f32 = -6.931_457_5e-1;
const LN_2_LOW: f32 = -1.428_606_8e-6;
/// Coefficients of `exp(r) - 1 - r` from `r^7` to `r^2` (Cephes, `expf.c`).
const EXP: [f32; 6] =
    [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
/// Coefficients of `tanh(x) - x` near 0, from `x^11` to `x^3` (Cephes, `tanhf.c`).
const TANH: [f32; 5] =
    [-5.704_988_7e-3, 2.063_909e-2, -5.373_971_5e-2, 1.333_144_2e-1, -3.333_328e-1];
/// Below it the polynomial is closer, from it on the quotient.
const TANH_NEAR: f32 = 0.625;

#[inline(always)]
fn polynomial(coefficients: &[f32], x: f32) -> f32 {
    let (first, rest) = coefficients.split_first().unwrap_or((&0.0, &[]));
    rest.iter().fold(*first, |sum, c| sum.mul_add(x, *c))
}

/// `x = k ln 2 + r`; `2^k` in two factors, as a subnormal result has a `k` that none can hold.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // Comparisons that keep a NaN.
    let x = if x < SMALLEST { SMALLEST } else { x };
    let x = if LARGEST < x { LARGEST } else { x };
    let shifted = x.mul_add(std::f32::consts::LOG2_E, SHIFT);
    let k = shifted - SHIFT;
    let bits = (shifted.to_bits() as i32).wrapping_sub(SHIFT.to_bits() as i32);
    let r = k.mul_add(LN_2_LOW, k.mul_add(LN_2_HIGH, x));
    let value = (r * r).mul_add(polynomial(&EXP, r), r) + 1.0;
    let half = bits >> 1;
    value * power_of_2(half) * power_of_2(bits.wrapping_sub(half))
}

#[inline(always)]
fn power_of_2(k: i32) -> f32 {
    f32::from_bits((k.wrapping_add(127) << 23) as u32)
}

#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    let z = x * x;
    let near = (polynomial(&TANH, z) * z).mul_add(x, x);
    let size = x.abs();
    let far = (1.0 - 2.0 / (exp(size + size) + 1.0)).copysign(x);
    if size < TANH_NEAR { near } else { far }
}

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Function {
    /// The larger of 0 and `x`.
    Relu,
    /// `x`, below 0 times the slope.
    LeakyRelu(f32),
    /// `scale * x`, below 0 `scale * alpha * (exp(x / divisor) - 1)`: ELU, SELU and CELU.
    Elu {
        /// The limit far below 0.
        alpha: f64,
        /// Times all.
        scale: f64,
        /// What `x` is divided by below 0.
        divisor: f64,
    },
    /// `x` times the normal distribution function.
    Gelu,
    /// The same by a hyperbolic tangent.
    GeluTanh,
    /// `x * sigmoid(x)`
    Silu,
    /// `x * tanh(softplus(x))`
    Mish,
    /// The hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(-x))`
    Sigmoid,
    /// `ln(sigmoid(x))`
    LogSigmoid,
    /// `ln(1 + exp(beta x)) / beta`, and `x` itself where `beta x` is above the threshold.
    Softplus {
        /// Steepness.
        beta: f64,
        /// From where on it is linear.
        threshold: f64,
    },
    /// `x / (1 + |x|)`
    Softsign,
    /// The nearest number from `low` to `high`: Hardtanh and ReLU6.
    Clamp {
        /// Least.
        low: f32,
        /// Largest.
        high: f32,
    },
    /// `(x + 3) / 6`, from 0 to 1.
    HardSigmoid,
    /// `x * hardsigmoid(x)`
    HardSwish,
    /// `x - tanh(x)`
    TanhShrink,
}

impl Function {
    /// Applies it in place.
    pub fn apply(self, values: &mut [f32]) {
        match self {
            Self::Relu => each(values, |x| if x <= 0.0 { 0.0 } else { x }),
            Self::LeakyRelu(slope) => each(values, |x| if x < 0.0 { x * slope } else { x }),
            Self::Elu { alpha, scale, divisor } => wide(values, |x| match x {
                x if 0.0 < x => scale * x,
                x => scale * alpha * (x / divisor).exp_m1(),
            }),
            Self::Gelu => wide(values, |x| 0.5 * x * (1.0 + erf(x * FRAC_1_SQRT_2))),
            Self::GeluTanh => wide(values, |x| {
                let inner = FRAC_2_SQRT_PI / SQRT_2 * (0.044_715 * x * x).mul_add(x, x);
                0.5 * x * (1.0 + inner.tanh())
            }),
            Self::Silu => each(values, |x| x * sigmoid(x)),
            Self::Mish => wide(values, |x| x * softplus(x).tanh()),
            Self::Tanh => each(values, tanh),
            Self::Sigmoid => each(values, sigmoid),
            Self::LogSigmoid => wide(values, |x| -softplus(-x)),
            Self::Softplus { beta, threshold } => wide(values, |x| match x * beta {
                scaled if threshold < scaled => x,
                scaled => softplus(scaled) / beta,
            }),
            Self::Softsign => each(values, |x| x / (1.0 + x.abs())),
            Self::Clamp { low, high } => each(values, |x| clamp(x, low, high)),
            Self::HardSigmoid => each(values, |x| clamp(x + 3.0, 0.0, 6.0) / 6.0),
            Self::HardSwish => each(values, |x| x * clamp(x + 3.0, 0.0, 6.0) / 6.0),
            Self::TanhShrink => wide(values, |x| x - x.tanh()),
        }
    }
}

/// `ln(1 + exp(x))` without overflow.
fn softplus(x: f64) -> f64 {
    let above = if x < 0.0 { 0.0 } else { x };
    above + (-x.abs()).exp().ln_1p()
}

/// A NaN stays one.
#[inline(always)]
fn clamp(x: f32, low: f32, high: f32) -> f32 {
    let x = if x < low { low } else { x };
    if high < x { high } else { x }
}

struct Each<'a, F> {
    values: &'a mut [f32],
    function: F,
}

impl<F: Fn(f32) -> f32> Work for Each<'_, F> {
    #[inline(always)]
    fn run(self) {
        for x in self.values {
            *x = (self.function)(*x);
        }
    }
}

fn each(values: &mut [f32], function: impl Fn(f32) -> f32) {
    with_fused_steps(Each { values, function });
}

fn wide(values: &mut [f32], function: impl Fn(f64) -> f64) {
    for x in values {
        *x = function(f64::from(*x)) as f32;
    }
}

/// The largest; NaN if one is.
pub(super) fn largest(values: &[f32]) -> f32 {
    values.iter().fold(f32::NEG_INFINITY, |all, x| if *x > all || x.is_nan() { *x } else { all })
}

/// Each row of `n` numbers as shares of 1, by their exponentials.
pub fn softmax(values: &mut [f32], n: usize) {
    for row in values.chunks_mut(n.max(1)) {
        let most = largest(row);
        each(row, |x| exp(x - most));
        let sum: f64 = row.iter().copied().map(f64::from).sum();
        let sum = sum as f32;
        row.iter_mut().for_each(|x| *x /= sum);
    }
}

/// The logarithms of [`softmax`].
pub fn log_softmax(values: &mut [f32], n: usize) {
    for row in values.chunks_mut(n.max(1)) {
        let most = f64::from(largest(row));
        let sum: f64 = row.iter().map(|x| (f64::from(*x) - most).exp()).sum();
        row.iter_mut().for_each(|x| *x = (f64::from(*x) - most - sum.ln()) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectorized_functions_are_close_everywhere() {
        let off = |got: f32, want: f64| ((f64::from(got) - want) / want).abs();
        for i in -850_000..880_000 {
            let x = i as f32 * 1e-4;
            let wide = f64::from(x);
            assert!(off(exp(x), wide.exp()) < 2e-7, "exp({x})");
            assert!(off(sigmoid(x), 1.0 / (1.0 + (-wide).exp())) < 3e-7, "sigmoid({x})");
            assert!(i == 0 || off(tanh(x), wide.tanh()) < 3e-7, "tanh({x})");
        }
    }

    #[test]
    fn the_ends_and_nan_are_what_they_are() {
        assert_eq!((exp(f32::INFINITY), exp(f32::NEG_INFINITY)), (f32::INFINITY, 0.0));
        assert_eq!((sigmoid(-200.0), sigmoid(200.0)), (0.0, 1.0));
        assert_eq!((tanh(-50.0), tanh(f32::INFINITY)), (-1.0, 1.0));
        assert!(exp(f32::NAN).is_nan() && sigmoid(f32::NAN).is_nan() && tanh(f32::NAN).is_nan());
        let mut values = [f32::NAN];
        Function::Relu.apply(&mut values);
        assert!(values[0].is_nan());
    }
}
