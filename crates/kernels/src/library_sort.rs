//! Positions in the order in which the C++ library's `sort` and `nth_element` put them by their numbers; NaN
//! is larger than all.
//!
//! Source of truth: `bits/stl_algo.h` and `bits/stl_heap.h` of libstdc++.

/// How often a row is divided at most.
pub(crate) fn rounds(len: usize) -> u32 {
    2 * len.max(2).ilog2()
}

/// `std::nth_element`: the position of rank `nth` in its place, those of smaller numbers before it.
pub(crate) fn nth_element(values: &[f64], positions: &mut [usize], nth: usize) {
    let (mut start, mut end) = (0, positions.len());
    let mut depth = rounds(end);
    while 3 < end - start {
        if depth == 0 {
            let count = nth + 1 - start;
            heap_select(values, &mut positions[start..end], count);
            return positions.swap(start, nth);
        }
        depth -= 1;
        let cut = start + split(values, &mut positions[start..end]);
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
pub(crate) fn sort(values: &[f64], positions: &mut [usize]) {
    let mut waiting = vec![(0, positions.len(), rounds(positions.len()))];
    while let Some((start, mut end, mut depth)) = waiting.pop() {
        while SHORT < end - start {
            if depth == 0 {
                heap_sort(values, &mut positions[start..end]);
                break;
            }
            depth -= 1;
            let cut = start + split(values, &mut positions[start..end]);
            waiting.push((cut, end, depth));
            end = cut;
        }
    }
    insertion_sort(values, positions);
}

/// The median of the second, the middle and the last goes to the front and divides the rest.
fn split(values: &[f64], positions: &mut [usize]) -> usize {
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

fn less(a: f64, b: f64) -> bool {
    a < b || (b.is_nan() && !a.is_nan())
}

#[cfg(test)]
mod tests {
    use super::*;

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
