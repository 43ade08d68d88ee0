//! `ColumnTransformer`: transformers side by side, each on columns of its own.
//!
//! | attribute                            | shape                                | meaning                              | since |
//! |--------------------------------------|--------------------------------------|--------------------------------------|-------|
//! | `transformers_`                      | list of (name, transformer, columns) | `drop`, `passthrough` or an estimator; the remainder last | 0.20 |
//! | `_transformer_to_input_indices`      | dict                                 | positions of each part's columns     | 1.0   |
//! | `sparse_output_`                     | bool                                 | sparse rows or columns               | 0.20  |
//! | `transformer_weights`                | dict or None                         | factor of a part's columns           | 0.20  |
//! | `n_features_in_` or `_n_features`    | int                                  | number of columns                    | 0.24  |
//! | `feature_names_in_`, `_feature_names_in`, `_df_columns` | texts             | names of the columns                 | 1.0, 0.23, 0.20 |
//!
//! Output: the parts' columns in the order of `transformers_`; text among them stays text. A part without
//! columns was never fitted and is left out. Columns that no part takes are not read.
//!
//! Source of truth: `ColumnTransformer.transform` in `sklearn/compose/_column_transformer.py`.

use super::column_selection;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Estimator, Factor, Layout, Method,
    Output, ProblemKind, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.compose._column_transformer.ColumnTransformer"],
    methods: METHODS,
    read: |state| Ok(Box::new(ColumnTransformer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct ColumnTransformer {
    n_features: usize,
    parts: Vec<Part>,
    layout: Layout,
    has_names: bool,
}

#[derive(Debug)]
struct Part {
    columns: Vec<usize>,
    /// `None` passes the columns through.
    transformer: Option<Box<dyn Estimator>>,
    weight: Option<Factor>,
}

impl ColumnTransformer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let name = if state.has("n_features_in_") { "n_features_in_" } else { "_n_features" };
        let n_features = state.width(name)?;
        let names = feature_names(state)?.filter(|it| it.len() == n_features);
        let entries = state.list("transformers_")?;
        let parts = entries.iter().map(|it| Part::read(it, state, n_features, names.as_deref()));
        let parts = ReadError::collect(parts)?.into_iter().flatten().collect();
        let layout = match state.flag("sparse_output_")? {
            true => Layout::Sparse,
            false => Layout::Dense,
        };
        Ok(Self { n_features, parts, layout, has_names: state.has("feature_names_in_") })
    }

    fn transform(&self, input: &Block) -> Result<Block, DataError> {
        let n_rows = input.n_rows();
        let mut blocks = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let transformed = part.transform(input.select(&part.columns));
            blocks.push(transformed.map_err(|it| it.in_column(|j| part.columns.get(j).copied()))?);
        }
        if blocks.is_empty() {
            return Ok(Block::Dense(Dense::filled(n_rows, 0, 0.0)));
        }
        Block::hstack(blocks, n_rows, self.layout)
    }
}

/// The names of the columns it was trained on, under the attribute of its version.
pub(crate) fn feature_names(state: &State<'_>) -> Result<Option<Vec<String>>, ReadError> {
    let attributes = ["feature_names_in_", "_feature_names_in", "_df_columns"];
    match attributes.iter().find_map(|name| state.optional(name)) {
        // Columns numbered by a RangeIndex have no names.
        Some(it) => Ok(it.as_texts().ok()),
        None => Ok(None),
    }
}

impl Part {
    /// Reads an entry of `transformers_`; `None` if it gives no columns.
    fn read(
        entry: &State<'_>,
        state: &State<'_>,
        n_features: usize,
        names: Option<&[String]>,
    ) -> Result<Option<Self>, ReadError> {
        let triple = entry.as_list()?;
        let [name, transformer, spelling] = triple.as_slice() else {
            return Err(entry.wrong("a (name, transformer, columns) triple"));
        };
        let name = name.as_text()?;
        let keyword = transformer.value().as_str();
        if keyword == Some("drop") || column_selection::is_empty(spelling) {
            return Ok(None);
        }
        let columns =
            column_selection::positions(&stored(state, name, spelling), n_features, names)?;
        if columns.is_empty() {
            return Ok(None);
        }
        let transformer = match keyword {
            Some("passthrough") => None,
            Some(it) => return Err(transformer.unsupported(format!("is {it:?}"))),
            None => Some(read_transformer(transformer, columns.len())?),
        };
        let weight = state.weight(name)?;
        Ok(Some(Self { columns, transformer, weight }))
    }

