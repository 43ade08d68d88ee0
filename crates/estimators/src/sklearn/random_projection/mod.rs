//! `sklearn.random_projection`: projections onto random directions.

mod components;
mod gaussian_random_projection;

// A file that answers for several classes.
pub(crate) use gaussian_random_projection::CLASSES;
