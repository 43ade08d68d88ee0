//! `_predictors`: the trees of all iterations, one per column of raw predictions.
//!
//! | attribute                              | shape                          | meaning                                      | since |
//! |----------------------------------------|--------------------------------|----------------------------------------------|-------|
//! | `_predictors`                          | lists of lists of `TreePredictor` | a tree per iteration and column           | 0.21  |
//! | `.nodes`                               | (nodes,) of a struct           | the fields below                             | 0.21  |
//! | `.nodes.value`                         | float64                        | what a leaf adds                             | 0.21  |
//! | `.nodes.num_threshold`, `threshold`    | float64                        | left if `<=`; the second name until 0.23     | 0.21  |
//! | `.nodes.missing_go_to_left`            | uint8                          | where missing values go                      | 0.22  |
//! | `.nodes.is_categorical`, `bitset_idx`  | uint8, uint32                  | split by category, with which bitset         | 0.24  |
//! | `.raw_left_cat_bitsets`                | (splits, 8) of uint32          | the categories that go left                  | 0.24  |
//! | `_bin_mapper.is_categorical_`, `bin_thresholds_` | (p,), list of arrays | per categorical column the known categories  | 0.24  |
//! | `_baseline_prediction`                 | float, (K, 1) or (1, K)        | where the sums start                         | 0.21  |
//!
//! Source of truth: `_predict_one_from_raw_data` in `_hist_gradient_boosting/_predictor.pyx`,
//! `_BinMapper.make_known_categories_bitsets` in `binning.py`.

use kernels::trees::{
    Categories, CategorySplit, Fault, Forest, Leaves, Mixed, Negative, SmallTrees, Split, Wide,
};

use crate::hints::of_thresholds;
use crate::sklearn::tree::Place;
use crate::{ColumnHint, Dense, ReadError, State, Version};

#[derive(Debug)]
pub(super) struct Predictors {
    forest: AnyForest,
    /// What the leaf at each place adds; 0 at inner nodes.
    values: Vec<f64>,
    /// The same trees once more, if they are all small: a faster way to their sums.
    small: Option<SmallTrees<f64>>,
    /// Where each column of raw predictions starts.
    baseline: Vec<f64>,
}

#[derive(Debug)]
enum AnyForest {
    ByThreshold(Forest<Wide<f64>>),
    ByCategory(Forest<Mixed>),
}

impl AnyForest {
    fn push(&mut self, tree: &[Split]) -> Result<(), Fault> {
        match self {
            Self::ByThreshold(it) => it.push(tree),
            Self::ByCategory(it) => it.push(tree),
        }
    }

    fn numbers(&self, tree: usize) -> &[u32] {
        match self {
            Self::ByThreshold(it) => it.numbers(tree),
            Self::ByCategory(it) => it.numbers(tree),
        }
    }
}

impl Predictors {
    /// What the thresholds tell of the columns, in the order of the trees.
    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        match &self.forest {
            AnyForest::ByThreshold(it) => of_thresholds(it.n_features(), it.thresholds()),
            AnyForest::ByCategory(it) => of_thresholds(it.n_features(), it.thresholds()),
        }
    }

    /// Reads the trees over `n_features` columns.
    pub(super) fn read(state: &State<'_>, n_features: usize) -> Result<Self, ReadError> {
        let n_columns = state.count("n_trees_per_iteration_")?;
        let start = state.get("_baseline_prediction")?;
        let baseline = start.as_float().map(|it| vec![it]).or_else(|_| start.as_floats())?;
        if n_columns == 0 || baseline.len() != n_columns {
            let text = format!("has {} values for {n_columns} columns", baseline.len());
            return Err(start.invalid(text));
        }
        let known = known_categories(state, n_features)?;
        let negative = if state.version() < Version::new(1, 2) {
            Negative::Wrapped
        } else {
            Negative::Missing
        };
        let mut forest = if known.iter().any(Option::is_some) {
            AnyForest::ByCategory(Forest::with(n_features, Categories::new(negative)))
        } else {
            AnyForest::ByThreshold(Forest::new(n_features))
        };
        let mut values = Vec::new();
        let (mut splits, mut leaves) = (Vec::new(), Vec::new());
        let mut small = SmallTrees::new(n_features);
        let (mut n_trees, mut all_small) = (0, true);
        for iteration in state.list("_predictors")? {
            let trees = iteration.as_list()?;
            if trees.len() != n_columns {
                let text = format!("has {} trees, expected {n_columns}", trees.len());
                return Err(iteration.invalid(text));
            }
            for tree in &trees {
                read_tree(tree, &known, &mut splits, &mut leaves)?;
                forest.push(&splits).map_err(|it| tree.invalid(it.to_string()))?;
                let numbers = forest.numbers(n_trees).iter();
                values.extend(numbers.map(|&it| leaves.get(it as usize).copied().unwrap_or(0.0)));
                let leaf = |number| leaves.get(number).copied().unwrap_or(0.0);
                all_small = all_small && small.push(&splits, leaf);
                n_trees += 1;
            }
        }
        Ok(Self { forest, values, small: all_small.then_some(small), baseline })
    }

    /// Number of columns of raw predictions.
    pub(super) fn n_columns(&self) -> usize {
        self.baseline.len()
    }

    /// Raw predictions, column by column.
    pub(super) fn raw(&self, x: &Dense) -> Vec<Vec<f64>> {
        let n_columns = self.baseline.len();
        let mut sums: Vec<Vec<f64>> =
            self.baseline.iter().map(|&start| vec![start; x.n_rows()]).collect();
        let pays = SmallTrees::<f64>::pays(x.n_rows());
        if let Some(small) = self.small.as_ref().filter(|_| pays) {
            small.add(&x.slices(), x.n_rows(), &mut sums);
            return sums;
        }
        let add = |it: Leaves<'_>| {
            it.add(&self.values, &mut sums[it.tree % n_columns][it.first_row..]);
        };
        match &self.forest {
            AnyForest::ByThreshold(it) => it.leaves(&x.slices(), x.n_rows(), add),
            AnyForest::ByCategory(it) => it.leaves(&x.slices(), x.n_rows(), add),
        }
        sums
    }
}

