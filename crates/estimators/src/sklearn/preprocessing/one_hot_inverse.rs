//! `OneHotEncoder.inverse_transform`: back to the categories.
//!
//! The category is that of the largest value, the first of several. Where all are zero it is, by version
//! and `handle_unknown`, the category without a column, a missing cell, the first category (before 0.24)
//! or refused. A group of infrequent categories comes back as `infrequent_sklearn`.
//!
//! Source of truth: `OneHotEncoder.inverse_transform` in `sklearn/preprocessing/_encoders.py`.

use super::encoding::{self, Cell, Together};
use super::one_hot_encoder::Feature;
use crate::{Block, DataError, Dense, Frame, Nan, Output, ReadError, State, Version};

/// What a row of zeros means for the version and the option.
#[derive(Debug)]
pub(super) struct Inverse {
    ignores: bool,
    infrequent_if_exist: bool,
    version: Version,
}

impl Inverse {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let unknown = state.text("handle_unknown")?;
        Ok(Self {
            ignores: unknown == "ignore",
            infrequent_if_exist: matches!(unknown, "infrequent_if_exist" | "warn"),
            version: state.version(),
        })
    }

    pub(super) fn run(&self, features: &[Feature], input: Block) -> Result<Output, DataError> {
        let x = input.into_numbers()?;
        x.check_finite(Nan::Refused)?;
        let together = Together::of(&features.iter().map(|it| &it.encoding));
        let mut columns = Vec::with_capacity(features.len());
        for feature in features {
            let cells = self.cells(feature, &x)?;
            columns.push(encoding::written(&feature.encoding.categories, &cells, together));
        }
        let frame = Frame::new(x.n_rows(), columns)?;
        Ok(Output::Block(Block::Frame(frame)))
    }

    fn cells(&self, feature: &Feature, x: &Dense) -> Result<Vec<Cell>, DataError> {
        let zeros = self.zeros(feature);
        let mut cells = Vec::with_capacity(x.n_rows());
        for row in 0..x.n_rows() {
            let values = (0..feature.width).map(|j| x.column(feature.start + j)[row]);
            let (mut best, mut largest, mut sum) = (0, f64::NEG_INFINITY, 0.0);
            for (j, value) in values.enumerate() {
                if largest < value {
                    (best, largest) = (j, value);
                }
                sum += value;
            }
            cells.push(match &zeros {
                _ if feature.width == 0 => self.dropped(feature),
                _ if sum != 0.0 => cell(feature, undropped(feature, best)),
                Some(it) => *it,
                None => {
                    let text = "the columns of one feature are all zeros, which no category gives";
                    return Err(DataError::cell(row, feature.start, text));
                }
            });
        }
        Ok(cells)
    }

    /// What a row of zeros becomes; `None` is refused.
    fn zeros(&self, feature: &Feature) -> Option<Cell> {
        let group = feature.encoding.group.is_some();
        let unknown_is_zeros = self.ignores || (self.infrequent_if_exist && !group);
        match feature.dropped {
            Some(_) if unknown_is_zeros && self.version < Version::new(1, 0) => Some(Cell::Missing),
            // `categories_[i][drop]`, where `drop` counts after grouping: as Python has it.
            Some(it) if unknown_is_zeros => Some(Cell::Category(it)),
            Some(it) => Some(cell(feature, it)),
            None if unknown_is_zeros => Some(Cell::Missing),
            None if self.version < Version::new(0, 24) => Some(cell(feature, 0)),
            None => None,
        }
    }

    fn dropped(&self, feature: &Feature) -> Cell {
        feature.dropped.map_or(Cell::Missing, Cell::Category)
    }
}

/// The grouped code of the `place`th output column of a feature.
fn undropped(feature: &Feature, place: usize) -> usize {
    match feature.dropped {
        Some(it) if it <= place => place + 1,
        _ => place,
    }
}

/// The category of a grouped code.
fn cell(feature: &Feature, grouped: usize) -> Cell {
    let Some(group) = &feature.encoding.group else { return Cell::Category(grouped) };
    let frequent = feature.encoding.categories.len() - group.infrequent.len();
    if grouped == frequent {
        return Cell::Infrequent;
    }
    group.mapping.iter().position(|&it| it == grouped).map_or(Cell::Missing, Cell::Category)
}
