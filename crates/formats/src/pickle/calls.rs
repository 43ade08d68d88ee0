//! What a call in a pickle stands for: plain data, or an object of a class.

use object_graph::{Array, ArrayData, Dtype, Full, Kind, NodeId, Order, Scalar, Tag, Value};

use super::machine::Machine;
use crate::error::Fault;

/// What the call of a known function makes; `None` if its arguments are not the plain ones.
type Plain = fn(&mut Machine<'_>, NodeId, &[NodeId]) -> Result<Option<NodeId>, Full>;

/// Calls that stand for plain data.
const PLAIN: &[(&str, &str, Plain)] = &[
    ("_codecs", "encode", encode),
    ("collections", "OrderedDict", ordered_dict),
    ("builtins", "bool", bool),
    ("builtins", "bytearray", bytes),
    ("builtins", "bytes", bytes),
    ("builtins", "complex", complex),
    ("builtins", "dict", ordered_dict),
    ("builtins", "float", float),
    ("builtins", "frozenset", frozenset),
    ("builtins", "int", int),
    ("builtins", "list", list),
    ("builtins", "set", set),
    ("builtins", "str", text),
    ("builtins", "tuple", tuple),
];

impl Machine<'_> {
    /// Pushes what calling `class` with `args` would make, `called` by REDUCE rather than NEWOBJ.
    pub(super) fn object(
        &mut self,
        class: NodeId,
        args: NodeId,
        called: bool,
    ) -> Result<(), Fault> {
        let Kind::Class(it) = self.builder.value(class).kind() else {
            return self.partial_object(class, args);
        };
        let Kind::Tuple(items) = self.builder.value(args).kind() else {
            return Err(Fault::malformed("arguments that are not a tuple; the file is damaged"));
        };
        let named = |module: &str, name: &str| it.module == module && it.name == name;
        let reconstructs = called && it.module == "copyreg";
        let few = (items.len() <= 3).then(|| items.map(Value::id).collect::<Vec<_>>());
        if called && it.name == "_ufunc_reconstruct" && it.module.starts_with("numpy.") {
            return self.ufunc(class, args);
        }
        let plain = PLAIN.iter().find(|(module, name, _)| named(module, name)).map(|it| it.2);
        let id = match (plain, few) {
            (Some(plain), Some(items)) => plain(self, args, &items)?,
            _ if reconstructs => return self.reconstruct(class, args),
            _ => None,
        };
        let id = match id {
            Some(id) => id,
            None => self.builder.object(class, args, self.opcode_at as u64)?,
        };
        self.push(id)
    }

    /// `numpy.core._ufunc_reconstruct(module, name)`, as numpy before 1.20 writes a function such as
    /// `numpy.log1p`: the name of that function.
    fn ufunc(&mut self, function: NodeId, args: NodeId) -> Result<(), Fault> {
        let items = self.builder.value(args).items().filter(|it| it.len() == 2);
        let all: Vec<NodeId> = items.into_iter().flatten().map(Value::id).collect();
        let id = match all.as_slice() {
            [module, name] => self.class(*module, *name)?,
            _ => self.builder.object(function, args, self.opcode_at as u64)?,
        };
        self.push(id)
    }

    /// A call of `functools.partial(f)`, as pandas 1.3 writes its blocks: `f` has a name.
    fn partial_object(&mut self, callable: NodeId, args: NodeId) -> Result<(), Fault> {
        let object = self.builder.value(callable).as_object();
        let partial = object.filter(|it| it.class().is_some_and(|it| it.is("functools.partial")));
        let function = partial.and_then(|it| it.args().items()?.next());
        let named = function.is_some_and(|it| it.tag() == Tag::Class);
        if !named || self.builder.value(args).tag() != Tag::Tuple {
            return Err(Fault::unsupported(
                "the file calls something that is not a class or function by name",
            ));
        }
        let id = self.builder.object(callable, args, self.opcode_at as u64)?;
        self.push(id)
    }

    /// `copyreg._reconstructor(class, base, value)`, `copyreg.__newobj__(class, *args)` and
    /// `copyreg.__newobj_ex__(class, args, {})` make an object of the class.
    fn reconstruct(&mut self, function: NodeId, args: NodeId) -> Result<(), Fault> {
        let (class, args) = match self.reconstructed(function, args)? {
            Some(it) => it,
            None => (function, args),
        };
        let id = self.builder.object(class, args, self.opcode_at as u64)?;
        self.push(id)
    }

    /// The class and arguments that a function of `copyreg` would use.
    fn reconstructed(
        &mut self,
        function: NodeId,
        args: NodeId,
    ) -> Result<Option<(NodeId, NodeId)>, Fault> {
        let Kind::Class(function) = self.builder.value(function).kind() else { return Ok(None) };
        let generic = function.name == "__newobj__";
        let short = self.builder.value(args).len().is_some_and(|it| generic || it == 3);
        if !short {
            return Ok(None);
        }
        let function = function.name.to_owned();
        let Some(all) = self.copied_items(args)? else { return Ok(None) };
        let tag = |id: &NodeId| self.builder.value(*id).tag();
        if all.first().is_none_or(|class| tag(class) != Tag::Class) {
            return Ok(None);
        }
        match (function.as_str(), all.as_slice()) {
            ("__newobj__", [class, args @ ..]) => Ok(Some((*class, self.builder.tuple(args)?))),
            ("_reconstructor", [class, base, value]) if tag(base) == Tag::Class => {
                let base = self.builder.value(*base).kind();
                let object = matches!(base, Kind::Class(it) if it.is("builtins.object"));
                let args = if object { &[][..] } else { std::slice::from_ref(value) };
                Ok(Some((*class, self.builder.tuple(args)?)))
            }
            ("__newobj_ex__", [class, args, keywords])
                if tag(args) == Tag::Tuple
                    && tag(keywords) == Tag::Dict
                    && self.builder.value(*keywords).len() == Some(0) =>
            {
                Ok(Some((*class, *args)))
            }
            _ => Ok(None),
        }
    }

    /// The items of a list, tuple or set, copied; charged, as a file may ask for it often.
    fn copied_items(&mut self, id: NodeId) -> Result<Option<Vec<NodeId>>, Full> {
        let value = self.builder.value(id);
        if !matches!(value.tag(), Tag::List | Tag::Tuple | Tag::Set | Tag::FrozenSet) {
            return Ok(None);
        }
        let len = value.len().unwrap_or_default();
        self.builder.budget().charge(len * size_of::<NodeId>())?;
        Ok(self.builder.value(id).items().map(|it| it.map(Value::id).collect()))
    }
}

