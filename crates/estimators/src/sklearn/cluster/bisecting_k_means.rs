//! `BisectingKMeans`: a tree in which each row goes to the nearer of two centres.
//!
//! | attribute          | shape  | meaning                                                     | since |
//! |--------------------|--------|-------------------------------------------------------------|-------|
//! | `cluster_centers_` | (k, p) | the centres of the leaves                                   | 1.1   |
//! | `_bisecting_tree`  | object | the root: `left`, `right`, `center` (p,), `label` of a leaf | 1.1   |
//! | `_X_mean`          | (p,)   | added to the tree's centres; absent for sparse rows         | 1.1   |
//!
//! Output: `predict` gives the label of the leaf, `transform` the distances to all centres, (n, k).
//!
//! Source of truth: `BisectingKMeans._predict_recursive` in `sklearn/cluster/_bisect_k_means.py`.

use kernels::distances;

use super::centers::{Centers, Rows, order, square_sum};
use super::k_means::METHODS;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.cluster._bisect_k_means.BisectingKMeans"],
    methods: METHODS,
    read: |state| Ok(Box::new(BisectingKMeans::read(state)?)),
};

#[derive(Debug)]
struct BisectingKMeans {
    centers: Centers,
    /// The root first; children stand after their parent.
    nodes: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    Leaf(i64),
    Split { left: usize, right: usize, centers: [Vec<f64>; 2], lengths: [f64; 2] },
}

impl BisectingKMeans {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let centers = Centers::read(state, "cluster_centers_")?;
        let width = centers.width();
        let mean = match state.has("_X_mean") {
            true => state.floats_len("_X_mean", width)?,
            false => vec![0.0; width],
        };
        let most = centers.len().saturating_mul(2);
        let mut waiting = vec![state.get("_bisecting_tree")?];
        let mut nodes = Vec::new();
        let mut next = 1;
        // Breadth first: children are numbered as they are seen.
        while !waiting.is_empty() {
            let mut children = Vec::new();
            for node in waiting {
                if most <= nodes.len() {
                    return Err(node.invalid("is one node too many for the number of centres"));
                }
                let Some(left) = node.optional("left") else {
                    nodes.push(Node::Leaf(node.int("label")?));
                    continue;
                };
                let right = node.get("right")?;
                let center = |it: &State<'_>| -> Result<Vec<f64>, ReadError> {
                    let center = it.floats_len("center", width)?;
                    Ok(center.iter().zip(&mean).map(|(x, mean)| x + mean).collect())
                };
                let centers = [center(&left)?, center(&right)?];
                let order = order(state.version());
                let lengths = centers.each_ref().map(|it| square_sum(it, order));
                nodes.push(Node::Split { left: next, right: next + 1, centers, lengths });
                next += 2;
                children.extend([left, right]);
            }
            waiting = children;
        }
        Ok(Self { centers, nodes })
    }

    fn predict(&self, x: &Rows) -> Vec<i64> {
        let mut labels = vec![0; x.len()];
        let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        if let Some(root) = rows_of.first_mut() {
            *root = (0..x.len()).collect();
        }
        for (index, node) in self.nodes.iter().enumerate() {
            let rows = std::mem::take(&mut rows_of[index]);
            match node {
                Node::Leaf(label) => rows.iter().for_each(|&row| labels[row] = *label),
                Node::Split { left, right, centers, lengths } => {
                    let columns: Vec<Vec<f64>> = x
                        .slices()
                        .iter()
                        .map(|column| rows.iter().map(|&row| column[row]).collect())
                        .collect();
                    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
                    let points = centers.iter().map(Vec::as_slice);
                    let nearest = distances::nearest(&slices, points, lengths, None, rows.len());
                    for (row, side) in rows.into_iter().zip(nearest) {
                        rows_of[if side == 0 { *left } else { *right }].push(row);
                    }
                }
            }
        }
        labels
    }
}

impl Estimator for BisectingKMeans {
    fn n_features_in(&self) -> usize {
        self.centers.width()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = self.centers.rows(input)?;
        match method {
            Method::Predict => Ok(Output::Vector(Values::Int(self.predict(&x)))),
            Method::Transform => self.centers.distances(&x),
            _ => Err(unsupported("BisectingKMeans", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.centers.len())
    }
}
