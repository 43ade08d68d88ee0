//! Sums in numpy's order of additions.

/// `numpy.sum` along a contiguous axis: up to 7 numbers one after the other, up to 128 in eight sums at
/// once, more by halves.
#[must_use]
pub fn pairwise_sum(values: &[f64]) -> f64 {
    if values.len() < 8 {
        return values.iter().fold(0.0, |sum, x| sum + x);
    }
    if 128 < values.len() {
        let half = values.len() / 2;
        let (low, high) = values.split_at(half - half % 8);
        return pairwise_sum(low) + pairwise_sum(high);
    }
    let (head, tail) = values.split_at(8);
    let mut sums = [0.0; 8];
    sums.copy_from_slice(head);
    let mut eights = tail.chunks_exact(8);
    for eight in eights.by_ref() {
        sums.iter_mut().zip(eight).for_each(|(sum, x)| *sum += x);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    eights.remainder().iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, x| sum + x)
}

/// The order in which squares are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Squares {
    /// `numpy.einsum` along a contiguous axis from numpy 1.21: two sums at once; of each eight numbers the
    /// last pair first.
    LastPairFirst,
    /// The same until numpy 1.20: two sums at once over the whole eights, then the rest from its end.
    RestFromEnd,
    /// One after the other.
    InOrder,
}

/// The sum of the squares of `values`.
#[must_use]
pub fn sum_of_squares(values: &[f64], order: Squares) -> f64 {
    let (eights, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 2];
    let mut add = |pair: &[f64]| {
        sums.iter_mut().zip(pair).for_each(|(sum, x)| *sum += x * x);
    };
    match order {
        Squares::InOrder => values.iter().fold(0.0, |sum, x| sum + x * x),
        Squares::LastPairFirst => {
            eights.iter().for_each(|it| it.rchunks_exact(2).for_each(&mut add));
            rest.chunks(2).for_each(&mut add);
            sums[0] + sums[1]
        }
        Squares::RestFromEnd => {
            eights.iter().for_each(|it| it.chunks_exact(2).for_each(&mut add));
            rest.iter().rev().fold(sums[0] + sums[1], |sum, x| sum + x * x)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of 1/1 … 1/n by numpy 2.2.
    #[test]
    fn sums_have_the_bits_of_numpy() {
        let sum = |n: u32| pairwise_sum(&(1..=n).map(|i| 1.0 / f64::from(i)).collect::<Vec<_>>());
        assert_eq!(sum(5), 2.283333333333333);
        assert_eq!(sum(8), 2.7178571428571425);
        assert_eq!(sum(19), 3.547739657143682);
        assert_eq!(sum(128), 5.433147092589173);
        assert_eq!(sum(129), 5.440899030573669);
        assert_eq!(sum(1000), 7.485470860550345);
    }

    /// Sums of the squares of 1/1 … 1/n by numpy 2.5 and 1.16.
    #[test]
    fn sums_of_squares_have_the_bits_of_einsum() {
        for (n, newer, older) in [
            (3, 1.3611111111111112, 1.3611111111111112),
            (7, 1.5117970521541952, 1.511797052154195),
            (13, 1.570893798184216, 1.5708937981842164),
            (1000, 1.6439345666815603, 1.6439345666815606),
        ] {
            let values: Vec<f64> = (1..=n).map(|i| 1.0 / f64::from(i)).collect();
            assert_eq!(sum_of_squares(&values, Squares::LastPairFirst), newer, "{n}");
            assert_eq!(sum_of_squares(&values, Squares::RestFromEnd), older, "{n}");
        }
    }
}
