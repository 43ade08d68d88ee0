//! Tensors of the Open Inference Protocol, and the columns they are.

use engine::records::Cell;
use engine::{Columns, RowModel};
use serde_json::Value;

use super::frames;
use crate::Failure;

/// The types of elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datatype {
    Bool,
    Uint(usize),
    Int(usize),
    Float(usize),
    Bytes,
}

/// A named tensor with its elements in row-major order.
#[derive(Debug)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) cells: Vec<Cell>,
}

/// Name, type and shape of a tensor, before its elements.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) datatype: Datatype,
    pub(super) shape: Vec<usize>,
    pub(super) n_elements: usize,
}

impl Datatype {
    /// By its name in the protocol.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "BOOL" => Self::Bool,
            "UINT8" => Self::Uint(1),
            "UINT16" => Self::Uint(2),
            "UINT32" => Self::Uint(4),
            "UINT64" => Self::Uint(8),
            "INT8" => Self::Int(1),
            "INT16" => Self::Int(2),
            "INT32" => Self::Int(4),
            "INT64" => Self::Int(8),
            "FP16" => Self::Float(2),
            "FP32" => Self::Float(4),
            "FP64" => Self::Float(8),
            "BYTES" => Self::Bytes,
            _ => return None,
        })
    }

    /// A JSON value as an element; null is a missing one.
    fn cell(self, value: &Value) -> Option<Cell> {
        let whole = || value.as_i64().map(i128::from).or(value.as_u64().map(i128::from));
        Some(match self {
            _ if value.is_null() => Cell::Null,
            Self::Bool => Cell::Bool(value.as_bool()?),
            Self::Uint(n) => integer(whole().filter(|it| (0..1 << (8 * n)).contains(it))?),
            Self::Int(n) => {
                let end = 1_i128 << (8 * n - 1);
                integer(whole().filter(|it| (-end..end).contains(it))?)
            }
            // Numbers become what numpy makes of them.
            Self::Float(8) => Cell::Float(value.as_f64()?),
            Self::Float(4) => Cell::Float(f64::from(value.as_f64()? as f32)),
            Self::Float(_) => return None,
            Self::Bytes => Cell::Text(value.as_str()?.into()),
        })
    }
}

/// A whole number; beyond 64 bits with a sign it is a float.
pub(super) fn integer(value: i128) -> Cell {
    i64::try_from(value).map_or(Cell::Float(value as f64), Cell::Integer)
}

impl Head {
    /// Reads a tensor of a request, without its elements.
    pub(super) fn read(index: usize, tensor: &Value) -> Result<Self, Failure> {
        let Some(name) = tensor["name"].as_str() else {
            return Err(Failure::bad(format!("inputs[{index}].name must be a text")));
        };
        let datatype = tensor["datatype"].as_str().and_then(Datatype::parse).ok_or_else(|| {
            let known = "BOOL, UINT8 to UINT64, INT8 to INT64, FP16, FP32, FP64 or BYTES";
            Failure::bad(format!("inputs[{index}] ({name}): datatype must be {known}"))
        })?;
        let wrong = || {
            Failure::bad(format!(
                "inputs[{index}] ({name}): shape must be a list of one or two whole numbers"
            ))
        };
        let shape = tensor["shape"].as_array().ok_or_else(wrong)?;
        let shape: Option<Vec<usize>> =
            shape.iter().map(|it| it.as_u64().and_then(|it| usize::try_from(it).ok())).collect();
        let shape = shape.filter(|it| (1..=2).contains(&it.len())).ok_or_else(wrong)?;
        let n_elements =
            shape.iter().try_fold(1_usize, |n, it| n.checked_mul(*it)).ok_or_else(wrong)?;
        Ok(Self { name: name.to_owned(), datatype, shape, n_elements })
    }

    /// The tensor with elements that stand in the JSON, flat or nested as its shape.
    pub(super) fn with_json(self, data: &Value) -> Result<Tensor, Failure> {
        let wrong = |text: String| Failure::bad(format!("tensor {}: {text}", self.name));
        if self.datatype == Datatype::Float(2) {
            return Err(wrong("FP16 comes as bytes (binary_data_size), not as JSON".to_owned()));
        }
        let Some(items) = data.as_array() else {
            return Err(wrong("data must be a list".to_owned()));
        };
        let mut flat: Vec<&Value> = Vec::with_capacity(items.len());
        for item in items {
            match item.as_array().filter(|_| self.shape.len() == 2) {
                Some(row) => flat.extend(row),
                None => flat.push(item),
            }
        }
        self.counted(flat.len())?;
        let cell = |(at, value): (usize, &Value)| {
            self.datatype
                .cell(value)
                .ok_or_else(|| wrong(format!("element {at} is not of its datatype")))
        };
        let cells = flat.into_iter().enumerate().map(cell).collect::<Result<_, _>>()?;
        Ok(Tensor { name: self.name.clone(), shape: self.shape.clone(), cells })
    }

    /// Refuses another number of elements than the shape's.
    pub(super) fn counted(&self, n: usize) -> Result<(), Failure> {
        if n == self.n_elements {
            return Ok(());
        }
        let text = format!(
            "tensor {} has {n} elements, its shape asks for {}",
            self.name, self.n_elements
        );
        Err(Failure::bad(text))
    }
}

/// The columns that the tensors of a request are: each its own by name, or one tensor with a row for each sample.
pub(super) fn columns(model: &RowModel, mut tensors: Vec<Tensor>) -> Result<Columns, Failure> {
    let is_input = |name: &str| model.inputs().iter().any(|it| it.name == name);
    let n_rows = tensors[0].shape[0];
    if let [one] = tensors.as_mut_slice()
        && !is_input(&one.name)
    {
        let n_columns = one.shape.get(1).copied().unwrap_or(1);
        let names = frames::names(model, n_columns, || {
            format!("tensor {} has {}", one.name, frames::counted(n_columns, "column"))
        })?;
        let mut columns: Vec<Vec<Cell>> = vec![Vec::new(); n_columns];
        for (at, cell) in one.cells.drain(..).enumerate() {
            columns[at % n_columns].push(cell);
        }
        return Columns::new("inputs", n_rows, names.into_iter().zip(columns))
            .map_err(|err| Failure::of(&err));
    }
    if let Some(wide) = tensors.iter().find(|it| 1 < it.shape.get(1).copied().unwrap_or(1)) {
        let text =
            format!("tensor {} has several columns; a column needs a tensor of its own", wide.name);
        return Err(Failure::bad(text));
    }
    let all = tensors.into_iter().map(|it| (it.name, it.cells));
    Columns::new("inputs", n_rows, all).map_err(|err| Failure::of(&err))
}
