//! A matrix packed once for products with vectors: panels of 64 outputs (8 at the end), and in a panel the
//! weights of one input after the other. The sums of a panel stay in registers while its weights stream by.
//!
//! Each output is a sum of chains of [`CHAIN`] fused steps, in the order of the inputs, whatever panel or block
//! it is in: one chain of all inputs would lose a digit of its end.

use crate::fused::{Work, with_fused_steps};

const LANES: usize = 8;
const WIDE: usize = 8 * LANES;
/// Vectors that share the weights that are read.
const ROWS: usize = 4;

/// Inputs that are summed by themselves.
const CHAIN: usize = 16;

/// Aligned, so that no load crosses a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Wide([[f32; LANES]; 8]);

#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Narrow([[f32; LANES]; 1]);

/// The weights of `n_out` outputs for `n_in` inputs.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    n_in: usize,
    n_out: usize,
    wide: Vec<Wide>,
    narrow: Vec<Narrow>,
}

impl Packed {
    /// From a row-major matrix, one row of `n_in` weights for each output.
    pub(super) fn new(weights: &[f32], n_in: usize) -> Self {
        let rows: Vec<&[f32]> =
            if n_in == 0 { vec![] } else { weights.chunks_exact(n_in).collect() };
        let (wide_rows, narrow_rows) = rows.split_at(rows.len() - rows.len() % WIDE);
        let cell = |rows: &[&[f32]], k: usize, at: usize| rows.get(at).map_or(0.0, |it| it[k]);
        let mut wide = Vec::with_capacity(wide_rows.len() / WIDE * n_in);
        for rows in wide_rows.chunks_exact(WIDE) {
            let lane = |k, lane| std::array::from_fn(|i| cell(rows, k, lane * LANES + i));
            wide.extend((0..n_in).map(|k| Wide(std::array::from_fn(|it| lane(k, it)))));
        }
        let mut narrow = Vec::with_capacity(narrow_rows.len().div_ceil(LANES) * n_in);
        for rows in narrow_rows.chunks(LANES) {
            narrow.extend((0..n_in).map(|k| Narrow([std::array::from_fn(|i| cell(rows, k, i))])));
        }
        Self { n_in, n_out: rows.len(), wide, narrow }
    }

    pub(super) fn n_in(&self) -> usize {
        self.n_in
    }

    pub(super) fn n_out(&self) -> usize {
        self.n_out
    }

    /// Adds the product with one vector to `sums`.
    #[inline(always)]
    pub(super) fn add(&self, x: &[f32], sums: &mut [f32]) {
        if self.n_in == 0 {
            return;
        }
        let (wide, narrow) = sums.split_at_mut(self.n_out - self.n_out % WIDE);
        let panels = self.wide.chunks_exact(self.n_in);
        for (panel, sums) in panels.zip(wide.as_chunks_mut::<WIDE>().0) {
            let mut all = [[0.0; LANES]; 8];
            all.as_flattened_mut().copy_from_slice(sums);
            for (panel, x) in panel.chunks(CHAIN).zip(x.chunks(CHAIN)) {
                let mut chain = [[0.0; LANES]; 8];
                for (weights, x) in panel.iter().zip(x) {
                    step(&mut chain, &weights.0, *x);
                }
                add_chain(&mut all, &chain);
            }
            sums.copy_from_slice(all.as_flattened());
        }
        self.add_narrow(x, narrow);
    }

    #[inline(always)]
    fn add_narrow(&self, x: &[f32], sums: &mut [f32]) {
        let panels = self.narrow.chunks_exact(self.n_in);
        for (panel, sums) in panels.zip(sums.chunks_mut(LANES)) {
            let mut all = [[0.0; LANES]; 1];
            all.as_flattened_mut()[..sums.len()].copy_from_slice(sums);
            for (panel, x) in panel.chunks(CHAIN).zip(x.chunks(CHAIN)) {
                let mut chain = [[0.0; LANES]; 1];
                for (weights, x) in panel.iter().zip(x) {
                    step(&mut chain, &weights.0, *x);
                }
                add_chain(&mut all, &chain);
            }
            sums.copy_from_slice(&all.as_flattened()[..sums.len()]);
        }
    }

    /// Adds the products with many vectors, one behind the other, to as many rows of sums.
    #[inline(always)]
    pub(super) fn add_all(&self, xs: &[f32], sums: &mut [f32]) {
        if self.n_in == 0 || self.n_out == 0 {
            return;
        }
        let mut xs = xs.chunks_exact(self.n_in);
        let mut rows = sums.chunks_exact_mut(self.n_out * ROWS);
        for rows in rows.by_ref() {
            let x: [&[f32]; ROWS] = std::array::from_fn(|_| xs.next().unwrap_or_default());
            self.add_block(&x, rows);
        }
        for (x, sums) in xs.zip(rows.into_remainder().chunks_exact_mut(self.n_out)) {
            self.add(x, sums);
        }
    }

