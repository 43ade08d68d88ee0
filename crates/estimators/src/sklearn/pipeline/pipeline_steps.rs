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
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.pipeline.Pipeline"],
    methods: &Method::ALL,
    read: |state| read_without(state, |_| false),
};

/// Reads a pipeline in which the steps that `is_left_out` picks do nothing when it predicts.
pub(crate) fn read_without(
    state: &State<'_>,
    is_left_out: fn(&State<'_>) -> bool,
) -> Result<Box<dyn Estimator>, ReadError> {
    Ok(Box::new(Pipeline::read(state, is_left_out)?))
}

/// Sparse rows may become so many numbers, 128 MB, when a step writes them out.
const MAX_CELLS: usize = 16 << 20;

#[derive(Debug)]
struct Pipeline {
    steps: Vec<Box<dyn Estimator>>,
    methods: Vec<Method>,
}

impl Pipeline {
    fn read(state: &State<'_>, is_left_out: fn(&State<'_>) -> bool) -> Result<Self, ReadError> {
        let steps = state.list("steps")?;
        let n_steps = steps.len();
        let steps = steps.iter().enumerate();
        let read = steps.map(|(i, it)| {
            // The last step is given what `predict` is given.
            let holder = (i + 1 == n_steps).then_some(state);
            read_step(it, holder, is_left_out)
        });
        let read: Vec<_> = read.collect();
        let passes_on = matches!(read.last(), Some(Ok(None)));
        let steps = ReadError::collect(read.into_iter().filter_map(Result::transpose))?;
        let Some((last, before)) = steps.split_last() else {
            return Err(state.get("steps")?.wrong("at least one step that is an estimator"));
        };
        if before.iter().any(|it| !it.methods().contains(&Method::Transform)) {
            return Err(state.get("steps")?.wrong("transformers in every place but the last"));
        }
        let inverts = steps.iter().all(|it| it.methods().contains(&Method::InverseTransform));
        // A last step that passes rows on leaves nothing to do but to transform.
        let has = |it: &&Method| match it {
            Method::InverseTransform => inverts,
            Method::Transform => true,
            _ => !passes_on,
        };
        let methods = last.methods().iter().filter(has).copied().collect();
        check_widths(state, &steps)?;
        Ok(Self { steps, methods })
    }

    /// Runs the steps from `first` on. Sparse rows of many columns go through them a few at a time, since
    /// a step may write them out.
    fn run(&self, method: Method, first: usize, mut block: Block) -> Result<Output, DataError> {
        for (i, step) in self.steps.iter().enumerate().skip(first) {
            let is_last = i + 1 == self.steps.len();
            let at_a_time = rows_at_a_time(&block);
            if at_a_time < block.n_rows() {
                return self.run_in_parts(method, i, &block, at_a_time);
            }
            let called = step.call(if is_last { method } else { Method::Transform }, block);
            let output =
                called.map_err(|it| it.in_column(|j| input_column(&self.steps[..i], j)))?;
            if is_last {
                return Ok(output);
            }
            block = output.into_block()?;
        }
        Ok(Output::Block(block))
    }

    fn run_in_parts(
        &self,
        method: Method,
        first: usize,
        block: &Block,
        at_a_time: usize,
    ) -> Result<Output, DataError> {
        let starts = (0..block.n_rows()).step_by(at_a_time);
        let parts = starts.map(|start| {
            let end = block.n_rows().min(start + at_a_time);
            self.run(method, first, block.rows(start..end)).map_err(|it| it.after(start))
        });
        Output::vstack(parts.collect::<Result<_, _>>()?)
    }

    /// How the first step's columns are to be read if the last wants its own read as `kinds`.
    fn kinds_before(&self, kinds: Vec<ColumnKind>) -> Vec<ColumnKind> {
        let before = self.steps.iter().rev().skip(1);
        before.fold(kinds, |wanted, step| step.column_kinds_for(&wanted))
    }

    /// What is known of the first step's columns if the last knows `hints` of its own.
    fn hints_before(&self, hints: Vec<ColumnHint>) -> Vec<ColumnHint> {
        let before = self.steps.iter().rev().skip(1);
        before.fold(hints, |next, step| step.column_hints_for(&next))
    }
}

