//! Why a command of the engine could not do its work.

use muster_core::column::MappingError;
use muster_ledger::LedgerError;
use muster_legacy::files::SourceError;
use muster_okta::{CallError, TransportError, TransportFailure};

/// Why a command could not do its work. None of these is about a single row.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The source can't be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The columns can't be understood.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The books can't be kept.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The org does not let us.
    #[error(transparent)]
    Org(#[from] OrgTrouble),
    /// A file of the run can't be written.
    #[error("{path} can't be written: {reason}")]
    Output {
        /// The file.
        path: String,
        /// The cause.
        reason: String,
    },
    /// A file that was named can't be read.
    #[error("{path} can't be read: {reason}")]
    Input {
        /// The file.
        path: String,
        /// The cause.
        reason: String,
    },
    /// A group that was named is not there, or not the only one.
    #[error("{0}")]
    Group(String),
    /// A stored plan can't be read.
    #[error("the plan of run {run} can't be read: {reason}")]
    Plan {
        /// The run.
        run: String,
        /// The cause.
        reason: String,
    },
    /// The external id of the rows can't be found.
    #[error("{0}")]
    ExternalId(String),
    /// The identity source can't be used as it was asked for.
    #[error(transparent)]
    IdentitySource(#[from] crate::sourcing::SourceTrouble),
    /// A corrected reject file can't be used.
    #[error("{path} {why}")]
    Correction {
        /// The file.
        path: String,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// The thread that reads the source has ended before the source.
    #[error("the source could not be read to its end: its reader broke down; please report this")]
    ReaderDied,
    /// The source has no longer what was planned.
    #[error(
        "the source changed since it was planned: line {line} is no longer the same person. Put the file back as it was"
    )]
    RowGone {
        /// The line.
        line: u64,
    },
}

/// What stands between us and the org, with what to do about it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OrgTrouble {
    /// 401.
    #[error(
        "the org does not accept the token: {error}\nMake a new one (Admin Console > Security > API > Tokens), or check OKTA_API_TOKEN and OKTA_ORG_URL belong together."
    )]
    Unauthorised {
        /// What it said.
        error: String,
    },
    /// No access token for the service app.
    #[error("{words}")]
    NoToken {
        /// Why, and what to do.
        words: String,
    },
    /// 403.
    #[error(
        "the token may not do this ({what}): {error}\nIts owner needs an admin role that may, or the access token the scope {scope}."
    )]
    Forbidden {
        /// What was tried.
        what: String,
        /// What it said.
        error: String,
        /// The scope that the operation needs (API.md §2.4).
        scope: &'static str,
    },
    /// No answer at all.
    #[error("{org} can't be reached: {error}{hint}")]
    Unreachable {
        /// The address.
        org: String,
        /// Why.
        error: String,
        /// What to do, with a line break in front; or nothing.
        hint: &'static str,
    },
    /// Answers that no Okta org gives.
    #[error(
        "{org} does not answer as an Okta org ({what}): {error}\nCheck OKTA_ORG_URL; it looks like https://example.okta.com."
    )]
    NotOkta {
        /// The address.
        org: String,
        /// What was tried.
        what: String,
        /// What came back.
        error: String,
    },
    /// A refusal of something that is no row.
    #[error("{what} failed: {error}")]
    Refused {
        /// What was tried.
        what: String,
        /// What it said.
        error: String,
    },
}

impl OrgTrouble {
    /// The trouble behind a failed call that was no row's.
    pub fn of(error: &CallError, org: &str, what: &str, scope: &'static str) -> Self {
        let (org, what) = (org.to_owned(), what.to_owned());
        let said = error.to_string();
        match error {
            CallError::NoToken { words } => Self::NoToken { words: words.clone() },
            CallError::Transport(transport) => {
                Self::Unreachable { org, error: said, hint: transport_hint(transport) }
            }
            // E0000015: the org lacks the feature; the token is good (API.md §2.1).
            CallError::Okta { status: 401, error } if error.error_code == "E0000015" => {
                Self::Refused { what, error: said }
            }
            CallError::Okta { status: 401, .. } => Self::Unauthorised { error: said },
            CallError::Okta { status: 403, .. } => Self::Forbidden { what, error: said, scope },
            CallError::Okta { .. } => Self::Refused { what, error: said },
            CallError::NotOkta { .. } | CallError::Malformed { .. } => {
                Self::NotOkta { org, what, error: said }
            }
        }
    }
}

fn transport_hint(error: &TransportError) -> &'static str {
    match error.failure {
        TransportFailure::Tls => {
            "\nIf the org's certificate is signed by an authority of your own, name it with --ca-file FILE."
        }
        TransportFailure::Connect => {
            "\nCheck OKTA_ORG_URL, the network and, behind a proxy, HTTPS_PROXY; `muster doctor` looks at each."
        }
        TransportFailure::TimedOut | TransportFailure::Broken | TransportFailure::Unsendable => "",
    }
}
