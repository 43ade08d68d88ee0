//! `DictionaryLearning`, `MiniBatchDictionaryLearning` and `SparseCoder`: rows as combinations of few atoms
//! of a dictionary.
//!
//! | attribute                     | shape  | meaning                                   | since |
//! |-------------------------------|--------|-------------------------------------------|-------|
//! | `components_`                 | (k, p) | the atoms; `dictionary` in `SparseCoder` since 0.24 | any |
//! | `transform_algorithm`         | text   | `"omp"`, `"lars"`, `"lasso_lars"`, `"lasso_cd"` or `"threshold"` | any |
//! | `transform_n_nonzero_coefs`   | int    | atoms a row may have (`omp`, `lars`); None: p / 10 | any |
//! | `transform_alpha`             | float  | the penalty (the others); None: 1, since 1.2 `alpha` | any |
//! | `transform_max_iter`          | int    | steps of `lasso_lars` and passes of `lasso_cd` | 0.22 |
//! | `split_sign`                  | bool   | positive weights, then negative ones turned | any   |
//! | `positive_code`               | bool   | weights from 0 only                       | 0.20  |
//!
//! Output: `transform` gives weights, shape (n, k) or (n, 2k); `inverse_transform`, since 1.7, their
//! combinations of atoms. Python solves triangular systems by LAPACK, so weights agree to its rounding.
//!
//! Source of truth: `_sparse_encode` in `sklearn/decomposition/_dict_learning.py`, `_gram_omp` in
//! `linear_model/_omp.py`, `_lars_path_solver` in `_least_angle.py` and `enet_coordinate_descent_gram` in
//! `_cd_fast.pyx`.

use kernels::sparse_codes::{
    Corrections, Descent, Path, Screening, Square, lasso, least_angle, matching_pursuit,
};

use super::nonnegative_rows::refuse_single;
use super::projection::Projection;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, Precision,
    ReadError, State, Version, unsupported,
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Dictionary::read(state)?)) }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&[
        "sklearn.decomposition._dict_learning.DictionaryLearning",
        "sklearn.decomposition.dict_learning.DictionaryLearning",
    ]),
    &class(&[
        "sklearn.decomposition._dict_learning.MiniBatchDictionaryLearning",
        "sklearn.decomposition.dict_learning.MiniBatchDictionaryLearning",
    ]),
    &class(&[
        "sklearn.decomposition._dict_learning.SparseCoder",
        "sklearn.decomposition.dict_learning.SparseCoder",
    ]),
];

#[derive(Debug)]
struct Dictionary {
    forward: Projection,
    backward: Projection,
    gram: Square,
    algorithm: Algorithm,
    positive: bool,
    split_sign: bool,
    methods: &'static [Method],
}

#[derive(Debug)]
enum Algorithm {
    MatchingPursuit { n_atoms: usize },
    LeastAngle(Path),
    CoordinateDescent(Descent),
    Threshold { alpha: f64 },
}

impl Dictionary {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let name = if state.has("dictionary") { "dictionary" } else { "components_" };
        let stored = state.get(name)?;
        if is_single(&stored) {
            return Err(stored.unsupported("is float32, in which Python then computes"));
        }
        let atoms = stored.as_matrix()?;
        let (k, p) = (atoms.n_rows, atoms.n_cols);
        state.n_features_in(p)?;
        if k == 0 || p == 0 || atoms.data.iter().any(|x| !x.is_finite()) {
            return Err(stored.wrong("atoms of finite numbers"));
        }
        state.charge(atoms.data.len().saturating_mul(16))?;
        state.charge(k.saturating_mul(k).saturating_mul(8))?;
        let gram = Square::new(atoms.times_transposed(&atoms).data, k)
            .ok_or_else(|| stored.wrong("a matrix"))?;
        let algorithm = Algorithm::read(state, &atoms)?;
        let positive = state.flag_or("positive_code", false)?;
        let of_any_sign = match algorithm {
            Algorithm::MatchingPursuit { .. } => true,
            Algorithm::LeastAngle(path) => !path.lasso,
            _ => false,
        };
        if positive && of_any_sign {
            let text = "is True, which the algorithm does not know";
            return Err(state.get("positive_code")?.unsupported(text));
        }
        let late = Version::new(1, 7) <= state.version();
        let forward = Projection::new(atoms, Precision::Double);
        Ok(Self {
            backward: forward.transposed(None),
            forward,
            gram,
            algorithm,
            positive,
            split_sign: state.flag("split_sign")?,
            methods: if late { METHODS } else { &METHODS[..1] },
        })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        refuse_single(&input)?;
        let x = input.into_dense(self.forward.n_in())?;
        x.check_finite(Nan::Refused)?;
        let products = self.forward.apply(Block::Dense(x.clone()))?;
        let (n_rows, k) = (x.n_rows(), self.forward.n_out());
        let mut columns = vec![Vec::with_capacity(n_rows); k];
        let (mut row, mut correlations) = (Vec::new(), Vec::new());
        for i in 0..n_rows {
            x.copy_row(i, &mut row);
            products.copy_row(i, &mut correlations);
            let code = self.code(&row, &correlations);
            columns.iter_mut().zip(code).for_each(|(column, it)| column.push(it));
        }
        if self.split_sign {
            let turned = |it: &Vec<f64>| it.iter().map(|x| -x.min(0.0)).collect();
            let negative: Vec<Vec<f64>> = columns.iter().map(turned).collect();
            columns.iter_mut().flatten().for_each(|x| *x = x.max(0.0));
            columns.extend(negative);
        }
        Dense::new(n_rows, columns)
    }

    fn code(&self, row: &[f64], products: &[f64]) -> Vec<f64> {
        match self.algorithm {
            Algorithm::MatchingPursuit { n_atoms } => {
                matching_pursuit(&self.gram, products, n_atoms)
            }
            Algorithm::LeastAngle(path) => {
                least_angle(&self.gram, products, Path { positive: self.positive, ..path })
            }
            Algorithm::CoordinateDescent(descent) => {
                let square = row.iter().fold(0.0, |sum: f64, x| x.mul_add(*x, sum));
                let descent = Descent { positive: self.positive, ..descent };
                lasso(&self.gram, products, square, descent)
            }
            Algorithm::Threshold { alpha } => {
                let shrunk = |x: &f64| {
                    let sign = if *x == 0.0 { 0.0 } else { x.signum() };
                    let code = sign * (x.abs() - alpha).max(0.0);
                    if self.positive { code.max(0.0) } else { code }
                };
                products.iter().map(shrunk).collect()
            }
        }
    }

    fn inverse_transform(&self, input: Block) -> Result<Dense, DataError> {
        if !self.split_sign {
            return self.backward.apply(input);
        }
        let k = self.forward.n_out();
        let x = input.into_dense(2 * k)?;
        let difference = |j: usize| x.column(j).iter().zip(x.column(k + j)).map(|(a, b)| a - b);
        let columns = (0..k).map(|j| difference(j).collect()).collect();
        self.backward.apply(Block::Dense(Dense::new(x.n_rows(), columns)?))
    }
}

