//! What a run leaves behind: `results.csv`, `rejects.csv`, `summary.json`, `report.html`; and `missing.csv`, where people
//! of an identity source are in no row.
//!
//! All of it comes from the books, so it can be written again at any time. The files hold personal data and are
//! readable for their owner only; each is written beside its place first, so that a reader never sees half of one.

mod arming;
mod cell;
mod file;
mod html;
mod missing;
mod number;
mod rejects;
mod results;
mod sourcing;
mod summary;

use std::path::{Path, PathBuf};

use muster_ledger::{Ledger, RunRecord};
use muster_legacy::files::Source;

pub use arming::ArmingReport;
pub(crate) use cell::guarded;
pub use file::{NewFile, write_whole};
pub use number::grouped;
pub use sourcing::{MissingSummary, SessionSummary, SourcingSummary, Via};
pub use summary::{Budget, SourceSummary, Summary};

use crate::error::EngineError;

/// Where the files of a run are.
#[derive(Clone, Debug)]
pub struct RunFiles {
    folder: PathBuf,
}

impl RunFiles {
    /// The files in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The plan.
    pub fn plan(&self) -> PathBuf {
        self.folder.join("plan.json")
    }

    /// One line per row.
    pub fn results(&self) -> PathBuf {
        self.folder.join("results.csv")
    }

    /// The rows to repair.
    pub fn rejects(&self) -> PathBuf {
        self.folder.join("rejects.csv")
    }

    /// People of the identity source who are in no row; there only where some are.
    pub fn missing(&self) -> PathBuf {
        self.folder.join("missing.csv")
    }

    /// The numbers.
    pub fn summary(&self) -> PathBuf {
        self.folder.join("summary.json")
    }

    /// The picture.
    pub fn report(&self) -> PathBuf {
        self.folder.join("report.html")
    }

    /// What came in by standard input, kept until the run is complete.
    pub fn spool(&self) -> PathBuf {
        self.folder.join("source")
    }
}

/// Writes all files of a run. Without its source, the rows to repair can't be shown, and that file stays as it is.
pub async fn write_all(
    ledger: &Ledger,
    record: &RunRecord,
    source: Option<&Source>,
    files: &RunFiles,
) -> Result<Summary, EngineError> {
    let summary = Summary::of(ledger, record).await?;
    results::write(ledger, record.key, &files.results()).await?;
    if let Some(source) = source {
        let none = !summary.outcomes.iter().any(|(outcome, rows)| outcome.needs_attention() && *rows > 0);
        rejects::write(ledger, record.key, source, none, &files.rejects()).await?;
    }
    if summary.missing().people() > 0 {
        missing::write(ledger, record.key, &files.missing()).await?;
    }
    let json = serde_json::to_string_pretty(&summary).unwrap_or_default();
    write_whole(&files.summary(), format!("{json}\n").as_bytes())?;
    let errors = ledger.errors(record.key).await?;
    write_whole(&files.report(), html::render(&summary, &errors).as_bytes())?;
    Ok(summary)
}
