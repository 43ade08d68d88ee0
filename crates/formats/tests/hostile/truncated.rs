//! Real files, cut at every byte.

use crate::{error, real_files};

#[test]
fn a_pickle_cut_at_any_byte_is_refused() {
    for name in ["arrays-0.pkl", "arrays-2.pkl", "arrays-5.pkl", "pandas-5.pkl", "python-0.pkl"] {
        for (path, bytes) in real_files(name).into_iter().take(2) {
            for end in (0..bytes.len()).step_by(if bytes.len() > 9000 { 3 } else { 1 }) {
                let cut = bytes.get(..end).unwrap().to_vec();
                let err = error(|| cut);
                assert!(!err.to_string().is_empty(), "{} at {end}", path.display());
            }
        }
    }
}

#[test]
fn a_joblib_file_cut_at_any_byte_is_refused() {
    for (_, bytes) in real_files("joblib-plain.joblib").into_iter().take(3) {
        for end in 0..bytes.len() {
            let cut = bytes.get(..end).unwrap().to_vec();
            error(|| cut);
        }
    }
}
