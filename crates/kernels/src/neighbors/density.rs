//! Kernel densities over a KD tree or a ball tree.
//!
//! The bounds of the groups of points are narrowed, as in scikit-learn's `BinaryTree.kernel_density`, until
//! they are within the tolerances; without tolerances every point counts. All numbers are logarithms.

use std::f64::consts::{LN_2, PI};

use super::SpaceTree;

/// What a point adds, by its distance `d` and the bandwidth `h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// `exp(-d² / 2h²)`
    Gaussian,
    /// 1 below `h`
    Tophat,
    /// `1 - d² / h²` below `h`
    Epanechnikov,
    /// `exp(-d / h)`
    Exponential,
    /// `1 - d / h` below `h`
    Linear,
    /// `cos(π d / 2h)` below `h`
    Cosine,
}

impl Kernel {
    fn log(self, d: f64, h: f64) -> f64 {
        match self {
            Self::Gaussian => -0.5 * (d * d) / (h * h),
            Self::Exponential => -d / h,
            _ if h <= d || d.is_nan() => f64::NEG_INFINITY,
            Self::Tophat => 0.0,
            Self::Epanechnikov => (1.0 - (d * d) / (h * h)).ln(),
            Self::Linear => (1.0 - d / h).ln(),
            Self::Cosine => (0.5 * PI * d / h).cos().ln(),
        }
    }

    /// The logarithm of the factor that makes the volume below the kernel 1 in `dimensions`.
    fn log_norm(self, h: f64, dimensions: usize) -> f64 {
        let d = dimensions as f64;
        let log_2_pi = (2.0 * PI).ln();
        // Volume of the ball and surface of the sphere in so many dimensions.
        let volume = |n: f64| 0.5 * n * PI.ln() - ln_gamma(0.5 * n + 1.0);
        let surface = |n: f64| log_2_pi + volume(n - 1.0);
        let factor = match self {
            Self::Gaussian => 0.5 * d * log_2_pi,
            Self::Tophat => volume(d),
            Self::Epanechnikov => volume(d) + (2.0 / (d + 2.0)).ln(),
            Self::Exponential => surface(d - 1.0) + ln_gamma(d),
            Self::Linear => volume(d) - (d + 1.0).ln(),
            Self::Cosine => {
                let (mut sum, mut term) = (0.0, 2.0 / PI);
                for k in (1..=dimensions).step_by(2) {
                    let left = d - k as f64;
                    sum += term;
                    term *= -left * (left - 1.0) * ((2.0 / PI) * (2.0 / PI));
                }
                sum.ln() + surface(d - 1.0)
            }
        };
        -factor - d * h.ln()
    }
}

/// The logarithm of the gamma function at 1/2, 1, 3/2, …: of the product, which is kept in two numbers as
/// long as it fits.
fn ln_gamma(x: f64) -> f64 {
    // The root of pi.
    let (mut high, mut low) = match x.fract() == 0.0 {
        true => (1.0, 0.0),
        false => (1.772_453_850_905_516, -7.666_586_499_825_799e-17),
    };
    let mut logs = 0.0;
    let mut factor = x - 1.0;
    while 0.0 < factor {
        let product = high * factor;
        low = high.mul_add(factor, -product) + low * factor;
        high = product;
        if 1e200 < high {
            logs += high.ln() + low / high;
            (high, low) = (1.0, 0.0);
        }
        factor -= 1.0;
    }
    logs + high.ln() + low / high
}

/// In which order groups of points are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// The nearest of all first.
    BreadthFirst,
    /// One part of a group, then the other.
    DepthFirst,
}

/// Densities of one kernel over a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    tree: SpaceTree,
    /// Of the points in the order of the tree.
    log_weights: Option<Vec<f64>>,
    /// Logarithms of the groups' weights, or numbers of points.
    log_counts: Vec<f64>,
    log_total: f64,
    kernel: Kernel,
    bandwidth: f64,
    log_norm: f64,
    log_absolute: f64,
    log_relative: f64,
    search: Search,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The kernel.
    pub kernel: Kernel,
    /// Its width.
    pub bandwidth: f64,
    /// Absolute tolerance of the density.
    pub absolute: f64,
    /// Relative tolerance of the density.
    pub relative: f64,
    /// The order of the search.
    pub search: Search,
}

