//! The smallest numbers of a row in the order of numpy 2's `argpartition` and `argsort` on x86-64 processors
//! with AVX2 or AVX-512; `select.rs` is for all others, and for numpy 1.
//!
//! Up to 256 numbers go through one sorting network, the same for both. More are divided first, as many at
//! a time as a vector holds: there the two choose otherwise among equal numbers. Where that makes no
//! progress, or a number is NaN, it is the C++ library's `sort` and `nth_element`.
//!
//! Source of truth: `xss-common-argsort.h`, `xss-network-keyvaluesort.hpp`, `avx2-emu-funcs.hpp` of
//! x86-simd-sort as in numpy 2.0 to 2.5; `bits/stl_algo.h` of libstdc++.

/// How many `f64` a vector holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lanes {
    /// AVX2.
    Four,
    /// AVX-512.
    Eight,
}

/// Among so many numbers the order does not depend on the lanes.
pub const NETWORK: usize = 256;

/// The positions of the `k` smallest of `values`, the smallest first; at most all.
#[must_use]
pub fn smallest(values: &[f64], k: usize, lanes: Lanes) -> Vec<usize> {
    let mut positions = partitioned(values, k, lanes);
    match positions.iter().any(|&it| values[it].is_nan()) {
        true => library_sort(values, &mut positions),
        false => sort(values, &mut positions, lanes),
    }
    positions
}

/// `argpartition(values, k - 1)[:k]`: the positions of the `k` smallest of `values`; at most all.
#[must_use]
pub fn partitioned(values: &[f64], k: usize, lanes: Lanes) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..values.len()).collect();
    let k = k.min(values.len());
    if let Some(nth) = k.checked_sub(1) {
        match values.iter().any(|it| it.is_nan()) {
            true => library_nth(values, &mut positions, nth),
            false => select(values, &mut positions, nth, lanes),
        }
    }
    positions.truncate(k);
    positions
}

fn select(values: &[f64], positions: &mut [usize], nth: usize, lanes: Lanes) {
    let (mut start, mut end) = (0, positions.len());
    for _ in 0..rounds(end) {
        let part = &mut positions[start..end];
        if part.len() <= NETWORK {
            return network(values, part);
        }
        let split = divide(values, part, lanes);
        let middle = start + split.middle;
        match nth < middle {
            true if !split.is_least => end = middle,
            false if !split.is_most => start = middle,
            _ => return,
        }
    }
    library_sort(values, &mut positions[start..end]);
}

