//! Statistics of categories: how many training rows had the same categories, and what their target was.
//!
//! | type                                               | statistic before prior, shift and scale    |
//! |----------------------------------------------------|--------------------------------------------|
//! | `Borders`                                          | share of rows whose class is above one     |
//! | `Buckets`                                          | share of rows of one class                 |
//! | `BinarizedTargetMeanValue`, `FloatTargetMeanValue` | mean target                                |
//! | `Counter`, `FeatureFreq`                           | share of all rows, or of the largest count |
//!
//! Source of truth: `TStaticCtrProvider::CalcCtrs` in `catboost/libs/model/static_ctr_provider.cpp`,
//! `TModelCtr::Calc` in `online_ctr.h`, `CalcHashes` in `ctr_provider.h`.

use std::sync::Arc;

use super::saved::{Counts, Ctr, CtrKind, Table};
use crate::{ReadError, State};

/// A statistic for each combination that training rows had.
#[derive(Debug)]
pub(super) struct Values {
    /// Hash of the combination, in order, and the place of its value.
    places: Arc<[(u64, u32)]>,
    values: Vec<f32>,
    /// For combinations that no training row had.
    unseen: f32,
}

impl Values {
    /// The values of a statistic whose counts are in `table`.
    pub(super) fn new(ctr: &Ctr, table: &Table, state: &State<'_>) -> Result<Self, ReadError> {
        state.charge(table.places.len().saturating_mul(4))?;
        let invalid = || state.invalid("has statistics that do not fit their counts");
        let value = |good: f32, all: f32| {
            let share = (good + ctr.prior) / (all + ctr.prior_weight);
            (share + ctr.shift) * ctr.scale
        };
        let (values, unseen): (Vec<f32>, f32) = match &table.counts {
            Counts::Means(means) => {
                (means.iter().map(|it| value(it.0, it.1 as f32)).collect(), value(0.0, 0.0))
            }
            Counts::Rows(rows)
                if matches!(ctr.base.kind, CtrKind::Counter | CtrKind::FeatureFreq) =>
            {
                let all = table.denominator as f32;
                (rows.iter().map(|it| value(*it as f32, all)).collect(), value(0.0, all))
            }
            Counts::Rows(rows) => {
                let n_classes = usize::try_from(table.n_classes).ok().filter(|it| 0 < *it);
                let n_classes = n_classes.ok_or_else(invalid)?;
                let first_good = usize::try_from(ctr.target_border).map_err(|_| invalid())?;
                let good = match ctr.base.kind {
                    CtrKind::Buckets => first_good..first_good + 1,
                    // With two classes the border says nothing.
                    _ if n_classes <= 2 => 1..n_classes,
                    _ => first_good + 1..n_classes,
                };
                let sum =
                    |counts: &[i32]| counts.iter().fold(0_i32, |sum, it| sum.wrapping_add(*it));
                let each = |counts: &[i32]| {
                    let good = counts.get(good.clone()).ok_or_else(invalid)?;
                    Ok(value(sum(good) as f32, sum(counts) as f32))
                };
                let values = rows.chunks_exact(n_classes).map(each);
                (values.collect::<Result<_, ReadError>>()?, value(0.0, 0.0))
            }
        };
        if !table.places.iter().all(|it| (it.1 as usize) < values.len()) {
            return Err(invalid());
        }
        Ok(Self { places: Arc::clone(&table.places), values, unseen })
    }

    /// The value for a combination's hash.
    pub(super) fn get(&self, hash: u64) -> f32 {
        match self.places.binary_search_by_key(&hash, |it| it.0) {
            Ok(at) => self.values[self.places[at].1 as usize],
            Err(_) => self.unseen,
        }
    }
}

/// The hash of a combination with one thing more; that of nothing is 0.
pub(super) fn combined(hash: u64, with: u64) -> u64 {
    const FACTOR: u64 = 0x4906_ba49_4954_cb65;
    FACTOR.wrapping_mul(hash.wrapping_add(FACTOR.wrapping_mul(with)))
}

/// A category's hash as combinations take it: the upper half is filled with its highest bit.
pub(super) fn widened(category: u32) -> u64 {
    i64::from(category as i32) as u64
}
