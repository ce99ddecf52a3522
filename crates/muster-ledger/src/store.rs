//! Where the books are: a file, or this process alone.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::error::LedgerError;
use crate::schema::migrate;

/// The state of the books, with nobody at work on it.
pub struct Store {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
}

impl Store {
    /// The file, made when it is not there, readable for its owner only.
    pub fn file(path: &Path) -> Result<Self, LedgerError> {
        let refused = |reason: String| LedgerError::Open { path: path.to_owned(), reason };
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(|error| refused(error.to_string()))?;
        let connection = Connection::open(path).map_err(|error| refused(error.to_string()))?;
        Self::prepared(connection, path, "WAL")
    }

    /// A temporary file of `SQLite`'s own.
    pub fn temporary() -> Result<Self, LedgerError> {
        Self::prepared(Connection::open("")?, Path::new("(temporary)"), "OFF")
    }

    /// Memory, for simulations: nothing waits for a disk, and it is gone with the process.
    pub fn in_memory() -> Result<Self, LedgerError> {
        Self::prepared(Connection::open_in_memory()?, Path::new("(memory)"), "MEMORY")
    }

    /// With room for so many more pages of 4 kB, as on a disk that is nearly full. For tests.
    #[must_use]
    pub fn with_room_for(self, pages: u32) -> Self {
        let taken = self.connection.query_row("PRAGMA page_count", [], |row| row.get::<_, u32>(0));
        let most = taken.unwrap_or_default().saturating_add(pages);
        let limit = format!("PRAGMA max_page_count = {most}");
        // Where it can't be limited, the test that wants it sees no full disk.
        drop(self.connection.execute_batch(&limit));
        self
    }

    fn prepared(connection: Connection, path: &Path, journal: &str) -> Result<Self, LedgerError> {
        // The sorter may use as much again as the cache.
        let settings = format!(
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = {journal}; PRAGMA cache_size = -3000;
             PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -1000; {}",
            Self::synchronous(true)
        );
        connection.execute_batch(&settings).map_err(|error| LedgerError::opening(path, &error))?;
        connection.set_prepared_statement_cache_capacity(64);
        // Else SQLite plans some statements anew for every set of values, which costs more than carrying them out.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| LedgerError::opening(path, &error))?;
        migrate(&connection, path).map_err(|error| error.of(path))?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// FULL: an intent must survive the power, not only the process. NORMAL: what is there is whole.
    pub(crate) fn synchronous(durable: bool) -> &'static str {
        if durable { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Store").field(&self.path).finish()
    }
}
