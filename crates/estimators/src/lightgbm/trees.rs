//! The trees of a model as a forest.

use std::ops::Range;

use kernels::trees::{Coded, Fault, Forest, Leaves, SmallTrees, Split, Wide};

use super::header::{Header, Source};
use super::linear_leaves::LinearLeaves;
use super::tree::Tree;
use crate::hints::of_thresholds;
use crate::{ColumnHint, Dense, ReadError, State};

#[derive(Debug)]
pub(super) struct Trees {
    forest: AnyForest,
    /// What the leaf at each place adds; 0 at inner nodes.
    values: Vec<f64>,
    /// Of each tree, how many nodes stand before its leaves.
    n_nodes: Vec<u32>,
    /// The same trees once more, if they are all small: a faster way to their sums.
    small: Option<SmallTrees<f64>>,
    /// If any tree has leaves with linear models: those of all trees.
    linear: Option<LinearLeaves>,
    n_columns: usize,
}

#[derive(Debug)]
enum AnyForest {
    Plain(Forest<Wide<f64>>),
    Coded(Forest<Coded>),
}

impl AnyForest {
    fn push(&mut self, tree: &[Split]) -> Result<(), Fault> {
        match self {
            Self::Plain(it) => it.push(tree),
            Self::Coded(it) => it.push(tree),
        }
    }

    fn numbers(&self, tree: usize) -> &[u32] {
        match self {
            Self::Plain(it) => it.numbers(tree),
            Self::Coded(it) => it.numbers(tree),
        }
    }

    fn number(&self, place: u32) -> u32 {
        match self {
            Self::Plain(it) => it.number(place),
            Self::Coded(it) => it.number(place),
        }
    }

    fn n_trees(&self) -> usize {
        match self {
            Self::Plain(it) => it.n_trees(),
            Self::Coded(it) => it.n_trees(),
        }
    }

    fn leaves(&self, columns: &[&[f64]], n_rows: usize, visit: impl FnMut(Leaves<'_>)) {
        match self {
            Self::Plain(it) => it.leaves(columns, n_rows, visit),
            Self::Coded(it) => it.leaves(columns, n_rows, visit),
        }
    }
}

impl Trees {
    /// What the thresholds tell of the columns.
    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        match &self.forest {
            AnyForest::Plain(it) => of_thresholds(it.n_features(), it.thresholds()),
            AnyForest::Coded(it) => of_thresholds(it.n_features(), it.thresholds()),
        }
    }

    /// Reads the trees of those iterations that there are.
    pub(super) fn read(
        source: &Source<'_>,
        header: &Header,
        iterations: Range<usize>,
        state: &State<'_>,
    ) -> Result<Self, ReadError> {
        let tree_at = |it: usize| it.saturating_mul(header.n_columns);
        let wanted = &(tree_at(iterations.start)..tree_at(iterations.end));
        let plain = AnyForest::Plain(Forest::new(header.n_features()));
        if let Some(trees) = Self::read_into(plain, source.clone(), header, wanted, state)? {
            return Ok(trees);
        }
        let coded = AnyForest::Coded(Forest::new(header.n_features()));
        let trees = Self::read_into(coded, source.clone(), header, wanted, state)?;
        trees.ok_or_else(|| state.invalid("has splits of no known kind"))
    }

    /// `None` if the forest's nodes can't split as a tree does.
    fn read_into(
        forest: AnyForest,
        mut source: Source<'_>,
        header: &Header,
        wanted: &Range<usize>,
        state: &State<'_>,
    ) -> Result<Option<Self>, ReadError> {
        let mut trees = Self {
            forest,
            values: Vec::new(),
            n_nodes: Vec::new(),
            small: Some(SmallTrees::new(header.n_features())),
            linear: None,
            n_columns: header.n_columns,
        };
        let mut tree = Tree::default();
        let mut found = 0;
        while source.next(wanted.contains(&found).then_some(&mut tree), header, state)? {
            if wanted.contains(&found) {
                state.charge(tree.bytes())?;
                let invalid = |text| state.invalid(format!("Tree={found}: {text}"));
                if !trees.push(&mut tree, header.n_features()).map_err(invalid)? {
                    return Ok(None);
                }
            }
            found += 1;
        }
        if header.n_trees.is_some_and(|it| it != found) || found % header.n_columns != 0 {
            return Err(state.invalid(format!("has {found} trees: it is not whole")));
        }
        Ok(Some(trees))
    }

    /// Adds a tree; `false` if the forest's nodes can't split so.
    fn push(&mut self, tree: &mut Tree, n_features: usize) -> Result<bool, String> {
        match &mut self.forest {
            AnyForest::Coded(it) => tree.add_sets(it)?,
            AnyForest::Plain(_) if tree.splits().iter().any(|it| !it.is_plain()) => {
                return Ok(false);
            }
            AnyForest::Plain(_) => {}
        }
        self.forest.push(tree.splits()).map_err(|fault| fault.to_string())?;
        self.n_nodes.push(tree.n_nodes() as u32);
        let first_place = self.values.len();
        let numbers = self.forest.numbers(self.forest.n_trees() - 1);
        self.values.extend(numbers.iter().map(|&it| tree.value(it as usize)));
        if tree.linear && self.linear.is_none() {
            let mut linear = LinearLeaves::default();
            let before = &self.values[..first_place];
            before.iter().for_each(|&value| linear.push(value, value, [].into_iter()));
            self.linear = Some(linear);
        }
        if let Some(linear) = &mut self.linear {
            tree.add_linear(numbers, n_features, linear)?;
        }
        let small = |it: &mut SmallTrees<f64>| it.push(tree.splits(), |leaf| tree.value(leaf));
        if tree.linear || !self.small.as_mut().is_some_and(small) {
            self.small = None;
        }
        Ok(true)
    }

    /// Number of trees a column.
    pub(super) fn n_iterations(&self) -> usize {
        self.forest.n_trees() / self.n_columns
    }

    /// The sums of the trees, column by column.
    pub(super) fn sums(&self, x: &Dense) -> Vec<Vec<f64>> {
        let mut sums = vec![vec![0.0; x.n_rows()]; self.n_columns];
        let columns = x.slices();
        let pays = SmallTrees::<f64>::pays(x.n_rows()) && self.linear.is_none();
        if let Some(small) = self.small.as_ref().filter(|_| pays) {
            small.add(&columns, x.n_rows(), &mut sums);
            return sums;
        }
        self.forest.leaves(&columns, x.n_rows(), |it| {
            let sums = &mut sums[it.tree % self.n_columns][it.first_row..];
            let Some(linear) = &self.linear else { return it.add(&self.values, sums) };
            for (i, (sum, &place)) in sums.iter_mut().zip(it.places).enumerate() {
                *sum += linear.output(place, &columns, it.first_row + i);
            }
        });
        sums
    }

    /// The number of the leaf that each row falls in, tree by tree.
    pub(super) fn leaves(&self, x: &Dense) -> Vec<Vec<i64>> {
        let mut leaves = vec![Vec::with_capacity(x.n_rows()); self.forest.n_trees()];
        self.forest.leaves(&x.slices(), x.n_rows(), |it| {
            let leaf = |place: &u32| self.forest.number(*place) - self.n_nodes[it.tree];
            leaves[it.tree].extend(it.places.iter().map(|place| i64::from(leaf(place))));
        });
        leaves
    }
}
