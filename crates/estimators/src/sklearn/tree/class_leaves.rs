//! The leaves of classification trees: per leaf a row of class probabilities for each output.
//!
//! Until 1.3 a leaf holds the weight of each class among its samples, and `predict_proba` divides by
//! their sum; from 1.4 it holds fractions and is taken as it is. Leaves of a deep tree are mostly of
//! one class, and those share a row.
//!
//! Source of truth: `DecisionTreeClassifier.predict`, `predict_proba` in `sklearn/tree/_classes.py`.

use kernels::sum::pairwise_sum;

use crate::{Classes, Nan, ReadError, State, Version};

use super::Trees;

/// Classification trees over the same classes.
#[derive(Debug)]
pub(crate) struct ClassLeaves {
    pub(crate) trees: Trees,
    /// The labels, per output.
    pub(crate) classes: Vec<Classes>,
    /// For each place of the forest its row in `table` and `labels`.
    rows: Vec<u32>,
    /// Probabilities: a row has those of output 0, then those of output 1, and so on.
    table: Vec<f64>,
    /// The class a single tree predicts, per row and output.
    labels: Vec<u32>,
    width: usize,
}

impl ClassLeaves {
    /// Reads `classes_` of `model` and the `tree_` of every estimator in `trees`.
    pub(crate) fn read(
        model: &State<'_>,
        trees: &[State<'_>],
        nan: Nan,
    ) -> Result<Self, ReadError> {
        let classes = classes(model)?;
        let counts: Vec<usize> = classes.iter().map(Classes::len).collect();
        let width = counts.iter().sum();
        let is_weights = trees.first().is_some_and(|it| it.version() < Version::new(1, 4));
        let mut rows = Vec::new();
        let mut leaves = Rows::new(&counts);
        let trees = Trees::read(model, trees, nan, |it| {
            if it.n_outputs != counts.len() || Some(&it.max_n_classes) != counts.iter().max() {
                return Err(it.tree.invalid(format!(
                    "is for {} outputs of at most {} classes, but classes_ has {counts:?}",
                    it.n_outputs, it.max_n_classes
                )));
            }
            for &number in it.numbers {
                let number = number as usize;
                rows.push(if it.is_leaf(number) {
                    leaves.add(it.values(number), it.max_n_classes, is_weights)
                } else {
                    0
                });
            }
            Ok(())
        })?;
        Ok(Self { trees, classes, rows, table: leaves.table, labels: leaves.labels, width })
    }

    /// Probabilities in the leaf at `place`, output by output.
    #[inline]
    pub(crate) fn probabilities(&self, place: u32) -> &[f64] {
        let row = self.rows[place as usize] as usize;
        &self.table[row * self.width..(row + 1) * self.width]
    }

    /// The class of each output that a single tree predicts for the leaf at `place`.
    pub(crate) fn labels(&self, place: u32) -> &[u32] {
        let row = self.rows[place as usize] as usize;
        &self.labels[row * self.classes.len()..(row + 1) * self.classes.len()]
    }

    /// Number of probabilities a leaf has, over all outputs.
    pub(crate) fn width(&self) -> usize {
        self.width
    }
}

/// `classes_`: an array, or a list of one array per output.
fn classes(model: &State<'_>) -> Result<Vec<Classes>, ReadError> {
    let it = model.get("classes_")?;
    let classes = if it.value().as_array().is_some() {
        vec![it.as_classes()?]
    } else {
        it.as_list()?.iter().map(State::as_classes).collect::<Result<_, _>>()?
    };
    if classes.is_empty() || classes.iter().any(Classes::is_empty) {
        return Err(it.invalid("has no classes"));
    }
    // 0.20 collected the labels of several outputs in an array of floats.
    if 1 < classes.len() && model.version() < Version::new(0, 21) {
        return Ok(classes.into_iter().map(as_floats).collect());
    }
    Ok(classes)
}

fn as_floats(classes: Classes) -> Classes {
    match classes {
        Classes::Int(it) => Classes::Float(it.iter().map(|&it| it as f64).collect()),
        Classes::Bool(it) => Classes::Float(it.iter().map(|&it| f64::from(u8::from(it))).collect()),
        other => other,
    }
}

/// The distinct rows, as they come.
struct Rows<'a> {
    counts: &'a [usize],
    table: Vec<f64>,
    labels: Vec<u32>,
    /// The row for leaves of one class only; for models of one output.
    pure: Vec<Option<u32>>,
    row: Vec<f64>,
    n_rows: u32,
}

impl<'a> Rows<'a> {
    fn new(counts: &'a [usize]) -> Self {
        let n_pure = if let [only] = counts { *only } else { 0 };
        Self {
            counts,
            table: vec![],
            labels: vec![],
            pure: vec![None; n_pure],
            row: vec![],
            n_rows: 0,
        }
    }

    /// The row for a leaf's values, `stride` per output.
    fn add(&mut self, values: &[f64], stride: usize, is_weights: bool) -> u32 {
        self.row.clear();
        for (values, &count) in values.chunks_exact(stride).zip(self.counts) {
            let values = &values[..count];
            let sum = if is_weights { pairwise_sum(values) } else { 1.0 };
            let divisor = if sum == 0.0 { 1.0 } else { sum };
            self.row.extend(values.iter().map(|x| x / divisor));
        }
        let slot = pure_class(&self.row).filter(|it| *it < self.pure.len());
        if let Some(row) = slot.and_then(|it| self.pure[it]) {
            return row;
        }
        self.table.extend(&self.row);
        for (values, &count) in values.chunks_exact(stride).zip(self.counts) {
            self.labels.push(largest(&values[..count]));
        }
        let row = self.n_rows;
        self.n_rows += 1;
        if let Some(slot) = slot {
            self.pure[slot] = Some(row);
        }
        row
    }
}

/// The class that has probability 1 while all others have 0.
fn pure_class(row: &[f64]) -> Option<usize> {
    let class = row.iter().position(|x| x.to_bits() != 0)?;
    let rest = &row[class + 1..];
    (row[class] == 1.0 && rest.iter().all(|x| x.to_bits() == 0)).then_some(class)
}

/// `numpy.argmax`: the first of the largest; a NaN is larger than any number.
pub(crate) fn largest(values: &[f64]) -> u32 {
    let mut best = 0;
    for (i, x) in values.iter().enumerate() {
        let top = values[best];
        if !top.is_nan() && (x.is_nan() || top < *x) {
            best = i;
        }
    }
    best as u32
}
