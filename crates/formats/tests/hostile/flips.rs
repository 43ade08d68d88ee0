//! Real files with a few bytes changed: never a panic, never too much memory.

use crate::{read, real_files};

/// A generator of numbers that are the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}

#[test]
fn changed_bytes_give_an_error_or_another_graph() {
    let mut numbers = Numbers(7);
    let names = ["arrays-2.pkl", "arrays-5.pkl", "pandas-2.pkl", "pandas-5.pkl", "sparse-5.pkl"];
    let more = ["python-0.pkl", "python-2.pkl", "joblib-plain.joblib", "joblib-zlib.joblib"];
    let mut refused = 0;
    for name in names.into_iter().chain(more) {
        let files = real_files(name);
        for round in 0..800 {
            let (_, bytes) = files.get(round % files.len()).unwrap();
            let mut bytes = bytes.clone();
            for _ in 0..=numbers.below(3) {
                let at = numbers.below(bytes.len());
                // Rather another opcode or a length than any byte.
                let with = match numbers.below(3) {
                    0 => bytes[numbers.below(bytes.len())],
                    1 => [0, 1, 0x7f, 0x80, 0xff][numbers.below(5)],
                    _ => numbers.below(256) as u8,
                };
                bytes[at] = with;
            }
            refused += usize::from(read(|| bytes).is_err());
        }
    }
    assert!(refused > 2000, "only {refused} of 7200 were refused: the changes do nothing");
}

#[test]
fn bytes_taken_out_or_doubled_give_an_error_or_another_graph() {
    let mut numbers = Numbers(11);
    for name in ["arrays-5.pkl", "pandas-5.pkl", "joblib-plain.joblib", "python-2.pkl"] {
        let files = real_files(name);
        for round in 0..500 {
            let (_, bytes) = files.get(round % files.len()).unwrap();
            let start = numbers.below(bytes.len());
            let end = (start + 1 + numbers.below(40)).min(bytes.len());
            let (head, part, tail) = (&bytes[..start], &bytes[start..end], &bytes[end..]);
            let changed = if round % 2 == 0 {
                [head, tail].concat()
            } else {
                [head, part, part, tail].concat()
            };
            let _ = read(|| changed);
        }
    }
}
