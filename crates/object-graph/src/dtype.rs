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
    /// `bfloat16` of PyTorch's: the upper two bytes of a float of 4.
    BrainFloat,
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

impl TimeUnit {
    const CODES: [&'static str; 14] =
        ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic"];

    /// The unit numpy calls `code`.
    #[must_use]
    pub fn new(code: &str, count: u32) -> Option<Self> {
        let code = Self::CODES.into_iter().find(|it| *it == code)?;
        Some(Self { code, count })
    }
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

    /// The dtype numpy means by a name (`float64`, `int`) or a type string (`<f8`, `U10`, `M8[ns]`).
    /// `None` for what is not known here, such as `longdouble`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(it) = Self::of_name(text) {
            return Some(it);
        }
        let (order, rest) = match text.as_bytes().first()? {
            b'>' | b'!' => (ByteOrder::Big, text.get(1..)?),
            b'<' | b'=' | b'|' => (ByteOrder::Little, text.get(1..)?),
            _ => (ByteOrder::Little, text),
        };
        let code = rest.chars().next()?;
        let size = rest.get(code.len_utf8()..)?;
        let (scalar, itemsize) = match code {
            'M' | 'm' => return time(code, size).map(|it| Self { order, ..Self::little(it, 8) }),
            'S' | 'a' => (Scalar::Bytes, length(size)?),
            'U' => (Scalar::Unicode, length(size)?.checked_mul(4)?),
            'V' => (Scalar::Void, length(size)?),
            'O' if matches!(size, "" | "8" | "4") => (Scalar::Object, 8),
            _ => number(code, size)?,
        };
        Some(Self { scalar, itemsize, order })
    }

    /// The dtype of a class: `numpy.float64`, `builtins.int`.
    #[must_use]
    pub fn of_class(module: &str, name: &str) -> Option<Self> {
        match module {
            "builtins" | "__builtin__" => match name {
                "int" | "float" | "bool" | "complex" | "str" | "bytes" | "object" => {
                    Self::of_name(name)
                }
                _ => None,
            },
            "numpy" => match name {
                "object_" => Self::of_name("object"),
                "str_" | "unicode_" => Self::of_name("str"),
                "bytes_" | "string_" => Self::of_name("bytes"),
                "bool_" => Self::of_name("bool"),
                "int" | "float" | "bool" | "complex" | "str" | "bytes" | "object" => None,
                _ => Self::of_name(name),
            },
            _ => None,
        }
    }

    /// Bytes it keeps on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let Scalar::Struct(fields) = &self.scalar else { return 0 };
        let one = |it: &Field| {
            size_of::<Field>() + it.name.len() + 8 * it.shape.len() + it.dtype.heap_bytes()
        };
        fields.iter().map(one).sum()
    }

    fn of_name(name: &str) -> Option<Self> {
        let (scalar, itemsize) = match name {
            "bool" | "?" => (Scalar::Bool, 1),
            "int8" | "byte" => (Scalar::Int, 1),
            "int16" | "short" => (Scalar::Int, 2),
            "int32" | "intc" => (Scalar::Int, 4),
            // What these mean where the models are trained: 64-bit Linux and macOS.
            "int64" | "int" | "int_" | "intp" | "long" | "longlong" => (Scalar::Int, 8),
            "uint8" | "ubyte" => (Scalar::UInt, 1),
            "uint16" | "ushort" => (Scalar::UInt, 2),
            "uint32" | "uintc" => (Scalar::UInt, 4),
            "uint64" | "uint" | "uintp" | "ulong" | "ulonglong" => (Scalar::UInt, 8),
            "float16" | "half" => (Scalar::Float, 2),
            "float32" | "single" => (Scalar::Float, 4),
            "float64" | "double" | "float" | "float_" => (Scalar::Float, 8),
            "complex64" | "csingle" => (Scalar::Complex, 8),
            "complex128" | "cdouble" | "complex" | "complex_" => (Scalar::Complex, 16),
            "object" => (Scalar::Object, 8),
            "str" => (Scalar::Unicode, 0),
            "bytes" => (Scalar::Bytes, 0),
            _ => return None,
        };
        Some(Self::little(scalar, itemsize))
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

fn number(code: char, size: &str) -> Option<(Scalar, usize)> {
    let (scalar, sizes) = match code {
        'b' if size == "1" => (Scalar::Bool, "1"),
        'i' => (Scalar::Int, "1248"),
        'u' => (Scalar::UInt, "1248"),
        'f' => (Scalar::Float, "248"),
        'c' if size == "16" => return Some((Scalar::Complex, 16)),
        'c' => (Scalar::Complex, "8"),
        _ => return None,
    };
    (size.len() == 1 && sizes.contains(size)).then(|| Some((scalar, size.parse().ok()?)))?
}

fn length(digits: &str) -> Option<usize> {
    let plain = digits.bytes().all(|it| it.is_ascii_digit());
    if digits.is_empty() { Some(0) } else { digits.parse().ok().filter(|_| plain) }
}

/// `8[25us]` or `8` after the `M` or `m`.
fn time(code: char, rest: &str) -> Option<Scalar> {
    let unit = match rest.strip_prefix('8')? {
        "" => TimeUnit { code: "generic", count: 1 },
        unit => {
            let unit = unit.strip_prefix('[')?.strip_suffix(']')?;
            let name = unit.trim_start_matches(|it: char| it.is_ascii_digit());
            let count = unit.strip_suffix(name)?;
            TimeUnit::new(name, if count.is_empty() { 1 } else { count.parse().ok()? })?
        }
    };
    Some(if code == 'M' { Scalar::Datetime(unit) } else { Scalar::Timedelta(unit) })
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
            Scalar::BrainFloat => write!(f, "bfloat16"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_strings_and_names_mean_what_numpy_means() {
        let name = |it: &str| Dtype::parse(it).map(|it| (it.to_string(), it.itemsize));
        for (text, want, size) in [
            ("f8", "float64", 8),
            (">f4", "float32", 4),
            ("float", "float64", 8),
            ("b1", "bool", 1),
            ("?", "bool", 1),
            ("i1", "int8", 1),
            ("u2", "uint16", 2),
            ("U10", "<U10", 40),
            ("S3", "S3", 3),
            ("V56", "V56", 56),
            ("O8", "object", 8),
            ("M8[ns]", "datetime64[ns]", 8),
            ("m8[25us]", "timedelta64[us]", 8),
            ("c16", "complex128", 16),
        ] {
            assert_eq!(name(text), Some((want.to_owned(), size)), "{text}");
        }
        for text in ["", "f16", "g", "c32", "i3", "U-1", "M8[xx]", "é8", "U99999999999999999999"] {
            assert_eq!(name(text), None, "{text}");
        }
        assert_eq!(Dtype::parse(">i8").map(|it| it.order), Some(ByteOrder::Big));
    }

    #[test]
    fn a_class_is_a_dtype_only_where_it_is_defined() {
        let name = |m: &str, n: &str| Dtype::of_class(m, n).map(|it| it.to_string());
        assert_eq!(name("numpy", "float64").as_deref(), Some("float64"));
        assert_eq!(name("builtins", "float").as_deref(), Some("float64"));
        assert_eq!(name("numpy", "object_").as_deref(), Some("object"));
        assert_eq!(name("evil", "float64"), None);
        assert_eq!(name("builtins", "int8"), None);
    }
}
