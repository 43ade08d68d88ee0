//! `PolynomialCountSketch`: sums of random groups of features, with random signs, convolved with one another:
//! products of them approximate the polynomial kernel.
//!
//! | attribute       | shape  | meaning                                                        | since |
//! |-----------------|--------|----------------------------------------------------------------|-------|
//! | `indexHash_`    | (d, q) | per degree the group of each feature                           | 0.24  |
//! | `bitHash_`      | (d, q) | per degree the sign of each feature                            | 0.24  |
//! | `n_components`  | int    | number of groups                                               | 0.24  |
//! | `gamma`         | float  | features are multiplied by its root                            | 0.24  |
//! | `coef0`         | float  | if not 0, its root is one feature more: q = p + 1              | 0.24  |
//!
//! Output: `transform` gives shape (n, `n_components`), dense. Python multiplies Fourier transforms (scipy's
//! pocketfft, since 1.18 ducc) and transforms back; here the convolutions are added up, and results agree to
//! the rounding of the transforms.
//!
//! Source of truth: `PolynomialCountSketch.transform` in `sklearn/kernel_approximation.py`.

use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.kernel_approximation.PolynomialCountSketch"],
    methods: METHODS,
    read: |state| Ok(Box::new(PolynomialCountSketch::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct PolynomialCountSketch {
    n_features: usize,
    n_components: usize,
    /// Per degree the group and the sign of each feature.
    hashes: Vec<Vec<(usize, f64)>>,
    root_of_gamma: f64,
    /// The root of `coef0`, unless that is 0.
    constant: Option<f64>,
}

impl PolynomialCountSketch {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let n_components = state.width("n_components")?;
        let signs = state.matrix("bitHash_")?;
        let (degree, n_hashed) = (signs.n_rows, signs.n_cols);
        let place = state.get("indexHash_")?;
        let groups = place.as_ints()?;
        state.charge(groups.len().saturating_mul(16))?;
        let of_degree = |it: &[i64]| it.len() == n_hashed;
        if n_hashed == 0 || degree == 0 || !groups.chunks(n_hashed).all(of_degree) {
            return Err(place.invalid("has another shape than bitHash_"));
        }
        if groups.len() != signs.data.len() {
            return Err(place.invalid("has another shape than bitHash_"));
        }
        let mut pairs = Vec::with_capacity(groups.len());
        for (&group, &sign) in groups.iter().zip(&signs.data) {
            match usize::try_from(group) {
                Ok(it) if it < n_components => pairs.push((it, sign)),
                _ => return Err(place.invalid(format!("holds {group}, of {n_components} groups"))),
            }
        }
        let coef0 = state.float("coef0")?;
        let constant = (coef0 != 0.0).then(|| coef0.sqrt());
        let n_features = n_hashed - usize::from(constant.is_some());
        state.n_features_in(n_features)?;
        Ok(Self {
            n_features,
            n_components,
            hashes: pairs.chunks(n_hashed).map(<[_]>::to_vec).collect(),
            root_of_gamma: state.float("gamma")?.sqrt(),
            constant,
        })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        let mut columns = vec![Vec::with_capacity(x.n_rows()); self.n_components];
        let mut cells = Vec::new();
        for row in 0..x.n_rows() {
            x.copy_row(row, &mut cells);
            cells.iter_mut().for_each(|x| *x *= self.root_of_gamma);
            cells.extend(self.constant);
            let features = self.features(&cells);
            columns.iter_mut().zip(features).for_each(|(column, x)| column.push(x));
        }
        Dense::new(x.n_rows(), columns)
    }

    /// The groups' sums of each degree, convolved.
    fn features(&self, cells: &[f64]) -> Vec<f64> {
        let mut features: Option<Vec<f64>> = None;
        for hashes in &self.hashes {
            let mut sums = vec![0.0; self.n_components];
            for (x, (group, sign)) in cells.iter().zip(hashes) {
                sums[*group] += sign * x;
            }
            features = Some(match features {
                Some(before) => convolved(&before, &sums),
                None => sums,
            });
        }
        features.unwrap_or_default()
    }
}

impl Estimator for PolynomialCountSketch {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            _ => Err(unsupported("PolynomialCountSketch", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.n_components)
    }
}

/// The circular convolution; groups without a feature, zeros in `sums`, take no time.
fn convolved(before: &[f64], sums: &[f64]) -> Vec<f64> {
    let mut features = vec![0.0; before.len()];
    for (shift, &factor) in sums.iter().enumerate().filter(|(_, it)| **it != 0.0) {
        let (head, tail) = features.split_at_mut(shift);
        let (low, high) = before.split_at(before.len() - shift);
        tail.iter_mut().zip(low).for_each(|(sum, x)| *sum += factor * x);
        head.iter_mut().zip(high).for_each(|(sum, x)| *sum += factor * x);
    }
    features
}
