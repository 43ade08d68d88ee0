//! `OneHotEncoder`: a column per category, 1 where the cell is that category, else 0.
//!
//! | attribute                   | shape             | meaning                                          | since |
//! |-----------------------------|-------------------|--------------------------------------------------|-------|
//! | `categories_`               | p arrays          | see `encoding.rs`, as are the infrequent ones    | 0.20  |
//! | `drop_idx_`                 | (p,) or None      | code without a column, `None` where none is left out | 0.21 |
//! | `_drop_idx_after_grouping`  | (p,) or None      | the same after grouping; used where it is there  | 1.2   |
//! | `handle_unknown`            | text              | `error`, `ignore`, `infrequent_if_exist`, `warn` | any   |
//! | `sparse_output` or `sparse` | bool              | sparse rows or columns                           | 1.2   |
//! | `dtype`                     | numpy type        | type of the ones and zeros                       | any   |
//! | `_legacy_mode`              | bool              | integers below `n_values`: see `one_hot_legacy.rs` | 0.20-0.21 |
//!
//! Output: as many columns per input column as it has categories (a group counts as one), less one if one
//! is left out. An unknown category is refused, or gives zeros, or counts as infrequent if there is such
//! a group (`infrequent_if_exist`, `warn`). Missing cells are a category from 0.24; refused before.
//! An infinite number is refused.
//!
//! Source of truth: `OneHotEncoder.transform` in `sklearn/preprocessing/_encoders.py`.

use super::encoding::{self, Encoding};
use super::one_hot_inverse::Inverse;
use super::one_hot_legacy::LegacyOneHotEncoder;
use crate::block::shared_zeros;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, Csr, DataError, Dense, Dtype, Estimator, Layout,
    Method, Nan, Output, ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.preprocessing._encoders.OneHotEncoder"],
    methods: METHODS,
    read: |state| match state.flag_or("_legacy_mode", false)? {
        true => Ok(Box::new(LegacyOneHotEncoder::read(state)?)),
        false => Ok(Box::new(OneHotEncoder::read(state)?)),
    },
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

/// The place of a category without a column.
pub(super) const NOWHERE: u32 = u32::MAX;

#[derive(Debug)]
struct OneHotEncoder {
    features: Vec<Feature>,
    width: usize,
    layout: Layout,
    dtype: Dtype,
    nan: Nan,
    inverse: Inverse,
}

/// One input column.
#[derive(Debug)]
pub(super) struct Feature {
    pub(super) encoding: Encoding,
    /// The grouped code that has no column.
    pub(super) dropped: Option<usize>,
    /// First output column, and how many.
    pub(super) start: usize,
    pub(super) width: usize,
    /// The output column of each code and, last, of an unknown category.
    places: Vec<u32>,
    refuses_unknown: bool,
}

impl OneHotEncoder {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let encodings = Encoding::read_all(state)?;
        let whole = |it: &Encoding| {
            it.group.as_ref().is_none_or(|group| group.mapping.len() == it.categories.len())
        };
        if !encodings.iter().all(whole) {
            let mappings = state.get("_default_to_infrequent_mappings")?;
            return Err(mappings.invalid("has no code for a missing cell"));
        }
        let unknown = Unknown::read(state)?;
        let drops = drops(state, &encodings)?;
        let mut features = Vec::with_capacity(encodings.len());
        let mut start = 0;
        for (encoding, dropped) in encodings.into_iter().zip(drops) {
            let feature = Feature::new(encoding, dropped, start, unknown);
            start += feature.width;
            features.push(feature);
        }
        if u32::try_from(start).is_err() {
            return Err(state.get("categories_")?.wrong("fewer categories"));
        }
        let sparse = if state.has("sparse_output") { "sparse_output" } else { "sparse" };
        let layout = if state.flag(sparse)? { Layout::Sparse } else { Layout::Dense };
        Ok(Self {
            features,
            width: start,
            layout,
            dtype: Dtype::read(&state.get("dtype")?)?,
            nan: encoding::nan_rule(state, Version::new(0, 24)),
            inverse: Inverse::read(state)?,
        })
    }

    fn transform(&self, input: &Block) -> Result<Output, DataError> {
        let n_rows = input.n_rows();
        let mut places = Vec::with_capacity(self.features.len());
        for (index, feature) in self.features.iter().enumerate() {
            places.push(feature.places(input, index, self.nan)?);
        }
        match self.layout {
            Layout::Sparse => Ok(Output::Block(Block::Sparse(self.sparse(&places, n_rows)))),
            Layout::Dense => self.dense(&places, n_rows).map(Output::dense),
        }
    }

    fn sparse(&self, places: &[Vec<u32>], n_rows: usize) -> Csr {
        let mut rows = Csr::new(self.width);
        rows.dtype = self.dtype;
        rows.reserve(n_rows, n_rows * places.len());
        for row in 0..n_rows {
            for column in places {
                if column[row] != NOWHERE {
                    rows.push(column[row] as usize, 1.0);
                }
            }
            rows.end_row();
        }
        rows
    }

    fn dense(&self, places: &[Vec<u32>], n_rows: usize) -> Result<Dense, DataError> {
        let mut columns: Vec<Vec<f64>> = vec![Vec::new(); self.width];
        for places in places {
            for (row, &place) in places.iter().enumerate() {
                let Some(column) = columns.get_mut(place as usize) else { continue };
                if column.is_empty() {
                    column.resize(n_rows, 0.0);
                }
                column[row] = 1.0;
            }
        }
        let mut dense = Dense::from_columns(n_rows, shared_zeros(columns, n_rows))?;
        dense.dtype = self.dtype;
        Ok(dense)
    }
}

