//! What a file holds that predicts nothing by itself, or that Pythia does not know: what it is, and what to do.

use crate::torch::is_state_dict;
use crate::{ReadError, State};

/// The refusal of what has no class.
pub(crate) fn no_estimator(state: &State<'_>) -> ReadError {
    if is_state_dict(state.value()) {
        return state.unsupported(
            "is a state dict of PyTorch: tensors by name, without what is calculated with them; declare its \
             layers (docs/networks.md) and name the declaration: --layers of pythia predict, layers of a bundle",
        );
    }
    state.wrong("an estimator")
}

/// The refusal of a class; one that no library has may have a stand-in.
pub(crate) fn unknown_class(path: &str) -> String {
    let root = path.split('.').next().unwrap_or_default();
    let remedy = match root {
        "sklearn" | "lightgbm" | "xgboost" | "catboost" | "category_encoders" | "imblearn"
        | "torch" | "builtins" | "__builtin__" | "numpy" | "pandas" | "scipy" => "",
        _ => "; for a class of your own, [classes] in pythia.toml can say what stands in for it",
    };
    format!("is a {path}, which is not supported (docs/supported.md lists what is{remedy})")
}
