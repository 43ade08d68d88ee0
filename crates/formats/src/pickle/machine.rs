//! The machine: one loop, no recursion, nothing called.

use object_graph::{Builder, NodeId, Tag};

use super::memo::Memo;
use super::stack::Stack;
use super::{Parsed, opcode as op};
use crate::error::Fault;
use crate::limits::Limits;

pub(super) struct Machine<'l> {
    pub(super) builder: Builder,
    pub(super) limits: &'l Limits,
    /// Offset of the next byte.
    pub(super) at: usize,
    /// Where the pickle must end at the latest.
    pub(super) end: usize,
    /// Whether the file has a place for what persistent ids mean.
    pub(super) outside: Outside,
    /// Offset of the opcode being read.
    pub(super) opcode_at: usize,
    pub(super) stack: Stack,
    pub(super) memo: Memo,
    /// Python 2 strings beyond ASCII.
    pub(super) strings: Vec<NodeId>,
    /// The stack and memo of the joblib file in which a pickle of its own begins, and the object
    /// that pickle stands for.
    pub(super) outer: Option<(Stack, Memo, NodeId)>,
}

/// What stands outside of the pickle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outside {
    /// Nothing: a persistent id is refused.
    Nothing,
    /// PyTorch's storages, and the classes of its modules.
    Storages,
    /// PyTorch's tensors, by texts, and the classes of its modules.
    Tensors,
}

/// What to do after an opcode.
enum Step {
    Next,
    Stop(NodeId),
}

impl<'l> Machine<'l> {
    pub(super) fn new(builder: Builder, limits: &'l Limits) -> Self {
        let end = builder.input().len();
        Self {
            builder,
            limits,
            at: 0,
            end,
            outside: Outside::Nothing,
            opcode_at: 0,
            stack: Stack::default(),
            memo: Memo::default(),
            strings: Vec::new(),
            outer: None,
        }
    }

    /// The object that the file is about.
    pub(super) fn run(&mut self) -> Result<NodeId, Fault> {
        let root = self.run_to_stop()?;
        self.nothing_follows(root)
    }

    /// The object that the pickle is about, whatever follows it.
    pub(super) fn run_to_stop(&mut self) -> Result<NodeId, Fault> {
        loop {
            self.opcode_at = self.at;
            match self.step() {
                Ok(Step::Next) => {}
                Ok(Step::Stop(root)) => return Ok(root),
                Err(fault) => return Err(fault.or_at(self.opcode_at)),
            }
        }
    }

    pub(super) fn into_parsed(self, root: NodeId) -> Parsed {
        Parsed { builder: self.builder, root, strings: self.strings }
    }

    fn nothing_follows(&self, root: NodeId) -> Result<NodeId, Fault> {
        let rest = self.end.saturating_sub(self.at);
        if rest == 0 {
            return Ok(root);
        }
        let text = format!(
            "{rest} bytes follow the end of the pickle, expected none; \
             if the file holds several objects, save them as one tuple"
        );
        Err(Fault::malformed(text).or_at(self.at))
    }

