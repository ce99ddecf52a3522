//! One process at a time works on a run.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::error::LedgerError;

/// Held as long as this process works on the run; the system frees it when the process ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock in the run's folder.
    pub fn take(folder: &Path, id: &str) -> Result<Self, LedgerError> {
        let path = folder.join("lock");
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file =
            options.open(&path).map_err(|error| LedgerError::Open { path, reason: error.to_string() })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(_) => Err(LedgerError::Locked { id: id.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = RunLock::take(folder.path(), "r").unwrap();
        assert!(matches!(RunLock::take(folder.path(), "r"), Err(LedgerError::Locked { .. })));
        drop(held);
        RunLock::take(folder.path(), "r").unwrap();
    }
}
