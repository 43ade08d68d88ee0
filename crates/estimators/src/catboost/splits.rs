//! What the splits of a model look at, as columns of `float32` that are compared with borders.
//!
//! Splits are numbered through: the borders of columns of numbers, the categories that columns are compared
//! with (here columns of 0 and 1), the borders of statistics. Only what a tree uses becomes a column.
//!
//! Source of truth: `TModelTrees::CalcBinFeatures` in `catboost/libs/model/model.cpp`.

use std::collections::HashMap;

use kernels::trees::Condition;

use super::cells::{Category, Number};
use super::ctrs::{Values, combined, widened};
use super::saved::{CtrBase, Features, Projection};
use crate::{Block, DataError, ReadError, State};

/// A column that trees compare.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// One of `numbers`.
    Number(usize),
    /// 1 where one of `categories` has this hash, else 0.
    OneHot(usize, u32),
    /// One of `statistics`, for one of `combinations`.
    Ctr(usize, usize),
}

/// The columns that the trees of a model compare.
#[derive(Debug, Default)]
pub(super) struct Columns {
    sources: Vec<Source>,
    numbers: Vec<Number>,
    categories: Vec<Category>,
    combinations: Vec<Combination>,
    statistics: Vec<Values>,
}

/// A [`Projection`] with places in [`Columns`].
#[derive(Debug)]
struct Combination {
    categories: Vec<usize>,
    numbers: Vec<(usize, f32)>,
    one_hots: Vec<(usize, u32)>,
}

/// Rows as trees see them.
pub(super) struct Cells {
    numbers: Vec<Vec<f32>>,
    others: Vec<Vec<f32>>,
}

/// Finds what the splits of a file look at.
pub(super) struct Splits<'f, 'a, 'g> {
    features: &'f Features,
    state: &'a State<'g>,
    /// The first split of each feature, then the number of all splits.
    firsts: Vec<usize>,
    /// The sources of features, and of categories they are compared with.
    known: Vec<Option<u32>>,
    places: Places<'f>,
    columns: Columns,
}

/// Where things stand that splits name: in [`Features`], or in [`Columns`] once they are used.
#[derive(Default)]
struct Places<'f> {
    /// Of a column's number among those of numbers, or of categories.
    numbers: HashMap<i64, usize>,
    categories: HashMap<i64, usize>,
    tables: HashMap<&'f CtrBase, usize>,
    used_numbers: HashMap<usize, usize>,
    used_categories: HashMap<i64, usize>,
    used_projections: HashMap<&'f Projection, usize>,
}

impl<'f, 'a, 'g> Splits<'f, 'a, 'g> {
    pub(super) fn new(features: &'f Features, state: &'a State<'g>) -> Result<Self, ReadError> {
        let Features { numbers, one_hots, ctrs, .. } = features;
        let borders = numbers.iter().map(|it| &it.borders).chain(ctrs.iter().map(|it| &it.borders));
        if borders.clone().any(|it| !it.is_sorted()) {
            return Err(state.invalid("has borders that are not in order"));
        }
        let lens = numbers.iter().map(|it| it.borders.len());
        let lens = lens.chain(one_hots.iter().map(|it| it.values.len()));
        let lens = lens.chain(ctrs.iter().map(|it| it.borders.len()));
        let mut end = 0;
        let ends = lens.map(|len| {
            end += len;
            end
        });
        let firsts: Vec<usize> = std::iter::once(0).chain(ends).collect();
        let Features { categories, tables, .. } = features;
        let entries = numbers.len() + categories.len() + tables.len() + ctrs.len();
        state.charge(end.saturating_add(firsts.len()).saturating_mul(8))?;
        state.charge(entries.saturating_mul(64))?;
        let places = Places {
            numbers: numbers.iter().map(|it| it.index).zip(0..).collect(),
            categories: categories.iter().map(|it| it.index).zip(0..).collect(),
            tables: tables.iter().map(|it| &it.base).zip(0..).collect(),
            ..Places::default()
        };
        let (known, columns) = (vec![None; end], Columns::default());
        Ok(Self { features, state, firsts, known, places, columns })
    }

