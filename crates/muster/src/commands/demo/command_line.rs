//! Command lines as somebody would type them.

use std::path::Path;

use clap::Parser;

use super::TOKEN;
use crate::args::{Arguments, Command};
use crate::error::Problem;
use crate::settings::{Environment, Settings};

/// The org and the books that all commands of a tour have.
pub struct CommandLine {
    org: String,
    dir: String,
}

impl CommandLine {
    /// Commands for this org, with the books in this folder.
    pub fn new(org: &str, folder: &Path) -> Self {
        Self { org: org.to_owned(), dir: folder.join("muster").display().to_string() }
    }

    /// What these words ask for. Nothing of the environment and of other files counts.
    pub fn typed(&self, words: &[&str]) -> Result<(Settings, Command), Problem> {
        let before = ["muster", "--yes", "--dir", self.dir.as_str()];
        let arguments = Arguments::try_parse_from(before.iter().chain(words));
        let arguments = arguments.map_err(|error| Problem::could_not_run(error.to_string()))?;
        let settings = Settings::without_files(&arguments.global, &Environment::of_demo(&self.org, TOKEN))?;
        let nothing = || Problem::could_not_run("a step of the tour is no command");
        Ok((settings, arguments.command.ok_or_else(nothing)?))
    }
}