fn items_of(machine: &mut Machine<'_>, items: &[NodeId]) -> Result<Option<Vec<NodeId>>, Full> {
    match items {
        [] => Ok(Some(Vec::new())),
        [from] => machine.copied_items(*from),
        _ => Ok(None),
    }
}

fn list(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    let Some(items) = items_of(machine, args)? else { return Ok(None) };
    let list = machine.builder.list()?;
    machine.builder.extend(list, &items)?;
    Ok(Some(list))
}

fn set(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    let Some(items) = items_of(machine, args)? else { return Ok(None) };
    let set = machine.builder.set()?;
    machine.builder.extend(set, &items)?;
    Ok(Some(set))
}

fn frozenset(
    machine: &mut Machine<'_>,
    _: NodeId,
    args: &[NodeId],
) -> Result<Option<NodeId>, Full> {
    let Some(items) = items_of(machine, args)? else { return Ok(None) };
    machine.builder.frozenset(&items).map(Some)
}

fn tuple(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    let Some(items) = items_of(machine, args)? else { return Ok(None) };
    machine.builder.tuple(&items).map(Some)
}

/// From nothing, a dict, or a list of pairs (as Python 2 writes an `OrderedDict`).
fn ordered_dict(
    machine: &mut Machine<'_>,
    _: NodeId,
    args: &[NodeId],
) -> Result<Option<NodeId>, Full> {
    let mut flat = Vec::new();
    if let [from] = args {
        let len = machine.builder.value(*from).len().unwrap_or_default();
        machine.builder.budget().charge(2 * len * size_of::<NodeId>())?;
        let from = machine.builder.value(*from);
        let entries: Option<Vec<NodeId>> = match from.tag() {
            Tag::Dict => from
                .entries()
                .map(|it| it.flat_map(|(key, value)| [key.id(), value.id()]).collect()),
            Tag::List => from.items().and_then(|mut items| {
                items.try_fold(Vec::new(), |mut all, pair| {
                    let mut pair = pair.items().filter(|it| it.len() == 2)?;
                    all.extend([pair.next()?.id(), pair.next()?.id()]);
                    Some(all)
                })
            }),
            _ => None,
        };
        let Some(entries) = entries else { return Ok(None) };
        flat = entries;
    } else if !args.is_empty() {
        return Ok(None);
    }
    let dict = machine.builder.dict()?;
    machine.builder.extend(dict, &flat)?;
    Ok(Some(dict))
}

fn float(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    Ok(one(machine, args, &[Tag::Float]))
}

fn int(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    Ok(one(machine, args, &[Tag::Int, Tag::BigInt]))
}

fn text(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    Ok(one(machine, args, &[Tag::Text]))
}

