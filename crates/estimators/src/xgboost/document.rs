//! What JSON and UBJSON have in common: a tree of texts and numbers, with a place for errors to name.

use crate::{ReadError, State};

/// How deep values may stand in one another; a model of XGBoost's has about 10 levels.
pub(super) const MAX_DEPTH: usize = 48;

/// Arrays that say how a tree was grown, not what it predicts, and are by far the most of a file.
const SKIPPED: [&str; 5] = ["loss_changes", "sum_hessian", "parents", "Config", "sorted_idx"];

/// A value of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// Nothing, or what nobody asks for.
    Null,
    /// A number or a flag.
    Number(f64),
    /// A text.
    Text(String),
    /// An array of numbers.
    Numbers(Vec<f64>),
    /// Any other array.
    List(Vec<Node>),
    /// Keys and values, in the file's order.
    Map(Vec<(String, Node)>),
}

/// Whether the value of a key is not wanted.
pub(super) fn is_skipped(key: &str) -> bool {
    SKIPPED.contains(&key)
}

impl Node {
    /// The value of a key, if this is an object that has it.
    pub(super) fn find(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|it| it.0 == key).map(|it| &it.1)
    }

    /// The value of a key that has to be there.
    pub(super) fn get(&self, key: &str, state: &State<'_>) -> Result<&Self, ReadError> {
        self.find(key).ok_or_else(|| state.invalid(format!("has no {key} where one is expected")))
    }

    /// A text.
    pub(super) fn text(&self, key: &str, state: &State<'_>) -> Result<&str, ReadError> {
        match self.get(key, state)? {
            Self::Text(it) => Ok(it),
            _ => Err(state.invalid(format!("has a {key} that is no text"))),
        }
    }

    /// A number from 0, which XGBoost writes as a text; 0 if older versions did not have it.
    pub(super) fn count(&self, key: &str, state: &State<'_>) -> Result<usize, ReadError> {
        let count = match self.find(key) {
            None | Some(Self::Null) => Some(0),
            Some(Self::Text(it)) => it.trim().parse().ok(),
            Some(Self::Number(it)) if (0.0..1e15).contains(it) && it.fract() == 0.0 => {
                Some(*it as usize)
            }
            Some(_) => None,
        };
        count.ok_or_else(|| state.invalid(format!("has a {key} that is no integer from 0")))
    }

    /// Numbers; none if the key is absent.
    pub(super) fn numbers(&self, key: &str, state: &State<'_>) -> Result<&[f64], ReadError> {
        match self.find(key) {
            None => Ok(&[]),
            Some(Self::Numbers(it)) => Ok(it),
            Some(Self::List(it)) if it.is_empty() => Ok(&[]),
            Some(_) => Err(state.invalid(format!("has a {key} that is no array of numbers"))),
        }
    }

    /// An array of anything but numbers.
    pub(super) fn list(&self, key: &str, state: &State<'_>) -> Result<&[Self], ReadError> {
        match self.get(key, state)? {
            Self::List(it) => Ok(it),
            _ => Err(state.invalid(format!("has a {key} that is no array of objects"))),
        }
    }
}

/// An array under construction: of numbers as long as it can be.
pub(super) struct Items<'a, 'g> {
    state: &'a State<'g>,
    numbers: Vec<f64>,
    others: Vec<Node>,
}

impl<'a, 'g> Items<'a, 'g> {
    pub(super) fn new(state: &'a State<'g>) -> Self {
        Self { state, numbers: Vec::new(), others: Vec::new() }
    }

    pub(super) fn push(&mut self, item: Node) -> Result<(), ReadError> {
        match item {
            Node::Number(it) if self.others.is_empty() => {
                self.state.charge(size_of::<f64>())?;
                self.numbers.push(it);
            }
            it if self.numbers.is_empty() => {
                self.state.charge(size_of::<Node>())?;
                self.others.push(it);
            }
            _ => return Err(self.state.invalid("has an array of numbers and other things")),
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Node {
        if self.numbers.is_empty() { Node::List(self.others) } else { Node::Numbers(self.numbers) }
    }
}
