//! `TfidfTransformer`: counts of terms times the terms' rarity, each row at length 1.
//!
//! | attribute       | shape             | meaning                                     | since     |
//! |-----------------|-------------------|---------------------------------------------|-----------|
//! | `use_idf`       | bool              | whether there is an idf                     | any       |
//! | `idf_`          | (p,)              | factor per column                           | 1.5       |
//! | `_idf_diag`     | (p, p), CSR       | the same as a diagonal matrix               | until 1.4 |
//! | `sublinear_tf`  | bool              | `1 + log(count)` instead of the count       | any       |
//! | `norm`          | l1, l2 or None    | what length is                              | any       |
//!
//! Output: sparse rows. Until 1.4 the product with the diagonal matrix leaves a row's columns in falling
//! order, in which its length is summed.
//!
//! Source of truth: `TfidfTransformer.transform` in `sklearn/feature_extraction/text.py`,
//! `inplace_csr_row_normalize_l2` in `sklearn/utils/sparsefuncs_fast.pyx`.

use object_graph::{Kind, Scalar};

use crate::{
    Block, ClassSpec, Csr, DataError, Estimator, Layout, Method, Nan, Output, Precision, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.feature_extraction.text.TfidfTransformer"],
    methods: METHODS,
    read: |state| Ok(Box::new(TfidfTransformer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
pub(super) struct TfidfTransformer {
    width: usize,
    idf: Option<Idf>,
    sublinear: bool,
    norm: Norm,
}

#[derive(Debug)]
struct Idf {
    factors: Vec<f64>,
    /// Whether a product turns the order of a row's columns, and has the wider type of both.
    is_matrix: bool,
    precision: Precision,
}

/// What a row is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Norm {
    Nothing,
    /// The sum of magnitudes.
    L1,
    /// The root of the sum of squares.
    L2,
}

impl TfidfTransformer {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let idf = if state.flag("use_idf")? { Some(Idf::read(state)?) } else { None };
        let width = match &idf {
            Some(it) => state.n_features_in(it.factors.len())?,
            None if state.has("n_features_in_") => state.width("n_features_in_")?,
            None => 0,
        };
        let sublinear = state.flag("sublinear_tf")?;
        Ok(Self { width, idf, sublinear, norm: Norm::read(state)? })
    }

    /// The number of columns; 0 is any.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn weigh(&self, counts: &Csr) -> Csr {
        let mut weighed = Csr::new(counts.n_cols());
        weighed.dtype = self.precision(counts.precision()).into();
        weighed.reserve(counts.n_rows(), counts.n_stored());
        let mut row: Vec<(usize, f64)> = Vec::new();
        for index in 0..counts.n_rows() {
            row.clear();
            row.extend(counts.row(index));
            self.weigh_row(&mut row, counts.precision(), weighed.precision());
            row.iter().for_each(|&(column, x)| weighed.push(column, x));
            weighed.end_row();
        }
        weighed
    }

    fn precision(&self, counts: Precision) -> Precision {
        match &self.idf {
            Some(it) if it.is_matrix && it.precision == Precision::Double => Precision::Double,
            _ => counts,
        }
    }

    fn weigh_row(&self, row: &mut [(usize, f64)], counts: Precision, weighed: Precision) {
        if self.sublinear {
            row.iter_mut().for_each(|(_, x)| *x = counts.of(counts.of(x.ln()) + 1.0));
        }
        if let Some(idf) = &self.idf {
            row.iter_mut().for_each(|(column, x)| *x = weighed.of(*x * idf.factors[*column]));
            if idf.is_matrix {
                row.reverse();
            }
        }
        self.norm.divide(row, weighed);
    }
}

impl Norm {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Some(norm) = state.optional("norm") else { return Ok(Self::Nothing) };
        match norm.value().as_str() {
            Some("l1") => Ok(Self::L1),
            Some("l2") => Ok(Self::L2),
            _ => Err(norm.unsupported("is neither 'l1' nor 'l2' nor None")),
        }
    }

    /// Divides what a row stores, in the order of storage; a row of zeros stays.
    pub(super) fn divide(self, row: &mut [(usize, f64)], precision: Precision) {
        let values = row.iter().map(|(_, x)| x);
        let length = match self {
            Self::Nothing => return,
            Self::L1 => values.fold(0.0, |sum, x| sum + x.abs()),
            Self::L2 => values.fold(0.0, |sum, x| sum + precision.of(x * x)).sqrt(),
        };
        if length != 0.0 {
            row.iter_mut().for_each(|(_, x)| *x = precision.of(*x / length));
        }
    }
}

impl Idf {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        if state.has("idf_") {
            let factors = state.floats("idf_")?;
            return Ok(Self { factors, is_matrix: false, precision: Precision::Double });
        }
        let Some(matrix) = state.optional("_idf_diag") else {
            return Err(state.get("idf_").err().unwrap_or_else(|| state.wrong("a fitted model")));
        };
        let rows = matrix.as_csr()?;
        let diagonal = |row| {
            let mut stored = rows.row(row);
            match (stored.next(), stored.next()) {
                (Some((column, x)), None) if column == row => Some(x),
                _ => None,
            }
        };
        let factors: Option<Vec<f64>> = (0..rows.n_rows()).map(diagonal).collect();
        match factors.filter(|it| it.len() == rows.n_cols()) {
            Some(factors) => {
                Ok(Self { factors, is_matrix: true, precision: stored_precision(&matrix) })
            }
            None => Err(matrix.wrong("a diagonal matrix")),
        }
    }
}

/// The type of a sparse matrix's numbers.
fn stored_precision(matrix: &State<'_>) -> Precision {
    let Kind::Sparse(sparse) = matrix.value().kind() else { return Precision::Double };
    match matrix.value().at(sparse.data).as_array() {
        Some(it) if it.dtype.scalar == Scalar::Float && it.dtype.itemsize == 4 => Precision::Single,
        _ => Precision::Double,
    }
}

impl Estimator for TfidfTransformer {
    fn n_features_in(&self) -> usize {
        self.width
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("TfidfTransformer", method));
        }
        if self.width != 0 {
            input.check_width(self.width)?;
        }
        let n_rows = input.n_rows();
        let Block::Sparse(counts) = Block::hstack(vec![input], n_rows, Layout::Sparse)? else {
            return Err(DataError::block("the rows are not numbers"));
        };
        counts.check_finite(Nan::Refused)?;
        Ok(Output::Block(Block::Sparse(self.weigh(&counts))))
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.width).filter(|it| *it != 0)
    }
}
