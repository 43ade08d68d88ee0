//! Tables inside files: pandas objects and scipy sparse matrices, decoded to their parts.

use crate::NodeId;

/// A pandas `Index`: labels and a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The labels: an array node (a range is written out), or a list of tuples for a `MultiIndex`.
    pub values: NodeId,
    /// The name; a `None` node if it has none.
    pub name: NodeId,
}

/// A pandas `Series`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series {
    /// The values: an array node of one dimension.
    pub values: NodeId,
    /// The row labels: an index node.
    pub index: NodeId,
    /// The name; a `None` node if it has none.
    pub name: NodeId,
}

/// A pandas `DataFrame`, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFrame {
    /// The column labels: an index node.
    pub columns: NodeId,
    /// The row labels: an index node.
    pub index: NodeId,
    /// One array node of one dimension per column, in the order of `columns`.
    pub data: Box<[NodeId]>,
}

/// How a sparse matrix is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SparseFormat {
    /// Compressed rows.
    Csr,
    /// Compressed columns.
    Csc,
    /// Coordinates; `indptr` holds the rows and `indices` the columns.
    Coo,
    /// Diagonals; `data` is 2-D, `indices` the offsets, `indptr` is `None`.
    Dia,
}

/// A scipy sparse matrix or array. The index arrays are as stored: a consumer checks them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sparse {
    /// The layout.
    pub format: SparseFormat,
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Array node of the stored values.
    pub data: NodeId,
    /// Array node of column (CSR) or row (CSC) indices.
    pub indices: NodeId,
    /// Array node of row (CSR) or column (CSC) starts.
    pub indptr: NodeId,
}
