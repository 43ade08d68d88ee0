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

/// The square of a point's length, added one after the other.
#[must_use]
pub fn squared_length(point: &[f64]) -> f64 {
    point.iter().fold(0.0, |sum, x| sum + x * x)
}

/// For each row the nearest point, the first of equally near ones: the least `|c|² - 2 x·c`, or, given the
/// squares of the rows' lengths too, the least square of a distance, which differs by rounding. `lengths` are
/// the squares of the points' lengths.
#[must_use]
pub fn nearest<'a>(
    columns: &[&[f64]],
    points: impl Iterator<Item = &'a [f64]>,
    lengths: &[f64],
    rows: Option<&[f64]>,
    n_rows: usize,
) -> Vec<u32> {
    let mut least = vec![f64::INFINITY; n_rows];
    let mut nearest = vec![0; n_rows];
    let mut sums = vec![0.0; n_rows];
    for (index, (point, length)) in (0..).zip(points.zip(lengths)) {
        sums.fill(0.0);
        add_fused(columns, point, &mut sums);
        match rows {
            None => sums.iter_mut().for_each(|x| *x = length - 2.0 * *x),
            Some(rows) => sums
                .iter_mut()
                .zip(rows)
                .for_each(|(x, row)| *x = not_negative(-2.0 * *x + row + length)),
        }
        for ((least, nearest), &distance) in least.iter_mut().zip(&mut nearest).zip(&sums) {
            if distance < *least {
                *least = distance;
                *nearest = index;
            }
        }
    }
    nearest
}

/// Makes products of rows and points, a column per point, the squares of their distances: `rows` and
/// `points` are the squares of their lengths.
pub fn squared_distances(products: &mut [Vec<f64>], rows: &[f64], points: &[f64]) {
    for (column, length) in products.iter_mut().zip(points) {
        for (x, row) in column.iter_mut().zip(rows) {
            *x = not_negative(-2.0 * *x + row + length);
        }
    }
}

/// As numpy's `maximum(x, 0)`: what is no number, as the difference of squares that overflow, stays so.
#[must_use]
pub fn not_negative(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: [f64; 3] = [0.0, 3.0, 1.0];
    const Y: [f64; 3] = [0.0, 4.0, 1.0];
    const POINTS: [[f64; 2]; 3] = [[0.0, 0.0], [2.0, 2.0], [2.0, 2.0]];
    const LENGTHS: [f64; 3] = [0.0, 8.0, 8.0];

    #[test]
    fn distances_are_those_of_the_plane() {
        let points = POINTS.iter().map(<[f64; 2]>::as_slice);
        let mut distances = fused_products(&[&X, &Y], points, 3);
        squared_distances(&mut distances, &[0.0, 25.0, 2.0], &LENGTHS);
        assert_eq!(distances[0], [0.0, 25.0, 2.0]);
        assert_eq!(distances[1], [8.0, 5.0, 2.0]);
    }

    #[test]
    fn the_first_of_equally_near_points_is_taken() {
        let points = POINTS.iter().map(<[f64; 2]>::as_slice);
        assert_eq!(nearest(&[&X, &Y], points, &LENGTHS, None, 3), [0, 1, 0]);
        let points = POINTS.iter().map(<[f64; 2]>::as_slice);
        let rows = [0.0, 25.0, 2.0];
        assert_eq!(nearest(&[&X, &Y], points, &LENGTHS, Some(&rows), 3), [0, 1, 0]);
    }
}
