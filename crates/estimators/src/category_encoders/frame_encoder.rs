//! Every encoder at work: chosen columns of a table are replaced, the others stay in their places.
//!
//! | attribute            | shape             | meaning                                             | since |
//! |----------------------|-------------------|-----------------------------------------------------|-------|
//! | `cols`               | list              | the columns to encode                               | any   |
//! | `feature_names_in_`  | list              | all columns                                         | 2.6.1 |
//! | `feature_names_out_` | list or array     | the columns it gives; `feature_names` before        | 2.6   |
//! | `feature_dtypes_in_` | list of dtypes    | which of them hold texts                            | 2.9   |
//! | `drop_invariant`     | bool              | columns that were always the same are left out:     | any   |
//! | `invariant_cols`     | list              | these; `drop_cols` before 2.4                       | any   |
//! | `composite_members_` | dict              | columns made of several: refused                    | 2.9   |
//! | `_dim`               | int               | how many columns, where their names are not kept    | any   |
//! | `min_group_lumping_` | dict              | rare categories that are taken for one              | 2.9   |
//!
//! Output: each encoded column's own columns in place of it.
//!
//! Source of truth: `BaseEncoder` in `category_encoders/utils.py`.

use std::sync::Arc;

use object_graph::Scalar;

use super::encoding::Encoding;
use super::inputs::{INTERCEPT, names_dropped, names_in, names_out};
use crate::{
    Block, Column, ColumnHint, ColumnKind, DataError, Dtype, Estimator, Method, Output, ReadError,
    State, unsupported,
};

/// The methods of every encoder.
pub(super) const METHODS: &[Method] = &[Method::Transform];
/// The methods of those whose codes tell the category.
pub(super) const METHODS_AND_BACK: &[Method] = &[Method::Transform, Method::InverseTransform];

/// An encoder of some columns of a table.
#[derive(Debug)]
pub(super) struct FrameEncoder {
    sources: Vec<Source>,
    has_intercept: bool,
    /// Whether each output column is given.
    kept: Vec<bool>,
    /// The input column each given output column comes from.
    origins: Vec<Option<usize>>,
    /// Encodings whose columns are found when the table's names are known.
    unplaced: Vec<Encoding>,
}

#[derive(Debug)]
enum Source {
    Passed(ColumnKind),
    Encoded(Box<Encoding>),
}

impl FrameEncoder {
    /// Puts the encoded columns among all that the encoder at `state` was trained on.
    pub(super) fn read(state: &State<'_>, encodings: Vec<Encoding>) -> Result<Self, ReadError> {
        if let Some(it) = state.optional("composite_members_")
            && it.value().len() != Some(0)
        {
            return Err(it.unsupported("joins columns, which is not supported"));
        }
        let Some(names) = names_in(state)? else { return Self::unplaced(state, encodings) };
        let kinds = passed_kinds(state, names.len());
        let mut sources: Vec<Source> = kinds.into_iter().map(Source::Passed).collect();
        let mut outputs: Vec<Vec<String>> = names.iter().map(|it| vec![it.clone()]).collect();
        for encoding in encodings {
            let Some(at) = names.iter().position(|it| *it == encoding.name) else {
                let text =
                    format!("encodes column {:?}, which it was not trained on", encoding.name);
                return Err(state.invalid(text));
            };
            outputs[at].clone_from(&encoding.outputs);
            sources[at] = Source::Encoded(Box::new(encoding));
        }
        let dropped = names_dropped(state)?;
        let intercept = INTERCEPT.to_owned();
        let has_intercept = !names.contains(&intercept)
            && (dropped.contains(&intercept) || names_out(state)?.first() == Some(&intercept));
        let first = has_intercept.then_some((intercept, None));
        let rest = outputs.into_iter().enumerate();
        let rest = rest.flat_map(|(at, own)| own.into_iter().map(move |it| (it, Some(at))));
        let all: Vec<(String, Option<usize>)> = first.into_iter().chain(rest).collect();
        let kept: Vec<bool> = all.iter().map(|(name, _)| !dropped.contains(name)).collect();
        let given = all.into_iter().zip(&kept).filter(|(_, kept)| **kept);
        let origins = given.map(|((_, at), _)| at).collect();
        Ok(Self { sources, has_intercept, kept, origins, unplaced: Vec::new() })
    }

    /// Without the names of all columns, the places of the encoded ones are known when the table's are: by
    /// name, or by the numbers that the columns of an array have.
    fn unplaced(state: &State<'_>, encodings: Vec<Encoding>) -> Result<Self, ReadError> {
        if !names_dropped(state)?.is_empty() {
            return Err(state.get("drop_invariant")?.unsupported("is True"));
        }
        let width = state.width("_dim")?;
        let sources = (0..width).map(|_| Source::Passed(ColumnKind::Number)).collect();
        let origins = (0..width).map(Some).collect();
        let kept = vec![true; width];
        let unplaced = encodings;
        let mut encoder = Self { sources, has_intercept: false, kept, origins, unplaced };
        let numbers: Vec<String> = (0..width).map(|it| it.to_string()).collect();
        encoder.place(&numbers);
        Ok(encoder)
    }

