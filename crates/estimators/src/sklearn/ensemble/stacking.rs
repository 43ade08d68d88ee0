//! `StackingClassifier` and `StackingRegressor`: a last estimator that learned from what others answer.
//!
//! | attribute          | shape                | meaning                                            | since |
//! |--------------------|----------------------|----------------------------------------------------|-------|
//! | `estimators_`      | list of estimators   | the members, those dropped left out                | 0.22  |
//! | `stack_method_`    | list of text         | the method each member is asked                    | 0.22  |
//! | `final_estimator_` | estimator            | answers, given the members' answers side by side   | 0.22  |
//! | `passthrough`      | bool                 | whether the columns themselves follow the answers  | 0.22  |
//! | `classes_`         | (k,), or one per out | classifier: labels; members and last estimator know their numbers | 0.22 |
//!
//! Of probabilities of two classes the first column is left out, of several outputs' (1.2) each first one.
//!
//! Output: `transform` gives what the last estimator is given, its other methods are those the last estimator
//! has. For several outputs `predict_proba` gives the probability of each output's first class, (n, outputs).
//!
//! Source of truth: `sklearn/ensemble/_stacking.py`.

use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Layout, Method,
    Output, ReadError, State, members, unsupported,
};

const fn class(paths: &'static [&'static str], methods: &'static [Method]) -> ClassSpec {
    ClassSpec { paths, methods, read: |state| Ok(Box::new(Stacking::read(state)?)) }
}

pub(super) const CLASSIFIER: ClassSpec = class(
    &["sklearn.ensemble._stacking.StackingClassifier"],
    &[Method::Predict, Method::PredictProba, Method::DecisionFunction, Method::Transform],
);

pub(super) const REGRESSOR: ClassSpec =
    class(&["sklearn.ensemble._stacking.StackingRegressor"], &[Method::Predict, Method::Transform]);

#[derive(Debug)]
struct Stacking {
    members: Vec<Box<dyn Estimator>>,
    asked: Vec<Method>,
    last: Box<dyn Estimator>,
    passthrough: bool,
    n_features: usize,
    /// The labels of a classifier, per output; those of a regressor are none.
    classes: Vec<Classes>,
    methods: Vec<Method>,
}

impl Stacking {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let is_classifier = state.class().is_some_and(|it| it.name == "StackingClassifier");
        let list = state.get("estimators_")?;
        let members = members::read(&list)?;
        let n_features = members::n_features_in(&list, &members)?;
        let asked = asked_methods(state, &members)?;
        let last = state.estimator("final_estimator_")?;
        let own = if is_classifier { CLASSIFIER.methods } else { REGRESSOR.methods };
        let has = |it: &&Method| **it == Method::Transform || last.methods().contains(it);
        let methods = own.iter().filter(has).copied().collect();
        let classes = if is_classifier { members::classes(state)? } else { vec![] };
        let passthrough = state.flag("passthrough")?;
        let stacking = Self { members, asked, last, passthrough, n_features, classes, methods };
        stacking.check_width(state)?;
        Ok(stacking)
    }

    /// The last estimator must take as many columns as the members give, where that is known.
    fn check_width(&self, state: &State<'_>) -> Result<(), ReadError> {
        let pairs = self.members.iter().zip(&self.asked);
        let known: Option<usize> = pairs.map(|(it, method)| self.width(&**it, *method)).sum();
        let passed = if self.passthrough { self.n_features } else { 0 };
        let taken = self.last.n_features_in();
        match known {
            Some(it) if taken != 0 && it + passed != taken => {
                let text = format!("takes {taken} columns, but is given {}", it + passed);
                Err(state.get("final_estimator_")?.invalid(text))
            }
            _ => Ok(()),
        }
    }

    /// How many columns a member's answer gives, where that is known.
    fn width(&self, member: &dyn Estimator, method: Method) -> Option<usize> {
        match (method, self.classes.as_slice()) {
            (Method::Predict, [] | [_]) => Some(1),
            (Method::PredictProba, [classes]) => {
                let width = member.classes().first()?.len();
                Some(if classes.len() == 2 { width.saturating_sub(1) } else { width })
            }
            _ => None,
        }
    }

    /// What the members answer, side by side; and the input after it if it is passed through.
    fn transform(&self, input: Block) -> Result<Block, DataError> {
        let n_rows = input.n_rows();
        let mut parts = Vec::with_capacity(self.members.len() + 1);
        for (member, &method) in self.members.iter().zip(&self.asked) {
            let answer = member.call(method, input.clone())?;
            self.add_columns(answer, method, &mut parts)?;
        }
        let mut layout = Layout::Dense;
        if self.passthrough {
            if matches!(input, Block::Sparse(_)) {
                layout = Layout::Sparse;
            }
            parts.push(input);
        }
        Block::hstack(parts, n_rows, layout)
    }

    fn add_columns(
        &self,
        answer: Output,
        method: Method,
        parts: &mut Vec<Block>,
    ) -> Result<(), DataError> {
        if let Output::PerOutput(matrices) = answer {
            parts.extend(matrices.into_iter().map(|it| without_first(&Block::Dense(it))));
            return Ok(());
        }
        let is_matrix = !matches!(answer, Output::Vector(_));
        let block = answer.into_block()?;
        // Python's `len(classes_)`: of two outputs' probabilities in one matrix it drops a column too.
        let n_classes = match self.classes.as_slice() {
            [only] => only.len(),
            several => several.len(),
        };
        let drops = is_matrix && method == Method::PredictProba && n_classes == 2;
        parts.push(if drops { without_first(&block) } else { block });
        Ok(())
    }

    fn answer(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let n_features = input.n_cols();
        let given = self.transform(input)?;
        let n_answers = given.n_cols().saturating_sub(n_features);
        let own_column = |column: usize| match self.passthrough {
            true => column.checked_sub(n_answers),
            false => None,
        };
        self.last.call(method, given).map_err(|it| it.in_column(own_column))
    }

    /// The labels of the numbers that the last estimator predicts.
    fn labels(&self, predicted: Output) -> Result<Output, DataError> {
        let columns = match predicted {
            Output::Vector(it) => vec![it],
            Output::Columns(it) => it,
            _ => return Err(DataError::block("the last estimator predicts no classes")),
        };
        if columns.len() != self.classes.len() {
            let text = format!("the last estimator predicts {} classes per row", columns.len());
            return Err(DataError::block(text));
        }
        let labels = columns
            .into_iter()
            .zip(&self.classes)
            .map(|(column, classes)| members::labels(&members::whole_numbers(column)?, classes));
        let mut labels = labels.collect::<Result<Vec<_>, _>>()?;
        match (labels.len(), labels.pop()) {
            (1, Some(only)) => Ok(Output::Vector(only)),
            (_, last) => Ok(Output::Columns(labels.into_iter().chain(last).collect())),
        }
    }
}

