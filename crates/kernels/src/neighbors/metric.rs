//! How far two points are from each other.
//!
//! Terms are added one after the other, as in scikit-learn's `_dist_metrics.pyx`. Where that is cheaper,
//! reduced distances are compared: they have the same order.

/// A distance between points.
#[derive(Debug, Clone, PartialEq)]
pub enum Metric {
    /// The root of the sum of squares.
    Euclidean,
    /// The sum of squares.
    SquaredEuclidean,
    /// The sum of absolute differences.
    Manhattan,
    /// The largest absolute difference.
    Chebyshev,
    /// The sum of `p`th powers of absolute differences, to the power of `1 / p`.
    Minkowski(f64),
    /// The same with a weight for each power.
    WeightedPowers(f64, Vec<f64>),
    /// The same with a weight for each difference.
    WeightedDifferences(f64, Vec<f64>),
    /// The root of the sum of squares, each divided by its number.
    StandardizedEuclidean(Vec<f64>),
    /// The root of `d' M d` for the differences `d` and a square matrix `M`, by rows.
    Mahalanobis(Vec<f64>, Sums),
    /// The share of numbers that differ.
    Hamming,
    /// The sum of absolute differences, each divided by the sum of the absolute numbers.
    Canberra,
    /// The sum of absolute differences divided by the sum of all absolute numbers.
    BrayCurtis,
    /// Of two angles: latitude and longitude in radians.
    Haversine,
    /// 1 less the cosine of the angle.
    Cosine,
    /// Numbers count as true unless they are 0.
    Boolean(Boolean),
}

/// In which order terms are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sums {
    /// One after the other.
    OneByOne,
    /// Every second one, then the others, as scipy does since 1.7.
    InPairs,
}

impl Sums {
    fn add(self, mut terms: impl Iterator<Item = f64>) -> f64 {
        if self == Self::OneByOne {
            return terms.fold(0.0, |sum, x| sum + x);
        }
        let (mut even, mut odd) = (0.0, 0.0);
        while let Some(first) = terms.next() {
            let Some(second) = terms.next() else { return (even + odd) + first };
            even += first;
            odd += second;
        }
        even + odd
    }
}

/// A distance between points of truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boolean {
    /// Different of those that are true in one; two points of zeros have the distance 0.
    Jaccard,
    /// Different of all.
    Matching,
    /// Different ones against those that are true, counted in both.
    Dice,
    /// All that are not true in both and the different ones, against all and the different ones.
    Kulsinski,
    /// Different ones count twice.
    RogersTanimoto,
    /// All that are not true in both.
    RussellRao,
    /// Different ones, counted fully against those that are true in both, which count half.
    SokalSneath,
}

impl Boolean {
    fn between(self, a: &[f64], b: &[f64]) -> f64 {
        let (mut both, mut different) = (0_u32, 0_u32);
        for (a, b) in a.iter().zip(b) {
            let (a, b) = (*a != 0.0, *b != 0.0);
            both += u32::from(a && b);
            different += u32::from(a != b);
        }
        let (both, different, all) = (f64::from(both), f64::from(different), a.len() as f64);
        match self {
            Self::Jaccard if both + different == 0.0 => 0.0,
            Self::Jaccard => different / (both + different),
            Self::Matching => different / all,
            Self::Dice => different / (2.0 * both + different),
            Self::Kulsinski => (different - both + all) / (different + all),
            Self::RogersTanimoto => 2.0 * different / (all + different),
            Self::RussellRao => (all - both) / all,
            Self::SokalSneath => different / (different + 0.5 * both),
        }
    }
}

impl Metric {
    /// Whether points may have `n_features` numbers.
    #[must_use]
    pub fn fits(&self, n_features: usize) -> bool {
        match self {
            Self::WeightedPowers(_, it)
            | Self::WeightedDifferences(_, it)
            | Self::StandardizedEuclidean(it) => it.len() == n_features,
            Self::Mahalanobis(it, _) => it.len() == n_features.saturating_mul(n_features),
            Self::Haversine => n_features == 2,
            _ => true,
        }
    }

    /// Whether the distance from a box can be found from its sides, so that a KD tree allows it.
    #[must_use]
    pub fn measures_boxes(&self) -> bool {
        matches!(self, Self::Euclidean | Self::Manhattan | Self::Chebyshev | Self::Minkowski(_))
    }