impl Algorithm {
    fn read(state: &State<'_>, atoms: &Matrix) -> Result<Self, ReadError> {
        let (k, p) = (atoms.n_rows, atoms.n_cols);
        let passed = Version::new(0, 22) <= state.version();
        let max_iter =
            |default| if passed { state.iterations("transform_max_iter") } else { Ok(default) };
        let corrections = match Version::new(1, 0) <= state.version() {
            true => Corrections::Rounded,
            false => Corrections::Exact,
        };
        let path =
            Path { max_iter: 0, alpha: 0.0, lasso: false, positive: false, corrections, n_cols: p };
        let name = state.get("transform_algorithm")?;
        match name.as_text()? {
            "omp" => Ok(Self::MatchingPursuit { n_atoms: n_atoms(state, k, p, k)? }),
            "lars" => {
                Ok(Self::LeastAngle(Path { max_iter: n_atoms(state, k, p, usize::MAX)?, ..path }))
            }
            "lasso_lars" => Ok(Self::LeastAngle(Path {
                max_iter: max_iter(500)?,
                alpha: alpha(state)? / p as f64,
                lasso: true,
                ..path
            })),
            "lasso_cd" => coordinate_descent(state, max_iter(1000)?, alpha(state)?, p),
            "threshold" => Ok(Self::Threshold { alpha: alpha(state)? }),
            _ => Err(name.unsupported("is no way of coding it knows")),
        }
    }
}

fn coordinate_descent(
    state: &State<'_>,
    max_iter: usize,
    alpha: f64,
    p: usize,
) -> Result<Algorithm, ReadError> {
    let screening = match state.version() {
        it if it < Version::new(1, 8) => Screening::Off,
        it if it < Version::new(1, 9) => Screening::Anew,
        _ => Screening::Kept,
    };
    if alpha == 0.0 {
        return Err(state.unsupported("codes by lasso_cd without a penalty"));
    }
    Ok(Algorithm::CoordinateDescent(Descent {
        l1: alpha / p as f64 * p as f64,
        max_iter,
        tolerance: if screening == Screening::Off { 1e-4 } else { 1e-8 },
        positive: false,
        screening,
    }))
}

/// How many atoms a row may have: 1 to `most`.
fn n_atoms(state: &State<'_>, k: usize, p: usize, most: usize) -> Result<usize, ReadError> {
    if !state.has("transform_n_nonzero_coefs") {
        return Ok((p / 10).max(1).min(k));
    }
    match state.count("transform_n_nonzero_coefs")? {
        it if (1..=most).contains(&it) => Ok(it),
        it => {
            let text = format!("is {it}, but there are {k} atoms");
            Err(state.get("transform_n_nonzero_coefs")?.invalid(text))
        }
    }
}

fn alpha(state: &State<'_>) -> Result<f64, ReadError> {
    if !state.has("transform_alpha") && Version::new(1, 2) <= state.version() {
        return state.float_or("alpha", 1.0);
    }
    state.float_or("transform_alpha", 1.0)
}

impl Estimator for Dictionary {
    fn n_features_in(&self) -> usize {
        self.forward.n_in()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            Method::InverseTransform if self.methods.contains(&method) => {
                self.inverse_transform(input).map(Output::dense)
            }
            _ => Err(unsupported("the dictionary", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out() * if self.split_sign { 2 } else { 1 })
    }
}
