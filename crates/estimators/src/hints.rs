//! What a trained model still knows of its input columns: the categories it lists, and a number that is
//! like those it was trained on. For people and for documents; no prediction depends on it.
//!
//! | from                                              | number of a column                                 |
//! |---------------------------------------------------|----------------------------------------------------|
//! | scalers                                           | `mean_`, `center_`, else `scale_`; the middle of a `MinMaxScaler`'s range |
//! | `SimpleImputer`                                   | what fills it                                      |
//! | `KBinsDiscretizer`, `QuantileTransformer`, `SplineTransformer` | the edge, quantile or knot in the middle |
//! | trees, and what is made of them                   | the median of its thresholds                       |
//! | CatBoost                                          | the median of its borders                          |

use crate::Category;

/// So many categories of a column are listed; of one that has more, none.
pub const MOST_CATEGORIES: usize = 1000;
/// A longer text is no choice that people make from a list.
const LONGEST_TEXT: usize = 200;
/// So many nodes are looked at for thresholds.
const MOST_NODES: usize = 1 << 15;

/// What is known of a column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnHint {
    /// The values it had in training, in the model's order, without the missing one.
    pub categories: Vec<Category>,
    /// Whether any other value is refused.
    pub is_closed: bool,
    /// A number like those it had in training.
    pub typical: Option<f64>,
}

impl ColumnHint {
    /// A column of these categories.
    pub(crate) fn of_categories<'a>(
        all: impl ExactSizeIterator<Item = &'a Category>,
        is_closed: bool,
    ) -> Self {
        if MOST_CATEGORIES < all.len() {
            return Self::default();
        }
        let categories: Vec<Category> =
            all.filter(|it| **it != Category::Missing).cloned().collect();
        let is_long =
            |it: &Category| matches!(it, Category::Text(text) if LONGEST_TEXT < text.len());
        if categories.iter().any(is_long) {
            return Self::default();
        }
        Self { categories, is_closed, typical: None }
    }

    /// A column of numbers like this one.
    pub(crate) fn of_number(x: f64) -> Self {
        Self { typical: Some(x).filter(|it| it.is_finite()), ..Self::default() }
    }

    /// This, and what only the other knows.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        let typical = self.typical.or(other.typical);
        let known = if self.categories.is_empty() { other } else { self };
        Self { typical, ..known }
    }
}

/// What either knows of each column.
pub(crate) fn merged(first: Vec<ColumnHint>, second: Vec<ColumnHint>) -> Vec<ColumnHint> {
    let n = first.len().max(second.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    (0..n).map(|_| first.next().unwrap_or_default().or(second.next().unwrap_or_default())).collect()
}

/// What a model of trees knows: `thresholds` are columns and what a cell is compared with.
pub(crate) fn of_thresholds(
    n_columns: usize,
    thresholds: impl Iterator<Item = (usize, f64)>,
) -> Vec<ColumnHint> {
    let mut all: Vec<Vec<f64>> = vec![Vec::new(); n_columns];
    for (column, threshold) in thresholds.take(MOST_NODES).filter(|it| it.1.is_finite()) {
        if let Some(column) = all.get_mut(column) {
            column.push(threshold);
        }
    }
    all.into_iter().map(|it| median(it).map(ColumnHint::of_number).unwrap_or_default()).collect()
}

/// Trees trained on whole numbers split between them: then it is the whole number below.
fn median(mut thresholds: Vec<f64>) -> Option<f64> {
    let is_between_integers = thresholds.iter().all(|x| (x.abs() + 0.5).fract() == 0.0);
    let middle = thresholds.len() / 2;
    if thresholds.is_empty() {
        return None;
    }
    let (_, x, _) = thresholds.select_nth_unstable_by(middle, f64::total_cmp);
    Some(if is_between_integers { x.floor() } else { *x })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_between_whole_numbers_give_a_whole_number() {
        let hints =
            of_thresholds(3, [(0, 2.5), (0, -0.5), (0, 7.5), (2, 0.25), (9, 1.0)].into_iter());
        let typical: Vec<Option<f64>> = hints.iter().map(|it| it.typical).collect();
        assert_eq!(typical, [Some(2.0), None, Some(0.25)]);
    }

    #[test]
    fn long_lists_and_long_texts_are_no_choices() {
        let many: Vec<Category> = (0..=MOST_CATEGORIES as i64).map(Category::Integer).collect();
        assert_eq!(ColumnHint::of_categories(many.iter(), true), ColumnHint::default());
        let long = [Category::Text("x".repeat(201))];
        assert_eq!(ColumnHint::of_categories(long.iter(), true), ColumnHint::default());
        let some = [Category::Missing, Category::Text("a".to_owned())];
        let hint = ColumnHint::of_categories(some.iter(), true);
        assert_eq!((hint.categories.len(), hint.is_closed), (1, true));
    }
}
