//! One layer: its tensors, their shapes, and what it makes of a sample's shape.

use kernels::networks::{
    Cell, Convolution, Dense, Direction, Function, Geometry, LayerNorm, Pool, Recurrent,
};

use super::build::joined;
use super::declaration::{
    Approximate, Layer, NamedPadding, Nonlinearity, Padding, PoolOver, RecurrentOutput,
};
use super::shape::Shape;
use super::step::Step;
use super::tensors::{Tensor, Tensors};
use crate::{ReadError, State};

/// Patches of a convolution are written out, at most so many numbers.
const MOST_PATCHED: usize = 1 << 28;

/// Where a layer is read.
pub(super) struct Place<'a, 'g> {
    pub(super) state: &'a State<'g>,
    pub(super) tensors: &'a Tensors<'g>,
    /// How messages call it.
    pub(super) name: String,
}

type Built = Result<(Step, Shape), ReadError>;

impl Place<'_, '_> {
    pub(super) fn refuse(&self, text: impl AsRef<str>) -> ReadError {
        self.state.invalid(format!("{} {}", self.name, text.as_ref()))
    }

    fn takes(&self, shape: Shape, expected: &str) -> ReadError {
        self.refuse(format!("is given {shape}, expected {expected}"))
    }

    /// A tensor that must be there, of this shape.
    fn need(&self, prefix: &str, name: &str, shape: &[usize]) -> Result<Vec<f32>, ReadError> {
        let name = joined(prefix, name);
        let tensor = self.tensors.need(self.state, &name, &self.name)?;
        self.of_shape(&name, tensor, shape)
    }

    /// A tensor that may be absent.
    fn optional(
        &self,
        prefix: &str,
        name: &str,
        shape: &[usize],
    ) -> Result<Option<Vec<f32>>, ReadError> {
        let name = joined(prefix, name);
        let tensor = self.tensors.optional(self.state, &name)?;
        tensor.map(|it| self.of_shape(&name, it, shape)).transpose()
    }

    fn of_shape(&self, name: &str, tensor: Tensor, shape: &[usize]) -> Result<Vec<f32>, ReadError> {
        if tensor.shape == shape {
            return Ok(tensor.values);
        }
        let text = format!("takes {name} of shape {shape:?}, but it has {:?}", tensor.shape);
        Err(self.refuse(text))
    }

    /// The shape of a tensor that must be there.
    fn shape(&self, prefix: &str, name: &str) -> Result<&[usize], ReadError> {
        let name = joined(prefix, name);
        match self.tensors.shape(&name) {
            Some(it) => Ok(it),
            None => self.tensors.need(self.state, &name, &self.name).map(|_| &[][..]),
        }
    }

    fn matrix(&self, shape: Shape) -> Result<(usize, usize), ReadError> {
        match shape {
            Shape::Matrix(rows, cols) => Ok((rows, cols)),
            Shape::Vector(_) => {
                Err(self.takes(shape, "a matrix (steps x features, or channels x positions)"))
            }
        }
    }
}

