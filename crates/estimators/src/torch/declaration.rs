//! What a user says of a network: its layers in order, and what goes in and out.

use std::fmt;
use std::mem::discriminant;

use serde::Deserialize;

/// A network: what TOML or JSON holds of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The layers, in the order in which a sample goes through them; none for a pickled `nn.Sequential`, which
    /// knows its own.
    #[serde(default)]
    pub layers: Vec<Layer>,
    /// The shape of one sample, `[steps, features]` or `[features]`, row-major; not needed where the first
    /// layer takes a vector and its tensors say how long it is.
    #[serde(default)]
    pub window: Option<Vec<usize>>,
    /// The key under which a checkpoint holds the state dict, if it holds several.
    #[serde(default)]
    pub weights: Option<String>,
    /// Beginnings of names of tensors that the network leaves unused.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// The labels that the outputs of a classifier stand for.
    #[serde(default)]
    pub classes: Vec<Label>,
    /// With a scaler: whether it is still to be applied to the inputs.
    #[serde(default)]
    pub inputs: Inputs,
    /// With a scaler: its column that the prediction is in the units of. By default 0 for a window of several
    /// steps; otherwise the prediction is left as it is.
    #[serde(default)]
    pub target: Option<Target>,
}

impl Declaration {
    /// The first label that cannot be one beside the others, and why.
    #[must_use]
    pub fn wrong_class(&self) -> Option<(usize, String)> {
        let first = self.classes.first()?;
        if self.classes.len() == 1 {
            let text = format!(
                "classes has {first} alone, which every row would be answered; two labels or more are expected"
            );
            return Some((0, text));
        }
        let is_wrong = |(at, it): (usize, &Label)| {
            if discriminant(it) != discriminant(first) {
                let text = "classes are of several types; all numbers, all texts or all booleans are expected";
                return Some((at, text.to_owned()));
            }
            let before = self.classes.iter().take(at).any(|before| before == it);
            before.then(|| {
                (at, format!("classes has {it} twice; each output has a label of its own"))
            })
        };
        self.classes.iter().enumerate().find_map(is_wrong)
    }
}

/// Whether the inputs are as measured, or scaled already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inputs {
    /// As measured.
    #[default]
    Raw,
    /// Scaled already.
    Scaled,
}

/// The column of the scaler that a prediction is put back by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Target {
    /// This one.
    Column(usize),
    /// `false`: none, the prediction is left as it is.
    Any(bool),
}

/// A class's label.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Label {
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(it) => write!(f, "{it}"),
            Self::Int(it) => write!(f, "{it}"),
            Self::Text(it) => write!(f, "{it:?}"),
        }
    }
}

/// What a recurrent layer gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecurrentOutput {
    /// The outputs of all steps.
    #[default]
    Sequence,
    /// The last layer's state after its last step (`h_n[-1]`); of two directions both, one behind the other.
    Hidden,
}

/// What a plain recurrent cell applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nonlinearity {
    /// The hyperbolic tangent.
    #[default]
    Tanh,
    /// The larger of it and 0.
    Relu,
}

/// How GELU is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approximate {
    /// By the error function.
    #[default]
    None,
    /// By the hyperbolic tangent.
    Tanh,
}

/// Zeros around a convolution's positions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Padding {
    /// As many on both sides.
    Zeros(usize),
    /// `same` or `valid`.
    Named(NamedPadding),
}

/// Padding by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedPadding {
    /// As many places as positions.
    Same,
    /// None.
    Valid,
}

impl Default for Padding {
    fn default() -> Self {
        Self::Zeros(0)
    }
}

/// What pooling over the steps of a sequence keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolOver {
    /// `x[:, 0]`
    First,
    /// `x[:, -1]`
    Last,
    /// `x.mean(dim=1)`
    Mean,
    /// `x.max(dim=1).values`
    Max,
    /// `x.sum(dim=1)`
    Sum,
}

