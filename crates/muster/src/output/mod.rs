//! What people and programs see: results on standard output, everything else on standard error.

mod arming;
mod census;
mod estimate;
mod plan;
mod programme;
mod progress;
mod retry;
mod run;
mod sessions;
mod sourcing;
mod typed;

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::args::{GlobalArgs, OutputForm, When};
use crate::error::{End, Problem};

pub use census::describe_census;
pub use estimate::Estimate;
pub use muster_engine::report::grouped;
pub use plan::describe_plan;
pub use programme::{describe_hours, describe_programme, describe_waves};
pub use progress::watch_run;
pub use retry::describe_retry;
pub use run::{describe_runs, describe_summary};
pub use sessions::{SessionBooks, SessionLine, SessionList, SessionView, UploadView};
pub use typed::{Typed, same_again};

/// The terminal, or what stands in for it.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    form: Form,
    quiet: bool,
    terminal: bool,
}

/// What goes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Text for people.
    Text,
    /// One JSON document.
    Document,
    /// One JSON object per line.
    Lines,
}

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();

impl Console {
    /// The console as the options ask for it.
    pub fn new(global: &GlobalArgs) -> Self {
        match global.color {
            When::Auto => {}
            When::Always => ColorChoice::Always.write_global(),
            When::Never => ColorChoice::Never.write_global(),
        }
        Self {
            form: if global.output == OutputForm::Json { Form::Document } else { Form::Text },
            quiet: global.quiet,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// A console for a command with so many results: several are one JSON object per line.
    pub fn for_documents(self, documents: usize) -> Self {
        match self.form {
            Form::Document if documents > 1 => Self { form: Form::Lines, ..self },
            _ => self,
        }
    }

    /// Whether someone may watch.
    pub fn shows_progress(self) -> bool {
        !self.quiet
    }

    /// Whether standard error is a terminal.
    pub fn is_terminal(self) -> bool {
        self.terminal
    }

    /// The result of a command: as text, or as one JSON document.
    pub fn result(self, document: &impl Serialize, text: &str) {
        let json = match self.form {
            Form::Text => return self.line(text),
            Form::Document => serde_json::to_string_pretty(document),
            Form::Lines => serde_json::to_string(document),
        };
        self.line(&json.unwrap_or_default());
    }

    /// A line of standard output. A reader that has gone away is no error of ours.
    #[expect(
        clippy::unused_self,
        reason = "a console speaks; that it needs nothing of its own for it may change"
    )]
    pub fn line(self, text: &str) {
        let mut out = anstream::stdout();
        let written = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
        if written.is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe) {
            LOST.store(true, Ordering::Relaxed);
        }
    }

    /// Standard output itself, for what is written as it comes.
    #[expect(
        clippy::unused_self,
        reason = "a console speaks; that it needs nothing of its own for it may change"
    )]
    pub fn output(self) -> impl Write {
        anstream::stdout()
    }

    /// Something for people that is not the result.
    pub fn note(self, text: &str) {
        if !self.quiet {
            drop(writeln!(anstream::stderr(), "{text}"));
        }
    }

    /// A headline among notes.
    pub fn headline(self, text: &str) {
        self.note(&format!("{BOLD}{text}{BOLD:#}"));
    }

    /// Why a command ended without a result.
    #[expect(
        clippy::unused_self,
        reason = "a console speaks; that it needs nothing of its own for it may change"
    )]
    pub fn problem(self, problem: &Problem) {
        let word = if problem.end == End::Stopped { "stopped" } else { "error" };
        let text = problem.text.replace('\n', "\n  ");
        drop(writeln!(anstream::stderr(), "{RED}{word}:{RED:#} {text}"));
    }

    /// Whether there is someone to ask.
    pub fn can_ask(self) -> bool {
        std::io::stdin().is_terminal() && self.terminal
    }

    /// Asks a question; the answer is no unless it is yes. Blocks until there is one.
    #[expect(
        clippy::unused_self,
        reason = "a console speaks; that it needs nothing of its own for it may change"
    )]
    pub fn ask(self, question: &str) -> bool {
        let mut err = anstream::stderr();
        drop(write!(err, "{BOLD}{question}{BOLD:#} [y/N] ").and_then(|()| err.flush()));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
    }
}

/// Whether something of a result could not be written, as on a full disk.
static LOST: AtomicBool = AtomicBool::new(false);

/// Whether all that was to stand on standard output does.
pub fn result_was_written() -> bool {
    !LOST.load(Ordering::Relaxed)
}

/// Lines that become one text.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// Adds a line.
    pub fn line(&mut self, line: std::fmt::Arguments<'_>) {
        self.0.push_str(&line.to_string());
        self.0.push('\n');
    }

    /// The lines as one text.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Starts the log: warnings always, more with each -v.
pub fn start_log(global: &GlobalArgs) {
    use tracing_subscriber::fmt;
    let level = match (global.quiet, global.verbose) {
        (true, _) => tracing::Level::ERROR,
        (false, 0) => tracing::Level::WARN,
        (false, 1) => tracing::Level::INFO,
        (false, _) => tracing::Level::DEBUG,
    };
    let filter = tracing_subscriber::EnvFilter::new(format!(
        "off,muster={level},muster_okta={level},muster_engine={level},muster_emulator={level}"
    ));
    let ansi =
        global.color == When::Always || (global.color == When::Auto && std::io::stderr().is_terminal());
    let base = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi);
    if global.log == OutputForm::Json { base.json().init() } else { base.with_target(false).init() }
}

/// A length of time, as people say it.
pub fn lasting(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a length of time for people"
    )]
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0 if seconds > 0.0 => "under a second".to_owned(),
        0..=119 => format!("{whole} s"),
        120..=7199 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said() {
        assert_eq!(lasting(0.2), "under a second");
        assert_eq!(lasting(59.6), "60 s");
        assert_eq!(lasting(150.0), "2 min 30 s");
        assert_eq!(lasting(90_000.0), "25 h 0 min");
    }
}
