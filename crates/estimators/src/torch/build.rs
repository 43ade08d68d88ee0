//! From a declaration and tensors to a network: each layer takes what the one before it gives.

use super::build_layers::{Place, layer};
use super::declaration::{Declaration, Label, Layer};
use super::network::{Network, Shares};
use super::shape::Shape;
use super::step::Step;
use super::tensors::Tensors;
use crate::{Classes, ReadError, State};

/// The network, all of its tensors used.
pub(super) fn network(
    state: &State<'_>,
    declaration: &Declaration,
    tensors: &Tensors<'_>,
) -> Result<Network, ReadError> {
    all_there(state, declaration, tensors)?;
    let input = input(state, declaration, tensors)?;
    let mut shape = input;
    let mut steps = Vec::new();
    for (nth, declared) in declaration.layers.iter().enumerate() {
        let place = Place { state, tensors, name: name(nth, declared) };
        let (step, next) = layer(declared, shape, &place).map_err(|err| err.of_layer(nth))?;
        if next.len().is_none() {
            let text = format!("would give {next}, which no sample can be");
            return Err(place.refuse(text).of_layer(nth));
        }
        steps.push(step);
        shape = next;
    }
    tensors.all_used(&declaration.ignore)?;
    if let Some((_, text)) = declaration.wrong_class() {
        return Err(state.invalid(format!("cannot have these classes: {text}")));
    }
    let classes = classes(&declaration.classes);
    let shares = shares(&steps, shape, classes.as_ref());
    if let Some(classes) = &classes
        && classes.len() != shape.len().unwrap_or(0)
        && shares != Some(Shares::OfSecond)
    {
        let text = format!("gives {shape}, and there are {} classes", classes.len());
        return Err(state.invalid(text));
    }
    Ok(Network::new(steps, input, shape, classes, shares))
}

/// How messages call a layer: `layer 2 (linear "fc")`.
fn name(nth: usize, layer: &Layer) -> String {
    let kind = format!("{layer:?}");
    let kind = kind.split([' ', '{']).next().unwrap_or_default().to_lowercase();
    match layer.prefix() {
        Some(prefix) => format!("layer {} ({kind} {prefix:?})", nth + 1),
        None => format!("layer {} ({kind})", nth + 1),
    }
}

/// The name of a layer's tensor: of no prefix the name alone.
pub(super) fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// Every layer's first tensor is in the file; those that are not are named at once.
fn all_there(
    state: &State<'_>,
    declaration: &Declaration,
    tensors: &Tensors<'_>,
) -> Result<(), ReadError> {
    let first = |layer: &Layer| match layer {
        Layer::Lstm { prefix, .. } | Layer::Gru { prefix, .. } | Layer::Rnn { prefix, .. } => {
            Some(joined(prefix, "weight_ih_l0"))
        }
        Layer::BatchNorm1d { prefix, .. } => Some(joined(prefix, "running_mean")),
        Layer::LayerNorm { normalized_shape: Some(_), .. } => None,
        _ => layer.prefix().map(|it| joined(it, "weight")),
    };
    let missing = declaration.layers.iter().enumerate().filter_map(|(nth, layer)| {
        let first = first(layer).filter(|it| !tensors.has(it))?;
        let needed = tensors.need(state, &first, &name(nth, layer));
        Some(needed.map(drop).map_err(|err| err.of_layer(nth)))
    });
    ReadError::collect(missing).map(drop)
}

/// The shape of a sample: as declared, or as the first layer with weights takes a vector.
fn input(
    state: &State<'_>,
    declaration: &Declaration,
    tensors: &Tensors<'_>,
) -> Result<Shape, ReadError> {
    if let Some(axes) = &declaration.window {
        let shape = Shape::of(axes).filter(|it| it.len().is_some());
        return shape.ok_or_else(|| {
            state.invalid(format!(
                "cannot have the window {axes:?}; [steps, features] or [features] is expected"
            ))
        });
    }
    let by_tensor = declaration.layers.iter().find_map(|layer| match layer {
        Layer::Linear { prefix } => Some(tensors.shape(&joined(prefix, "weight"))?.get(1).copied()),
        Layer::BatchNorm1d { prefix, .. } => {
            Some(tensors.shape(&joined(prefix, "running_mean"))?.first().copied())
        }
        Layer::LayerNorm { prefix, .. } => {
            Some(tensors.shape(&joined(prefix, "weight"))?.first().copied())
        }
        it => it.prefix().map(|_| None),
    });
    let shape = by_tensor.flatten().map(Shape::Vector).filter(|it| it.len().is_some());
    shape.ok_or_else(|| {
        state.invalid("is a network whose tensors do not tell the shape of a sample; say it in a declaration: window = [steps, features] (docs/networks.md)")
    })
}

/// The labels, which are of one type.
fn classes(labels: &[Label]) -> Option<Classes> {
    let ints = labels.iter().map(|it| if let Label::Int(it) = it { Some(*it) } else { None });
    let bools = labels.iter().map(|it| if let Label::Bool(it) = it { Some(*it) } else { None });
    let text = |it: &Label| if let Label::Text(it) = it { Some(it.clone()) } else { None };
    match labels.first()? {
        Label::Int(_) => ints.collect::<Option<Vec<i64>>>().map(|it| Classes::Int(it.into())),
        Label::Bool(_) => bools.collect::<Option<Vec<bool>>>().map(|it| Classes::Bool(it.into())),
        Label::Text(_) => {
            let texts: Option<Vec<String>> = labels.iter().map(text).collect();
            texts.map(|it| Classes::Text(it.into()))
        }
    }
}

/// How the outputs are probabilities, by the last layer.
fn shares(steps: &[Step], shape: Shape, classes: Option<&Classes>) -> Option<Shares> {
    use kernels::networks::Function;
    let last = steps.iter().rev().find(|it| !matches!(it, Step::Nothing))?;
    match (last, shape.len(), classes?.len()) {
        (Step::Softmax(_), _, _) => Some(Shares::All),
        (Step::LogSoftmax(_), _, _) => Some(Shares::Logarithms),
        (Step::Function(Function::Sigmoid), Some(1), 2) => Some(Shares::OfSecond),
        _ => None,
    }
}
