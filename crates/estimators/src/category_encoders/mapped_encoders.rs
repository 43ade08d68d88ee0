//! Encoders that keep a row of numbers for each ordinal code: target statistics, one-hot, digits, contrasts.
//!
//! | attribute         | shape           | meaning                                                   | since |
//! |-------------------|-----------------|-----------------------------------------------------------|-------|
//! | `ordinal_encoder` | OrdinalEncoder  | the code of each category                                 | any   |
//! | `mapping`         | list of dicts   | `col` and its `mapping`, a DataFrame: several columns each | any   |
//! | `mapping`         | dict            | column to Series (one column each) or DataFrame           | any   |
//! | `handle_unknown`  | text, number    | `error` refuses code -1; else the row of -1               | any   |
//! | `handle_missing`  | text, number    | `error` refuses missing cells; else the row of their code | any   |
//! | `base_n_encoder`  | BaseNEncoder    | of a `BinaryEncoder`                                      | to 2.2|
//! | `encoder_list`    | QuantileEncoders| of a `SummaryEncoder`: one column for each                | 2.3   |
//!
//! A code without a row becomes NaN. What was learned for unknown and missing cells is in the rows of codes
//! -1 and -2.
//!
//! Source of truth: the modules of the package `category_encoders`.

use super::encoding::{Encoding, Fate, Handling, MISSING, Ordinal, UNKNOWN, lumped};
use super::frame_encoder::{FrameEncoder, METHODS, METHODS_AND_BACK};
use super::inputs::names_in;
use super::inverse::{Decode, Inverse};
use super::table::{Table, entry, label, under};
use crate::{ClassSpec, Estimator, ReadError, State};

macro_rules! classes {
    ($($name:ident = $path:literal, $read:expr, $methods:expr;)*) => {
        $(
            pub(super) const $name: ClassSpec =
                ClassSpec { paths: &[$path], methods: $methods, read: $read };
        )*
    };
}

classes! {
    BACKWARD_DIFFERENCE =
        "category_encoders.backward_difference.BackwardDifferenceEncoder", read_wide, METHODS;
    BASE_N = "category_encoders.basen.BaseNEncoder", read_base_n, METHODS_AND_BACK;
    BINARY = "category_encoders.binary.BinaryEncoder", read_binary, METHODS_AND_BACK;
    COUNT_TARGET = "category_encoders.count_target.CountTargetEncoder", read_narrow, METHODS;
    GLMM = "category_encoders.glmm.GLMMEncoder", read_narrow, METHODS;
    GRAY = "category_encoders.gray.GrayEncoder", read_wide, METHODS;
    HELMERT = "category_encoders.helmert.HelmertEncoder", read_wide, METHODS;
    JAMES_STEIN = "category_encoders.james_stein.JamesSteinEncoder", read_narrow, METHODS;
    M_ESTIMATE = "category_encoders.m_estimate.MEstimateEncoder", read_narrow, METHODS;
    ONE_HOT = "category_encoders.one_hot.OneHotEncoder", read_one_hot, METHODS_AND_BACK;
    POLYNOMIAL = "category_encoders.polynomial.PolynomialEncoder", read_wide, METHODS;
    QUANTILE = "category_encoders.quantile_encoder.QuantileEncoder", read_narrow, METHODS;
    RANK_HOT = "category_encoders.rankhot.RankHotEncoder", read_rank_hot, METHODS;
    SUM = "category_encoders.sum_coding.SumEncoder", read_wide, METHODS;
    SUMMARY = "category_encoders.quantile_encoder.SummaryEncoder", read_summary, METHODS;
    TARGET = "category_encoders.target_encoder.TargetEncoder", read_narrow, METHODS;
    WOE = "category_encoders.woe.WOEEncoder", read_narrow, METHODS;
}

type Read = Result<Box<dyn Estimator>, ReadError>;

/// What an encoder does with codes that its rows do not say.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    /// A code without a row becomes NaN.
    Plain,
    /// A missing code finds the row of -2, since 2.6.
    OneHot,
    /// A code without a row becomes what an unknown one does.
    RankHot,
    /// A code without a row is refused.
    Strict,
}