/// For each column the bitset of its known categories, if it has categories.
fn known_categories(
    state: &State<'_>,
    n_features: usize,
) -> Result<Vec<Option<[u32; 8]>>, ReadError> {
    let mapper = match state.optional("_bin_mapper") {
        Some(it) => it,
        None => state.get("bin_mapper_")?,
    };
    if !mapper.has("is_categorical_") {
        return Ok(vec![None; n_features]);
    }
    let flags = mapper.ints("is_categorical_")?;
    let thresholds = mapper.list("bin_thresholds_")?;
    if flags.len() != n_features || thresholds.len() != n_features {
        return Err(mapper.invalid(format!("is not for {n_features} columns")));
    }
    let known = |(flag, categories): (&i64, &State<'_>)| {
        if *flag == 0 {
            return Ok(None);
        }
        let mut bits = [0_u32; 8];
        for category in categories.as_floats()? {
            if !(0.0..256.0).contains(&category) {
                return Err(categories.invalid(format!("has the category {category:?}")));
            }
            bits[category as usize / 32] |= 1 << (category as u32 % 32);
        }
        Ok(Some(bits))
    };
    flags.iter().zip(&thresholds).map(known).collect()
}

/// The nodes of one `TreePredictor`, written over `splits` and `leaves`.
fn read_tree(
    tree: &State<'_>,
    known: &[Option<[u32; 8]>],
    splits: &mut Vec<Split>,
    leaves: &mut Vec<f64>,
) -> Result<(), ReadError> {
    if tree.class().is_none_or(|it| it.name != "TreePredictor") {
        return Err(tree.wrong("a TreePredictor"));
    }
    let array = tree.array("nodes")?;
    let nodes = tree.get("nodes")?;
    let bytes = array.bytes(tree.value().graph()).ok_or_else(|| nodes.wrong("nodes"))?;
    let dtype = &array.dtype;
    let optional = |name: &str| Place::of(dtype, name);
    let field =
        |name: &str| optional(name).ok_or_else(|| nodes.wrong(&format!("nodes with a {name}")));
    let (value, feature, leaf) = (field("value")?, field("feature_idx")?, field("is_leaf")?);
    let (left, right) = (field("left")?, field("right")?);
    let threshold = optional("threshold").map_or_else(|| field("num_threshold"), Ok)?;
    let missing = optional("missing_go_to_left");
    let by_category = optional("is_categorical").zip(optional("bitset_idx"));
    let bitsets = match &by_category {
        Some(_) => tree.ints("raw_left_cat_bitsets")?,
        None => vec![],
    };
    tree.charge(bytes.len())?;
    splits.clear();
    leaves.clear();
    for (number, node) in bytes.chunks_exact(dtype.itemsize.max(1)).enumerate() {
        leaves.push(if leaf.int(node) != 0 { value.float(node) } else { 0.0 });
        if leaf.int(node) != 0 {
            splits.push(Split::LEAF);
            continue;
        }
        let feature = feature.int(node);
        let index = by_category.as_ref().filter(|(flag, _)| flag.int(node) != 0);
        let categories = index.map(|(_, index)| {
            let split = category_split(&bitsets, index.int(node), known, feature);
            split.ok_or_else(|| tree.invalid(format!("node {number} has no known categories")))
        });
        splits.push(Split {
            left: left.int(node),
            right: right.int(node),
            feature,
            threshold: threshold.float(node),
            missing_left: missing.as_ref().is_some_and(|it| it.int(node) != 0),
            categories: categories.transpose()?,
            ..Split::LEAF
        });
    }
    Ok(())
}

fn category_split(
    bitsets: &[i64],
    index: i64,
    known: &[Option<[u32; 8]>],
    feature: i64,
) -> Option<CategorySplit> {
    let (all, _) = bitsets.as_chunks::<8>();
    let left = all.get(usize::try_from(index).ok()?)?.map(|it| it as u32);
    let right = (*known.get(usize::try_from(feature).ok()?)?)?;
    Some(CategorySplit { left, right })
}