/// The step of a layer that is given samples of `shape`, and the shape it gives.
pub(super) fn layer(layer: &Layer, shape: Shape, place: &Place<'_, '_>) -> Built {
    match layer {
        Layer::Linear { prefix } => linear(prefix, shape, place),
        Layer::Lstm { prefix, output, .. } => recurrent(Cell::Lstm, prefix, *output, shape, place),
        Layer::Gru { prefix, output, .. } => recurrent(Cell::Gru, prefix, *output, shape, place),
        Layer::Rnn { prefix, output, nonlinearity, .. } => {
            let cell = match nonlinearity {
                Nonlinearity::Tanh => Cell::Tanh,
                Nonlinearity::Relu => Cell::Relu,
            };
            recurrent(cell, prefix, *output, shape, place)
        }
        Layer::Conv1d { prefix, stride, padding, dilation, groups } => {
            let walk = Walk { stride: *stride, padding, dilation: *dilation, groups: *groups };
            convolution(prefix, &walk, shape, place)
        }
        Layer::BatchNorm1d { prefix, eps } => batch_norm(prefix, *eps, shape, place),
        Layer::LayerNorm { prefix, eps, normalized_shape } => {
            layer_norm(prefix, *eps, normalized_shape.as_deref(), shape, place)
        }
        Layer::Embedding { prefix } => embedding(prefix, shape, place),
        Layer::Attention { prefix } => attention(prefix, shape, place),
        Layer::Prelu { prefix } => prelu(prefix, shape, place),
        Layer::Pool { over } => {
            let (_, width) = place.matrix(shape)?;
            Ok((Step::Pool(pool(*over), width), Shape::Vector(width)))
        }
        Layer::MaxPool1d { kernel_size, stride, padding, dilation } => {
            let geometry = Geometry {
                kernel: *kernel_size,
                stride: stride.unwrap_or(*kernel_size),
                padding: (*padding, *padding),
                dilation: *dilation,
            };
            let (rows, len, n_out) = places(&geometry, shape, place)?;
            Ok((Step::MaxPool { len, geometry }, Shape::Matrix(rows, n_out)))
        }
        Layer::AvgPool1d { kernel_size, stride, padding, count_include_pad } => {
            let geometry = Geometry {
                kernel: *kernel_size,
                stride: stride.unwrap_or(*kernel_size),
                padding: (*padding, *padding),
                dilation: 1,
            };
            let (rows, len, n_out) = places(&geometry, shape, place)?;
            let with_padding = *count_include_pad;
            Ok((Step::AveragePool { len, geometry, with_padding }, Shape::Matrix(rows, n_out)))
        }
        Layer::AdaptiveAvgPool1d { output_size } => adaptive(*output_size, false, shape, place),
        Layer::AdaptiveMaxPool1d { output_size } => adaptive(*output_size, true, shape, place),
        Layer::Flatten {} => Ok((Step::Nothing, Shape::Vector(shape.len().unwrap_or(0)))),
        Layer::Transpose {} => {
            let (rows, cols) = place.matrix(shape)?;
            Ok((Step::Transpose { rows }, Shape::Matrix(cols, rows)))
        }
        Layer::Reshape { shape: axes } => {
            let to = Shape::of(axes).filter(|it| it.len() == shape.len());
            let to = to.ok_or_else(|| place.takes(shape, &format!("{axes:?} numbers")))?;
            Ok((Step::Nothing, to))
        }
        Layer::Identity {} | Layer::Dropout {} => Ok((Step::Nothing, shape)),
        Layer::Softmax { dim } => last_axis(*dim, shape, place).map(|n| (Step::Softmax(n), shape)),
        Layer::LogSoftmax { dim } => {
            last_axis(*dim, shape, place).map(|n| (Step::LogSoftmax(n), shape))
        }
        other => match function(other) {
            Some(it) => Ok((Step::Function(it), shape)),
            None => Err(place.refuse("is not known")),
        },
    }
}

fn function(layer: &Layer) -> Option<Function> {
    let elu = |alpha, scale, divisor| Function::Elu { alpha, scale, divisor };
    Some(match *layer {
        Layer::Relu {} => Function::Relu,
        Layer::LeakyRelu { negative_slope } => Function::LeakyRelu(negative_slope as f32),
        Layer::Elu { alpha } => elu(alpha, 1.0, 1.0),
        Layer::Celu { alpha } => elu(alpha, 1.0, alpha),
        Layer::Selu {} => elu(SELU_ALPHA, SELU_SCALE, 1.0),
        Layer::Gelu { approximate: Approximate::None } => Function::Gelu,
        Layer::Gelu { approximate: Approximate::Tanh } => Function::GeluTanh,
        Layer::Silu {} => Function::Silu,
        Layer::Mish {} => Function::Mish,
        Layer::Tanh {} => Function::Tanh,
        Layer::Tanhshrink {} => Function::TanhShrink,
        Layer::Sigmoid {} => Function::Sigmoid,
        Layer::LogSigmoid {} => Function::LogSigmoid,
        Layer::Softplus { beta, threshold } => Function::Softplus { beta, threshold },
        Layer::Softsign {} => Function::Softsign,
        Layer::Hardtanh { min_val, max_val } => {
            Function::Clamp { low: min_val as f32, high: max_val as f32 }
        }
        Layer::Relu6 {} => Function::Clamp { low: 0.0, high: 6.0 },
        Layer::Hardsigmoid {} => Function::HardSigmoid,
        Layer::Hardswish {} => Function::HardSwish,
        _ => return None,
    })
}

