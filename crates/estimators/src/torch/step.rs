//! What is done with one sample, step by step.

use kernels::networks::{
    self, Convolution, Dense, Function, Geometry, LayerNorm, Pool, Recurrent, Scratch,
};

/// One layer, its shapes checked.
#[derive(Debug)]
pub(super) enum Step {
    Dense(Dense),
    Recurrent {
        net: Recurrent,
        n_steps: usize,
        only_state: bool,
    },
    Convolution(Convolution),
    ScaleAndShift {
        scales: Vec<f32>,
        shifts: Vec<f32>,
    },
    LayerNorm(LayerNorm),
    /// A vector of `width` numbers for each index.
    Embedding {
        table: Vec<f32>,
        width: usize,
    },
    Attention {
        score: Dense,
        width: usize,
    },
    /// Below 0 times the slope of its channel.
    Slopes(Vec<f32>),
    Pool(Pool, usize),
    MaxPool {
        len: usize,
        geometry: Geometry,
    },
    AveragePool {
        len: usize,
        geometry: Geometry,
        with_padding: bool,
    },
    Adaptive {
        len: usize,
        n_out: usize,
        max: bool,
    },
    Transpose {
        rows: usize,
    },
    Function(Function),
    Softmax(usize),
    LogSoftmax(usize),
    Nothing,
}

/// Memory that the next sample uses again.
#[derive(Debug, Default)]
pub(super) struct Memory {
    scratch: Scratch,
    other: Vec<f32>,
}

/// An embedding has no vector for the number at this place.
pub(super) struct NoVector {
    pub(super) at: usize,
    pub(super) n_vectors: usize,
}

impl Step {
    pub(super) fn run(&self, values: &mut Vec<f32>, memory: &mut Memory) -> Result<(), NoVector> {
        match self {
            Self::Dense(it) => {
                it.run(values, &mut memory.other);
                std::mem::swap(values, &mut memory.other);
            }
            Self::Recurrent { net, n_steps, only_state } => {
                net.run(values, *n_steps, &mut memory.scratch);
                if *only_state {
                    net.keep_last_state(values);
                }
            }
            Self::Convolution(it) => it.run(values),
            Self::ScaleAndShift { scales, shifts } => {
                networks::scale_and_shift(values, scales, shifts);
            }
            Self::LayerNorm(it) => it.run(values),
            Self::Embedding { table, width } => embed(values, table, *width)?,
            Self::Attention { score, width } => {
                networks::attend(score, values, *width, &mut memory.other);
            }
            Self::Slopes(slopes) => slope(values, slopes),
            Self::Pool(pool, width) => networks::pool(*pool, values, *width),
            Self::MaxPool { len, geometry } => networks::maximum(values, *len, geometry),
            Self::AveragePool { len, geometry, with_padding } => {
                networks::average(values, *len, geometry, *with_padding);
            }
            Self::Adaptive { len, n_out, max } => {
                networks::adaptive(values, *len, *n_out, *max);
            }
            Self::Transpose { rows } => *values = transposed(values, *rows),
            Self::Function(it) => it.apply(values),
            Self::Softmax(n) => networks::softmax(values, *n),
            Self::LogSoftmax(n) => networks::log_softmax(values, *n),
            Self::Nothing => {}
        }
        Ok(())
    }
}

fn embed(values: &mut Vec<f32>, table: &[f32], width: usize) -> Result<(), NoVector> {
    let n_vectors = table.len() / width.max(1);
    let mut out = Vec::with_capacity(values.len() * width);
    for (at, index) in values.iter().enumerate() {
        // The cast of what is no index gives another number.
        let i = *index as usize;
        let vector = table.get(i.saturating_mul(width)..).and_then(|it| it.get(..width));
        match vector.filter(|_| i as f32 == *index && !index.is_sign_negative()) {
            Some(vector) => out.extend_from_slice(vector),
            None => return Err(NoVector { at, n_vectors }),
        }
    }
    *values = out;
    Ok(())
}

fn slope(values: &mut [f32], slopes: &[f32]) {
    let width = (values.len() / slopes.len().max(1)).max(1);
    for (channel, slope) in values.chunks_mut(width).zip(slopes) {
        Function::LeakyRelu(*slope).apply(channel);
    }
}

fn transposed(values: &[f32], rows: usize) -> Vec<f32> {
    let cols = values.len() / rows.max(1);
    (0..cols).flat_map(|j| (0..rows).map(move |i| values[i * cols + j])).collect()
}
