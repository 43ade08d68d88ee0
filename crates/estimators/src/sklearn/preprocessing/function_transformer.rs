//! `FunctionTransformer`: one of numpy's functions, or none.
//!
//! | attribute                  | shape            | meaning                                             | since |
//! |----------------------------|------------------|-----------------------------------------------------|-------|
//! | `func`, `inverse_func`     | function or None | see `numpy_function.rs`; None leaves cells as they are | any |
//! | `kw_args`, `inv_kw_args`   | dict or None     | the bounds of `clip`                                | 0.18  |
//! | `validate`                 | bool             | refuse NaN and infinities; None until 0.21: yes     | any   |
//! | `accept_sparse`            | bool             | whether `validate` lets sparse rows pass            | any   |
//! | `n_features_in_`           | int              | number of columns; absent: any                      | 1.1   |
//!
//! Output: the columns, changed. Without a function and without `validate` text stays text.
//!
//! Source of truth: `FunctionTransformer` in `sklearn/preprocessing/_function_transformer.py`.

use super::numpy_function::NumpyFunction;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Nan, Output, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.preprocessing._function_transformer.FunctionTransformer"],
    methods: METHODS,
    read: |state| Ok(Box::new(FunctionTransformer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct FunctionTransformer {
    /// 0: any number.
    n_features: usize,
    /// Applied one after the other; none leaves cells as they are.
    functions: Vec<NumpyFunction>,
    inverse: Vec<NumpyFunction>,
    validates: bool,
    accepts_sparse: bool,
    methods: &'static [Method],
}

/// An object of the user's own that `functions` stand in for: they transform every column.
pub(crate) fn elementwise(
    state: &State<'_>,
    functions: Vec<NumpyFunction>,
) -> Result<Box<dyn Estimator>, ReadError> {
    let n_features = match state.has("n_features_in_") {
        true => state.width("n_features_in_")?,
        false => 0,
    };
    Ok(Box::new(FunctionTransformer {
        n_features,
        functions,
        inverse: vec![],
        validates: false,
        accepts_sparse: true,
        methods: &[Method::Transform],
    }))
}

impl FunctionTransformer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let n_features = match state.has("n_features_in_") {
            true => state.width("n_features_in_")?,
            false => 0,
        };
        // `None` was a value only until 0.21, where it means True.
        let validates = state.flag_or("validate", true)?;
        let accepts_sparse = state.flag_or("accept_sparse", false)?;
        Ok(Self {
            n_features,
            functions: NumpyFunction::read(state, "func", "kw_args")?,
            inverse: NumpyFunction::read(state, "inverse_func", "inv_kw_args")?,
            validates,
            accepts_sparse,
            methods: METHODS,
        })
    }

    fn run(&self, functions: &[NumpyFunction], input: Block) -> Result<Block, DataError> {
        let input = if self.validates { self.validated(input)? } else { input };
        functions.iter().try_fold(input, |block, it| it.apply(block))
    }

    fn validated(&self, input: Block) -> Result<Block, DataError> {
        if let Block::Sparse(x) = &input {
            if !self.accepts_sparse {
                return Err(DataError::block("the rows are sparse, and accept_sparse is off"));
            }
            x.check_finite(Nan::Refused)?;
            return Ok(input);
        }
        let x = input.into_numbers()?;
        x.check_finite(Nan::Refused)?;
        Ok(Block::Dense(x))
    }

    fn hands_on(&self) -> bool {
        self.functions.is_empty() && !self.validates
    }
}

impl Estimator for FunctionTransformer {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if self.n_features != 0 {
            input.check_width(self.n_features)?;
        }
        match method {
            Method::Transform => self.run(&self.functions, input).map(Output::Block),
            Method::InverseTransform if self.methods.contains(&method) => {
                self.run(&self.inverse, input).map(Output::Block)
            }
            _ => Err(unsupported("FunctionTransformer", method)),
        }
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        match self.n_features {
            0 if self.hands_on() => wanted.to_vec(),
            0 => vec![ColumnKind::Number; wanted.len()],
            n if self.hands_on() && n == wanted.len() => wanted.to_vec(),
            n => vec![ColumnKind::Number; n],
        }
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        if self.hands_on() { next.to_vec() } else { Vec::new() }
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        (self.n_features != 0).then_some(self.n_features)
    }
}