    fn transform(&self, input: Block) -> Result<Block, DataError> {
        let block = match &self.transformer {
            Some(it) => it.call(Method::Transform, input)?.into_block()?,
            None => input,
        };
        match self.weight {
            Some(weight) => block.times(weight),
            None => Ok(block),
        }
    }

    fn n_out(&self) -> Option<usize> {
        match &self.transformer {
            Some(it) if it.n_features_in() != 0 => it.n_features_out(),
            _ => Some(self.columns.len()),
        }
    }

    fn kinds(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let asked = match &self.transformer {
            Some(it) => it.column_kinds_for(wanted),
            None => wanted.to_vec(),
        };
        if asked.len() == self.columns.len() {
            return asked;
        }
        vec![ColumnKind::Number; self.columns.len()]
    }
}

impl Part {
    /// What is known of its columns if the next step knows `next` of those it gives. What a weight has multiplied is
    /// no longer like them.
    fn hints(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let next = if self.weight.is_some() { &[] } else { next };
        match &self.transformer {
            Some(it) => it.column_hints_for(next),
            None => next.to_vec(),
        }
    }
}

/// The positions of a part's columns if the file has them, else how the columns are spelled.
fn stored<'g>(state: &State<'g>, name: &str, spelling: &State<'g>) -> State<'g> {
    let indices = state.optional("_transformer_to_input_indices");
    let own = indices.and_then(|it| Some(it.step(it.value().get(name)?, &format!("[{name:?}]"))));
    own.unwrap_or_else(|| spelling.clone())
}

/// A transformer that takes `width` columns.
fn read_transformer(state: &State<'_>, width: usize) -> Result<Box<dyn Estimator>, ReadError> {
    let transformer = state.as_estimator()?;
    if !transformer.methods().contains(&Method::Transform) {
        return Err(ReadError::new(state.path(), ProblemKind::Invalid, "has no method transform"));
    }
    let takes = transformer.n_features_in();
    if takes != width && takes != 0 {
        return Err(state.invalid(format!("takes {takes} columns and is given {width}")));
    }
    Ok(transformer)
}

impl Estimator for ColumnTransformer {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("ColumnTransformer", method));
        }
        input.check_width(self.n_features)?;
        self.transform(&input).map(Output::Block)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.column_kinds_for(&[])
    }

    /// A column that several parts take is read as text if one of them wants text.
    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Unused; self.n_features];
        let mut start = Some(0);
        for part in &self.parts {
            let end = start.zip(part.n_out()).map(|(start, n): (usize, usize)| start + n);
            let own = start.zip(end).and_then(|(start, end)| wanted.get(start..end));
            for (&column, kind) in part.columns.iter().zip(part.kinds(own.unwrap_or_default())) {
                kinds[column] = kinds[column].max(kind);
            }
            start = end;
        }
        kinds
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.column_hints_for(&[])
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let mut hints = vec![ColumnHint::default(); self.n_features];
        let mut start = Some(0);
        for part in &self.parts {
            let end = start.zip(part.n_out()).map(|(start, n): (usize, usize)| start + n);
            let own = start.zip(end).and_then(|(start, end)| next.get(start..end));
            for (&column, hint) in part.columns.iter().zip(part.hints(own.unwrap_or_default())) {
                hints[column] = std::mem::take(&mut hints[column]).or(hint);
            }
            start = end;
        }
        hints
    }

    fn selects_by_name(&self) -> bool {
        self.has_names
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        let mut start = 0;
        for part in &self.parts {
            let n_out = part.n_out()?;
            if output < start + n_out {
                let own = match &part.transformer {
                    Some(it) => it.input_column(output - start)?,
                    None => output - start,
                };
                return part.columns.get(own).copied();
            }
            start += n_out;
        }
        None
    }

    fn n_features_out(&self) -> Option<usize> {
        self.parts.iter().map(Part::n_out).sum()
    }
}