fn read_wide(state: &State<'_>) -> Read {
    boxed(state, wide(state, Rule::Plain, &|_| None)?)
}

fn read_one_hot(state: &State<'_>) -> Read {
    boxed(state, wide(state, Rule::OneHot, &hot)?)
}

fn read_rank_hot(state: &State<'_>) -> Read {
    boxed(state, wide(state, Rule::RankHot, &|_| None)?)
}

fn read_binary(state: &State<'_>) -> Read {
    match state.optional("base_n_encoder") {
        Some(it) => read_base_n(&it),
        None => read_base_n(state),
    }
}

fn read_base_n(state: &State<'_>) -> Read {
    let base = state.int("base")? as f64;
    let mut encodings = wide(state, Rule::Plain, &|table| digits(table, base))?;
    if !are_told_apart(&encodings, &names_in(state)?.unwrap_or_default()) {
        encodings.iter_mut().for_each(|it| it.inverse = None);
    }
    boxed(state, encodings)
}

/// Weights of the columns of digits; of base 1, the numbers that their names end in.
fn digits(table: &Table, base: f64) -> Option<Decode> {
    let number = |it: &String| it.rsplit('_').next()?.parse().ok();
    let weights: Option<Vec<f64>> = match base {
        1.0 => table.names.iter().map(number).collect(),
        _ => Some((0..table.width()).rev().map(|it| base.powi(it as i32)).collect()),
    };
    weights.map(Decode::Digits)
}

/// Whether Python finds for each column its own digits, as it does by the pattern `name_\d+` at the beginning of a
/// name, in which some characters have another meaning.
fn are_told_apart(encodings: &[Encoding], names: &[String]) -> bool {
    let outputs = || encodings.iter().flat_map(|it| &it.outputs);
    let looks_like = |it: &String, name: &str| {
        let rest = it.strip_prefix(name).and_then(|it| it.strip_prefix('_'));
        rest.is_some_and(|it| it.starts_with(|it: char| it.is_ascii_digit()))
    };
    encodings.iter().all(|encoding| {
        let alike = outputs().chain(names).filter(|it| looks_like(it, &encoding.name));
        let is_plain = |it: char| it.is_alphanumeric() || it == '_' || it == ' ';
        alike.count() == encoding.outputs.len() && encoding.name.chars().all(is_plain)
    })
}

/// The codes of the columns, of which the first ones are the categories' in their order.
fn hot(table: &Table) -> Option<Decode> {
    let codes: Vec<f64> = table.codes().filter(|it| 0.0 < *it).collect();
    (codes.len() <= table.width()).then_some(Decode::Hot(codes))
}

fn boxed(state: &State<'_>, encodings: Vec<Encoding>) -> Read {
    Ok(Box::new(FrameEncoder::read(state, encodings)?))
}

fn ordinals(state: &State<'_>) -> Result<Vec<Ordinal>, ReadError> {
    Ordinal::read_all(&state.get("ordinal_encoder")?)
}

/// `mapping` is a list of dicts; a column without an entry keeps its codes.
fn wide(
    state: &State<'_>,
    rule: Rule,
    decode: &dyn Fn(&Table) -> Option<Decode>,
) -> Result<Vec<Encoding>, ReadError> {
    let mut tables = Vec::new();
    for switch in state.list("mapping")? {
        let name = label(&entry(&switch, "col")?)?;
        tables.push((name, Table::read(&entry(&switch, "mapping")?)?));
    }
    let find = |ordinal: &Ordinal| tables.iter().find(|(it, _)| *it == ordinal.name);
    let encoding = |ordinal: Ordinal| match find(&ordinal) {
        Some((_, table)) => {
            let inverse = decode(table).and_then(|it| Inverse::new(&ordinal, it));
            let mut encoding = encoding(state, ordinal, &[table], table.names.clone(), rule)?;
            encoding.inverse = inverse;
            Ok(encoding)
        }
        None => Err(state.unsupported(format!("has no mapping for column {:?}", ordinal.name))),
    };
    ordinals(state)?.into_iter().map(encoding).collect()
}

