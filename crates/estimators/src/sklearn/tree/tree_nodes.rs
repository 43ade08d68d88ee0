//! `tree_`, the compiled part of every tree: nodes and values, straight from their buffers.
//!
//! | attribute              | shape                     | meaning                                | since |
//! |------------------------|---------------------------|----------------------------------------|-------|
//! | constructor arguments  | 3                         | features, classes per output, outputs  | any   |
//! | `nodes`                | (nodes,) of a struct      | the fields below                       | any   |
//! | `.left_child`          | int                       | -1: a leaf                             | any   |
//! | `.right_child`         | int                       |                                        | any   |
//! | `.feature`             | int                       | column compared                        | any   |
//! | `.threshold`           | float64                   | left if the value is `<=`              | any   |
//! | `.missing_go_to_left`  | uint8                     | where a missing value goes             | 1.3   |
//! | `values`               | (nodes, outputs, classes) | a regressor's, or classes' weights                  | any   |
//!
//! Integers have the pointer's size of the machine that trained: 8 bytes or 4.
//!
//! Source of truth: `Tree.__reduce__`, `_apply_dense` in `sklearn/tree/_tree.pyx`.

use kernels::trees::{Float32Forest, Split};
use object_graph::{Array, ByteOrder, Dtype, Scalar};

use crate::hints::of_thresholds;
use crate::{ColumnHint, Nan, ReadError, State};

/// The trees of one model, and what their leaves hold.
#[derive(Debug)]
pub(crate) struct Trees {
    pub(crate) forest: Float32Forest,
    pub(crate) n_outputs: usize,
    pub(crate) nan: Nan,
}

impl Trees {
    /// Reads the `tree_` of every estimator in `trees`, and hands each to `each` once it is in the forest.
    pub(crate) fn read(
        model: &State<'_>,
        trees: &[State<'_>],
        nan: Nan,
        each: impl FnMut(&ReadTree<'_>) -> Result<(), ReadError>,
    ) -> Result<Self, ReadError> {
        Self::read_over(model, trees, nan, None, each)
    }

    /// As [`Trees::read`]; if `subsets` are given each tree sees some of the model's columns only.
    pub(crate) fn read_over(
        model: &State<'_>,
        trees: &[State<'_>],
        nan: Nan,
        subsets: Option<&Subsets>,
        mut each: impl FnMut(&ReadTree<'_>) -> Result<(), ReadError>,
    ) -> Result<Self, ReadError> {
        let mut parts = Vec::with_capacity(trees.len());
        for tree in trees {
            parts.push(Parts::read(tree)?);
        }
        let Some(first) = parts.first() else {
            return Err(model.invalid("has no trees"));
        };
        let largest = parts.iter().map(|it| it.nodes.len()).max().unwrap_or(0);
        let n_features = subsets.map_or(first.n_features, |it| it.n_features);
        let mut forest = Float32Forest::new(n_features, largest);
        let mut splits = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            part.check_like(first)?;
            part.splits(&mut splits)?;
            if let Some(subsets) = subsets {
                subsets.apply(index, &mut splits);
            }
            forest.push(&splits).map_err(|it| part.tree.invalid(it.to_string()))?;
            each(&ReadTree {
                tree: &part.tree,
                part,
                n_features,
                n_outputs: part.n_outputs,
                max_n_classes: part.max_n_classes,
                splits: &splits,
                numbers: forest.numbers(index),
                values: &part.values.as_floats()?,
            })?;
        }
        Ok(Self { forest, n_outputs: first.n_outputs, nan })
    }

    /// Number of columns.
    pub(crate) fn n_features(&self) -> usize {
        self.forest.n_features()
    }

    /// What the thresholds tell of the columns.
    pub(crate) fn column_hints(&self) -> Vec<ColumnHint> {
        of_thresholds(self.n_features(), self.forest.thresholds())
    }
}

/// The columns that each of several trees sees.
pub(crate) struct Subsets {
    /// Number of the model's columns.
    pub(crate) n_features: usize,
    /// For each tree, the model's column for each of its own.
    pub(crate) features: Vec<Vec<i64>>,
}

impl Subsets {
    /// Writes the model's columns for the tree's own; one that is not there becomes -1.
    fn apply(&self, tree: usize, splits: &mut [Split]) {
        let features = self.features.get(tree).map_or(&[][..], Vec::as_slice);
        for split in splits.iter_mut().filter(|it| it.left != -1) {
            let place = usize::try_from(split.feature).ok();
            split.feature = place.and_then(|it| features.get(it)).copied().unwrap_or(-1);
        }
    }
}

/// One `tree_`, read and checked.
pub(crate) struct ReadTree<'a> {
    pub(crate) tree: &'a State<'a>,
    part: &'a Parts<'a>,
    pub(crate) n_features: usize,
    pub(crate) n_outputs: usize,
    /// The most classes an output has; 1 for a regressor.
    pub(crate) max_n_classes: usize,
    /// Its nodes, in the order of the file.
    pub(crate) splits: &'a [Split],
    /// The number of each place of the forest that the tree takes.
    pub(crate) numbers: &'a [u32],
    /// `n_outputs * max_n_classes` values per node, in the order of the file.
    values: &'a [f64],
}

impl ReadTree<'_> {
    /// What a node holds, by its number in the file.
    pub(crate) fn values(&self, number: usize) -> &[f64] {
        let width = self.n_outputs * self.max_n_classes;
        self.values.get(number * width..(number + 1) * width).unwrap_or(&[])
    }

    /// An integer field of all nodes, in the order of the file.
    pub(crate) fn ints(&self, field: &str) -> Result<Vec<i64>, ReadError> {
        self.part.ints(field)
    }

    /// Whether a node is a leaf, by its number in the file.
    pub(crate) fn is_leaf(&self, number: usize) -> bool {
        self.splits.get(number).is_none_or(|it| it.left == -1)
    }
}

/// One `tree_` before its nodes are looked at.
pub(super) struct Parts<'g> {
    pub(super) tree: State<'g>,
    nodes: &'g Array,
    values: State<'g>,
    pub(super) n_features: usize,
    n_outputs: usize,
    max_n_classes: usize,
}

