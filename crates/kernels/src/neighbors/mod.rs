//! The rows of a table that are nearest to a point.

mod brute_force;
pub mod density;
mod gap_distances;
mod metric;
mod nearest;
mod simultaneous_sort;
mod space_tree;

pub use brute_force::{BruteForce, Chooser, Held, Query, Room};
pub use gap_distances::GapDistances;
pub use metric::{Boolean, Metric, Sums};
pub use nearest::{Nearest, Within};
pub use simultaneous_sort::Sorting;
pub use space_tree::{Bounds, Node, SpaceTree};
