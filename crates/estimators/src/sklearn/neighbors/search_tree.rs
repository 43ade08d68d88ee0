//! `KDTree` and `BallTree`, as their `__getstate__` gives them: a tuple.
//!
//! | item | shape                         | meaning                                         |
//! |------|-------------------------------|-------------------------------------------------|
//! | 0    | (n, p)                        | training rows                                   |
//! | 1    | (n,)                          | the rows in the order of the tree               |
//! | 2    | (nodes,) of a struct          | `idx_start`, `idx_end`, `is_leaf`, `radius`     |
//! | 3    | (2, nodes, p) or (1, nodes, p)| least and largest values, or centres            |
//! | 11   | object                        | the metric, see `metric.rs`                     |
//! | 12   | (n,) or None                  | weights of the rows, for `KernelDensity`        |
//!
//! Source of truth: `BinaryTree` in `sklearn/neighbors/_binary_tree.pxi`.

use kernels::neighbors::{Bounds, Node, SpaceTree};
use object_graph::Object;

use super::metric::{made_class, read_tree_metric};
use crate::sklearn::tree::Place;
use crate::{ReadError, State};

/// The newest path, then that of 0.21 and before.
const KD_TREES: &[&str] = &[
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.neighbors._kd_tree.KDTree64",
    "sklearn.neighbors.kd_tree.KDTree",
];
const BALL_TREES: &[&str] = &[
    "sklearn.neighbors._ball_tree.BallTree",
    "sklearn.neighbors._ball_tree.BallTree64",
    "sklearn.neighbors.ball_tree.BallTree",
];

/// What a tree holds.
pub(super) struct ReadTree {
    pub(super) tree: SpaceTree,
    pub(super) n_features: usize,
    pub(super) weights: Option<Vec<f64>>,
}

pub(super) fn read_tree(tree: &State<'_>) -> Result<ReadTree, ReadError> {
    let class = made_class(tree).unwrap_or_default();
    let stored = tree.value().as_object().and_then(Object::state);
    let parts = stored.map(|it| tree.step(it, ".state").as_list()).transpose()?;
    let parts = parts.unwrap_or_default();
    let ([rows, order, nodes, bounds, ..], Some(metric)) = (parts.as_slice(), parts.get(11)) else {
        return Err(tree.wrong("a KDTree or a BallTree with its state"));
    };
    let metric = read_tree_metric(metric)?;
    let weights = parts.get(12).filter(|it| !it.value().is_none());
    let weights = weights.map(State::as_floats).transpose()?;
    let rows = rows.as_matrix()?;
    let order = order.as_ints()?.into_iter().map(|it| usize::try_from(it).unwrap_or(usize::MAX));
    let order = order.collect();
    let nodes = read_nodes(nodes)?;
    let mut numbers = bounds.as_floats()?;
    tree.charge(rows.data.len().saturating_mul(16))?;
    let bounds = match class.as_str() {
        it if KD_TREES.contains(&it) => {
            if !metric.measures_boxes() {
                return Err(tree.invalid("is a KDTree, which this metric does not allow"));
            }
            let high = numbers.split_off(numbers.len() / 2);
            Bounds::Boxes { low: numbers, high }
        }
        it if BALL_TREES.contains(&it) => Bounds::Balls(numbers),
        it => return Err(tree.unsupported(format!("is a {it:?}, expected a KDTree or a BallTree"))),
    };
    if weights.as_ref().is_some_and(|it| it.len() != rows.n_rows) {
        return Err(tree.invalid("has weights for another number of rows"));
    }
    let n_features = rows.n_cols;
    let made = SpaceTree::new(n_features, &rows.data, order, nodes, bounds, metric);
    made.map(|tree| ReadTree { tree, n_features, weights }).map_err(|it| tree.invalid(it))
}

fn read_nodes(state: &State<'_>) -> Result<Vec<Node>, ReadError> {
    let wrong = || state.wrong("an array of nodes");
    let array = state.value().as_array().ok_or_else(wrong)?;
    let bytes = array.bytes(state.value().graph()).ok_or_else(wrong)?;
    let field = |name: &str| Place::of(&array.dtype, name).ok_or_else(wrong);
    let (start, end) = (field("idx_start")?, field("idx_end")?);
    let (is_leaf, radius) = (field("is_leaf")?, field("radius")?);
    state.charge(array.len().saturating_mul(size_of::<Node>()))?;
    let index = |it: i64| usize::try_from(it).unwrap_or(usize::MAX);
    let nodes = bytes.chunks_exact(array.dtype.itemsize.max(1)).map(|node| Node {
        start: index(start.int(node)),
        end: index(end.int(node)),
        is_leaf: is_leaf.int(node) != 0,
        radius: radius.float(node),
    });
    Ok(nodes.collect())
}