const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;

fn pool(over: PoolOver) -> Pool {
    match over {
        PoolOver::First => Pool::First,
        PoolOver::Last => Pool::Last,
        PoolOver::Mean => Pool::Mean,
        PoolOver::Max => Pool::Max,
        PoolOver::Sum => Pool::Sum,
    }
}

/// The axes of a matrix that PyTorch takes for weights.
fn axes<const N: usize>(
    prefix: &str,
    name: &str,
    place: &Place<'_, '_>,
) -> Result<[usize; N], ReadError> {
    let shape = place.shape(prefix, name)?;
    <[usize; N]>::try_from(shape).map_err(|_| {
        place.refuse(format!(
            "takes {} of {N} axes, but it has {}",
            joined(prefix, name),
            shape.len()
        ))
    })
}

fn dense(prefix: &str, place: &Place<'_, '_>, n_in: usize) -> Result<Dense, ReadError> {
    let [n_out, _] = axes::<2>(prefix, "weight", place)?;
    let weights = place.need(prefix, "weight", &[n_out, n_in])?;
    let bias = place.optional(prefix, "bias", &[n_out])?.unwrap_or_else(|| vec![0.0; n_out]);
    Ok(Dense::new(&weights, n_in, bias))
}

fn linear(prefix: &str, shape: Shape, place: &Place<'_, '_>) -> Built {
    let dense = dense(prefix, place, shape.last())?;
    let out = shape.with_last(dense.n_out());
    Ok((Step::Dense(dense), out))
}

fn attention(prefix: &str, shape: Shape, place: &Place<'_, '_>) -> Built {
    let (_, width) = place.matrix(shape)?;
    let score = dense(prefix, place, width)?;
    if score.n_out() != 1 {
        return Err(place.refuse(format!("gives {} scores a step, expected 1", score.n_out())));
    }
    Ok((Step::Attention { score, width }, Shape::Vector(width)))
}

fn recurrent(
    cell: Cell,
    prefix: &str,
    output: RecurrentOutput,
    shape: Shape,
    place: &Place<'_, '_>,
) -> Built {
    let (n_steps, n_features) = place.matrix(shape)?;
    if place.tensors.has(&joined(prefix, "weight_hr_l0")) {
        return Err(place.refuse("has a projection (proj_size), which is not supported"));
    }
    let [_, n_hidden] = axes::<2>(prefix, "weight_hh_l0", place)?;
    let mut layers = Vec::new();
    let mut n_in = n_features;
    while place.tensors.has(&joined(prefix, &format!("weight_ih_l{}", layers.len()))) {
        let nth = layers.len();
        let mut directions = Vec::new();
        for suffix in ["", "_reverse"] {
            if suffix.is_empty()
                || place.tensors.has(&joined(prefix, &format!("weight_ih_l{nth}{suffix}")))
            {
                let end = format!("l{nth}{suffix}");
                directions.push(direction(cell, prefix, &end, (n_in, n_hidden), place)?);
            }
        }
        if layers.first().is_some_and(|it: &Vec<Direction>| it.len() != directions.len()) {
            return Err(
                place.refuse(format!("has another number of directions in l{nth} than in l0"))
            );
        }
        n_in = n_hidden * directions.len();
        layers.push(directions);
    }
    let net = Recurrent::new(cell, n_hidden, layers);
    let n_out = net.n_out();
    let only_state = output == RecurrentOutput::Hidden;
    let out = if only_state { Shape::Vector(n_out) } else { Shape::Matrix(n_steps, n_out) };
    Ok((Step::Recurrent { net, n_steps, only_state }, out))
}

