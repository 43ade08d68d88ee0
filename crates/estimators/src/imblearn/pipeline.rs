//! `Pipeline` of imbalanced-learn: scikit-learn's, with samplers among its steps.
//!
//! | attribute | shape                     | meaning                                     | since |
//! |-----------|---------------------------|---------------------------------------------|-------|
//! | `steps`   | list of (name, estimator) | `None` or `"passthrough"` leaves rows as is | any   |
//!
//! A sampler changes the rows a model is trained on; rows to predict pass it as they are. What a sampler
//! holds is not read.
//!
//! Source of truth: `Pipeline` in `imblearn/pipeline.py`.

use crate::sklearn::read_without;
use crate::{ClassSpec, Method, State};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["imblearn.pipeline.Pipeline"],
    methods: &Method::ALL,
    read: |state| read_without(state, is_sampler),
};

/// The modules of imbalanced-learn that hold samplers and nothing else.
const SAMPLERS: [&str; 3] =
    ["imblearn.over_sampling", "imblearn.under_sampling", "imblearn.combine"];

fn is_sampler(step: &State<'_>) -> bool {
    let Some(class) = step.class() else { return false };
    let is_in = |package: &&str| {
        class.module.strip_prefix(*package).is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    SAMPLERS.iter().any(is_in) || (class.module, class.name) == ("imblearn.base", "FunctionSampler")
}