    /// What a split asks.
    pub(super) fn condition(&mut self, split: u32) -> Result<Condition, ReadError> {
        let (split, n_splits) = (split as usize, self.known.len());
        if n_splits <= split {
            let text = format!("has a tree with a split beyond the {n_splits} it knows");
            return Err(self.state.invalid(text));
        }
        // Features without splits begin where the next one does: the last that begins here has the split.
        let feature = self.firsts.partition_point(|it| *it <= split) - 1;
        let nth = split - self.firsts[feature];
        let Features { numbers, one_hots, ctrs, .. } = self.features;
        if let Some(it) = numbers.get(feature) {
            let source = self.source(self.firsts[feature], |it| it.number_at(feature))?;
            return Ok(Condition { feature: source, border: it.borders[nth] });
        }
        if let Some(it) = one_hots.get(feature - numbers.len()) {
            let source = self.source(split, |splits| {
                Ok(Source::OneHot(splits.category(it.index)?, it.values[nth]))
            })?;
            return Ok(Condition { feature: source, border: 0.5 });
        }
        let number = feature - numbers.len() - one_hots.len();
        let source = self.source(self.firsts[feature], |it| it.ctr(number))?;
        Ok(Condition { feature: source, border: ctrs[number].borders[nth] })
    }

    /// The columns that all conditions together look at.
    pub(super) fn finish(self) -> Columns {
        self.columns
    }

    /// The number of sources so far.
    pub(super) fn n_sources(&self) -> usize {
        self.columns.sources.len()
    }

    fn source(
        &mut self,
        split: usize,
        make: impl FnOnce(&mut Self) -> Result<Source, ReadError>,
    ) -> Result<u32, ReadError> {
        if let Some(it) = self.known[split] {
            return Ok(it);
        }
        let source = make(self)?;
        let number = self.columns.sources.len() as u32;
        self.columns.sources.push(source);
        self.known[split] = Some(number);
        Ok(number)
    }

    fn number_at(&mut self, feature: usize) -> Result<Source, ReadError> {
        self.used_number(feature).map(Source::Number)
    }

    fn used_number(&mut self, feature: usize) -> Result<usize, ReadError> {
        if let Some(at) = self.places.used_numbers.get(&feature) {
            return Ok(*at);
        }
        let it = &self.features.numbers[feature];
        let column = self.column(it.column)?;
        self.columns.numbers.push(Number { column, nan_is_large: it.nan_is_large });
        let at = self.columns.numbers.len() - 1;
        self.places.used_numbers.insert(feature, at);
        Ok(at)
    }

    fn column(&self, column: i64) -> Result<usize, ReadError> {
        usize::try_from(column).map_err(|_| self.state.invalid("has a feature of no column"))
    }

    fn number(&mut self, index: i64) -> Result<usize, ReadError> {
        match self.places.numbers.get(&index) {
            Some(at) => self.used_number(*at),
            None => Err(self.state.invalid(format!("has no column of numbers {index}"))),
        }
    }

    fn category(&mut self, index: i64) -> Result<usize, ReadError> {
        if let Some(at) = self.places.used_categories.get(&index) {
            return Ok(*at);
        }
        let at = self.places.categories.get(&index);
        let at =
            at.ok_or_else(|| self.state.invalid(format!("has no column of categories {index}")))?;
        let column = self.column(self.features.categories[*at].column)?;
        self.columns.categories.push(Category::new(index, column, self.features));
        let at = self.columns.categories.len() - 1;
        self.places.used_categories.insert(index, at);
        Ok(at)
    }

    fn ctr(&mut self, number: usize) -> Result<Source, ReadError> {
        let features = self.features;
        let ctr = &features.ctrs[number];
        let table = self.places.tables.get(&ctr.base).ok_or_else(|| {
            let text = "has splits on statistics of categories, but not the statistics: save the model \
                        without final_ctr_computation_mode=\"Skip\"";
            self.state.invalid(text)
        })?;
        let values = Values::new(ctr, &features.tables[*table], self.state)?;
        self.columns.statistics.push(values);
        let combination = self.combination(&ctr.base.projection)?;
        Ok(Source::Ctr(combination, self.columns.statistics.len() - 1))
    }

