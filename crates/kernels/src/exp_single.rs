//! The exponential function of a `float32` number, with the bits of numpy's own where the processor fuses
//! multiplication and addition (its AVX2 and AVX-512 paths, since 1.17).
//!
//! Method: `x = k * ln 2 + r` with an integer `k`, a rational function of `r`, times `2^k`. The error is
//! below 2.6 units in the last place.
//!
//! Source of truth: `simd_exp_FLOAT` in numpy's `loops_exponent_log.dispatch.c.src`.

/// From here on the result is infinite, or 0.
const LARGEST: f32 = 88.722_84;
const SMALLEST: f32 = -103.972_084;
/// 1.5 * 2^23: adding it rounds to an integer.
const SHIFT: f32 = 12_582_912.0;
/// `-ln 2` in two parts.
const LN_2_HIGH: f32 = -6.931_457_5e-1;
const LN_2_LOW: f32 = -1.428_606_8e-6;
/// Coefficients of `r^5` to `1`, and of `r^2` to `1`.
const ABOVE: [f32; 6] =
    [5.082_762e-4, 6.757_897e-3, 5.114_512e-2, 2.473_615_4e-1, 7.257_665e-1, 1.0];
const BELOW: [f32; 3] = [2.159_509_4e-2, -2.742_335_4e-1, 1.0];

/// `numpy.exp` of a `float32`.
#[must_use]
pub fn exp_single(x: f32) -> f32 {
    if x.is_nan() {
        return x;
    }
    if LARGEST <= x {
        return f32::INFINITY;
    }
    if x <= SMALLEST {
        return 0.0;
    }
    let k = (x * std::f32::consts::LOG2_E + SHIFT) - SHIFT;
    let r = k.mul_add(LN_2_LOW, k.mul_add(LN_2_HIGH, x));
    let polynomial =
        |coefficients: &[f32]| coefficients.iter().fold(0.0, |sum: f32, c| sum.mul_add(r, *c));
    let quotient = polynomial(&ABOVE) / polynomial(&BELOW);
    // The product is exact as f64, so that it is rounded once, subnormal or not.
    (f64::from(quotient) * f64::from(k).exp2()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By numpy 2.2 with AVX2; the last but two are subnormal.
    #[test]
    fn numbers_have_the_bits_of_numpy() {
        for (x, bits) in [
            (0.0, 1_065_353_216),
            (-0.1, 1_063_756_653),
            (-1.0, 1_052_531_377),
            (-2.5, 1_034_427_439),
            (-7.3, 976_295_586),
            (-20.2, 820_506_274),
            (-50.0, 459_877_355),
            (-86.9, 12_980_104),
            (-88.5, 2_620_642),
            (-100.0, 27),
            (3.3, 1_104_733_871),
            (88.7, 2_138_716_157),
        ] {
            assert_eq!(exp_single(x).to_bits(), bits, "{x}");
        }
        assert_eq!(exp_single(-104.0), 0.0);
        assert_eq!(exp_single(89.0), f32::INFINITY);
    }
}
