//! The normal distribution: its distribution function and the inverse, as `scipy.special` computes them
//! (`ndtr`, `ndtri`), so that a model's bits are Python's.
//!
//! Source: the rational approximations of S. L. Moshier's Cephes library (`ndtr.c`, `ndtri.c`), whose
//! coefficients these are.

use std::f64::consts::FRAC_1_SQRT_2;

/// The square root of 2 pi.
const SQRT_TAU: f64 = 2.506_628_274_631_000_5;
/// `exp(-2)`: below this, and above 1 less this, is a tail.
const TAIL: f64 = 0.135_335_283_236_612_7;
/// `exp` of less than its negative is 0.
const LOG_MAX: f64 = 709.782_712_893_384;

/// The probability of a value below `x`.
#[must_use]
pub fn cdf(x: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    let x = x * FRAC_1_SQRT_2;
    let magnitude = x.abs();
    if magnitude < FRAC_1_SQRT_2 {
        return 0.5 + 0.5 * erf(x);
    }
    let tail = 0.5 * erfc(magnitude);
    if 0.0 < x { 1.0 - tail } else { tail }
}

/// The value below which a value lies with probability `p`; NaN outside 0 to 1.
#[must_use]
pub fn quantile(p: f64) -> f64 {
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    if !(0.0..1.0).contains(&p) {
        return f64::NAN;
    }
    let upper = 1.0 - TAIL < p;
    let y = if upper { 1.0 - p } else { p };
    if TAIL < y {
        let y = y - 0.5;
        let square = y * y;
        let ratio = square * polynomial(square, &MIDDLE_P) / monic(square, &MIDDLE_Q);
        return (y + y * ratio) * SQRT_TAU;
    }
    let x = (-2.0 * y.ln()).sqrt();
    let first = x - x.ln() / x;
    let z = 1.0 / x;
    let second = if x < 8.0 {
        z * polynomial(z, &TAIL_P) / monic(z, &TAIL_Q)
    } else {
        z * polynomial(z, &FAR_P) / monic(z, &FAR_Q)
    };
    let x = first - second;
    if upper { x } else { -x }
}

/// The error function.
#[must_use]
pub fn erf(x: f64) -> f64 {
    if 1.0 < x.abs() {
        return x.signum() * (1.0 - erfc(x.abs()));
    }
    let square = x * x;
    x * polynomial(square, &ERF_P) / monic(square, &ERF_Q)
}

/// 1 less the error function, for `x` from 0.
fn erfc(x: f64) -> f64 {
    if x < 1.0 {
        return 1.0 - erf(x);
    }
    let exponent = -x * x;
    if exponent < -LOG_MAX {
        return 0.0;
    }
    let power = exponent.exp();
    if x < 8.0 {
        power * polynomial(x, &ERFC_P) / monic(x, &ERFC_Q)
    } else {
        power * polynomial(x, &ERFC_FAR_P) / monic(x, &ERFC_FAR_Q)
    }
}

/// Coefficients from the highest power down.
fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    let Some((first, rest)) = coefficients.split_first() else { return 0.0 };
    rest.iter().fold(*first, |sum, coefficient| sum * x + coefficient)
}

/// The same with 1 before the first.
fn monic(x: f64, coefficients: &[f64]) -> f64 {
    let Some((first, rest)) = coefficients.split_first() else { return 1.0 };
    rest.iter().fold(x + first, |sum, coefficient| sum * x + coefficient)
}

const MIDDLE_P: [f64; 5] = [
    -59.963_350_101_410_79,
    98.001_075_418_599_97,
    -56.676_285_746_907_03,
    13.931_260_938_727_968,
    -1.239_165_838_673_812_5,
];

const MIDDLE_Q: [f64; 8] = [
    1.954_488_583_381_417_6,
    4.676_279_128_988_815,
    86.360_242_139_089_05,
    -225.462_687_854_119_37,
    200.260_212_380_060_66,
    -82.037_225_616_833_34,
    15.905_622_512_621_17,
    -1.183_316_211_213_3,
];

const TAIL_P: [f64; 9] = [
    4.055_448_923_059_624_5,
    31.525_109_459_989_388,
    57.162_819_224_642_13,
    44.080_507_389_320_08,
    14.684_956_192_885_803,
    2.186_633_068_507_902_5,
    -0.140_256_079_171_354_5,
    -0.035_042_462_682_784_82,
    -0.000_857_456_785_154_685_4,
];

const TAIL_Q: [f64; 8] = [
    15.779_988_325_646_675,
    45.390_763_512_887_92,
    41.317_203_825_467_2,
    15.042_538_569_290_75,
    2.504_649_462_083_094,
    -0.142_182_922_854_787_79,
    -0.038_080_640_769_157_83,
    -0.000_933_259_480_895_457_4,
];