    fn combination(&mut self, projection: &'f Projection) -> Result<usize, ReadError> {
        if let Some(at) = self.places.used_projections.get(projection) {
            return Ok(*at);
        }
        let Projection { categories, numbers, one_hots } = projection;
        self.state
            .charge((categories.len() + numbers.len() + one_hots.len()).saturating_mul(16))?;
        let categories =
            categories.iter().map(|it| self.category(*it)).collect::<Result<_, _>>()?;
        let numbers = numbers.iter().map(|it| Ok((self.number(it.0)?, it.1.get())));
        let numbers = numbers.collect::<Result<_, ReadError>>()?;
        let one_hots = one_hots.iter().map(|it| Ok((self.category(it.0)?, it.1)));
        let one_hots = one_hots.collect::<Result<_, ReadError>>()?;
        self.columns.combinations.push(Combination { categories, numbers, one_hots });
        let at = self.columns.combinations.len() - 1;
        self.places.used_projections.insert(projection, at);
        Ok(at)
    }
}

impl Columns {
    /// The columns of the table that are read as numbers.
    pub(super) fn number_columns(&self) -> impl Iterator<Item = usize> {
        self.numbers.iter().map(|it| it.column)
    }

    /// The columns of the table that are read as categories.
    pub(super) fn category_columns(&self) -> impl Iterator<Item = usize> {
        self.categories.iter().map(|it| it.column)
    }

    /// The rows as trees see them.
    pub(super) fn cells(&self, input: &Block) -> Result<Cells, DataError> {
        let n_rows = input.n_rows();
        let numbers = Number::cells(&self.numbers, input)?;
        let categories = self.categories.iter().map(|it| it.hashes(input));
        let categories: Vec<Vec<u32>> = categories.collect::<Result<_, _>>()?;
        let hashes = self.combinations.iter().map(|it| it.hashes(&numbers, &categories, n_rows));
        let hashes: Vec<Vec<u64>> = hashes.collect();
        let others = self.sources.iter().filter_map(|it| match *it {
            Source::Number(_) => None,
            Source::OneHot(category, value) => {
                let flag = |it: &u32| f32::from(u8::from(*it == value));
                Some(categories[category].iter().map(flag).collect())
            }
            Source::Ctr(combination, statistic) => {
                let values = &self.statistics[statistic];
                Some(hashes[combination].iter().map(|it| values.get(*it)).collect())
            }
        });
        let others = others.collect();
        Ok(Cells { numbers, others })
    }

    /// `cells` in the order of the sources.
    pub(super) fn slices<'c>(&self, cells: &'c Cells) -> Vec<&'c [f32]> {
        let mut others = cells.others.iter();
        let slice = |source: &Source| match source {
            Source::Number(it) => cells.numbers[*it].as_slice(),
            _ => others.next().map_or(&[][..], Vec::as_slice),
        };
        self.sources.iter().map(slice).collect()
    }
}

impl Combination {
    fn hashes(&self, numbers: &[Vec<f32>], categories: &[Vec<u32>], n_rows: usize) -> Vec<u64> {
        let mut hashes = vec![0_u64; n_rows];
        for &category in &self.categories {
            let with = hashes.iter_mut().zip(&categories[category]);
            with.for_each(|(hash, it)| *hash = combined(*hash, widened(*it)));
        }
        for &(number, border) in &self.numbers {
            let with = hashes.iter_mut().zip(&numbers[number]);
            with.for_each(|(hash, x)| *hash = combined(*hash, u64::from(*x > border)));
        }
        for &(category, value) in &self.one_hots {
            let with = hashes.iter_mut().zip(&categories[category]);
            with.for_each(|(hash, it)| *hash = combined(*hash, u64::from(*it == value)));
        }
        hashes
    }
}
