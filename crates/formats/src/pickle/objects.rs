//! The opcodes that name a class or make an object of one.

use object_graph::{NodeId, Tag};

use super::machine::{Machine, Outside, lost_target};
use super::{code, opcode as op};
use crate::error::Fault;
use crate::joblib;

/// The longest name of a module or class, in bytes. Names are compared often, and a file may repeat
/// one at the cost of two bytes.
const LONGEST_NAME: usize = 512;

/// The class of the object that stands for a persistent id.
pub(crate) const STORAGE: (&str, &str) = ("torch.storage", "persistent_id");

impl Machine<'_> {
    pub(super) fn global(&mut self) -> Result<NodeId, Fault> {
        let mut name = || -> Result<NodeId, Fault> {
            let (start, mut len) = self.line()?;
            if self.bytes(start, len).ends_with(b"\r") {
                len -= 1;
            }
            let id = self.builder.input_text(start, len)?;
            id.ok_or_else(|| Fault::malformed("a name that is not UTF-8"))
        };
        let (module, name) = (name()?, name()?);
        self.class(module, name)
    }

    pub(super) fn stack_global(&mut self) -> Result<NodeId, Fault> {
        let name = self.stack.pop()?;
        let module = self.stack.pop()?;
        self.class(module, name)
    }

    /// A class node under its Python 3 name; names that run code are refused.
    pub(super) fn class(&mut self, module: NodeId, name: NodeId) -> Result<NodeId, Fault> {
        let text = |id: NodeId| {
            let value = self.builder.value(id);
            value.as_raw().filter(|it| it.len() <= LONGEST_NAME).and_then(|_| value.as_str())
        };
        let (Some(module_text), Some(name_text)) = (text(module), text(name)) else {
            return Err(Fault::malformed("a class whose name is not a short text"));
        };
        if code::runs(module_text, name_text) {
            return Err(Fault::asks_for_code(&format!("{module_text}.{name_text}")));
        }
        // Python 3 writes these for the protocols that Python 2 reads.
        let (new_module, new_name) = match (module_text, name_text) {
            ("__builtin__", "long") => (Some("builtins"), Some("int")),
            ("__builtin__", "unicode") => (Some("builtins"), Some("str")),
            ("__builtin__", "xrange") => (Some("builtins"), Some("range")),
            ("__builtin__", _) => (Some("builtins"), None),
            ("copy_reg", _) => (Some("copyreg"), None),
            _ => (None, None),
        };
        let module = new_module.map_or(Ok(module), |it| self.builder.text(it))?;
        let name = new_name.map_or(Ok(name), |it| self.builder.text(it))?;
        Ok(self.builder.class(module, name)?)
    }

    pub(super) fn old_object(&mut self, opcode: u8) -> Result<(), Fault> {
        let start = self.stack.pop_mark()?;
        let (class, args) = if opcode == op::INST {
            (self.global()?, self.builder.tuple(self.stack.from(start))?)
        } else {
            let (class, args) =
                self.stack.from(start).split_first().ok_or_else(|| lost_target("a class"))?;
            (*class, self.builder.tuple(args)?)
        };
        self.stack.drop_from(start);
        self.object(class, args, true)
    }

    /// Keyword arguments are kept as what the older protocols write for them: a call of
    /// `copyreg.__newobj_ex__` with class, arguments and keywords. Without any it is a NEWOBJ.
    pub(super) fn new_object_ex(&mut self) -> Result<(), Fault> {
        let keywords = self.stack.pop()?;
        let args = self.stack.pop()?;
        let class = self.stack.pop()?;
        let keywords_dict = Some(keywords).filter(|it| self.builder.value(*it).tag() == Tag::Dict);
        match keywords_dict.and_then(|it| self.builder.value(it).len()).map(|it| it == 0) {
            Some(true) => return self.object(class, args, false),
            Some(false) => {}
            None => return Err(Fault::malformed("keyword arguments that are not a dict")),
        }
        let all = self.builder.tuple(&[class, args, keywords])?;
        let module = self.builder.text("copyreg")?;
        let name = self.builder.text("__newobj_ex__")?;
        let function = self.builder.class(module, name)?;
        let id = self.builder.object(function, all, self.opcode_at as u64)?;
        self.push(id)
    }

    pub(super) fn build(&mut self) -> Result<(), Fault> {
        let state = self.stack.pop()?;
        let target = self.stack.top()?;
        // The attributes of an OrderedDict, such as the `_metadata` of PyTorch's: the dict is what it holds.
        if self.builder.value(target).tag() == Tag::Dict {
            return Ok(());
        }
        match self.builder.value(target).as_object() {
            Some(it) if it.state().is_some() => {
                return Err(Fault::unsupported("an object's state is set twice"));
            }
            Some(_) => {}
            None => return Err(lost_target("an object that has a state")),
        }
        self.builder.set_state(target, state);
        if joblib::is_array_wrapper(self.builder.value(target)) && self.outer.is_none() {
            return self.joblib_array(target);
        }
        Ok(())
    }

    /// `("storage", type, key, device, count)`, or the key of a tensor, becomes an object that
    /// [`crate::torch`] resolves; `("module", class, source file, source)`, without the first part where
    /// tensors are outside, is the class.
    pub(super) fn persistent_id(&mut self) -> Result<(), Fault> {
        let id = self.stack.pop()?;
        let value = self.builder.value(id);
        let few = value.tag() == Tag::Tuple && value.len().is_some_and(|it| it <= 6);
        let mut parts = value.items().filter(|_| few).into_iter().flatten();
        let class = match (self.outside, parts.next(), parts.next()) {
            (Outside::Tensors, None, _) if value.as_raw().is_some() => None,
            (Outside::Tensors, Some(class), _) => Some(class).filter(|it| it.tag() == Tag::Class),
            (Outside::Storages, Some(kind), Some(second)) => {
                Some(second).filter(|it| kind.is_text("module") && it.tag() == Tag::Class)
            }
            _ => return Err(Fault::unsupported("a persistent id that is none of PyTorch's")),
        };
        if let Some(class) = class {
            let class = class.id();
            return self.push(class);
        }
        let module = self.builder.text(STORAGE.0)?;
        let name = self.builder.text(STORAGE.1)?;
        let class = self.builder.class(module, name)?;
        let storage = self.builder.object(class, id, self.opcode_at as u64)?;
        self.push(storage)
    }

    /// Takes the array that joblib wrote behind its wrapper.
    fn joblib_array(&mut self, wrapper: NodeId) -> Result<(), Fault> {
        match joblib::array_behind(&mut self.builder, wrapper, self.at)? {
            joblib::Behind::Bytes { array, end } => {
                self.builder.replace(wrapper, array);
                self.at = end;
            }
            // A pickle of its own, by pickle.dump: no wrapper counts in it.
            joblib::Behind::Pickle => {
                let stack = std::mem::take(&mut self.stack);
                let memo = std::mem::take(&mut self.memo);
                self.outer = Some((stack, memo, wrapper));
            }
        }
        Ok(())
    }
}
