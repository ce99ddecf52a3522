//! The thread that keeps the books: jobs come in, and all that wait at the same time share one commit.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::mpsc;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::LedgerError;
use crate::schema::migrate;

/// Jobs in one commit at most, so that none waits long.
const MOST_PER_COMMIT: usize = 512;

/// Told when the commit was made or failed.
type Acknowledge = Box<dyn FnOnce(Result<(), LedgerError>) + Send>;
/// Work inside of a commit.
type Job = Box<dyn FnOnce(&Connection) -> Result<Acknowledge, (LedgerError, Acknowledge)> + Send>;

/// The books. Cheap to clone; every clone speaks to the same thread.
#[derive(Clone, Debug)]
pub struct Ledger {
    jobs: mpsc::Sender<Job>,
}

impl Ledger {
    /// Opens the ledger of this file, or makes it, readable for its owner only.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let refused = |reason: String| LedgerError::Open { path: path.to_owned(), reason };
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(|error| refused(error.to_string()))?;
        let connection = Connection::open(path).map_err(|error| refused(error.to_string()))?;
        Self::over(connection, path)
    }

    /// Books for a plan that is thrown away: a temporary file of `SQLite`'s own, gone with the process.
    pub fn temporary() -> Result<Self, LedgerError> {
        Self::over(Connection::open("")?, Path::new("(temporary)"))
    }

    fn over(connection: Connection, path: &Path) -> Result<Self, LedgerError> {
        let refused =
            |error: rusqlite::Error| LedgerError::Open { path: path.to_owned(), reason: error.to_string() };
        // FULL: an intent must survive the power, not only the process.
        connection
            .execute_batch(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA cache_size = -16000; PRAGMA temp_store = FILE;",
            )
            .map_err(refused)?;
        connection.set_prepared_statement_cache_capacity(64);
        migrate(&connection, path)?;
        let (jobs, inbox) = mpsc::channel();
        std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || keep(&connection, &inbox))
            .map_err(|error| LedgerError::Storage(error.to_string()))?;
        Ok(Self { jobs })
    }

    /// Hands work to the thread at once; the result comes after the commit that holds it.
    pub(crate) fn call<T, W>(
        &self,
        work: W,
    ) -> impl Future<Output = Result<T, LedgerError>> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| match work(connection) {
            Ok(value) => {
                Ok(Box::new(move |commit: Result<(), LedgerError>| drop(reply.send(commit.map(|()| value)))))
            }
            Err(error) => {
                let cause = error.clone();
                Err((error, Box::new(move |_| drop(reply.send(Err(cause))))))
            }
        });
        let sent = self.jobs.send(job).map_err(|_| LedgerError::Closed);
        async move {
            sent?;
            answer.await.map_err(|_| LedgerError::Closed)?
        }
    }
}

fn keep(connection: &Connection, inbox: &mpsc::Receiver<Job>) {
    while let Ok(first) = inbox.recv() {
        let jobs = std::iter::once(first).chain(std::iter::from_fn(|| inbox.try_recv().ok()));
        commit(connection, jobs.take(MOST_PER_COMMIT));
    }
}

/// Does the jobs in one transaction. If one fails, none of them happened, and all are told.
fn commit(connection: &Connection, jobs: impl Iterator<Item = Job>) {
    let mut waiting: Vec<Acknowledge> = Vec::new();
    let mut failure = connection.execute_batch("BEGIN IMMEDIATE").err().map(LedgerError::from);
    for job in jobs {
        match job(connection) {
            Ok(acknowledge) => waiting.push(acknowledge),
            Err((error, acknowledge)) => {
                // What was asked for in vain changed nothing; what could not be stored spoils the commit.
                if matches!(error, LedgerError::Storage(_)) {
                    failure.get_or_insert(error);
                }
                waiting.push(acknowledge);
            }
        }
    }
    if failure.is_none() {
        failure = connection.execute_batch("COMMIT").err().map(LedgerError::from);
    }
    if failure.is_some() {
        // Nothing to roll back is no second failure.
        drop(connection.execute_batch("ROLLBACK"));
    }
    for acknowledge in waiting {
        acknowledge(failure.clone().map_or(Ok(()), Err));
    }
}
