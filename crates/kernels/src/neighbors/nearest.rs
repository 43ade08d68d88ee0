//! The few nearest of the points seen so far: a heap with the farthest on top, as scikit-learn's.

use super::simultaneous_sort::Sorting;

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
        self.clear_below(f64::INFINITY);
    }

    /// Forgets all points, and keeps only those below `limit` from now on.
    pub(super) fn clear_below(&mut self, limit: f64) {
        self.distances.fill(limit);
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

    pub(super) fn set(&mut self, found: impl Iterator<Item = (f64, usize)>) {
        (self.distances, self.indices) = found.unzip();
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

    /// Pushes what `other` keeps, in the order of its heap.
    pub fn merge(&mut self, other: &Self) {
        other.distances.iter().zip(&other.indices).for_each(|(it, at)| self.push(*it, *at));
    }

    /// Keeps the point if it is nearer than the farthest one kept, in its place.
    pub fn push(&mut self, distance: f64, index: usize) {
        // NaN is no exception: it takes the top until the next one comes.
        if distance >= self.farthest() {
            return;
        }
        let size = self.distances.len();
        let mut at = 0;
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            if left >= size {
                break;
            }
            let is_left = size <= right || self.distances[left] >= self.distances[right];
            let child = if is_left { left } else { right };
            let moves = distance < self.distances[child];
            if !moves {
                break;
            }
            self.distances[at] = self.distances[child];
            self.indices[at] = self.indices[child];
            at = child;
        }
        self.distances[at] = distance;
        self.indices[at] = index;
    }

    /// Puts the nearest first; `sorting` decides which of equally near ones comes first.
    pub fn sort(&mut self, sorting: Sorting) {
        sorting.sort(&mut self.distances, &mut self.indices);
    }
}

/// The points within a distance, in the order in which they were found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Within {
    /// The distances.
    pub distances: Vec<f64>,
    /// The points' numbers.
    pub indices: Vec<usize>,
}

impl Within {
    /// Forgets all points.
    pub fn clear(&mut self) {
        self.distances.clear();
        self.indices.clear();
    }

    pub(super) fn push(&mut self, distance: f64, index: usize) {
        self.distances.push(distance);
        self.indices.push(index);
    }

    /// Puts the nearest first; `sorting` decides which of equally near ones comes first.
    pub fn sort(&mut self, sorting: Sorting) {
        sorting.sort(&mut self.distances, &mut self.indices);
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
        nearest.sort(Sorting::Quick);
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
