//! `muster hashes`.

use std::path::PathBuf;

use clap::Args;

use super::{ReadingArgs, SettlementArgs};

/// `muster hashes`
#[derive(Args, Debug)]
#[command(after_help = "\
With --known, the passwords of a few people prove what the hashes are: a CSV file with the columns login and
password. They are tried on the rows of these logins and kept nowhere. Where a text reads as several notations,
the one that fits is named, with the option that settles it for plan, import and hook export.
Exit code 3: rows are invalid or ambiguous, or a known password does not fit.")]
pub struct HashesArgs {
    /// CSV or NDJSON file, plain, gzip or zstd; - is standard input
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Known passwords: a CSV file with the columns login and password
    #[arg(long, value_name = "FILE")]
    pub known: Option<PathBuf>,
    /// What no row says of its stored password.
    #[command(flatten)]
    pub settlement: SettlementArgs,
    /// How the source is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
}
