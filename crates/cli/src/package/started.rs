//! Whether a program is Pythia: it is asked for its version, where it can be started.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Far longer than a program of ours needs, emulated too.
const PATIENCE: Duration = Duration::from_secs(20);
const MOST_TEXT: u64 = 1000;

/// How `program --version` went.
pub(super) enum Started {
    /// It printed this line.
    Said(String),
    /// The system could not start it.
    Not(String),
    /// It failed, or did not end.
    Failed(String),
}

/// Runs `program --version` with no environment: nothing of ours, Lambda's variables least of all, changes what it does.
pub(super) fn version(program: &Path) -> Started {
    let child = Command::new(program)
        .arg("--version")
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(err) => return Started::Not(err.to_string()),
    };
    let end = Instant::now() + PATIENCE;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) => break Err(format!("did not end in {} s", PATIENCE.as_secs())),
            Err(err) => break Err(err.to_string()),
        }
    };
    if status.is_err() {
        // It may have ended by itself meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    match status {
        Err(why) => Started::Failed(why),
        Ok(status) if !status.success() => Started::Failed(status.to_string()),
        Ok(_) => Started::Said(text(child.stdout.take())),
    }
}

/// What an ended program printed: it fits into the pipe, or the program would still wait.
fn text(out: Option<impl Read>) -> String {
    let mut text = Vec::new();
    if let Some(out) = out {
        // What cannot be read is missing from the text, which is then not a version.
        let _ = out.take(MOST_TEXT).read_to_end(&mut text);
    }
    String::from_utf8_lossy(&text).trim_end().to_owned()
}
