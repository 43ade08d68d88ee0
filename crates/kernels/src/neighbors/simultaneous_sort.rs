//! Sorts distances and takes the points' numbers along. Which of equally far points comes first depends
//! on the algorithm, so it is scikit-learn's (`simultaneous_sort` in `utils/_sorting.pyx`).

/// The algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorting {
    /// Until 1.8: quicksort down to runs of three, all that is below the pivot to its left.
    Quick,
    /// From 1.9 on: quicksort from both ends, insertion for runs of up to 15, heapsort where quicksort
    /// goes too deep.
    Intro,
}

/// Runs up to this length are sorted by insertion.
const SHORT: usize = 15;

impl Sorting {
    pub(super) fn sort(self, distances: &mut [f64], indices: &mut [usize]) {
        let len = distances.len().min(indices.len());
        let mut pairs = Pairs { distances, indices };
        match self {
            Self::Quick => pairs.quick_sort(len),
            Self::Intro => pairs.intro_sort(len),
        }
    }
}

struct Pairs<'a> {
    distances: &'a mut [f64],
    indices: &'a mut [usize],
}

impl Pairs<'_> {
    fn swap(&mut self, a: usize, b: usize) {
        self.distances.swap(a, b);
        self.indices.swap(a, b);
    }

    fn order(&mut self, a: usize, b: usize) -> bool {
        let wrong = self.distances[b] < self.distances[a];
        if wrong {
            self.swap(a, b);
        }
        wrong
    }

    /// Moves the least of first, middle and last to the front and the median, which is returned, to the
    /// end.
    fn pivot(&mut self, start: usize, end: usize) -> f64 {
        let (middle, last) = (start + (end - start) / 2, end - 1);
        self.order(start, last);
        if self.distances[middle] < self.distances[last] {
            self.swap(last, middle);
            self.order(start, last);
        }
        self.distances[last]
    }

    fn quick_sort(&mut self, len: usize) {
        let mut waiting = vec![(0, len)];
        while let Some((start, end)) = waiting.pop() {
            match end - start {
                0 | 1 => {}
                2 | 3 => self.sort_up_to_three(start, end),
                _ => {
                    let pivot = self.split(start, end);
                    waiting.extend([(start, pivot), (pivot + 1, end)]);
                }
            }
        }
    }

    fn sort_up_to_three(&mut self, start: usize, end: usize) {
        self.order(start, start + 1);
        if end - start == 3 && self.order(start + 1, start + 2) {
            self.order(start, start + 1);
        }
    }

    fn split(&mut self, start: usize, end: usize) -> usize {
        let pivot = self.pivot(start, end);
        let mut store = start;
        for at in start..end - 1 {
            if self.distances[at] < pivot {
                self.swap(at, store);
                store += 1;
            }
        }
        self.swap(store, end - 1);
        store
    }

    fn intro_sort(&mut self, len: usize) {
        let depth = 2 * len.max(1).ilog2();
        let mut waiting = vec![(0, len, depth)];
        while let Some((start, end, depth)) = waiting.pop() {
            if end - start <= SHORT {
                self.insertion_sort(start, end);
            } else if depth == 0 {
                self.heap_sort(start, end);
            } else {
                let pivot = self.split_from_both_ends(start, end);
                waiting.extend([(start, pivot, depth - 1), (pivot + 1, end, depth - 1)]);
            }
        }
    }

    fn split_from_both_ends(&mut self, start: usize, end: usize) -> usize {
        let pivot = self.pivot(start, end);
        let (mut i, mut j) = (start + 1, end - 2);
        loop {
            while i <= j && self.distances[i] < pivot {
                i += 1;
            }
            while i <= j && pivot < self.distances[j] {
                j -= 1;
            }
            if j <= i {
                break;
            }
            self.swap(i, j);
            i += 1;
            j -= 1;
        }
        self.swap(i, end - 1);
        i
    }

    fn insertion_sort(&mut self, start: usize, end: usize) {
        for i in start + 1..end {
            let mut j = i;
            while start < j && self.distances[j] < self.distances[j - 1] {
                self.swap(j, j - 1);
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
            self.swap(start, start + last);
            self.sift_down(start, 0, last);
        }
    }

    fn sift_down(&mut self, start: usize, mut root: usize, len: usize) {
        loop {
            let mut largest = root;
            for child in [2 * root + 1, 2 * root + 2] {
                if child < len && self.distances[start + largest] < self.distances[start + child] {
                    largest = child;
                }
            }
            if largest == root {
                return;
            }
            self.swap(start + root, start + largest);
            root = largest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sort_and_take_the_numbers_along() {
        let numbers = |seed: usize| (0..200).map(|i| (i * seed % 67) as f64).collect::<Vec<_>>();
        for (seed, sorting) in [(37, Sorting::Quick), (53, Sorting::Intro), (1, Sorting::Intro)] {
            let unsorted = numbers(seed);
            let (mut distances, mut indices) = (unsorted.clone(), (0..200).collect::<Vec<_>>());
            sorting.sort(&mut distances, &mut indices);
            assert!(distances.is_sorted());
            let found: Vec<f64> = indices.iter().map(|&i| unsorted[i]).collect();
            assert_eq!(found, distances);
        }
    }

    #[test]
    fn heap_sort_sorts() {
        let mut distances: Vec<f64> = (0..40).map(|i| f64::from(i * 17 % 23)).collect();
        let mut indices: Vec<usize> = (0..40).collect();
        Pairs { distances: &mut distances, indices: &mut indices }.heap_sort(0, 40);
        assert!(distances.is_sorted());
    }
}
