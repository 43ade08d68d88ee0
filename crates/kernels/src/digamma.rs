//! The digamma function, the derivative of the logarithm of the gamma function, with the bits of scipy's
//! for positive numbers.
//!
//! Method (S. Moshier's Cephes, with J. Maddock's rational approximation from Boost near the zero at
//! 1.4616): whole numbers up to 10 as sums of reciprocals; else steps down to 1 to 2, where a rational
//! function is taken; from 10 the asymptotic series.

const EULER: f64 = 0.577_215_664_901_532_9;

/// The zero in three parts: the first two are exact.
const ZERO_HIGH: f64 = 1_569_415_565.0 / 1_073_741_824.0;
const ZERO_MIDDLE: f64 = 381_566_830.0 / 1_073_741_824.0 / 1_073_741_824.0;
const ZERO_LOW: f64 = 9.016_312_093_258_696e-20;
/// What the rational function is near: a `float` of C.
const SLOPE: f64 = 0.995_581_626_892_089_8;

const NUMERATOR: [f64; 6] = [
    -0.002_071_332_116_774_595,
    -0.045_251_321_448_739_06,
    -0.289_191_264_447_747_84,
    -0.650_318_537_708_965_1,
    -0.325_550_311_868_044_9,
    0.254_798_510_611_315_5,
];
const DENOMINATOR: [f64; 7] = [
    -0.557_898_413_216_755_1e-6,
    0.002_128_498_701_782_114_4,
    0.054_151_797_245_674_225,
    0.435_935_296_926_659_7,
    1.460_624_290_976_351_5,
    2.076_711_702_373_047,
    1.0,
];
/// The series in `1 / x²`, highest power first.
const SERIES: [f64; 7] = [
    8.333_333_333_333_333e-2,
    -2.109_279_609_279_609_3e-2,
    7.575_757_575_757_576e-3,
    -4.166_666_666_666_667e-3,
    3.968_253_968_253_968e-3,
    -8.333_333_333_333_333e-3,
    8.333_333_333_333_333e-2,
];

/// The digamma function of `x`; NaN unless `x` is above 0.
#[must_use]
pub fn digamma(mut x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    if x <= 10.0 && x.floor() == x {
        let sum = (1..x as u32).fold(0.0, |sum, i| sum + 1.0 / f64::from(i));
        return sum - EULER;
    }
    let mut sum = 0.0;
    if x < 1.0 {
        sum -= 1.0 / x;
        x += 1.0;
    } else if x < 10.0 {
        while 2.0 < x {
            x -= 1.0;
            sum += 1.0 / x;
        }
    }
    sum + if x <= 2.0 { near_zero(x) } else { asymptotic(x) }
}

fn near_zero(x: f64) -> f64 {
    let distance = x - ZERO_HIGH - ZERO_MIDDLE - ZERO_LOW;
    let ratio = polynomial(x - 1.0, &NUMERATOR) / polynomial(x - 1.0, &DENOMINATOR);
    distance * SLOPE + distance * ratio
}

fn asymptotic(x: f64) -> f64 {
    let z = 1.0 / (x * x);
    let series = if x < 1e17 { z * polynomial(z, &SERIES) } else { 0.0 };
    x.ln() - 0.5 / x - series
}

/// Coefficients of the highest power first.
fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().copied().reduce(|sum, it| sum * x + it).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_scipy() {
        for (x, want) in WANT {
            assert_eq!(digamma(x), want, "digamma({x})");
        }
    }

    /// `scipy.special.digamma`, scipy 1.18.
    const WANT: [(f64, f64); 15] = [
        (1.0, -0.5772156649015329),
        (2.0, 0.42278433509846713),
        (7.0, 1.872784335098467),
        (10.0, 2.251752589066721),
        (0.03, -33.86225442061877),
        (0.7, -1.2200235536979347),
        (1.1, -0.4237549404110767),
        (1.4616, -3.110625123034165e-05),
        (1.9, 0.3561841611640596),
        (3.3, 1.0348224890596216),
        (9.99, 2.250700372831201),
        (10.5, 2.3030010342976865),
        (77.125, 4.338930490603313),
        (12345.6, 9.421014502465397),
        (1e+18, 41.44653167389282),
    ];
}
