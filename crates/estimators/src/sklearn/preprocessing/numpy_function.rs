//! numpy's elementwise functions, by the names files use for them.
//!
//! A pickle names a function; nothing is imported. Only those in [`FUNCTIONS`] are known, and `clip`
//! with its bounds. Python finds them in `numpy` or, for ufuncs, in `numpy.core._multiarray_umath`
//! (`numpy._core` from numpy 2); until numpy 1.19 a ufunc is `_ufunc_reconstruct(module, name)`.
//!
//! What is not plain arithmetic comes from the C library, as it does in numpy without AVX-512: the same
//! bits, but for `tanh` from numpy 1.22, which has its own (1 ulp). For `float32` numpy has its own `exp`,
//! `log`, `sin`, `cos` and `tanh`: these are refused.

use std::f64::consts::{LN_2, PI};

use object_graph::{Kind, Value};

use crate::custom::StandIn;
use crate::{Block, DataError, Dense, Dtype, Precision, ReadError, State};

/// A function of one number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumpyFunction {
    row: &'static Row,
    /// Bounds of `clip`.
    bounds: Option<(f64, f64)>,
}

#[derive(Debug)]
struct Row {
    /// The function's own name and others.
    names: &'static [&'static str],
    double: fn(f64) -> f64,
    /// `None` where numpy's `float32` has bits of its own.
    single: Option<fn(f32) -> f32>,
    /// Whether scipy applies it to the stored values of sparse rows; it gives 0 for 0.
    sparse: Sparse,
}

#[derive(Debug, PartialEq, Eq)]
enum Sparse {
    Stored,
    Refused,
}

const fn row(
    names: &'static [&'static str],
    double: fn(f64) -> f64,
    single: Option<fn(f32) -> f32>,
    sparse: Sparse,
) -> Row {
    Row { names, double, single, sparse }
}

const FUNCTIONS: &[Row] = &[
    row(&["absolute", "abs", "fabs"], f64::abs, Some(f32::abs), Sparse::Stored),
    row(&["arccos", "acos"], f64::acos, Some(f32::acos), Sparse::Refused),
    row(&["arccosh", "acosh"], arccosh, None, Sparse::Refused),
    row(&["arcsin", "asin"], f64::asin, Some(f32::asin), Sparse::Stored),
    row(&["arcsinh", "asinh"], arcsinh, None, Sparse::Stored),
    row(&["arctan", "atan"], f64::atan, Some(f32::atan), Sparse::Stored),
    row(&["arctanh", "atanh"], arctanh, None, Sparse::Stored),
    row(&["cbrt"], f64::cbrt, Some(f32::cbrt), Sparse::Refused),
    row(&["ceil"], f64::ceil, Some(f32::ceil), Sparse::Stored),
    row(&["cos"], f64::cos, None, Sparse::Refused),
    row(&["cosh"], f64::cosh, Some(f32::cosh), Sparse::Refused),
    row(&["deg2rad"], |x| x * (PI / 180.0), None, Sparse::Stored),
    row(&["exp"], f64::exp, None, Sparse::Refused),
    row(&["exp2"], f64::exp2, Some(f32::exp2), Sparse::Refused),
    row(&["expm1"], f64::exp_m1, Some(f32::exp_m1), Sparse::Stored),
    row(&["floor"], f64::floor, Some(f32::floor), Sparse::Stored),
    row(&["log"], f64::ln, None, Sparse::Refused),
    row(&["log10"], f64::log10, Some(f32::log10), Sparse::Refused),
    row(&["log1p"], f64::ln_1p, Some(f32::ln_1p), Sparse::Stored),
    row(&["log2"], f64::log2, Some(f32::log2), Sparse::Refused),
    row(&["negative"], |x| -x, Some(|x| -x), Sparse::Stored),
    row(&["positive"], |x| x, Some(|x| x), Sparse::Refused),
    row(&["rad2deg"], |x| x * (180.0 / PI), None, Sparse::Stored),
    row(&["reciprocal"], |x| 1.0 / x, Some(|x| 1.0 / x), Sparse::Refused),
    row(&["rint"], f64::round_ties_even, Some(f32::round_ties_even), Sparse::Stored),
    row(&["sign"], sign, Some(|x| sign(f64::from(x)) as f32), Sparse::Stored),
    row(&["sin"], f64::sin, None, Sparse::Stored),
    row(&["sinh"], f64::sinh, Some(f32::sinh), Sparse::Stored),
    row(&["sqrt"], f64::sqrt, Some(f32::sqrt), Sparse::Stored),
    row(&["square"], |x| x * x, Some(|x| x * x), Sparse::Refused),
    row(&["tan"], f64::tan, Some(f32::tan), Sparse::Stored),
    row(&["tanh"], f64::tanh, None, Sparse::Stored),
    row(&["trunc"], f64::trunc, Some(f32::trunc), Sparse::Stored),
];

