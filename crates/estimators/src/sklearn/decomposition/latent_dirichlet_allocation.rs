//! `LatentDirichletAllocation`: how much each document is about each topic.
//!
//! | attribute                    | shape  | meaning                                    | since |
//! |------------------------------|--------|--------------------------------------------|-------|
//! | `exp_dirichlet_component_`   | (k, p) | weights of the words, by topic             | any   |
//! | `doc_topic_prior_`           | float  | added to each topic                        | any   |
//! | `max_doc_update_iter`, `mean_change_tol` | | when to stop                          | any   |
//!
//! Output: shares of the topics, shape (n, k); each document is solved alone, from equal shares. Columns
//! whose count is 0 play no part. Inner products are added in fused steps, where Python's BLAS adds those
//! of one row in another order.
//!
//! Source of truth: `_update_doc_distribution` in `sklearn/decomposition/_lda.py` and
//! `_online_lda_fast.pyx`.

use kernels::sum::pairwise_sum;
use kernels::topics::Topics;

use super::nonnegative_rows::{check_nonnegative, refuse_single};
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State, Version,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.decomposition._lda.LatentDirichletAllocation",
        "sklearn.decomposition.online_lda.LatentDirichletAllocation", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(LatentDirichletAllocation::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct LatentDirichletAllocation {
    n_features: usize,
    topics: Topics,
    /// Since 1.2 Python computes with `float32` rows in `float32`.
    refuses_single: bool,
}

impl LatentDirichletAllocation {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let words = state.matrix("exp_dirichlet_component_")?;
        state.n_features_in(words.n_cols)?;
        if words.n_rows == 0 {
            return Err(state.get("exp_dirichlet_component_")?.wrong("at least one topic"));
        }
        state.charge(words.data.len().saturating_mul(8))?;
        let topics = Topics {
            words: words.transposed().data,
            n_topics: words.n_rows,
            prior: state.float("doc_topic_prior_")?,
            max_iter: state.iterations("max_doc_update_iter")?,
            tolerance: state.float("mean_change_tol")?,
        };
        let refuses_single = Version::new(1, 2) <= state.version();
        Ok(Self { n_features: words.n_cols, topics, refuses_single })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        input.check_width(self.n_features)?;
        if self.refuses_single {
            refuse_single(&input)?;
        }
        let mut columns = vec![Vec::with_capacity(input.n_rows()); self.topics.n_topics];
        let mut add = |words: &[usize], counts: &[f64]| {
            let topics = self.topics.of_document(words, counts);
            let total = pairwise_sum(&topics);
            columns.iter_mut().zip(topics).for_each(|(column, x)| column.push(x / total));
        };
        let n_rows = input.n_rows();
        match input {
            Block::Sparse(x) => {
                x.check_finite(Nan::Refused)?;
                for row in 0..n_rows {
                    let (words, counts): (Vec<usize>, Vec<f64>) = x.row(row).unzip();
                    add(&words, &counts);
                }
            }
            other => {
                let x = other.into_numbers()?;
                x.check_finite(Nan::Refused)?;
                let mut values = Vec::with_capacity(self.n_features);
                for row in 0..n_rows {
                    x.copy_row(row, &mut values);
                    let cells = values.iter().copied().enumerate().filter(|(_, x)| *x != 0.0);
                    let (words, counts): (Vec<usize>, Vec<f64>) = cells.unzip();
                    add(&words, &counts);
                }
            }
        }
        Dense::new(n_rows, columns)
    }
}

impl Estimator for LatentDirichletAllocation {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("LatentDirichletAllocation", method));
        }
        check_nonnegative(&input)?;
        self.transform(input).map(Output::dense)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.topics.n_topics)
    }
}