const FAR_P: [f64; 9] = [
    3.237_748_917_769_460_3,
    6.915_228_890_689_842,
    3.938_810_252_924_744_4,
    1.333_034_608_158_075_5,
    0.201_485_389_549_179_08,
    0.012_371_663_481_782_003,
    0.000_301_581_553_508_235_43,
    2.658_069_746_867_375_5e-06,
    6.239_745_391_849_833e-09,
];

const FAR_Q: [f64; 8] = [
    6.024_270_393_647_42,
    3.679_835_638_561_608_7,
    1.377_020_994_890_813_2,
    0.216_236_993_594_496_63,
    0.013_420_400_608_854_318,
    0.000_328_014_464_682_127_74,
    2.892_478_647_453_806_8e-06,
    6.790_194_080_099_813e-09,
];

const ERFC_P: [f64; 9] = [
    2.461_969_814_735_305e-10,
    0.564_189_564_831_068_9,
    7.463_210_564_422_699,
    48.637_197_098_568_14,
    196.520_832_956_077_1,
    526.445_194_995_477_3,
    934.528_527_171_957_6,
    1_027.551_886_895_157_2,
    557.535_335_369_399_4,
];

const ERFC_Q: [f64; 8] = [
    13.228_195_115_474_499,
    86.707_214_088_598_97,
    354.937_778_887_819_9,
    975.708_501_743_205_5,
    1_823.909_166_879_097_3,
    2_246.337_608_187_109_7,
    1_656.663_091_941_613_4,
    557.535_340_817_727_7,
];

const ERFC_FAR_P: [f64; 6] = [
    0.564_189_583_547_755_1,
    1.275_366_707_599_781,
    5.019_050_422_511_805,
    6.160_210_979_930_536,
    7.409_742_699_504_489_5,
    2.978_866_653_721_002_2,
];

const ERFC_FAR_Q: [f64; 6] = [
    2.260_528_632_201_172_6,
    9.396_035_249_380_015,
    12.048_953_980_809_666,
    17.081_445_074_756_59,
    9.608_968_090_632_859,
    3.369_076_451_000_815,
];

const ERF_P: [f64; 5] = [
    9.604_973_739_870_516,
    90.026_019_720_384_27,
    2_232.005_345_946_843,
    7_003.325_141_128_051,
    55_592.301_301_039_49,
];

const ERF_Q: [f64; 5] = [
    33.561_714_164_750_31,
    521.357_949_780_152_7,
    4_594.323_829_709_801,
    22_629.000_061_389_095,
    49_267.394_260_863_59,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_scipy() {
        for (x, want) in CDF {
            assert_eq!(cdf(x), want, "cdf({x:?})");
        }
        for (p, want) in QUANTILE {
            assert_eq!(quantile(p), want, "quantile({p:?})");
        }
        assert!(cdf(f64::NAN).is_nan() && quantile(f64::NAN).is_nan() && quantile(1.5).is_nan());
    }

    /// `scipy.special.ndtr`, scipy 1.18.
    const CDF: [(f64, f64); 14] = [
        (0.0, 0.5),
        (0.25, 0.5987063256829237),
        (-0.6, 0.2742531177500736),
        (0.9, 0.8159398746532405),
        (-1.1, 0.13566606094638267),
        (1.3, 0.9031995154143897),
        (-1.7, 0.04456546275854304),
        (2.5, 0.9937903346742238),
        (-3.25, 0.0005770250423907659),
        (5.0, 0.9999997133484281),
        (-8.5, 9.47953482220325e-18),
        (-13.0, 6.117164399549704e-39),
        (-38.0, 0.0),
        (9.0, 1.0),
    ];

    /// `scipy.special.ndtri`, scipy 1.18.
    const QUANTILE: [(f64, f64); 16] = [
        (0.0, f64::NEG_INFINITY),
        (1e-300, -37.0470962993612),
        (1e-20, -9.262340089798409),
        (1e-14, -7.6506280929352695),
        (1e-07, -5.1993375821928165),
        (0.01, -2.3263478740408408),
        (0.1, -1.2815515655446004),
        (0.14, -1.0803193408149558),
        (0.3, -0.5244005127080409),
        (0.5, 0.0),
        (0.62, 0.3054807880993974),
        (0.86, 1.0803193408149558),
        (0.9, 1.2815515655446004),
        (0.999, 3.090232306167813),
        (0.9999999, 5.199337582290661),
        (1.0, f64::INFINITY),
    ];
}
