//! The few nearest of the points seen so far: a heap with the farthest on top, as scikit-learn's.

/// At most `k` points and their distances.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    distances: Vec<f64>,
    indices: Vec<usize>,
}

impl Nearest {
    /// Room for `k` points.
    #[must_use]
    pub fn new(k: usize) -> Self {
        Self { distances: vec![f64::INFINITY; k], indices: vec![0; k] }
    }

    /// Forgets all points.
    pub fn clear(&mut self) {
        self.distances.fill(f64::INFINITY);
        self.indices.fill(0);
    }

    /// The distances; ascending after [`Nearest::sort`].
    #[must_use]
    pub fn distances(&self) -> &[f64] {
        &self.distances
    }

    pub(super) fn distances_mut(&mut self) -> &mut [f64] {
        &mut self.distances
    }

    /// The points' numbers, in the order of the distances.
    #[must_use]
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// The distance that a point must be below to be kept.
    #[must_use]
    pub fn farthest(&self) -> f64 {
        self.distances.first().copied().unwrap_or(f64::NEG_INFINITY)
    }

    /// Keeps the point if it is nearer than the farthest one kept, in its place.
    pub fn push(&mut self, distance: f64, index: usize) {
        if distance >= self.farthest() || distance.is_nan() {
            return;
        }
        let size = self.distances.len();
        let mut at = 0;
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            if left >= size {
                break;
            }
            let larger = right < size && self.distances[left] < self.distances[right];
            let child = if larger { right } else { left };
            if self.distances[child] <= distance {
                break;
            }
            self.distances[at] = self.distances[child];
            self.indices[at] = self.indices[child];
            at = child;
        }
        self.distances[at] = distance;
        self.indices[at] = index;
    }

    /// Puts the nearest first. Which of equally near ones comes first is as in scikit-learn's
    /// `simultaneous_sort`: quicksort with the median of first, middle and last.
    pub fn sort(&mut self) {
        let mut waiting = vec![(0, self.distances.len())];
        while let Some((start, end)) = waiting.pop() {
            let Some(pivot) = self.partition(start, end) else { continue };
            waiting.push((start, pivot));
            waiting.push((pivot + 1, end));
        }
    }

    fn order(&mut self, a: usize, b: usize) -> bool {
        let wrong = self.distances[b] < self.distances[a];
        if wrong {
            self.swap(a, b);
        }
        wrong
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.distances.swap(a, b);
        self.indices.swap(a, b);
    }

    /// Sorts a run of up to three; of more, splits it and says where.
    fn partition(&mut self, start: usize, end: usize) -> Option<usize> {
        let size = end.saturating_sub(start);
        if size < 2 {
            return None;
        }
        let last = end - 1;
        if size < 4 {
            self.order(start, start + 1);
            if size == 3 && self.order(start + 1, last) {
                self.order(start, start + 1);
            }
            return None;
        }
        let middle = start + size / 2;
        // The median of the three goes to the end.
        self.order(start, last);
        if self.distances[middle] < self.distances[last] {
            self.swap(last, middle);
            self.order(start, last);
        }
        let pivot = self.distances[last];
        let mut store = start;
        for at in start..last {
            if self.distances[at] < pivot {
                self.swap(at, store);
                store += 1;
            }
        }
        self.swap(store, last);
        Some(store)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_are_kept_and_sorted() {
        let mut nearest = Nearest::new(5);
        let distances: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 101)).collect();
        distances.iter().enumerate().for_each(|(i, it)| nearest.push(*it, i));
        nearest.sort();
        assert_eq!(nearest.distances(), [0.0, 1.0, 2.0, 3.0, 4.0]);
        let found: Vec<f64> = nearest.indices().iter().map(|&i| distances[i]).collect();
        assert_eq!(found, nearest.distances());
    }

    #[test]
    fn the_first_of_equally_far_ones_is_kept() {
        let mut nearest = Nearest::new(1);
        nearest.push(2.0, 7);
        nearest.push(2.0, 8);
        assert_eq!(nearest.indices(), [7]);
    }
}