/// The least density that is sure, and how much more there may be.
#[derive(Clone, Copy)]
struct Bounds {
    least: f64,
    spread: f64,
}

impl Density {
    /// `weights` are those of the points as the caller counts them, one for each, with their sum.
    #[must_use]
    pub fn new(tree: SpaceTree, weights: Option<(&[f64], f64)>, settings: Settings) -> Self {
        let Settings { kernel, bandwidth, absolute, relative, search } = settings;
        let (n_points, n_features) = (tree.n_points(), tree.n_features());
        let in_order = weights.map(|(it, _)| tree.in_order(it));
        // Nodes that no other leads to are not checked.
        let count = |node: &super::Node| match &in_order {
            Some(it) => {
                it.get(node.start..node.end).unwrap_or_default().iter().fold(0.0, |a, x| a + x)
            }
            None => node.end.saturating_sub(node.start) as f64,
        };
        let log_counts = tree.nodes().iter().map(|it| count(it).ln()).collect();
        let total = weights.map_or(n_points as f64, |(_, sum)| sum);
        Self {
            log_weights: in_order.map(|it| it.iter().map(|x| x.ln()).collect()),
            log_counts,
            log_total: total.ln(),
            kernel,
            bandwidth,
            log_norm: kernel.log_norm(bandwidth, n_features),
            log_absolute: (absolute * total).ln(),
            log_relative: relative.ln(),
            search,
            tree,
        }
    }

    /// The logarithm of the density at `x`, which has a number per feature.
    #[must_use]
    pub fn log_density(&self, x: &[f64]) -> f64 {
        let bounds = match self.search {
            Search::BreadthFirst => self.breadth_first(x),
            Search::DepthFirst => {
                let mut all = self.bounds(0, self.log_total, x);
                self.depth_first(0, x, all, &mut all);
                all
            }
        };
        let sum = add(bounds.least, bounds.spread - LN_2);
        sum + self.log_norm - self.log_total
    }

    fn kernel_at(&self, distance: f64) -> f64 {
        self.kernel.log(distance, self.bandwidth)
    }

    fn bounds(&self, node: usize, log_count: f64, x: &[f64]) -> Bounds {
        let (nearest, farthest) = self.tree.range(node, x);
        let least = log_count + self.kernel_at(farthest);
        Bounds { least, spread: subtract(log_count + self.kernel_at(nearest), least) }
    }

    /// Whether `spread` above `least` is within the tolerances.
    fn is_enough(&self, spread: f64, least: f64) -> bool {
        let allowed = add(self.log_absolute, self.log_relative + self.log_norm + least);
        self.log_norm + spread <= allowed
    }

    fn is_enough_in(&self, node: usize, bounds: Bounds) -> bool {
        let allowed = add(self.log_absolute, self.log_relative + self.log_norm + bounds.least);
        self.log_norm + bounds.spread - self.log_counts[node] + self.log_total <= allowed
    }

    /// What the points of a leaf add in place of its bounds.
    fn count_leaf(&self, index: usize, x: &[f64], own: Bounds, all: &mut Bounds) {
        all.least = subtract(all.least, own.least);
        all.spread = subtract(all.spread, own.spread);
        let node = self.tree.nodes()[index];
        for (at, distance) in (node.start..).zip(self.tree.distances_in(node, x)) {
            let weight = self.log_weights.as_ref().map_or(0.0, |it| it[at]);
            all.least = add(all.least, self.kernel_at(distance) + weight);
        }
    }

    fn replace(own: Bounds, parts: [Bounds; 2], all: &mut Bounds) {
        all.least = subtract(all.least, own.least);
        all.spread = subtract(all.spread, own.spread);
        for part in parts {
            all.least = add(all.least, part.least);
            all.spread = add(all.spread, part.spread);
        }
    }

