//! `muster hook export`.

use std::path::PathBuf;

use clap::Args;

use crate::args::{ReadingArgs, SettlementArgs};

/// `muster hook export`
#[derive(Args, Debug)]
#[command(after_help = "\
The key comes from MUSTER_HOOK_KEY or --key-file: 32 bytes in base64 or hex, or a passphrase of 16 characters or more.
Keep it away from the file: without the key, the file shows its size and nothing else.
What no row says about its hash stands in the table passwords of muster.toml (docs/hook-backends.md).")]
pub struct HookExportArgs {
    /// CSV or NDJSON files, plain, gzip or zstd; - is standard input
    #[arg(required_unless_present = "new_key", value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// Where the credential file goes
    #[arg(long, required_unless_present = "new_key", value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Where the key is, in place of the one of the environment
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Make a random key, in a file of this name that only you can read, and nothing else
    #[arg(long, value_name = "FILE", exclusive = true)]
    pub new_key: Option<PathBuf>,
    /// Take those that Okta can check itself, too
    #[arg(long)]
    pub all: bool,
    /// What no row says of its stored password.
    #[command(flatten)]
    pub settlement: SettlementArgs,
    /// How the source is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
}
