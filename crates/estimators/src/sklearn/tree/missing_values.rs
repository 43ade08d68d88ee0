//! Which trees take missing values: `_support_missing_values` in `sklearn/tree/_classes.py`.

use crate::{Nan, ReadError, State, Version};

/// Criteria that could be trained with missing values until 1.8.
const CRITERIA: &[&str] =
    &["gini", "log_loss", "entropy", "squared_error", "friedman_mse", "poisson"];

/// Whether the tree at `tree` (a `DecisionTree…` or `ExtraTree…`) takes missing values in dense rows.
///
/// Before 1.3 none does; from 1.3 those with the best splitter, from 1.6 those with random splits too,
/// each with a criterion that can be trained so; from 1.4 none with monotonic constraints; from 1.9
/// the criterion does not matter.
pub(crate) fn missing_values(tree: &State<'_>) -> Result<Nan, ReadError> {
    let version = tree.version();
    if version < Version::new(1, 3) || tree.has("monotonic_cst") {
        return Ok(Nan::Refused);
    }
    let extra_classifier = tree.class().is_some_and(|it| it.name == "ExtraTreeClassifier");
    let extra_regressor = tree.class().is_some_and(|it| it.name == "ExtraTreeRegressor");
    let splitter = tree.text_or("splitter", "")?;
    let takes = match splitter {
        "best" if version < Version::new(1, 6) => true,
        // ExtraTreeRegressor had the rule of its parent until 1.8, by a slip in its tags.
        "best" if extra_classifier => false,
        "best" => !extra_regressor || version < Version::new(1, 9),
        "random" => Version::new(1, 6) <= version,
        _ => false,
    };
    let criterion = tree.get("criterion")?;
    let known = criterion.value().as_str().is_some_and(|it| CRITERIA.contains(&it));
    let any = Version::new(1, 9) <= version;
    Ok(if takes && (known || any) { Nan::Allowed } else { Nan::Refused })
}
