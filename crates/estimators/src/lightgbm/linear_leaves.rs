//! Leaves that hold a linear model: `linear_tree`.
//!
//! | line            | numbers                   | meaning                                                    | since |
//! |-----------------|---------------------------|------------------------------------------------------------|-------|
//! | `is_linear`     | 0 or 1                    | whether the others are there                               | 3.2   |
//! | `leaf_const`    | one a leaf                | where a leaf's sum starts                                  | 3.2   |
//! | `num_features`  | one a leaf                | how many of the following are the leaf's                   | 3.2   |
//! | `leaf_features` | as many as these together | columns                                                    | 3.2   |
//! | `leaf_coeff`    | as many as these together | their coefficients                                         | 3.2   |
//!
//! If one of a leaf's columns is missing, the leaf gives its plain value.
//!
//! Source of truth: `Tree::Predict` in LightGBM's `tree.h`.

/// Linear models by place in the forest; places without one give their plain value.
#[derive(Debug, Default)]
pub(super) struct LinearLeaves {
    leaves: Vec<Leaf>,
    terms: Vec<(u32, f64)>,
}

#[derive(Debug, Clone, Copy)]
struct Leaf {
    start: f64,
    value: f64,
    /// Where its terms begin and end.
    terms: (usize, usize),
}

impl LinearLeaves {
    /// The leaf at the next place: its plain value, where its sum starts, and columns with coefficients.
    pub(super) fn push(&mut self, value: f64, start: f64, terms: impl Iterator<Item = (u32, f64)>) {
        let first = self.terms.len();
        self.terms.extend(terms);
        self.leaves.push(Leaf { start, value, terms: (first, self.terms.len()) });
    }

    /// What the leaf at a place gives for a row of `columns`.
    pub(super) fn output(&self, place: u32, columns: &[&[f64]], row: usize) -> f64 {
        let leaf = self.leaves[place as usize];
        let mut sum = leaf.start;
        for &(column, coefficient) in &self.terms[leaf.terms.0..leaf.terms.1] {
            let x = columns[column as usize][row];
            if x.is_nan() {
                return leaf.value;
            }
            sum += coefficient * x;
        }
        sum
    }
}
