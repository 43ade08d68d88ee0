//! What numpy calls the type of an array's numbers.

use std::fmt;

use object_graph::{Dtype as StoredDtype, Kind, Scalar};

use crate::{ReadError, State};

/// The type of the numbers of an array. They are held as `f64` whatever it is: it says how they are
/// written, what they are rounded to and what type they have beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dtype {
    /// `float64`.
    #[default]
    Float64,
    /// `float32`: every value is one.
    Float32,
    /// `int8` to `int64`, by their bits: every value is one.
    Int(u8),
    /// `uint8` to `uint64`, by their bits: every value is one.
    UInt(u8),
    /// `bool`: every value is 0 or 1.
    Bool,
}

/// Whether to calculate in `float64` or in `float32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// `float64`.
    Double,
    /// `float32`: every value is one, and the result of each operation is rounded to one. (Rounding
    /// the `f64` result of `+ - * /` and `sqrt` on such values gives exactly the `f32` result.)
    Single,
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Float64 => f.write_str("float64"),
            Self::Float32 => f.write_str("float32"),
            Self::Int(bits) => write!(f, "int{bits}"),
            Self::UInt(bits) => write!(f, "uint{bits}"),
            Self::Bool => f.write_str("bool"),
        }
    }
}

impl From<Precision> for Dtype {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::Double => Self::Float64,
            Precision::Single => Self::Float32,
        }
    }
}

impl Precision {
    /// The number in this precision.
    pub(crate) fn of(self, x: f64) -> f64 {
        if self == Self::Single { f64::from(x as f32) } else { x }
    }
}

impl Dtype {
    /// `numpy.int64`, which Python's own integers become.
    pub const INT: Self = Self::Int(64);

    /// In what scikit-learn calculates with such numbers: its `check_array` makes `float64` of what is
    /// no float.
    #[must_use]
    pub fn precision(self) -> Precision {
        match self {
            Self::Float32 => Precision::Single,
            _ => Precision::Double,
        }
    }

    /// Whether the numbers are integers or booleans.
    #[must_use]
    pub fn is_whole(self) -> bool {
        !matches!(self, Self::Float64 | Self::Float32)
    }

    /// The type of numbers of both types in one array: `numpy.promote_types`.
    #[must_use]
    pub fn promote(self, other: Self) -> Self {
        use Dtype::{Bool, Float32, Float64, Int, UInt};
        match (self, other) {
            (a, b) if a == b => a,
            (Bool, other) | (other, Bool) => other,
            (Int(a), Int(b)) => Int(a.max(b)),
            (UInt(a), UInt(b)) => UInt(a.max(b)),
            (Int(a), UInt(b)) | (UInt(b), Int(a)) if b < a => Int(a),
            (Int(_), UInt(b)) | (UInt(b), Int(_)) if b < 64 => Int(2 * b),
            (Float32, Int(bits) | UInt(bits)) | (Int(bits) | UInt(bits), Float32) if bits <= 16 => {
                Float32
            }
            _ => Float64,
        }
    }

    /// The type that holds the numbers of all; `float64` for none.
    pub(crate) fn common(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().reduce(Self::promote).unwrap_or_default()
    }

    /// A number as one of this type, as numpy's `astype` makes it: for an integer what is behind the point
    /// is cut off, and what does not fit wraps around.
    pub(crate) fn of(self, x: f64) -> f64 {
        match self {
            Self::Float64 | Self::Float32 => self.precision().of(x),
            Self::Bool => f64::from(u8::from(x != 0.0)),
            Self::Int(bits) => {
                let unused = 64_u32.saturating_sub(u32::from(bits));
                (((x as i64) << unused) >> unused) as f64
            }
            Self::UInt(bits) => {
                let unused = 64_u32.saturating_sub(u32::from(bits));
                ((((x as i64) as u64) << unused) >> unused) as f64
            }
        }
    }

    /// A type as numpy is told it: a class (`numpy.float32`, `int`), a name (`"float32"`) or a dtype.
    pub(crate) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let refused = |what: &str| {
            Err(state.unsupported(format!("is {what}, which is no type of numbers it knows")))
        };
        match state.value().kind() {
            Kind::Class(it) if matches!(it.module, "numpy" | "builtins" | "__builtin__") => {
                Self::named(it.name).map_or_else(|| refused(it.name), Ok)
            }
            Kind::Text(it) => Self::named(it).map_or_else(|| refused(it), Ok),
            Kind::Dtype(it) => Self::stored(it).map_or_else(|| refused(&it.to_string()), Ok),
            _ => refused(&state.value().type_name()),
        }
    }

    /// The type of an array in a file, if its numbers can be held.
    pub(crate) fn stored(dtype: &StoredDtype) -> Option<Self> {
        let bits = u8::try_from(dtype.itemsize.checked_mul(8)?).ok()?;
        match dtype.scalar {
            Scalar::Float if bits == 64 => Some(Self::Float64),
            Scalar::Float if bits == 32 => Some(Self::Float32),
            Scalar::Int => Some(Self::Int(bits)),
            Scalar::UInt => Some(Self::UInt(bits)),
            Scalar::Bool => Some(Self::Bool),
            _ => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "float" | "float64" | "double" | "float_" | "f8" | "d" => Self::Float64,
            "float32" | "single" | "f4" | "f" => Self::Float32,
            "int" | "int64" | "int_" | "intp" | "long" | "longlong" | "i8" => Self::INT,
            "int32" | "intc" | "i4" => Self::Int(32),
            "int16" | "short" | "i2" => Self::Int(16),
            "int8" | "byte" | "i1" => Self::Int(8),
            "uint64" | "uint" | "uintp" | "ulong" | "ulonglong" | "u8" => Self::UInt(64),
            "uint32" | "uintc" | "u4" => Self::UInt(32),
            "uint16" | "ushort" | "u2" => Self::UInt(16),
            "uint8" | "ubyte" | "u1" => Self::UInt(8),
            "bool" | "bool_" => Self::Bool,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Dtype::{self, Bool, Float32, Float64, Int, UInt};

    /// As `numpy.promote_types` of numpy 2 says.
    #[test]
    fn two_types_become_what_numpy_makes_of_them() {
        let pairs = [
            (Bool, UInt(8), UInt(8)),
            (Int(8), Int(64), Int(64)),
            (Int(8), UInt(8), Int(16)),
            (Int(64), UInt(8), Int(64)),
            (Int(32), UInt(32), Int(64)),
            (Int(64), UInt(64), Float64),
            (Float32, Bool, Float32),
            (Float32, Int(16), Float32),
            (Float32, UInt(16), Float32),
            (Float32, Int(32), Float64),
            (Float32, Float64, Float64),
            (Float64, Int(64), Float64),
        ];
        for (a, b, both) in pairs {
            assert_eq!((a.promote(b), b.promote(a)), (both, both), "{a:?} and {b:?}");
        }
        assert_eq!(Dtype::common([]), Float64);
    }

    #[test]
    fn a_number_that_does_not_fit_wraps_around() {
        assert_eq!(Int(8).of(200.0), -56.0);
        assert_eq!(UInt(8).of(-1.0), 255.0);
        assert_eq!(UInt(16).of(65_536.0), 0.0);
        assert_eq!(Bool.of(2.0), 1.0);
        assert_eq!(Int(64).of(-3.7), -3.0);
    }
}
