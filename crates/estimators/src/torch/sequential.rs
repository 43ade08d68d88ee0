//! `nn.Sequential`, pickled whole: its modules, also those of a `Sequential` inside it, become a declaration.
//!
//! | attribute | shape | meaning |
//! |---|---|---|
//! | `_modules` | dict | name -> module, in order |
//! | `_parameters`, `_buffers` | dicts | name -> tensor, in each module |
//! | `training` | flag | not asked: inference is what `model.eval()` does |
//! | `_forward_hooks`, `_forward_pre_hooks` | dicts | functions around `forward`: none may be there |
//! | parameters of the constructor | | as the module's class has them: `stride`, `eps`, `negative_slope` |
//!
//! Source: torch/nn/modules/; absent attributes are those that older versions did not have.

use object_graph::{Kind, Tag, Value};

use super::declaration::{Approximate, Declaration, Inputs, Layer, NamedPadding, Padding};
use super::{build, overridden, tensors};
use crate::{ClassSpec, Method, ReadError, State};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["torch.nn.modules.container.Sequential", "torch.nn.Sequential"],
    methods: &[Method::Predict],
    read: |state| {
        let declaration = Declaration {
            layers: layers(state)?,
            window: None,
            weights: None,
            ignore: vec![],
            classes: vec![],
            inputs: Inputs::Raw,
            target: None,
        };
        Ok(Box::new(build::network(state, &declaration, &tensors::Tensors::new(state)?)?))
    },
};

/// Whether it is a `Sequential` that was pickled whole.
pub(super) fn is_whole(state: &State<'_>) -> bool {
    state.class().is_some_and(|it| CLASS.paths.contains(&it.to_string().as_str()))
}

/// The layers of a `Sequential`.
pub(super) fn layers(state: &State<'_>) -> Result<Vec<Layer>, ReadError> {
    let mut layers = Vec::new();
    modules(state, "", 0, &mut layers)?;
    single_precision(state, &tensors::Tensors::new(state)?)?;
    Ok(layers)
}

/// `Sequential` in `Sequential`, at most.
const DEEPEST: usize = 32;

/// A module computes in the type of its tensors.
fn single_precision(state: &State<'_>, tensors: &tensors::Tensors<'_>) -> Result<(), ReadError> {
    let refuse = |(name, array): (&str, &object_graph::Array)| {
        let text = format!(
            "computes in {}, the type of {name}; save it in single precision: torch.save(model.float(), path)",
            array.dtype
        );
        Err::<(), _>(state.unsupported(text))
    };
    tensors.other_types().next().map_or(Ok(()), refuse)
}

/// Adds the layers of the modules in a container.
fn modules(
    state: &State<'_>,
    prefix: &str,
    depth: usize,
    layers: &mut Vec<Layer>,
) -> Result<(), ReadError> {
    if DEEPEST < depth {
        return Err(state.invalid("holds modules nested too deeply"));
    }
    overridden::check(state)?;
    let modules = state.get("_modules")?;
    let entries = modules.value().entries().ok_or_else(|| modules.wrong("a dict of modules"))?;
    let mut problems = Vec::new();
    for (key, value) in entries {
        let Some(name) = key.as_str() else { return Err(modules.wrong("modules by name")) };
        let module = modules.step(value, &format!("[{name:?}]"));
        module.charge(256 + prefix.len() + name.len())?;
        let name = build::joined(prefix, name);
        problems.push(match is_whole(&module) {
            true => self::modules(&module, &name, depth + 1, layers),
            false => layer(&module, &name).map(|it| layers.push(it)),
        });
    }
    ReadError::collect(problems).map(drop)
}

/// The layer that a module stands for.
fn layer(module: &State<'_>, prefix: &str) -> Result<Layer, ReadError> {
    overridden::check(module)?;
    let class = module.class().map(|it| it.to_string()).unwrap_or_default();
    let known = class.strip_prefix("torch.nn.modules.").or(class.strip_prefix("torch.nn."));
    let name = known.and_then(|it| it.rsplit('.').next()).unwrap_or_default();
    let prefix = prefix.to_owned();
    let float = |name, default| module.float_or(name, default);
    Ok(match name {
        "Linear" => Layer::Linear { prefix },
        "BatchNorm1d" => {
            if !module.flag_or("track_running_stats", true)? {
                return Err(module.unsupported(
                    "normalizes each batch by its own mean (track_running_stats=False)",
                ));
            }
            Layer::BatchNorm1d { prefix, eps: float("eps", 1e-5)? }
        }
        "LayerNorm" => Layer::LayerNorm {
            prefix,
            eps: float("eps", 1e-5)?,
            normalized_shape: numbers(module, "normalized_shape")?,
        },
        "Conv1d" => convolution(module, prefix)?,
        "Embedding" if module.has("max_norm") => {
            return Err(module.unsupported(
                "shortens its vectors as it is asked (max_norm); after model.weight is shortened, set max_norm = None",
            ));
        }
        "Embedding" => Layer::Embedding { prefix },
        "PReLU" => Layer::Prelu { prefix },
        "MaxPool1d" | "AvgPool1d" if module.flag_or("ceil_mode", false)? => {
            return Err(module.unsupported("has ceil_mode=True, which is not supported"));
        }
        "MaxPool1d" | "AdaptiveMaxPool1d" if module.flag_or("return_indices", false)? => {
            return Err(module.unsupported("has return_indices=True, which is not supported"));
        }
        "MaxPool1d" => Layer::MaxPool1d {
            kernel_size: number(module, "kernel_size")?,
            stride: Some(number(module, "stride")?),
            padding: number(module, "padding")?,
            dilation: number(module, "dilation")?,
        },
        "AvgPool1d" => Layer::AvgPool1d {
            kernel_size: number(module, "kernel_size")?,
            stride: Some(number(module, "stride")?),
            padding: number(module, "padding")?,
            count_include_pad: module.flag_or("count_include_pad", true)?,
        },
        "AdaptiveAvgPool1d" => {
            Layer::AdaptiveAvgPool1d { output_size: number(module, "output_size")? }
        }
        "AdaptiveMaxPool1d" => {
            Layer::AdaptiveMaxPool1d { output_size: number(module, "output_size")? }
        }
        "Flatten" => {
            let (start, end) = (module.int("start_dim")?, module.int("end_dim")?);
            if start != 1 || end != -1 {
                return Err(module.unsupported(format!(
                    "flattens axes {start} to {end}; 1 to -1 are supported"
                )));
            }
            Layer::Flatten {}
        }
        "Identity" | "Dropout" | "Dropout1d" | "AlphaDropout" | "FeatureAlphaDropout" => {
            Layer::Identity {}
        }
        "Softmax" => Layer::Softmax { dim: dim(module)? },
        "LogSoftmax" => Layer::LogSoftmax { dim: dim(module)? },
        _ if known.is_some() => activation(module, name)?,
        _ => return Err(unknown(module, &class)),
    })
}

