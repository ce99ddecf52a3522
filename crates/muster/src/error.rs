//! How a command ends, for people and for scripts.

use muster_engine::EngineError;
use muster_ledger::LedgerError;

/// The exit codes (PRODUCT.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Complete, every row fine.
    Fine,
    /// Complete, with rows invalid, rejected or failed, or groups missing.
    Attention,
    /// Could not run.
    CouldNotRun,
    /// Wrong usage or settings.
    WrongUsage,
    /// Stopped before the end; resumable.
    Stopped,
}

impl End {
    /// The number that the process exits with.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::CouldNotRun => 1,
            Self::WrongUsage => 2,
            Self::Attention => 3,
            Self::Stopped => 4,
        }
    }
}

/// Why a command ended without a result.
#[derive(Debug)]
pub struct Problem {
    /// How it ends.
    pub end: End,
    /// What happened and what to do, for the screen.
    pub text: String,
}

impl Problem {
    /// The command could not run.
    pub fn could_not_run(text: impl Into<String>) -> Self {
        Self { end: End::CouldNotRun, text: text.into() }
    }

    /// The command was asked for in a way that it can't do.
    pub fn wrong_usage(text: impl Into<String>) -> Self {
        Self { end: End::WrongUsage, text: text.into() }
    }

    /// The run stopped before its end.
    pub fn stopped(text: impl Into<String>) -> Self {
        Self { end: End::Stopped, text: text.into() }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Mapping(_) => Self::wrong_usage(error.to_string()),
            other => Self::could_not_run(other.to_string()),
        }
    }
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        Self::could_not_run(error.to_string())
    }
}

impl From<muster_legacy::files::SourceError> for Problem {
    fn from(error: muster_legacy::files::SourceError) -> Self {
        use muster_legacy::files::SourceError;
        match error {
            SourceError::UnknownEncoding { .. } | SourceError::BadDelimiter { .. } => {
                Self::wrong_usage(error.to_string())
            }
            _ => Self::could_not_run(error.to_string()),
        }
    }
}

impl From<muster_legacy::truth::TruthError> for Problem {
    fn from(error: muster_legacy::truth::TruthError) -> Self {
        use muster_legacy::truth::TruthError;
        match error {
            TruthError::Setting { .. } | TruthError::Secret { .. } => Self::wrong_usage(error.to_string()),
            _ => Self::could_not_run(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::could_not_run(error.to_string())
    }
}