    /// What is compared in place of the distance.
    pub(super) fn reduced(&self, a: &[f64], b: &[f64]) -> f64 {
        let pairs = a.iter().zip(b);
        match self {
            Self::Manhattan => pairs.fold(0.0, |sum, (a, b)| sum + (a - b).abs()),
            Self::Chebyshev => pairs.fold(0.0, |max: f64, (a, b)| max.max((a - b).abs())),
            Self::Minkowski(p) => pairs.fold(0.0, |sum, (a, b)| sum + (a - b).abs().powf(*p)),
            Self::WeightedPowers(p, weights) => {
                pairs.zip(weights).fold(0.0, |sum, ((a, b), w)| sum + w * (a - b).abs().powf(*p))
            }
            Self::WeightedDifferences(p, weights) => {
                pairs.zip(weights).fold(0.0, |sum, ((a, b), w)| sum + (w * (a - b).abs()).powf(*p))
            }
            Self::StandardizedEuclidean(variances) => pairs
                .zip(variances)
                .fold(0.0, |sum, ((a, b), variance)| sum + (a - b) * (a - b) / variance),
            Self::Mahalanobis(matrix, sums) => mahalanobis(a, b, matrix, *sums),
            Self::Hamming => pairs.filter(|(a, b)| a != b).count() as f64 / a.len() as f64,
            Self::Canberra => pairs.fold(0.0, |sum, (a, b)| {
                let whole = a.abs() + b.abs();
                if 0.0 < whole { sum + (a - b).abs() / whole } else { sum }
            }),
            Self::BrayCurtis => {
                let add = |(part, whole), (a, b): (&f64, &f64)| {
                    (part + (a - b).abs(), whole + (a.abs() + b.abs()))
                };
                let (part, whole): (f64, f64) = pairs.fold((0.0, 0.0), add);
                if 0.0 < whole { part / whole } else { 0.0 }
            }
            Self::Haversine => haversine(a, b),
            Self::Boolean(it) => it.between(a, b),
            Self::Euclidean | Self::SquaredEuclidean | Self::Cosine => {
                pairs.fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b))
            }
        }
    }

    /// The distance that a reduced one stands for.
    pub(super) fn distance(&self, reduced: f64) -> f64 {
        match self {
            Self::Euclidean | Self::StandardizedEuclidean(_) | Self::Mahalanobis(..) => {
                reduced.sqrt()
            }
            Self::Minkowski(p) | Self::WeightedPowers(p, _) | Self::WeightedDifferences(p, _) => {
                reduced.powf(1.0 / p)
            }
            Self::Haversine => 2.0 * reduced.sqrt().asin(),
            _ => reduced,
        }
    }

    /// The reduced one of a distance.
    pub(super) fn reduce(&self, distance: f64) -> f64 {
        match self {
            Self::Euclidean | Self::StandardizedEuclidean(_) | Self::Mahalanobis(..) => {
                distance * distance
            }
            Self::Minkowski(p) | Self::WeightedPowers(p, _) | Self::WeightedDifferences(p, _) => {
                distance.powf(*p)
            }
            Self::Haversine => {
                let half = (0.5 * distance).sin();
                half * half
            }
            _ => distance,
        }
    }

    /// The power of differences that it adds; infinite for the largest one. Boxes can be measured
    /// against this.
    pub(super) fn power(&self) -> f64 {
        match self {
            Self::Manhattan => 1.0,
            Self::Chebyshev => f64::INFINITY,
            Self::Minkowski(p) => *p,
            _ => 2.0,
        }
    }
}

fn mahalanobis(a: &[f64], b: &[f64], matrix: &[f64], sums: Sums) -> f64 {
    let rows = matrix.chunks_exact(a.len().max(1));
    let differences = || a.iter().zip(b).map(|(a, b)| a - b);
    sums.add(rows.zip(differences()).map(|(row, difference)| {
        sums.add(row.iter().zip(differences()).map(|(m, d)| m * d)) * difference
    }))
}

fn haversine(a: &[f64], b: &[f64]) -> f64 {
    let ([a0, a1], [b0, b1]) = (a, b) else { return f64::NAN };
    let (sin_0, sin_1) = ((0.5 * (a0 - b0)).sin(), (0.5 * (a1 - b1)).sin());
    sin_0 * sin_0 + a0.cos() * b0.cos() * sin_1 * sin_1
}
