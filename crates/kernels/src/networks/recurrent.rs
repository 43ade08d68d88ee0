//! LSTM, GRU and plain recurrent layers, stacked and in one or two directions.
//!
//! What the inputs add to the gates is computed for all steps at once; then each step adds the product with
//! the state before it. Gates stand in PyTorch's order: input, forget, cell, output; reset, update, new.
//!
//! Source: PyTorch's documentation of `LSTM`, `GRU` and `RNN`.

use super::functions::{sigmoid, tanh};
use super::packed::Packed;
use crate::fused::{Work, with_fused_steps};

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Long short-term memory.
    Lstm,
    /// Gated recurrent unit.
    Gru,
    /// `tanh` of the sum.
    Tanh,
    /// The sum, if above 0.
    Relu,
}

impl Cell {
    /// How many vectors of the state's size the weights give.
    #[must_use]
    pub fn n_gates(self) -> usize {
        match self {
            Self::Lstm => 4,
            Self::Gru => 3,
            Self::Tanh | Self::Relu => 1,
        }
    }
}

/// One direction of a layer.
#[derive(Debug, Clone)]
pub struct Direction {
    input: Packed,
    state: Packed,
    /// What the gates begin with; without what a GRU adds to the state's part.
    bias: Vec<f32>,
    state_bias: Vec<f32>,
}

impl Direction {
    /// From row-major matrices of `n_gates * n_hidden` rows: `n_in` columns for the inputs, `n_hidden` for
    /// the state; and a bias of each, or none.
    #[must_use]
    pub fn new(
        cell: Cell,
        input: &[f32],
        state: &[f32],
        (n_in, n_hidden): (usize, usize),
        biases: Option<(&[f32], &[f32])>,
    ) -> Self {
        let zeros = vec![0.0; cell.n_gates() * n_hidden];
        let (bias, state_bias) = match biases {
            None => (zeros.clone(), zeros),
            Some((input, state)) if cell == Cell::Gru => (input.to_vec(), state.to_vec()),
            Some((input, state)) => (input.iter().zip(state).map(|(a, b)| a + b).collect(), zeros),
        };
        let (input, state) = (Packed::new(input, n_in), Packed::new(state, n_hidden));
        Self { input, state, bias, state_bias }
    }
}

/// Layers on top of one another, each of one or two directions.
#[derive(Debug, Clone)]
pub struct Recurrent {
    cell: Cell,
    n_hidden: usize,
    layers: Vec<Vec<Direction>>,
}

/// Memory that is used again for the next sample.
#[derive(Debug, Default)]
pub struct Scratch {
    gates: Vec<f32>,
    state_gates: Vec<f32>,
    state: Vec<f32>,
    cell: Vec<f32>,
    layer: Vec<f32>,
}

impl Recurrent {
    /// Layers from the bottom up; the second direction of a layer runs backwards.
    #[must_use]
    pub fn new(cell: Cell, n_hidden: usize, layers: Vec<Vec<Direction>>) -> Self {
        Self { cell, n_hidden, layers }
    }

    /// Numbers a step gives.
    #[must_use]
    pub fn n_out(&self) -> usize {
        self.n_hidden * self.layers.last().map_or(0, Vec::len)
    }

    /// The outputs of all steps, from the inputs of `n_steps` steps one behind the other; in place.
    pub fn run(&self, values: &mut Vec<f32>, n_steps: usize, scratch: &mut Scratch) {
        for layer in &self.layers {
            let width = self.n_hidden * layer.len();
            let mut out = std::mem::take(&mut scratch.layer);
            out.clear();
            out.resize(n_steps * width, 0.0);
            for (nth, direction) in layer.iter().enumerate() {
                with_fused_steps(Steps {
                    cell: self.cell,
                    n_hidden: self.n_hidden,
                    direction,
                    backwards: nth == 1,
                    inputs: values,
                    n_steps,
                    out: &mut out,
                    place: nth * self.n_hidden,
                    width,
                    scratch,
                });
            }
            scratch.layer = std::mem::replace(values, out);
        }
    }

