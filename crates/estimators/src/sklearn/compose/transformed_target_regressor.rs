//! `TransformedTargetRegressor`: a regressor trained on changed targets; its answers are changed back.
//!
//! | attribute       | shape       | meaning                                                        | since |
//! |-----------------|-------------|----------------------------------------------------------------|-------|
//! | `regressor_`    | estimator   | answers in the changed scale                                   | 0.20  |
//! | `transformer_`  | transformer | its `inverse_transform` changes back; functions: a `FunctionTransformer` | 0.20 |
//! | `_training_dim` | 1 or 2      | whether the targets were a vector or a table                   | 0.20  |
//!
//! Source of truth: `TransformedTargetRegressor.predict` in `sklearn/compose/_target.py`.

use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, ReadError,
    State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.compose._target.TransformedTargetRegressor"],
    methods: METHODS,
    read: |state| Ok(Box::new(TransformedTargetRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct TransformedTargetRegressor {
    regressor: Box<dyn Estimator>,
    transformer: Box<dyn Estimator>,
    one_target: bool,
}

impl TransformedTargetRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let regressor = state.estimator("regressor_")?;
        if !regressor.methods().contains(&Method::Predict) {
            return Err(state.get("regressor_")?.wrong("an estimator with predict"));
        }
        let transformer = state.estimator("transformer_")?;
        if !transformer.methods().contains(&Method::InverseTransform) {
            return Err(state.get("transformer_")?.wrong("a transformer with inverse_transform"));
        }
        let one_target = match state.count("_training_dim")? {
            1 => true,
            2 => false,
            _ => return Err(state.get("_training_dim")?.wrong("1 or 2")),
        };
        Ok(Self { regressor, transformer, one_target })
    }
}

impl Estimator for TransformedTargetRegressor {
    fn n_features_in(&self) -> usize {
        self.regressor.n_features_in()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.regressor.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("TransformedTargetRegressor", method));
        }
        let predicted = self.regressor.call(Method::Predict, input)?.into_block()?;
        let back = self.transformer.call(Method::InverseTransform, predicted);
        let back = back.map_err(|it| it.in_column(|_| None))?.into_block()?;
        if self.one_target && back.n_cols() == 1 {
            let mut columns = back.into_numbers()?.into_columns();
            let values = columns.pop().map(|it| it.to_vec()).unwrap_or_default();
            return Ok(Output::Vector(Values::Float(values)));
        }
        Ok(Output::Block(back))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.regressor.column_kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.regressor.feature_names()
    }

    fn blanks_are_underscores(&self) -> bool {
        self.regressor.blanks_are_underscores()
    }

    fn selects_by_name(&self) -> bool {
        self.regressor.selects_by_name()
    }
}
