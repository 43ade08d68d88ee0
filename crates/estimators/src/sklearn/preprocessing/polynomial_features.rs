//! `PolynomialFeatures`: products of columns up to a degree.
//!
//! | attribute                                | shape             | meaning                                | since |
//! |------------------------------------------|-------------------|----------------------------------------|-------|
//! | `degree`                                 | int or (int, int) | largest, or smallest and largest       | any; pair: 1.0 |
//! | `interaction_only`                       | bool              | no column twice in a product           | any   |
//! | `include_bias`                           | bool              | a first column of ones                 | any   |
//! | `n_features_in_` or `n_input_features_`  | int               | number of columns                      | 0.24  |
//!
//! Output: ones, then the products of degree 1, 2, …, each degree in lexicographic order of the columns.
//! From 0.22 a product is the product of its last columns times its first, `(c * b) * a`; before, and on
//! sparse rows, it is multiplied from the left, `(a * b) * c`. NaN and infinities are refused.
//!
//! Source of truth: `PolynomialFeatures.transform` in `sklearn/preprocessing/_polynomial.py` (`_data.py` until
//! 0.24), `_csr_polynomial_expansion.pyx`.

use std::ops::Range;
use std::sync::Arc;

use crate::{
    Block, ClassSpec, Csr, DataError, Dense, Estimator, Method, Nan, Output, Precision, ReadError,
    State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._polynomial.PolynomialFeatures",
        "sklearn.preprocessing._data.PolynomialFeatures", // 0.22 to 0.24
        "sklearn.preprocessing.data.PolynomialFeatures",  // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(PolynomialFeatures::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct PolynomialFeatures {
    n_features: usize,
    include_bias: bool,
    interaction_only: bool,
    /// Products of all degrees from 1, each degree in its order.
    terms: Vec<Term>,
    /// Where each degree begins in `terms`, and the end.
    degrees: Vec<usize>,
    /// The terms given.
    given: Range<usize>,
    from_left: bool,
}

/// A product `a * b * … * c` of columns.
#[derive(Debug, Clone, Copy)]
struct Term {
    first: usize,
    last: usize,
    /// The term without its last column; its own index for one column alone.
    prefix: usize,
    /// The term without its first column; its own index for one column alone.
    tail: usize,
    /// The first term that this one is the prefix of.
    children: usize,
}

