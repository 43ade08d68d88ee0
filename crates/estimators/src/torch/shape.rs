//! The shape of a sample between two layers.

use std::fmt;

/// The most numbers a sample may become: a declaration and a file could make it without end.
const MOST: usize = 1 << 26;

/// A vector, or a matrix in row-major order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Vector(usize),
    Matrix(usize, usize),
}

impl Shape {
    pub(super) fn of(axes: &[usize]) -> Option<Self> {
        match *axes {
            [n] => Some(Self::Vector(n)),
            [rows, cols] => Some(Self::Matrix(rows, cols)),
            _ => None,
        }
    }

    /// How many numbers; `None` if they are none, or more than any sample has.
    pub(super) fn len(self) -> Option<usize> {
        let len = match self {
            Self::Vector(n) => Some(n),
            Self::Matrix(rows, cols) => rows.checked_mul(cols),
        };
        len.filter(|it| (1..=MOST).contains(it))
    }

    /// The length of the last axis.
    pub(super) fn last(self) -> usize {
        match self {
            Self::Vector(n) | Self::Matrix(_, n) => n,
        }
    }

    /// The same with another last axis.
    pub(super) fn with_last(self, n: usize) -> Self {
        match self {
            Self::Vector(_) => Self::Vector(n),
            Self::Matrix(rows, _) => Self::Matrix(rows, n),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vector(n) => write!(f, "a vector of {n}"),
            Self::Matrix(rows, cols) => write!(f, "a matrix of {rows} x {cols}"),
        }
    }
}
