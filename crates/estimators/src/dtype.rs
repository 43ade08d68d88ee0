//! What the parameter `dtype` of an encoder means for the numbers it makes.

use object_graph::{Kind, Scalar};

use crate::{Precision, ReadError, State};

/// Types whose values, made of small whole numbers, are the same as in `float64`.
const WHOLE: &[&str] = &[
    "float", "float64", "double", "float_", "int", "int64", "int32", "int16", "int8", "int_",
    "intp", "long", "longlong", "intc", "short", "uint64", "uint32", "uint16", "uint8", "uint",
    "bool", "bool_",
];

impl Precision {
    /// The precision of a numpy type: a class (`numpy.float32`, `int`), a name (`"float32"`) or a
    /// dtype. Integers and booleans count as `float64`.
    pub(crate) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let refused = || state.unsupported(format!("is {}", state.value().type_name()));
        let name = match state.value().kind() {
            Kind::Class(it) if matches!(it.module, "numpy" | "builtins" | "__builtin__") => it.name,
            Kind::Text(it) => it,
            Kind::Dtype(it) => {
                return match it.scalar {
                    Scalar::Float if it.itemsize == 4 => Ok(Self::Single),
                    Scalar::Float if it.itemsize == 8 => Ok(Self::Double),
                    Scalar::Int | Scalar::UInt | Scalar::Bool => Ok(Self::Double),
                    _ => Err(refused()),
                };
            }
            _ => return Err(refused()),
        };
        match name {
            "float32" | "single" | "f4" | "f" => Ok(Self::Single),
            "f8" | "d" | "i4" | "i8" | "u1" | "i1" => Ok(Self::Double),
            it if WHOLE.contains(&it) => Ok(Self::Double),
            it => Err(state.unsupported(format!("is {it}, which is no type of numbers it knows"))),
        }
    }
}
