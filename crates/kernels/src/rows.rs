//! What numpy does along the rows of a matrix, on columns: largest value, sums, softmax.
//!
//! Columns are of equal length; column `j` of row `i` is `columns[j][i]`.

use crate::exp::exp;
use crate::sum::pairwise_sum;

/// Below this many numbers numpy adds one after the other, from here on with eight accumulators.
const UNROLLED: usize = 8;

/// For each row the first column with the largest value; NaN counts as larger than any number.
#[must_use]
pub fn argmax<C: AsRef<[f64]>>(columns: &[C]) -> Vec<u32> {
    let Some((first, rest)) = columns.split_first() else { return Vec::new() };
    let mut best = first.as_ref().to_vec();
    let mut indices = vec![0; best.len()];
    for (j, column) in (1..).zip(rest) {
        for ((best, index), &x) in best.iter_mut().zip(&mut indices).zip(column.as_ref()) {
            if x > *best || (x.is_nan() && !best.is_nan()) {
                *best = x;
                *index = j;
            }
        }
    }
    indices
}

/// For each row `np.max`: NaN if there is one.
#[must_use]
pub fn max(columns: &[Vec<f64>]) -> Vec<f64> {
    let Some((first, rest)) = columns.split_first() else { return Vec::new() };
    let mut largest = first.clone();
    for column in rest {
        for (max, &x) in largest.iter_mut().zip(column) {
            if x > *max || x.is_nan() {
                *max = x;
            }
        }
    }
    largest
}

/// For each row `np.sum` of a matrix stored by rows: see [`pairwise_sum`].
#[must_use]
pub fn sums(columns: &[Vec<f64>]) -> Vec<f64> {
    if columns.len() < UNROLLED {
        return sums_in_column_order(columns);
    }
    let mut sums = vec![0.0; columns.first().map_or(0, Vec::len)];
    let mut row = vec![0.0; columns.len()];
    for (i, sum) in sums.iter_mut().enumerate() {
        row.iter_mut().zip(columns).for_each(|(x, column)| *x = column[i]);
        *sum += pairwise_sum(&row);
    }
    sums
}

/// For each row `np.sum` of a matrix stored by columns: one value after the other.
#[must_use]
pub fn sums_in_column_order(columns: &[Vec<f64>]) -> Vec<f64> {
    let mut sums = vec![0.0; columns.first().map_or(0, Vec::len)];
    for column in columns {
        sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += x);
    }
    sums
}

/// Divides each row by its number.
pub fn divide(columns: &mut [Vec<f64>], by: &[f64]) {
    for column in columns {
        column.iter_mut().zip(by).for_each(|(x, by)| *x /= by);
    }
}

/// Divides each row by its sum; a row of zeros becomes uniform.
pub fn normalize(columns: &mut [Vec<f64>]) {
    let mut totals = sums(columns);
    for (i, total) in totals.iter_mut().enumerate().filter(|(_, total)| **total == 0.0) {
        *total = columns.len() as f64;
        columns.iter_mut().for_each(|column| column[i] = 1.0);
    }
    divide(columns, &totals);
}

/// `sklearn.utils.extmath.softmax` of a matrix stored by rows.
pub fn softmax(columns: &mut [Vec<f64>]) {
    let largest = max(columns);
    for column in columns.iter_mut() {
        column.iter_mut().zip(&largest).for_each(|(x, max)| *x -= max);
        exp(column);
    }
    let totals = sums(columns);
    divide(columns, &totals);
}

/// The logistic function, `1 / (1 + exp(-x))`, in place.
pub fn expit(values: &mut [f64]) {
    values.iter_mut().for_each(|x| *x = -*x);
    exp(values);
    values.iter_mut().for_each(|x| *x = 1.0 / (1.0 + *x));
}

/// The natural logarithm, in place.
pub fn ln(values: &mut [f64]) {
    values.iter_mut().for_each(|x| *x = x.ln());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_values_and_the_first_nan_win() {
        let columns = [
            vec![1.0, 2.0, f64::NAN, 1.0],
            vec![1.0, 3.0, 9.0, f64::NAN],
            vec![0.0, 3.0, 1.0, 5.0],
        ];
        assert_eq!(argmax(&columns), [0, 1, 0, 1]);
    }

    #[test]
    fn a_row_of_zeros_becomes_uniform() {
        let mut columns = [vec![0.0, 1.0], vec![0.0, 3.0]];
        normalize(&mut columns);
        assert_eq!(columns, [vec![0.5, 0.25], vec![0.5, 0.75]]);
    }

    #[test]
    fn softmax_survives_large_numbers() {
        let mut columns = [vec![1000.0, -1e308], vec![1000.0, 1e308]];
        softmax(&mut columns);
        assert_eq!(columns, [vec![0.5, 0.0], vec![0.5, 1.0]]);
    }
}
