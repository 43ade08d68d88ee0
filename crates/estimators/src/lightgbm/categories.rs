//! Columns that were categories of a data frame: a category becomes its number in
//! `pandas_categorical`, and any other value NaN.
//!
//! It is a list of categories for each such column in the order of the columns, or `null`. Which columns
//! they are stands in the parameters; failing that, in `feature_infos`. Ordered categories, and those that
//! a `categorical_feature` of the user's own leaves out, are numbered too, but to the trees the numbers are
//! plain ones: such a column is found if all lists fit in one way alone.
//!
//! Numbers up to 1e-35 are 0 to the trees, as in every row LightGBM predicts.
//!
//! Source of truth: `_data_from_pandas` in LightGBM's `basic.py`, `RowFunctionFromDenseMatric` in
//! `src/c_api.cpp`.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::header::{Header, Seen};
use crate::{
    Block, Category, Column, ColumnHint, ColumnKind, DataError, Dense, Dtype, Frame, ReadError,
    State, TextColumn,
};

/// Up to here a number is 0.
const NEAR_ZERO: f64 = 1e-35_f32 as f64;

/// How each column of input is coded.
#[derive(Debug)]
pub(super) struct Categories {
    columns: Vec<Option<Codes>>,
}

/// The number of each category.
#[derive(Debug)]
enum Codes {
    Texts(HashMap<String, u32>),
    /// By the bits of the value, -0.0 being 0.0.
    Numbers(HashMap<u64, u32>),
}

impl Categories {
    pub(super) fn read(header: &Header, state: &State<'_>) -> Result<Self, ReadError> {
        state.charge(header.n_features().saturating_mul(64))?;
        let mut columns: Vec<Option<Codes>> = (0..header.n_features()).map(|_| None).collect();
        if !header.categories.is_empty() {
            let places = places(header).ok_or_else(|| {
                let text = "has categories of a data frame, but does not say of which columns";
                state.unsupported(text)
            })?;
            for (place, list) in places.into_iter().zip(&header.categories) {
                let name = &header.feature_names[place];
                columns[place] = Some(Codes::read(list).ok_or_else(|| {
                    let text =
                        format!("has categories for {name} that are not all texts or numbers");
                    state.unsupported(text)
                })?);
            }
        }
        Ok(Self { columns })
    }

    /// The categories in the order of their numbers; others are missing values to the trees.
    pub(super) fn hints(&self) -> Vec<ColumnHint> {
        let hint = |codes: &Option<Codes>| {
            let mut known: Vec<(u32, Category)> = match codes {
                None => Vec::new(),
                Some(Codes::Texts(it)) => {
                    it.iter().map(|(text, code)| (*code, Category::Text(text.clone()))).collect()
                }
                Some(Codes::Numbers(it)) => it
                    .iter()
                    .map(|(x, code)| (*code, Category::Number(f64::from_bits(*x))))
                    .collect(),
            };
            known.sort_by_key(|it| it.0);
            ColumnHint::of_categories(known.iter().map(|it| &it.1), false)
        };
        self.columns.iter().map(hint).collect()
    }

    pub(super) fn kinds(&self) -> Vec<ColumnKind> {
        let kind = |it: &Option<Codes>| match it {
            Some(Codes::Texts(_)) => ColumnKind::Text,
            _ => ColumnKind::Number,
        };
        self.columns.iter().map(kind).collect()
    }

    /// The rows as the trees see them.
    pub(super) fn encode(&self, input: Block) -> Result<Dense, DataError> {
        input.check_width(self.columns.len())?;
        let has_texts = self.columns.iter().any(|it| matches!(it, Some(Codes::Texts(_))));
        let input = if has_texts { self.encode_texts(&input)? } else { input };
        let mut x = input.into_dense(self.columns.len())?;
        for (index, codes) in self.columns.iter().enumerate() {
            if let Some(Codes::Numbers(codes)) = codes {
                let code =
                    |x: f64| codes.get(&(x + 0.0).to_bits()).map_or(f64::NAN, |&it| it.into());
                x.column_mut(index).iter_mut().for_each(|x| *x = code(*x));
            }
            let is_near = |x: &f64| x.abs() <= NEAR_ZERO && x.to_bits() != 0;
            if x.column(index).iter().fold(false, |any, x| any | is_near(x)) {
                x.column_mut(index).iter_mut().filter(|it| is_near(it)).for_each(|x| *x = 0.0);
            }
        }
        Ok(x)
    }

