//! Kernel functions of `sklearn.metrics.pairwise` between rows and the points a model keeps.
//!
//! | attribute          | shape      | meaning                                                  | since |
//! |--------------------|------------|----------------------------------------------------------|-------|
//! | `kernel`           | text       | one of the names below                                   | any   |
//! | `gamma_`, `gamma`  | number     | `None`: one divided by the number of features; 1 in chi2 | any   |
//! | `degree`, `coef0`  | numbers    | of polynomial and sigmoid; `None`: 3 and 1               | any   |
//!
//! | kernel               | value                                    |
//! |----------------------|------------------------------------------|
//! | `linear`             | `x·y`                                    |
//! | `poly`, `polynomial` | `(gamma x·y + coef0) ** degree`          |
//! | `sigmoid`            | `tanh(gamma x·y + coef0)`                |
//! | `rbf`                | `exp(-gamma |x - y|²)`                   |
//! | `laplacian`          | `exp(-gamma Σ |x - y|)`                  |
//! | `cosine`             | `x·y` of rows divided by their length    |
//! | `additive_chi2`      | `-Σ (x - y)² / (x + y)`, numbers from 0  |
//! | `chi2`               | `exp(gamma additive_chi2)`               |
//!
//! Inner products are added as OpenBLAS's `dgemm` does, see `kernels::blas`; a sparse row or point in stored
//! order. `float32` rows against `float32` points are computed in `float64` and rounded.
//!
//! A kernel that is a function, and `precomputed`, are refused.
//!
//! Source of truth: `pairwise_kernels` in `sklearn/metrics/pairwise.py`.

use kernels::blas::matrix_product;
use kernels::distances::squared_distances;
use kernels::einsum::{Order, square_sums};
use kernels::exp::exp;
use object_graph::{Kind, Order as Layout};

use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{Block, Csr, DataError, Dense, Matrix, Nan, Precision, ReadError, State, Version};

/// A kernel function and the points it is taken with.
#[derive(Debug)]
pub(crate) struct PairwiseKernel {
    function: Function,
    points: Points,
    /// `|y|²` of each point, for `rbf`.
    squares: Vec<f64>,
    order: Order,
    /// Rows shorter than this count as zeros.
    shortest: f64,
    precision: Precision,
}

/// The values of the function, a column per point.
#[derive(Debug)]
pub(crate) struct KernelValues {
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) precision: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Function {
    Linear,
    Polynomial { gamma: f64, coef0: f64, degree: f64 },
    Sigmoid { gamma: f64, coef0: f64 },
    Rbf { gamma: f64 },
    Laplacian { gamma: f64 },
    Cosine,
    AdditiveChi2,
    Chi2 { gamma: f64 },
}

#[derive(Debug)]
enum Points {
    Dense(Matrix),
    Sparse(Csr),
}

impl PairwiseKernel {
    /// Reads the function from the attributes of `state`, and its points from the attribute `points`.
    pub(crate) fn read(state: &State<'_>, points: &str) -> Result<Self, ReadError> {
        Self::read_named(state, "kernel", &state.get(points)?)
    }

    /// The same of a function whose name is in the attribute `name`, and points at `place`.
    pub(crate) fn read_named(
        state: &State<'_>,
        name: &str,
        place: &State<'_>,
    ) -> Result<Self, ReadError> {
        let points = Points::read(place)?;
        let function = read_function(state, name, points.n_features())?;
        let by_columns = place.value().as_array().is_some_and(|it| it.order == Layout::Fortran);
        let old = state.version() < Version::new(1, 0);
        let order = match by_columns {
            true => Order::Columns,
            false if old => Order::OldRows,
            false => Order::Rows,
        };
        let shortest = if old { 0.0 } else { 10.0 * f64::EPSILON };
        let precision = if is_single(place) { Precision::Single } else { Precision::Double };
        let squares = Vec::new();
        let mut kernel = Self { function, points, squares, order, shortest, precision };
        kernel.prepare();
        Ok(kernel)
    }

