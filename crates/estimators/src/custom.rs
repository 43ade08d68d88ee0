//! What stands in for a user's own classes and functions, which a file names but does not hold.

use std::collections::BTreeMap;

use crate::class::{ClassSpec, find_public};
use crate::sklearn::NumpyFunction;

/// A user's own classes and functions, by import path, and what stands in for each.
///
/// ```
/// use estimators::CustomClasses;
///
/// let mut custom = CustomClasses::default();
/// custom.insert("my_pkg.Scale", "sklearn.preprocessing.StandardScaler")?;
/// custom.insert("my_pkg.log_size", "numpy.log1p(numpy.abs(x))")?;
/// assert!(custom.insert("my_pkg.Net", "torch.nn.Linear").is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct CustomClasses(BTreeMap<String, StandIn>);

/// What a user's own class or function is taken for.
#[derive(Debug, Clone)]
pub(crate) enum StandIn {
    /// A class with the same trained attributes.
    Class(&'static ClassSpec),
    /// Functions of one number, applied one after the other.
    Functions(Vec<NumpyFunction>),
}

impl CustomClasses {
    /// Says what stands in for the class or function at `path`: a supported class by its import path, or
    /// numpy's elementwise functions, such as `numpy.log1p` or `numpy.sqrt(numpy.clip(x, 0, 100))`.
    ///
    /// # Errors
    /// A text that is neither, with what was expected.
    pub fn insert(&mut self, path: &str, stand_in: &str) -> Result<(), String> {
        if !path.contains('.') {
            return Err(format!(
                "{path} is no import path; write it as the file names it, \
                                module.Class"
            ));
        }
        let functions = || NumpyFunction::parse(stand_in).map(StandIn::Functions);
        let found = match find_public(stand_in) {
            Some(class) => StandIn::Class(class),
            None => functions().map_err(|reason| format!("{path} = {stand_in:?}: {reason}"))?,
        };
        self.0.insert(path.to_owned(), found);
        Ok(())
    }

    pub(crate) fn get(&self, path: &str) -> Option<&StandIn> {
        self.0.get(path)
    }
}
