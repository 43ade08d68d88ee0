//! `FeatureUnion`: transformers side by side, each on all columns.
//!
//! | attribute             | shape                       | meaning                                        | since |
//! |-----------------------|-----------------------------|------------------------------------------------|-------|
//! | `transformer_list`    | list of (name, transformer) | `drop`, None (until 0.24) or `passthrough` (1.1) | any |
//! | `transformer_weights` | dict or None                | factor of a transformer's columns              | any   |
//!
//! Output: the columns of all in order; sparse rows if one of them gives sparse rows.
//!
//! Source of truth: `FeatureUnion.transform` in `sklearn/pipeline.py`.

use crate::hints::merged;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Estimator, Factor, Layout, Method,
    Output, ProblemKind, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.pipeline.FeatureUnion"],
    methods: METHODS,
    read: |state| Ok(Box::new(FeatureUnion::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct FeatureUnion {
    n_features: usize,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    /// `None` passes all columns through.
    transformer: Option<Box<dyn Estimator>>,
    weight: Option<Factor>,
}

impl FeatureUnion {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let entries = state.list("transformer_list")?;
        let parts = ReadError::collect(entries.iter().map(|it| Part::read(it, state)))?;
        let parts: Vec<Part> = parts.into_iter().flatten().collect();
        let widths = parts.iter().filter_map(|it| it.transformer.as_ref());
        let mut widths = widths.map(|it| it.n_features_in()).filter(|it| *it != 0);
        let n_features = match widths.next() {
            Some(it) => it,
            None if state.has("n_features_in_") => state.width("n_features_in_")?,
            None => 0,
        };
        if widths.any(|it| it != n_features) {
            let list = state.get("transformer_list")?;
            return Err(list.wrong("transformers that take as many columns as one another"));
        }
        Ok(Self { n_features, parts })
    }

    fn transform(&self, input: &Block) -> Result<Block, DataError> {
        let n_rows = input.n_rows();
        let mut blocks = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            blocks.push(part.transform(input.clone())?);
        }
        if blocks.is_empty() {
            return Ok(Block::Dense(Dense::filled(n_rows, 0, 0.0)));
        }
        let sparse = blocks.iter().any(|it| matches!(it, Block::Sparse(_)));
        Block::hstack(blocks, n_rows, if sparse { Layout::Sparse } else { Layout::Dense })
    }

    fn n_out(&self, part: &Part) -> Option<usize> {
        match &part.transformer {
            Some(it) if it.n_features_in() != 0 => it.n_features_out(),
            _ => (self.n_features != 0).then_some(self.n_features),
        }
    }
}

impl Part {
    /// Reads an entry of `transformer_list`; `None` if it gives no columns.
    fn read(entry: &State<'_>, state: &State<'_>) -> Result<Option<Self>, ReadError> {
        let pair = entry.as_list()?;
        let [name, transformer] = pair.as_slice() else {
            return Err(entry.wrong("a (name, transformer) pair"));
        };
        let keyword = transformer.value().as_str();
        if transformer.value().is_none() || keyword == Some("drop") {
            return Ok(None);
        }
        let weight = state.weight(name.as_text()?)?;
        if keyword == Some("passthrough") {
            return Ok(Some(Self { transformer: None, weight }));
        }
        let transformer_path = transformer.path();
        let transformer = transformer.as_estimator()?;
        if !transformer.methods().contains(&Method::Transform) {
            let text = "has no method transform";
            return Err(ReadError::new(transformer_path, ProblemKind::Invalid, text));
        }
        Ok(Some(Self { transformer: Some(transformer), weight }))
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
}

impl Estimator for FeatureUnion {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("FeatureUnion", method));
        }
        self.transform(&input).map(Output::Block)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.column_kinds_for(&[])
    }

    /// A column is read as text if one of the transformers wants text.
    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Unused; self.n_features];
        let mut start = Some(0);
        for part in &self.parts {
            let end = start.zip(self.n_out(part)).map(|(start, n): (usize, usize)| start + n);
            let own = start.zip(end).and_then(|(start, end)| wanted.get(start..end));
            let own = own.unwrap_or_default();
            let asked = match &part.transformer {
                Some(it) => it.column_kinds_for(own),
                None => own.to_vec(),
            };
            for (column, kind) in kinds.iter_mut().enumerate() {
                let asked = asked.get(column).copied().unwrap_or(ColumnKind::Number);
                *kind = (*kind).max(asked);
            }
            start = end;
        }
        kinds
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.column_hints_for(&[])
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let mut hints = Vec::new();
        let mut start = Some(0);
        for part in &self.parts {
            let end = start.zip(self.n_out(part)).map(|(start, n): (usize, usize)| start + n);
            let own = start.zip(end).and_then(|(start, end)| next.get(start..end));
            let own = own.filter(|_| part.weight.is_none()).unwrap_or_default();
            let known = match &part.transformer {
                Some(it) => it.column_hints_for(own),
                None => own.to_vec(),
            };
            hints = merged(hints, known);
            start = end;
        }
        hints
    }

    fn n_features_out(&self) -> Option<usize> {
        self.parts.iter().map(|it| self.n_out(it)).sum()
    }
}
