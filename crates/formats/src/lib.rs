//! Bytes of model files to an object graph: pickle (protocols 0 to 5), joblib in all its
//! compressions, the files of LightGBM, XGBoost and CatBoost, PyTorch's, and safetensors.
//!
//! [`read`] sniffs what the file is, decompresses it within [`Limits`], and runs the pickle machine,
//! which builds inert nodes and never calls, imports or resolves anything. What numpy, pandas and
//! scipy pickle is then decoded in place from closed tables; everything else stays the record of
//! how Python would have built it, and [`unknown`] lists the classes a caller does not know.
//!
//! Invariants, each with a test under `tests/hostile`:
//! - no byte of a file makes this crate panic, recurse without bound or allocate more than the
//!   budget of [`Limits`];
//! - after `read`, an array node has as many elements as its shape says.

#![forbid(unsafe_code)]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod audit;
mod error;
mod joblib;
mod limits;
mod native;
mod numpy;
mod pandas;
mod pickle;
mod scipy;
mod sniff;
mod torch;

use object_graph::Graph;

pub use crate::audit::{Unknown, unknown};
pub use crate::error::{Error, ErrorKind, Place};
pub use crate::limits::Limits;

/// Reads a model file. `name` is what errors call it.
///
/// # Errors
/// If the file is not a pickle or joblib file, is damaged, asks for code to run, holds something
/// this crate cannot represent, or needs more than `limits` allow. Each error says where.
///
/// ```
/// let bytes = b"\x80\x04]\x94(K\x01K\x02e.".to_vec();
/// let graph = formats::read(bytes, "model.pkl", &formats::Limits::default())?;
/// assert_eq!(graph.root().items().map(|it| it.len()), Some(2));
/// # Ok::<(), formats::Error>(())
/// ```
pub fn read(bytes: Vec<u8>, name: &str, limits: &Limits) -> Result<Graph, Error> {
    let compression = sniff::compression(&bytes).map_err(|it| Error::new(name, it))?;
    let Some(compression) = compression else {
        return decode(bytes, limits).map_err(|it| Error::new(name, it));
    };
    let place = |it: error::Fault| Error::new(&format!("{name} (decompressed)"), it);
    let plain = joblib::decompress(&bytes, compression, limits);
    drop(bytes);
    let plain = plain.map_err(|it| Error::new(name, it))?;
    match sniff::compression(&plain).map_err(place)? {
        None => decode(plain, limits).map_err(place),
        Some(_) => Err(place(error::Fault::unknown_format("a compressed file inside another"))),
    }
}

fn decode(bytes: Vec<u8>, limits: &Limits) -> Result<Graph, error::Fault> {
    if let Some(form) = torch::form(&bytes) {
        return torch::read(bytes, form, limits);
    }
    if let Some(library) = native::library(&bytes) {
        return native::wrap(bytes, library, limits);
    }
    let mut parsed = pickle::parse(bytes, limits)?;
    decode_libraries(&mut parsed)?;
    pickle::finish(parsed)
}

fn decode_libraries(parsed: &mut pickle::Parsed) -> Result<(), error::Fault> {
    numpy::decode(parsed)?;
    pandas::decode(&mut parsed.builder)?;
    scipy::decode(&mut parsed.builder)
}
