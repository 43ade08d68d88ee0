//! The smallest numbers of a row in the order of numpy's `argpartition` and `argsort`.
//!
//! Which of equal numbers are among the smallest, and in which order, depends on numpy's algorithm
//! (`npysort/selection.cpp`: introselect). From numpy 2.0 on, processors with AVX2 or AVX-512 run other
//! code, which chooses otherwise among equal numbers; this is the code for all others.
//!
//! NaN counts as larger than all numbers.

/// The positions of the `k` smallest of `values`, the smallest first; at most all.
#[must_use]
pub(crate) fn smallest(values: &[f64], k: usize) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..values.len()).collect();
    let k = k.min(values.len());
    partition(values, &mut positions, k);
    positions.truncate(k);
    sort(values, &mut positions);
    positions
}

/// `argpartition(values, k - 1)[:k]`: the positions of the `k` smallest of `values`; at most all.
#[must_use]
pub(crate) fn partitioned(values: &[f64], k: usize) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..values.len()).collect();
    let k = k.min(values.len());
    partition(values, &mut positions, k);
    positions.truncate(k);
    positions
}

fn partition(values: &[f64], positions: &mut [usize], k: usize) {
    if let Some(nth) = k.checked_sub(1) {
        Selection { values, positions }.select(nth);
    }
}

fn less(a: f64, b: f64) -> bool {
    a < b || (b.is_nan() && !a.is_nan())
}

struct Selection<'a> {
    values: &'a [f64],
    positions: &'a mut [usize],
}

impl Selection<'_> {
    fn value(&self, at: usize) -> f64 {
        self.values[self.positions[at]]
    }

    fn less(&self, a: usize, b: usize) -> bool {
        less(self.value(a), self.value(b))
    }

    fn order(&mut self, a: usize, b: usize) {
        if self.less(b, a) {
            self.positions.swap(a, b);
        }
    }

    /// Puts the number of rank `nth` in its place, with smaller ones before it.
    fn select(&mut self, nth: usize) {
        let len = self.positions.len();
        if nth < 3 {
            return self.select_first(nth + 1);
        }
        if nth + 1 == len {
            return self.select_last();
        }
        let mut depth = 2 * len.ilog2();
        let (mut low, mut high) = (0, len - 1);
        while low + 1 < high {
            let by_three = 0 < depth || high - low < 6;
            depth = depth.saturating_sub(1);
            let (up, down) = if by_three {
                self.median_of_three_to(low, high);
                (low + 1, high)
            } else {
                let middle = self.median_of_medians(low + 1, high);
                self.positions.swap(middle, low);
                (low, high + 1)
            };
            let (up, down) = self.split(self.value(low), up, down);
            self.positions.swap(low, down);
            if nth <= down {
                high = down.saturating_sub(1);
            }
            if down <= nth {
                low = up;
            }
        }
        if high == low + 1 {
            self.order(low, high);
        }
    }

    /// The first `count` by looking for the smallest of the rest each time.
    fn select_first(&mut self, count: usize) {
        for i in 0..count.min(self.positions.len()) {
            let mut smallest = i;
            for at in i + 1..self.positions.len() {
                if self.less(at, smallest) {
                    smallest = at;
                }
            }
            self.positions.swap(i, smallest);
        }
    }

    fn select_last(&mut self) {
        let mut largest = 0;
        for at in 1..self.positions.len() {
            if !self.less(at, largest) {
                largest = at;
            }
        }
        let last = self.positions.len() - 1;
        self.positions.swap(last, largest);
    }

    /// The median of first, middle and last goes to `low`, the smallest to its right, the largest to
    /// `high`.
    fn median_of_three_to(&mut self, low: usize, high: usize) {
        let middle = low + (high - low) / 2;
        self.order(middle, high);
        self.order(low, high);
        self.order(middle, low);
        self.positions.swap(middle, low + 1);
    }

    fn median_of_medians(&mut self, start: usize, end: usize) -> usize {
        let count = (end - start) / 5;
        for i in 0..count {
            let median = self.median_of_five(start + 5 * i);
            self.positions.swap(median, start + i);
        }
        if 2 < count {
            let positions = &mut self.positions[start..start + count];
            // The number of medians is a fifth each time: few calls in one another.
            Selection { values: self.values, positions }.select(count / 2);
        }
        start + count / 2
    }

    fn median_of_five(&mut self, at: usize) -> usize {
        self.order(at, at + 1);
        self.order(at + 3, at + 4);
        self.order(at, at + 3);
        self.order(at + 1, at + 4);
        self.order(at + 1, at + 2);
        match (self.less(at + 3, at + 2), self.less(at + 3, at + 1)) {
            (true, true) => at + 1,
            (true, false) => at + 3,
            (false, _) => at + 2,
        }
    }

    /// Smaller ones than `pivot` to the left. What stands at both ends stops the search.
    fn split(&mut self, pivot: f64, mut up: usize, mut down: usize) -> (usize, usize) {
        loop {
            up += 1;
            while less(self.value(up), pivot) {
                up += 1;
            }
            down -= 1;
            while less(pivot, self.value(down)) {
                down -= 1;
            }
            if down < up {
                return (up, down);
            }
            self.positions.swap(up, down);
        }
    }
}