/// `mapping` is a dict of Series, or of DataFrames.
fn read_narrow(state: &State<'_>) -> Read {
    let mapping = state.get("mapping")?;
    let mut encodings = Vec::new();
    for ordinal in ordinals(state)? {
        let table = Table::read(&under(&mapping, &ordinal.name)?)?;
        let is_series = table.names == [""];
        let outputs = if is_series { vec![ordinal.name.clone()] } else { table.names.clone() };
        let rule = if is_series { Rule::Plain } else { Rule::Strict };
        encodings.push(encoding(state, ordinal, &[&table], outputs, rule)?);
    }
    boxed(state, encodings)
}

fn read_summary(state: &State<'_>) -> Read {
    let encoders = state.list("encoder_list")?;
    let Some(first) = encoders.first() else { return boxed(state, Vec::new()) };
    if state.flag_or("drop_invariant", false)? {
        return Err(state.get("drop_invariant")?.unsupported("is True"));
    }
    let mut encodings = Vec::new();
    for ordinal in ordinals(first)? {
        let read = |it: &State<'_>| Table::read(&under(&it.get("mapping")?, &ordinal.name)?);
        let tables: Vec<Table> = encoders.iter().map(read).collect::<Result<_, _>>()?;
        let outputs = (0..tables.len()).map(|it| format!("{}_{it}", ordinal.name)).collect();
        let tables: Vec<&Table> = tables.iter().collect();
        encodings.push(encoding(state, ordinal, &tables, outputs, Rule::Plain)?);
    }
    boxed(state, encodings)
}

/// The encoding of one column: `tables` side by side.
fn encoding(
    state: &State<'_>,
    ordinal: Ordinal,
    tables: &[&Table],
    outputs: Vec<String>,
    rule: Rule,
) -> Result<Encoding, ReadError> {
    let handle_unknown = Handling::read(state, "handle_unknown")?;
    let handle_missing = Handling::read(state, "handle_missing")?;
    let width = tables.iter().map(|it| it.width()).sum();
    let codes = ordinal.known.len().saturating_add(2);
    state.charge(codes.saturating_mul(width).saturating_mul(8))?;
    let filled = |x: f64| Fate::Row(vec![x; width].into());
    let otherwise = match (rule, handle_unknown) {
        (Rule::Strict, _) => Fate::Refused,
        (Rule::RankHot, Handling::Value | Handling::Refused) => filled(0.0),
        _ => filled(f64::NAN),
    };
    let row = |code: f64| {
        let rows: Option<Vec<Vec<f64>>> = tables.iter().map(|it| it.row(code)).collect();
        rows.map_or_else(|| otherwise.clone(), |it| Fate::Row(it.concat().into()))
    };
    let unknown = if handle_unknown == Handling::Refused { Fate::Refused } else { row(UNKNOWN) };
    // What the inner encoder returns as NaN: a missing cell, where none was seen.
    let inner = state.optional("ordinal_encoder");
    let inner = inner.and_then(|it| it.text_or("handle_missing", "value").ok());
    let is_nan = inner == Some("return_nan") && ordinal.missing == Some(MISSING);
    let missing = match (handle_missing, ordinal.missing) {
        (Handling::Refused, _) => Fate::Refused,
        (_, None) => unknown.clone(),
        (_, Some(_)) if is_nan && rule == Rule::OneHot => row(MISSING),
        (Handling::Value | Handling::Ignored, Some(_)) if is_nan && rule == Rule::RankHot => {
            otherwise.clone()
        }
        (Handling::Indicator, Some(_)) if is_nan && rule == Rule::RankHot => Fate::Refused,
        (_, Some(_)) if is_nan => filled(f64::NAN),
        (_, Some(code)) => row(code),
    };
    let lumped = lumped(state, "min_group_lumping_", &ordinal.name)?;
    let known = ordinal.known.into_iter().map(|(it, code)| (it, row(code))).collect();
    let dtypes = tables.iter().flat_map(|it| it.dtypes.iter().copied());
    Ok(Encoding::new(ordinal.name, outputs, known, unknown, missing, lumped).of_types(dtypes))
}
