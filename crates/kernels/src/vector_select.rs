//! The smallest numbers of a row in the order of numpy 2's `argpartition` and `argsort` on x86-64 processors
//! with AVX2; `select.rs` is numpy 1's, and for processors without AVX2.
//!
//! Up to 256 numbers go through one sorting network. More are divided first, four vectors of four at a time:
//! with AVX-512 it is vectors of eight, and Python chooses otherwise among equal numbers. Where dividing
//! makes no progress, or a number is NaN, it is the C++ library's `sort` and `nth_element`.
//!
//! Source of truth: `xss-common-argsort.h`, `xss-network-keyvaluesort.hpp`, `avx2-emu-funcs.hpp` of
//! x86-simd-sort as in numpy 2.0 to 2.5.

use crate::library_sort;

/// How many `f64` a vector holds.
const WIDTH: usize = 4;

/// How many numbers are read at a time.
const BLOCK: usize = 4 * WIDTH;

/// Up to so many numbers are sorted without dividing them.
const NETWORK: usize = 256;

/// What `argsort` does with numbers that are sorted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// They are divided like others, which changes the order of equal ones: until numpy 2.2.
    Divided,
    /// They stay where they are.
    Kept,
}

/// The positions of the `k` smallest of `values`, the smallest first; at most all.
#[must_use]
pub(crate) fn smallest(values: &[f64], k: usize, sorted: Sorted) -> Vec<usize> {
    let mut positions = partitioned(values, k);
    if positions.iter().any(|&it| values[it].is_nan()) {
        library_sort::sort(values, &mut positions);
    } else if sorted == Sorted::Divided || !positions.is_sorted_by_key(|&it| values[it]) {
        sort(values, &mut positions);
    }
    positions
}

/// `argpartition(values, k - 1)[:k]`: the positions of the `k` smallest of `values`; at most all.
#[must_use]
pub(crate) fn partitioned(values: &[f64], k: usize) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..values.len()).collect();
    let k = k.min(values.len());
    if let Some(nth) = k.checked_sub(1) {
        match values.iter().any(|it| it.is_nan()) {
            true => library_sort::nth_element(values, &mut positions, nth),
            false => select(values, &mut positions, nth),
        }
    }
    positions.truncate(k);
    positions
}

fn select(values: &[f64], positions: &mut [usize], nth: usize) {
    let (mut start, mut end) = (0, positions.len());
    for _ in 0..library_sort::rounds(end) {
        let part = &mut positions[start..end];
        if part.len() <= NETWORK {
            return network(values, part);
        }
        let split = divide(values, part);
        let middle = start + split.middle;
        match nth < middle {
            true if !split.is_least => end = middle,
            false if !split.is_most => start = middle,
            _ => return,
        }
    }
    library_sort::sort(values, &mut positions[start..end]);
}

fn sort(values: &[f64], positions: &mut [usize]) {
    let len = positions.len();
    let mut waiting = vec![(0, len, library_sort::rounds(len))];
    while let Some((start, end, rounds)) = waiting.pop() {
        let part = &mut positions[start..end];
        if rounds == 0 {
            library_sort::sort(values, part);
        } else if part.len() <= NETWORK {
            network(values, part);
        } else {
            let split = divide(values, part);
            let middle = start + split.middle;
            if !split.is_least {
                waiting.push((start, middle, rounds - 1));
            }
            if !split.is_most {
                waiting.push((middle, end, rounds - 1));
            }
        }
    }
}

/// Sorts at most [`NETWORK`] numbers: runs of 2, 4, 8, …, each merged from a run and a reversed one. Equal
/// numbers are never exchanged. What is missing to a power of two counts as larger than all.
fn network(values: &[f64], positions: &mut [usize]) {
    let len = positions.len();
    let mut order = |low: usize, high: usize| {
        if high < len && values[positions[high]] < values[positions[low]] {
            positions.swap(low, high);
        }
    };
    let full = len.next_power_of_two();
    let mut run = 2;
    while run <= full {
        for start in (0..full).step_by(run) {
            (0..run / 2).for_each(|i| order(start + i, start + run - 1 - i));
        }
        let mut distance = run / 4;
        while 0 < distance {
            let low = (0..full).filter(|i| i & distance == 0);
            low.for_each(|i| order(i, i + distance));
            distance /= 2;
        }
        run *= 2;
    }
}

struct Split {
    middle: usize,
    /// Whether the pivot is the least, the largest of all.
    is_least: bool,
    is_most: bool,
}

/// Numbers below a pivot to the left, the others to the right; more than [`NETWORK`] of them.
fn divide(values: &[f64], positions: &mut [usize]) -> Split {
    let step = (positions.len() - 1) / WIDTH;
    let mut samples: [f64; WIDTH] = std::array::from_fn(|i| values[positions[(i + 1) * step]]);
    samples.sort_by(f64::total_cmp);
    let pivot = samples[WIDTH / 2];
    let numbers = || positions.iter().map(|&it| values[it]);
    let is_least = numbers().all(|it| pivot <= it);
    let is_most = numbers().all(|it| it <= pivot);
    Split { middle: move_to_sides(values, positions, pivot), is_least, is_most }
}