fn activation(module: &State<'_>, name: &str) -> Result<Layer, ReadError> {
    let float = |name, default| module.float_or(name, default);
    Ok(match name {
        "ReLU" => Layer::Relu {},
        "LeakyReLU" => Layer::LeakyRelu { negative_slope: float("negative_slope", 0.01)? },
        "ELU" => Layer::Elu { alpha: float("alpha", 1.0)? },
        "CELU" => Layer::Celu { alpha: float("alpha", 1.0)? },
        "SELU" => Layer::Selu {},
        "GELU" => match module.text_or("approximate", "none")? {
            "none" => Layer::Gelu { approximate: Approximate::None },
            "tanh" => Layer::Gelu { approximate: Approximate::Tanh },
            it => return Err(module.unsupported(format!("has approximate={it:?}"))),
        },
        "SiLU" => Layer::Silu {},
        "Mish" => Layer::Mish {},
        "Tanh" => Layer::Tanh {},
        "Tanhshrink" => Layer::Tanhshrink {},
        "Sigmoid" => Layer::Sigmoid {},
        "LogSigmoid" => Layer::LogSigmoid {},
        "Softplus" => {
            Layer::Softplus { beta: float("beta", 1.0)?, threshold: float("threshold", 20.0)? }
        }
        "Softsign" => Layer::Softsign {},
        "Hardtanh" => {
            Layer::Hardtanh { min_val: float("min_val", -1.0)?, max_val: float("max_val", 1.0)? }
        }
        "ReLU6" => Layer::Relu6 {},
        "Hardsigmoid" => Layer::Hardsigmoid {},
        "Hardswish" => Layer::Hardswish {},
        _ => return Err(unknown(module, &format!("torch.nn.{name}"))),
    })
}

fn unknown(module: &State<'_>, class: &str) -> ReadError {
    module.unsupported(format!(
        "is a {class}, which is not supported in a Sequential; save the state_dict and declare its layers \
         (docs/networks.md)"
    ))
}

fn convolution(module: &State<'_>, prefix: String) -> Result<Layer, ReadError> {
    let mode = module.text_or("padding_mode", "zeros")?;
    if mode != "zeros" {
        return Err(module.unsupported(format!("has padding_mode={mode:?}; zeros are supported")));
    }
    let padding = match module.get("padding")?.value().as_str() {
        Some("same") => Padding::Named(NamedPadding::Same),
        Some("valid") => Padding::Named(NamedPadding::Valid),
        _ => Padding::Zeros(number(module, "padding")?),
    };
    Ok(Layer::Conv1d {
        prefix,
        stride: number(module, "stride")?,
        padding,
        dilation: number(module, "dilation")?,
        groups: module.count("groups")?,
    })
}

/// A number from 0, or a tuple of one.
fn number(module: &State<'_>, name: &str) -> Result<usize, ReadError> {
    let it = module.get(name)?;
    let only = match it.value().tag() {
        Tag::Tuple | Tag::List => it.value().items().filter(|it| it.len() == 1),
        _ => None,
    };
    let value = only.and_then(|mut it| it.next()).unwrap_or(it.value());
    let count = value.as_i64().and_then(|it| usize::try_from(it).ok());
    count.ok_or_else(|| it.wrong("a number from 0"))
}

/// Numbers from 0 in a tuple; PyTorch before 0.4.1 had an integer alone.
fn numbers(module: &State<'_>, name: &str) -> Result<Option<Vec<usize>>, ReadError> {
    let Some(it) = module.optional(name) else { return Ok(None) };
    let wrong = || it.wrong("numbers from 0");
    let one = |value: Value<'_>| value.as_i64().and_then(|it| usize::try_from(it).ok());
    let size = it.value().as_object().and_then(|it| it.args().items()?.next());
    let items = match size.unwrap_or(it.value()).kind() {
        Kind::Tuple(items) | Kind::List(items) if items.len() <= 8 => items,
        _ => return one(it.value()).map(|it| Some(vec![it])).ok_or_else(wrong),
    };
    items.map(one).collect::<Option<Vec<usize>>>().map(Some).ok_or_else(wrong)
}

/// The axis of a softmax. Without one PyTorch takes the last of a vector's, and warns.
fn dim(module: &State<'_>) -> Result<i64, ReadError> {
    if module.has("dim") { module.int("dim") } else { Ok(1) }
}