    /// What is needed of the points for every row.
    fn prepare(&mut self) {
        match self.function {
            Function::Rbf { .. } => self.squares = self.point_squares(),
            Function::Cosine => {
                let lengths = self.lengths(self.point_squares());
                match &mut self.points {
                    Points::Dense(it) => {
                        let rows = it.data.chunks_exact_mut(it.n_cols.max(1));
                        for (row, length) in rows.zip(&lengths) {
                            row.iter_mut().for_each(|x| *x /= length);
                        }
                    }
                    Points::Sparse(it) => divide_rows(it, &lengths),
                }
            }
            _ => {}
        }
    }

    pub(crate) fn n_features_in(&self) -> usize {
        self.points.n_features()
    }

    pub(crate) fn n_points(&self) -> usize {
        self.points.len()
    }

    /// The values of the function for each row and point.
    pub(crate) fn values(&self, input: Block) -> Result<KernelValues, DataError> {
        input.check_width(self.n_features_in())?;
        let single = input.precision() == Precision::Single && self.precision == Precision::Single;
        let precision = if single { Precision::Single } else { Precision::Double };
        let input = match input {
            Block::Sparse(it) => {
                it.check_finite(Nan::Refused)?;
                Block::Sparse(it)
            }
            dense => {
                let x = dense.into_numbers()?;
                x.check_finite(Nan::Refused)?;
                Block::Dense(x)
            }
        };
        let round = |x: f64| if single { f64::from(x as f32) } else { x };
        let columns = self.columns(input, round)?;
        Ok(KernelValues { columns, precision })
    }

    /// The function of each row and itself, up to rounding.
    pub(crate) fn diagonal(&self, x: &Dense) -> Vec<f64> {
        let mut values = match self.function {
            Function::Rbf { .. } | Function::Laplacian { .. } => vec![0.0; x.n_rows()],
            Function::AdditiveChi2 | Function::Chi2 { .. } => vec![-0.0; x.n_rows()],
            Function::Cosine => {
                let squares = squared_lengths(x);
                let normalized = squares.iter().zip(self.lengths(squares.clone()));
                normalized.map(|(square, length)| square / length / length).collect()
            }
            _ => squared_lengths(x),
        };
        self.function.apply(&mut values, |x| x);
        values
    }

    fn columns(
        &self,
        x: Block,
        round: impl Fn(f64) -> f64 + Copy,
    ) -> Result<Vec<Vec<f64>>, DataError> {
        let mut columns = match self.function {
            Function::Rbf { .. } => self.squared_distances(&x),
            Function::Cosine => self.products(&self.normalized(x)),
            Function::Laplacian { .. } => self.absolute_distances(&x.into_numbers()?),
            Function::AdditiveChi2 | Function::Chi2 { .. } => self.chi2(x)?,
            _ => self.products(&x),
        };
        for column in &mut columns {
            column.iter_mut().for_each(|x| *x = round(*x));
            self.function.apply(column, round);
        }
        Ok(columns)
    }

    /// `x·y`
    fn products(&self, x: &Block) -> Vec<Vec<f64>> {
        match (x, &self.points) {
            (Block::Dense(x), Points::Dense(points)) => {
                matrix_product(&x.slices(), points.rows(), x.n_rows())
            }
            (Block::Dense(x), Points::Sparse(points)) => {
                let products = (0..points.n_rows()).map(|point| {
                    let mut sums = vec![0.0; x.n_rows()];
                    for (column, y) in points.row(point) {
                        sums.iter_mut().zip(x.column(column)).for_each(|(sum, x)| *sum += y * x);
                    }
                    sums
                });
                products.collect()
            }
            (Block::Sparse(x), points) => {
                let mut y = Vec::new();
                let products = (0..points.len()).map(|point| {
                    points.copy_row(point, &mut y);
                    let product = |row| x.row(row).fold(0.0, |sum, (at, x)| sum + x * y[at]);
                    (0..x.n_rows()).map(product).collect()
                });
                products.collect()
            }
            (Block::Frame(_), _) => Vec::new(),
        }
    }

    /// `|x - y|²` by way of inner products.
    fn squared_distances(&self, x: &Block) -> Vec<Vec<f64>> {
        let rows = self.squares_of(x);
        let mut columns = self.products(x);
        squared_distances(&mut columns, &rows, &self.squares);
        columns
    }