    /// Columns of text categories as numbers, the others as they are.
    fn encode_texts(&self, input: &Block) -> Result<Block, DataError> {
        let encode = |(index, codes): (usize, &Option<Codes>)| {
            let column = input.column(index);
            match (codes, column.as_ref()) {
                (Some(Codes::Texts(codes)), Column::Text(cells)) => Ok(text_codes(codes, cells)),
                (Some(Codes::Texts(_)), Column::Number(..)) => Err(DataError::block(format!(
                    "column {index} has numbers, but the model was trained on texts"
                ))),
                _ => Ok(column.into_owned()),
            }
        };
        let columns: Result<Vec<Column>, DataError> =
            self.columns.iter().enumerate().map(encode).collect();
        Frame::new(input.n_rows(), columns?).map(Block::Frame)
    }
}

fn text_codes(codes: &HashMap<String, u32>, cells: &TextColumn) -> Column {
    let code =
        |cell: Option<&str>| cell.and_then(|it| codes.get(it)).map_or(f64::NAN, |&it| it.into());
    Column::Number(Arc::new(cells.iter().map(code).collect()), Dtype::Float64)
}

impl Codes {
    fn read(list: &[Value]) -> Option<Self> {
        let numbered = || list.iter().zip(0_u32..);
        if list.iter().all(Value::is_string) {
            let text = |(it, code): (&Value, u32)| Some((it.as_str()?.to_owned(), code));
            return numbered().map(text).collect::<Option<_>>().map(Self::Texts);
        }
        let number = |(it, code): (&Value, u32)| {
            let x = it.as_f64().or_else(|| it.as_bool().map(|it| f64::from(u8::from(it))))?;
            Some(((x + 0.0).to_bits(), code))
        };
        numbered().map(number).collect::<Option<_>>().map(Self::Numbers)
    }
}

/// The columns of categories, one for each list, in their order. Those that the parameters name are all of
/// them, or hold numbers of the user's own too: then the numbers seen in training must leave one choice.
fn places(header: &Header) -> Option<Vec<usize>> {
    let largest = |at: usize| match header.seen.get(at)? {
        Seen::Categories(it) => Some((at, *it)),
        Seen::Nothing => Some((at, -1)),
        Seen::Numbers { .. } => None,
    };
    let with_codes = |at: usize| match header.seen.get(at)? {
        Seen::Numbers { largest_code, .. } => largest_code.map(|it| (at, it)),
        _ => largest(at),
    };
    let all = || (0..header.n_features()).filter_map(largest);
    // Without parameters, a column of which training saw nothing may be one of categories.
    let named = header.named.as_ref().map(|it| {
        let listed = all().filter(|it| header.seen[it.0] != Seen::Nothing);
        [it.iter().copied().filter_map(largest).collect(), listed.collect()]
    });
    let choices = named.into_iter().flatten().chain([all().collect::<Vec<(usize, i64)>>()]);
    let sizes: Vec<i64> = header.categories.iter().map(|it| it.len() as i64).collect();
    let fitting = choices.into_iter().find_map(|it| Some((only_choice(&it, &sizes)?, it)));
    let with_codes = || (0..header.n_features()).filter_map(with_codes);
    let Some((places, columns)) = fitting else {
        // JSON does not always say between what numbers are.
        let columns: Vec<_> = header.named.iter().flat_map(|_| with_codes()).collect();
        return only_choice(&columns, &sizes);
    };
    // Lists that have more categories than training saw, where other columns have exactly as many.
    let last = |place: &usize| columns.iter().find(|it| it.0 == *place).map(|it| it.1 + 1);
    let mut rivals = with_codes();
    let is_exact = places.iter().map(last).eq(sizes.iter().copied().map(Some));
    let has_rival = sizes.iter().all(|size| rivals.any(|it| it.1 + 1 == *size));
    (is_exact || !has_rival).then_some(places)
}