/// One layer. `prefix` is what its tensors' names begin with: `prefix = "fc"` takes `fc.weight` and `fc.bias`.
/// Other fields are the parameters of PyTorch's class, with its defaults.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of PyTorch; docs/networks.md describes each")]
pub enum Layer {
    Linear {
        prefix: String,
    },
    Lstm {
        prefix: String,
        #[serde(default)]
        output: RecurrentOutput,
        /// Changes nothing: a row of a table is one sample.
        #[serde(default)]
        batch_first: bool,
    },
    Gru {
        prefix: String,
        #[serde(default)]
        output: RecurrentOutput,
        /// Changes nothing: a row of a table is one sample.
        #[serde(default)]
        batch_first: bool,
    },
    Rnn {
        prefix: String,
        #[serde(default)]
        output: RecurrentOutput,
        #[serde(default)]
        nonlinearity: Nonlinearity,
        /// Changes nothing: a row of a table is one sample.
        #[serde(default)]
        batch_first: bool,
    },
    Conv1d {
        prefix: String,
        #[serde(default = "one")]
        stride: usize,
        #[serde(default)]
        padding: Padding,
        #[serde(default = "one")]
        dilation: usize,
        #[serde(default = "one")]
        groups: usize,
    },
    BatchNorm1d {
        prefix: String,
        #[serde(default = "small")]
        eps: f64,
    },
    LayerNorm {
        prefix: String,
        #[serde(default = "small")]
        eps: f64,
        /// Only for one without weights.
        #[serde(default)]
        normalized_shape: Option<Vec<usize>>,
    },
    Embedding {
        prefix: String,
    },
    Attention {
        prefix: String,
    },
    Prelu {
        prefix: String,
    },
    Pool {
        over: PoolOver,
    },
    MaxPool1d {
        kernel_size: usize,
        #[serde(default)]
        stride: Option<usize>,
        #[serde(default)]
        padding: usize,
        #[serde(default = "one")]
        dilation: usize,
    },
    AvgPool1d {
        kernel_size: usize,
        #[serde(default)]
        stride: Option<usize>,
        #[serde(default)]
        padding: usize,
        #[serde(default = "yes")]
        count_include_pad: bool,
    },
    AdaptiveAvgPool1d {
        output_size: usize,
    },
    AdaptiveMaxPool1d {
        output_size: usize,
    },
    Flatten {},
    Transpose {},
    Reshape {
        shape: Vec<usize>,
    },
    Identity {},
    Dropout {},
    Relu {},
    LeakyRelu {
        #[serde(default = "hundredth")]
        negative_slope: f64,
    },
    Elu {
        #[serde(default = "unit")]
        alpha: f64,
    },
    Celu {
        #[serde(default = "unit")]
        alpha: f64,
    },
    Selu {},
    Gelu {
        #[serde(default)]
        approximate: Approximate,
    },
    Silu {},
    Mish {},
    Tanh {},
    Tanhshrink {},
    Sigmoid {},
    LogSigmoid {},
    Softmax {
        #[serde(default = "last")]
        dim: i64,
    },
    LogSoftmax {
        #[serde(default = "last")]
        dim: i64,
    },
    Softplus {
        #[serde(default = "unit")]
        beta: f64,
        #[serde(default = "twenty")]
        threshold: f64,
    },
    Softsign {},
    Hardtanh {
        #[serde(default = "minus_unit")]
        min_val: f64,
        #[serde(default = "unit")]
        max_val: f64,
    },
    Relu6 {},
    Hardsigmoid {},
    Hardswish {},
}

fn one() -> usize {
    1
}

fn last() -> i64 {
    -1
}

fn yes() -> bool {
    true
}

fn small() -> f64 {
    1e-5
}

fn hundredth() -> f64 {
    0.01
}

fn unit() -> f64 {
    1.0
}

fn minus_unit() -> f64 {
    -1.0
}

fn twenty() -> f64 {
    20.0
}

impl Layer {
    /// What the tensors' names begin with, if it has any.
    #[must_use]
    pub fn prefix(&self) -> Option<&str> {
        match self {
            Self::Linear { prefix }
            | Self::Lstm { prefix, .. }
            | Self::Gru { prefix, .. }
            | Self::Rnn { prefix, .. }
            | Self::Conv1d { prefix, .. }
            | Self::BatchNorm1d { prefix, .. }
            | Self::LayerNorm { prefix, .. }
            | Self::Embedding { prefix }
            | Self::Attention { prefix }
            | Self::Prelu { prefix } => Some(prefix),
            _ => None,
        }
    }
}