/// The only argument, if it is already what the call would make of it.
fn one(machine: &Machine<'_>, args: &[NodeId], tags: &[Tag]) -> Option<NodeId> {
    let [value] = args else { return None };
    tags.contains(&machine.builder.value(*value).tag()).then_some(*value)
}

fn bool(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    let value = match args {
        [] => Some(false),
        [value] if machine.builder.value(*value).tag() == Tag::Bool => {
            machine.builder.value(*value).as_bool()
        }
        _ => None,
    };
    value.map(|it| machine.builder.bool(it)).transpose()
}

/// `bytes()`, `bytearray(bytes)`, `bytearray(text, "latin-1")`.
fn bytes(machine: &mut Machine<'_>, all: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    match args {
        [] => machine.builder.bytes(&[]).map(Some),
        [from] if machine.builder.value(*from).tag() == Tag::Bytes => Ok(Some(*from)),
        // A Python 2 string that is ASCII.
        [from] if machine.builder.value(*from).tag() == Tag::Text => encode_text(machine, *from),
        [_, _] => encode(machine, all, args),
        _ => Ok(None),
    }
}

/// `_codecs.encode(text, "latin1")`, as protocol 2 writes bytes.
fn encode(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    let [text, encoding] = args else { return Ok(None) };
    let encoding = machine.builder.value(*encoding);
    if !["latin1", "latin-1", "iso-8859-1"].iter().any(|it| encoding.is_text(it)) {
        return Ok(None);
    }
    match machine.builder.value(*text).tag() {
        Tag::Bytes => Ok(Some(*text)),
        Tag::Text => encode_text(machine, *text),
        _ => Ok(None),
    }
}

/// The bytes of a text as Latin-1.
fn encode_text(machine: &mut Machine<'_>, text: NodeId) -> Result<Option<NodeId>, Full> {
    let Some((_, len)) = machine.builder.span(text) else { return Ok(None) };
    machine.builder.budget().charge(len as usize)?;
    let Some(text) = machine.builder.value(text).as_raw() else { return Ok(None) };
    let Some(latin) = latin(text) else { return Ok(None) };
    machine.builder.bytes(&latin).map(Some)
}

/// UTF-8 as Latin-1; `None` if a character has no byte there. These are the arrays of a file of
/// protocol 2, megabytes of zeros and random bits: ASCII is copied, the rest has no branch. There
/// each byte is written, and a lead byte (C2 or C3, which carries the top two bits) written over by
/// the next.
fn latin(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; text.len()];
    let (mut end, mut carry, mut highest) = (0, 0, 0);
    for part in text.chunks(64) {
        if carry == 0 && part.is_ascii() {
            out.get_mut(end..end + part.len())?.copy_from_slice(part);
            end += part.len();
            continue;
        }
        for byte in part.iter().copied() {
            let lead = byte >= 0xc0;
            let continues = byte & 0xc0 == 0x80;
            *out.get_mut(end)? = carry | (byte & if continues { 0x3f } else { 0xff });
            end += usize::from(!lead);
            carry = if lead { byte << 6 } else { 0 };
            highest = highest.max(byte);
        }
    }
    out.truncate(end);
    (highest <= 0xc3).then_some(out)
}

/// A 0-dimensional numpy array: the graph has no other complex number.
fn complex(machine: &mut Machine<'_>, _: NodeId, args: &[NodeId]) -> Result<Option<NodeId>, Full> {
    let [real, imaginary] = args else { return Ok(None) };
    let number = |id: &NodeId| machine.builder.value(*id).as_f64();
    let (Some(real), Some(imaginary)) = (number(real), number(imaginary)) else { return Ok(None) };
    let cell: Vec<u8> = [real, imaginary].into_iter().flat_map(f64::to_le_bytes).collect();
    let bytes = machine.builder.bytes(&cell)?;
    let Some((start, len)) = machine.builder.span(bytes) else { return Ok(None) };
    let array = Array {
        dtype: Dtype::little(Scalar::Complex, 16),
        shape: Box::default(),
        order: Order::C,
        data: ArrayData::Bytes { start, len },
    };
    machine.builder.array(array).map(Some)
}

#[cfg(test)]
mod tests {
    use super::latin;

    #[test]
    fn every_byte_comes_back_from_its_character() {
        // The second hundred is ASCII alone; characters stand across the ends of parts.
        let all: Vec<u8> = (0..=255).chain(vec![b'a'; 100]).chain((0..=255).rev()).collect();
        let text: String = all.iter().map(|it| char::from(*it)).collect();
        assert_eq!(latin(text.as_bytes()), Some(all));
        assert_eq!(latin("\u{100}".as_bytes()), None);
        assert_eq!(latin("€".as_bytes()), None);
    }
}