impl PolynomialFeatures {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let name = match state.has("n_features_in_") {
            true => "n_features_in_",
            false => "n_input_features_",
        };
        let n_features = state.width(name)?;
        let (smallest, largest) = degrees(state)?;
        let interaction_only = state.flag("interaction_only")?;
        let mut it = Self {
            n_features,
            include_bias: state.flag("include_bias")?,
            interaction_only,
            terms: Vec::new(),
            degrees: vec![0],
            given: 0..0,
            from_left: state.version() < Version::new(0, 22),
        };
        for degree in 1..=largest {
            it.add_degree(degree, state)?;
            if it.terms.len() == it.degrees.last().copied().unwrap_or(0) {
                // No interaction of so many columns; nor of more.
                break;
            }
            it.degrees.push(it.terms.len());
        }
        let start = it.degrees.get(smallest.max(1) - 1).copied().unwrap_or(it.terms.len());
        it.given = start..it.terms.len();
        Ok(it)
    }

    fn add_degree(&mut self, degree: usize, state: &State<'_>) -> Result<(), ReadError> {
        if degree == 1 {
            state.charge(self.n_features.saturating_mul(size_of::<Term>()))?;
            self.terms = (0..self.n_features)
                .map(|j| Term { first: j, last: j, prefix: j, tail: j, children: 0 })
                .collect();
            return Ok(());
        }
        let start = self.degrees.get(degree - 2).copied().unwrap_or(0);
        for prefix in start..self.terms.len() {
            let before = self.terms[prefix];
            let children = self.terms.len();
            self.terms[prefix].children = children;
            let from = before.last + usize::from(self.interaction_only);
            state.charge((self.n_features - from).saturating_mul(size_of::<Term>()))?;
            for last in from..self.n_features {
                let tail = match degree {
                    2 => last,
                    _ => self.child(before.tail, last),
                };
                let first = before.first;
                self.terms.push(Term { first, last, prefix, tail, children: 0 });
            }
        }
        Ok(())
    }

    /// The term `prefix` times column `last`.
    fn child(&self, prefix: usize, last: usize) -> usize {
        let before = self.terms[prefix];
        before.children + last - before.last - usize::from(self.interaction_only)
    }

    fn dense(&self, x: &Dense) -> Result<Dense, DataError> {
        let mut columns: Vec<Arc<Vec<f64>>> = Vec::with_capacity(self.terms.len() + 1);
        for (index, term) in self.terms.iter().enumerate() {
            if index < self.n_features {
                columns.push(Arc::clone(&x.columns()[index]));
                continue;
            }
            let (product, column) =
                if self.from_left { (term.prefix, term.last) } else { (term.tail, term.first) };
            let pairs = columns[product].iter().zip(x.column(column));
            columns.push(Arc::new(match x.precision() {
                Precision::Double => pairs.map(|(p, x)| p * x).collect(),
                Precision::Single => pairs.map(|(p, x)| f64::from((p * x) as f32)).collect(),
            }));
        }
        let given = columns.drain(self.given.clone());
        let ones = self.include_bias.then(|| Arc::new(vec![1.0; x.n_rows()]));
        let columns = ones.into_iter().chain(given).collect();
        let mut products = Dense::from_columns(x.n_rows(), columns)?;
        products.dtype = x.precision().into();
        Ok(products)
    }

    fn sparse(&self, x: &Csr) -> Csr {
        let mut products = Csr::new(self.n_out());
        products.dtype = x.precision().into();
        let single = x.precision() == Precision::Single;
        let round = |x: f64| if single { f64::from(x as f32) } else { x };
        let bias = usize::from(self.include_bias);
        let mut row_values: Vec<(usize, f64)> = Vec::new();
        for row in 0..x.n_rows() {
            row_values.clear();
            row_values.extend(x.row(row));
            row_values.sort_unstable_by_key(|(column, _)| *column);
            if self.include_bias {
                products.push(0, 1.0);
            }
            // (term, place of its last column in the row, product) of the degree before.
            let mut level: Vec<(usize, usize, f64)> =
                row_values.iter().enumerate().map(|(i, &(column, x))| (column, i, x)).collect();
            for _ in 1..self.degrees.len() {
                for &(term, _, product) in level.iter().filter(|it| self.given.contains(&it.0)) {
                    products.push(bias + term - self.given.start, product);
                }
                level = self.next_level(&level, &row_values, round);
            }
            products.end_row();
        }
        products
    }

    fn next_level(
        &self,
        level: &[(usize, usize, f64)],
        row: &[(usize, f64)],
        round: impl Fn(f64) -> f64,
    ) -> Vec<(usize, usize, f64)> {
        let mut next = Vec::new();
        for &(term, place, product) in level {
            // The last degree's terms are nobody's prefix.
            if self.terms[term].children == 0 {
                continue;
            }
            let from = place + usize::from(self.interaction_only);
            for (at, &(column, x)) in row.iter().enumerate().skip(from) {
                next.push((self.child(term, column), at, round(product * x)));
            }
        }
        next
    }

    fn n_out(&self) -> usize {
        usize::from(self.include_bias) + self.given.len()
    }
}

/// The smallest and the largest degree.
fn degrees(state: &State<'_>) -> Result<(usize, usize), ReadError> {
    let degree = state.get("degree")?;
    if degree.value().as_i64().is_some() {
        return Ok((0, state.count("degree")?));
    }
    let pair = degree.as_ints()?;
    match pair.iter().map(|&it| usize::try_from(it).ok()).collect::<Option<Vec<_>>>().as_deref() {
        Some(&[smallest, largest]) if smallest <= largest => Ok((smallest, largest)),
        _ => Err(degree.wrong("a degree, or the smallest and the largest")),
    }
}

impl Estimator for PolynomialFeatures {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("PolynomialFeatures", method));
        }
        input.check_width(self.n_features)?;
        if let Block::Sparse(x) = &input {
            x.check_finite(Nan::Refused)?;
            return Ok(Output::Block(Block::Sparse(self.sparse(x))));
        }
        let x = input.into_numbers()?;
        x.check_finite(Nan::Refused)?;
        self.dense(&x).map(Output::dense)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.n_out())
    }
}