fn direction(
    cell: Cell,
    prefix: &str,
    end: &str,
    (n_in, n_hidden): (usize, usize),
    place: &Place<'_, '_>,
) -> Result<Direction, ReadError> {
    let n_gates = cell.n_gates().checked_mul(n_hidden).unwrap_or(0);
    let input = place.need(prefix, &format!("weight_ih_{end}"), &[n_gates, n_in])?;
    let state = place.need(prefix, &format!("weight_hh_{end}"), &[n_gates, n_hidden])?;
    let input_bias = place.optional(prefix, &format!("bias_ih_{end}"), &[n_gates])?;
    let state_bias = place.optional(prefix, &format!("bias_hh_{end}"), &[n_gates])?;
    let biases = match (&input_bias, &state_bias) {
        (Some(input), Some(state)) => Some((input.as_slice(), state.as_slice())),
        (None, None) => None,
        _ => return Err(place.refuse(format!("has one of two biases for {end}"))),
    };
    Ok(Direction::new(cell, &input, &state, (n_in, n_hidden), biases))
}

struct Walk<'a> {
    stride: usize,
    padding: &'a Padding,
    dilation: usize,
    groups: usize,
}

fn convolution(prefix: &str, walk: &Walk<'_>, shape: Shape, place: &Place<'_, '_>) -> Built {
    let (n_in, len) = place.matrix(shape)?;
    let [n_out, per_group, kernel] = axes::<3>(prefix, "weight", place)?;
    let groups = walk.groups;
    let whole = |n: usize| n.checked_rem(groups) == Some(0);
    if !whole(n_in) || !whole(n_out) || n_in / groups.max(1) != per_group {
        let text =
            format!("takes {per_group} channels in each of {groups} groups, but is given {n_in}");
        return Err(place.refuse(text));
    }
    let padding = match walk.padding {
        Padding::Zeros(n) => (*n, *n),
        Padding::Named(NamedPadding::Valid) => (0, 0),
        Padding::Named(NamedPadding::Same) if walk.stride == 1 => {
            let all = walk.dilation.saturating_mul(kernel.saturating_sub(1));
            (all / 2, all - all / 2)
        }
        Padding::Named(NamedPadding::Same) => {
            return Err(place.refuse("has padding = \"same\", which takes stride 1"));
        }
    };
    let (stride, dilation) = (walk.stride, walk.dilation);
    let geometry = Geometry { kernel, stride, padding, dilation };
    let (_, _, n_places) = places(&geometry, shape, place)?;
    let patched = n_places.checked_mul(per_group).and_then(|it| it.checked_mul(kernel));
    if patched.is_none_or(|it| MOST_PATCHED < it) {
        return Err(place.refuse("is larger than any sample"));
    }
    let weights = place.need(prefix, "weight", &[n_out, per_group, kernel])?;
    let bias = place.optional(prefix, "bias", &[n_out])?.unwrap_or_else(|| vec![0.0; n_out]);
    let convolution = Convolution::new(geometry, &weights, &bias, n_in, groups);
    debug_assert!(len != 0);
    Ok((Step::Convolution(convolution), Shape::Matrix(n_out, n_places)))
}

/// Rows, their length, and how many places a kernel has over them.
fn places(
    geometry: &Geometry,
    shape: Shape,
    place: &Place<'_, '_>,
) -> Result<(usize, usize, usize), ReadError> {
    let (rows, len) = place.matrix(shape)?;
    let walks = geometry.stride != 0 && geometry.dilation != 0;
    let n_out = geometry.n_out(len).filter(|_| walks).ok_or_else(|| {
        place.refuse(format!(
            "has a kernel of {} with stride {} and dilation {}, which has no place over {len} positions",
            geometry.kernel, geometry.stride, geometry.dilation
        ))
    })?;
    Ok((rows, len, n_out))
}

