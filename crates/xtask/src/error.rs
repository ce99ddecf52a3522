//! Why the workshop could not do its work.

use std::io;
use std::path::PathBuf;

/// Why the workshop could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum WorkshopError {
    /// A program that is needed did not start.
    #[error("can't run `{program}`: {source}")]
    Start {
        /// The program.
        program: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// A program that is needed was not content.
    #[error("`{program}` failed: {said}")]
    Failed {
        /// The program.
        program: &'static str,
        /// What it said.
        said: String,
    },
    /// Cargo described the workspace in a way that is not understood.
    #[error("can't read what `cargo metadata` says: {0}")]
    Metadata(#[from] serde_json::Error),
    /// A file can't be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