/// Functions that leave integers as integers, some of them since numpy 2.1.
const WHOLE: &[&str] = &[
    "absolute",
    "ceil",
    "clip",
    "floor",
    "negative",
    "positive",
    "reciprocal",
    "sign",
    "square",
    "trunc",
];

const CLIP: Row = row(&["clip"], |x| x, Some(|x| x), Sparse::Refused);

const MODULES: &[&str] = &[
    "numpy",
    "numpy.core._multiarray_umath",
    "numpy._core._multiarray_umath",
    "numpy.core.umath",
    "numpy._core.umath",
    "numpy.core.fromnumeric",
    "numpy._core.fromnumeric",
];

impl NumpyFunction {
    /// The function in attribute `name`, called with the keywords in attribute `keywords`: several, to
    /// apply one after the other, if they stand in for the user's own; none leaves numbers as they are.
    pub(crate) fn read(
        state: &State<'_>,
        name: &str,
        keywords: &str,
    ) -> Result<Vec<Self>, ReadError> {
        let Some(function) = state.optional(name) else { return Ok(vec![]) };
        let keywords = state.optional(keywords);
        let keywords =
            keywords.filter(|it| it.value().entries().is_none_or(|mut it| it.next().is_some()));
        let Some((module, called)) = function_name(function.value()) else {
            return Err(function.wrong("a function of numpy"));
        };
        if let Some(StandIn::Functions(it)) = state.stand_in(&format!("{module}.{called}")) {
            return Ok(it.clone());
        }
        let refused = || {
            let text =
                format!("is {module}.{called}, which is none of numpy's elementwise functions");
            let remedy = "[classes] in pythia.toml can say what stands in for it";
            function.unsupported(format!(
                "{text} that Pythia knows; only its name is in the file; {remedy}"
            ))
        };
        if !MODULES.contains(&module) {
            return Err(refused());
        }
        if called == "clip" {
            let keywords = keywords.ok_or_else(|| function.invalid("is clip without bounds"))?;
            return Ok(vec![Self { row: &CLIP, bounds: Some(clip_bounds(&keywords)?) }]);
        }
        let row = FUNCTIONS.iter().find(|it| it.names.contains(&called)).ok_or_else(refused)?;
        match keywords {
            Some(it) => Err(it.unsupported(format!("has keywords for {called}"))),
            None => Ok(vec![Self { row, bounds: None }]),
        }
    }

    /// Reads functions from text: `numpy.log1p`, or calls in one another around one `x`, such as
    /// `numpy.sqrt(numpy.clip(x, 0, 100))`. The innermost comes first.
    pub(crate) fn parse(text: &str) -> Result<Vec<Self>, String> {
        let expected = "neither a supported class nor functions of numpy's such as numpy.log1p or \
                        numpy.sqrt(numpy.clip(x, 0, 100))";
        let mut functions = Vec::new();
        let mut rest = text.trim();
        while rest != "x" {
            let (name, arguments) = match rest.split_once('(') {
                Some((name, inner)) => (name, inner.strip_suffix(')').ok_or(expected)?.trim()),
                None if functions.is_empty() => (rest, "x"),
                None => return Err(expected.to_owned()),
            };
            let called = name.trim().strip_prefix("numpy.").ok_or(expected)?;
            if called == "clip" {
                let (inner, bounds) = parse_bounds(arguments).ok_or(expected)?;
                functions.push(Self { row: &CLIP, bounds: Some(bounds) });
                rest = inner;
                continue;
            }
            let row = FUNCTIONS.iter().find(|it| it.names.contains(&called)).ok_or(expected)?;
            functions.push(Self { row, bounds: None });
            rest = arguments;
        }
        functions.reverse();
        if functions.is_empty() { Err(expected.to_owned()) } else { Ok(functions) }
    }

    /// Every number of a block through the function. Integers and booleans become floats.
    pub(crate) fn apply(self, block: Block) -> Result<Block, DataError> {
        self.check_type(block.dtype())?;
        let single = match block.precision() {
            Precision::Single => Some(self.row.single.ok_or_else(|| {
                let name = self.row.names.first().copied().unwrap_or_default();
                DataError::block(format!("numpy's {name} of float32 is not supported"))
            })?),
            Precision::Double => None,
        };
        match block {
            Block::Sparse(mut x) => {
                if self.row.sparse == Sparse::Refused {
                    return Err(DataError::block("the function does not take sparse rows"));
                }
                self.map(x.values_mut(), single);
                Ok(Block::Sparse(x))
            }
            other => {
                let mut x: Dense = other.into_numbers()?;
                x.map_columns(|_, column| self.map(column, single));
                Ok(Block::Dense(x))
            }
        }
    }

