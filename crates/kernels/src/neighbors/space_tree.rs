//! A KD tree or a ball tree: groups of near points, so that most need not be looked at.
//!
//! The search is scikit-learn's (`_query_single_depthfirst`): which of equally far points it keeps
//! depends on the order in which it comes to them, so the tree is the file's own.

use super::{Metric, Nearest};

/// One group of points. The children of node `i` are `2 i + 1` and `2 i + 2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Its points in the order of the tree.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Whether it has no children.
    pub is_leaf: bool,
    /// Of the ball around the centre; not used by boxes.
    pub radius: f64,
}

/// Where the points of the nodes lie, `n_features` numbers a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Bounds {
    /// KD tree: least and largest values.
    Boxes {
        /// The least.
        low: Vec<f64>,
        /// The largest.
        high: Vec<f64>,
    },
    /// Ball tree: centres.
    Balls(Vec<f64>),
}

/// A tree whose nodes and points have been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceTree {
    n_features: usize,
    /// In the order of the tree.
    points: Vec<f64>,
    /// Number of each point as the caller counts them.
    numbers: Vec<usize>,
    nodes: Vec<Node>,
    bounds: Bounds,
    metric: Metric,
}

impl SpaceTree {
    /// `points` holds `n_features` numbers a point, `order` the points in the order of the tree.
    ///
    /// # Errors
    /// What does not fit: a sentence about the tree.
    pub fn new(
        n_features: usize,
        points: &[f64],
        order: Vec<usize>,
        nodes: Vec<Node>,
        bounds: Bounds,
        metric: Metric,
    ) -> Result<Self, &'static str> {
        if n_features == 0 || points.len() != order.len().saturating_mul(n_features) {
            return Err("has an order for another number of points");
        }
        let mut sorted = Vec::with_capacity(points.len());
        for &number in &order {
            let start = number.saturating_mul(n_features);
            let point = points.get(start..start.saturating_add(n_features));
            sorted.extend_from_slice(point.ok_or("has an order that names points it has not")?);
        }
        let numbers = nodes.len().saturating_mul(n_features);
        let whole = match &bounds {
            Bounds::Boxes { low, high } => low.len() == numbers && high.len() == numbers,
            Bounds::Balls(centers) => centers.len() == numbers,
        };
        if !whole || nodes.is_empty() {
            return Err("has bounds for another number of nodes");
        }
        check_nodes(&nodes, order.len())?;
        Ok(Self { n_features, points: sorted, numbers: order, nodes, bounds, metric })
    }

    /// Number of points.
    #[must_use]
    pub fn n_points(&self) -> usize {
        self.numbers.len()
    }

    /// Finds the points nearest to `x`, which has a number per feature, nearest first.
    pub fn find(&self, x: &[f64], nearest: &mut Nearest) {
        nearest.clear();
        self.search(0, self.least(0, x), x, nearest);
        nearest.sort();
        nearest.distances_mut().iter_mut().for_each(|it| *it = self.metric.distance(*it));
    }

    /// Goes as deep as the tree: the children's numbers double, so that is at most 64 calls.
    fn search(&self, index: usize, least: f64, x: &[f64], nearest: &mut Nearest) {
        if least > nearest.farthest() {
            return;
        }
        let node = self.nodes[index];
        if node.is_leaf {
            let points = self.points[node.start * self.n_features..node.end * self.n_features]
                .chunks_exact(self.n_features);
            for (point, &number) in points.zip(&self.numbers[node.start..node.end]) {
                nearest.push(self.metric.reduced(x, point), number);
            }
            return;
        }
        let (left, right) = (2 * index + 1, 2 * index + 2);
        let (least_left, least_right) = (self.least(left, x), self.least(right, x));
        if least_left <= least_right {
            self.search(left, least_left, x, nearest);
            self.search(right, least_right, x, nearest);
        } else {
            self.search(right, least_right, x, nearest);
            self.search(left, least_left, x, nearest);
        }
    }

    /// The least reduced distance that a point of the node can have.
    fn least(&self, index: usize, x: &[f64]) -> f64 {
        let range = index * self.n_features..(index + 1) * self.n_features;
        match &self.bounds {
            Bounds::Boxes { low, high } => {
                let sides = x.iter().zip(low[range.clone()].iter().zip(&high[range]));
                let outside = sides.map(|(x, (low, high))| {
                    let (below, above) = (low - x, x - high);
                    0.5 * ((below + below.abs()) + (above + above.abs()))
                });
                match self.metric {
                    Metric::Chebyshev => outside.fold(0.0, f64::max),
                    Metric::Manhattan => outside.fold(0.0, |sum, d| sum + d),
                    Metric::Minkowski(p) => outside.fold(0.0, |sum, d| sum + d.powf(p)),
                    _ => outside.fold(0.0, |sum, d| sum + d * d),
                }
            }
            Bounds::Balls(centers) => {
                let distance = self.metric.distance(self.metric.reduced(x, &centers[range]));
                self.metric.reduce((distance - self.nodes[index].radius).max(0.0))
            }
        }
    }
}

/// Every node that is reached is there, and the leaves share the points out among them.
fn check_nodes(nodes: &[Node], n_points: usize) -> Result<(), &'static str> {
    let mut waiting = vec![0];
    let mut in_leaves: usize = 0;
    while let Some(index) = waiting.pop() {
        let node = nodes.get(index).ok_or("has a node without children that is no leaf")?;
        if !node.is_leaf {
            waiting.extend([2 * index + 1, 2 * index + 2]);
            continue;
        }
        if node.end < node.start || n_points < node.end {
            return Err("has a leaf with points it has not");
        }
        in_leaves = in_leaves.saturating_add(node.end - node.start);
    }
    if in_leaves == n_points { Ok(()) } else { Err("has leaves that do not share the points out") }
}