/// The one way to give each of `sizes` a column, in order, whose largest number is below it.
fn only_choice(columns: &[(usize, i64)], sizes: &[i64]) -> Option<Vec<usize>> {
    if 1 << 24 < columns.len().saturating_mul(sizes.len()) {
        return None;
    }
    // For each count of sizes, in how many ways the columns so far serve as many: 0, 1 or more.
    let mut ways = vec![0_u8; sizes.len() + 1];
    ways[0] = 1;
    for (_, largest) in columns {
        for (served, size) in sizes.iter().enumerate().rev() {
            if largest < size {
                ways[served + 1] = 2.min(ways[served + 1] + ways[served]);
            }
        }
    }
    if ways.last() != Some(&1) {
        return None;
    }
    let mut columns = columns.iter();
    sizes.iter().map(|size| columns.find(|it| it.1 < *size).map(|it| it.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::objective::Objective;
    use super::*;

    #[test]
    fn categories_are_numbered_in_their_order() {
        let texts: Vec<Value> = serde_json::from_str(r#"["b","a"]"#).unwrap();
        let Some(Codes::Texts(codes)) = Codes::read(&texts) else { unreachable!() };
        assert_eq!(codes.get("a"), Some(&1));
        let mixed: Vec<Value> = serde_json::from_str(r#"["b",1]"#).unwrap();
        assert!(Codes::read(&mixed).is_none());
    }

    fn places_of(seen: &[Seen], named: &[usize], sizes: &[usize]) -> Option<Vec<usize>> {
        let list = |size: &usize| (0..*size).map(Value::from).collect();
        places(&Header {
            n_columns: 1,
            objective: Objective::Identity,
            average: false,
            feature_names: seen.iter().map(|_| String::new()).collect(),
            seen: seen.to_vec(),
            categories: sizes.iter().map(list).collect(),
            named: Some(named.to_vec()),
            n_trees: None,
            since_4: true,
        })
    }

    #[test]
    fn ordered_categories_are_found_if_nothing_else_fits() {
        let [island, sex] = [Seen::Categories(2), Seen::numbers(0.0, 1.0)];
        let [length, year] = [Seen::numbers(32.1, 55.8), Seen::numbers(2007.0, 2009.0)];
        let seen = [island, length, sex, year];
        assert_eq!(places_of(&seen, &[0], &[3, 2]), Some(vec![0, 2]));
        assert_eq!(places_of(&seen, &[], &[3, 2]), Some(vec![0, 2]));
        assert_eq!(places_of(&[island, sex, sex], &[0], &[3, 2]), None);
        // The user named a column of their own beside the last: the first list is of the first column.
        let own = [Seen::numbers(0.0, 2.0), Seen::Categories(2), Seen::Categories(1)];
        assert_eq!(places_of(&own, &[1, 2], &[3, 3]), None);
        assert_eq!(places_of(&own, &[1, 2], &[3, 2]), Some(vec![1, 2]));
        let flag = [sex, Seen::Categories(1)];
        assert_eq!(places_of(&flag, &[1], &[2]), Some(vec![1]));
    }

    #[test]
    fn lists_find_their_columns_if_there_is_one_choice() {
        assert_eq!(only_choice(&[(0, 4), (3, 1)], &[5, 2]), Some(vec![0, 3]));
        assert_eq!(only_choice(&[(0, 4), (2, 99), (3, 1)], &[5, 2]), Some(vec![0, 3]));
        assert_eq!(only_choice(&[(0, 4), (2, 1), (3, 1)], &[5, 2]), None);
        assert_eq!(only_choice(&[(0, 4)], &[5, 2]), None);
        assert_eq!(only_choice(&[(0, 4)], &[4]), None);
    }
}
