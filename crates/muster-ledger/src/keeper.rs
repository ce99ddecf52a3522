//! Who keeps the books: jobs come in, and all that wait at the same time share one commit.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::error::LedgerError;
use crate::store::Store;

/// Jobs in one commit at most, so that none waits long.
const MOST_PER_COMMIT: usize = 512;

/// What a job asks of the commit that it is done in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Care {
    /// It reads only, and waits for nobody's lock.
    Read,
    /// All or nothing, and durable once something later is.
    Whole,
    /// Durable before anybody hears of it.
    Durable,
    /// Outside of any transaction.
    Alone,
}

/// Told when the commit was made or failed.
type Acknowledge = Box<dyn FnOnce(Result<(), LedgerError>) + Send>;
/// Work inside of a commit that may have failed before.
type Work =
    Box<dyn FnOnce(Result<&Connection, LedgerError>) -> (Result<(), LedgerError>, Acknowledge) + Send>;

struct Job {
    care: Care,
    work: Work,
}

/// The books. Cheap to clone; every clone speaks to the same keeper. When the last one goes, it waits until all that
/// was handed over is written, and the books are one file again.
#[derive(Clone, Debug)]
pub struct Ledger {
    desk: Arc<Desk>,
}

#[derive(Debug)]
struct Desk {
    jobs: Option<mpsc::UnboundedSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            // A keeper that panicked has told everybody that the books are closed.
            drop(thread.join());
        }
    }
}

impl Ledger {
    /// Opens the ledger of this file, or makes it, readable for its owner only.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        Self::kept(Store::file(path)?)
    }

    /// Books for a plan that is thrown away: a temporary file of `SQLite`'s own, gone with the process.
    pub fn temporary() -> Result<Self, LedgerError> {
        Self::kept(Store::temporary()?)
    }

    /// Books that nobody keeps by himself: whoever holds the keeper says when a commit is made.
    pub fn attended(store: Store) -> Result<(Self, Keeper), LedgerError> {
        let (keeper, jobs) = Keeper::new(store);
        Ok((Self { desk: Arc::new(Desk { jobs: Some(jobs), thread: None }) }, keeper))
    }

    fn kept(store: Store) -> Result<Self, LedgerError> {
        let (keeper, jobs) = Keeper::new(store);
        let thread = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || keeper.keep())
            .map_err(|error| LedgerError::Storage(error.to_string()))?;
        Ok(Self { desk: Arc::new(Desk { jobs: Some(jobs), thread: Some(thread) }) })
    }

    /// Merges all that was written into the one file, so that it can be copied alone. Not possible while another
    /// process reads: then false, and nothing is lost.
    pub async fn rest(&self) -> Result<bool, LedgerError> {
        self.call(Care::Alone, |connection| {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))? == 0)
        })
        .await
    }

    /// Hands work over at once; the result comes after the commit that holds it.
    pub(crate) fn call<T, W>(
        &self,
        care: Care,
        work: W,
    ) -> impl Future<Output = Result<T, LedgerError>> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, LedgerError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            let done = connection.and_then(work);
            let how = done.as_ref().map(|_| ()).map_err(Clone::clone);
            let tell = move |commit: Result<(), LedgerError>| {
                drop(reply.send(done.and_then(|value| commit.map(|()| value))));
            };
            (how, Box::new(tell))
        });
        let jobs = self.desk.jobs.as_ref().ok_or(LedgerError::Closed);
        let sent = jobs.and_then(|jobs| jobs.send(Job { care, work }).map_err(|_| LedgerError::Closed));
        async move {
            sent?;
            answer.await.map_err(|_| LedgerError::Closed)?
        }
    }
}

/// Does the jobs that come in.
pub struct Keeper {
    connection: Connection,
    path: PathBuf,
    inbox: mpsc::UnboundedReceiver<Job>,
    next: Option<Job>,
    /// Whether commits wait for the disk.
    durable: bool,
}

impl Keeper {
    fn new(store: Store) -> (Self, mpsc::UnboundedSender<Job>) {
        let (jobs, inbox) = mpsc::unbounded_channel();
        let Store { connection, path } = store;
        (Self { connection, path, inbox, next: None, durable: true }, jobs)
    }

    /// Whether a job waits.
    pub fn waiting(&self) -> bool {
        self.next.is_some() || !self.inbox.is_empty()
    }

    /// Ends when a job waits; false when none will ever come.
    pub async fn job(&mut self) -> bool {
        if self.next.is_none() {
            self.next = self.inbox.recv().await;
        }
        self.next.is_some()
    }

