//! Convolutions over one axis: a matrix of channels x positions to another.

use super::packed::Dense;

/// How the kernel walks over the positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Positions under the kernel.
    pub kernel: usize,
    /// Positions from one place to the next; from 1.
    pub stride: usize,
    /// Zeros before the first position and behind the last.
    pub padding: (usize, usize),
    /// Positions from one weight to the next; from 1.
    pub dilation: usize,
}

impl Geometry {
    /// How many places there are over `len` positions; `None` if the kernel is longer, or no walk.
    #[must_use]
    pub fn n_out(&self, len: usize) -> Option<usize> {
        let padded = len.checked_add(self.padding.0)?.checked_add(self.padding.1)?;
        let reach = self.kernel.checked_sub(1)?.checked_mul(self.dilation)?.checked_add(1)?;
        padded.checked_sub(reach)?.checked_div(self.stride)?.checked_add(1)
    }

    /// The position under weight `k` at place `at`; `None` where there is padding.
    fn position(&self, at: usize, k: usize, len: usize) -> Option<usize> {
        let position = (at * self.stride + k * self.dilation).checked_sub(self.padding.0)?;
        (position < len).then_some(position)
    }

    /// The positions of `row` under the kernel at place `at`.
    pub(super) fn under<'a>(
        &'a self,
        row: &'a [f32],
        at: usize,
    ) -> impl Iterator<Item = Option<f32>> + 'a {
        (0..self.kernel).map(move |k| Some(row[self.position(at, k, row.len())?]))
    }
}

/// The weights of a convolution: for each group of channels a dense layer of what is under the kernel.
#[derive(Debug, Clone)]
pub struct Convolution {
    geometry: Geometry,
    groups: Vec<Dense>,
    n_in: usize,
}

impl Convolution {
    /// From weights of shape (outputs, inputs of a group, kernel), and a bias for each output.
    #[must_use]
    pub fn new(
        geometry: Geometry,
        weights: &[f32],
        bias: &[f32],
        n_in: usize,
        n_groups: usize,
    ) -> Self {
        let outputs = (bias.len() / n_groups.max(1)).max(1);
        let width = n_in / n_groups.max(1) * geometry.kernel;
        let parts = weights.chunks((outputs * width).max(1)).zip(bias.chunks(outputs));
        let groups = parts.map(|(weights, bias)| Dense::new(weights, width, bias.to_vec()));
        Self { geometry, groups: groups.collect(), n_in }
    }

    /// The outputs x places of a matrix of channels x positions; in place.
    pub fn run(&self, values: &mut Vec<f32>) {
        let len = values.len() / self.n_in.max(1);
        let n_places = self.geometry.n_out(len).unwrap_or(0);
        let per_group = self.n_in / self.groups.len().max(1);
        let mut out = Vec::new();
        let (mut patches, mut sums) = (Vec::new(), Vec::new());
        for (group, channels) in self.groups.iter().zip(values.chunks((per_group * len).max(1))) {
            patches.clear();
            for at in 0..n_places {
                for row in channels.chunks(len.max(1)) {
                    patches.extend(self.geometry.under(row, at).map(Option::unwrap_or_default));
                }
            }
            group.run(&patches, &mut sums);
            let n_out = group.n_out();
            for j in 0..n_out {
                out.extend((0..n_places).map(|at| sums[at * n_out + j]));
            }
        }
        *values = out;
    }
}
