//! Writing pickles opcode by opcode.

/// A pickle of protocol 4 as far as it is written.
#[derive(Clone)]
pub(crate) struct Pickle(Vec<u8>);

impl Pickle {
    pub(crate) fn new() -> Self {
        Self(b"\x80\x04".to_vec())
    }

    /// Opcodes and their arguments as they are.
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// The same opcodes many times.
    pub(crate) fn times(mut self, count: usize, bytes: &[u8]) -> Self {
        for _ in 0..count {
            self.0.extend_from_slice(bytes);
        }
        self
    }

    pub(crate) fn text(self, it: &str) -> Self {
        let len = u32::try_from(it.len()).unwrap().to_le_bytes();
        self.raw(b"X").raw(&len).raw(it.as_bytes())
    }

    pub(crate) fn bytes(self, it: &[u8]) -> Self {
        let len = u32::try_from(it.len()).unwrap().to_le_bytes();
        self.raw(b"B").raw(&len).raw(it)
    }

    pub(crate) fn int(self, it: i64) -> Self {
        self.raw(b"\x8a\x08").raw(&it.to_le_bytes())
    }

    pub(crate) fn global(self, module: &str, name: &str) -> Self {
        self.raw(format!("c{module}\n{name}\n").as_bytes())
    }

    /// A tuple of integers.
    pub(crate) fn shape(self, axes: &[i64]) -> Self {
        axes.iter().fold(self.raw(b"("), |it, axis| it.int(*axis)).raw(b"t")
    }

    /// A numpy dtype object without a state.
    pub(crate) fn dtype(self, code: &str) -> Self {
        self.global("numpy", "dtype").text(code).raw(b"\x89\x88\x87R")
    }

    /// A numpy dtype object of named fields; `fields` writes the values of the dict of fields, one
    /// tuple (dtype, offset) for each name.
    pub(crate) fn record(
        self,
        names: &[&str],
        size: i64,
        fields: impl Fn(Self, &str) -> Self,
    ) -> Self {
        let it = self.dtype("V1").raw(b"(K\x03").text("|").raw(b"N(");
        let it = names.iter().fold(it, |it, name| it.text(name)).raw(b"t}(");
        let it = names.iter().fold(it, |it, name| fields(it.text(name), name));
        it.raw(b"u").int(size).raw(b"K\x01K\x00tb")
    }

    /// A numpy array, `dtype` and `data` written by the caller.
    pub(crate) fn array(
        self,
        shape: &[i64],
        dtype: impl Fn(Self) -> Self,
        data: impl Fn(Self) -> Self,
    ) -> Self {
        let it = self.global("numpy.core.multiarray", "_reconstruct");
        let it = it.global("numpy", "ndarray").raw(b"K\x00\x85C\x01b\x87R(K\x01").shape(shape);
        data(dtype(it).raw(b"\x89")).raw(b"tb")
    }

    /// The file, with a STOP at its end.
    pub(crate) fn stop(self) -> Vec<u8> {
        self.raw(b".").0
    }

    /// What is written, without a STOP.
    pub(crate) fn open(self) -> Vec<u8> {
        self.0
    }
}
