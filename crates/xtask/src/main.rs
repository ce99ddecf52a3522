//! The workshop of the project: house rules as checks, and pages that are generated.
//!
//! `cargo run -q -p xtask -- tidy` holds the rules that neither the compiler nor clippy can hold, and
//! `cargo run -q -p xtask -- docs` writes the pages that follow from the code. No product code may know this crate.

mod error;
mod finding;
mod pages;
mod rules;
mod rust_code;
mod tree;
mod workspace;

use std::io;
use std::process::ExitCode;

use error::WorkshopError;
use tree::Tree;
use workspace::Workspace;

const USAGE: &str = "\
Usage: cargo run -q -p xtask -- COMMAND

Commands:
  tidy            check the house rules
  docs            write the generated pages
  docs --check    say which generated pages are stale, and write nothing
";

const UP_TO_DATE: &str = "docs: the generated pages are up to date";

/// What the workshop is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Tidy,
    Docs { check: bool },
}

impl Command {
    fn read(arguments: &[String]) -> Option<Self> {
        match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["tidy"] => Some(Self::Tidy),
            ["docs"] => Some(Self::Docs { check: false }),
            ["docs", "--check"] => Some(Self::Docs { check: true }),
            _ => None,
        }
    }

    /// The lines to show, and whether all is well.
    fn run(self) -> Result<(Vec<String>, bool), WorkshopError> {
        let workspace = Workspace::read()?;
        match self {
            Self::Tidy => tidy(&workspace),
            Self::Docs { check: true } => stale(&workspace),
            Self::Docs { check: false } => write(&workspace),
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(command) = Command::read(&arguments) else {
        return said(&mut io::stderr(), USAGE, 2);
    };
    match command.run() {
        Ok((lines, well)) => said(&mut io::stdout(), &format!("{}\n", lines.join("\n")), u8::from(!well)),
        Err(error) => said(&mut io::stderr(), &format!("xtask: {error}\n"), 1),
    }
}

/// Says it, and ends with this code. Nobody is left to hear of a closed pipe.
fn said(out: &mut impl io::Write, text: &str, code: u8) -> ExitCode {
    let _ = out.write_all(text.as_bytes());
    ExitCode::from(code)
}

fn tidy(workspace: &Workspace) -> Result<(Vec<String>, bool), WorkshopError> {
    let tree = Tree::read(&workspace.root)?;
    let findings = rules::check(&tree, &workspace.packages);
    let closing = match findings.len() {
        0 => format!("tidy: {} files keep the house rules", tree.files.len()),
        many => format!("tidy: {many} findings in {} files", tree.files.len()),
    };
    let well = findings.is_empty();
    let lines = findings.iter().map(ToString::to_string).chain([closing]).collect();
    Ok((lines, well))
}

fn stale(workspace: &Workspace) -> Result<(Vec<String>, bool), WorkshopError> {
    let mut lines = Vec::new();
    for page in pages::stale(&workspace.root)? {
        lines.push(format!("{}: stale; run `cargo run -p xtask -- docs`", page.path));
    }
    let well = lines.is_empty();
    if well {
        lines.push(UP_TO_DATE.to_owned());
    }
    Ok((lines, well))
}

fn write(workspace: &Workspace) -> Result<(Vec<String>, bool), WorkshopError> {
    let mut lines = Vec::new();
    for page in pages::stale(&workspace.root)? {
        page.write(&workspace.root)?;
        lines.push(format!("{}: written", page.path));
    }
    lines.push(UP_TO_DATE.to_owned());
    Ok((lines, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Option<Command> {
        Command::read(&arguments.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn only_known_commands_are_taken() {
        assert_eq!(read(&["tidy"]), Some(Command::Tidy));
        assert_eq!(read(&["docs"]), Some(Command::Docs { check: false }));
        assert_eq!(read(&["docs", "--check"]), Some(Command::Docs { check: true }));
        for wrong in [&[][..], &["tidy", "--check"], &["docs", "--chek"], &["help"]] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
