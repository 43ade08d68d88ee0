//! A budget of bytes: what is allocated is charged when it is reserved, so that the bound holds for
//! the memory taken and not only for the memory filled.

use std::fmt;
use std::mem::size_of;

/// The graph would need more memory than its budget, or more nodes than there are numbers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// The budget in bytes.
    pub budget: u64,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the objects in the file need more than the allowed {} bytes", self.budget)
    }
}

impl std::error::Error for Full {}

/// Bytes that may be allocated, and how many are.
#[derive(Debug)]
pub struct Budget {
    total: u64,
    used: u64,
}

impl Budget {
    /// A budget of `total` bytes, none used.
    #[must_use]
    pub fn new(total: u64) -> Self {
        Self { total, used: 0 }
    }

    /// Bytes used so far.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Bytes still free.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.total - self.used
    }

    /// Takes `bytes` off the budget.
    pub fn charge(&mut self, bytes: usize) -> Result<(), Full> {
        let used = self.used.checked_add(bytes as u64).filter(|it| *it <= self.total);
        self.used = used.ok_or(self.full())?;
        Ok(())
    }

    /// Makes room for `more` items: the growth of `list` is charged. It grows by half its size, or
    /// by what the budget still allows.
    pub fn room<T>(&mut self, list: &mut Vec<T>, more: usize) -> Result<(), Full> {
        let (len, old) = (list.len(), list.capacity());
        if more <= old - len {
            return Ok(());
        }
        let need = len.checked_add(more).ok_or(self.full())?;
        let size = size_of::<T>().max(1);
        let affordable = old.saturating_add((self.left() / size as u64) as usize);
        if affordable < need {
            return Err(self.full());
        }
        let new = need.max(old + old / 2).max(16).min(affordable);
        self.charge((new - old).saturating_mul(size))?;
        list.try_reserve_exact(new - len).map_err(|_| self.full())
    }

    /// Appends one item, charging the growth of `list`.
    pub fn push<T>(&mut self, list: &mut Vec<T>, item: T) -> Result<(), Full> {
        if list.len() == list.capacity() {
            self.room(list, 1)?;
        }
        list.push(item);
        Ok(())
    }

    pub(crate) fn full(&self) -> Full {
        Full { budget: self.total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_list_reserves_is_what_is_charged() {
        let mut budget = Budget::new(1000);
        let mut list = Vec::new();
        while budget.push(&mut list, 0_u64).is_ok() {
            assert_eq!(budget.used(), list.capacity() as u64 * 8);
        }
        assert_eq!(list.len(), 125, "the budget is used to its end");
    }

    #[test]
    fn a_charge_beyond_the_budget_changes_nothing() {
        let mut budget = Budget::new(10);
        assert!(budget.charge(usize::MAX).is_err());
        assert!(budget.charge(10).is_ok());
        assert_eq!(budget.left(), 0);
    }
}
