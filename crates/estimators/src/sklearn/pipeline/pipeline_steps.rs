//! `Pipeline`: every step but the last transforms, the last answers the method asked for.
//!
//! | attribute | shape                     | meaning                                     | since |
//! |-----------|---------------------------|---------------------------------------------|-------|
//! | `steps`   | list of (name, estimator) | `None` or `"passthrough"` leaves rows as is | any   |
//!
//! `inverse_transform` runs the steps backwards. A pipeline that was not fitted is refused by the first
//! step that lacks its attributes.
//!
//! Source of truth: `Pipeline` in `sklearn/pipeline.py`.

use crate::{
    Block, ClassSpec, Classes, ColumnKind, DataError, Estimator, Method, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.pipeline.Pipeline"],
    methods: &Method::ALL,
    read: |state| Ok(Box::new(Pipeline::read(state)?)),
};

#[derive(Debug)]
struct Pipeline {
    steps: Vec<Box<dyn Estimator>>,
    methods: Vec<Method>,
}

impl Pipeline {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let steps = state.list("steps")?;
        let read = steps.iter().filter_map(|step| read_step(step).transpose());
        let steps = ReadError::collect(read)?;
        let Some((last, before)) = steps.split_last() else {
            return Err(state.get("steps")?.wrong("at least one step that is an estimator"));
        };
        if before.iter().any(|it| !it.methods().contains(&Method::Transform)) {
            return Err(state.get("steps")?.wrong("transformers in every place but the last"));
        }
        let inverts = steps.iter().all(|it| it.methods().contains(&Method::InverseTransform));
        let has = |it: &&Method| **it != Method::InverseTransform || inverts;
        let methods = last.methods().iter().filter(has).copied().collect();
        check_widths(state, &steps)?;
        Ok(Self { steps, methods })
    }
}

/// The estimator of a step; `None` for one that passes rows through.
fn read_step(step: &State<'_>) -> Result<Option<Box<dyn Estimator>>, ReadError> {
    let pair = step.as_list()?;
    let [_, estimator] = pair.as_slice() else {
        return Err(step.wrong("a (name, estimator) pair"));
    };
    let value = estimator.value();
    if value.is_none() || value.as_str() == Some("passthrough") {
        return Ok(None);
    }
    estimator.as_estimator().map(Some)
}

/// Each step must take as many columns as the one before gives.
fn check_widths(state: &State<'_>, steps: &[Box<dyn Estimator>]) -> Result<(), ReadError> {
    for pair in steps.windows(2) {
        let [before, after] = pair else { continue };
        if let Some(given) = before.n_features_out()
            && given != after.n_features_in()
        {
            let text = format!(
                "has a step that gives {given} columns to one that takes {}",
                after.n_features_in()
            );
            return Err(state.get("steps")?.invalid(text));
        }
    }
    Ok(())
}

impl Estimator for Pipeline {
    fn n_features_in(&self) -> usize {
        self.steps.first().map_or(0, |it| it.n_features_in())
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this Pipeline", method));
        }
        let mut output = Output::Block(input);
        if method == Method::InverseTransform {
            for step in self.steps.iter().rev() {
                output = step.call(method, output.into_block()?)?;
            }
            return Ok(output);
        }
        for (i, step) in self.steps.iter().enumerate() {
            let is_last = i + 1 == self.steps.len();
            let method = if is_last { method } else { Method::Transform };
            let called = step.call(method, output.into_block()?);
            // After the first step the columns are no longer the caller's.
            output = called.map_err(|it| it.in_column(|column| (i == 0).then_some(column)))?;
        }
        Ok(output)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.steps.first().map_or_else(Vec::new, |it| it.column_kinds())
    }

    fn selects_by_name(&self) -> bool {
        self.steps.first().is_some_and(|it| it.selects_by_name())
    }

    fn classes(&self) -> &[Classes] {
        self.steps.last().map_or(&[], |it| it.classes())
    }

    fn n_features_out(&self) -> Option<usize> {
        self.steps.last().and_then(|it| it.n_features_out())
    }
}
