//! Which way people go into the org: the Users API, or import sessions of an identity source.

use clap::{Args, ValueEnum};

/// Which way in
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Which way in (docs/which-way-in.md)")]
pub struct WayArgs {
    /// The Users API, or import sessions of a Custom Identity Source
    #[arg(long, value_name = "WAY")]
    pub via: Option<ViaArg>,
    /// The identity source, which is the id of its app; the org's only one when left out
    #[arg(long, value_name = "0oa...")]
    pub identity_source_id: Option<String>,
    /// What the sessions do with the people: create and update, or deactivate and take off the source
    #[arg(long, value_name = "WHAT")]
    pub operation: Option<OperationArg>,
    /// The column with the key of each person that never changes; externalId unless said
    #[arg(long, value_name = "COLUMN")]
    pub external_id: Option<String>,
    /// People in one request at most, 1 to 200; 200 unless said
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=200))]
    pub page_size: Option<u16>,
    /// Where the outcome of each person is read: System Log and users, users alone, or nowhere
    #[arg(long, value_name = "WHERE")]
    pub settle: Option<SettleArg>,
    /// Send all rows, also those that did not change since the identity source was told of them
    #[arg(long)]
    pub full: bool,
    /// Deactivate the people of the identity source who are in no row any more
    #[arg(long)]
    pub deactivate_missing: bool,
    /// The part of the identity source's people that may be deactivated for that; 2% unless said
    #[arg(long, value_name = "P%", value_parser = part)]
    pub max_deactivate: Option<f64>,
    /// What follows once the people are there: hook arms them for the password-import inline hook
    #[arg(long, value_name = "WHAT")]
    pub then: Option<ThenArg>,
    /// Seconds that the org wants between two sessions; 300 unless said
    #[arg(long, value_name = "SECONDS")]
    pub session_gap: Option<u64>,
    /// Seconds between two looks at a session that is processed; 10 unless said
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub poll: Option<u64>,
}

/// `--via`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ViaArg {
    /// One request per person: credentials, groups, statuses
    UsersApi,
    /// Sessions of 10,000: no credentials, updates and deactivates in bulk
    IdentitySource,
}

/// `--operation`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OperationArg {
    /// Create and update people
    CreateUpdate,
    /// Deactivate people, known by their external id, and take them off the source
    Deactivate,
}

/// `--settle`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SettleArg {
    /// The System Log, and for whom it says nothing the users
    Log,
    /// The users alone
    Read,
    /// Nowhere: what became of the rows stays open, and they fail with that reason
    None,
}

/// `--then`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ThenArg {
    /// The password-import inline hook for everybody who was loaded
    Hook,
}

/// A part, such as 2%.
fn part(text: &str) -> Result<f64, String> {
    let faulty = || format!("{text:?} is no part such as 2%");
    let percent = text.trim().strip_suffix('%').ok_or_else(faulty)?;
    match percent.trim().parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err(faulty()),
    }
}
