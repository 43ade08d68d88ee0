//! Sparse rows against sparse support vectors: what is not stored is 0 and costs nothing.

use super::{Apply, Contributions, Kernel};
use crate::fused::with_fused_steps;

/// Support vectors as columns and values, columns ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct SparseVectors {
    /// Start of each vector in `entries`, and the end of the last.
    starts: Vec<usize>,
    entries: Vec<(u32, f64)>,
}

impl SparseVectors {
    /// One list of (column, value) per vector; `None` unless columns ascend.
    #[must_use]
    pub fn new(vectors: impl IntoIterator<Item = Vec<(u32, f64)>>) -> Option<Self> {
        let mut all = Self { starts: vec![0], entries: Vec::new() };
        for vector in vectors {
            if !vector.is_sorted_by(|(a, _), (b, _)| a < b) {
                return None;
            }
            all.entries.extend(vector);
            all.starts.push(all.entries.len());
        }
        Some(all)
    }

    /// Number of vectors.
    #[must_use]
    pub fn n_vectors(&self) -> usize {
        self.starts.len() - 1
    }

    /// The sums of each row: a column per sum. Each row is (column, value), columns ascending.
    #[must_use]
    pub fn sums(
        &self,
        kernel: Kernel,
        contributions: &Contributions,
        rows: &[Vec<(u32, f64)>],
    ) -> Vec<Vec<f64>> {
        let mut sums = contributions.empty_sums(rows.len());
        let mut values = vec![0.0; self.n_vectors()];
        for (row, x) in rows.iter().enumerate() {
            for (value, bounds) in values.iter_mut().zip(self.starts.windows(2)) {
                let vector = &self.entries[bounds[0]..bounds[1]];
                *value = match kernel {
                    Kernel::Rbf { .. } => squared_distance(x, vector),
                    _ => inner_product(x, vector),
                };
            }
            with_fused_steps(Apply { kernel, values: &mut values });
            contributions.add_row(&values, row, &mut sums);
        }
        sums
    }
}

fn inner_product(x: &[(u32, f64)], vector: &[(u32, f64)]) -> f64 {
    let (mut x, mut vector) = (x.iter().peekable(), vector.iter().peekable());
    let mut sum = 0.0;
    while let (Some(&&(i, a)), Some(&&(j, b))) = (x.peek(), vector.peek()) {
        if i == j {
            sum += a * b;
        }
        if i <= j {
            x.next();
        }
        if j <= i {
            vector.next();
        }
    }
    sum
}

fn squared_distance(x: &[(u32, f64)], vector: &[(u32, f64)]) -> f64 {
    let (mut x, mut vector) = (x.iter().peekable(), vector.iter().peekable());
    let mut sum = 0.0;
    loop {
        let (i, j) = (x.peek().map(|it| it.0), vector.peek().map(|it| it.0));
        let Some(column) = i.into_iter().chain(j).min() else { return sum };
        let mut difference = 0.0;
        if i == Some(column) {
            difference = x.next().map_or(0.0, |it| it.1);
        }
        if j == Some(column) {
            difference -= vector.next().map_or(0.0, |it| it.1);
        }
        sum += difference * difference;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_stored_is_zero() {
        let (x, v) = ([(0, 2.0), (3, 1.0), (9, 4.0)], [(1, 3.0), (3, 5.0)]);
        assert_eq!(inner_product(&x, &v), 5.0);
        assert_eq!(squared_distance(&x, &v), 4.0 + 9.0 + 16.0 + 16.0);
        assert_eq!(squared_distance(&[], &v), 34.0);
    }

    #[test]
    fn columns_must_ascend() {
        assert!(SparseVectors::new([vec![(2, 1.0), (1, 1.0)]]).is_none());
        assert!(SparseVectors::new([vec![(1, 1.0), (1, 1.0)]]).is_none());
    }
}
