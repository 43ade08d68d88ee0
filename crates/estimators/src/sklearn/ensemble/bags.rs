//! What bagging classifiers and regressors share: members, each on columns of its own.
//!
//! | attribute                       | shape              | meaning                                       | since |
//! |---------------------------------|--------------------|-----------------------------------------------|-------|
//! | `estimators_`                   | list of estimators | the members                                   | any   |
//! | `estimators_features_`          | list of (m,)       | the columns each sees, some perhaps twice     | any   |
//! | `n_features_in_`, `n_features_` | int                | number of columns; the second until 0.24      | any   |
//! | `n_estimators`                  | int                | number of members                             | any   |
//! | `n_jobs`                        | int or None        | in how many runs answers are added            | any   |
//!
//! Python shares the members among `n_jobs` processes and adds their sums; a number below 0, which depends on
//! the machine, is taken for one process.
//!
//! Source of truth: `_partition_estimators`, `BaseBagging` in `sklearn/ensemble/_bagging.py`.

use std::ops::Range;

use crate::{
    Block, ColumnHint, ColumnKind, DataError, Dense, Dtype, Estimator, Method, ReadError, State,
    members,
};

#[derive(Debug)]
pub(super) struct Bags {
    pub(super) members: Vec<Box<dyn Estimator>>,
    features: Vec<Vec<usize>>,
    pub(super) n_features: usize,
    /// The members of each process.
    pub(super) runs: Vec<Range<usize>>,
}

impl Bags {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let list = state.get("estimators_")?;
        let members = members::read(&list)?;
        members::check_method(&list, &members, Method::Predict)?;
        if state.count("n_estimators")? != members.len() {
            let text = format!("is not {}, the number of trained estimators", members.len());
            return Err(state.get("n_estimators")?.invalid(text));
        }
        let name = if state.has("n_features_in_") { "n_features_in_" } else { "n_features_" };
        let n_features = state.width(name)?;
        let features = features(state, &members, n_features)?;
        let runs = runs(members.len(), n_jobs(state)?);
        Ok(Self { members, features, n_features, runs })
    }

    /// The member's answer as a matrix; a vector is one column.
    pub(super) fn matrix(
        &self,
        member: usize,
        method: Method,
        input: &Block,
    ) -> Result<Dense, DataError> {
        let answer = members::matrix(&*self.members[member], method, self.columns(member, input));
        answer.map_err(|it| it.in_column(|column| self.features[member].get(column).copied()))
    }

    /// The numbers of the classes that the member predicts.
    pub(super) fn codes(&self, member: usize, input: &Block) -> Result<Vec<i64>, DataError> {
        let answer = members::codes(&*self.members[member], self.columns(member, input));
        answer.map_err(|it| it.in_column(|column| self.features[member].get(column).copied()))
    }

    fn columns(&self, member: usize, input: &Block) -> Block {
        input.select(&self.features[member])
    }

    /// `sum(...) / n_estimators` of the members' answers, run by run.
    pub(super) fn mean(&self, method: Method, input: &Block) -> Result<Dense, DataError> {
        let mut total: Option<Dense> = None;
        for run in &self.runs {
            let mut sum: Option<Dense> = None;
            for member in run.clone() {
                add(&mut sum, self.matrix(member, method, input)?)?;
            }
            sum.map_or(Ok(()), |it| add(&mut total, it))?;
        }
        let mut mean = total.unwrap_or_default();
        let n_members = self.members.len() as f64;
        mean.map_columns(|_, column| column.iter_mut().for_each(|x| *x /= n_members));
        mean.round();
        Ok(mean)
    }

    /// What any member knows of each column.
    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        let mut hints = vec![ColumnHint::default(); self.n_features];
        for (member, features) in self.members.iter().zip(&self.features) {
            for (&column, known) in features.iter().zip(member.column_hints()) {
                hints[column] = std::mem::take(&mut hints[column]).or(known);
            }
        }
        hints
    }

    /// A column is read as the member wants it that asks for most.
    pub(super) fn column_kinds(&self) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Unused; self.n_features];
        for (member, features) in self.members.iter().zip(&self.features) {
            for (&column, wanted) in features.iter().zip(member.column_kinds()) {
                kinds[column] = wanted.max(kinds[column]);
            }
        }
        kinds
    }
}

/// Adds `part` to `sum`; Python begins with the integer 0, which makes a first -0.0 a 0.0.
fn add(sum: &mut Option<Dense>, mut part: Dense) -> Result<(), DataError> {
    let Some(sum) = sum else {
        part.map_columns(|_, column| column.iter_mut().for_each(|x| *x += 0.0));
        *sum = Some(part);
        return Ok(());
    };
    members::check_width(&part, sum.n_cols())?;
    if part.precision() != sum.precision() {
        sum.dtype = Dtype::Float64;
    }
    sum.map_columns(|j, sums| {
        sums.iter_mut().zip(part.column(j)).for_each(|(sum, x)| *sum += x);
    });
    sum.round();
    Ok(())
}

/// `estimators_features_`: for each member its columns, as many as it was trained on.
fn features(
    state: &State<'_>,
    members: &[Box<dyn Estimator>],
    n_features: usize,
) -> Result<Vec<Vec<usize>>, ReadError> {
    let lists = state.list("estimators_features_")?;
    if lists.len() != members.len() {
        let text = format!("has {} lists for {} estimators", lists.len(), members.len());
        return Err(state.get("estimators_features_")?.invalid(text));
    }
    let read = |list: &State<'_>, taken: usize| {
        let columns = list.as_ints()?;
        let columns = columns.into_iter().map(|it| {
            let column = usize::try_from(it).ok().filter(|it| *it < n_features);
            column.ok_or_else(|| list.invalid(format!("names column {it} of {n_features}")))
        });
        let columns = columns.collect::<Result<Vec<usize>, _>>()?;
        if taken != 0 && taken != columns.len() {
            let text = format!("has {} columns for an estimator of {taken}", columns.len());
            return Err(list.invalid(text));
        }
        Ok(columns)
    };
    lists.iter().zip(members).map(|(list, it)| read(list, it.n_features_in())).collect()
}

fn n_jobs(state: &State<'_>) -> Result<usize, ReadError> {
    match state.optional("n_jobs") {
        Some(_) => Ok(usize::try_from(state.int("n_jobs")?).unwrap_or(1).max(1)),
        None => Ok(1),
    }
}

/// `n` members in `n_jobs` runs, the first of which are one longer if they do not divide.
fn runs(n: usize, n_jobs: usize) -> Vec<Range<usize>> {
    let n_jobs = n_jobs.min(n);
    let mut start = 0;
    let run = |i| {
        let from = start;
        start += n / n_jobs + usize::from(i < n % n_jobs);
        from..start
    };
    (0..n_jobs).map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn the_first_runs_are_the_longer_ones() {
        assert_eq!(runs(7, 3), [0..3, 3..5, 5..7]);
        assert_eq!(runs(2, 8), [0..1, 1..2]);
    }
}