impl<'g> Parts<'g> {
    pub(super) fn read(estimator: &State<'g>) -> Result<Self, ReadError> {
        let tree = estimator.get("tree_")?;
        let class = tree.class().map(|it| it.to_string()).unwrap_or_default();
        if class != "sklearn.tree._tree.Tree" {
            return Err(tree.wrong("a sklearn.tree._tree.Tree"));
        }
        let nodes = tree.array("nodes")?;
        let values = tree.get("values")?;
        let shape = &*tree.array("values")?.shape;
        let [n_values, n_outputs, max_n_classes] = *shape else {
            return Err(values.wrong("values of three dimensions"));
        };
        if nodes.shape.len() != 1 || n_values != nodes.len() {
            let text = format!("has {n_values} rows for {} nodes", nodes.len());
            return Err(values.invalid(text));
        }
        if n_outputs == 0 || max_n_classes == 0 {
            return Err(values.invalid("has no values"));
        }
        let args = tree.value().as_object().map(object_graph::Object::args);
        let n_features = args.and_then(|it| it.items()?.get(0)?.as_i64());
        let n_features = n_features.and_then(|it| usize::try_from(it).ok());
        match n_features.filter(|it| (1..=1 << 30).contains(it)) {
            None => Err(tree.invalid("does not say how many features it has")),
            Some(n_features) => {
                Ok(Self { tree, nodes, values, n_features, n_outputs, max_n_classes })
            }
        }
    }

    fn check_like(&self, other: &Self) -> Result<(), ReadError> {
        let shape = |it: &Self| (it.n_features, it.n_outputs, it.max_n_classes);
        let (found, expected) = (shape(self), shape(other));
        if found == expected {
            return Ok(());
        }
        Err(self.tree.invalid(format!(
            "has (features, outputs, classes) {found:?}, but the first tree {expected:?}"
        )))
    }

    /// A field of all nodes.
    pub(super) fn floats(&self, name: &str) -> Result<Vec<f64>, ReadError> {
        let wrong = || self.tree.wrong(&format!("nodes with a {name}"));
        let field = Place::of(&self.nodes.dtype, name).ok_or_else(wrong)?;
        let bytes = self.nodes.bytes(self.tree.value().graph()).ok_or_else(wrong)?;
        self.tree.charge(self.nodes.len().saturating_mul(8))?;
        let size = self.nodes.dtype.itemsize.max(1);
        Ok(bytes.chunks_exact(size).map(|node| field.float(node)).collect())
    }

