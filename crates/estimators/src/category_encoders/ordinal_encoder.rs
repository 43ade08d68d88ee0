//! `OrdinalEncoder`: the code of each cell's category.
//!
//! | attribute        | shape                  | meaning                                              | since |
//! |------------------|------------------------|------------------------------------------------------|-------|
//! | `mapping`        | list of dicts          | column `col`, categories and codes `mapping`         | any   |
//! |                  |                        | and the column's `data_type`, for the way back       |       |
//! | `handle_unknown` | text, number           | `value` (-1), `return_nan`, `error`, or a number     | any   |
//! | `handle_missing` | text, number           | what code -2 becomes; `error` refuses missing cells  | any   |
//! | `index_start`    | int                    | its presence says that numbers above are obeyed      | 2.9   |
//!
//! Source of truth: `OrdinalEncoder.ordinal_encoding` in `category_encoders/ordinal.py`.

use super::encoding::{Encoding, Fate, Handling, MISSING, Ordinal, UNKNOWN, lumped};
use super::frame_encoder::{FrameEncoder, METHODS_AND_BACK};
use super::inverse::{Decode, Inverse};
use crate::{ClassSpec, Dtype, ReadError, State};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["category_encoders.ordinal.OrdinalEncoder"],
    methods: METHODS_AND_BACK,
    read: |state| Ok(Box::new(FrameEncoder::read(state, encodings(state)?)?)),
};

fn encodings(state: &State<'_>) -> Result<Vec<Encoding>, ReadError> {
    let unknown = Handling::read(state, "handle_unknown")?;
    let missing = Handling::read(state, "handle_missing")?;
    let obeys_numbers = state.has("index_start");
    let replaced = |code: f64| match missing {
        _ if code != MISSING => code,
        Handling::Nan => f64::NAN,
        Handling::Number(it) if obeys_numbers => it,
        _ => code,
    };
    let unknown = match unknown {
        Handling::Value => Fate::one(replaced(UNKNOWN)),
        Handling::Refused => Fate::Refused,
        Handling::Number(it) if obeys_numbers => Fate::one(replaced(it)),
        _ => Fate::one(f64::NAN),
    };
    // An unknown category is NaN before it is a number: then pandas makes the column one of floats.
    let dtype = match missing {
        Handling::Nan => None,
        _ => Some(Dtype::INT).filter(|_| unknown.is_refused()),
    };
    let mut encodings = Vec::new();
    for ordinal in Ordinal::read_all(state)? {
        let missing = match (missing, ordinal.missing) {
            (Handling::Refused, _) => Fate::Refused,
            (_, Some(code)) => Fate::one(replaced(code)),
            (_, None) => unknown.clone(),
        };
        let inverse = Inverse::new(&ordinal, Decode::Code);
        let known = ordinal.known.into_iter().map(|(it, code)| (it, Fate::one(replaced(code))));
        let (known, outputs) = (known.collect(), vec![ordinal.name.clone()]);
        let lumped = lumped(state, "min_group_lumping_", &ordinal.name)?;
        let unknown = unknown.clone();
        let mut encoding = Encoding::new(ordinal.name, outputs, known, unknown, missing, lumped);
        encoding.inverse = inverse;
        encodings.push(encoding.of_types(dtype));
    }
    Ok(encodings)
}
