//! `muster sessions`

use clap::{Args, Subcommand};

/// `muster sessions`
#[derive(Clone, Debug, Subcommand)]
#[command(after_help = "\
Examples:
  muster sessions list                      what the org has, and which run each is of
  muster sessions show aps1a2b3c            its status, and what a run loaded into it
  muster sessions cancel aps1a2b3c          one that stands in the way of the next
  muster sessions trigger aps1a2b3c         one that was loaded and never processed

An org has one session under load at a time. `muster resume RUN` takes care of those of a run by itself.")]
pub enum SessionsCommand {
    /// The sessions that the org lists, and those of the runs of this ledger
    #[command(after_help = "\
Examples:
  muster sessions list
  muster sessions list --identity-source-id 0oa1a2b3c --output json | jq '.sessions[] | select(.run == null)'

An org may list only the sessions that are not over; those of this ledger are shown all the same.")]
    List(SessionsArgs),
    /// One session, with what the ledger knows of its requests
    #[command(after_help = "\
Examples:
  muster sessions show aps1a2b3c
  muster sessions show aps1a2b3c --output json | jq '.uploads[] | select(.accepted | not)'")]
    Show(SessionArgs),
    /// Cancel a session that is being loaded; what a run has in it is loaded again by muster resume
    #[command(after_help = "\
Examples:
  muster sessions cancel aps1a2b3c
  muster sessions cancel aps1a2b3c --yes    without a terminal

Nothing of a cancelled session comes into the org. One that is processed already can't be cancelled.")]
    Cancel(SessionArgs),
    /// Have the org process a session that was loaded
    #[command(after_help = "\
Examples:
  muster sessions trigger aps1a2b3c
  muster sessions trigger aps1a2b3c --yes   without a terminal

A session of a run may be triggered half loaded: muster resume finds out what became of the people in it, and loads
the others in another one.")]
    Trigger(SessionArgs),
}

/// The identity source whose sessions are meant.
#[derive(Args, Clone, Debug)]
pub struct SessionsArgs {
    /// The identity source, which is the id of its app; the org's only one when left out
    #[arg(long, value_name = "0oa...")]
    pub identity_source_id: Option<String>,
}

/// One session.
#[derive(Args, Clone, Debug)]
pub struct SessionArgs {
    /// The session's id
    #[arg(value_name = "SESSION")]
    pub session: String,
    /// Where it is.
    #[command(flatten)]
    pub of: SessionsArgs,
}