/// Four vectors at a time are read from the side with less room to write, and written to both.
fn move_to_sides(values: &[f64], positions: &mut [usize], pivot: f64) -> usize {
    let (mut left, mut right) = (0, positions.len());
    for _ in 0..positions.len() % BLOCK {
        if values[positions[left]] < pivot {
            left += 1;
        } else {
            right -= 1;
            positions.swap(left, right);
        }
    }
    let mut held = positions[left..left + BLOCK].to_vec();
    held.extend_from_slice(&positions[right - BLOCK..right]);
    let (mut low, mut high) = (left, right);
    left += BLOCK;
    right -= BLOCK;
    let mut taken = Vec::with_capacity(2 * BLOCK);
    loop {
        taken.clear();
        if left == right {
            taken.append(&mut held);
        } else if high - right < left - low {
            right -= BLOCK;
            taken.extend_from_slice(&positions[right..right + BLOCK]);
        } else {
            taken.extend_from_slice(&positions[left..left + BLOCK]);
            left += BLOCK;
        }
        for &it in &taken {
            // AVX2 has no instruction to write some numbers of a vector; its stand-in turns their order round.
            if values[it] < pivot {
                positions[low] = it;
                low += 1;
            } else {
                high -= 1;
                positions[high] = it;
            }
        }
        if taken.len() == 2 * BLOCK {
            return low;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, modulus: usize) -> Vec<f64> {
        (0..count).map(|i| (i * i * 7 % modulus) as f64).collect()
    }

    fn checksum(positions: &[usize]) -> usize {
        positions.iter().enumerate().map(|(i, it)| i * it).sum()
    }

    /// By numpy 2.5: `argpartition`, and `argsort` of what it found.
    #[test]
    fn equal_numbers_of_a_short_row_are_chosen_alike() {
        let found = smallest(&numbers(60, 11), 9, Sorted::Kept);
        assert_eq!(found, [0, 11, 22, 33, 44, 55, 15, 7, 26]);
        assert_eq!(checksum(&smallest(&numbers(60, 11), 40, Sorted::Kept)), 24643);
    }

    #[test]
    fn equal_numbers_of_a_long_row_are_chosen_alike() {
        let (values, halves) = (numbers(400, 13), numbers(3000, 2));
        let found = smallest(&values, 9, Sorted::Kept);
        assert_eq!(found, [26, 377, 364, 39, 338, 351, 52, 325, 65]);
        assert_eq!(checksum(&partitioned(&values, 300)), 8_798_145);
        assert_eq!(checksum(&smallest(&values, 300, Sorted::Kept)), 8_942_990);
        assert_eq!(smallest(&halves, 5, Sorted::Kept), [10, 8, 6, 4, 1506]);
    }

    /// How many numbers, how many different ones, k; checksums of `argpartition`, of `argsort` of what it found
    /// by numpy 2.2, and by numpy 2.5, each without AVX-512.
    const CHECKSUMS: [([usize; 3], [usize; 3]); 18] = [
        ([257, 2, 1], [0, 0, 0]),
        ([258, 3, 9], [4_175, 4_175, 4_175]),
        ([272, 7, 136], [1_275_098, 1_275_098, 1_275_098]),
        ([288, 20, 20], [25_526, 25_526, 25_526]),
        ([300, 150, 300], [7_024_436, 7_099_167, 7_099_167]),
        ([333, 9, 332], [9_078_980, 9_003_892, 9_003_892]),
        ([400, 1, 257], [5_697_039, 4_913_423, 5_697_039]),
        ([511, 40, 511], [34_486_860, 33_774_842, 33_774_842]),
        ([513, 2, 60], [447_853, 447_853, 447_853]),
        ([640, 3, 1], [16, 16, 16]),
        ([777, 7, 9], [16_294, 16_294, 16_294]),
        ([1000, 20, 500], [59_911_691, 62_212_200, 62_212_200]),
        ([1024, 150, 20], [126_545, 126_545, 126_545]),
        ([1500, 9, 300], [33_112_162, 33_595_119, 33_112_162]),
        ([2047, 1, 2046], [2_790_421_551, 2_794_537_312, 2_790_421_551]),
        ([2500, 40, 257], [42_072_074, 41_707_509, 42_072_074]),
        ([3001, 2, 3001], [6_754_736_284, 6_774_604_054, 6_754_736_284]),
        ([5000, 3, 60], [4_894_516, 4_894_516, 4_894_516]),
    ];

    #[test]
    fn long_rows_of_equal_numbers_are_chosen_as_numpy_does() {
        let weighted = |it: &[usize]| checksum(it) + it.iter().sum::<usize>();
        for ([count, modulus, k], want) in CHECKSUMS {
            let number = |i: u64| ((i * 2_654_435_761 % (1 << 32)) >> 7) % modulus as u64;
            let values: Vec<f64> = (0..count as u64).map(|i| number(i) as f64).collect();
            let found = [
                partitioned(&values, k),
                smallest(&values, k, Sorted::Divided),
                smallest(&values, k, Sorted::Kept),
            ];
            assert_eq!(found.map(|it| weighted(&it)), want, "{k} of {count} numbers");
        }
    }

    #[test]
    fn among_nan_the_library_chooses() {
        let mut values = numbers(60, 11);
        values.iter_mut().step_by(7).for_each(|it| *it = f64::NAN);
        assert_eq!(partitioned(&values, 9), [55, 11, 44, 22, 40, 29, 26, 33, 18]);
    }
}