    /// Does all waiting jobs, in one transaction; false when there were none.
    pub fn commit(&mut self) -> bool {
        let mut any = false;
        while let Some(jobs) = self.take(usize::MAX) {
            any = true;
            tell(self.commit_these(jobs));
        }
        any
    }

    /// Dies before the commit: what waits is lost.
    pub fn crash(self) -> Store {
        Store { connection: self.connection, path: self.path }
    }

    /// Dies within the commit: what waits was done, and is lost all the same.
    pub fn crash_within(mut self) -> Store {
        if let Some(jobs) = self.take(usize::MAX) {
            let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
            let mut failure = begun.err().map(|error| self.explained(error.into()));
            drop(self.work(jobs, &mut failure));
            drop(self.connection.execute_batch("ROLLBACK"));
        }
        self.crash()
    }

    /// Dies after the commit: what waited is in the books, and nobody heard of it.
    pub fn crash_after(mut self) -> Store {
        while let Some(jobs) = self.take(usize::MAX) {
            drop(self.commit_these(jobs));
        }
        self.crash()
    }

    /// Keeps the books until nobody is left who could hand over a job.
    fn keep(mut self) {
        while let Some(first) = self.next.take().or_else(|| self.inbox.blocking_recv()) {
            self.next = Some(first);
            if let Some(jobs) = self.take(MOST_PER_COMMIT) {
                tell(self.commit_these(jobs));
            }
        }
    }

    /// The jobs that can be done together.
    fn take(&mut self, most: usize) -> Option<Vec<Job>> {
        let mut jobs = Vec::new();
        while jobs.len() < most {
            let Some(job) = self.next.take().or_else(|| self.inbox.try_recv().ok()) else { break };
            let alone = job.care == Care::Alone;
            if alone && !jobs.is_empty() {
                self.next = Some(job);
                break;
            }
            jobs.push(job);
            if alone {
                break;
            }
        }
        (!jobs.is_empty()).then_some(jobs)
    }

    /// Does the jobs in one transaction. If one can't be stored, none of them happened, and all will be told.
    fn commit_these(&mut self, jobs: Vec<Job>) -> Told {
        let care = jobs.iter().map(|job| job.care).max().unwrap_or(Care::Read);
        let mut failure = self.begin(care).err().map(|error| self.explained(error));
        let waiting = self.work(jobs, &mut failure);
        if failure.is_none() && care != Care::Alone {
            failure = self.connection.execute_batch("COMMIT").err().map(|error| self.explained(error.into()));
        }
        if failure.is_some() {
            // Nothing to roll back is no second failure.
            drop(self.connection.execute_batch("ROLLBACK"));
        }
        Told { waiting, failure }
    }

    fn begin(&mut self, care: Care) -> Result<(), LedgerError> {
        let durable = care >= Care::Durable;
        if care > Care::Read && durable != self.durable {
            self.connection.execute_batch(Store::synchronous(durable))?;
            self.durable = durable;
        }
        match care {
            Care::Alone => {}
            Care::Read => self.connection.execute_batch("BEGIN")?,
            Care::Whole | Care::Durable => self.connection.execute_batch("BEGIN IMMEDIATE")?,
        }
        Ok(())
    }

    /// Once one failed, the rest is not tried: a failure may have ended the transaction, and what is done after that
    /// would stay.
    fn work(&self, jobs: Vec<Job>, failure: &mut Option<LedgerError>) -> Vec<Acknowledge> {
        let mut waiting = Vec::with_capacity(jobs.len());
        for job in jobs {
            let (done, acknowledge) = (job.work)(failure.clone().map_or(Ok(&self.connection), Err));
            // What was asked for in vain changed nothing; what could not be stored spoils the commit.
            if let Err(error) = done
                && error.spoils()
                && failure.is_none()
            {
                *failure = Some(self.explained(error));
            }
            waiting.push(acknowledge);
        }
        waiting
    }

    fn explained(&self, error: LedgerError) -> LedgerError {
        error.of(&self.path)
    }
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Keeper").field("path", &self.path).field("waiting", &self.waiting()).finish()
    }
}

/// A commit that nobody heard of yet.
struct Told {
    waiting: Vec<Acknowledge>,
    failure: Option<LedgerError>,
}

fn tell(told: Told) {
    for acknowledge in told.waiting {
        acknowledge(told.failure.clone().map_or(Ok(()), Err));
    }
}
