//! Sums in numpy's order of additions.

use std::ops::Add;

/// `numpy.sum` along a contiguous axis, of `float64` or `float32`: up to 7 numbers one after the other, up
/// to 128 in eight sums at once, more by halves.
#[must_use]
pub fn pairwise_sum<T: Copy + Default + Add<Output = T>>(values: &[T]) -> T {
    if values.len() < 8 {
        return values.iter().fold(T::default(), |sum, x| sum + *x);
    }
    if 128 < values.len() {
        let half = values.len() / 2;
        let (low, high) = values.split_at(half - half % 8);
        return pairwise_sum(low) + pairwise_sum(high);
    }
    let (head, tail) = values.split_at(8);
    let mut sums = [T::default(); 8];
    sums.copy_from_slice(head);
    let mut eights = tail.chunks_exact(8);
    for eight in eights.by_ref() {
        sums.iter_mut().zip(eight).for_each(|(sum, x)| *sum = *sum + *x);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    eights.remainder().iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, x| sum + *x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of 1/1 … 1/n by numpy 2.2.
    #[test]
    fn sums_have_the_bits_of_numpy() {
        let sum = |n: u32| pairwise_sum(&(1..=n).map(|i| 1.0 / f64::from(i)).collect::<Vec<f64>>());
        assert_eq!(sum(5), 2.283333333333333);
        assert_eq!(sum(8), 2.7178571428571425);
        assert_eq!(sum(19), 3.547739657143682);
        assert_eq!(sum(128), 5.433147092589173);
        assert_eq!(sum(129), 5.440899030573669);
        assert_eq!(sum(1000), 7.485470860550345);
    }
}