    fn squares_of(&self, x: &Block) -> Vec<f64> {
        match x {
            Block::Dense(x) => square_sums(&x.slices(), x.n_rows(), self.order, 2, |x| x),
            Block::Sparse(x) => (0..x.n_rows()).map(|row| stored_squares(x, row)).collect(),
            Block::Frame(_) => Vec::new(),
        }
    }

    fn point_squares(&self) -> Vec<f64> {
        match &self.points {
            Points::Dense(points) => {
                let square = |row: &[f64]| {
                    let cells: Vec<&[f64]> = row.iter().map(std::slice::from_ref).collect();
                    square_sums(&cells, 1, self.order, 2, |x| x).into_iter().sum()
                };
                points.rows().map(square).collect()
            }
            Points::Sparse(it) => (0..it.n_rows()).map(|row| stored_squares(it, row)).collect(),
        }
    }

    /// The lengths to divide by: 1 for a row that counts as zeros.
    fn lengths(&self, squares: Vec<f64>) -> Vec<f64> {
        let length = |square: f64| match square.sqrt() {
            it if it == 0.0 || it < self.shortest => 1.0,
            it => it,
        };
        squares.into_iter().map(length).collect()
    }

    fn normalized(&self, x: Block) -> Block {
        let lengths = self.lengths(self.squares_of(&x));
        match x {
            Block::Dense(mut x) => {
                x.map_columns(|_, column| {
                    column.iter_mut().zip(&lengths).for_each(|(x, length)| *x /= length);
                });
                Block::Dense(x)
            }
            Block::Sparse(mut x) => {
                divide_rows(&mut x, &lengths);
                Block::Sparse(x)
            }
            frame @ Block::Frame(_) => frame,
        }
    }

    /// `Σ |x - y|`
    fn absolute_distances(&self, x: &Dense) -> Vec<Vec<f64>> {
        self.sums(x, |x, y| (x - y).abs())
    }

    /// `-Σ (x - y)² / (x + y)`
    fn chi2(&self, x: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let x = x.into_numbers()?;
        for (index, column) in x.columns().iter().enumerate() {
            if let Some(row) = column.iter().position(|x| *x < 0.0) {
                return Err(DataError::cell(
                    row,
                    index,
                    "the value is negative, and chi2 takes none",
                ));
            }
        }
        let term = |x: f64, y: f64| {
            let sum = x + y;
            if sum == 0.0 { 0.0 } else { (x - y) * (x - y) / sum }
        };
        let mut columns = self.sums(&x, term);
        columns.iter_mut().flatten().for_each(|x| *x = -*x);
        Ok(columns)
    }

    /// Sums over the features, one after the other.
    fn sums(&self, x: &Dense, term: impl Fn(f64, f64) -> f64) -> Vec<Vec<f64>> {
        let mut y = Vec::new();
        let sums = (0..self.points.len()).map(|point| {
            self.points.copy_row(point, &mut y);
            let mut sums = vec![0.0; x.n_rows()];
            for (column, &y) in x.columns().iter().zip(&y) {
                sums.iter_mut().zip(column.iter()).for_each(|(sum, &x)| *sum += term(x, y));
            }
            sums
        });
        sums.collect()
    }
}

impl Function {
    /// Inner products or distances become the function's values.
    fn apply(self, values: &mut [f64], round: impl Fn(f64) -> f64 + Copy) {
        let times = |values: &mut [f64], factor: f64| {
            let factor = round(factor);
            values.iter_mut().for_each(|x| *x = round(*x * factor));
        };
        match self {
            Self::Linear | Self::Cosine | Self::AdditiveChi2 => return,
            Self::Polynomial { gamma, coef0, degree } => {
                times(values, gamma);
                let coef0 = round(coef0);
                values.iter_mut().for_each(|x| *x = power(round(*x + coef0), degree));
            }
            Self::Sigmoid { gamma, coef0 } => {
                times(values, gamma);
                let coef0 = round(coef0);
                values.iter_mut().for_each(|x| *x = round(*x + coef0).tanh());
            }
            Self::Rbf { gamma } | Self::Laplacian { gamma } => {
                times(values, -gamma);
                exp(values);
            }
            Self::Chi2 { gamma } => {
                times(values, gamma);
                exp(values);
            }
        }
        values.iter_mut().for_each(|x| *x = round(*x));
    }
}

