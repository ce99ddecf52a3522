//! `muster sessions`

use clap::{Args, Subcommand};

/// `muster sessions`
#[derive(Clone, Debug, Subcommand)]
pub enum SessionsCommand {
    /// The sessions that the org lists, and those of the runs of this ledger
    List(SessionsArgs),
    /// One session, with what the ledger knows of its requests
    Show(SessionArgs),
    /// Cancel a session that is being loaded; what a run has in it is loaded again by muster resume
    Cancel(SessionArgs),
    /// Have the org process a session that was loaded
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
