//! What a statement may do, asked for each of its parts when it is prepared.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Functions that give another answer each time.
const NOT_REPEATABLE: [&str; 2] = ["random", "randomblob"];
/// Table-valued functions.
const FUNCTIONS: [&str; 2] = ["json_each", "json_tree"];

/// What statements of a connection may do; the connection's authorizer and its owner share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guard(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The crate's own statements are prepared.
    is_open: bool,
    /// Tables that statements may read, in lower case: SQL's names have no case.
    tables: BTreeSet<String>,
    /// Those that the statement that is being prepared reads.
    read: BTreeSet<String>,
    /// The first thing that was refused.
    refused: Option<String>,
}

impl Guard {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets statements read a table.
    pub(crate) fn add(&self, table: &str) {
        self.state().tables.insert(table.to_lowercase());
    }

    /// Runs what prepares the crate's own statements.
    pub(crate) fn open<T>(&self, own: impl FnOnce() -> T) -> T {
        self.state().is_open = true;
        let made = own();
        self.state().is_open = false;
        made
    }

    /// The tables read since the last call, and what was refused.
    pub(crate) fn take(&self) -> (BTreeSet<String>, Option<String>) {
        let mut state = self.state();
        (std::mem::take(&mut state.read), state.refused.take())
    }

    pub(crate) fn decide(&self, context: &AuthContext<'_>) -> Authorization {
        let mut state = self.state();
        if state.is_open {
            return Authorization::Allow;
        }
        match refusal(&context.action, &mut state) {
            None => Authorization::Allow,
            Some(text) => {
                state.refused.get_or_insert(text);
                Authorization::Deny
            }
        }
    }
}

fn refusal(action: &AuthAction<'_>, state: &mut State) -> Option<String> {
    let what = match action {
        AuthAction::Select | AuthAction::Recursive => return None,
        AuthAction::Read { table_name, column_name } => {
            return unreadable(table_name, column_name, state);
        }
        AuthAction::Function { function_name } => {
            let name = function_name.to_ascii_lowercase();
            if NOT_REPEATABLE.contains(&name.as_str()) {
                return Some(format!(
                    "{name}() gives another answer each time, which no service should"
                ));
            }
            if name != "load_extension" {
                return None;
            }
            "load_extension()".to_owned()
        }
        AuthAction::Pragma { pragma_name, .. } => format!("PRAGMA {pragma_name}"),
        AuthAction::Attach { .. } => "ATTACH".to_owned(),
        AuthAction::Insert { .. } => "INSERT".to_owned(),
        AuthAction::Update { .. } => "UPDATE".to_owned(),
        AuthAction::Delete { .. } => "DELETE".to_owned(),
        _ => "another statement".to_owned(),
    };
    Some(format!("only SELECT is allowed, this is {what}"))
}

/// Without a column it is only counted, or is no table but a part of the statement.
fn unreadable(table: &str, column: &str, state: &mut State) -> Option<String> {
    let name = table.to_lowercase();
    if state.tables.contains(&name) {
        state.read.insert(name);
        return None;
    }
    let is_function = FUNCTIONS.contains(&name.as_str());
    let is_own = ["sqlite_", "pragma_"].iter().any(|it| name.starts_with(it));
    let is_part = column.is_empty() && !is_own;
    (!is_function && !is_part).then(|| format!("{table} may not be read"))
}
