//! numpy dtypes, as far as files hold them.

use std::fmt;

/// Order of the bytes of one number in a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// Least significant byte first (`<`), or a type of one byte (`|`).
    Little,
    /// Most significant byte first (`>`).
    Big,
}

/// What one element of an array is, without its byte order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// `bool`, one byte.
    Bool,
    /// Signed integer of 1, 2, 4 or 8 bytes.
    Int,
    /// Unsigned integer of 1, 2, 4 or 8 bytes.
    UInt,
    /// IEEE float of 2, 4 or 8 bytes.
    Float,
    /// Complex number of 8 or 16 bytes.
    Complex,
    /// `datetime64` in the unit given: 8-byte signed count since 1970.
    Datetime(TimeUnit),
    /// `timedelta64` in the unit given: 8-byte signed count.
    Timedelta(TimeUnit),
    /// `S<n>`: bytes, padded with zeros.
    Bytes,
    /// `U<n>`: UTF-32 code points, padded with zeros; `itemsize` is 4 n.
    Unicode,
    /// `O`: references to Python objects.
    Object,
    /// `V<n>`: raw bytes without a meaning.
    Void,
    /// Named fields at offsets.
    Struct(Box<[Field]>),
}

/// Unit and step of a `datetime64` or `timedelta64`, for example 25 `us`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeUnit {
    /// numpy's own code: `Y M W D h m s ms us ns ps fs as generic`.
    pub code: &'static str,
    /// How many of the unit are one step.
    pub count: u32,
}

/// One named field of a structured dtype.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The field's name.
    pub name: String,
    /// Byte offset within one element.
    pub offset: usize,
    /// The field's own type.
    pub dtype: Dtype,
    /// Shape of a sub-array field; empty for a scalar field.
    pub shape: Box<[usize]>,
}

/// A numpy dtype: what an element is and how many bytes it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dtype {
    /// What one element is.
    pub scalar: Scalar,
    /// Bytes per element.
    pub itemsize: usize,
    /// Byte order of the numbers in it.
    pub order: ByteOrder,
}

impl Dtype {
    /// A little-endian dtype.
    #[must_use]
    pub fn little(scalar: Scalar, itemsize: usize) -> Self {
        Self { scalar, itemsize, order: ByteOrder::Little }
    }

    /// The field called `name` of a structured dtype.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        match &self.scalar {
            Scalar::Struct(fields) => fields.iter().find(|it| it.name == name),
            _ => None,
        }
    }
}

/// numpy's name, for example `float64`, `<U5`, `object`.
impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.itemsize.saturating_mul(8);
        match &self.scalar {
            Scalar::Bool => write!(f, "bool"),
            Scalar::Int => write!(f, "int{bits}"),
            Scalar::UInt => write!(f, "uint{bits}"),
            Scalar::Float => write!(f, "float{bits}"),
            Scalar::Complex => write!(f, "complex{bits}"),
            Scalar::Datetime(unit) => write!(f, "datetime64[{}]", unit.code),
            Scalar::Timedelta(unit) => write!(f, "timedelta64[{}]", unit.code),
            Scalar::Bytes => write!(f, "S{}", self.itemsize),
            Scalar::Unicode => write!(f, "<U{}", self.itemsize / 4),
            Scalar::Object => write!(f, "object"),
            Scalar::Void => write!(f, "V{}", self.itemsize),
            Scalar::Struct(fields) => {
                write!(f, "struct(")?;
                for (i, field) in fields.iter().enumerate() {
                    write!(f, "{}{}", if i == 0 { "" } else { ", " }, field.name)?;
                }
                write!(f, ")")
            }
        }
    }
}