/// How many rows of a block may be written out at once; all, unless they are sparse and wide.
fn rows_at_a_time(block: &Block) -> usize {
    match block {
        Block::Sparse(it) => (MAX_CELLS / it.n_cols().max(1)).max(1),
        Block::Dense(_) | Block::Frame(_) => block.n_rows(),
    }
}

/// The estimator of a step, which predicts in the place of a `holder`; `None` for one that passes rows through.
fn read_step(
    step: &State<'_>,
    holder: Option<&State<'_>>,
    is_left_out: fn(&State<'_>) -> bool,
) -> Result<Option<Box<dyn Estimator>>, ReadError> {
    let pair = step.as_list()?;
    let [_, estimator] = pair.as_slice() else {
        return Err(step.wrong("a (name, estimator) pair"));
    };
    let value = estimator.value();
    if value.is_none() || value.as_str() == Some("passthrough") || is_left_out(estimator) {
        return Ok(None);
    }
    match holder {
        Some(it) => it.hand_on(estimator.clone()).as_estimator().map(Some),
        None => estimator.as_estimator().map(Some),
    }
}

/// Each step must take as many columns as the one before gives.
fn check_widths(state: &State<'_>, steps: &[Box<dyn Estimator>]) -> Result<(), ReadError> {
    for pair in steps.windows(2) {
        let [before, after] = pair else { continue };
        if let Some(given) = before.n_features_out()
            && given != after.n_features_in()
            && after.n_features_in() != 0
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

/// The column given to the first of `steps` that column `output` of the last is made of.
fn input_column(steps: &[Box<dyn Estimator>], output: usize) -> Option<usize> {
    steps.iter().rev().try_fold(output, |column, step| step.input_column(column))
}

impl Estimator for Pipeline {
    /// Steps that take any number of columns give as many, unless they say how many they give.
    fn n_features_in(&self) -> usize {
        let steps = self.steps.iter().map(|it| (it.n_features_in(), it.n_features_out()));
        steps.into_iter().find(|(n, out)| *n != 0 || out.is_some()).map_or(0, |(n, _)| n)
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this Pipeline", method));
        }
        if method == Method::InverseTransform {
            let mut output = Output::Block(input);
            for step in self.steps.iter().rev() {
                output = step.call(method, output.into_block()?)?;
            }
            return Ok(output);
        }
        self.run(method, 0, input)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.steps.last().map_or_else(Vec::new, |it| self.kinds_before(it.column_kinds()))
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let last = self.steps.last();
        last.map_or_else(Vec::new, |it| self.kinds_before(it.column_kinds_for(wanted)))
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.steps.last().map_or_else(Vec::new, |it| self.hints_before(it.column_hints()))
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        let last = self.steps.last();
        last.map_or_else(Vec::new, |it| self.hints_before(it.column_hints_for(next)))
    }

    fn name_inputs(&mut self, names: &[String]) {
        if let Some(first) = self.steps.first_mut() {
            first.name_inputs(names);
        }
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.steps.first().and_then(|it| it.feature_names())
    }

    fn blanks_are_underscores(&self) -> bool {
        self.steps.first().is_some_and(|it| it.blanks_are_underscores())
    }

    fn takes_names(&self) -> bool {
        self.steps.first().is_some_and(|it| it.takes_names())
    }

    fn selects_by_name(&self) -> bool {
        self.steps.first().is_some_and(|it| it.selects_by_name())
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        input_column(&self.steps, output)
    }

    fn classes(&self) -> &[Classes] {
        self.steps.last().map_or(&[], |it| it.classes())
    }

    fn n_features_out(&self) -> Option<usize> {
        self.steps.last().and_then(|it| it.n_features_out())
    }
}
