//! Forests: every node layout and every way to walk gives the leaf that a plain walk gives.

use kernels::trees::{
    Fault, FaultKind, Float32Forest, Forest, Lane, Leaves, Narrow, Node, Number, SmallTrees, Split,
    Wide,
};

/// splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// A coarse grid, so that values meet thresholds, and now and then something odd.
    fn number(&mut self) -> f64 {
        match self.below(40) {
            0 => 0.1,
            1 => -0.0,
            2 => f64::from(0.1_f32),
            3 => 1e-40,
            _ => self.below(64) as f64 / 8.0 - 4.0,
        }
    }
}

/// A tree grown by splitting a random leaf, its nodes numbered in no particular order.
fn random_tree(random: &mut Random, n_features: usize, n_leaves: usize) -> Vec<Split> {
    let mut tree = vec![Split::LEAF];
    let mut leaves = vec![0];
    while leaves.len() < n_leaves {
        let at = random.below(leaves.len());
        let node = leaves.swap_remove(at);
        let first = tree.len();
        let (left, right) =
            if random.below(2) == 0 { (first, first + 1) } else { (first + 1, first) };
        tree[node] = Split {
            left: left as i64,
            right: right as i64,
            feature: random.below(n_features) as i64,
            threshold: random.number(),
            missing_left: random.below(2) == 0,
            ..Split::LEAF
        };
        tree.extend([Split::LEAF, Split::LEAF]);
        leaves.extend([first, first + 1]);
    }
    tree
}

fn columns(random: &mut Random, n_features: usize, n_rows: usize, missing: bool) -> Vec<Vec<f64>> {
    let mut cell = || if missing && random.below(5) == 0 { f64::NAN } else { random.number() };
    (0..n_features).map(|_| (0..n_rows).map(|_| cell()).collect()).collect()
}

/// What scikit-learn does: compares the cell with the `f64` threshold.
fn plain_leaf<T: Number + Into<f64>>(tree: &[Split], row: &[f64]) -> u32 {
    let mut node = 0;
    while tree[node].left != -1 {
        let split = tree[node];
        let x: f64 = T::cell(row[split.feature as usize]).into();
        let left = if x.is_nan() { split.missing_left } else { x <= split.threshold };
        node = if left { split.left } else { split.right } as usize;
    }
    node as u32
}

fn leaves_of<N: Node>(forest: &Forest<N>, columns: &[Vec<f64>], n_rows: usize) -> Vec<Vec<u32>> {
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let mut leaves = vec![vec![]; forest.n_trees()];
    forest.leaves(&slices, n_rows, |it: Leaves<'_>| {
        assert_eq!(leaves[it.tree].len(), it.first_row, "rows come in order");
        leaves[it.tree].extend(it.places.iter().map(|&place| forest.number(place)));
    });
    leaves
}

fn check<N: Node>(seed: u64, n_features: usize, n_rows: usize, missing: bool)
where
    N::Value: Into<f64>,
{
    let mut random = Random(seed);
    let trees: Vec<Vec<Split>> =
        (0..21).map(|i| random_tree(&mut random, n_features, [1, 2, 7, 31, 300][i % 5])).collect();
    let mut forest = Forest::<N>::new(n_features);
    trees.iter().for_each(|tree| forest.push(tree).expect("a grown tree"));
    let columns = columns(&mut random, n_features, n_rows, missing);
    let leaves = leaves_of(&forest, &columns, n_rows);
    for row in 0..n_rows {
        let cells: Vec<f64> = columns.iter().map(|it| it[row]).collect();
        for (tree, leaves) in trees.iter().zip(&leaves) {
            assert_eq!(leaves[row], plain_leaf::<N::Value>(tree, &cells), "row {row} {cells:?}");
        }
        if row < 20 {
            let alone: Vec<Vec<f64>> = cells.iter().map(|x| vec![*x]).collect();
            let alone = leaves_of(&forest, &alone, 1);
            assert!(alone.iter().zip(&leaves).all(|(one, all)| one[0] == all[row]));
        }
    }
}

#[test]
fn every_layout_and_block_size_finds_the_leaf_of_a_plain_walk() {
    for (seed, n_rows) in [1, 5, 7, 8, 16, 17, 40, 2100].into_iter().enumerate() {
        for missing in [false, true] {
            check::<Narrow>(seed as u64, 5, n_rows, missing);
            check::<Wide<f32>>(seed as u64, 1, n_rows, missing);
            check::<Wide<f64>>(seed as u64, 9, n_rows, missing);
        }
    }
    check::<Narrow>(99, 3000, 70, false);
}

