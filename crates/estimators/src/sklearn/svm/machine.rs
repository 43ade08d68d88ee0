//! What libsvm's machines have in common: decision values as sums over support vectors.
//!
//! | attribute          | shape                       | meaning                                   | since |
//! |--------------------|-----------------------------|-------------------------------------------|-------|
//! | `support_vectors_` | (l, p), CSR if `_sparse`    | support vectors, those of a class together | any   |
//! | `_dual_coef_`      | (k - 1, l), CSR if `_sparse`| weights with libsvm's signs               | any   |
//! | `_intercept_`      | (k (k - 1) / 2,)            | added to the sums                         | any   |
//! | `_n_support`       | (k,)                        | support vectors per class (classifiers)   | 0.22 (`n_support_` until then) |
//! | `kernel`           | text                        | linear, poly, rbf or sigmoid              | any   |
//! | `_gamma`           | number                      | the number that `gamma` stands for        | any   |
//! | `coef0`, `degree`  | numbers                     | of the kernel                             | any   |
//! | `_sparse`          | bool                        | trained on sparse rows                    | any   |
//!
//! k is the number of classes; for a regressor and for outliers it is 2. A kernel that is a function or
//! a precomputed matrix is refused.
//!
//! scikit-learn adds over the features one after the other until 0.23, and since then lets OpenBLAS's
//! `ddot` do so; a machine trained on sparse rows always adds one after the other. `ddot` is imitated as
//! it is for processors with AVX2; elsewhere it differs by rounding if there are 16 features or more.
//! The other sums are libsvm's own, in its order.
//!
//! Source of truth: `BaseLibSVM` in `sklearn/svm/_base.py`, `svm.cpp` in `sklearn/svm/src/libsvm`.

use kernels::support_vectors::{Contributions, DenseVectors, DotOrder, Kernel, SparseVectors};

use crate::{Block, Csr, DataError, Dense, Matrix, Nan, ReadError, State, Version};

#[derive(Debug)]
pub(super) struct Machine {
    n_features: usize,
    kernel: Kernel,
    vectors: Vectors,
    contributions: Contributions,
    intercepts: Vec<f64>,
}

#[derive(Debug)]
enum Vectors {
    Dense(DenseVectors),
    Sparse(SparseVectors),
}

impl Vectors {
    fn len(&self) -> usize {
        match self {
            Self::Dense(it) => it.n_vectors(),
            Self::Sparse(it) => it.n_vectors(),
        }
    }
}

impl Machine {
    /// A machine with one decision value.
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let dual = state.get("_dual_coef_")?.as_dense_matrix()?;
        if dual.n_rows != 1 {
            return Err(state.get("_dual_coef_")?.wrong("one row of weights"));
        }
        let terms = dual.data.iter().map(|&weight| (0, weight)).collect();
        Self::with_contributions(state, Contributions::new(1, 1, terms), 1)
    }

    /// A machine with a decision value for each pair of classes: 0 and 1, 0 and 2, …, 1 and 2, ….
    pub(super) fn read_pairs(state: &State<'_>, n_classes: usize) -> Result<Self, ReadError> {
        let n_pairs = state.floats("_intercept_")?.len();
        if n_classes < 2 || n_classes.checked_mul(n_classes - 1) != n_pairs.checked_mul(2) {
            let text = format!("has {n_pairs} values for {n_classes} classes");
            return Err(state.get("_intercept_")?.invalid(text));
        }
        let dual = state.get("_dual_coef_")?.as_dense_matrix()?;
        if dual.n_rows != n_classes - 1 {
            let text = format!("has {} rows for {n_classes} classes", dual.n_rows);
            return Err(state.get("_dual_coef_")?.invalid(text));
        }
        let name = if state.has("_n_support") { "_n_support" } else { "n_support_" };
        let counts = state.ints(name)?;
        let counts: Option<Vec<usize>> = counts.iter().map(|&it| it.try_into().ok()).collect();
        let fits = |it: &Vec<usize>| {
            let total = it.iter().try_fold(0, |sum: usize, count| sum.checked_add(*count));
            it.len() == n_classes && total == Some(dual.n_cols)
        };
        let Some(counts) = counts.filter(fits) else {
            return Err(state
                .get(name)?
                .invalid("does not count the support vectors of each class"));
        };
        state.charge(dual.data.len().saturating_mul(16))?;
        let terms = pair_terms(&dual, &counts);
        Self::with_contributions(state, Contributions::new(n_pairs, n_classes - 1, terms), n_pairs)
    }

    fn with_contributions(
        state: &State<'_>,
        contributions: Option<Contributions>,
        n_sums: usize,
    ) -> Result<Self, ReadError> {
        let dual = state.get("_dual_coef_")?;
        let contributions =
            contributions.ok_or_else(|| dual.wrong("weights of support vectors"))?;
        let intercepts = state.floats_len("_intercept_", n_sums)?;
        let kernel = read_kernel(state)?;
        let (vectors, n_features) = read_vectors(state)?;
        state.n_features_in(n_features)?;
        if vectors.len() != contributions.n_vectors() {
            let text = format!("has weights for {} vectors", contributions.n_vectors());
            return Err(dual.invalid(format!("{text}, but there are {}", vectors.len())));
        }
        Ok(Self { n_features, kernel, vectors, contributions, intercepts })
    }

    pub(super) fn n_features_in(&self) -> usize {
        self.n_features
    }

    /// Decision values with libsvm's signs, a column per pair of classes.
    pub(super) fn decisions(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut decisions = match &self.vectors {
            Vectors::Dense(vectors) => {
                let x = self.dense_rows(input)?;
                vectors.sums(self.kernel, &self.contributions, &x.slices(), x.n_rows())
            }
            Vectors::Sparse(vectors) => {
                vectors.sums(self.kernel, &self.contributions, &self.sparse_rows(input)?)
            }
        };
        for (column, intercept) in decisions.iter_mut().zip(&self.intercepts) {
            column.iter_mut().for_each(|x| *x += intercept);
        }
        Ok(decisions)
    }

    fn dense_rows(&self, input: Block) -> Result<Dense, DataError> {
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block(
                "the rows are sparse, but the model was trained on dense ones and takes no others",
            ));
        }
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        Ok(x)
    }

    /// What is stored in each row, columns ascending; of dense rows what is not 0.
    fn sparse_rows(&self, input: Block) -> Result<Vec<Vec<(u32, f64)>>, DataError> {
        let x = match input {
            Block::Sparse(it) if it.n_cols() == self.n_features => it,
            dense => {
                let x = dense.into_dense(self.n_features)?;
                x.check_finite(Nan::Refused)?;
                return Ok((0..x.n_rows()).map(|row| nonzero(&x, row)).collect());
            }
        };
        (0..x.n_rows()).map(|row| stored(&x, row)).collect()
    }
}

