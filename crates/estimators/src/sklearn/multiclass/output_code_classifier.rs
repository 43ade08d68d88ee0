//! `OutputCodeClassifier`: each class has a code, and each estimator gives one digit of it.
//!
//! | attribute     | shape           | meaning                                        | since |
//! |---------------|-----------------|------------------------------------------------|-------|
//! | `estimators_` | list of m       | see `binary_members.rs`                        | any   |
//! | `code_book_`  | (k, m)          | the code of each class: 1, and -1 or 0         | any   |
//! | `classes_`    | (k,)            | class labels                                   | any   |
//!
//! Output: the label of the code nearest to the scores, the first of equally near ones.
//!
//! Source of truth: `OutputCodeClassifier` in `sklearn/multiclass.py`, `euclidean_distances` and
//! `pairwise_distances_argmin` in `sklearn/metrics/pairwise.py`.

use kernels::distances;
use kernels::einsum::{Order, square_sums};

use super::binary_members::BinaryMembers;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Matrix, Method, Nan,
    Output, ReadError, State, Values, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.multiclass.OutputCodeClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(OutputCodeClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct OutputCodeClassifier {
    members: BinaryMembers,
    classes: Classes,
    codes: Matrix,
    /// The squares of the codes' lengths.
    lengths: Vec<f64>,
    search: Search,
}

/// How the nearest code is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search {
    /// Until 1.2: the distances to all, of which the least is taken.
    Distances,
    /// Since 1.3: the least distance, but for what is the same for all.
    Nearest,
}

impl OutputCodeClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let members = BinaryMembers::read(state)?;
        let codes = state.matrix_of("code_book_", classes.len(), members.len())?;
        if classes.is_empty() || codes.data.iter().any(|it| !it.is_finite()) {
            return Err(state.get("code_book_")?.wrong("finite codes of at least one class"));
        }
        let version = state.version();
        let search = match version < Version::new(1, 3) {
            true => Search::Distances,
            false => Search::Nearest,
        };
        let lengths = codes.rows().map(distances::squared_length).collect();
        Ok(Self { members, classes, codes, lengths, search })
    }

    fn predict(&self, input: &Block) -> Result<Vec<u32>, DataError> {
        let scores = self.members.scores(input)?;
        let scores: Vec<&[f64]> = scores.iter().map(Vec::as_slice).collect();
        let n_rows = input.n_rows();
        for column in &scores {
            let check = |(row, x): (usize, &f64)| Nan::Refused.check(row, 0, *x);
            let checked = column.iter().enumerate().try_for_each(check);
            checked.map_err(|it| it.in_column(|_| None))?;
        }
        if self.search == Search::Nearest {
            return Ok(distances::nearest(&scores, self.codes.rows(), &self.lengths, None, n_rows));
        }
        let mut columns = distances::fused_products(&scores, self.codes.rows(), n_rows);
        // Python's matrix of scores lies by columns.
        let rows = square_sums(&scores, n_rows, Order::Columns, 1, |x| x);
        distances::squared_distances(&mut columns, &rows, &self.lengths);
        columns.iter_mut().flatten().for_each(|x| *x = x.sqrt());
        Ok(first_least(&columns, n_rows))
    }
}

fn first_least(columns: &[Vec<f64>], n_rows: usize) -> Vec<u32> {
    let mut least = vec![f64::INFINITY; n_rows];
    let mut labels = vec![0; n_rows];
    for (label, column) in (0..).zip(columns) {
        for ((least, best), &x) in least.iter_mut().zip(&mut labels).zip(column) {
            if x < *least {
                (*least, *best) = (x, label);
            }
        }
    }
    labels
}

impl Estimator for OutputCodeClassifier {
    fn n_features_in(&self) -> usize {
        self.members.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.members.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("OutputCodeClassifier", method));
        }
        let labels = self.predict(&input)?;
        Ok(Output::Vector(Values::Labels(labels, self.classes.clone())))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.members.column_kinds()
    }

    fn selects_by_name(&self) -> bool {
        self.members.select_by_name()
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
