//! SQL over tables in memory, by a SQLite that can do nothing but `SELECT`.
//!
//! ```text
//! Draft      tables are written once, statements checked against them
//!   finish
//! Database   shared by all threads, read-only; what it takes is known (`bytes`)
//!   session
//! Session    one thread at a time: its own temporary tables, statements prepared once
//! ```
//!
//! No statement reaches a file, another database, an extension, a setting or SQLite's own tables: the authorizer
//! refuses them by name when they are prepared. Time, rows, bytes, and the depth of expressions are limited
//! ([`Limits`]); memory is limited for all databases of the process together.
//!
//! ```
//! use sql::{Affinity, Column, Draft, Limits, Table, Value};
//!
//! let mut draft = Draft::new(Limits::default())?;
//! let counts = Table::new("counts", [Column::new("zip", Affinity::Integer), Column::new("n", Affinity::Integer)]);
//! {
//!     let mut rows = draft.table(&counts)?;
//!     rows.add(&[Value::Integer(10001), Value::Integer(7)])?;
//! }
//! draft.temporary(&Table::new("input", [Column::new("zip", Affinity::Text)]))?;
//! let sql = "SELECT coalesce(n, 0) AS n FROM input LEFT JOIN counts USING (zip)";
//! assert_eq!(draft.check(sql)?.columns, ["n"]);
//!
//! let database = draft.finish()?;
//! let mut session = database.session()?;
//! session.fill(0, 1, None, &|_, _| Value::Text("10001"))?;
//! let mut found = Vec::new();
//! session.query(sql, None, &mut |_, value| found.push(value == Value::Integer(7)))?;
//! assert_eq!(found, [true]);
//! # Ok::<(), sql::Error>(())
//! ```

mod authorizer;
mod bounded;
mod database;
mod draft;
mod error;
mod functions;
mod limits;
mod moment;
mod rounding;
mod session;
mod value;

pub use database::Database;
pub use draft::{Checked, Draft, Rows};
pub use error::{Error, Kind};
pub use limits::{Limits, MAX_COLUMNS};
pub use moment::Moment;
pub use rounding::round_half_even;
pub use session::Session;
pub use value::{Affinity, Column, Table, Value};