#[test]
fn a_chain_as_deep_as_it_is_long_is_walked_to_its_end() {
    let n = 40_000;
    let mut tree = Vec::new();
    for i in 0..n {
        tree.push(Split { left: 2 * i + 1, right: 2 * i + 2, threshold: -1.0, ..Split::LEAF });
        tree.push(Split::LEAF);
    }
    tree.push(Split::LEAF);
    let mut forest = Float32Forest::new(1, tree.len());
    forest.push(&tree).unwrap();
    forest.leaves(&[&[0.0, -2.0]], 2, |it| {
        assert_eq!(
            it.places.iter().map(|it| forest.number(*it)).collect::<Vec<_>>(),
            match it.first_row {
                0 => [2 * n as u32],
                _ => [1],
            }
        );
    });
}

#[test]
fn trees_that_are_too_large_for_narrow_nodes_get_wide_ones() {
    assert!(matches!(Float32Forest::new(8, 1 << 28), Float32Forest::Narrow(_)));
    assert!(matches!(Float32Forest::new(8, (1 << 28) + 1), Float32Forest::Wide(_)));
    assert!(matches!(Float32Forest::new(1 << 20, 1 << 12), Float32Forest::Wide(_)));
}

#[test]
fn what_is_not_a_tree_is_refused_with_the_node() {
    let split = |left, right| Split { left, right, ..Split::LEAF };
    let fault = |tree: &[Split]| Forest::<Narrow>::new(2).push(tree).unwrap_err();
    let at = |node, kind| Fault { node, kind };
    assert_eq!(fault(&[]), at(0, FaultKind::Empty));
    assert_eq!(fault(&[split(1, 3), Split::LEAF, Split::LEAF]), at(0, FaultKind::Child(3)));
    assert_eq!(fault(&[split(1, -1), Split::LEAF]), at(0, FaultKind::Child(-1)));
    assert_eq!(fault(&[split(-2, 1), Split::LEAF]), at(0, FaultKind::Child(-2)));
    assert_eq!(fault(&[split(1, 1), Split::LEAF]), at(0, FaultKind::Shared(1)));
    assert_eq!(fault(&[split(0, 1), Split::LEAF]), at(0, FaultKind::Shared(0)));
    let cycle = [split(1, 2), split(3, 4), Split::LEAF, split(1, 4), Split::LEAF];
    assert_eq!(fault(&cycle), at(3, FaultKind::Shared(1)));
    let column = [Split { feature: 2, ..split(1, 2) }, Split::LEAF, Split::LEAF];
    assert_eq!(fault(&column), at(0, FaultKind::Feature(2)));
    assert_eq!(Forest::<Narrow>::new(0).push(&column).unwrap_err(), at(0, FaultKind::Feature(0)));
    assert_eq!(
        at(3, FaultKind::Shared(1)).to_string(),
        "node 3 has the child 1, which has another parent or is the root"
    );
}

fn sums_agree<N: Node>(seed: u64, n_rows: usize, n_columns: usize, missing: bool)
where
    N::Value: Lane,
{
    let mut random = Random(seed);
    let n_features = 5;
    let mut forest = Forest::<N>::new(n_features);
    let mut small = SmallTrees::<N::Value>::new(n_features);
    let mut values = Vec::new();
    for i in 0..150 {
        let tree = random_tree(&mut random, n_features, [1, 2, 8, 31, 32][i % 5]);
        let held: Vec<f64> = tree.iter().map(|_| random.number() / 3.0).collect();
        forest.push(&tree).expect("a grown tree");
        assert!(small.push(&tree, |node| held[node]), "32 leaves fit");
        values.extend(forest.numbers(i).iter().map(|&node| held[node as usize]));
    }
    let columns = columns(&mut random, n_features, n_rows, missing);
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let mut walked = vec![vec![0.1; n_rows]; n_columns];
    let mut masked = walked.clone();
    forest.leaves(&slices, n_rows, |it| {
        it.add(&values, &mut walked[it.tree % n_columns][it.first_row..]);
    });
    small.add(&slices, n_rows, &mut masked);
    assert_eq!(masked, walked, "{n_rows} rows");
}

#[test]
fn small_trees_give_the_sums_of_walked_ones() {
    for (seed, n_rows) in [0, 1, 7, 8, 9, 31, 32, 33, 300].into_iter().enumerate() {
        for missing in [false, true] {
            sums_agree::<Narrow>(seed as u64, n_rows, 1, missing);
            sums_agree::<Wide<f64>>(seed as u64, n_rows, 3, missing);
        }
    }
}

#[test]
fn a_tree_with_33_leaves_is_not_small() {
    let tree = random_tree(&mut Random(1), 2, 33);
    let mut small = SmallTrees::<f32>::new(2);
    assert!(!small.push(&tree, |_| 0.0));
    assert_eq!(small.n_trees(), 0);
}