/// Up to this many positions are sorted by insertion.
const SHORT: usize = 16;

/// `argsort`: quicksort with the median of three, insertion for short runs.
fn sort(values: &[f64], positions: &mut [usize]) {
    let len = positions.len();
    let mut pairs = Selection { values, positions };
    let mut waiting = vec![(0, len, 2 * i64::from(len.max(1).ilog2()))];
    while let Some((mut start, mut end, mut depth)) = waiting.pop() {
        if depth < 0 {
            pairs.heap_sort(start, end);
            continue;
        }
        while SHORT < end - start {
            let pivot = pairs.quick_split(start, end);
            depth -= 1;
            // The larger part waits.
            if pivot - start < end - 1 - pivot {
                waiting.push((pivot + 1, end, depth));
                end = pivot;
            } else {
                waiting.push((start, pivot, depth));
                start = pivot + 1;
            }
        }
        pairs.insertion_sort(start, end);
    }
}

impl Selection<'_> {
    fn quick_split(&mut self, start: usize, end: usize) -> usize {
        let last = end - 1;
        let middle = start + (last - start) / 2;
        self.order(start, middle);
        self.order(middle, last);
        self.order(start, middle);
        let pivot = self.value(middle);
        self.positions.swap(middle, last - 1);
        let (mut up, mut down) = (start, last - 1);
        loop {
            up += 1;
            while less(self.value(up), pivot) {
                up += 1;
            }
            down -= 1;
            while less(pivot, self.value(down)) {
                down -= 1;
            }
            if down <= up {
                break;
            }
            self.positions.swap(up, down);
        }
        self.positions.swap(up, last - 1);
        up
    }

    fn insertion_sort(&mut self, start: usize, end: usize) {
        for i in start + 1..end {
            let mut j = i;
            while start < j && self.less(j, j - 1) {
                self.positions.swap(j, j - 1);
                j -= 1;
            }
        }
    }

    fn heap_sort(&mut self, start: usize, end: usize) {
        let len = end - start;
        for root in (0..len / 2).rev() {
            self.sift_down(start, root, len);
        }
        for last in (1..len).rev() {
            self.positions.swap(start, start + last);
            self.sift_down(start, 0, last);
        }
    }

    /// The value at `root` goes down as long as a child is larger; of equal children the left one rises.
    fn sift_down(&mut self, start: usize, mut root: usize, len: usize) {
        while 2 * root + 1 < len {
            let left = 2 * root + 1;
            let right = left + 1;
            let is_right = right < len && self.less(start + left, start + right);
            let child = if is_right { right } else { left };
            if !self.less(start + root, start + child) {
                return;
            }
            self.positions.swap(start + root, start + child);
            root = child;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By numpy 1.26: `argpartition`, and `argsort` of what it found.
    #[test]
    fn equal_numbers_are_chosen_as_numpy_does() {
        let values: Vec<f64> = (0..60).map(|i| f64::from(i * i * 7 % 11)).collect();
        assert_eq!(partitioned(&values, 2), PARTITIONED_2);
        assert_eq!(partitioned(&values, 9), PARTITIONED_9);
        assert_eq!(smallest(&values, 9), SMALLEST_9);
        assert_eq!(smallest(&values, 40), SMALLEST_40);
        assert_eq!(smallest(&values, 60).len(), 60);
    }

    #[test]
    fn nan_comes_last() {
        let values = [3.0, f64::NAN, 1.0, 2.0, f64::NAN, 0.0];
        assert_eq!(smallest(&values, 5)[..4], [5, 2, 3, 0]);
    }

    #[test]
    fn bad_pivots_are_replaced() {
        // Decreasing and increasing in turn, so that the median of three is of no use.
        let values: Vec<f64> = (0..3000).map(|i| f64::from((i * 7919 + i * i) % 1501)).collect();
        for k in [5, 700, 2999] {
            let found: Vec<f64> = smallest(&values, k).iter().map(|&i| values[i]).collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            assert_eq!(found, sorted[..k]);
        }
    }

    const PARTITIONED_2: [usize; 2] = [0, 11];
    const PARTITIONED_9: [usize; 9] = [33, 40, 55, 11, 22, 44, 0, 26, 15];
    const SMALLEST_9: [usize; 9] = [33, 55, 11, 22, 44, 0, 40, 26, 15];
    const SMALLEST_40: [usize; 40] = [
        22, 0, 55, 44, 33, 11, 7, 4, 29, 18, 15, 26, 37, 40, 48, 51, 59, 20, 57, 24, 42, 9, 13, 35,
        31, 53, 2, 46, 45, 34, 12, 56, 1, 43, 23, 21, 10, 54, 32, 52,
    ];
}
