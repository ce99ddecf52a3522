//! `muster programme …` and `muster activate`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::PacingArgs;

/// `muster programme`
#[derive(Debug, Subcommand)]
pub enum ProgrammeCommand {
    /// How many have come over, how fast, and when the last one will have
    Status(ProgrammeStatusArgs),
    /// The same in a browser, kept up to date
    Serve(ProgrammeServeArgs),
    /// Who has not come over, as CSV
    Stragglers(ProgrammeStragglersArgs),
    /// Reset whoever has not come over by mail, in waves, and end the hook
    Finish(ProgrammeFinishArgs),
}

/// Whose people it is about.
#[derive(Args, Clone, Debug)]
pub struct ProgrammeRunsArgs {
    /// The run; the latest when left out
    pub run: Option<String>,
    /// The people of all runs into this org
    #[arg(long, conflicts_with = "run")]
    pub all_runs: bool,
}

/// `muster programme status`
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster programme status --audit hook-audit.jsonl --until 2027-01-31
  muster programme status --group Sales --group Support --read-back
  muster programme status --output json | jq .forecast")]
pub struct ProgrammeStatusArgs {
    /// Whose people.
    #[command(flatten)]
    pub runs: ProgrammeRunsArgs,
    /// Count by this group too, repeatable
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,
    /// Count by all groups that the plan of the runs has
    #[arg(long)]
    pub plan_groups: bool,
    /// An audit file of `muster hook serve`, repeatable
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub audit: Vec<PathBuf>,
    /// The day on which the programme shall end, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Look at everybody who has not come over, one by one
    #[arg(long)]
    pub read_back: bool,
    /// Ask the org nothing; show what the books have
    #[arg(long, conflicts_with = "read_back")]
    pub offline: bool,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
}

/// `muster programme serve`
#[derive(Args, Debug)]
#[command(after_help = "\
The address is the first line on standard output. The page and its JSON hold numbers and names of groups, no logins.
They go over plain HTTP to whoever may reach the address: by default that is this machine alone.")]
pub struct ProgrammeServeArgs {
    /// Whose people.
    #[command(flatten)]
    pub runs: ProgrammeRunsArgs,
    /// Where the page is; port 0 is any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:9465")]
    pub listen: SocketAddr,
    /// Other machines may look as well
    #[arg(long)]
    pub allow_remote: bool,
    /// Count by this group too, repeatable
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,
    /// Count by all groups that the plan of the runs has
    #[arg(long)]
    pub plan_groups: bool,
    /// An audit file of `muster hook serve`, repeatable
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub audit: Vec<PathBuf>,
    /// The day on which the programme shall end, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Ask the org nothing; show what the books have
    #[arg(long)]
    pub offline: bool,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
}

/// `muster programme stragglers`
#[derive(Args, Debug)]
pub struct ProgrammeStragglersArgs {
    /// Whose people.
    #[command(flatten)]
    pub runs: ProgrammeRunsArgs,
    /// Only who is in this group
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// An audit file of `muster hook serve`, repeatable
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub audit: Vec<PathBuf>,
    /// Write to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Ask the org nothing; show what the books have
    #[arg(long)]
    pub offline: bool,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
}

/// How mails and links go out.
#[derive(Args, Clone, Debug)]
pub struct WavesArgs {
    /// People at most in any sixty minutes
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    pub per_hour: u64,
    /// Only who is in this group, repeatable
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,
    /// Stop after so many people (a canary)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Say how many, by group and hour, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `muster programme finish`
#[derive(Args, Debug)]
#[command(after_help = "\
Everybody is looked at right before, so that nobody is reset who came over a minute ago. It can be stopped at any
time and goes on when it is called again; nobody gets two mails. Once nobody is left, the org's password-import hook
is deactivated and deleted, if it is ours.")]
pub struct ProgrammeFinishArgs {
    /// Whose people.
    #[command(flatten)]
    pub runs: ProgrammeRunsArgs,
    /// How the mails go out.
    #[command(flatten)]
    pub waves: WavesArgs,
    /// This hook is ours, by its id or name
    #[arg(long, value_name = "ID|NAME")]
    pub hook: Option<String>,
    /// Leave the hook in place
    #[arg(long, conflicts_with = "hook")]
    pub keep_hook: bool,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
}

/// `muster activate`
#[derive(Args, Debug)]
#[command(after_help = "\
Staged people get Okta's mail to set a password; those who have one are active at once. With --links nobody gets a
mail: each link is appended to the file, on the disk before the person counts as done. Whoever has a link can set the
password. It can be stopped at any time and goes on when it is called again; nobody gets two mails.")]
pub struct ActivateArgs {
    /// The run; the latest when left out
    pub run: Option<String>,
    /// Send no mail; append the activation links to this CSV file
    #[arg(long, value_name = "FILE")]
    pub links: Option<PathBuf>,
    /// How they go out.
    #[command(flatten)]
    pub waves: WavesArgs,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
}