    fn step(&mut self) -> Result<Step, Fault> {
        let opcode = self.u8().map_err(|_| Fault::truncated("the pickle (no STOP)"))?;
        match opcode {
            op::STOP => return self.stop(),
            op::PROTO => self.proto()?,
            op::FRAME => {
                self.take::<8>()?;
            }
            op::MARK => self.stack.mark(self.builder.budget())?,
            op::POP => self.pop()?,
            op::POP_MARK => {
                let start = self.stack.pop_mark()?;
                self.stack.drop_from(start);
            }
            op::DUP => {
                let top = self.stack.top()?;
                self.push(top)?;
            }
            op::NONE | op::NEWTRUE | op::NEWFALSE => self.constant(opcode)?,
            op::INT | op::LONG | op::FLOAT => self.number_text(opcode)?,
            op::BININT | op::BININT1 | op::BININT2 | op::LONG1 | op::LONG4 | op::BINFLOAT => {
                self.number(opcode)?;
            }
            op::STRING | op::BINSTRING | op::SHORT_BINSTRING => self.string(opcode)?,
            op::UNICODE | op::BINUNICODE | op::SHORT_BINUNICODE | op::BINUNICODE8 => {
                self.unicode(opcode)?;
            }
            op::BINBYTES | op::SHORT_BINBYTES | op::BINBYTES8 | op::BYTEARRAY8 => {
                self.raw(opcode)?;
            }
            op::EMPTY_LIST | op::EMPTY_DICT | op::EMPTY_SET | op::EMPTY_TUPLE => {
                self.empty(opcode)?;
            }
            op::LIST | op::DICT | op::TUPLE | op::FROZENSET => self.gather(opcode)?,
            op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => {
                self.tuple(usize::from(opcode - op::TUPLE1) + 1)?;
            }
            op::APPEND | op::SETITEM => self.add_one(opcode)?,
            op::APPENDS | op::SETITEMS | op::ADDITEMS => self.add_all(opcode)?,
            op::PUT | op::BINPUT | op::LONG_BINPUT | op::MEMOIZE => self.put(opcode)?,
            op::GET | op::BINGET | op::LONG_BINGET => self.get(opcode)?,
            op::GLOBAL | op::STACK_GLOBAL => {
                let class =
                    if opcode == op::GLOBAL { self.global()? } else { self.stack_global()? };
                self.push(class)?;
            }
            op::REDUCE | op::NEWOBJ => {
                let args = self.stack.pop()?;
                let class = self.stack.pop()?;
                self.object(class, args, opcode == op::REDUCE)?;
            }
            op::NEWOBJ_EX => self.new_object_ex()?,
            op::INST | op::OBJ => self.old_object(opcode)?,
            op::BUILD => self.build()?,
            op::BINPERSID if self.outside != Outside::Nothing => self.persistent_id()?,
            _ => return Err(unknown(opcode)),
        }
        Ok(Step::Next)
    }

    pub(super) fn push(&mut self, id: NodeId) -> Result<(), Fault> {
        Ok(self.stack.push(id, self.builder.budget())?)
    }

    fn stop(&mut self) -> Result<Step, Fault> {
        let root = self.stack.pop()?;
        if self.stack.len() != 0 {
            return Err(Fault::malformed(format!(
                "{} objects are left at the end, expected none; the file is damaged",
                self.stack.len()
            )));
        }
        let Some((stack, memo, stands_for)) = self.outer.take() else {
            return Ok(Step::Stop(root));
        };
        (self.stack, self.memo) = (stack, memo);
        self.builder.replace(stands_for, root);
        Ok(Step::Next)
    }

    fn proto(&mut self) -> Result<(), Fault> {
        match self.u8()? {
            0..=5 => Ok(()),
            it => Err(Fault::unsupported(format!(
                "pickle protocol {it} is not known; save it with protocol 5"
            ))),
        }
    }

    fn pop(&mut self) -> Result<(), Fault> {
        if self.stack.ends_in_mark() {
            self.stack.pop_mark()?;
            return Ok(());
        }
        self.stack.pop().map(drop)
    }

    fn empty(&mut self, opcode: u8) -> Result<(), Fault> {
        let id = match opcode {
            op::EMPTY_LIST => self.builder.list()?,
            op::EMPTY_DICT => self.builder.dict()?,
            op::EMPTY_SET => self.builder.set()?,
            _ => self.builder.tuple(&[])?,
        };
        self.push(id)
    }

    fn tuple(&mut self, len: usize) -> Result<(), Fault> {
        let id = self.builder.tuple(self.stack.last(len)?)?;
        self.stack.drop_from(self.stack.len() - len);
        self.push(id)
    }

    fn gather(&mut self, opcode: u8) -> Result<(), Fault> {
        let start = self.stack.pop_mark()?;
        let id = match opcode {
            op::TUPLE => self.builder.tuple(self.stack.from(start))?,
            op::FROZENSET => self.builder.frozenset(self.stack.from(start))?,
            op::DICT => self.builder.dict()?,
            _ => self.builder.list()?,
        };
        match opcode {
            op::DICT => self.set_entries(id, start)?,
            op::LIST => self.append(id, start)?,
            _ => {}
        }
        self.stack.drop_from(start);
        self.push(id)
    }