    /// The last layer's state after the last step of each direction, from the outputs of all steps; in place.
    pub fn keep_last_state(&self, values: &mut Vec<f32>) {
        let width = self.n_out();
        let last = values.len().saturating_sub(width);
        let (Some(from), Some(first)) = (values.get(last..), values.get(..width)) else { return };
        // The one that runs backwards ends at the first step.
        let mut state = from.to_vec();
        if self.n_hidden < width {
            state[self.n_hidden..].copy_from_slice(&first[self.n_hidden..]);
        }
        *values = state;
    }
}

/// One direction over all steps.
struct Steps<'a> {
    cell: Cell,
    n_hidden: usize,
    direction: &'a Direction,
    backwards: bool,
    inputs: &'a [f32],
    n_steps: usize,
    out: &'a mut [f32],
    /// Where in a step's outputs this direction's stand.
    place: usize,
    width: usize,
    scratch: &'a mut Scratch,
}

impl Work for Steps<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { cell, n_hidden, direction, scratch, .. } = self;
        let n_gates = direction.bias.len();
        let Scratch { gates, state_gates, state, cell: memory, .. } = scratch;
        gates.clear();
        (0..self.n_steps).for_each(|_| gates.extend_from_slice(&direction.bias));
        direction.input.add_all(self.inputs, gates);
        for it in [&mut *state, &mut *memory] {
            it.clear();
            it.resize(n_hidden, 0.0);
        }
        for nth in 0..self.n_steps {
            let at = if self.backwards { self.n_steps - 1 - nth } else { nth };
            let gates = &mut gates[at * n_gates..(at + 1) * n_gates];
            if cell == Cell::Gru {
                state_gates.clear();
                state_gates.extend_from_slice(&direction.state_bias);
                direction.state.add(state, state_gates);
            } else {
                direction.state.add(state, gates);
            }
            match cell {
                Cell::Lstm => lstm(gates, memory, state),
                Cell::Gru => gru(gates, state_gates, state),
                Cell::Tanh => plain(gates, state, tanh),
                Cell::Relu => plain(gates, state, |x| if x <= 0.0 { 0.0 } else { x }),
            }
            let start = at * self.width + self.place;
            self.out[start..start + n_hidden].copy_from_slice(state);
        }
    }
}

/// In passes over whole vectors, which the compiler takes eight numbers at a time.
#[inline(always)]
fn each(values: &mut [f32], function: impl Fn(f32) -> f32) {
    for x in values {
        *x = function(*x);
    }
}

#[inline(always)]
fn lstm(gates: &mut [f32], memory: &mut [f32], state: &mut [f32]) {
    let n = state.len();
    let (input, rest) = gates.split_at_mut(n);
    let (forget, rest) = rest.split_at_mut(n);
    let (new, output) = rest.split_at_mut(n);
    each(input, sigmoid);
    each(forget, sigmoid);
    each(new, tanh);
    each(output, sigmoid);
    let gates = input.iter().zip(forget.iter()).zip(new.iter());
    for (memory, ((input, forget), new)) in memory.iter_mut().zip(gates) {
        *memory = forget.mul_add(*memory, input * new);
    }
    for (state, (output, memory)) in state.iter_mut().zip(output.iter().zip(memory.iter())) {
        *state = output * tanh(*memory);
    }
}

#[inline(always)]
fn gru(gates: &mut [f32], from_state: &[f32], state: &mut [f32]) {
    let n = state.len();
    let (reset_update, new) = gates.split_at_mut(2 * n);
    let (from_both, from_new) = from_state.split_at(2 * n);
    for (gate, from) in reset_update.iter_mut().zip(from_both) {
        *gate = sigmoid(*gate + from);
    }
    let (reset, update) = reset_update.split_at(n);
    for (new, (reset, from)) in new.iter_mut().zip(reset.iter().zip(from_new)) {
        *new = tanh(reset.mul_add(*from, *new));
    }
    for (state, (update, new)) in state.iter_mut().zip(update.iter().zip(new.iter())) {
        *state = update.mul_add(*state - new, *new);
    }
}

#[inline(always)]
fn plain(gates: &mut [f32], state: &mut [f32], function: impl Fn(f32) -> f32) {
    for (state, gate) in state.iter_mut().zip(gates.iter()) {
        *state = function(*gate);
    }
}
