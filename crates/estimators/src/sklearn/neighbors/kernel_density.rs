//! `KernelDensity`: how likely a row is among the training rows.
//!
//! | attribute       | shape         | meaning                                                          | since |
//! |-----------------|---------------|------------------------------------------------------------------|-------|
//! | `tree_`         | object        | training rows, their weights and the metric, see `search_tree.rs` | any  |
//! | `kernel`        | text          | `gaussian`, `tophat`, `epanechnikov`, `exponential`, `linear`, `cosine` | any |
//! | `bandwidth_`    | float         | its width; until 1.1 `bandwidth`                                 | 1.2   |
//! | `atol`, `rtol`  | float         | tolerances of the density; 0: every training row counts          | any   |
//! | `breadth_first` | bool          | the order of the search                                          | any   |
//!
//! Output: `score_samples` gives the logarithm of the density, (n,).
//!
//! Source of truth: `sklearn/neighbors/_kde.py`, `kernel_density` in `_binary_tree.pxi.tp`.

use kernels::neighbors::density::{Density, Kernel, Search, Settings};
use kernels::sum::pairwise_sum;

use super::search_tree::read_tree;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Nan, Output, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._kde.KernelDensity",
        "sklearn.neighbors.kde.KernelDensity", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(KernelDensity::read(state)?)),
};

const METHODS: &[Method] = &[Method::ScoreSamples];

#[derive(Debug)]
struct KernelDensity {
    density: Density,
    n_features: usize,
}

impl KernelDensity {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let read = read_tree(&state.get("tree_")?)?;
        state.n_features_in(read.n_features)?;
        let name = if state.has("bandwidth_") { "bandwidth_" } else { "bandwidth" };
        let settings = Settings {
            kernel: read_kernel(state)?,
            bandwidth: state.float(name)?,
            absolute: state.float("atol")?,
            relative: state.float("rtol")?,
            search: match state.flag("breadth_first")? {
                true => Search::BreadthFirst,
                false => Search::DepthFirst,
            },
        };
        if settings.bandwidth.is_nan() || settings.bandwidth <= 0.0 {
            return Err(state.get(name)?.wrong("a width above 0"));
        }
        let weights = read.weights.as_ref().map(|it| (it.as_slice(), pairwise_sum(it)));
        let density = Density::new(read.tree, weights, settings);
        Ok(Self { density, n_features: read.n_features })
    }
}

fn read_kernel(state: &State<'_>) -> Result<Kernel, ReadError> {
    match state.text("kernel")? {
        "gaussian" => Ok(Kernel::Gaussian),
        "tophat" => Ok(Kernel::Tophat),
        "epanechnikov" => Ok(Kernel::Epanechnikov),
        "exponential" => Ok(Kernel::Exponential),
        "linear" => Ok(Kernel::Linear),
        "cosine" => Ok(Kernel::Cosine),
        it => Err(state.get("kernel")?.unsupported(format!("is {it:?}"))),
    }
}

impl Estimator for KernelDensity {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::ScoreSamples {
            return Err(unsupported("KernelDensity", method));
        }
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block("the rows are sparse, and the model takes none"));
        }
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        let mut row = Vec::new();
        let mut log_density = |index| {
            x.copy_row(index, &mut row);
            self.density.log_density(&row)
        };
        Ok(Output::floats((0..x.n_rows()).map(&mut log_density).collect()))
    }
}
