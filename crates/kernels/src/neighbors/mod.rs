//! The rows of a table that are nearest to a point.

mod brute_force;
mod nearest;
mod space_tree;

pub use brute_force::BruteForce;
pub use nearest::Nearest;
pub use space_tree::{Bounds, Node, SpaceTree};

/// How far two points are from each other.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// 1 less the cosine of the angle.
    Cosine,
}

impl Metric {
    /// What is compared in place of the distance: the same order, cheaper to find. Differences are
    /// added one after the other.
    fn reduced(self, a: &[f64], b: &[f64]) -> f64 {
        let pairs = a.iter().zip(b);
        match self {
            Self::Manhattan => pairs.fold(0.0, |sum, (a, b)| sum + (a - b).abs()),
            Self::Chebyshev => pairs.fold(0.0, |max: f64, (a, b)| max.max((a - b).abs())),
            Self::Minkowski(p) => pairs.fold(0.0, |sum, (a, b)| sum + (a - b).abs().powf(p)),
            _ => pairs.fold(0.0, |sum, (a, b)| sum + (a - b) * (a - b)),
        }
    }

    /// The distance that a reduced one stands for.
    fn distance(self, reduced: f64) -> f64 {
        match self {
            Self::Euclidean => reduced.sqrt(),
            Self::Minkowski(p) => reduced.powf(1.0 / p),
            _ => reduced,
        }
    }

    /// The reduced one of a distance.
    fn reduce(self, distance: f64) -> f64 {
        match self {
            Self::Euclidean => distance * distance,
            Self::Minkowski(p) => distance.powf(p),
            _ => distance,
        }
    }
}
