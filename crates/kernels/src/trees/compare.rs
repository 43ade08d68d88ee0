//! The two types that trees compare in.

/// A feature value and a threshold: `f32` or `f64`.
pub trait Number: Copy + PartialOrd + Default + Send + Sync + 'static {
    /// A threshold that sends every number left.
    const EVERYTHING: Self;

    /// A cell of a row: rounded to nearest.
    fn cell(x: f64) -> Self;

    /// A threshold `t` such that `cell(x) <= t` exactly if `cell(x) <= threshold` in `f64`.
    fn threshold(threshold: f64) -> Self;

    /// Whether it is NaN.
    fn is_missing(self) -> bool;

    /// The same number as `f64`.
    fn wide(self) -> f64;
}

impl Number for f32 {
    const EVERYTHING: Self = Self::INFINITY;

    fn cell(x: f64) -> Self {
        x as Self
    }

    /// Rounds down: of all `f32`, those up to the largest one below `threshold` are `<= threshold`.
    fn threshold(threshold: f64) -> Self {
        let nearest = threshold as Self;
        if threshold < f64::from(nearest) { nearest.next_down() } else { nearest }
    }

    fn is_missing(self) -> bool {
        self.is_nan()
    }

    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl Number for f64 {
    const EVERYTHING: Self = Self::INFINITY;

    fn cell(x: f64) -> Self {
        x
    }

    fn threshold(threshold: f64) -> Self {
        threshold
    }

    fn is_missing(self) -> bool {
        self.is_nan()
    }

    fn wide(self) -> f64 {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_rounds_down_so_that_every_f32_compares_as_with_the_f64() {
        let thresholds = [0.1, -0.1, 1.0, 0.0, -0.0, 1e-46, -1e-46, 3.5e38, -3.5e38, f64::INFINITY];
        for t in thresholds {
            let near = t as f32;
            for x in [near, near.next_up(), near.next_down(), f32::MAX, f32::MIN, 0.0, 1e-45] {
                assert_eq!(x <= f32::threshold(t), f64::from(x) <= t, "{x} <= {t}");
            }
        }
        assert!(f32::threshold(f64::NAN).is_nan());
    }
}
