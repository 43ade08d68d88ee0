//! A tree of texts and numbers, as JSON and UBJSON hold it, with a place for errors to name.

pub(crate) mod json;
pub(crate) mod tokens;

use crate::{ReadError, State};

/// How deep values may stand in one another; a model of XGBoost's has about 10 levels, one of CatBoost's
/// twice as many as its trees.
pub(crate) const MAX_DEPTH: usize = 48;

/// A value of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
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

impl Node {
    /// The value of a key, if this is an object that has it.
    pub(crate) fn find(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|it| it.0 == key).map(|it| &it.1)
    }

    /// The value of a key that has to be there.
    pub(crate) fn get(&self, key: &str, state: &State<'_>) -> Result<&Self, ReadError> {
        self.find(key).ok_or_else(|| state.invalid(format!("has no {key} where one is expected")))
    }

    /// A text.
    pub(crate) fn text(&self, key: &str, state: &State<'_>) -> Result<&str, ReadError> {
        match self.get(key, state)? {
            Self::Text(it) => Ok(it),
            _ => Err(state.invalid(format!("has a {key} that is no text"))),
        }
    }

    /// A number from 0, which XGBoost writes as a text; 0 if it is absent.
    pub(crate) fn count(&self, key: &str, state: &State<'_>) -> Result<usize, ReadError> {
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
    pub(crate) fn numbers(&self, key: &str, state: &State<'_>) -> Result<&[f64], ReadError> {
        match self.find(key) {
            None => Ok(&[]),
            Some(Self::Numbers(it)) => Ok(it),
            Some(Self::List(it)) if it.is_empty() => Ok(&[]),
            Some(_) => Err(state.invalid(format!("has a {key} that is no array of numbers"))),
        }
    }

    /// An array of anything but numbers.
    pub(crate) fn list(&self, key: &str, state: &State<'_>) -> Result<&[Self], ReadError> {
        match self.get(key, state)? {
            Self::List(it) => Ok(it),
            _ => Err(state.invalid(format!("has a {key} that is no array of objects"))),
        }
    }
}

/// An array under construction: of numbers as long as it can be.
pub(crate) struct Items<'a, 'g> {
    state: &'a State<'g>,
    numbers: Vec<f64>,
    others: Vec<Node>,
}

impl<'a, 'g> Items<'a, 'g> {
    pub(crate) fn new(state: &'a State<'g>) -> Self {
        Self { state, numbers: Vec::new(), others: Vec::new() }
    }

    pub(crate) fn push(&mut self, item: Node) -> Result<(), ReadError> {
        match item {
            Node::Number(it) if self.others.is_empty() => {
                self.state.charge(size_of::<f64>())?;
                self.numbers.push(it);
            }
            it => {
                self.state.charge(size_of::<Node>() * (1 + self.numbers.len()))?;
                self.others.extend(self.numbers.drain(..).map(Node::Number));
                self.others.push(it);
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Node {
        if self.numbers.is_empty() { Node::List(self.others) } else { Node::Numbers(self.numbers) }
    }
}
