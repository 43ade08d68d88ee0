//! Neural networks on one sample at a time, in `f32`: dense layers, recurrent cells, convolutions,
//! normalization, pooling, activations.
//!
//! A sample is a vector, or a matrix in row-major order (steps x features, or channels x positions).
//! Every sum has one order, whatever is done at once: a sample alone has the same bits as among others.

mod convolution;
mod functions;
mod normalization;
mod packed;
mod pooling;
mod recurrent;

pub use convolution::{Convolution, Geometry};
pub use functions::{Function, log_softmax, softmax};
pub use normalization::{LayerNorm, scale_and_shift};
pub use packed::Dense;
pub use pooling::{Pool, adaptive, attend, average, maximum, pool};
pub use recurrent::{Cell, Direction, Recurrent, Scratch};
