//! The opcodes that push a number, a text or bytes.

use object_graph::{NodeId, Tag};

use super::machine::Machine;
use super::{escapes, opcode as op};
use crate::error::Fault;

impl Machine<'_> {
    pub(super) fn constant(&mut self, opcode: u8) -> Result<(), Fault> {
        let id = match opcode {
            op::NONE => self.builder.none()?,
            _ => self.builder.bool(opcode == op::NEWTRUE)?,
        };
        self.push(id)
    }

    pub(super) fn number(&mut self, opcode: u8) -> Result<(), Fault> {
        let int = match opcode {
            op::BININT => i64::from(self.i32()?),
            op::BININT1 => i64::from(self.u8()?),
            op::BININT2 => i64::from(self.u16()?),
            op::BINFLOAT => {
                let value = f64::from_be_bytes(self.take()?);
                let id = self.builder.float(value)?;
                return self.push(id);
            }
            _ => return self.long(opcode),
        };
        let id = self.builder.int(int)?;
        self.push(id)
    }

    fn long(&mut self, opcode: u8) -> Result<(), Fault> {
        let what = "an integer";
        let (start, len) =
            if opcode == op::LONG1 { self.span1(what)? } else { self.signed_span4(what)? };
        if len > self.limits.integer_bytes {
            return Err(Fault::too_large(format!(
                "an integer of {len} bytes, expected at most {}",
                self.limits.integer_bytes
            )));
        }
        let bytes = self.bytes(start, len).to_vec();
        self.integer(&bytes)
    }

    /// Pushes an integer given as little-endian two's complement.
    fn integer(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let id = match escapes::small(bytes) {
            Some(it) => self.builder.int(it)?,
            None => self.builder.big_int(bytes)?,
        };
        self.push(id)
    }

    pub(super) fn number_text(&mut self, opcode: u8) -> Result<(), Fault> {
        let digits = self.limits.integer_digits;
        let line = self.ascii_line()?;
        let id = match (opcode, line) {
            (op::FLOAT, line) => {
                let value = escapes::float(line)?;
                self.builder.float(value)?
            }
            (op::INT, "00" | "01") => {
                let value = line == "01";
                self.builder.bool(value)?
            }
            (_, line) => {
                let line = if opcode == op::LONG { line.trim_end_matches('L') } else { line };
                let bytes = escapes::decimal(line, digits)?;
                return self.integer(&bytes);
            }
        };
        self.push(id)
    }

    pub(super) fn string(&mut self, opcode: u8) -> Result<(), Fault> {
        let what = "a string";
        let (start, len) = match opcode {
            op::STRING => return self.quoted_string(),
            op::BINSTRING => self.signed_span4(what)?,
            _ => self.span1(what)?,
        };
        let id = if self.bytes(start, len).is_ascii() {
            self.builder.input_text(start, len)?
        } else {
            self.builder.input_bytes(start, len)?
        };
        let id = id.ok_or_else(|| Fault::truncated(what))?;
        self.keep_string(id)
    }

    fn quoted_string(&mut self) -> Result<(), Fault> {
        let (start, len) = self.line()?;
        let bytes = escapes::quoted(self.bytes(start, len))?;
        let id = match str::from_utf8(&bytes) {
            Ok(text) if text.is_ascii() => self.builder.text(text)?,
            _ => self.builder.bytes(&bytes)?,
        };
        self.keep_string(id)
    }

    fn keep_string(&mut self, id: NodeId) -> Result<(), Fault> {
        if self.builder.value(id).tag() == Tag::Bytes {
            self.builder.budget().push(&mut self.strings, id)?;
        }
        self.push(id)
    }

    pub(super) fn unicode(&mut self, opcode: u8) -> Result<(), Fault> {
        let what = "text";
        let (start, len) = match opcode {
            op::UNICODE => {
                let (start, len) = self.line()?;
                let text = escapes::raw_unicode(self.bytes(start, len))?;
                let id = self.builder.text(&text)?;
                return self.push(id);
            }
            op::BINUNICODE => self.span4(what)?,
            op::BINUNICODE8 => self.span8(what)?,
            _ => self.span1(what)?,
        };
        let id = self.builder.input_text(start, len)?;
        self.push(id.ok_or_else(|| Fault::malformed("text that is not UTF-8"))?)
    }

    pub(super) fn raw(&mut self, opcode: u8) -> Result<(), Fault> {
        let what = "bytes";
        let (start, len) = match opcode {
            op::BINBYTES => self.span4(what)?,
            op::SHORT_BINBYTES => self.span1(what)?,
            _ => self.span8(what)?,
        };
        let id = self.builder.input_bytes(start, len)?;
        self.push(id.ok_or_else(|| Fault::truncated(what))?)
    }
}
