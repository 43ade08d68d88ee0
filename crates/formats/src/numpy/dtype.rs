//! dtype objects: `numpy.dtype(code, align, copy)` and the state
//! `(version, byte order, sub-array, names, fields, item size, alignment, flags, metadata)`,
//! of which older versions lack the last one or two.
//!
//! Source: numpy/core/src/multiarray/descriptor.c, `arraydescr_reduce` and `arraydescr_setstate`.

use std::collections::HashMap;

use object_graph::{
    Builder, ByteOrder, Dtype, Field, Kind, NodeId, Object, Scalar, Tag, TimeUnit, Value,
};

use super::Refusal;
use super::array::shape_of;

/// A dtype may nest this deep and have this many fields in all: scikit-learn's have 9 at one level.
const DEEPEST: usize = 8;
const MOST_FIELDS: usize = 1024;

/// The dtype node for a dtype object; `None` for any other object, and for the type of a field that
/// is an array itself, which has a meaning in its field only.
pub(super) fn decode(builder: &mut Builder, id: NodeId) -> Result<Option<NodeId>, Refusal> {
    let object = builder.value(id).as_object();
    if !object.and_then(Object::class).is_some_and(|it| it.is("numpy.dtype")) {
        return Ok(None);
    }
    // Whatever comes of it: looking at the fields is work that a file may ask for again and again.
    let mut reader = Reader { fields_left: MOST_FIELDS };
    let read = reader.read_with_shape(builder.value(id), 0);
    builder.budget().charge((MOST_FIELDS - reader.fields_left) * size_of::<Field>())?;
    match read? {
        (dtype, shape) if shape.is_empty() => Ok(Some(builder.dtype(dtype)?)),
        _ => Ok(None),
    }
}

/// A dtype, decoded already or not.
pub(crate) fn read(value: Value<'_>) -> Result<Dtype, Refusal> {
    match value.kind() {
        Kind::Dtype(it) => Ok(it.clone()),
        _ => Reader { fields_left: MOST_FIELDS }.read(value, 0),
    }
}

struct Reader {
    fields_left: usize,
}

impl Reader {
    fn read(&mut self, value: Value<'_>, depth: usize) -> Result<Dtype, Refusal> {
        let (dtype, shape) = self.read_with_shape(value, depth)?;
        if shape.is_empty() { Ok(dtype) } else { Err(inert("a dtype of a fixed sub-array shape")) }
    }

    /// A dtype and the shape of the sub-array it is for each element.
    fn read_with_shape(
        &mut self,
        value: Value<'_>,
        depth: usize,
    ) -> Result<(Dtype, Box<[usize]>), Refusal> {
        if let Kind::Dtype(it) = value.kind() {
            return Ok((it.clone(), Box::default()));
        }
        if let Some(reason) = value.reason() {
            return Err(inert(reason));
        }
        if depth > DEEPEST {
            return Err(inert("a dtype nested too deeply"));
        }
        let object = value.as_object();
        let object = object.filter(|it| it.class().is_some_and(|it| it.is("numpy.dtype")));
        let object =
            object.ok_or_else(|| inert(&format!("a dtype of type {}", value.type_name())))?;
        let code = object.args().items().and_then(|mut it| it.next());
        let code = code.ok_or_else(|| inert("a dtype without a type"))?;
        let simple = simple(code)?;
        let Some(state) = object.state() else { return Ok((simple, Box::default())) };
        self.with_state(simple, state, depth)
    }

    fn with_state(
        &mut self,
        simple: Dtype,
        state: Value<'_>,
        depth: usize,
    ) -> Result<(Dtype, Box<[usize]>), Refusal> {
        let damaged = || inert("a dtype whose state is not known");
        if state.tag() != Tag::Tuple || state.len().is_none_or(|it| !(7..=9).contains(&it)) {
            return Err(damaged());
        }
        let mut parts = state.items().ok_or_else(damaged)?;
        let mut next = || parts.next().ok_or_else(damaged);
        let (_version, order, sub_array, names, fields, size) =
            (next()?, next()?, next()?, next()?, next()?, next()?);
        let (_alignment, _flags, metadata) = (next()?, next().ok(), next().ok());
        let order = if order.as_raw() == Some(b">") { ByteOrder::Big } else { ByteOrder::Little };
        if !sub_array.is_none() {
            return self.sub_array(sub_array, depth);
        }
        let itemsize = match (&simple.scalar, size.as_i64()) {
            (Scalar::Bytes | Scalar::Unicode | Scalar::Void, Some(it @ 0..=0x7fff_ffff)) => {
                it as usize
            }
            _ => simple.itemsize,
        };
        let scalar = match simple.scalar {
            Scalar::Void if !names.is_none() => {
                Scalar::Struct(self.fields(names, fields, itemsize, depth)?)
            }
            Scalar::Datetime(unit) => Scalar::Datetime(time_unit(metadata)?.unwrap_or(unit)),
            Scalar::Timedelta(unit) => Scalar::Timedelta(time_unit(metadata)?.unwrap_or(unit)),
            scalar => scalar,
        };
        if scalar == Scalar::Unicode && !itemsize.is_multiple_of(4) {
            return Err(inert("a text dtype whose size is not a multiple of 4"));
        }
        Ok((Dtype { scalar, itemsize, order }, Box::default()))
    }

