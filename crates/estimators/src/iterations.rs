//! Which iterations of boosting predict, where the caller chooses: start s and number n are the arguments
//! of `predict` that the library of the model has for it.
//!
//! | library            | s, n                                   | no n, or n below 1                          |
//! |--------------------|----------------------------------------|---------------------------------------------|
//! | LightGBM           | `start_iteration=s, num_iteration=n`   | `num_iteration=None` or `n`                 |
//! | XGBoost from 1.4   | `iteration_range=(s, s + n)`           | `iteration_range=(s, 0)`                    |
//! | XGBoost until 1.3  | `ntree_limit=n`; there is no s but 0   | `ntree_limit=None` or 0                     |
//! | CatBoost           | `ntree_start=s, ntree_end=s + n`       | `ntree_end=0`; there is no s but 0          |
//!
//! A model is read with them, and then holds the trees of these iterations alone.

/// The iterations that predict; the default leaves it to the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Iterations {
    /// The first; 0 unless it is given.
    pub start: Option<i64>,
    /// How many; below 1 all that follow.
    pub number: Option<i64>,
}

impl Iterations {
    /// Whether the caller chose nothing.
    #[must_use]
    pub fn is_default(self) -> bool {
        self == Self::default()
    }

    /// How many at most, if there is a bound.
    pub(crate) fn bound(self) -> Option<usize> {
        self.number.and_then(|it| usize::try_from(it).ok()).filter(|it| 0 < *it)
    }

    /// The first, and the end if the number is given, of a model that has `total` and counts from 0 on.
    ///
    /// # Errors
    /// They are not all among the model's.
    pub(crate) fn within(self, total: usize) -> Result<(usize, Option<usize>), String> {
        let start = self.start.unwrap_or(0);
        let first = usize::try_from(start).ok().filter(|it| *it <= total);
        let end = |first: usize| self.bound().map(|it| first.saturating_add(it));
        match first.map(|it| (it, end(it))) {
            Some((first, end)) if end.is_none_or(|it| it <= total) => Ok((first, end)),
            _ => {
                let number = self.bound().map_or(String::new(), |it| format!("{it} "));
                Err(format!("has {total} iterations, but {number}from {start} on are to predict"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_within_the_model() {
        let of = |start, number| Iterations { start: Some(start), number: Some(number) };
        assert_eq!(of(1, 3).within(4), Ok((1, Some(4))));
        assert_eq!(of(4, 0).within(4), Ok((4, None)));
        for wrong in [of(1, 4), of(5, 0), of(-1, 2), of(1, i64::MAX)] {
            assert!(wrong.within(4).is_err(), "{wrong:?}");
        }
        let text = "has 4 iterations, but 4 from 1 on are to predict";
        assert_eq!(of(1, 4).within(4), Err(text.to_owned()));
    }
}