    /// Goes as deep as the tree: the parts' numbers double, so that is at most 64 calls.
    fn depth_first(&self, index: usize, x: &[f64], own: Bounds, all: &mut Bounds) {
        if self.is_enough_in(index, own) || self.is_enough(all.spread, all.least) {
            return;
        }
        if self.tree.nodes()[index].is_leaf {
            return self.count_leaf(index, x, own, all);
        }
        let numbers = [2 * index + 1, 2 * index + 2];
        let parts = numbers.map(|it| self.bounds(it, self.log_counts[it], x));
        Self::replace(own, parts, all);
        for (number, part) in numbers.into_iter().zip(parts) {
            self.depth_first(number, x, part, all);
        }
    }

    fn breadth_first(&self, x: &[f64]) -> Bounds {
        let mut all = self.bounds(0, self.log_total, x);
        let mut waiting = NodeHeap(vec![(self.tree.range(0, x).0, 0, all)]);
        while let Some((_, index, own)) = waiting.pop() {
            if self.is_enough_in(index, own) {
                continue;
            }
            if self.is_enough(all.spread, all.least) {
                break;
            }
            if self.tree.nodes()[index].is_leaf {
                self.count_leaf(index, x, own, &mut all);
                continue;
            }
            let parts = [2 * index + 1, 2 * index + 2].map(|it| {
                let (nearest, farthest) = self.tree.range(it, x);
                let log_count = self.log_counts[it];
                let least = log_count + self.kernel_at(farthest);
                // Python does not subtract the least here.
                (nearest, it, Bounds { least, spread: log_count + self.kernel_at(nearest) })
            });
            Self::replace(own, parts.map(|(_, _, it)| it), &mut all);
            parts.into_iter().for_each(|it| waiting.push(it));
        }
        all
    }
}

/// Groups with the nearest on top. Which of equally near ones comes first is as in scikit-learn's
/// `NodeHeap`.
struct NodeHeap(Vec<(f64, usize, Bounds)>);

impl NodeHeap {
    fn push(&mut self, item: (f64, usize, Bounds)) {
        let items = &mut self.0;
        items.push(item);
        let mut at = items.len() - 1;
        while 0 < at {
            let parent = (at - 1) / 2;
            if items[parent].0 <= items[at].0 {
                break;
            }
            items.swap(at, parent);
            at = parent;
        }
    }

    fn pop(&mut self) -> Option<(f64, usize, Bounds)> {
        let items = &mut self.0;
        if items.is_empty() {
            return None;
        }
        let popped = items.swap_remove(0);
        let mut at = 0;
        while 2 * at + 1 < items.len() {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let is_left = items.len() <= right || items[left].0 <= items[right].0;
            let child = if is_left { left } else { right };
            let moves = items[child].0 <= items[at].0;
            if !moves {
                break;
            }
            items.swap(at, child);
            at = child;
        }
        Some(popped)
    }
}

/// `log(exp(a) + exp(b))`
fn add(a: f64, b: f64) -> f64 {
    let max = a.max(b);
    if max == f64::NEG_INFINITY {
        return max;
    }
    max + ((a - max).exp() + (b - max).exp()).ln()
}

/// `log(exp(a) - exp(b))`
fn subtract(a: f64, b: f64) -> f64 {
    if a <= b { f64::NEG_INFINITY } else { a + (1.0 - (b - a).exp()).ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_of_halves() {
        assert_eq!(ln_gamma(1.0), 0.0);
        assert!((ln_gamma(0.5) - 0.572_364_942_924_700_1).abs() < 4e-16);
        assert!((ln_gamma(4.5) - 2.453_736_570_842_443).abs() < 1e-15);
        assert_eq!(ln_gamma(11.0), 15.104_412_573_075_516);
        assert!((ln_gamma(200.5) - 860.582_203_509_782_5).abs() < 1e-9);
    }
}
