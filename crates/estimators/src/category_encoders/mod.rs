//! Classes of `category_encoders`.

mod count_encoder;
mod encoding;
mod frame_encoder;
mod hashing_encoder;
mod inputs;
mod inverse;
mod mapped_encoders;
mod multi_hot_encoder;
mod ordinal_encoder;
mod statistics_encoders;
mod table;
mod wrappers;

use crate::{ClassSpec, State};

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &count_encoder::CLASS,
    &hashing_encoder::CLASS,
    &mapped_encoders::BACKWARD_DIFFERENCE,
    &mapped_encoders::BASE_N,
    &mapped_encoders::BINARY,
    &mapped_encoders::COUNT_TARGET,
    &mapped_encoders::GLMM,
    &mapped_encoders::GRAY,
    &mapped_encoders::HELMERT,
    &mapped_encoders::JAMES_STEIN,
    &mapped_encoders::M_ESTIMATE,
    &mapped_encoders::ONE_HOT,
    &mapped_encoders::POLYNOMIAL,
    &mapped_encoders::QUANTILE,
    &mapped_encoders::RANK_HOT,
    &mapped_encoders::SUM,
    &mapped_encoders::SUMMARY,
    &mapped_encoders::TARGET,
    &mapped_encoders::WOE,
    &multi_hot_encoder::CLASS,
    &ordinal_encoder::CLASS,
    &statistics_encoders::CAT_BOOST,
    &statistics_encoders::LEAVE_ONE_OUT,
    &wrappers::NESTED_CV,
    &wrappers::POLYNOMIAL,
];

/// The names of the columns an encoder of this library was trained on, if it is one.
pub(crate) fn feature_names(state: &State<'_>) -> Option<Vec<String>> {
    let is_ours = state.class().is_some_and(|it| it.module.starts_with("category_encoders."));
    if is_ours { inputs::feature_names(state) } else { None }
}
