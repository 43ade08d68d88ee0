//! Rows side by side in a vector: which leaves of a small tree does each have left?
//!
//! The processor's own vectors are written out: whether a compiler makes vectors of loops such as
//! [`Lane::remaining`] changes with how the program is built, and without vectors they are slow.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64 as avx2;

use crate::trees::Number;

/// What a row must meet to keep the leaves on its left.
#[derive(Debug, Clone, Copy)]
pub struct Condition<T> {
    /// Met by what is not larger.
    pub(super) threshold: T,
    /// The column.
    pub(super) feature: u32,
    /// The leaves that go if it is not met, as bits.
    pub(super) gone: u32,
    /// Whether a missing value meets it.
    pub(super) missing_left: bool,
}

/// A number of which as many as fill 32 bytes are compared at once.
pub trait Lane: Number {
    /// Rows' numbers.
    type Lanes: Copy + Default + AsRef<[Self]> + AsMut<[Self]>;

    /// 32 leaves as bits, as wide as the number.
    type Word: Copy + Into<u64>;

    /// The leaves of as many rows.
    type Words: AsRef<[Self::Word]>;

    /// The leaves that `N` times as many rows have left; `cells` are those of each column. The words
    /// of all rows should fit registers.
    fn remaining<const N: usize>(
        conditions: &[Condition<Self>],
        cells: &[[Self::Lanes; N]],
    ) -> [Self::Words; N];

    /// [`Lane::remaining`] by vectors.
    ///
    /// # Safety
    ///
    /// The processor must have AVX2.
    #[cfg(target_arch = "x86_64")]
    #[allow(unsafe_code)]
    unsafe fn remaining_by_avx2<const N: usize>(
        conditions: &[Condition<Self>],
        cells: &[[Self::Lanes; N]],
    ) -> [Self::Words; N];
}

impl<T: Number> Condition<T> {
    /// The leaves that go.
    #[inline(always)]
    #[expect(clippy::neg_cmp_op_on_partial_ord, reason = "NaN is neither larger nor not")]
    fn taken(&self, x: T) -> u32 {
        let met = if self.missing_left { !(x > self.threshold) } else { x <= self.threshold };
        if met { 0 } else { self.gone }
    }
}

/// `Lane` for a number, by these instructions.
macro_rules! lane {
    (
        $number:ident, $word:ident, $lanes:literal,
        load $load:ident, set $set:ident, compare $compare:ident, and $and:ident, and_not $and_not:ident,
        word $set_word:ident, cast $cast:ident, $cast_back:ident
    ) => {
        impl Lane for $number {
            type Lanes = [$number; $lanes];
            type Word = $word;
            type Words = [$word; $lanes];

            #[inline(always)]
            fn remaining<const N: usize>(
                conditions: &[Condition<$number>],
                cells: &[[[$number; $lanes]; N]],
            ) -> [[$word; $lanes]; N] {
                let mut words = [[$word::MAX; $lanes]; N];
                for it in conditions {
                    let cells = cells[it.feature as usize].as_flattened();
                    for (word, &x) in words.as_flattened_mut().iter_mut().zip(cells) {
                        *word &= !$word::from(it.taken(x));
                    }
                }
                words
            }

            #[cfg(target_arch = "x86_64")]
            #[allow(unsafe_code)]
            #[target_feature(enable = "avx2")]
            unsafe fn remaining_by_avx2<const N: usize>(
                conditions: &[Condition<$number>],
                cells: &[[[$number; $lanes]; N]],
            ) -> [[$word; $lanes]; N] {
                let mut words = [avx2::$cast(avx2::_mm256_set1_epi32(-1)); N];
                for it in conditions {
                    let threshold = avx2::$set(it.threshold);
                    let gone = avx2::$cast(avx2::$set_word(it.gone as _));
                    for (word, cells) in words.iter_mut().zip(&cells[it.feature as usize]) {
                        // SAFETY: an array of 32 bytes.
                        let cells = unsafe { avx2::$load(cells.as_ptr()) };
                        let unmet = if it.missing_left {
                            avx2::$compare::<{ avx2::_CMP_GT_OQ }>(cells, threshold)
                        } else {
                            avx2::$compare::<{ avx2::_CMP_NLE_UQ }>(cells, threshold)
                        };
                        *word = avx2::$and_not(avx2::$and(unmet, gone), *word);
                    }
                }
                words.map(|it| {
                    let mut word = [0; $lanes];
                    // SAFETY: an array of 32 bytes.
                    unsafe {
                        avx2::_mm256_storeu_si256(word.as_mut_ptr().cast(), avx2::$cast_back(it))
                    };
                    word
                })
            }
        }
    };
}

lane!(
    f32, u32, 8,
    load _mm256_loadu_ps, set _mm256_set1_ps, compare _mm256_cmp_ps,
    and _mm256_and_ps, and_not _mm256_andnot_ps,
    word _mm256_set1_epi32, cast _mm256_castsi256_ps, _mm256_castps_si256
);

lane!(
    f64, u64, 4,
    load _mm256_loadu_pd, set _mm256_set1_pd, compare _mm256_cmp_pd,
    and _mm256_and_pd, and_not _mm256_andnot_pd,
    word _mm256_set1_epi64x, cast _mm256_castsi256_pd, _mm256_castpd_si256
);

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways, over numbers at, beside and far from the thresholds.
    fn words<T: Lane, const N: usize>(
        conditions: &[Condition<T>],
        column: [T::Lanes; N],
    ) -> Vec<u64> {
        let flat = |words: [T::Words; N]| -> Vec<u64> {
            words.iter().flat_map(|it| it.as_ref().to_vec()).map(Into::into).collect()
        };
        let portable = flat(T::remaining(conditions, &[column]));
        #[cfg(target_arch = "x86_64")]
        if crate::trees::small::has_avx2() {
            // SAFETY: the processor has AVX2.
            #[allow(unsafe_code)]
            let vectors = flat(unsafe { T::remaining_by_avx2(conditions, &[column]) });
            assert_eq!(vectors, portable);
        }
        portable
    }

    #[test]
    fn what_is_missing_goes_where_it_is_told() {
        let conditions =
            |missing_left| [Condition { threshold: 1.0, feature: 0, gone: 0b0110, missing_left }];
        let column = [[f64::NAN, 1.0, 1.0 + f64::EPSILON, f64::NEG_INFINITY]];
        let (all, left) = (u64::MAX, !0b0110);
        assert_eq!(words(&conditions(false), column), [left, all, left, all]);
        assert_eq!(words(&conditions(true), column), [all, all, left, all]);
    }

    #[test]
    fn conditions_take_one_after_the_other() {
        let condition =
            |threshold, gone, missing_left| Condition { threshold, feature: 0, gone, missing_left };
        let conditions = [condition(0.5_f32, 1, true), condition(2.5, 0b100, false)];
        let column = [
            [0.0, 0.5, 1.0, 2.0, 2.5, 3.0, f32::INFINITY, f32::NAN],
            [-1.0, 0.500_000_06, 1.0, 2.0, 2.500_000_2, 3.0, f32::NEG_INFINITY, -f32::NAN],
        ];
        let gone: Vec<u64> =
            words(&conditions, column).iter().map(|it| u64::from(u32::MAX) - it).collect();
        assert_eq!(gone, [0, 0, 1, 1, 1, 5, 5, 4, 0, 1, 1, 1, 5, 5, 0, 4]);
    }
}
