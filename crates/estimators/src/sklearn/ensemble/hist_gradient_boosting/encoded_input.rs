//! What histogram gradient boosting does to rows before its trees see them.
//!
//! | attribute        | shape                | meaning                                                  | since |
//! |------------------|----------------------|----------------------------------------------------------|-------|
//! | `_preprocessor`  | `ColumnTransformer`  | if there are categories: encodes them, puts them first   | 1.4   |
//! | `.transformers_` | `("encoder", OrdinalEncoder, …)`, `("numerical", …)` |                          | 1.4   |
//! | `is_categorical_` | (p,) of bool        | which columns the encoder takes                          | 0.24  |
//!
//! Until 1.3 columns of categories hold their numbers and stay where they are. Missing and infinite
//! numbers are taken from 0.22 on; sparse rows never.
//!
//! Source of truth: `_preprocess_X` in `_hist_gradient_boosting/gradient_boosting.py`.

use crate::{
    Block, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Nan, ReadError, State,
    Version,
};

#[derive(Debug)]
pub(super) struct EncodedInput {
    n_features: usize,
    /// 0.21 took finite numbers only.
    finite: bool,
    encoder: Option<Encoder>,
}

#[derive(Debug)]
struct Encoder {
    encoder: Box<dyn Estimator>,
    /// The columns it takes, and the others.
    categorical: Vec<usize>,
    numerical: Vec<usize>,
}

impl EncodedInput {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let names = ["n_features_in_", "_n_features", "n_features_"];
        let name = names.into_iter().find(|it| state.has(it)).unwrap_or("n_features_in_");
        let n_features = state.count(name)?;
        let finite = state.version() < Version::new(0, 22);
        let preprocessor = state.optional("_preprocessor");
        let encoder = preprocessor.map(|it| Encoder::read(state, &it, n_features)).transpose()?;
        Ok(Self { n_features, finite, encoder })
    }

    pub(super) fn n_features(&self) -> usize {
        self.n_features
    }

    /// What is known of the columns, of which the trees know `hints` in their order.
    pub(super) fn column_hints(&self, hints: Vec<ColumnHint>) -> Vec<ColumnHint> {
        let Some(it) = &self.encoder else { return hints };
        let mut all = vec![ColumnHint::default(); self.n_features];
        for (&column, hint) in it.categorical.iter().zip(it.encoder.column_hints()) {
            all[column] = hint;
        }
        let numbers = hints.into_iter().skip(it.categorical.len());
        it.numerical.iter().zip(numbers).for_each(|(&column, hint)| all[column] = hint);
        all
    }

    pub(super) fn column_kinds(&self) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Number; self.n_features];
        if let Some(it) = &self.encoder {
            for (&column, kind) in it.categorical.iter().zip(it.encoder.column_kinds()) {
                kinds[column] = kind;
            }
        }
        kinds
    }

    /// The columns in the order of the trees, all of them numbers.
    pub(super) fn encode(&self, input: Block) -> Result<Dense, DataError> {
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block(
                "the rows are sparse, and the model takes dense rows only",
            ));
        }
        let found = input.n_cols();
        let Some(encoder) = self.encoder.as_ref().filter(|_| found == self.n_features) else {
            let x = input.into_dense(self.n_features)?;
            if self.finite {
                x.check_finite(Nan::Refused)?;
            }
            return Ok(x);
        };
        encoder.encode(&input)
    }
}

impl Encoder {
    fn read(
        state: &State<'_>,
        preprocessor: &State<'_>,
        n_features: usize,
    ) -> Result<Self, ReadError> {
        let flags = state.ints("is_categorical_")?;
        if flags.len() != n_features {
            return Err(state.get("is_categorical_")?.invalid("is not for all columns"));
        }
        let columns =
            |wanted: bool| (0..n_features).filter(|&j| (flags[j] != 0) == wanted).collect();
        let (categorical, numerical): (Vec<usize>, Vec<usize>) = (columns(true), columns(false));
        for transformer in preprocessor.list("transformers_")? {
            let parts = transformer.as_list()?;
            let [name, encoder, _] = parts.as_slice() else { continue };
            if name.value().as_str() != Some("encoder") {
                continue;
            }
            let read = encoder.as_estimator()?;
            if read.n_features_in() != categorical.len() {
                return Err(encoder.invalid(format!("is not for {} columns", categorical.len())));
            }
            return Ok(Self { encoder: read, categorical, numerical });
        }
        Err(preprocessor.invalid("has no transformer \"encoder\""))
    }

    fn encode(&self, input: &Block) -> Result<Dense, DataError> {
        let encoded = self.encoder.call(Method::Transform, input.select(&self.categorical));
        let codes = encoded.map_err(|it| it.in_column(|j| self.categorical.get(j).copied()))?;
        let codes = codes.into_block()?.into_dense(self.categorical.len())?;
        let numbers = input.select(&self.numerical).into_dense(self.numerical.len());
        let numbers = numbers.map_err(|it| it.in_column(|j| self.numerical.get(j).copied()))?;
        let columns = codes.into_columns().into_iter().chain(numbers.into_columns()).collect();
        Dense::from_columns(input.n_rows(), columns)
    }
}
