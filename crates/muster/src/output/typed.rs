//! Commands to type next, so that they work as they are printed: with the options that lead to the same books.

use std::path::Path;

/// The options that were typed and that the next command needs as well.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    options: String,
}

impl Typed {
    /// The same option once more, if it was typed.
    #[must_use]
    pub fn with(mut self, option: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.options += &[" ", option, " ", &quoted(value)].concat();
        }
        self
    }

    /// Any command, with the rest of the line.
    pub fn command(&self, words: &str) -> String {
        format!("muster {words}{}", self.options)
    }

    /// `muster resume RUN`, with the rest of the line.
    pub fn resume(&self, run: &str) -> String {
        format!("muster resume {run}{}", self.options)
    }

    /// `muster retry RUN`
    pub fn retry(&self, run: &str) -> String {
        format!("muster retry {run}{}", self.options)
    }

    /// `muster retry RUN FILE`
    pub fn retry_file(&self, run: &str, file: &Path) -> String {
        format!("muster retry {run} {}{}", quoted(&file.display().to_string()), self.options)
    }

    /// `muster import SOURCE`
    pub fn import(&self, source: &str) -> String {
        format!("muster import {}{}", quoted(source), self.options)
    }
}

/// The command that this process was called with, to be typed once more: with everything that keeps it small.
pub fn same_again() -> String {
    let words = std::env::args().skip(1).map(|word| quoted(&word));
    std::iter::once("muster".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// The word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "/._-+:@%,=".contains(letter);
    match word {
        "" => "''".to_owned(),
        word if word.chars().all(plain) => word.to_owned(),
        word => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_split_is_quoted() {
        let typed = Typed::default().with("--dir", Some("my books")).with("--ledger", None);
        assert_eq!(typed.resume("R"), "muster resume R --dir 'my books'");
        assert_eq!(
            typed.retry_file("R", Path::new("it's/rejects.csv")),
            r"muster retry R 'it'\''s/rejects.csv' --dir 'my books'"
        );
        assert_eq!(Typed::default().retry("R"), "muster retry R");
    }
}
