//! `LeaveOneOutEncoder` and `CatBoostEncoder` without a target, as on rows to predict: each category's mean.
//!
//! | attribute        | shape               | meaning                                                    |
//! |------------------|---------------------|------------------------------------------------------------|
//! | `mapping`        | dict of DataFrames  | per column and category the target's `sum` and its `count` |
//! | `_mean`          | float               | the target's mean                                          |
//! | `a`              | float               | weight of `_mean` in a `CatBoostEncoder`                   |
//! | `handle_unknown` | text                | `value` (`_mean`), `return_nan` or `error`                 |
//! | `handle_missing` | text                | the same, for missing cells                                |
//!
//! Up to 2.3 `a` weighs `_mean` among the counts, but not in the sum: refused, since files of 2.4 look the same.
//!
//! A category that occurred once becomes the mean of all.
//!
//! Source of truth: `transform_leave_one_out` in `category_encoders/leave_one_out.py` and `_transform` in
//! `category_encoders/cat_boost.py`.

use object_graph::{Kind, Scalar, Value};

use super::encoding::{Encoding, Fate, Handling, lumped};
use super::frame_encoder::{FrameEncoder, METHODS};
use super::table::{Table, label};
use crate::categories::Category;
use crate::{ClassSpec, Estimator, ReadError, State};

pub(super) const LEAVE_ONE_OUT: ClassSpec = ClassSpec {
    paths: &["category_encoders.leave_one_out.LeaveOneOutEncoder"],
    methods: METHODS,
    read: |state| read(state, None),
};

pub(super) const CAT_BOOST: ClassSpec = ClassSpec {
    paths: &["category_encoders.cat_boost.CatBoostEncoder"],
    methods: METHODS,
    read: |state| read(state, Some(Prior::read(state)?)),
};

/// How many rows the mean of all counts for.
#[derive(Clone, Copy)]
struct Prior {
    in_sum: f64,
    in_count: f64,
}

impl Prior {
    /// Up to 2.3 the sum does not obey `a`. Version 2.4 changed that, and its files tell only by sums that are
    /// integers, which were floats before.
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let a = state.float("a")?;
        let is_newer = ["invariant_cols", "feature_names_in_"].iter().any(|it| state.has(it));
        if a == 1.0 || is_newer || has_integer_sums(state)? {
            return Ok(Self { in_sum: a, in_count: a });
        }
        let text = "is not 1, which the sum obeys since category_encoders 2.4, and the file does \
                    not tell whether it is older";
        Err(state.get("a")?.unsupported(text))
    }
}

fn has_integer_sums(state: &State<'_>) -> Result<bool, ReadError> {
    let mapping = state.get("mapping")?;
    let mut tables = mapping.value().entries().ok_or_else(|| mapping.wrong("a dict"))?;
    let is_integer = |table: Value<'_>| match table.kind() {
        Kind::DataFrame(it) => {
            let sums = it.data.first().and_then(|&id| table.at(id).as_array());
            sums.is_some_and(|it| matches!(it.dtype.scalar, Scalar::Int | Scalar::UInt))
        }
        _ => false,
    };
    Ok(tables.any(|(_, table)| is_integer(table)))
}

fn read(state: &State<'_>, prior: Option<Prior>) -> Result<Box<dyn Estimator>, ReadError> {
    let mapping = state.get("mapping")?;
    let entries = mapping.value().entries().ok_or_else(|| mapping.wrong("a dict"))?;
    let mean = state.float("_mean")?;
    let mut encodings = Vec::new();
    for (key, value) in entries {
        let name = label(&mapping.step(key, "[key]"))?;
        let table = mapping.step(value, &format!("[{name:?}]"));
        encodings.push(encoding(state, &table, name, mean, prior)?);
    }
    Ok(Box::new(FrameEncoder::read(state, encodings)?))
}

fn encoding(
    state: &State<'_>,
    at: &State<'_>,
    name: String,
    mean: f64,
    prior: Option<Prior>,
) -> Result<Encoding, ReadError> {
    let table = Table::read(at)?;
    let column = |it| table.column(it).ok_or_else(|| at.invalid(format!("has no column {it:?}")));
    let (sums, counts) = (column("sum")?, column("count")?);
    let level = |(&sum, &count): (&f64, &f64)| match prior {
        _ if count <= 1.0 => mean,
        Some(it) => (sum + mean * it.in_sum) / (count + it.in_count),
        None => sum / count,
    };
    let levels: Vec<f64> = sums.iter().zip(counts).map(level).collect();
    let handle_missing = Handling::read(state, "handle_missing")?;
    let unknown = match Handling::read(state, "handle_unknown")? {
        Handling::Refused => Fate::Refused,
        Handling::Value => Fate::one(mean),
        Handling::Nan => Fate::one(f64::NAN),
        _ => return Err(state.get("handle_unknown")?.unsupported("is no option of this encoder")),
    };
    let seen = table.labels.iter().position(|it| *it == Category::Missing).map(|it| levels[it]);
    let missing = match handle_missing {
        Handling::Refused => Fate::Refused,
        Handling::Value => Fate::one(seen.unwrap_or(mean)),
        Handling::Nan => Fate::one(f64::NAN),
        _ => return Err(state.get("handle_missing")?.unsupported("is no option of this encoder")),
    };
    let known = table.labels.into_iter().zip(levels);
    let known = known.filter(|(it, _)| *it != Category::Missing);
    let known = known.map(|(it, level)| (it, Fate::one(level))).collect();
    let lumped = lumped(state, "min_group_lumping_", &name)?;
    Ok(Encoding::new(name.clone(), vec![name], known, unknown, missing, lumped))
}
