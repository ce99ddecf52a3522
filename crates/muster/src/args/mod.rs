//! The command line. These types stop at the settings; commands never see them.

mod emulator;
mod hashes;
mod hook;
mod hook_admin;
mod import;
mod programme;
mod sessions;
mod settlement;
mod way;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use emulator::{
    EmulatorAccessArgs, EmulatorArgs, EmulatorLineArgs, EmulatorOrgArgs, EmulatorSourceArgs, GenerateArgs,
};
pub use hashes::HashesArgs;
pub use hook::{HookCommand, HookExportArgs, HookServeArgs};
pub use hook_admin::{HookOAuthArgs, HookRegisterArgs, HookTestArgs, HookUnregisterArgs};
pub use import::{ConflictArg, FormatArg, ImportArgs, ModeArg, PacingArgs, PlanArgs, ReadingArgs};
pub use programme::{
    ActivateArgs, ProgrammeCommand, ProgrammeFinishArgs, ProgrammeRunsArgs, ProgrammeServeArgs,
    ProgrammeStatusArgs, ProgrammeStragglersArgs,
};
pub use sessions::{SessionArgs, SessionsArgs, SessionsCommand};
pub use settlement::SettlementArgs;
pub use way::{OperationArg, SettleArg, ThenArg, ViaArg, WayArgs};

/// Moves a company's people to Okta, and every one of them is accounted for.
#[derive(Debug, Parser)]
#[command(
    name = "muster",
    version,
    disable_help_subcommand = true,
    subcommand_required = false,
    arg_required_else_help = true,
    after_help = "\
Start here:
  muster demo                       a tour on an embedded org, nothing else needed
  muster doctor                     is the real org reachable, and may we
  muster plan people.csv            what would happen; writes nothing to the org
  muster import people.csv          plan, confirm, run
  muster resume                     go on after any interruption
  muster retry                      once more what failed, or what you corrected
  muster hashes people.csv          what the stored passwords are, and where each goes
  muster hook serve                 answer for the passwords that Okta can't check
  muster programme status           who has come over, and who has not

The org comes from OKTA_ORG_URL and OKTA_API_TOKEN (or OKTA_ACCESS_TOKEN, or a service
app: OKTA_CLIENT_ID and OKTA_PRIVATE_KEY_FILE).
Exit codes: 0 complete, every row fine · 1 could not run · 2 wrong usage or settings
            3 complete, with rows invalid, rejected or failed · 4 stopped before the end; resumable"
)]
pub struct Arguments {
    /// For every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that every command has, before or after its name.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Where ledger and runs live
    #[arg(long, global = true, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// The ledger: sqlite:PATH
    #[arg(long, global = true, value_name = "URL")]
    pub ledger: Option<String>,
    /// Trust the certificates of this PEM file beside the system's own
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Time for one request, in seconds
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: Option<u64>,
    /// Answer every question with yes
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
    /// What to write to standard output
    #[arg(long, global = true, value_name = "FORM", default_value = "text", hide_default_value = true)]
    pub output: OutputForm,
    /// Say more: -v each decision, -vv each request
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    pub color: When,
    /// The form of log lines on standard error
    #[arg(long, global = true, value_name = "FORM", default_value = "text", hide_default_value = true)]
    pub log: OutputForm,
    /// Show which settings hold and where they came from, and do nothing else
    #[arg(long, global = true)]
    pub show_settings: bool,
}

/// Text for people, or JSON for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputForm {
    /// For people.
    Text,
    /// For programs: one document, or one object per line.
    Json,
}

/// Always, never, or on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A tour on an embedded org: generate, plan, import, sign in, report
    Demo(DemoArgs),
    /// Read, map, check, count, estimate; write nothing to the org
    Plan(PlanArgs),
    /// Plan, confirm, run
    Import(ImportArgs),
    /// Go on after any interruption
    Resume(ResumeArgs),
    /// Send again what failed, or the rows of a corrected reject file, in the same run
    Retry(RetryArgs),
    /// Where a run stands
    Status(RunArgs),
    /// All runs of this ledger
    Runs,
    /// Write results, rejects, summary and HTML of a run again
    Report(RunArgs),
    /// Activate staged people in waves, with mail or with links in a file
    Activate(ActivateArgs),
    /// What password notations are in a file; prove them with known passwords
    Hashes(HashesArgs),
    /// The password-import inline hook: serve it, register it, test it, end it
    #[command(subcommand)]
    Hook(HookCommand),
    /// Who has come over and who has not, until the last person has signed in
    #[command(subcommand)]
    Programme(ProgrammeCommand),
    /// Import sessions of an identity source: see them, cancel them, have them processed
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Can we reach the org, may we, how fast, is the clock right
    Doctor,
    /// An Okta org on this machine
    Emulator(Box<EmulatorArgs>),
    /// Made-up people, with real hashes
    Generate(GenerateArgs),
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// The manual page, in roff
    Man,
}

/// `muster demo`
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  muster demo                 hashes that Okta checks itself: plan, import, sign in
  muster demo --programme     hashes that only the hook can check, until nobody waits for it")]
pub struct DemoArgs {
    /// How many people; 1000 unless said, 2000 with --programme
    #[arg(long, value_name = "N")]
    pub people: Option<u64>,
    /// The second tour: passwords that only the hook can check, from the import to the end of the hook
    #[arg(long)]
    pub programme: bool,
}

/// A run by its id.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// The run; the latest when left out
    pub run: Option<String>,
}

/// `muster resume`
#[derive(Args, Debug)]
pub struct ResumeArgs {
    /// The run; every open one when left out
    pub run: Option<String>,
    /// Where the source is now, if it was moved; the same file to the byte
    #[arg(long, value_name = "PATH")]
    pub source: Option<PathBuf>,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
}

/// `muster retry`
#[derive(Args, Debug)]
#[command(after_help = "\
Without a FILE, rows that failed are sent again, and missing memberships are asked for again.
A FILE is a copy of rejects.csv in which rows were corrected; rows are known by their _line. Rows may be
removed and reordered, and a spreadsheet may have saved it. What has a user already is never created again.")]
pub struct RetryArgs {
    /// The run, the latest when left out; and corrected reject files
    #[arg(value_name = "RUN|FILE")]
    pub of: Vec<String>,
    /// Create groups that the org does not have
    #[arg(long)]
    pub create_groups: bool,
    /// Where the source is now, if it was moved; the same file to the byte
    #[arg(long, value_name = "PATH")]
    pub source: Option<PathBuf>,
    /// How fast.
    #[command(flatten)]
    pub pacing: PacingArgs,
}
