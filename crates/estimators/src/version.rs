//! The version of the library that wrote a model.

use std::fmt;

/// Major and minor version; the patch level never changed what a pickle means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 1 in `1.4.2`.
    pub major: u16,
    /// 4 in `1.4.2`.
    pub minor: u16,
}

impl Version {
    /// A version, for comparisons: `state.version() < Version::new(1, 4)`.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Reads `1.4.2`, `0.24.dev0`, `1.4.1.post1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?;
        let digits = minor.find(|c: char| !c.is_ascii_digit()).unwrap_or(minor.len());
        Some(Self { major, minor: minor.get(..digits)?.parse().ok()? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_python_writes_them() {
        assert_eq!(Version::parse("1.4.1.post1"), Some(Version::new(1, 4)));
        assert_eq!(Version::parse("0.24.dev0"), Some(Version::new(0, 24)));
        assert_eq!(Version::parse("1.10rc1"), Some(Version::new(1, 10)));
        assert_eq!(Version::parse("one"), None);
        assert!(Version::new(0, 24) < Version::new(1, 0));
    }
}
