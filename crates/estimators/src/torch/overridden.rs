//! What makes another function of a pickled module than its class's `forward`: code, which is never run.
//!
//! | attribute | what PyTorch does with it |
//! |---|---|
//! | `_forward_pre_hooks` | functions of the inputs, called before: `register_forward_pre_hook`; old `weight_norm`, `spectral_norm` |
//! | `_forward_hooks` | functions of the outputs, called after: `register_forward_hook` |
//! | `forward`, … | a function that is called in the place of the class's method |
//!
//! Hooks of gradients and of state dicts have no part in a prediction.
//!
//! Source: torch/nn/modules/module.py, `Module._call_impl`.

use crate::{ReadError, State};

const HOOKS: [&str; 2] = ["_forward_pre_hooks", "_forward_hooks"];
/// Methods that an attribute of the same name takes the place of.
const METHODS: [&str; 4] = ["forward", "_call_impl", "_slow_forward", "_conv_forward"];

/// Refuses a module that computes something else than its class.
pub(super) fn check(module: &State<'_>) -> Result<(), ReadError> {
    for name in HOOKS {
        let Some(hooks) = module.optional(name) else { continue };
        let mut entries =
            hooks.value().entries().ok_or_else(|| hooks.wrong("a dict of functions"))?;
        let Some((_, hook)) = entries.next() else { continue };
        return Err(hooks.unsupported(format!(
            "has a hook around forward, {}, which is code and never run; remove it before torch.save (handle.remove(), of old \
             weight_norm and spectral_norm torch.nn.utils.remove_weight_norm and remove_spectral_norm)",
            called(hook)
        )));
    }
    for name in METHODS {
        let Some(own) = module.optional(name) else { continue };
        return Err(own.unsupported(format!(
            "is {}, in the place of the class's own method; it is code and never run",
            called(own.value())
        )));
    }
    Ok(())
}

/// What the file calls a function.
fn called(function: object_graph::Value<'_>) -> String {
    match function.kind() {
        object_graph::Kind::Class(it) => it.to_string(),
        _ => function.type_name(),
    }
}
