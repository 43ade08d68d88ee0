//! B-splines: the values of the basis functions on a vector of knots, and their first derivatives.
//!
//! Source: `_deBoor_D` and `_find_interval` in `scipy/interpolate/src/__fitpack.cc`; the recurrence is
//! that of de Boor and Cox. Where two knots are equal, what would be divided by zero counts as zero.

/// Whether values or first derivatives are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The functions.
    Value,
    /// Their first derivatives.
    Slope,
}

/// The interval `l` with `knots[l] <= x < knots[l + 1]`, of those from the first to the last where all
/// functions of a degree are defined; the nearest of them if x lies outside. `knots` ascend, and there are
/// at least `2 * degree + 2`.
#[must_use]
pub fn interval(knots: &[f64], degree: usize, x: f64) -> usize {
    let last = knots.len().saturating_sub(degree + 2);
    let inside = knots.get(..=last).unwrap_or_default();
    let above = inside.partition_point(|knot| *knot <= x);
    above.saturating_sub(1).max(degree)
}

/// The `degree + 1` functions that are not zero in an interval, at `x`, over `values`. `scratch` is work
/// space.
pub fn basis(
    knots: &[f64],
    degree: usize,
    interval: usize,
    x: f64,
    order: Order,
    values: &mut Vec<f64>,
    scratch: &mut Vec<f64>,
) {
    values.clear();
    values.resize(degree + 1, 0.0);
    values[0] = 1.0;
    if order == Order::Slope && degree == 0 {
        values[0] = 0.0;
    }
    for step in 1..=degree {
        scratch.clear();
        scratch.extend_from_slice(&values[..step]);
        values[0] = 0.0;
        let slope = order == Order::Slope && step == degree;
        for (n, &before) in (1..).zip(scratch.iter()) {
            let (right, left) = (knots[interval + n], knots[interval + n - step]);
            if right == left {
                values[n] = 0.0;
            } else if slope {
                let weight = step as f64 * before / (right - left);
                values[n - 1] -= weight;
                values[n] = weight;
            } else {
                let weight = before / (right - left);
                values[n - 1] += weight * (right - x);
                values[n] = weight * (x - left);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOTS: [f64; 8] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];

    fn at(x: f64, order: Order) -> Vec<f64> {
        let (mut values, mut scratch) = (Vec::new(), Vec::new());
        basis(&KNOTS, 3, interval(&KNOTS, 3, x), x, order, &mut values, &mut scratch);
        values
    }

    #[test]
    fn cubic_functions_on_even_knots_are_the_known_ones() {
        assert_eq!(at(3.0, Order::Value), [1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0, 0.0]);
        assert_eq!(at(3.0, Order::Slope), [-0.5, 0.0, 0.5, 0.0]);
        let sum: f64 = at(3.7, Order::Value).iter().sum();
        assert!((sum - 1.0).abs() < 1e-15);
    }

    #[test]
    fn what_lies_outside_falls_in_the_nearest_interval() {
        assert_eq!([-1.0, 3.0, 3.9, 4.0, 99.0].map(|x| interval(&KNOTS, 3, x)), [3; 5]);
        assert_eq!([0.5, 1.0, 5.9, 7.0].map(|x| interval(&KNOTS, 0, x)), [0, 1, 5, 6]);
    }
}
