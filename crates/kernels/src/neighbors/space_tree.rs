//! A KD tree or a ball tree: groups of near points, so that most need not be looked at.
//!
//! The search is scikit-learn's (`_query_single_depthfirst`): which of equally far points it keeps
//! depends on the order in which it comes to them, so the tree is the file's own.

use super::{Metric, Nearest, Sorting, Within};

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
        if !metric.fits(n_features) {
            return Err("has a metric for another number of features");
        }
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

    /// Number of features.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.n_features
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// One value for each point, in the order of the tree.
    pub(super) fn in_order(&self, values: &[f64]) -> Vec<f64> {
        self.numbers.iter().map(|&it| values.get(it).copied().unwrap_or_default()).collect()
    }

    /// The distances of a node's points from `x`.
    pub(super) fn distances_in(&self, node: Node, x: &[f64]) -> impl Iterator<Item = f64> {
        self.points_of(node).map(|(point, _)| self.metric.distance(self.metric.reduced(x, point)))
    }

    /// Finds the points nearest to `x`, which has a number per feature, nearest first.
    pub fn find(&self, x: &[f64], sorting: Sorting, nearest: &mut Nearest) {
        nearest.clear();
        self.search(0, self.least(0, x), x, nearest);
        nearest.sort(sorting);
        nearest.distances_mut().iter_mut().for_each(|it| *it = self.metric.distance(*it));
    }

    /// Goes as deep as the tree: the children's numbers double, so that is at most 64 calls.
    fn search(&self, index: usize, least: f64, x: &[f64], nearest: &mut Nearest) {
        if least > nearest.farthest() {
            return;
        }
        let node = self.nodes[index];
        if node.is_leaf {
            for (point, number) in self.points_of(node) {
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

    /// Finds the points not farther than `radius` from `x`, in the order of the tree
    /// (`_query_radius_single`).
    pub fn find_within(&self, x: &[f64], radius: f64, within: &mut Within) {
        within.clear();
        let reduced_radius = self.metric.reduce(radius);
        let mut waiting = vec![0];
        while let Some(index) = waiting.pop() {
            let node = self.nodes[index];
            let (least, most) = self.range(index, x);
            if least > radius {
                continue;
            }
            if most <= radius || node.is_leaf {
                for (point, number) in self.points_of(node) {
                    let reduced = self.metric.reduced(x, point);
                    if most <= radius || reduced <= reduced_radius {
                        within.push(self.metric.distance(reduced), number);
                    }
                }
                continue;
            }
            waiting.extend([2 * index + 2, 2 * index + 1]);
        }
    }

    fn points_of(&self, node: Node) -> impl Iterator<Item = (&[f64], usize)> {
        let points = &self.points[node.start * self.n_features..node.end * self.n_features];
        let numbers = self.numbers[node.start..node.end].iter().copied();
        points.chunks_exact(self.n_features).zip(numbers)
    }

    /// The least reduced distance that a point of the node can have.
    fn least(&self, index: usize, x: &[f64]) -> f64 {
        let range = index * self.n_features..(index + 1) * self.n_features;
        match &self.bounds {
            Bounds::Boxes { low, high } => {
                let sides = x.iter().zip(low[range.clone()].iter().zip(&high[range]));
                let outside = sides.map(|(x, (low, high))| outside(*x, *low, *high));
                match self.metric.power() {
                    1.0 => outside.fold(0.0, |sum, d| sum + d),
                    2.0 => outside.fold(0.0, |sum, d| sum + d * d),
                    f64::INFINITY => outside.fold(0.0, f64::max),
                    p => outside.fold(0.0, |sum, d| sum + d.powf(p)),
                }
            }
            Bounds::Balls(centers) => {
                let distance = self.metric.distance(self.metric.reduced(x, &centers[range]));
                self.metric.reduce((distance - self.nodes[index].radius).max(0.0))
            }
        }
    }

    /// The least and the largest distance that a point of the node can have.
    pub(super) fn range(&self, index: usize, x: &[f64]) -> (f64, f64) {
        let range = index * self.n_features..(index + 1) * self.n_features;
        match &self.bounds {
            Bounds::Boxes { low, high } => {
                let sides = x.iter().zip(low[range.clone()].iter().zip(&high[range]));
                let add = |p: f64, sum: f64, d: f64| match p {
                    f64::INFINITY => sum.max(d),
                    p => sum + d.powf(p),
                };
                // A power that the compiler does not see: C's pow with the exponents 2 and 1/2 too.
                let p = std::hint::black_box(self.metric.power());
                let (mut least, mut most) = (0.0, 0.0);
                for (x, (low, high)) in sides {
                    least = add(p, least, outside(*x, *low, *high));
                    most = add(p, most, (low - x).abs().max((x - high).abs()));
                }
                match p {
                    f64::INFINITY => (least, most),
                    p => (least.powf(1.0 / p), most.powf(1.0 / p)),
                }
            }
            Bounds::Balls(centers) => {
                let distance = self.metric.distance(self.metric.reduced(x, &centers[range]));
                let radius = self.nodes[index].radius;
                ((distance - radius).max(0.0), distance + radius)
            }
        }
    }
}

/// How far `x` is from an interval.
fn outside(x: f64, low: f64, high: f64) -> f64 {
    let (below, above) = (low - x, x - high);
    0.5 * ((below + below.abs()) + (above + above.abs()))
}

/// Every node that is reached is there, and the leaves share the points out among them.
fn check_nodes(nodes: &[Node], n_points: usize) -> Result<(), &'static str> {
    let mut waiting = vec![0];
    let mut in_leaves: usize = 0;
    while let Some(index) = waiting.pop() {
        let node = nodes.get(index).ok_or("has a node without children that is no leaf")?;
        if node.end < node.start || n_points < node.end {
            return Err("has a node with points it has not");
        }
        if !node.is_leaf {
            let (left, right) = (2 * index + 1, 2 * index + 2);
            let parts = nodes.get(left).zip(nodes.get(right));
            let (first, second) = parts.ok_or("has a node without children that is no leaf")?;
            let ends = (first.start, first.end, second.end);
            if ends != (node.start, second.start, node.end) {
                return Err("has a node whose children do not share its points out");
            }
            waiting.extend([left, right]);
            continue;
        }
        in_leaves = in_leaves.saturating_add(node.end - node.start);
    }
    if in_leaves == n_points { Ok(()) } else { Err("has leaves that do not share the points out") }
}
