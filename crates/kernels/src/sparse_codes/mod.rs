//! A row as a combination of few given rows (atoms), by the inner products of the atoms with one another
//! (the Gram matrix) and with the row.

mod lasso;
mod least_angle;
mod matching_pursuit;
mod square;

pub use lasso::{Descent, Screening, lasso};
pub use least_angle::{Corrections, Path, least_angle};
pub use matching_pursuit::matching_pursuit;
pub use square::Square;
