//! Reading the arguments of opcodes. Every length is checked against what is left of the file.

use super::machine::Machine;
use crate::error::Fault;

impl Machine<'_> {
    /// The file as far as the pickle may reach.
    fn input(&self) -> &[u8] {
        self.builder.input().get(..self.end).unwrap_or_default()
    }

    /// The next `N` bytes.
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let cell = self.input().get(self.at..).and_then(|it| it.first_chunk::<N>());
        let cell = *cell.ok_or_else(|| Fault::truncated("the argument of an opcode"))?;
        self.at += N;
        Ok(cell)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Fault> {
        self.take().map(|[it]| it)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Fault> {
        self.take().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Fault> {
        self.take().map(u32::from_le_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, Fault> {
        self.take().map(i32::from_le_bytes)
    }

    /// A length in one byte, and then so many bytes.
    pub(super) fn span1(&mut self, what: &str) -> Result<(usize, usize), Fault> {
        let len = self.u8()?;
        self.span(u64::from(len), what)
    }

    /// A length in four bytes, and then so many bytes.
    pub(super) fn span4(&mut self, what: &str) -> Result<(usize, usize), Fault> {
        let len = self.u32()?;
        self.span(u64::from(len), what)
    }

    /// A length in eight bytes, and then so many bytes.
    pub(super) fn span8(&mut self, what: &str) -> Result<(usize, usize), Fault> {
        let len = self.take().map(u64::from_le_bytes)?;
        self.span(len, what)
    }

    /// A length that was signed in Python 2, and then so many bytes.
    pub(super) fn signed_span4(&mut self, what: &str) -> Result<(usize, usize), Fault> {
        let len = self.i32()?;
        let len = u64::try_from(len)
            .map_err(|_| Fault::malformed(format!("{what} of length {len}, expected 0 or more")))?;
        self.span(len, what)
    }

    /// The next `len` bytes, as start and length.
    fn span(&mut self, len: u64, what: &str) -> Result<(usize, usize), Fault> {
        let start = self.at;
        let left = self.end.saturating_sub(start);
        let len = usize::try_from(len).ok().filter(|it| *it <= left);
        let len = len.ok_or_else(|| Fault::truncated(what))?;
        if u32::try_from(len).is_err() {
            return Err(Fault::unsupported(format!(
                "{what} of {len} bytes, expected less than 4 GiB; save the model with joblib.dump"
            )));
        }
        self.at = start + len;
        Ok((start, len))
    }

    /// The next line without its end, as start and length.
    pub(super) fn line(&mut self) -> Result<(usize, usize), Fault> {
        let rest = self.input().get(self.at..).unwrap_or_default();
        let len = memchr::memchr(b'\n', rest).ok_or_else(|| Fault::truncated("a line"))?;
        let start = self.at;
        self.at = start + len + 1;
        Ok((start, len))
    }

    /// The next line, which may end in a carriage return where the file went through Windows.
    pub(super) fn ascii_line(&mut self) -> Result<&str, Fault> {
        let (start, len) = self.line()?;
        let bytes = self.bytes(start, len);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        str::from_utf8(bytes)
            .ok()
            .filter(|it| it.is_ascii())
            .ok_or_else(|| Fault::malformed("a line that is not ASCII"))
    }

    pub(super) fn bytes(&self, start: usize, len: usize) -> &[u8] {
        self.builder.input().get(start..start + len).unwrap_or_default()
    }
}
