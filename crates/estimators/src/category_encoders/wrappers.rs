//! `PolynomialWrapper`: an encoder for each class but one; `NestedCVWrapper`: for new rows, the encoder it holds.
//!
//! | attribute          | shape            | meaning                                                          |
//! |--------------------|------------------|------------------------------------------------------------------|
//! | `feature_encoders` | dict of encoders | of a `PolynomialWrapper`: by the name of the class               |
//! | `feature_encoder`  | encoder          | of a `NestedCVWrapper`: trained on all rows                      |
//!
//! Output of a `PolynomialWrapper`: the columns that are not encoded; then, class after class, the encoded ones in the
//! order of the encoder's `cols`.
//!
//! Source of truth: `category_encoders/wrapper.py`.

use super::frame_encoder::METHODS;
use super::inputs::{names_dropped, names_in};
use super::table::label;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(super) const NESTED_CV: ClassSpec = ClassSpec {
    paths: &["category_encoders.wrapper.NestedCVWrapper"],
    methods: METHODS,
    read: |state| state.estimator("feature_encoder"),
};

pub(super) const POLYNOMIAL: ClassSpec = ClassSpec {
    paths: &["category_encoders.wrapper.PolynomialWrapper"],
    methods: METHODS,
    read: |state| Ok(Box::new(PolynomialWrapper::read(state)?)),
};

#[derive(Debug)]
struct PolynomialWrapper {
    encoders: Vec<Box<dyn Estimator>>,
    passed: Vec<usize>,
    /// The encoded columns, in the order of `cols`.
    encoded: Vec<usize>,
}

impl PolynomialWrapper {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let all = state.get("feature_encoders")?;
        let entries = all.value().entries().ok_or_else(|| all.wrong("a dict"))?;
        let mut encoders: Vec<Box<dyn Estimator>> = Vec::new();
        let mut encoded: Option<Vec<usize>> = None;
        let mut width = 0;
        for (class, encoder) in entries {
            let encoder = all.step(encoder, &format!("[{:?}]", class.as_str().unwrap_or_default()));
            let places = places(&encoder)?;
            let estimator = encoder.as_estimator()?;
            let (takes, gives) = (estimator.n_features_in(), estimator.n_features_out());
            if gives != Some(takes) {
                return Err(encoder.unsupported("gives more or fewer columns than it takes"));
            }
            if encoded.get_or_insert_with(|| places.clone()) != &places
                || !encoders.is_empty() && takes != width
            {
                return Err(encoder.invalid("encodes other columns than the first of them"));
            }
            width = takes;
            encoders.push(estimator);
        }
        let encoded = encoded.ok_or_else(|| all.invalid("holds no encoder"))?;
        let passed = (0..width).filter(|it| !encoded.contains(it)).collect();
        Ok(Self { encoders, passed, encoded })
    }
}

/// Where the columns that an encoder encodes stand.
fn places(encoder: &State<'_>) -> Result<Vec<usize>, ReadError> {
    if !names_dropped(encoder)?.is_empty() {
        return Err(encoder.get("drop_invariant")?.unsupported("is True"));
    }
    let Some(names) = names_in(encoder)? else {
        return Err(encoder.unsupported("does not tell the columns it was trained on"));
    };
    let place = |column: &State<'_>| {
        let name = label(column)?;
        let found = names.iter().position(|it| *it == name);
        found.ok_or_else(|| column.invalid(format!("is {name:?}, which it was not trained on")))
    };
    encoder.list("cols")?.iter().map(place).collect()
}

impl Estimator for PolynomialWrapper {
    fn n_features_in(&self) -> usize {
        self.passed.len() + self.encoded.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.encoders.first().map_or_else(Vec::new, |it| it.column_hints())
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        input.check_width(self.n_features_in())?;
        if method != Method::Transform {
            return Err(unsupported("PolynomialWrapper", method));
        }
        let n_rows = input.n_rows();
        let mut columns: Vec<_> =
            self.passed.iter().map(|&at| input.column(at).into_owned()).collect();
        for encoder in &self.encoders {
            let own = encoder.call(Method::Transform, input.clone())?.into_block()?;
            columns.extend(self.encoded.iter().map(|&at| own.column(at).into_owned()));
        }
        Block::of_columns(n_rows, columns).map(Output::Block)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.encoders.first().map_or_else(Vec::new, |it| it.column_kinds())
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.passed.len() + self.encoded.len() * self.encoders.len())
    }
}
