//! What the splits of a model look at, as columns of `float32` that are compared with borders.
//!
//! Splits are numbered through: the borders of columns of numbers, the categories that columns are compared
//! with (here columns of 0 and 1), the borders of statistics. Only what a tree uses becomes a column.
//!
//! Source of truth: `TModelTrees::CalcBinFeatures` in `catboost/libs/model/model.cpp`.

use kernels::trees::Condition;

use super::cells::{Category, Number};
use super::ctrs::{Values, combined, widened};
use super::saved::{Features, Projection};
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
    projections: Vec<&'f Projection>,
    /// The sources of features, and of categories they are compared with.
    known: Vec<Option<u32>>,
    columns: Columns,
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
        state.charge(end.saturating_add(firsts.len()).saturating_mul(8))?;
        let (projections, columns) = (Vec::new(), Columns::default());
        Ok(Self { features, state, firsts, projections, known: vec![None; end], columns })
    }

    /// What a split asks.
    pub(super) fn condition(&mut self, split: i64) -> Result<Condition, ReadError> {
        let n_splits = self.known.len();
        let split = usize::try_from(split).ok().filter(|it| *it < n_splits);
        let split = split.ok_or_else(|| {
            self.state.invalid(format!("has a tree with a split beyond the {n_splits} it knows"))
        })?;
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
        let it = &self.features.numbers[feature];
        let column = self.column(it.column)?;
        let number = Number { column, nan_is_large: it.nan_is_large };
        Ok(Source::Number(place_of(&mut self.columns.numbers, number)))
    }

    fn column(&self, column: i64) -> Result<usize, ReadError> {
        usize::try_from(column).map_err(|_| self.state.invalid("has a feature of no column"))
    }

    fn number(&mut self, index: i64) -> Result<usize, ReadError> {
        let at = self.features.numbers.iter().position(|it| it.index == index);
        let at =
            at.ok_or_else(|| self.state.invalid(format!("has no column of numbers {index}")))?;
        match self.number_at(at)? {
            Source::Number(it) => Ok(it),
            _ => Err(self.state.invalid("has no such column of numbers")),
        }
    }

    fn category(&mut self, index: i64) -> Result<usize, ReadError> {
        let found = self.features.categories.iter().find(|it| it.index == index);
        let found = found
            .ok_or_else(|| self.state.invalid(format!("has no column of categories {index}")))?;
        let category = Category::new(index, self.column(found.column)?, self.features);
        Ok(place_of(&mut self.columns.categories, category))
    }

    fn ctr(&mut self, number: usize) -> Result<Source, ReadError> {
        let features = self.features;
        let ctr = &features.ctrs[number];
        let table = features.tables.iter().find(|it| it.base == ctr.base);
        let table = table.ok_or_else(|| {
            let text = "has splits on statistics of categories, but not the statistics: save the model \
                        without final_ctr_computation_mode=\"Skip\"";
            self.state.invalid(text)
        })?;
        let values = Values::new(ctr, table, self.state)?;
        self.columns.statistics.push(values);
        let combination = self.combination(&ctr.base.projection)?;
        Ok(Source::Ctr(combination, self.columns.statistics.len() - 1))
    }

    fn combination(&mut self, projection: &'f Projection) -> Result<usize, ReadError> {
        if let Some(at) = self.projections.iter().position(|it| *it == projection) {
            return Ok(at);
        }
        let Projection { categories, numbers, one_hots } = projection;
        self.state
            .charge((categories.len() + numbers.len() + one_hots.len()).saturating_mul(16))?;
        let categories =
            categories.iter().map(|it| self.category(*it)).collect::<Result<_, _>>()?;
        let numbers = numbers.iter().map(|it| Ok((self.number(it.0)?, it.1)));
        let numbers = numbers.collect::<Result<_, ReadError>>()?;
        let one_hots = one_hots.iter().map(|it| Ok((self.category(it.0)?, it.1)));
        let one_hots = one_hots.collect::<Result<_, ReadError>>()?;
        self.columns.combinations.push(Combination { categories, numbers, one_hots });
        self.projections.push(projection);
        Ok(self.projections.len() - 1)
    }
}

/// Where `item` stands, if need be at the end.
fn place_of<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|it| *it == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
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
