//! numpy arrays: a dtype, a shape, and bytes or objects.

use crate::{ByteOrder, Dtype, Graph, NodeId, Scalar};

/// Which axis varies fastest in the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Last axis fastest (row-major).
    C,
    /// First axis fastest (column-major).
    Fortran,
}

/// Where the elements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrayData {
    /// `len` bytes of the graph from `start`; `len` is the element count times the item size.
    Bytes {
        /// Offset into the graph's bytes.
        start: u64,
        /// Number of bytes.
        len: u64,
    },
    /// One node per element: a slice of the graph's children.
    Objects {
        /// Index of the first child.
        start: u32,
        /// Number of children.
        len: u32,
    },
}

/// One numpy array (0-dimensional for a numpy scalar), contiguous in `order`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Array {
    /// What an element is.
    pub dtype: Dtype,
    /// Length of each axis; empty for a scalar.
    pub shape: Box<[usize]>,
    /// Which axis varies fastest.
    pub order: Order,
    /// The elements.
    pub data: ArrayData,
}

impl Array {
    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        // Checked against the buffer when the array was made.
        self.shape.iter().product()
    }

    /// Whether some axis has length 0.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements' bytes as stored; `None` for an array of objects.
    #[must_use]
    pub fn bytes<'g>(&self, graph: &'g Graph) -> Option<&'g [u8]> {
        match self.data {
            ArrayData::Bytes { start, len } => Some(graph.bytes(start, len)),
            ArrayData::Objects { .. } => None,
        }
    }

    /// The elements' nodes in storage order; `None` unless the dtype is `object`.
    #[must_use]
    pub fn objects<'g>(&self, graph: &'g Graph) -> Option<&'g [NodeId]> {
        match self.data {
            ArrayData::Bytes { .. } => None,
            ArrayData::Objects { start, len } => Some(graph.children(start, len)),
        }
    }

    /// All elements as `f64` in C order, from any bool, integer or float dtype.
    /// Integers beyond 2^53 round as numpy's `astype(float64)` does.
    #[must_use]
    pub fn to_f64(&self, graph: &Graph) -> Option<Vec<f64>> {
        let size = self.dtype.itemsize;
        let read: fn(u64, usize) -> f64 = match self.dtype.scalar {
            Scalar::Bool => |bits, _| if bits == 0 { 0.0 } else { 1.0 },
            Scalar::Int => |bits, size| sign_extend(bits, size) as f64,
            Scalar::UInt => |bits, _| bits as f64,
            Scalar::Float if size == 8 => |bits, _| f64::from_bits(bits),
            Scalar::Float if size == 4 => |bits, _| f64::from(f32::from_bits(bits as u32)),
            Scalar::Float if size == 2 => |bits, _| half_to_f64(bits as u16),
            Scalar::BrainFloat => |bits, _| f64::from(f32::from_bits((bits as u32) << 16)),
            _ => return None,
        };
        self.numbers(graph, |bits| read(bits, size))
    }

    /// All elements as `i64` in C order, from any bool or integer dtype whose values fit.
    #[must_use]
    pub fn to_i64(&self, graph: &Graph) -> Option<Vec<i64>> {
        let size = self.dtype.itemsize;
        match self.dtype.scalar {
            Scalar::Bool => self.numbers(graph, |bits| i64::from(bits != 0)),
            Scalar::Int | Scalar::Datetime(_) | Scalar::Timedelta(_) => {
                self.numbers(graph, |bits| sign_extend(bits, size))
            }
            Scalar::UInt => {
                let all = self.numbers(graph, |bits| bits)?;
                all.into_iter().map(|it| i64::try_from(it).ok()).collect()
            }
            _ => None,
        }
    }

    /// All elements as text in C order, from a `U` dtype (trailing zeros cut).
    #[must_use]
    pub fn to_text(&self, graph: &Graph) -> Option<Vec<String>> {
        if self.dtype.scalar != Scalar::Unicode {
            return None;
        }
        let size = self.dtype.itemsize;
        if size == 0 {
            return Some(vec![String::new(); self.len()]);
        }
        let bytes = self.bytes(graph)?;
        let all: Option<Vec<String>> =
            bytes.chunks_exact(size).map(|cell| self.text_cell(cell)).collect();
        Some(self.in_c_order(all?))
    }

    /// Elements given in storage order, put in C order.
    #[must_use]
    pub fn in_c_order<T: Clone>(&self, stored: Vec<T>) -> Vec<T> {
        if self.order == Order::C || self.shape.len() < 2 {
            return stored;
        }
        c_positions(&self.shape).filter_map(|at| stored.get(at).cloned()).collect()
    }

    fn text_cell(&self, cell: &[u8]) -> Option<String> {
        let mut points: Vec<u32> =
            cell.chunks_exact(4).map(|it| raw_bits(it, self.dtype.order) as u32).collect();
        while points.last() == Some(&0) {
            points.pop();
        }
        points.into_iter().map(char::from_u32).collect()
    }

    fn numbers<T: Clone>(&self, graph: &Graph, read: impl Fn(u64) -> T) -> Option<Vec<T>> {
        let size = self.dtype.itemsize;
        if !matches!(size, 1 | 2 | 4 | 8) {
            return None;
        }
        let bytes = self.bytes(graph)?;
        let order = self.dtype.order;
        let stored = bytes.chunks_exact(size).map(|cell| read(raw_bits(cell, order))).collect();
        Some(self.in_c_order(stored))
    }
}

/// Storage positions of a Fortran-ordered array, visited in C order.
fn c_positions(shape: &[usize]) -> impl Iterator<Item = usize> + '_ {
    let total: usize = shape.iter().product();
    let mut index = vec![0_usize; shape.len()];
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = 1_usize;
    for &axis in shape {
        strides.push(stride);
        stride = stride.saturating_mul(axis);
    }
    (0..total).map(move |_| {
        let at = index.iter().zip(&strides).map(|(i, s)| i * s).sum();
        for (slot, &axis) in index.iter_mut().zip(shape).rev() {
            *slot += 1;
            if *slot < axis {
                break;
            }
            *slot = 0;
        }
        at
    })
}

/// The bits of one number of 1 to 8 bytes.
pub(crate) fn raw_bits(cell: &[u8], order: ByteOrder) -> u64 {
    let fold = |bits: u64, byte: &u8| (bits << 8) | u64::from(*byte);
    match order {
        ByteOrder::Little => cell.iter().rev().fold(0, fold),
        ByteOrder::Big => cell.iter().fold(0, fold),
    }
}

fn sign_extend(bits: u64, size: usize) -> i64 {
    let shift = 64 - 8 * size.min(8) as u32;
    (bits << shift).cast_signed() >> shift
}

fn half_to_f64(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from((bits >> 10) & 0x1f);
    let fraction = f64::from(bits & 0x3ff);
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}