fn nonzero(x: &Dense, row: usize) -> Vec<(u32, f64)> {
    let cells = (0..).zip(x.columns()).map(|(column, values)| (column, values[row]));
    cells.filter(|(_, value)| *value != 0.0).collect()
}

fn stored(x: &Csr, row: usize) -> Result<Vec<(u32, f64)>, DataError> {
    let mut cells: Vec<(u32, f64)> = x.row(row).map(|(column, it)| (column as u32, it)).collect();
    if let Some((column, _)) = cells.iter().find(|(_, value)| !value.is_finite()) {
        let text = "the value is missing (NaN) or infinite, and the model accepts none";
        return Err(DataError::cell(row, *column as usize, text));
    }
    cells.sort_by_key(|(column, _)| *column);
    Ok(cells)
}

/// Which pairs each support vector decides, and with which weight.
fn pair_terms(dual: &Matrix, counts: &[usize]) -> Vec<(usize, f64)> {
    let k = counts.len();
    let pair = |i: usize, j: usize| i * k - i * (i + 1) / 2 + j - i - 1;
    let mut terms = Vec::with_capacity(dual.data.len());
    let mut vector = 0;
    for (class, &count) in counts.iter().enumerate() {
        for at in vector..vector + count {
            for other in 0..class {
                terms.push((pair(other, class), dual.row(other)[at]));
            }
            for other in class + 1..k {
                terms.push((pair(class, other), dual.row(other - 1)[at]));
            }
        }
        vector += count;
    }
    terms
}

fn read_kernel(state: &State<'_>) -> Result<Kernel, ReadError> {
    let kernel = state.get("kernel")?;
    let name = kernel.value().as_str().ok_or_else(|| {
        kernel.unsupported("is a function of its own, which Pythia does not run; name a kernel")
    })?;
    match name {
        "linear" => Ok(Kernel::Linear),
        "poly" => {
            let degree = i32::try_from(state.int("degree")?);
            let degree = degree.map_err(|_| state.invalid("has a degree that is no exponent"))?;
            let (gamma, coef0) = (state.float("_gamma")?, state.float("coef0")?);
            Ok(Kernel::Polynomial { gamma, coef0, degree })
        }
        "rbf" => Ok(Kernel::Rbf { gamma: state.float("_gamma")? }),
        "sigmoid" => {
            Ok(Kernel::Sigmoid { gamma: state.float("_gamma")?, coef0: state.float("coef0")? })
        }
        other => Err(kernel.unsupported(format!("is {other:?}, which is not supported"))),
    }
}

fn read_vectors(state: &State<'_>) -> Result<(Vectors, usize), ReadError> {
    let place = state.get("support_vectors_")?;
    if state.flag_or("_sparse", false)? {
        let rows = place.as_csr()?;
        state.charge(rows.n_stored().saturating_mul(16))?;
        let row = |at: usize| rows.row(at).map(|(column, it)| (column as u32, it)).collect();
        let vectors = SparseVectors::new((0..rows.n_rows()).map(row));
        let vectors = vectors.ok_or_else(|| place.wrong("rows whose columns ascend"))?;
        return Ok((Vectors::Sparse(vectors), rows.n_cols()));
    }
    let Matrix { n_cols, data, .. } = place.as_matrix()?;
    let by_blas = Version::new(0, 24) <= state.version();
    let order = if by_blas { DotOrder::Blas } else { DotOrder::Sequential };
    let vectors = DenseVectors::new(n_cols, data, order);
    let vectors = vectors.ok_or_else(|| place.wrong("at least one column"))?;
    Ok((Vectors::Dense(vectors), n_cols))
}