/// `numpy.power` with one exponent for all: the simple ones are not left to the C library.
pub(crate) fn power(x: f64, exponent: f64) -> f64 {
    match exponent {
        -1.0 => 1.0 / x,
        1.0 => x,
        2.0 => x * x,
        0.5 => x.sqrt(),
        0.0 => 1.0,
        _ => x.powf(exponent),
    }
}

impl Points {
    fn read(place: &State<'_>) -> Result<Self, ReadError> {
        let points = match place.value().kind() {
            Kind::Sparse(_) => Self::Sparse(place.as_csr()?),
            _ => Self::Dense(place.as_matrix()?),
        };
        if points.len() == 0 || points.n_features() == 0 {
            return Err(place.wrong("at least one point of at least one feature"));
        }
        // Room for one point, written out.
        place.charge(points.n_features().saturating_mul(8))?;
        let finite = match &points {
            Self::Dense(it) => it.data.iter().all(|x| x.is_finite()),
            Self::Sparse(it) => it.check_finite(Nan::Refused).is_ok(),
        };
        if finite { Ok(points) } else { Err(place.invalid("holds numbers that are not finite")) }
    }

    fn len(&self) -> usize {
        match self {
            Self::Dense(it) => it.n_rows,
            Self::Sparse(it) => it.n_rows(),
        }
    }

    fn n_features(&self) -> usize {
        match self {
            Self::Dense(it) => it.n_cols,
            Self::Sparse(it) => it.n_cols(),
        }
    }

    /// One point, written over `row`.
    fn copy_row(&self, index: usize, row: &mut Vec<f64>) {
        row.clear();
        match self {
            Self::Dense(it) => row.extend_from_slice(it.row(index)),
            Self::Sparse(it) => {
                row.resize(it.n_cols(), 0.0);
                it.row(index).for_each(|(column, x)| row[column] += x);
            }
        }
    }
}

/// One square after the other.
fn squared_lengths(x: &Dense) -> Vec<f64> {
    let mut sums = vec![0.0; x.n_rows()];
    for column in x.columns() {
        sums.iter_mut().zip(column.iter()).for_each(|(sum, x)| *sum += x * x);
    }
    sums
}

fn stored_squares(x: &Csr, row: usize) -> f64 {
    x.row(row).fold(0.0, |sum, (_, x)| sum + x * x)
}

fn divide_rows(x: &mut Csr, by: &[f64]) {
    let mut row_of = Vec::with_capacity(x.n_stored());
    for (row, &by) in by.iter().enumerate() {
        row_of.extend(x.row(row).map(|_| by));
    }
    x.values_mut().iter_mut().zip(row_of).for_each(|(x, by)| *x /= by);
}

fn read_function(state: &State<'_>, name: &str, n_features: usize) -> Result<Function, ReadError> {
    let kernel = state.get(name)?;
    let name = kernel.value().as_str().ok_or_else(|| {
        kernel.unsupported("is a function of its own, which Pythia does not run; name a kernel")
    })?;
    let name_of_gamma = if state.has("gamma_") { "gamma_" } else { "gamma" };
    let gamma_or = |default: f64| state.float_or(name_of_gamma, default);
    let gamma = || gamma_or(1.0 / n_features as f64);
    let coef0 = || state.float_or("coef0", 1.0);
    match name {
        "linear" => Ok(Function::Linear),
        "poly" | "polynomial" => {
            let degree = state.float_or("degree", 3.0)?;
            Ok(Function::Polynomial { gamma: gamma()?, coef0: coef0()?, degree })
        }
        "sigmoid" => Ok(Function::Sigmoid { gamma: gamma()?, coef0: coef0()? }),
        "rbf" => Ok(Function::Rbf { gamma: gamma()? }),
        "laplacian" => Ok(Function::Laplacian { gamma: gamma()? }),
        "cosine" => Ok(Function::Cosine),
        "additive_chi2" => Ok(Function::AdditiveChi2),
        "chi2" => Ok(Function::Chi2 { gamma: gamma_or(1.0)? }),
        other => Err(kernel.unsupported(format!("is {other:?}, which is not supported"))),
    }
}