    /// Refuses numbers that numpy gives to the function as another type than `float64` or `float32`.
    fn check_type(self, dtype: Dtype) -> Result<(), DataError> {
        let name = self.row.names.first().copied().unwrap_or_default();
        let is_known = match dtype {
            Dtype::Float64 | Dtype::Float32 => true,
            // Functions of integers that are integers themselves.
            Dtype::Int(32 | 64) | Dtype::UInt(32 | 64) => !WHOLE.contains(&name),
            Dtype::Int(_) | Dtype::UInt(_) | Dtype::Bool => false,
        };
        if is_known {
            return Ok(());
        }
        Err(DataError::block(format!("numpy's {name} of {dtype} is not supported")))
    }

    fn map(self, values: &mut [f64], single: Option<fn(f32) -> f32>) {
        match (self.bounds, single) {
            (Some((low, high)), None) => values.iter_mut().for_each(|x| *x = clip(*x, low, high)),
            (Some((low, high)), Some(_)) => {
                let (low, high) = (f64::from(low as f32), f64::from(high as f32));
                values.iter_mut().for_each(|x| *x = clip(*x, low, high));
            }
            (None, None) => values.iter_mut().for_each(|x| *x = (self.row.double)(*x)),
            (None, Some(f)) => values.iter_mut().for_each(|x| *x = f64::from(f(*x as f32))),
        }
    }
}

/// `inner, low, high`.
fn parse_bounds(arguments: &str) -> Option<(&str, (f64, f64))> {
    let mut parts = arguments.rsplitn(3, ',').map(str::trim);
    let high = parts.next()?.parse().ok()?;
    let low = parts.next()?.parse().ok()?;
    Some((parts.next()?, (low, high)))
}

/// Module and name of a function.
fn function_name(value: Value<'_>) -> Option<(&str, &str)> {
    match value.kind() {
        Kind::Class(it) => Some((it.module, it.name)),
        Kind::Object(it) if it.class()?.name == "_ufunc_reconstruct" => {
            let mut args = it.args().items()?;
            Some((args.next()?.as_str()?, args.next()?.as_str()?))
        }
        Kind::Object(it) => it.class().map(|it| (it.module, it.name)),
        _ => None,
    }
}

/// `a_min` and `a_max`; numpy 2.1 also calls them `min` and `max`.
fn clip_bounds(keywords: &State<'_>) -> Result<(f64, f64), ReadError> {
    let entries = keywords.value().entries().ok_or_else(|| keywords.wrong("a dict"))?;
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    for (key, value) in entries {
        let value = keywords.step(value, "[…]");
        let bound = match key.as_str() {
            Some("a_min" | "min") => &mut low,
            Some("a_max" | "max") => &mut high,
            _ => return Err(keywords.unsupported("has other keywords than clip's bounds")),
        };
        if !value.value().is_none() {
            *bound = value.as_float()?;
        }
    }
    Ok((low, high))
}

/// `minimum(maximum(x, low), high)`: of bounds the wrong way round the upper wins; NaN stays.
fn clip(x: f64, low: f64, high: f64) -> f64 {
    let x = if x < low { low } else { x };
    if high < x { high } else { x }
}

fn sign(x: f64) -> f64 {
    match x.partial_cmp(&0.0) {
        Some(std::cmp::Ordering::Greater) => 1.0,
        Some(std::cmp::Ordering::Less) => -1.0,
        Some(std::cmp::Ordering::Equal) => 0.0,
        None => x,
    }
}

const TINY: f64 = 1.0 / (1_u64 << 28) as f64;
const HUGE: f64 = (1_u64 << 28) as f64;

/// As in glibc (fdlibm's `s_asinh.c`); Rust's own differs in the last bits.
fn arcsinh(x: f64) -> f64 {
    let a = x.abs();
    if !x.is_finite() || a < TINY {
        return x;
    }
    let squared = a * a;
    let y = if HUGE < a {
        a.ln() + LN_2
    } else if 2.0 < a {
        (2.0 * a + 1.0 / ((squared + 1.0).sqrt() + a)).ln()
    } else {
        (a + squared / (1.0 + (1.0 + squared).sqrt())).ln_1p()
    };
    y.copysign(x)
}

/// As in glibc (fdlibm's `e_acosh.c`).
fn arccosh(x: f64) -> f64 {
    if HUGE < x {
        return x.ln() + LN_2;
    }
    if 2.0 < x {
        return (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln();
    }
    if x < 1.0 {
        return f64::NAN;
    }
    let t = x - 1.0;
    (t + (2.0 * t + t * t).sqrt()).ln_1p()
}

/// As in glibc (`e_atanh.c`).
fn arctanh(x: f64) -> f64 {
    let a = x.abs();
    if a < TINY {
        return x;
    }
    let y = if a < 0.5 {
        let t = a + a;
        0.5 * (t + t * a / (1.0 - a)).ln_1p()
    } else {
        0.5 * ((a + a) / (1.0 - a)).ln_1p()
    };
    y.copysign(x)
}
