//! PyTorch's files, and safetensors: tensors become arrays whose bytes stay where they are in the file.
//!
//! | file | what it is |
//! |---|---|
//! | zip archive, since PyTorch 1.6 ([`zip`]) | `data.pkl`, and one stored entry `data/<key>` for each storage |
//! | a pickle of a magic number ([`legacy`]) | five pickles, then the storages one behind the other |
//! | tar archive, before PyTorch 0.1.10 ([`tar`]) | storages, tensors, and a pickle of the object |
//! | safetensors ([`safetensors`]) | a JSON header and the tensors' bytes |
//!
//! In the pickles a storage is a persistent id, and a tensor a call of `torch._utils._rebuild_tensor_v2`
//! with storage, offset, shape and strides ([`tensors`]). What a whole `torch.nn.Module` pickles stays the
//! record of an object, as in any pickle: nothing of it runs.
//!
//! Refused by name: TorchScript (it holds code), compressed entries, quantized and sparse tensors.
//!
//! Source: torch/serialization.py, `_save`, `_load`, `_legacy_load`; torch/_utils.py.

mod legacy;
mod safetensors;
mod tar;
mod tensors;
mod zip;

use object_graph::{Builder, Graph};

use self::tensors::Storages;
use crate::error::Fault;
use crate::limits::Limits;
use crate::pickle::{self, Parsed};

/// Which kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Zip,
    Legacy,
    Tar,
    SafeTensors,
}

/// The kind, if the file is PyTorch's or safetensors'.
pub(crate) fn form(bytes: &[u8]) -> Option<Form> {
    let zip = || bytes.starts_with(zip::MAGIC) && zip::is_torch(bytes);
    if safetensors::is_header(bytes) {
        Some(Form::SafeTensors)
    } else if legacy::is_magic(bytes) {
        Some(Form::Legacy)
    } else if tar::is_archive(bytes) {
        Some(Form::Tar)
    } else {
        zip().then_some(Form::Zip)
    }
}

/// The file's objects, tensors decoded.
pub(crate) fn read(bytes: Vec<u8>, form: Form, limits: &Limits) -> Result<Graph, Fault> {
    let budget = limits.budget(bytes.len());
    let builder = Builder::new(bytes, budget);
    let (mut parsed, storages) = match form {
        Form::SafeTensors => return safetensors::read(builder),
        Form::Legacy => legacy::parse(builder, limits)?,
        Form::Tar => tar::parse(builder, limits)?,
        Form::Zip => zip::parse(builder, limits)?,
    };
    decode(&mut parsed, &storages)?;
    pickle::finish(parsed)
}

fn decode(parsed: &mut Parsed, storages: &Storages) -> Result<(), Fault> {
    tensors::decode(&mut parsed.builder, storages)?;
    crate::decode_libraries(parsed)
}
