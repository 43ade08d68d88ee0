//! The exponential function of many numbers, with the bits of glibc's `exp` on a processor that fuses
//! multiplication and addition. (numpy, scipy and libsvm call that one; own code makes the bits the same
//! with every C library, and is faster than a call per number.)
//!
//! Method (glibc since 2.28, from Arm's optimized routines): `x = k * ln 2 / 128 + r` with an integer
//! `k`; `2^(k/128)` from a table, `exp(r) - 1` from a polynomial of degree 5. The error is below 0.52
//! units in the last place.

use crate::exp_table::POWERS;
use crate::fused::{Work, with_fused_steps};

/// Numbers worked on at a time.
const LANES: usize = 8;

const STEPS_PER_UNIT: f64 = 128.0 * std::f64::consts::LOG2_E;
/// `-ln 2 / 128` in two parts; the product of the first and any `k` is exact.
const STEP_HIGH: f64 = -f64::from_bits(0x3f76_2e42_fefa_0000);
const STEP_LOW: f64 = -f64::from_bits(0x3d0c_f79a_bc9e_3b39);
/// 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// Coefficients of `r^2` to `r^5`.
const C2: f64 = f64::from_bits(0x3fdf_ffff_ffff_fdbd);
const C3: f64 = f64::from_bits(0x3fc5_5555_5555_543c);
const C4: f64 = f64::from_bits(0x3fa5_5555_cf17_2b91);
const C5: f64 = f64::from_bits(0x3f81_1111_67a4_d017);

/// Below this the result is certain to be a normal number.
const LARGE: f64 = 512.0;
/// Below this the result is 0.
const UNDERFLOW: f64 = -746.0;

/// `e` to the power of each value, in place.
pub fn exp(values: &mut [f64]) {
    with_fused_steps(Exp(values));
}

struct Exp<'a>(&'a mut [f64]);

impl Work for Exp<'_> {
    #[inline(always)]
    fn run(self) {
        exp_all(self.0);
    }
}

#[inline(always)]
pub(crate) fn exp_all(values: &mut [f64]) {
    let (groups, rest) = values.as_chunks_mut::<LANES>();
    for group in groups {
        exp_group(group);
    }
    let mut group = [0.0; LANES];
    for (to, from) in group.iter_mut().zip(rest.iter()) {
        *to = *from;
    }
    exp_group(&mut group);
    for (to, from) in rest.iter_mut().zip(group) {
        *to = from;
    }
}

#[inline(always)]
fn exp_group(group: &mut [f64; LANES]) {
    if group.iter().all(|x| x.abs() < LARGE) {
        *group = exp_lanes(*group);
    } else {
        exp_large(group);
    }
}

#[inline(always)]
fn exp_large(group: &mut [f64; LANES]) {
    let results = exp_lanes(group.map(|x| if x.abs() < LARGE { x } else { 0.0 }));
    for (x, result) in group.iter_mut().zip(results) {
        *x = match *x {
            x if x.abs() < LARGE => result,
            x if x < UNDERFLOW => 0.0,
            x => x.exp(),
        };
    }
}

#[inline(always)]
fn exp_lanes(x: [f64; LANES]) -> [f64; LANES] {
    let mut steps = [0.0; LANES];
    let mut tail = [0.0; LANES];
    let mut power = [0.0; LANES];
    for lane in 0..LANES {
        let shifted = STEPS_PER_UNIT.mul_add(x[lane], SHIFT);
        steps[lane] = shifted - SHIFT;
        let k = shifted.to_bits();
        let [low, high] = POWERS[(k & 127) as usize];
        tail[lane] = f64::from_bits(low);
        power[lane] = f64::from_bits(high.wrapping_add(k << 45));
    }
    let mut results = [0.0; LANES];
    for lane in 0..LANES {
        let r = steps[lane].mul_add(STEP_LOW, steps[lane].mul_add(STEP_HIGH, x[lane]));
        let square = r * r;
        let low = square.mul_add(r.mul_add(C3, C2), tail[lane] + r);
        let less_one = (square * square).mul_add(r.mul_add(C5, C4), low);
        results[lane] = power[lane].mul_add(less_one, power[lane]);
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_those_of_glibc() {
        for (x, want) in WANT {
            let mut values = [x];
            exp(&mut values);
            assert_eq!(values, [want], "exp({x:?})");
        }
    }

    #[test]
    fn a_number_has_the_same_result_in_every_place() {
        let numbers: Vec<f64> = (0..1000).map(|i| f64::from(i) * 1.7 - 900.0).collect();
        let mut together = numbers.clone();
        exp(&mut together);
        for (x, together) in numbers.iter().zip(together) {
            let mut alone = [*x];
            exp(&mut alone);
            assert_eq!(alone, [together], "exp({x:?})");
        }
    }

    #[test]
    fn what_is_no_number_or_too_large_is_as_in_c() {
        let mut values = [f64::INFINITY, f64::NEG_INFINITY, 710.0, -746.5, 0.0, -0.0, f64::NAN];
        exp(&mut values);
        assert_eq!(values[..6], [f64::INFINITY, 0.0, f64::INFINITY, 0.0, 1.0, 1.0]);
        assert!(values[6].is_nan());
    }

    /// Python's `math.exp`.
    const WANT: [(f64, f64); 40] = [
        (-8.198440678860432, 0.0002750821771711447),
        (-4.0374553758744725, 0.017642308389637918),
        (-2.168225205200617, 0.11438043868180899),
        (2.985759932196764, 19.8015443512509),
        (-4.103549884102424, 0.016513948623118155),
        (2.281374883289594, 9.790131448737306),
        (-28.984817010073485, 2.5825807736958877e-13),
        (-13.703207096766313, 1.1188523374040781e-06),
        (3.01748509494098, 20.439822777904233),
        (-7.285890640207654, 0.0006851377533028785),
        (1.5315172112717939, 4.625188890278892),
        (-26.03779123713995, 4.91961304877655e-12),
        (-13.58258332762427, 1.2622896195985661e-06),
        (-21.36995085830594, 5.237792189348053e-10),
        (-10.968369926742437, 1.7238420301981786e-05),
        (-9.912058422516473, 4.9573287760723874e-05),
        (-29.541003364388423, 1.4808301527371828e-13),
        (-22.414456983765316, 1.8429986499798736e-10),
        (-20.21811718961114, 1.6572318452503606e-09),
        (2.0720880132993145, 7.941387541264334),
        (-3.199609192980038, 0.040778137247043926),
        (-24.413852567468663, 2.4957354503975328e-11),
        (-2.099855299907844, 0.12247414899150053),
        (-25.143140356038387, 1.2035742445864448e-11),
        (120.03647591637116, 1.3526303182223504e+52),
        (-381.51338433362434, 2.0457021974402807e-166),
        (-509.1860908290096, 7.299455933129417e-222),
        (379.57564910821634, 7.040603262486703e+164),
        (-296.9355770899895, 1.1028523909437971e-129),
        (-290.77824505232365, 5.207301409354244e-127),
        (493.03437322009563, 1.3246699305279344e+214),
        (380.60073627641157, 1.9624543954046085e+165),
        (-700.25, 7.678723813110872e-305),
        (-740.5, 2.5e-322),
        (600.125, 4.2753921173884926e+260),
        (1e-300, 1.0),
        (1e-17, 1.0),
        (-1e-16, 0.9999999999999999),
        (0.5, 1.6487212707001282),
        (1.5, 4.4816890703380645),
    ];
}