/// `stack_method_`, one per member.
fn asked_methods(
    state: &State<'_>,
    members: &[Box<dyn Estimator>],
) -> Result<Vec<Method>, ReadError> {
    let names = state.list("stack_method_")?;
    if names.len() != members.len() {
        let text = format!("has {} methods for {} estimators", names.len(), members.len());
        return Err(state.get("stack_method_")?.invalid(text));
    }
    let asked = names.iter().zip(members).map(|(name, member)| {
        let known = [Method::PredictProba, Method::DecisionFunction, Method::Predict];
        let method = Method::parse(name.as_text()?).filter(|it| known.contains(it));
        let method = method.ok_or_else(|| name.unsupported("is not a method of classifiers"))?;
        if !member.methods().contains(&method) {
            return Err(name.invalid(format!("is {method}, which the member does not have")));
        }
        if method == Method::Predict && matches!(member.classes(), [Classes::Text(_), ..]) {
            let text = "is predict of a member that predicts texts, which is not supported";
            return Err(name.unsupported(text));
        }
        Ok(method)
    });
    ReadError::collect(asked)
}

fn without_first(block: &Block) -> Block {
    let rest: Vec<usize> = (1..block.n_cols()).collect();
    block.select(&rest)
}

/// The first column of each output's matrix.
fn first_columns(matrices: &[Dense], n_rows: usize) -> Result<Output, DataError> {
    let columns = matrices.iter().flat_map(|it| it.columns().first().cloned()).collect();
    Dense::from_columns(n_rows, columns).map(Output::dense)
}

impl Estimator for Stacking {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(&self.members)
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this stacking", method));
        }
        let n_rows = input.n_rows();
        if method == Method::Transform {
            return self.transform(input).map(Output::Block);
        }
        match (method, self.answer(method, input)?) {
            (Method::Predict, it) if !self.classes.is_empty() => self.labels(it),
            (Method::PredictProba, Output::PerOutput(it)) => first_columns(&it, n_rows),
            (_, it) => Ok(it),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        let mut kinds = members::column_kinds(&self.members);
        if self.passthrough {
            let last = self.last.column_kinds();
            let passed = last.iter().rev().zip(kinds.iter_mut().rev());
            passed.for_each(|(wanted, kind)| *kind = (*wanted).max(*kind));
        }
        kinds
    }

    fn blanks_are_underscores(&self) -> bool {
        members::blanks_are_underscores(&self.members)
    }

    fn selects_by_name(&self) -> bool {
        !self.passthrough && members::select_by_name(&self.members)
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.last.n_features_in()).filter(|it| *it != 0)
    }
}
