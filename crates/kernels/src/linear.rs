//! Weighted sums of columns: `out[i] += columns[0][i] * weights[0] + columns[1][i] * weights[1] + …`.
//!
//! Products are added in column order, each product and each sum rounded once, so that a row's result
//! depends neither on its place in the block nor on the processor.

/// Rows worked on at a time: their sums stay in the first-level cache while the columns pass by.
const TILE: usize = 1024;

/// Adds the weighted columns to `out`. Columns are as long as `out`; what is longer is not read.
pub fn add_weighted(columns: &[&[f64]], weights: &[f64], out: &mut [f64]) {
    let (quads, rest) = columns.as_chunks::<4>();
    let (quad_weights, rest_weights) = weights.as_chunks::<4>();
    for (tile, sums) in out.chunks_mut(TILE).enumerate() {
        let start = tile * TILE;
        for (quad, weights) in quads.iter().zip(quad_weights) {
            add_four(quad.map(|it| it.get(start..).unwrap_or_default()), *weights, sums);
        }
        for (column, weight) in rest.iter().zip(rest_weights) {
            let column = column.get(start..).unwrap_or_default();
            sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += x * weight);
        }
    }
}

fn add_four([a, b, c, d]: [&[f64]; 4], weights: [f64; 4], sums: &mut [f64]) {
    let columns = a.iter().zip(b).zip(c.iter().zip(d));
    for (sum, ((a, b), (c, d))) in sums.iter_mut().zip(columns) {
        *sum = *sum + a * weights[0] + b * weights[1] + c * weights[2] + d * weights[3];
    }
}

/// The same in `f32`: every product and every sum is rounded to one.
pub fn add_weighted_f32(columns: &[&[f64]], weights: &[f64], out: &mut [f64]) {
    for (column, &weight) in columns.iter().zip(weights) {
        let weight = weight as f32;
        for (sum, &x) in out.iter_mut().zip(*column) {
            *sum = f64::from(*sum as f32 + x as f32 * weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_added_in_column_order_whatever_the_number_of_columns() {
        let values = |seed: usize, len: usize| -> Vec<f64> {
            (0..len).map(|i| ((i * 7919 + seed * 104_729) % 1009) as f64 / 37.0 - 13.0).collect()
        };
        for n_cols in 0..11 {
            let columns: Vec<Vec<f64>> = (0..n_cols).map(|j| values(j, TILE + 5)).collect();
            let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            let weights = values(99, n_cols);
            let mut sums = vec![0.5; TILE + 5];
            add_weighted(&slices, &weights, &mut sums);
            for (i, sum) in sums.iter().enumerate() {
                let mut want = 0.5;
                for j in 0..n_cols {
                    want += columns[j][i] * weights[j];
                }
                assert_eq!(sum.to_bits(), f64::to_bits(want), "{n_cols} columns, row {i}");
            }
        }
    }
}
