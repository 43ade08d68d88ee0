//! PyTorch's networks: a state dict with the layers that a declaration names, or a whole pickled
//! `nn.Sequential`.
//!
//! A state dict holds tensors by name and no word of what is calculated with them: that is in the code of
//! the user's own module, which is never read. A [`Declaration`] says it instead, layer by layer; shapes
//! come from the tensors, and every tensor must be used. `docs/networks.md` lists the layers.
//!
//! One row of a table is one sample: a vector, or the steps of a sequence one behind the other.
//! Arithmetic is `f32`, as PyTorch's; results differ from its own by the order of sums and by the last
//! bits of `exp` and `tanh`.
//!
//! | file | what is in it |
//! |---|---|
//! | `declaration.rs` | what a user writes |
//! | `tensors.rs` | the tensors of a file by name, each to be used once |
//! | `build.rs`, `build_layers.rs` | declaration and tensors to steps whose shapes fit |
//! | `step.rs` | what is done with a sample |
//! | `network.rs` | the estimator |
//! | `scaling.rs` | a scaler around the steps of a window |
//! | `sequential.rs` | a pickled `nn.Sequential` as a declaration |
//! | `overridden.rs` | what makes another function of a pickled module than its class |

mod build;
mod build_layers;
mod declaration;
mod network;
mod overridden;
mod scaling;
mod sequential;
mod shape;
mod step;
mod tensors;

use std::sync::Arc;

use object_graph::Graph;

pub use self::declaration::{Declaration, Inputs, Label, Layer};
pub(crate) use self::tensors::is_state_dict;
pub use self::tensors::{TensorOutline, tensors};
use crate::{ClassSpec, CustomClasses, Estimator, Model, ReadError, State};

/// Classes that are read without a declaration.
pub(crate) const CLASSES: &[&ClassSpec] = &[&sequential::CLASS];

/// Reads the network that `declaration` describes from the tensors of a file; its layers are those of a
/// pickled `nn.Sequential` if it has none. A `scaler` was fitted on
/// the features of one step; its column [`Declaration::target`] turns predictions back into units.
///
/// # Errors
/// A tensor that is missing, has another shape than its layer takes, or is used by none; a layer that
/// does not take what the one before it gives; a scaler for another number of features. All of a kind are
/// named at once.
pub(crate) fn read(
    graph: &Graph,
    declaration: &Declaration,
    scaler: Option<Arc<Model>>,
) -> Result<Box<dyn Estimator>, ReadError> {
    let state = State::root(graph.root(), Model::budget(graph), &CustomClasses::default());
    let whole;
    let declaration = match declaration.layers.as_slice() {
        [] if sequential::is_whole(&state) => {
            whole = Declaration { layers: sequential::layers(&state)?, ..declaration.clone() };
            &whole
        }
        [] => {
            return Err(state.invalid(
                "has no layers: [[layers]] of the declaration are missing, which a torch.nn.Sequential saved whole \
                 does without",
            ));
        }
        _ => declaration,
    };
    let tensors = tensors::find(&state, declaration.weights.as_deref())?;
    let network = build::network(&state, declaration, &tensors)?;
    match scaler {
        None => Ok(Box::new(network)),
        Some(scaler) => Ok(Box::new(scaling::Scaled::new(network, scaler, declaration, &state)?)),
    }
}