    fn sub_array(
        &mut self,
        pair: Value<'_>,
        depth: usize,
    ) -> Result<(Dtype, Box<[usize]>), Refusal> {
        let damaged = || inert("a dtype whose sub-array is not known");
        if pair.tag() != Tag::Tuple {
            return Err(damaged());
        }
        let mut parts = pair.items().ok_or_else(damaged)?;
        let (Some(base), Some(shape)) = (parts.next(), parts.next()) else { return Err(damaged()) };
        Ok((self.read(base, depth + 1)?, shape_of(shape)?))
    }

    fn fields(
        &mut self,
        names: Value<'_>,
        fields: Value<'_>,
        itemsize: usize,
        depth: usize,
    ) -> Result<Box<[Field]>, Refusal> {
        let damaged = || inert("a structured dtype whose fields are not known");
        let few = |it: Value<'_>| it.len().is_some_and(|it| it <= MOST_FIELDS);
        if names.tag() != Tag::Tuple || fields.tag() != Tag::Dict || !few(names) || !few(fields) {
            return Err(damaged());
        }
        let by_name: HashMap<&[u8], Value<'_>> = fields
            .entries()
            .into_iter()
            .flatten()
            .filter_map(|(k, v)| Some((k.as_raw()?, v)))
            .collect();
        let mut all = Vec::new();
        for name in names.items().into_iter().flatten() {
            self.fields_left = self.fields_left.checked_sub(1).ok_or_else(damaged)?;
            let spec = name.as_raw().and_then(|it| by_name.get(it)).ok_or_else(damaged)?;
            if name.as_raw().is_none_or(|it| it.len() > 256) {
                return Err(damaged());
            }
            let name = name.as_str().ok_or_else(damaged)?;
            all.push(self.field(name, *spec, itemsize, depth)?);
        }
        Ok(all.into())
    }

    /// One field, from `(dtype, offset)` or `(dtype, offset, title)`.
    fn field(
        &mut self,
        name: &str,
        spec: Value<'_>,
        itemsize: usize,
        depth: usize,
    ) -> Result<Field, Refusal> {
        let damaged = || inert("a field whose place is not known");
        if spec.tag() != Tag::Tuple {
            return Err(damaged());
        }
        let mut parts = spec.items().ok_or_else(damaged)?;
        let (Some(dtype), Some(offset)) = (parts.next(), parts.next()) else {
            return Err(damaged());
        };
        let (dtype, shape) = self.read_with_shape(dtype, depth + 1)?;
        let offset = offset.as_i64().and_then(|it| usize::try_from(it).ok()).ok_or_else(damaged)?;
        if dtype.scalar == Scalar::Object {
            return Err(inert("a structured dtype with objects in it"));
        }
        let count = shape.iter().try_fold(1_usize, |all, it| all.checked_mul(*it));
        let end = count.and_then(|it| it.checked_mul(dtype.itemsize)?.checked_add(offset));
        if end.is_none_or(|it| it > itemsize) {
            return Err(inert("a field that ends behind its dtype"));
        }
        Ok(Field { name: name.to_owned(), offset, dtype, shape })
    }
}

/// What the first argument says: `"f8"`, or a class such as `numpy.record`.
fn simple(code: Value<'_>) -> Result<Dtype, Refusal> {
    let short = code.as_raw().is_none_or(|it| it.len() <= 64);
    let dtype = match code.kind() {
        Kind::Text(it) if short => Dtype::parse(it),
        Kind::Class(it) if it.module == "numpy" && matches!(it.name, "record" | "void") => {
            Some(Dtype::little(Scalar::Void, 0))
        }
        Kind::Class(it) if it.is("numpy.rec.record") => Some(Dtype::little(Scalar::Void, 0)),
        Kind::Class(it) => Dtype::of_class(it.module, it.name),
        _ => None,
    };
    dtype.ok_or_else(|| {
        let name = match code.kind() {
            Kind::Text(it) if short => it.to_owned(),
            Kind::Class(it) => it.to_string(),
            _ => "of another kind".to_owned(),
        };
        Refusal::Inert(format!("the dtype {name} is not supported"))
    })
}

/// The unit from `(metadata, (unit, count, denominator, event))`; numpy 1.6 wrote the pair alone.
fn time_unit(metadata: Option<Value<'_>>) -> Result<Option<TimeUnit>, Refusal> {
    let Some(metadata) = metadata.filter(|it| it.tag() == Tag::Tuple) else { return Ok(None) };
    let damaged = || inert("a time unit that is not known");
    let unit = metadata.items().and_then(|mut it| it.nth(1)).ok_or_else(damaged)?;
    if unit.tag() != Tag::Tuple {
        return Err(damaged());
    }
    let mut parts = unit.items().ok_or_else(damaged)?;
    let (code, count) = (parts.next(), parts.next());
    let code =
        code.and_then(Value::as_raw).and_then(|it| str::from_utf8(it.get(..it.len().min(8))?).ok());
    let count = count.and_then(Value::as_i64).and_then(|it| u32::try_from(it).ok());
    let (Some(code), Some(count)) = (code, count) else { return Err(damaged()) };
    TimeUnit::new(code, count).map(Some).ok_or_else(damaged)
}

fn inert(reason: &str) -> Refusal {
    Refusal::Inert(reason.to_owned())
}