fn sort(values: &[f64], positions: &mut [usize], lanes: Lanes) {
    let len = positions.len();
    let mut waiting = vec![(0, len, rounds(len))];
    while let Some((start, end, rounds)) = waiting.pop() {
        let part = &mut positions[start..end];
        if rounds == 0 {
            library_sort(values, part);
        } else if part.len() <= NETWORK {
            network(values, part);
        } else {
            let split = divide(values, part, lanes);
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

/// How often a row is divided at most.
fn rounds(len: usize) -> u32 {
    2 * len.max(2).ilog2()
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
fn divide(values: &[f64], positions: &mut [usize], lanes: Lanes) -> Split {
    let width = match lanes {
        Lanes::Four => 4,
        Lanes::Eight => 8,
    };
    let step = (positions.len() - 1) / width;
    let mut samples: Vec<f64> = (1..=width).map(|i| values[positions[i * step]]).collect();
    samples.sort_by(f64::total_cmp);
    let pivot = samples[width / 2];
    let numbers = || positions.iter().map(|&it| values[it]);
    let is_least = numbers().all(|it| pivot <= it);
    let is_most = numbers().all(|it| it <= pivot);
    Split { middle: move_to_sides(values, positions, pivot, width), is_least, is_most }
}

/// Four vectors at a time are read from the side with less room to write, and written to both.
fn move_to_sides(values: &[f64], positions: &mut [usize], pivot: f64, width: usize) -> usize {
    let block = 4 * width;
    let (mut left, mut right) = (0, positions.len());
    for _ in 0..positions.len() % block {
        if values[positions[left]] < pivot {
            left += 1;
        } else {
            right -= 1;
            positions.swap(left, right);
        }
    }
    let mut held = positions[left..left + block].to_vec();
    held.extend_from_slice(&positions[right - block..right]);
    let (mut low, mut high) = (left, right);
    left += block;
    right -= block;
    let mut taken = Vec::with_capacity(2 * block);
    loop {
        taken.clear();
        if left == right {
            taken.append(&mut held);
        } else if high - right < left - low {
            right -= block;
            taken.extend_from_slice(&positions[right..right + block]);
        } else {
            taken.extend_from_slice(&positions[left..left + block]);
            left += block;
        }
        for vector in taken.chunks_exact(width) {
            let is_below = |it: &&usize| values[**it] < pivot;
            let above = vector.iter().filter(|it| !is_below(it)).count();
            let from = high - above;
            for &it in vector.iter().filter(is_below) {
                positions[low] = it;
                low += 1;
            }
            let (above, to) =
                (vector.iter().filter(|it| !is_below(it)), &mut positions[from..high]);
            match width {
                // AVX2 has no instruction for it; its stand-in turns the order round.
                4 => to.iter_mut().rev().zip(above).for_each(|(to, it)| *to = *it),
                _ => to.iter_mut().zip(above).for_each(|(to, it)| *to = *it),
            }
            high = from;
        }
        if taken.len() == 2 * block {
            return low;
        }
    }
}

fn less(a: f64, b: f64) -> bool {
    a < b || (b.is_nan() && !a.is_nan())
}

/// `std::nth_element`
fn library_nth(values: &[f64], positions: &mut [usize], nth: usize) {
    let (mut start, mut end) = (0, positions.len());
    let mut depth = rounds(end);
    while 3 < end - start {
        if depth == 0 {
            let count = nth + 1 - start;
            heap_select(values, &mut positions[start..end], count);
            return positions.swap(start, nth);
        }
        depth -= 1;
        let cut = start + library_split(values, &mut positions[start..end]);
        match cut <= nth {
            true => start = cut,
            false => end = cut,
        }
    }
    insertion_sort(values, &mut positions[start..end]);
}

/// Up to this many are left to the insertion at the end.
const SHORT: usize = 16;

/// `std::sort`
fn library_sort(values: &[f64], positions: &mut [usize]) {
    let mut waiting = vec![(0, positions.len(), rounds(positions.len()))];
    while let Some((start, mut end, mut depth)) = waiting.pop() {
        while SHORT < end - start {
            if depth == 0 {
                heap_sort(values, &mut positions[start..end]);
                break;
            }
            depth -= 1;
            let cut = start + library_split(values, &mut positions[start..end]);
            waiting.push((cut, end, depth));
            end = cut;
        }
    }
    insertion_sort(values, positions);
}

/// The median of the second, the middle and the last goes to the front and divides the rest.
fn library_split(values: &[f64], positions: &mut [usize]) -> usize {
    let (second, middle, last) = (1, positions.len() / 2, positions.len() - 1);
    let before = |a: usize, b: usize| less(values[positions[a]], values[positions[b]]);
    let median = if before(second, middle) {
        if before(middle, last) {
            middle
        } else if before(second, last) {
            last
        } else {
            second
        }
    } else if before(second, last) {
        second
    } else if before(middle, last) {
        last
    } else {
        middle
    };
    positions.swap(0, median);
    let pivot = values[positions[0]];
    let (mut up, mut down) = (1, positions.len());
    loop {
        while less(values[positions[up]], pivot) {
            up += 1;
        }
        down -= 1;
        while less(pivot, values[positions[down]]) {
            down -= 1;
        }
        if down <= up {
            return up;
        }
        positions.swap(up, down);
        up += 1;
    }
}

fn insertion_sort(values: &[f64], positions: &mut [usize]) {
    for i in 1..positions.len() {
        let mut j = i;
        while 0 < j && less(values[positions[j]], values[positions[j - 1]]) {
            positions.swap(j, j - 1);
            j -= 1;
        }
    }
}

/// `std::partial_sort` of all
fn heap_sort(values: &[f64], positions: &mut [usize]) {
    let len = positions.len();
    heap_select(values, positions, len);
    for last in (1..len).rev() {
        let it = positions[last];
        positions[last] = positions[0];
        sink(values, positions, 0, last, it);
    }
}

/// The `count` smallest to the front, as a heap.
fn heap_select(values: &[f64], positions: &mut [usize], count: usize) {
    for root in (0..count / 2).rev() {
        let it = positions[root];
        sink(values, positions, root, count, it);
    }
    for i in count..positions.len() {
        let it = positions[i];
        if less(values[it], values[positions[0]]) {
            positions[i] = positions[0];
            sink(values, positions, 0, count, it);
        }
    }
}

/// The hole at `root` sinks to a leaf, and `it` rises from there.
fn sink(values: &[f64], positions: &mut [usize], root: usize, len: usize, it: usize) {
    let mut hole = root;
    while 2 * hole + 1 < len {
        let (left, right) = (2 * hole + 1, 2 * hole + 2);
        let is_left = right == len || less(values[positions[right]], values[positions[left]]);
        let child = if is_left { left } else { right };
        positions[hole] = positions[child];
        hole = child;
    }
    while root < hole && less(values[positions[(hole - 1) / 2]], values[it]) {
        positions[hole] = positions[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    positions[hole] = it;
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
        for lanes in [Lanes::Four, Lanes::Eight] {
            let found = smallest(&numbers(60, 11), 9, lanes);
            assert_eq!(found, [0, 11, 22, 33, 44, 55, 15, 7, 26]);
            assert_eq!(checksum(&smallest(&numbers(60, 11), 40, lanes)), 24643);
        }
    }

    #[test]
    fn equal_numbers_of_a_long_row_are_chosen_by_lanes() {
        let (values, halves) = (numbers(400, 13), numbers(3000, 2));
        let [by_four, by_eight] = [Lanes::Four, Lanes::Eight].map(|it| smallest(&values, 9, it));
        assert_eq!(by_four, [26, 377, 364, 39, 338, 351, 52, 325, 65]);
        assert_eq!(by_eight, [0, 390, 39, 52, 351, 299, 338, 65, 91]);
        assert_eq!(checksum(&partitioned(&values, 300, Lanes::Four)), 8_798_145);
        assert_eq!(checksum(&smallest(&values, 300, Lanes::Four)), 8_942_990);
        assert_eq!(checksum(&partitioned(&values, 300, Lanes::Eight)), 8_885_252);
        assert_eq!(checksum(&smallest(&values, 300, Lanes::Eight)), 9_008_903);
        assert_eq!(smallest(&halves, 5, Lanes::Four), [10, 8, 6, 4, 1506]);
        assert_eq!(smallest(&halves, 5, Lanes::Eight), [2382, 1248, 2374, 1246, 1244]);
    }

    #[test]
    fn among_nan_the_library_chooses() {
        let mut values = numbers(60, 11);
        values.iter_mut().step_by(7).for_each(|it| *it = f64::NAN);
        assert_eq!(partitioned(&values, 9, Lanes::Four), [55, 11, 44, 22, 40, 29, 26, 33, 18]);
    }

    #[test]
    fn bad_pivots_are_replaced() {
        let values: Vec<f64> = (0..3000).map(|i| f64::from((i * 7919 + i * i) % 1501)).collect();
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        for k in [5, 700, 2999] {
            let mut positions: Vec<usize> = (0..3000).collect();
            heap_select(&values, &mut positions, k);
            assert_eq!(values[positions[0]], sorted[k - 1]);
            heap_sort(&values, &mut positions);
            let found: Vec<f64> = positions.iter().map(|&it| values[it]).collect();
            assert_eq!(found, sorted);
        }
    }
}
