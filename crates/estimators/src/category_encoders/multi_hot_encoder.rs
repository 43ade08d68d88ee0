//! `MultiHotEncoder`: a column for each item that cells hold between delimiters.
//!
//! | attribute            | shape         | meaning                                                            |
//! |----------------------|---------------|--------------------------------------------------------------------|
//! | `mapping`            | list of dicts | per column `col`: names `columns`, and places among these:         |
//! |                      |               | `item_pos` of each item, `nan_value_pos`, `unknown_pos`, `missing_pos` |
//! | `delimiter`          | text          | what stands between items                                          |
//! | `handle_unknown`     | text          | `value`, `indicator`, `return_nan` or `error`                      |
//! | `handle_missing`     | text          | the same, or `ignore`                                              |
//! | `feature_dtypes_in_` | list          | numbers among `cols` are refused: their spelling is pandas'        |
//!
//! Source of truth: `MultiHotEncoder._encode_column` in `category_encoders/multi_hot.py`.

use super::encoding::{Encoding, Handling, Items};
use super::frame_encoder::{FrameEncoder, METHODS, passed_kinds};
use super::inputs::names_in;
use super::table::{entry, label};
use crate::{ClassSpec, ColumnKind, ReadError, State};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["category_encoders.multi_hot.MultiHotEncoder"],
    methods: METHODS,
    read: |state| Ok(Box::new(FrameEncoder::read(state, encodings(state)?)?)),
};

fn encodings(state: &State<'_>) -> Result<Vec<Encoding>, ReadError> {
    let delimiter = state.text("delimiter")?;
    if delimiter.is_empty() {
        return Err(state.get("delimiter")?.invalid("is empty"));
    }
    let names = names_in(state)?.unwrap_or_default();
    let kinds = passed_kinds(state, names.len());
    let mut encodings = Vec::new();
    for switch in state.list("mapping")? {
        let name = label(&entry(&switch, "col")?)?;
        let at = names.iter().position(|it| *it == name);
        if at.is_some_and(|it| kinds[it] == ColumnKind::Number) {
            let text = format!("is of column {name:?}, a column of numbers");
            return Err(switch.unsupported(text));
        }
        let outputs = entry(&switch, "columns")?.as_texts()?;
        let items = items(state, &switch, delimiter, outputs.len())?;
        encodings.push(Encoding::of_items(name, outputs, items));
    }
    Ok(encodings)
}

fn items(
    state: &State<'_>,
    switch: &State<'_>,
    delimiter: &str,
    width: usize,
) -> Result<Items, ReadError> {
    let known = entry(switch, "item_pos")?;
    let mut places = std::collections::HashMap::new();
    for (item, place) in known.value().entries().ok_or_else(|| known.wrong("a dict"))? {
        let item = known.step(item, "[key]");
        let text = item.as_text()?;
        item.charge(text.len().saturating_add(48))?;
        places.insert(text.into(), place_in(&known.step(place, "[value]"), width)?);
    }
    let place = |name| {
        let it = entry(switch, name)?;
        if it.value().is_none() { Ok(None) } else { place_in(&it, width).map(Some) }
    };
    let handle_missing = Handling::read(state, "handle_missing")?;
    Ok(Items {
        delimiter: delimiter.to_owned(),
        places,
        width,
        handle_unknown: Handling::read(state, "handle_unknown")?,
        unknown: place("unknown_pos")?,
        handle_missing,
        missing: match handle_missing {
            Handling::Indicator => place("missing_pos")?,
            Handling::Value => place("nan_value_pos")?,
            _ => None,
        },
    })
}

fn place_in(state: &State<'_>, width: usize) -> Result<usize, ReadError> {
    let place = state.value().as_i64().and_then(|it| usize::try_from(it).ok());
    place.filter(|it| *it < width).ok_or_else(|| state.wrong(&format!("a place among {width}")))
}
