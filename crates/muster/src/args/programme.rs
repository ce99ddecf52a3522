//! `muster programme …` and `muster activate`.

use clap::{Args, Subcommand};

/// `muster programme`
#[derive(Debug, Subcommand)]
pub enum ProgrammeCommand {
    /// How many have come over, how fast, and when the last one will have
    Status,
}

/// `muster activate`
#[derive(Args, Debug)]
pub struct ActivateArgs {}
