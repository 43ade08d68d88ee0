//! Euclidean distances between rows and a few points, by way of inner products:
//! `|x - c|² = |x|² - 2 x·c + |c|²`, as BLAS-based code computes them.

use crate::linear::{add_fused, add_weighted};

/// `x·c` of each row with each point, a column per point. `columns` are slices of `n_rows` numbers; a
/// point has a number per column.
#[must_use]
pub fn products<'a>(
    columns: &[&[f64]],
    points: impl Iterator<Item = &'a [f64]>,
    n_rows: usize,
) -> Vec<Vec<f64>> {
    let sums = points.map(|point| {
        let mut sums = vec![0.0; n_rows];
        add_weighted(columns, point, &mut sums);
        sums
    });
    sums.collect()
}

/// [`products`] in fused steps: with the bits of OpenBLAS's matrix product, see [`crate::linear`].
#[must_use]
pub fn fused_products<'a>(
    columns: &[&[f64]],
    points: impl Iterator<Item = &'a [f64]>,
    n_rows: usize,
) -> Vec<Vec<f64>> {
    let sums = points.map(|point| {
        let mut sums = vec![0.0; n_rows];
        add_fused(columns, point, &mut sums);
        sums
    });
    sums.collect()
}

/// The square of each row's length.
#[must_use]
pub fn squared_lengths(columns: &[&[f64]], n_rows: usize) -> Vec<f64> {
    let mut sums = vec![0.0; n_rows];
    for column in columns {
        sums.iter_mut().zip(*column).for_each(|(sum, x)| *sum += x * x);
    }
    sums
}

/// The square of a point's length.
#[must_use]
pub fn squared_length(point: &[f64]) -> f64 {
    point.iter().fold(0.0, |sum, x| sum + x * x)
}

/// For each row the nearest point, the first of equally near ones: the least `|c|² - 2 x·c`.
#[must_use]
pub fn nearest<'a>(
    columns: &[&[f64]],
    points: impl Iterator<Item = &'a [f64]>,
    n_rows: usize,
) -> Vec<u32> {
    let mut least = vec![f64::INFINITY; n_rows];
    let mut nearest = vec![0; n_rows];
    let mut sums = vec![0.0; n_rows];
    for (index, point) in (0..).zip(points) {
        let length = squared_length(point);
        sums.fill(0.0);
        add_weighted(columns, point, &mut sums);
        for ((least, nearest), product) in least.iter_mut().zip(&mut nearest).zip(&sums) {
            let distance = length - 2.0 * product;
            if distance < *least {
                *least = distance;
                *nearest = index;
            }
        }
    }
    nearest
}

/// The distance of each row to each point, a column per point.
#[must_use]
pub fn euclidean<'a>(
    columns: &[&[f64]],
    points: impl Iterator<Item = &'a [f64]> + Clone,
    n_rows: usize,
) -> Vec<Vec<f64>> {
    let lengths = squared_lengths(columns, n_rows);
    let mut distances = products(columns, points.clone(), n_rows);
    for (column, point) in distances.iter_mut().zip(points) {
        let length = squared_length(point);
        for (x, row) in column.iter_mut().zip(&lengths) {
            *x = (-2.0 * *x + row + length).max(0.0).sqrt();
        }
    }
    distances
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 3] = [0.0, 3.0, 1.0];
    const Y: [f64; 3] = [0.0, 4.0, 1.0];
    const POINTS: [[f64; 2]; 3] = [[0.0, 0.0], [2.0, 2.0], [2.0, 2.0]];

    #[test]
    fn distances_are_those_of_the_plane() {
        let points = POINTS.iter().map(<[f64; 2]>::as_slice);
        let distances = euclidean(&[&X, &Y], points, 3);
        assert_eq!(distances[0], [0.0, 5.0, f64::sqrt(2.0)]);
        assert_eq!(distances[1], [f64::sqrt(8.0), f64::sqrt(5.0), f64::sqrt(2.0)]);
    }

    #[test]
    fn the_first_of_equally_near_points_is_taken() {
        let points = POINTS.iter().map(<[f64; 2]>::as_slice);
        assert_eq!(nearest(&[&X, &Y], points, 3), [0, 1, 0]);
    }
}
