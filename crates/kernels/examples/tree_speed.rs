//! How long a row takes through forests of several shapes, one thread: `cargo run --release -p kernels
//! --example tree_speed`. Trees are grown on random points until a leaf holds few, as real ones are.

#![allow(clippy::print_stdout)] // The numbers are what this is for.

use std::hint::black_box;
use std::time::Instant;

use kernels::trees::{Float32Forest, SmallTrees, Split};

const N_FEATURES: usize = 8;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        f64::from((self.next() >> 40) as f32 / 16_777_216.0)
    }
}

/// Splits at the middle of two points of the node, until `n_leaves` are there; largest node first.
fn grow(random: &mut Random, n_points: usize, n_leaves: usize, max_depth: usize) -> Vec<Split> {
    let points: Vec<[f64; N_FEATURES]> =
        (0..n_points).map(|_| std::array::from_fn(|_| random.unit())).collect();
    let mut tree = vec![Split::LEAF];
    let mut open = std::collections::BTreeMap::new();
    open.insert((n_points, 0_usize), ((0..n_points).collect::<Vec<_>>(), 0));
    let mut leaves = 1;
    while leaves < n_leaves {
        let Some(((_, node), (mine, depth))) = open.pop_last() else { break };
        if mine.len() < 2 || depth == max_depth {
            continue;
        }
        let feature = (random.next() % N_FEATURES as u64) as usize;
        let one = points[mine[random.next() as usize % mine.len()]][feature];
        let two = points[mine[random.next() as usize % mine.len()]][feature];
        let threshold = (one + two) / 2.0;
        let (left, right): (Vec<_>, Vec<_>) =
            mine.iter().partition(|it| points[**it][feature] <= threshold);
        if left.is_empty() || right.is_empty() {
            open.insert((mine.len(), node), (mine, depth));
            continue;
        }
        let at = tree.len();
        tree[node] = Split {
            left: at as i64,
            right: at as i64 + 1,
            feature: feature as i64,
            threshold,
            missing_left: false,
            ..Split::LEAF
        };
        tree.extend([Split::LEAF, Split::LEAF]);
        open.insert((left.len(), at), (left, depth + 1));
        open.insert((right.len(), at + 1), (right, depth + 1));
        leaves += 1;
    }
    tree
}

fn measure(name: &str, trees: &[Vec<Split>]) {
    let largest = trees.iter().map(Vec::len).max().unwrap_or(0);
    let mut forest = Float32Forest::new(N_FEATURES, largest);
    let begin = Instant::now();
    trees.iter().for_each(|it| forest.push(it).expect("a grown tree is a tree"));
    let load = begin.elapsed();
    let nodes: usize = trees.iter().map(Vec::len).sum();
    let mut random = Random(7);
    let n_rows = 20_000;
    let columns: Vec<Vec<f64>> =
        (0..N_FEATURES).map(|_| (0..n_rows).map(|_| random.unit()).collect()).collect();
    let values: Vec<f64> = (0..nodes).map(|_| random.unit()).collect();
    let walk = |columns: &[&[f64]], n_rows: usize, sums: &mut [Vec<f64>]| {
        forest.leaves(columns, n_rows, |it| it.add(&values, &mut sums[0][it.first_row..]));
    };
    report(&format!("{name}, walked ({nodes} nodes, read in {load:.1?})"), &columns, walk);
    let mut small = SmallTrees::<f32>::new(N_FEATURES);
    if trees.iter().all(|it| small.push(it, |node| values[node])) {
        let add =
            |columns: &[&[f64]], n_rows, sums: &mut [Vec<f64>]| small.add(columns, n_rows, sums);
        report(&format!("{name}, small trees"), &columns, add);
    }
}

fn report(name: &str, columns: &[Vec<f64>], add: impl Fn(&[&[f64]], usize, &mut [Vec<f64>])) {
    let (batch, one) = (best(20_000, 2048, columns, &add), best(2000, 1, columns, &add));
    println!("{batch:>9.1} ns/row in blocks of 2,048 {one:>9.1} ns one row   {name}");
}

/// Best of several runs, ns per row, rows given in blocks.
fn best(
    n_rows: usize,
    block: usize,
    columns: &[Vec<f64>],
    add: impl Fn(&[&[f64]], usize, &mut [Vec<f64>]),
) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begin = Instant::now();
        for first in (0..n_rows).step_by(block) {
            let end = n_rows.min(first + block);
            let slices: Vec<&[f64]> = columns.iter().map(|it| &it[first..end]).collect();
            let mut sums = [vec![0.0; end - first]];
            add(&slices, end - first, &mut sums);
            black_box(&sums);
        }
        best = best.min(begin.elapsed().as_secs_f64() * 1e9 / n_rows as f64);
    }
    best
}

fn main() {
    let mut random = Random(1);
    let mut trees = |n, points, leaves, depth| -> Vec<Vec<Split>> {
        (0..n).map(|_| grow(&mut random, points, leaves, depth)).collect()
    };
    measure("100 trees, depth 3", &trees(100, 2000, 8, 3));
    measure("100 trees, depth 6", &trees(100, 4000, 64, 6));
    measure("100 trees, 31 leaves", &trees(100, 2000, 31, 99));
    measure("100 trees, 255 leaves", &trees(100, 8000, 255, 99));
    measure("100 trees, deep", &trees(100, 11_500, 11_500, 99));
}
