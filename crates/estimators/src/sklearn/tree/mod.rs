//! `sklearn.tree`: single decision trees.

mod class_leaves;
mod decision_tree_classifier;
mod decision_tree_regressor;
mod float32_input;
mod impurity_decreases;
mod missing_values;
mod tree_nodes;
mod value_leaves;

use crate::ClassSpec;

pub(crate) use class_leaves::{ClassLeaves, largest};
pub(crate) use decision_tree_classifier::{labels_output, logs, per_output, probabilities_output};
pub(crate) use decision_tree_regressor::targets_output;
pub(crate) use float32_input::float32_input;
pub(crate) use impurity_decreases::ImpurityDecreases;
pub(crate) use missing_values::missing_values;
pub(crate) use tree_nodes::{Place, Subsets, Trees};
pub(crate) use value_leaves::ValueLeaves;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &decision_tree_classifier::DECISION_TREE,
    &decision_tree_classifier::EXTRA_TREE,
    &decision_tree_regressor::DECISION_TREE,
    &decision_tree_regressor::EXTRA_TREE,
];