    /// Puts the encodings in their places among columns of these names, if all are there.
    fn place(&mut self, names: &[String]) {
        let place = |it: &Encoding| names.iter().position(|name| *name == it.name);
        let found: Option<Vec<usize>> = self.unplaced.iter().map(place).collect();
        let Some(places) = found.filter(|_| names.len() == self.sources.len()) else { return };
        for (at, encoding) in places.into_iter().zip(std::mem::take(&mut self.unplaced)) {
            self.sources[at] = Source::Encoded(Box::new(encoding));
        }
    }

    /// Whether each column's codes tell its categories, and all columns are given.
    fn has_inverse(&self) -> bool {
        let is_known = |it: &Source| match it {
            Source::Passed(_) => true,
            Source::Encoded(it) => it.inverse.is_some(),
        };
        let is_whole = !self.has_intercept && self.kept.iter().all(|it| *it);
        is_whole && self.unplaced.is_empty() && self.sources.iter().all(is_known)
    }

    fn inverse_transform(&self, input: &Block) -> Result<Block, DataError> {
        input.check_width(self.origins.len())?;
        let mut columns = Vec::with_capacity(self.sources.len());
        let mut at = 0;
        for source in &self.sources {
            let Source::Encoded(encoding) = source else {
                columns.push(input.column(at).into_owned());
                at += 1;
                continue;
            };
            let Some(inverse) = &encoding.inverse else {
                return Err(unsupported("this encoder", Method::InverseTransform));
            };
            let own = at..at + encoding.outputs.len();
            let encoded: Vec<_> = own.map(|it| input.column(it)).collect();
            columns.push(inverse.column(&encoded, at)?);
            at += encoding.outputs.len();
        }
        Block::of_columns(input.n_rows(), columns)
    }

    fn transform(&self, input: &Block) -> Result<Block, DataError> {
        if let Some(it) = self.unplaced.first() {
            let text = format!("X has no column {:?}, which the model encodes", it.name);
            return Err(DataError::block(text));
        }
        let n_rows = input.n_rows();
        let mut columns = Vec::with_capacity(self.kept.len());
        if self.has_intercept {
            columns.push(Column::Number(Arc::new(vec![1.0; n_rows]), Dtype::INT));
        }
        for (index, source) in self.sources.iter().enumerate() {
            let column = input.column(index);
            match source {
                Source::Passed(_) => columns.push(column.into_owned()),
                Source::Encoded(it) => it.encode(&column, index, &mut columns)?,
            }
        }
        let given = columns.into_iter().zip(&self.kept).filter(|(_, kept)| **kept);
        Block::of_columns(n_rows, given.map(|(it, _)| it).collect())
    }
}

/// How columns that stay as they are were held: as text, or as numbers, which is assumed of versions that
/// do not tell.
pub(super) fn passed_kinds(state: &State<'_>, n_columns: usize) -> Vec<ColumnKind> {
    let dtypes = state.list("feature_dtypes_in_").unwrap_or_default();
    let kind = |at: usize| match dtypes.get(at).map(|it| it.value().as_dtype()) {
        Some(Some(it)) if it.scalar == Scalar::Object => ColumnKind::Text,
        Some(None) => ColumnKind::Text,
        _ => ColumnKind::Number,
    };
    (0..n_columns).map(kind).collect()
}

impl Estimator for FrameEncoder {
    fn n_features_in(&self) -> usize {
        self.sources.len()
    }

    fn methods(&self) -> &[Method] {
        if self.has_inverse() { METHODS_AND_BACK } else { METHODS }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => {
                input.check_width(self.sources.len())?;
                self.transform(&input).map(Output::Block)
            }
            Method::InverseTransform if self.has_inverse() => {
                self.inverse_transform(&input).map(Output::Block)
            }
            _ => Err(unsupported("an encoder of category_encoders", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        let kind = |it: &Source| match it {
            Source::Passed(kind) => *kind,
            Source::Encoded(it) => it.kind(),
        };
        self.sources.iter().map(kind).collect()
    }

    fn name_inputs(&mut self, names: &[String]) {
        self.place(names);
    }

    fn takes_names(&self) -> bool {
        true
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.column_hints_for(&[])
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let own = |it: &Source| match it {
            Source::Passed(_) => ColumnHint::default(),
            Source::Encoded(it) => it.hint(),
        };
        let mut hints: Vec<ColumnHint> = self.sources.iter().map(own).collect();
        for (&origin, hint) in self.origins.iter().zip(next) {
            if let Some(at) = origin
                && matches!(self.sources[at], Source::Passed(_))
            {
                hints[at] = hint.clone();
            }
        }
        hints
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let mut kinds = self.column_kinds();
        for (&origin, &kind) in self.origins.iter().zip(wanted) {
            if let Some(at) = origin
                && matches!(self.sources[at], Source::Passed(_))
            {
                kinds[at] = kind;
            }
        }
        kinds
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.origins.get(output).copied().flatten()
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.origins.len())
    }
}