    /// The products with four vectors; sixteen outputs at a time.
    #[inline(always)]
    fn add_block(&self, x: &[&[f32]; ROWS], sums: &mut [f32]) {
        let x: [&[f32]; ROWS] = std::array::from_fn(|r| x[r].get(..self.n_in).unwrap_or_default());
        for (p, panel) in self.wide.chunks_exact(self.n_in).enumerate() {
            for pair in 0..4 {
                let at = |r: usize| r * self.n_out + p * WIDE + pair * 2 * LANES;
                let mut all = [[[0.0; LANES]; 2]; ROWS];
                for (r, all) in all.iter_mut().enumerate() {
                    all.as_flattened_mut().copy_from_slice(&sums[at(r)..at(r) + 2 * LANES]);
                }
                for (c, panel) in panel.chunks(CHAIN).enumerate() {
                    let mut chains = [[[0.0; LANES]; 2]; ROWS];
                    for (k, weights) in panel.iter().enumerate() {
                        let weights = [weights.0[2 * pair], weights.0[2 * pair + 1]];
                        for r in 0..ROWS {
                            step(&mut chains[r], &weights, x[r][c * CHAIN + k]);
                        }
                    }
                    for r in 0..ROWS {
                        add_chain(&mut all[r], &chains[r]);
                    }
                }
                for (r, all) in all.iter().enumerate() {
                    sums[at(r)..at(r) + 2 * LANES].copy_from_slice(all.as_flattened());
                }
            }
        }
        let done = self.n_out - self.n_out % WIDE;
        for (r, x) in x.iter().enumerate() {
            self.add_narrow(x, &mut sums[r * self.n_out + done..(r + 1) * self.n_out]);
        }
    }
}

#[inline(always)]
fn step<const N: usize>(sums: &mut [[f32; LANES]; N], weights: &[[f32; LANES]; N], x: f32) {
    for (sums, weights) in sums.iter_mut().zip(weights) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum = weight.mul_add(x, *sum);
        }
    }
}

#[inline(always)]
fn add_chain<const N: usize>(sums: &mut [[f32; LANES]; N], chain: &[[f32; LANES]; N]) {
    for (sums, chain) in sums.iter_mut().zip(chain) {
        for (sum, chain) in sums.iter_mut().zip(chain) {
            *sum += chain;
        }
    }
}

/// A dense layer: `weights @ x + bias`.
#[derive(Debug, Clone)]
pub struct Dense {
    weights: Packed,
    bias: Vec<f32>,
}

impl Dense {
    /// From a row-major matrix of `bias.len()` rows of `n_in` weights.
    #[must_use]
    pub fn new(weights: &[f32], n_in: usize, bias: Vec<f32>) -> Self {
        Self { weights: Packed::new(weights, n_in), bias }
    }

    /// Number of outputs.
    #[must_use]
    pub fn n_out(&self) -> usize {
        self.bias.len()
    }

    /// The outputs of vectors that stand one behind the other, in place of what `out` holds.
    pub fn run(&self, xs: &[f32], out: &mut Vec<f32>) {
        out.clear();
        let n_rows = xs.len().checked_div(self.weights.n_in()).unwrap_or(0);
        (0..n_rows).for_each(|_| out.extend_from_slice(&self.bias));
        if self.weights.n_out() == self.bias.len() {
            with_fused_steps(Products { weights: &self.weights, xs, out });
        }
    }
}

struct Products<'a> {
    weights: &'a Packed,
    xs: &'a [f32],
    out: &'a mut [f32],
}

impl Work for Products<'_> {
    #[inline(always)]
    fn run(self) {
        self.weights.add_all(self.xs, self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_same_bits_alone_and_among_others_and_each_weight_counts_once() {
        for (n_in, n_out) in [(1, 1), (3, 5), (16, 64), (37, 130), (2, 79)] {
            let weights: Vec<f32> = (0..n_in * n_out).map(|i| ((i * 7) as f32).sin()).collect();
            let bias: Vec<f32> = (0..n_out).map(|i| i as f32).collect();
            let xs: Vec<f32> = (0..n_in * 7).map(|i| (i as f32).cos()).collect();
            let dense = Dense::new(&weights, n_in, bias.clone());
            let mut all = Vec::new();
            dense.run(&xs, &mut all);
            for (r, x) in xs.chunks(n_in).enumerate() {
                let mut one = Vec::new();
                dense.run(x, &mut one);
                assert_eq!(one, all[r * n_out..(r + 1) * n_out], "row {r} of {n_in} x {n_out}");
                for (j, got) in one.iter().enumerate() {
                    let row = &weights[j * n_in..(j + 1) * n_in];
                    let chain = |(row, x): (&[f32], &[f32])| {
                        row.iter().zip(x).fold(0.0, |sum: f32, (w, x)| w.mul_add(*x, sum))
                    };
                    let chains = row.chunks(CHAIN).zip(x.chunks(CHAIN)).map(chain);
                    assert_eq!(*got, chains.fold(bias[j], |sum, it| sum + it));
                }
            }
        }
    }
}