fn adaptive(n_out: usize, max: bool, shape: Shape, place: &Place<'_, '_>) -> Built {
    let (rows, len) = place.matrix(shape)?;
    if n_out == 0 || Shape::Matrix(rows, n_out).len().is_none() {
        return Err(place.refuse(format!("has output_size {n_out}, expected 1 or more")));
    }
    Ok((Step::Adaptive { len, n_out, max }, Shape::Matrix(rows, n_out)))
}

/// The channels of a sample: the numbers of a vector, the rows of a matrix.
fn channels(shape: Shape) -> usize {
    match shape {
        Shape::Vector(n) | Shape::Matrix(n, _) => n,
    }
}

fn batch_norm(prefix: &str, eps: f64, shape: Shape, place: &Place<'_, '_>) -> Built {
    let n = channels(shape);
    let mean = place.need(prefix, "running_mean", &[n])?;
    let variance = place.need(prefix, "running_var", &[n])?;
    let weight = place.optional(prefix, "weight", &[n])?.unwrap_or_else(|| vec![1.0; n]);
    let bias = place.optional(prefix, "bias", &[n])?.unwrap_or_else(|| vec![0.0; n]);
    let inverse = variance.iter().map(|it| 1.0 / (it + eps as f32).sqrt());
    let scales: Vec<f32> = inverse.zip(&weight).map(|(inverse, weight)| inverse * weight).collect();
    let shift = |((bias, mean), scale): ((&f32, &f32), &f32)| bias - mean * scale;
    let shifts = bias.iter().zip(&mean).zip(&scales).map(shift).collect();
    Ok((Step::ScaleAndShift { scales, shifts }, shape))
}

fn layer_norm(
    prefix: &str,
    eps: f64,
    declared: Option<&[usize]>,
    shape: Shape,
    place: &Place<'_, '_>,
) -> Built {
    let stored = place.tensors.shape(&joined(prefix, "weight"));
    let normalized = match declared.or(stored) {
        Some(it) => it.to_vec(),
        None => return Err(place.refuse("has no weights; say normalized_shape = [features]")),
    };
    let fits = match shape {
        Shape::Vector(n) => normalized == [n],
        Shape::Matrix(rows, cols) => normalized == [cols] || normalized == [rows, cols],
    };
    if !fits {
        return Err(place.takes(shape, &format!("one that ends in {normalized:?}")));
    }
    let weights = place.optional(prefix, "weight", &normalized)?.unwrap_or_default();
    let bias = place.optional(prefix, "bias", &normalized)?.unwrap_or_default();
    let width = normalized.iter().product();
    Ok((Step::LayerNorm(LayerNorm { width, eps, weights, bias }), shape))
}

fn embedding(prefix: &str, shape: Shape, place: &Place<'_, '_>) -> Built {
    let Shape::Vector(n) = shape else { return Err(place.takes(shape, "a vector of indices")) };
    let [n_vectors, width] = axes::<2>(prefix, "weight", place)?;
    let table = place.need(prefix, "weight", &[n_vectors, width])?;
    Ok((Step::Embedding { table, width }, Shape::Matrix(n, width)))
}

fn prelu(prefix: &str, shape: Shape, place: &Place<'_, '_>) -> Built {
    let [n] = axes::<1>(prefix, "weight", place)?;
    if n != 1 && n != channels(shape) {
        return Err(place.takes(shape, &format!("{n} channels")));
    }
    Ok((Step::Slopes(place.need(prefix, "weight", &[n])?), shape))
}

/// The length of the last axis, if `dim` means it; PyTorch counts the samples as axis 0.
fn last_axis(dim: i64, shape: Shape, place: &Place<'_, '_>) -> Result<usize, ReadError> {
    let last = match shape {
        Shape::Vector(_) => 1,
        Shape::Matrix(..) => 2,
    };
    if dim == -1 || dim == last {
        return Ok(shape.last());
    }
    Err(place.refuse(format!("is over axis {dim} of {shape}; axis {last} is supported")))
}