    fn ints(&self, name: &str) -> Result<Vec<i64>, ReadError> {
        let wrong = || self.tree.wrong(&format!("nodes with a {name}"));
        let field = Place::of(&self.nodes.dtype, name).ok_or_else(wrong)?;
        let bytes = self.nodes.bytes(self.tree.value().graph()).ok_or_else(wrong)?;
        self.tree.charge(self.nodes.len().saturating_mul(8))?;
        let size = self.nodes.dtype.itemsize.max(1);
        Ok(bytes.chunks_exact(size).map(|node| field.int(node)).collect())
    }

    /// All nodes, written over `splits`.
    pub(super) fn splits(&self, splits: &mut Vec<Split>) -> Result<(), ReadError> {
        let graph = self.tree.value().graph();
        let dtype = &self.nodes.dtype;
        let nodes = self.tree.get("nodes")?;
        let bytes = self.nodes.bytes(graph).ok_or_else(|| nodes.wrong("an array of nodes"))?;
        let field = |name: &str| {
            Place::of(dtype, name).ok_or_else(|| nodes.wrong(&format!("nodes with a {name}")))
        };
        let (left, right) = (field("left_child")?, field("right_child")?);
        let (feature, threshold) = (field("feature")?, field("threshold")?);
        let missing = dtype.field("missing_go_to_left").map(|_| field("missing_go_to_left"));
        let missing = missing.transpose()?;
        self.tree.charge(bytes.len() / 2)?;
        splits.clear();
        splits.extend(bytes.chunks_exact(dtype.itemsize.max(1)).map(|node| Split {
            left: left.int(node),
            right: right.int(node),
            feature: feature.int(node),
            threshold: threshold.float(node),
            missing_left: missing.as_ref().is_some_and(|it| it.int(node) != 0),
            ..Split::LEAF
        }));
        Ok(())
    }
}

/// Where a field lies in a node.
pub(crate) struct Place {
    start: usize,
    size: usize,
    order: ByteOrder,
    kind: Scalar,
}

impl Place {
    /// The field `name`, if it is a number that fits into a node.
    pub(crate) fn of(dtype: &Dtype, name: &str) -> Option<Self> {
        let field = dtype.field(name)?;
        let size = field.dtype.itemsize;
        let number = matches!(field.dtype.scalar, Scalar::Int | Scalar::UInt | Scalar::Bool)
            || (field.dtype.scalar == Scalar::Float && (size == 4 || size == 8));
        let fits = field.offset.checked_add(size).is_some_and(|end| end <= dtype.itemsize);
        (field.shape.is_empty() && number && matches!(size, 1 | 2 | 4 | 8) && fits).then(|| Self {
            start: field.offset,
            size,
            order: field.dtype.order,
            kind: field.dtype.scalar.clone(),
        })
    }

    /// The field as an integer; a float is cut off.
    #[inline]
    pub(crate) fn int(&self, node: &[u8]) -> i64 {
        let bits = self.bits(node);
        match self.kind {
            Scalar::Int => {
                let unused = 64 - 8 * self.size as u32;
                (bits << unused).cast_signed() >> unused
            }
            Scalar::Float => self.float(node) as i64,
            _ => bits.cast_signed(),
        }
    }

    /// The field as a float.
    #[inline]
    pub(crate) fn float(&self, node: &[u8]) -> f64 {
        let bits = self.bits(node);
        match (&self.kind, self.size) {
            (Scalar::Float, 8) => f64::from_bits(bits),
            (Scalar::Float, _) => f64::from(f32::from_bits(bits as u32)),
            _ => self.int(node) as f64,
        }
    }

    #[inline]
    fn bits(&self, node: &[u8]) -> u64 {
        let cell = &node[self.start..self.start + self.size];
        if let (ByteOrder::Little, Ok(cell)) = (self.order, cell.try_into()) {
            return u64::from_le_bytes(cell);
        }
        let fold = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        match self.order {
            ByteOrder::Little => cell.iter().rev().fold(0, fold),
            ByteOrder::Big => cell.iter().fold(0, fold),
        }
    }
}
