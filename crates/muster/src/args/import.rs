//! `muster plan` and `muster import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::way::WayArgs;

/// What is read and how it is understood.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct PlanArgs {
    /// CSV or NDJSON files, plain, gzip or zstd; - is standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// How passwords go over: per row the best it has, or one way for all
    #[arg(long, value_name = "MODE")]
    pub mode: Option<ModeArg>,
    /// Activate everybody (people without a credential get a mail from Okta)
    #[arg(long, conflicts_with = "no_activate")]
    pub activate: bool,
    /// Activate nobody; users are STAGED
    #[arg(long)]
    pub no_activate: bool,
    /// What to do with users who exist
    #[arg(long, value_name = "POLICY")]
    pub on_conflict: Option<ConflictArg>,
    /// Hand the passwords of users who exist over to the hook, too: theirs in Okta are forgotten
    #[arg(long)]
    pub arm_existing: bool,
    /// What is meant where a stored password reads as several notations, such as ntlm (muster hashes proves it)
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub notation: Vec<String>,
    /// A pepper was put after every password before it was hashed: only the hook can check such hashes
    #[arg(long)]
    pub peppered: bool,
    /// Groups for everybody, by name
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub groups: Vec<String>,
    /// Create groups that the org does not have
    #[arg(long)]
    pub create_groups: bool,
    /// A group for everybody of this import, created when missing
    #[arg(long, value_name = "NAME")]
    pub marker_group: Option<String>,
    /// Take only the first N rows (a canary)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// How the source is read.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Which way in.
    #[command(flatten)]
    pub way: WayArgs,
}

/// How a source is read.
#[derive(Args, Clone, Debug, Default)]
pub struct ReadingArgs {
    /// A TOML file with a table columns: lines such as "E-Mail" = "email"; "" leaves a column out
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// The form of the source; found out when left out
    #[arg(long, value_name = "FORM")]
    pub format: Option<FormatArg>,
    /// The encoding of the source, such as latin1; found out when left out
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// The delimiter of a CSV source (tab for a tabulator); found out when left out
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub delimiter: Option<u8>,
}

/// `muster import`
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// As for plan.
    #[command(flatten)]
    pub plan: PlanArgs,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
    /// Begin a new run although this source has an unfinished one
    #[arg(long)]
    pub new_run: bool,
}

/// How hard the org may be pressed.
#[derive(Args, Clone, Debug, Default)]
pub struct PacingArgs {
    /// The part of every rate limit to spend, 0 to 1; 0.9 unless said
    #[arg(long, value_name = "PART")]
    pub share: Option<f64>,
    /// Requests of every window that are never touched, on top of what the share leaves to others
    #[arg(long, value_name = "N")]
    pub reserve: Option<u64>,
    /// Requests under way at most; as many as the budget needs and the org bears unless said
    #[arg(long, value_name = "N")]
    pub max_in_flight: Option<u32>,
    /// Stop when more rows than this are rejected or fail: a number, or a part such as 5%
    #[arg(long, value_name = "N|P%")]
    pub max_errors: Option<String>,
    /// Seconds to wait for an org that does not answer, before the run stops; 7200 unless said
    #[arg(long, value_name = "SECONDS")]
    pub patience: Option<u64>,
}

/// `--mode`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// Per row, the best credential it has
    Auto,
    /// Hashed passwords
    Hash,
    /// No credentials; users are STAGED
    Staged,
    /// The password-import inline hook
    Hook,
    /// Cleartext passwords
    Password,
}

/// `--on-conflict`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConflictArg {
    /// Leave them as they are; add them to their groups
    Skip,
    /// Send what differs; add them to their groups
    Update,
    /// Take the row for rejected
    Fail,
}

/// `--format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// Comma-separated values, or another delimiter
    Csv,
    /// One JSON object per line
    Ndjson,
}

/// `--delimiter`
fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        b"tab" | b"\\t" => Ok(b'\t'),
        _ => Err("a single character, or the word tab".to_owned()),
    }
}