    fn add_one(&mut self, opcode: u8) -> Result<(), Fault> {
        let count = if opcode == op::APPEND { 1 } else { 2 };
        let target =
            *self.stack.last(count + 1)?.first().ok_or_else(|| lost_target("an object"))?;
        let start = self.stack.len() - count;
        match opcode {
            op::APPEND => self.append(target, start)?,
            _ => self.set_entries(target, start)?,
        }
        self.stack.drop_from(start);
        Ok(())
    }

    fn add_all(&mut self, opcode: u8) -> Result<(), Fault> {
        let start = self.stack.pop_mark()?;
        let (above, below) = (self.stack.len() - start, start);
        let target = self.stack.last(above + 1).ok().and_then(|it| it.first().copied());
        let target = target.filter(|_| below > 0).ok_or_else(|| lost_target("an object"))?;
        match opcode {
            op::SETITEMS => self.set_entries(target, start)?,
            _ => self.append(target, start)?,
        }
        self.stack.drop_from(start);
        Ok(())
    }

    /// Appends what lies on the stack from `start` to a list or set, or to an object's items.
    fn append(&mut self, target: NodeId, start: usize) -> Result<(), Fault> {
        let value = self.builder.value(target);
        let list = match (value.tag(), value.as_object()) {
            (Tag::List | Tag::Set, _) => target,
            (_, Some(it)) => match it.items() {
                Some(items) => items.id(),
                None => {
                    let list = self.builder.list()?;
                    self.builder.set_items(target, list);
                    list
                }
            },
            _ => return Err(lost_target("a list or set")),
        };
        self.builder.extend(list, self.stack.from(start))?;
        Ok(())
    }

    /// Sets the keys and values on the stack from `start` on a dict, or on an object's entries.
    fn set_entries(&mut self, target: NodeId, start: usize) -> Result<(), Fault> {
        let value = self.builder.value(target);
        let dict = match (value.tag(), value.as_object()) {
            (Tag::Dict, _) => target,
            (_, Some(it)) => match it.entries() {
                Some(entries) => entries.id(),
                None => {
                    let dict = self.builder.dict()?;
                    self.builder.set_entries(target, dict);
                    dict
                }
            },
            _ => return Err(lost_target("a dict")),
        };
        if !self.stack.from(start).len().is_multiple_of(2) {
            return Err(Fault::malformed("a key without a value; the file is damaged"));
        }
        self.builder.extend(dict, self.stack.from(start))?;
        Ok(())
    }

    fn memo_number(&mut self, opcode: u8) -> Result<u64, Fault> {
        Ok(match opcode {
            op::BINPUT | op::BINGET => u64::from(self.u8()?),
            op::LONG_BINPUT | op::LONG_BINGET => u64::from(self.u32()?),
            _ => {
                let line = self.ascii_line()?;
                line.parse().map_err(|_| {
                    Fault::malformed(format!("memo number {line:?}, expected 0 or more"))
                })?
            }
        })
    }

    fn put(&mut self, opcode: u8) -> Result<(), Fault> {
        let top = self.stack.top()?;
        if opcode == op::MEMOIZE {
            return Ok(self.memo.push(top, self.builder.budget())?);
        }
        let at = self.memo_number(opcode)?;
        Ok(self.memo.put(at, top, self.builder.budget())?)
    }

    fn get(&mut self, opcode: u8) -> Result<(), Fault> {
        let at = self.memo_number(opcode)?;
        let id = self.memo.get(at).ok_or_else(|| {
            Fault::malformed(format!("object {at} is referred to before it is there"))
        })?;
        self.push(id)
    }
}

fn unknown(opcode: u8) -> Fault {
    match op::refusal(opcode) {
        Some(text) => Fault::unsupported(text),
        None => Fault::malformed(format!(
            "opcode {opcode:#04x} is not known; the file is damaged or not a pickle"
        )),
    }
}

pub(super) fn lost_target(expected: &str) -> Fault {
    Fault::malformed(format!("something else stands where {expected} is expected"))
}
