//! What the estimators inside another one want of its input, where each of them is given all of it.

use crate::{ColumnKind, Estimator, ReadError, State};

/// Checks that all members take the same number of columns, and returns it. One that takes any number
/// (0) agrees with all.
///
/// # Errors
/// The first member that disagrees with those before it; `state` is the list they stand in.
pub(crate) fn n_features_in(
    state: &State<'_>,
    members: &[Box<dyn Estimator>],
) -> Result<usize, ReadError> {
    let mut agreed = 0;
    for (i, found) in members.iter().map(|it| it.n_features_in()).enumerate() {
        if agreed != 0 && found != 0 && found != agreed {
            let text = format!("has a member, [{i}], for {found} columns after one for {agreed}");
            return Err(state.invalid(text));
        }
        agreed = agreed.max(found);
    }
    Ok(agreed)
}

/// How each column is to be read if every member is to find in it what it wants: as text if one
/// wants text (the others read the numbers in it), not at all only if none uses it.
pub(crate) fn column_kinds<'a>(
    members: impl IntoIterator<Item = &'a Box<dyn Estimator>>,
) -> Vec<ColumnKind> {
    let mut all: Vec<ColumnKind> = Vec::new();
    for kinds in members.into_iter().map(|it| it.column_kinds()) {
        if all.is_empty() {
            all = kinds;
            continue;
        }
        all.iter_mut().zip(kinds).for_each(|(kind, wanted)| *kind = wanted.max(*kind));
    }
    all
}

/// Whether every member picks its columns by name.
pub(crate) fn select_by_name(members: &[Box<dyn Estimator>]) -> bool {
    !members.is_empty() && members.iter().all(|it| it.selects_by_name())
}
