//! `KBinsDiscretizer`: the number of the bin each cell falls in.
//!
//! | attribute    | shape    | meaning                                                        | since |
//! |--------------|----------|----------------------------------------------------------------|-------|
//! | `bin_edges_` | p arrays | rising edges of each column's bins, one more than bins         | 0.20  |
//! | `n_bins_`    | (p,)     | number of bins of each column                                  | 0.20  |
//! | `encode`     | text     | `ordinal`, or a column per bin: sparse (`onehot`), `onehot-dense` | 0.20 |
//! | `dtype`      | dtype or None | type the rows are turned into; None: they keep theirs     | 0.24  |
//!
//! A cell on an edge belongs to the bin above. Until 1.0 a cell just below an edge (`1e-8 + 1e-5 |x|`)
//! does too. `inverse_transform` gives the middle of the bin.
//!
//! Source of truth: `KBinsDiscretizer` in `sklearn/preprocessing/_discretization.py`.

use kernels::rows;

use crate::{
    Block, ClassSpec, ColumnHint, Csr, DataError, Dense, Dtype, Estimator, Method, Nan, Output,
    Precision, ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.preprocessing._discretization.KBinsDiscretizer"],
    methods: METHODS,
    read: |state| Ok(Box::new(KBinsDiscretizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct KBinsDiscretizer {
    columns: Vec<Bins>,
    encode: Encode,
    edges: Edges,
    /// `None` keeps the type of the rows.
    precision: Option<Precision>,
    /// Until 0.23 columns per bin are `float64`, whatever the rows are.
    keeps_precision: bool,
}

#[derive(Debug)]
struct Bins {
    edges: Vec<f64>,
    n: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encode {
    Ordinal,
    Sparse,
    Dense,
}

/// Where a cell near an edge belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edges {
    Exact,
    /// A cell that is close below counts as above.
    Close,
}

impl KBinsDiscretizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let edges = state.list("bin_edges_")?;
        let counts = state.get("n_bins_")?.as_ints()?;
        if counts.len() != edges.len() {
            let text = format!("has {} values, expected {}", counts.len(), edges.len());
            return Err(state.get("n_bins_")?.invalid(text));
        }
        state.n_features_in(edges.len())?;
        let columns = edges.iter().zip(counts).map(|(edges, n)| Bins::read(edges, n));
        let encode = match state.text("encode")? {
            "ordinal" => Encode::Ordinal,
            "onehot" => Encode::Sparse,
            "onehot-dense" => Encode::Dense,
            it => return Err(state.get("encode")?.unsupported(format!("is {it:?}"))),
        };
        let close = state.version() < Version::new(1, 1);
        Ok(Self {
            columns: ReadError::collect(columns)?,
            encode,
            edges: if close { Edges::Close } else { Edges::Exact },
            precision: state
                .optional("dtype")
                .map(|it| Dtype::read(&it))
                .transpose()?
                .map(Dtype::precision),
            keeps_precision: Version::new(0, 24) <= state.version(),
        })
    }

    fn n_out(&self) -> usize {
        match self.encode {
            Encode::Ordinal => self.columns.len(),
            Encode::Sparse | Encode::Dense => self.columns.iter().map(|it| it.n).sum(),
        }
    }

    fn transform(&self, mut x: Dense) -> Result<Block, DataError> {
        x.check_finite(Nan::Refused)?;
        x.dtype = self.precision.unwrap_or(x.precision()).into();
        x.round();
        let precision = x.precision();
        x.map_columns(|j, column| {
            let bins = &self.columns[j];
            match (self.edges, precision) {
                (Edges::Exact, _) => column.iter_mut().for_each(|x| *x = bins.number(*x)),
                (Edges::Close, Precision::Double) => {
                    let raised = |x: f64| x + (1e-8 + 1e-5 * x.abs());
                    column.iter_mut().for_each(|x| *x = bins.number(raised(*x)));
                }
                (Edges::Close, Precision::Single) => {
                    let raised = |x: f64| {
                        let x = x as f32;
                        f64::from(x + (1e-8 + 1e-5 * x.abs()))
                    };
                    column.iter_mut().for_each(|x| *x = bins.number(raised(*x)));
                }
            }
        });
        let kept = if self.keeps_precision { precision } else { Precision::Double };
        match self.encode {
            Encode::Ordinal => Ok(Block::Dense(x)),
            Encode::Dense => self.marks(&x, kept).map(Block::Dense),
            Encode::Sparse => Ok(Block::Sparse(self.sparse_marks(&x, kept))),
        }
    }

    fn marks(&self, x: &Dense, precision: Precision) -> Result<Dense, DataError> {
        let mut marks = Vec::with_capacity(self.n_out());
        for (bins, numbers) in self.columns.iter().zip(x.columns()) {
            for bin in 0..bins.n {
                let mark = |x: &f64| f64::from(u8::from(*x == bin as f64));
                marks.push(numbers.iter().map(mark).collect());
            }
        }
        let mut marks = Dense::new(x.n_rows(), marks)?;
        marks.dtype = precision.into();
        Ok(marks)
    }

    fn sparse_marks(&self, x: &Dense, precision: Precision) -> Csr {
        let mut marks = Csr::new(self.n_out());
        marks.dtype = precision.into();
        marks.reserve(x.n_rows(), x.n_rows() * self.columns.len());
        for row in 0..x.n_rows() {
            let mut start = 0;
            for (bins, numbers) in self.columns.iter().zip(x.columns()) {
                marks.push(start + numbers[row] as usize, 1.0);
                start += bins.n;
            }
            marks.end_row();
        }
        marks
    }

    fn inverse_transform(&self, x: Dense) -> Result<Dense, DataError> {
        x.check_finite(Nan::Refused)?;
        let mut x = if self.encode == Encode::Ordinal { x } else { self.numbers(&x)? };
        for (j, bins) in self.columns.iter().enumerate() {
            if let Some(row) = x.column(j).iter().position(|x| !(0.0..bins.n as f64).contains(x)) {
                return Err(DataError::cell(row, j, format!("is no bin of {}", bins.n)));
            }
            let middle = |x: f64| {
                let bin = x as usize;
                (bins.edges[bin + 1] + bins.edges[bin]) * 0.5
            };
            x.column_mut(j).iter_mut().for_each(|x| *x = middle(*x));
        }
        x.round();
        Ok(x)
    }

    /// The numbers of the bins from a column per bin.
    fn numbers(&self, x: &Dense) -> Result<Dense, DataError> {
        let mut start = 0;
        let mut numbers = Vec::with_capacity(self.columns.len());
        for bins in &self.columns {
            let marks: Vec<Vec<f64>> =
                (start..start + bins.n).map(|j| x.column(j).to_vec()).collect();
            numbers.push(rows::argmax(&marks).into_iter().map(f64::from).collect());
            start += bins.n;
        }
        Dense::new(x.n_rows(), numbers)
    }
}

impl Bins {
    fn read(state: &State<'_>, n: i64) -> Result<Self, ReadError> {
        let edges = state.as_floats()?;
        let n = usize::try_from(n).ok().filter(|n| *n != 0 && edges.len() == *n + 1);
        let n = n.ok_or_else(|| state.invalid("are not one edge more than there are bins"))?;
        if !edges.is_sorted_by(|a, b| a <= b) {
            return Err(state.invalid("are not rising"));
        }
        Ok(Self { edges, n })
    }

    /// The number of inner edges that are not above `x`.
    fn number(&self, x: f64) -> f64 {
        let inner = self.edges.get(1..self.n).unwrap_or_default();
        inner.partition_point(|edge| *edge <= x) as f64
    }
}

impl Estimator for KBinsDiscretizer {
    fn n_features_in(&self) -> usize {
        self.columns.len()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        let middle = |it: &Bins| it.edges.get(it.edges.len() / 2).copied();
        let hint = |it: &Bins| middle(it).map(ColumnHint::of_number).unwrap_or_default();
        self.columns.iter().map(hint).collect()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => {
                self.transform(input.into_dense(self.columns.len())?).map(Output::Block)
            }
            Method::InverseTransform => {
                self.inverse_transform(input.into_dense(self.n_out())?).map(Output::dense)
            }
            _ => Err(unsupported("KBinsDiscretizer", method)),
        }
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        if self.encode == Encode::Ordinal {
            return Some(output);
        }
        let mut end = 0;
        self.columns.iter().position(|it| {
            end += it.n;
            output < end
        })
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.n_out())
    }
}
