//! `muster completions` and `muster man`

use std::io::Write;

use clap::CommandFactory;

use crate::args::Arguments;
use crate::error::{End, Problem};

/// Completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> End {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "muster", &mut text);
    // A reader that has gone away is no error of ours.
    drop(std::io::stdout().write_all(&text));
    End::Fine
}

/// The manual page.
pub fn man() -> Result<End, Problem> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Arguments::command()).render(&mut text)?;
    drop(std::io::stdout().write_all(&text));
    Ok(End::Fine)
}