impl Feature {
    pub(super) fn new(
        encoding: Encoding,
        dropped: Option<usize>,
        start: usize,
        unknown: Unknown,
    ) -> Self {
        let place = |code: usize| {
            let grouped = encoding.grouped(code);
            match dropped {
                Some(it) if it == grouped => NOWHERE,
                Some(it) if it < grouped => (start + grouped - 1) as u32,
                _ => (start + grouped) as u32,
            }
        };
        let mut places: Vec<u32> = (0..encoding.categories.len()).map(place).collect();
        places.push(match (unknown, &encoding.group) {
            (Unknown::Infrequent, Some(it)) => {
                it.infrequent.first().map_or(NOWHERE, |&it| place(it))
            }
            _ => NOWHERE,
        });
        let width = encoding.n_grouped() - usize::from(dropped.is_some());
        Self {
            encoding,
            dropped,
            start,
            width,
            places,
            refuses_unknown: unknown == Unknown::Refused,
        }
    }

    /// The output column of each cell.
    fn places(&self, input: &Block, index: usize, nan: Nan) -> Result<Vec<u32>, DataError> {
        let column = input.column(index);
        let categories = &self.encoding.categories;
        let mut codes = categories.codes(&column, index, nan)?;
        if self.refuses_unknown {
            categories.check_known(&codes, &column, index)?;
        }
        codes.iter_mut().for_each(|it| *it = self.places[*it as usize]);
        Ok(codes)
    }
}

/// What becomes of an unknown category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    Refused,
    Zeros,
    Infrequent,
}

impl Unknown {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        match state.text("handle_unknown")? {
            "error" => Ok(Self::Refused),
            "ignore" => Ok(Self::Zeros),
            "infrequent_if_exist" | "warn" => Ok(Self::Infrequent),
            it => Err(state.get("handle_unknown")?.unsupported(format!("is {it:?}"))),
        }
    }
}

/// The grouped code left out of each column.
fn drops(state: &State<'_>, encodings: &[Encoding]) -> Result<Vec<Option<usize>>, ReadError> {
    // From 1.2 the first is always there, and None where the second is.
    let name = match state.value().attribute("_drop_idx_after_grouping") {
        Some(_) => "_drop_idx_after_grouping",
        None => "drop_idx_",
    };
    let Some(drops) = state.optional(name) else { return Ok(vec![None; encodings.len()]) };
    let items = match drops.value().items() {
        Some(items) => items.map(object_graph::Value::as_i64).collect(),
        None => drops.as_ints()?.into_iter().map(Some).collect::<Vec<_>>(),
    };
    if items.len() != encodings.len() {
        let text = format!("has {} values, expected {}", items.len(), encodings.len());
        return Err(drops.invalid(text));
    }
    let check = |(code, encoding): (Option<i64>, &Encoding)| match code.map(usize::try_from) {
        None => Ok(None),
        Some(Ok(it)) if it < encoding.n_grouped() => Ok(Some(it)),
        Some(_) => Err(drops.invalid("drops a category that is not there")),
    };
    items.into_iter().zip(encodings).map(check).collect()
}

impl Estimator for OneHotEncoder {
    fn n_features_in(&self) -> usize {
        self.features.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        let hint = |it: &Feature| it.encoding.categories.hint(it.refuses_unknown);
        self.features.iter().map(hint).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => {
                input.check_width(self.features.len())?;
                self.transform(&input)
            }
            Method::InverseTransform => {
                input.check_width(self.width)?;
                self.inverse.run(&self.features, input)
            }
            _ => Err(unsupported("OneHotEncoder", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.features.iter().map(|it| it.encoding.categories.kind()).collect()
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.features.iter().position(|it| (it.start..it.start + it.width).contains(&output))
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.width)
    }
}
