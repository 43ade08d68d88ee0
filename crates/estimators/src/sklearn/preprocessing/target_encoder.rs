//! `TargetEncoder`: the mean target of each category, shrunk to the mean of all.
//!
//! | attribute      | shape                        | meaning                                         | since |
//! |----------------|------------------------------|-------------------------------------------------|-------|
//! | `categories_`  | p arrays                     | categories per column                           | 1.3   |
//! | `encodings_`   | p arrays, or p times k       | the number for each category (and class)        | 1.3   |
//! | `target_mean_` | float, or (k,)               | the number for an unknown category              | 1.3   |
//! | `target_type_` | text                         | continuous, binary or multiclass                | 1.3   |
//! | `classes_`     | (k,)                         | class labels of a multiclass target             | 1.4   |
//!
//! Output: a column per input column, of a multiclass target a column per class: all classes of the
//! first column, then those of the second. A missing cell is a category if it was one in training.
//!
//! Source of truth: `TargetEncoder.transform` in `sklearn/preprocessing/_target_encoder.py`.

use crate::categories::Categories;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Nan, Output,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.preprocessing._target_encoder.TargetEncoder"],
    methods: METHODS,
    read: |state| Ok(Box::new(TargetEncoder::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct TargetEncoder {
    columns: Vec<Encoded>,
    n_classes: usize,
}

/// One input column.
#[derive(Debug)]
struct Encoded {
    categories: Categories,
    /// Per class, the number for each category and, last, for an unknown one.
    numbers: Vec<Vec<f64>>,
}

impl TargetEncoder {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let categories = state.list("categories_")?;
        state.n_features_in(categories.len())?;
        let mean = state.get("target_mean_")?;
        let means = match state.text("target_type_")? {
            "continuous" | "binary" => vec![mean.as_float()?],
            "multiclass" => state.floats_len("target_mean_", state.classes("classes_")?.len())?,
            it => return Err(state.get("target_type_")?.unsupported(format!("is {it:?}"))),
        };
        let encodings = state.list("encodings_")?;
        if means.is_empty() || encodings.len() != categories.len() * means.len() {
            let (found, columns) = (encodings.len(), categories.len());
            let text = format!("has {found} arrays for {columns} columns, {} classes", means.len());
            return Err(state.get("encodings_")?.invalid(text));
        }
        let columns = categories.iter().zip(encodings.chunks(means.len()));
        let columns = columns.map(|(categories, encodings)| {
            Encoded::read(Categories::read(categories)?, encodings, &means)
        });
        Ok(Self { columns: ReadError::collect(columns)?, n_classes: means.len() })
    }

    fn transform(&self, input: &Block) -> Result<Dense, DataError> {
        let mut columns = Vec::with_capacity(self.columns.len() * self.n_classes);
        for (index, encoded) in self.columns.iter().enumerate() {
            let codes = encoded.categories.codes(&input.column(index), index, Nan::Allowed)?;
            for numbers in &encoded.numbers {
                columns.push(codes.iter().map(|&code| numbers[code as usize]).collect());
            }
        }
        Dense::new(input.n_rows(), columns)
    }
}

impl Encoded {
    fn read(
        categories: Categories,
        encodings: &[State<'_>],
        means: &[f64],
    ) -> Result<Self, ReadError> {
        let numbers = encodings.iter().zip(means).map(|(encoding, mean)| {
            let mut numbers = encoding.as_floats()?;
            if numbers.len() != categories.len() {
                let text =
                    format!("has {} values for {} categories", numbers.len(), categories.len());
                return Err(encoding.invalid(text));
            }
            numbers.push(*mean);
            Ok(numbers)
        });
        let numbers = numbers.collect::<Result<_, _>>()?;
        Ok(Self { categories, numbers })
    }
}

impl Estimator for TargetEncoder {
    fn n_features_in(&self) -> usize {
        self.columns.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.columns.iter().map(|it| it.categories.hint(false)).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("TargetEncoder", method));
        }
        input.check_width(self.columns.len())?;
        self.transform(&input).map(Output::dense)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.columns.iter().map(|it| it.categories.kind()).collect()
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        output.checked_div(self.n_classes)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.columns.len() * self.n_classes)
    }
}
