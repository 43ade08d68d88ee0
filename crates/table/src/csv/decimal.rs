//! A decimal `mantissa * 10^exponent` to the nearest double, ties to even.
//!
//! The method is Eisel and Lemire's (D. Lemire, "Number Parsing at a Gigabyte per Second",
//! Software: Practice and Experience 51, 2021): the mantissa times a 128-bit approximation of the
//! power of five decides the rounding. Here it covers exponents of [`MAX_EXPONENT`] either way,
//! where no result is subnormal or infinite; the rest is the caller's to do otherwise.

/// Largest absolute exponent that [`to_f64`] answers for. `5^54` is below `2^126`, so that the
/// table can be computed with 128-bit arithmetic.
const MAX_EXPONENT: i32 = 54;
const N_POWERS: usize = 2 * MAX_EXPONENT as usize + 1;

/// `5^q` scaled to have bit 127 set, upper and lower half: exact for `q >= 0`, else rounded up.
static POWERS_OF_FIVE: [(u64, u64); N_POWERS] = powers_of_five();

const fn powers_of_five() -> [(u64, u64); N_POWERS] {
    let mut table = [(0, 0); N_POWERS];
    let mut power: u128 = 1;
    let mut q = 0;
    while q <= MAX_EXPONENT as usize {
        table[MAX_EXPONENT as usize + q] = halves(power << power.leading_zeros());
        if q > 0 {
            table[MAX_EXPONENT as usize - q] = halves(reciprocal(power));
        }
        power *= 5;
        q += 1;
    }
    table
}

const fn halves(wide: u128) -> (u64, u64) {
    ((wide >> 64) as u64, wide as u64)
}

/// `2^k / divisor`, rounded up, with the `k` that sets bit 127. The divisor is no power of two.
const fn reciprocal(divisor: u128) -> u128 {
    let mut remainder = (1 << (128 - divisor.leading_zeros())) - divisor;
    let mut quotient: u128 = 1;
    let mut bit = 0;
    while bit < 127 {
        remainder *= 2;
        quotient *= 2;
        if remainder >= divisor {
            remainder -= divisor;
            quotient += 1;
        }
        bit += 1;
    }
    quotient + 1
}

/// The double nearest to `mantissa * 10^exponent`; `None` if this method cannot tell.
#[inline]
pub(crate) fn to_f64(mantissa: u64, exponent: i32) -> Option<f64> {
    if exponent == 0 || mantissa == 0 {
        return Some(mantissa as f64);
    }
    let &(upper_power, lower_power) = POWERS_OF_FIVE.get((exponent + MAX_EXPONENT) as usize)?;
    let leading_zeros = mantissa.leading_zeros();
    let normal = mantissa << leading_zeros;

    let product = u128::from(normal) * u128::from(upper_power);
    let (mut upper, mut lower) = ((product >> 64) as u64, product as u64);
    // Only if the nine bits below the double's are all ones can the lower half carry into them.
    if upper & 0x1ff == 0x1ff {
        let correction = ((u128::from(normal) * u128::from(lower_power)) >> 64) as u64;
        let (sum, carry) = lower.overflowing_add(correction);
        lower = sum;
        upper += u64::from(carry);
    }
    if lower == u64::MAX && exponent < -27 {
        return None;
    }
    let upper_bit = (upper >> 63) as u32;
    // 53 bits of the double and one to round by.
    let shift = upper_bit + 9;
    let mut bits = upper >> shift;
    // floor(log2(10^exponent)), for these exponents.
    let log2 = (217_706 * exponent) >> 16;
    let mut power = log2 + 63 + upper_bit as i32 - leading_zeros as i32;
    // Exactly half way is possible for these exponents alone: then to even, not up.
    let half_way = lower <= 1 && bits & 3 == 1 && bits << shift == upper;
    if half_way && (-4..=23).contains(&exponent) {
        bits &= !1;
    }
    bits = (bits + (bits & 1)) >> 1;
    if bits >= 1 << 53 {
        bits = 1 << 52;
        power += 1;
    }
    Some(f64::from_bits((bits & ((1 << 52) - 1)) | (((power + 1023) as u64) << 52)))
}

#[cfg(test)]
mod tests {
    use super::{MAX_EXPONENT, to_f64};

    /// A fixed sequence of well-spread 64-bit numbers (SplitMix64).
    fn spread(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn check(mantissa: u64, exponent: i32) {
        let Some(value) = to_f64(mantissa, exponent) else {
            assert!(exponent < -27, "{mantissa}e{exponent} was not answered");
            return;
        };
        let text = format!("{mantissa}e{exponent}");
        assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
    }

    #[test]
    fn every_exponent_rounds_as_the_standard_library_does() {
        let mut state = 1;
        for exponent in -MAX_EXPONENT..=MAX_EXPONENT {
            for _ in 0..2000 {
                let mantissa = spread(&mut state);
                check(mantissa >> (mantissa & 63), exponent);
            }
        }
    }

    #[test]
    fn halves_between_two_doubles_go_to_the_even_one() {
        let mut state = 2;
        for exponent in -4_i32..=23 {
            for _ in 0..2000 {
                // An odd number of 54 bits, or one that the power of five makes so, is half way.
                let half = (1 << 53 | spread(&mut state) >> 11) | 1;
                let five = 5_u64.checked_pow(exponent.unsigned_abs()).unwrap_or(1);
                let mantissa =
                    if exponent < 0 { half.saturating_mul(five) } else { (half / five) | 1 };
                for neighbour in [mantissa - 1, mantissa, mantissa + 1] {
                    check(neighbour, exponent);
                }
            }
        }
        check(9_007_199_254_740_993, 0);
        check(u64::MAX, 0);
    }

    #[test]
    fn exponents_beyond_the_table_are_left_to_the_caller() {
        assert_eq!(to_f64(1, MAX_EXPONENT + 1), None);
        assert_eq!(to_f64(1, -MAX_EXPONENT - 1), None);
        assert_eq!(to_f64(0, 5000), Some(0.0));
    }
}
