//! `CountEncoder`: how often each cell's category occurred.
//!
//! | attribute               | shape          | meaning                                                 | since |
//! |-------------------------|----------------|---------------------------------------------------------|-------|
//! | `mapping`               | dict of Series | per column: count, or share, of each category           | any   |
//! | `_min_group_categories` | dict of dicts  | rare categories and the name of the group they are in   | any   |
//! | `_handle_unknown`       | dict           | per column: a number, `error`, or `value`: 0            | any   |
//! | `_handle_missing`       | dict           | per column; `return_nan` keeps NaN where 0 would stand  | any   |
//! | `handle_missing`        | text or dict   | `error` refuses missing cells, since 2.3                | any   |
//! | `feature_names`         | list           | without it and later ones (2.2), `value` means NaN      | 2.3   |
//!
//! Source of truth: `CountEncoder._transform` in `category_encoders/count.py`.

use super::encoding::{Encoding, Fate, Handling, lumped};
use super::frame_encoder::{FrameEncoder, METHODS};
use super::table::{Table, label, under};
use crate::categories::Category;
use crate::{ClassSpec, ReadError, State};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["category_encoders.count.CountEncoder"],
    methods: METHODS,
    read: |state| {
        let mapping = state.get("mapping")?;
        let entries = mapping.value().entries().ok_or_else(|| mapping.wrong("a dict"))?;
        let mut encodings = Vec::new();
        for (key, value) in entries {
            let name = label(&mapping.step(key, "[key]"))?;
            let table = Table::read(&mapping.step(value, &format!("[{name:?}]")))?;
            encodings.push(encoding(state, name, table)?);
        }
        Ok(Box::new(FrameEncoder::read(state, encodings)?))
    },
};

fn encoding(state: &State<'_>, name: String, table: Table) -> Result<Encoding, ReadError> {
    let is_new = ["ordinal_encoder", "feature_names"].iter().any(|it| state.has(it));
    let handle_missing = of_column(state, "_handle_missing", &name)?;
    let handle_unknown = of_column(state, "_handle_unknown", &name)?;
    let uncounted = match handle_unknown {
        Some(Handling::Number(it)) => Fate::one(it),
        Some(Handling::Value) if is_new && handle_missing != Some(Handling::Nan) => Fate::one(0.0),
        Some(Handling::Refused) => Fate::Refused,
        _ => Fate::one(f64::NAN),
    };
    let fate = |x: f64| if x.is_nan() { uncounted.clone() } else { Fate::one(x) };
    let counts = table.values().to_vec();
    let dtypes = if uncounted.is_refused() { table.dtypes } else { Vec::new() };
    let mut missing = uncounted.clone();
    let mut known = Vec::with_capacity(counts.len());
    for (item, count) in table.labels.into_iter().zip(counts) {
        match item {
            Category::Missing => missing = fate(count),
            it => known.push((it, fate(count))),
        }
    }
    let lumped = lumped(state, "_min_group_categories", &name)?;
    let refused = is_new && state.get("handle_missing")?.value().is_text("error");
    let mut lumped = lumped;
    if refused {
        missing = Fate::Refused;
        lumped.retain(|(from, _)| *from != Category::Missing);
    }
    Ok(Encoding::new(name.clone(), vec![name], known, uncounted, missing, lumped).of_types(dtypes))
}

/// An option that may differ by column.
fn of_column(state: &State<'_>, option: &str, name: &str) -> Result<Option<Handling>, ReadError> {
    let own = under(&state.get(option)?, name)?;
    if own.value().is_none() { Ok(None) } else { Handling::of(&own).map(Some) }
}
