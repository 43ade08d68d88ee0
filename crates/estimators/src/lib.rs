//! Object graphs to estimators that predict what the Python class predicts.
//!
//! [`Model::read`] looks the root's class up in the [`registry`] and hands its attributes,
//! as a [`State`], to the class's `read`. What comes back is an [`Estimator`]: it answers the
//! inference [`Method`]s the Python class has, on [`Block`]s of rows.
//!
//! Invariants:
//! - a model that was read can fail on data only: shapes, indices and cycles are checked by `read`;
//! - a block of rows gives the same bits as its rows one by one;
//! - a class that is not in the registry is refused by name and path, all of them at once.

mod block;
mod catboost;
mod categories;
mod category_encoders;
mod class;
mod classes;
mod custom;
mod document;
mod dtype;
mod error;
mod hints;
mod hstack;
mod imblearn;
mod inspect;
mod iterations;
mod lightgbm;
mod matrix;
mod members;
mod model;
mod numpy;
mod output;
mod python_text;
mod refusals;
mod sklearn;
mod sparse;
mod state;
mod state_iterations;
mod state_sparse;
mod tables;
mod text;
mod torch;
mod version;
mod vstack;
mod xgboost;

pub use crate::block::{Block, Column, ColumnKind, Columns, Dense, Factor, Frame, Nan};
pub use crate::categories::Category;
pub use crate::class::{ClassSpec, Estimator, Method, find, registry, unsupported};
pub use crate::classes::Classes;
pub use crate::custom::CustomClasses;
pub use crate::dtype::{Dtype, Precision};
pub use crate::error::{DataError, Problem, ProblemKind, ReadError};
pub use crate::hints::{ColumnHint, MOST_CATEGORIES};
pub use crate::hstack::Layout;
pub use crate::inspect::{Outline, inspect};
pub use crate::iterations::Iterations;
pub use crate::matrix::Matrix;
pub use crate::model::{Model, newer};
pub use crate::output::{Output, Values};
pub use crate::sparse::Csr;
pub use crate::state::State;
pub use crate::tables::{Cells, KeyColumn, LookupTable, TableOutline, frame_columns};
pub use crate::text::TextColumn;
pub use crate::torch::{Declaration, Inputs, Label, Layer, TensorOutline, tensors};
pub use crate::version::Version;
