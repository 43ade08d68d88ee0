//! The protocol's binary extension: elements beside the JSON, little-endian, row-major.

use engine::Written;
use engine::records::Cell;

use super::tensor::{Datatype, Head, Tensor, integer};
use crate::Failure;

/// The header that says how many bytes of a body are JSON.
pub(super) const HEADER: &str = "inference-header-content-length";

impl Head {
    /// The tensor with elements from bytes.
    pub(super) fn with_bytes(self, bytes: &[u8]) -> Result<Tensor, Failure> {
        let cells = match self.datatype {
            Datatype::Bytes => texts(bytes),
            Datatype::Bool => Some(bytes.iter().map(|it| Cell::Bool(*it != 0)).collect()),
            Datatype::Uint(n) => {
                numbers(bytes, n, |it| integer(i128::from(u64::from_le_bytes(it))))
            }
            Datatype::Int(n) => numbers(bytes, n, move |it| {
                let shift = 64 - 8 * n;
                Cell::Integer(i64::from_le_bytes(it) << shift >> shift)
            }),
            Datatype::Float(n) => numbers(bytes, n, move |it| Cell::Float(float(it, n))),
        };
        let wrong =
            || Failure::bad(format!("tensor {}: its bytes are not of its datatype", self.name));
        let cells = cells.ok_or_else(wrong)?;
        self.counted(cells.len())?;
        Ok(Tensor { name: self.name, shape: self.shape, cells })
    }
}

/// Elements of `n` bytes each, handed on as eight.
fn numbers(bytes: &[u8], n: usize, cell: impl Fn([u8; 8]) -> Cell) -> Option<Vec<Cell>> {
    if !bytes.len().is_multiple_of(n) {
        return None;
    }
    let wide = |it: &[u8]| {
        let mut eight = [0; 8];
        eight[..n].copy_from_slice(it);
        cell(eight)
    };
    Some(bytes.chunks_exact(n).map(wide).collect())
}

fn float(bytes: [u8; 8], n: usize) -> f64 {
    let [a, b, c, d, ..] = bytes;
    match n {
        8 => f64::from_le_bytes(bytes),
        4 => f64::from(f32::from_le_bytes([a, b, c, d])),
        _ => half(u16::from_le_bytes([a, b])),
    }
}

/// An IEEE 754 half: 1 bit sign, 5 exponent, 10 fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    }
}

/// Texts, each after its length in four bytes.
fn texts(mut bytes: &[u8]) -> Option<Vec<Cell>> {
    let mut cells = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*head)).ok()?;
        let text = rest.get(..length)?;
        cells.push(Cell::Text(std::str::from_utf8(text).ok()?.into()));
        bytes = &rest[length..];
    }
    bytes.is_empty().then_some(cells)
}

/// Columns of one type side by side, row by row; `None` if they are more than `most` bytes.
pub(super) fn bytes(columns: &[&Written], n_rows: usize, most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for row in 0..n_rows {
        if most < out.len() {
            return None;
        }
        for column in columns {
            match column {
                Written::Float(it) => out.extend(it[row].to_le_bytes()),
                Written::Float32(it) => out.extend(it[row].to_le_bytes()),
                Written::Int(it) => out.extend(it[row].to_le_bytes()),
                Written::Bool(it) => out.push(u8::from(it[row])),
                Written::Labels(..) | Written::Text(_) => {
                    let text = match column.cell(row) {
                        Cell::Text(text) => text,
                        _ => Box::default(),
                    };
                    out.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
                    out.extend(text.as_bytes());
                }
            }
        }
    }
    (out.len() <= most).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_ieee_754s() {
        let all =
            [(0x3c00, 1.0), (0xc000, -2.0), (0x7bff, 65504.0), (0x0001, 5.960464477539063e-8)];
        for (bits, want) in all {
            assert_eq!(half(bits), want);
        }
        assert!(half(0x7e00).is_nan() && half(0xfc00) == f64::NEG_INFINITY);
    }

    #[test]
    fn integers_keep_their_sign() {
        let signed = |bytes: &[u8], n| {
            let head = Head {
                name: "x".to_owned(),
                datatype: Datatype::Int(n),
                shape: vec![1],
                n_elements: 1,
            };
            head.with_bytes(bytes).unwrap().cells
        };
        assert_eq!(signed(&[0xff], 1), [Cell::Integer(-1)]);
        assert_eq!(signed(&[0xfe, 0xff], 2), [Cell::Integer(-2)]);
        assert_eq!(signed(&i64::MIN.to_le_bytes(), 8), [Cell::Integer(i64::MIN)]);
    }

    #[test]
    fn texts_end_where_their_lengths_say() {
        assert_eq!(
            texts(b"\x01\0\0\0a\0\0\0\0").unwrap(),
            [Cell::Text("a".into()), Cell::Text("".into())]
        );
        for wrong in [&b"\x01\0\0"[..], b"\x02\0\0\0a", b"\xff\xff\xff\xffa", b"\x01\0\0\0\xff"] {
            assert!(texts(wrong).is_none());
        }
    }
}
