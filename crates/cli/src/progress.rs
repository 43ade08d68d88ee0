//! A progress bar while a person watches; nothing in a pipe.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use engine::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error. Short runs end before it is drawn.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::new_spinner();
        if quiet || !stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self(bar)
    }

    /// Shows how far a run is.
    pub(crate) fn update(&self, progress: Progress) {
        if self.0.length().is_none() && self.0.position() == 0 {
            self.begin(progress.bytes_total);
        }
        self.0.set_position(progress.bytes_read);
        self.0.set_message(format!("{} rows", grouped(progress.n_rows)));
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }

    fn begin(&self, total: Option<u64>) {
        let template = match total {
            Some(_) => "{bar:30} {percent:>3}% {bytes}/{total_bytes} {msg} {eta} left",
            None => "{spinner} {bytes} {msg}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.0.set_style(style);
        }
        if let Some(total) = total {
            self.0.set_length(total);
        }
        self.0.enable_steady_tick(Duration::from_millis(200));
    }
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if 0 < i && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
