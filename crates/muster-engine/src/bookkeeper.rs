//! What the run loop has to enter into the books: gathered while a commit is under way, and committed together
//! with the next one. A row whose intent is on its way into the books waits here; it may be sent once that is
//! durable.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use muster_core::flow::RowFlow;
use muster_ledger::{Entry, Ledger, LedgerError, RunKey};

type Commit = Pin<Box<dyn Future<Output = Result<(), LedgerError>> + Send>>;

/// A commit costs the same whether it holds one entry or a hundred, most of it in the disk: they follow each other
/// at this distance at least, unless so many wait.
const BETWEEN: Duration = Duration::from_millis(8);
const MANY: usize = 256;

/// Gathers entries, and makes one commit at a time.
pub struct Bookkeeper {
    ledger: Ledger,
    run: RunKey,
    waiting: Vec<Entry>,
    /// Rows whose intents are among those that wait.
    intended: VecDeque<Box<RowFlow>>,
    commit: Option<Commit>,
    /// Rows whose intents are in the commit that is under way.
    committing: VecDeque<Box<RowFlow>>,
    /// When the next commit may begin, since the start of the leg.
    next_at: Duration,
}

impl Bookkeeper {
    /// For the books of this run.
    pub fn new(ledger: Ledger, run: RunKey) -> Self {
        Self {
            ledger,
            run,
            waiting: Vec::new(),
            intended: VecDeque::new(),
            commit: None,
            committing: VecDeque::new(),
            next_at: Duration::ZERO,
        }
    }

    /// To be entered with the next commit.
    pub fn enter(&mut self, entry: Entry) {
        self.waiting.push(entry);
    }

    /// A request for this row leaves as soon as that is in the books.
    pub fn intend(&mut self, flow: Box<RowFlow>, at: Timestamp) {
        self.waiting.push(Entry::Intend { line: flow.candidate().line, at });
        self.intended.push_back(flow);
    }

    /// The user of this row is somebody else's, and is about to be changed into what the row has: once that is done,
    /// it looks like ours. So the intent is taken back first, for good.
    pub fn disclaim(&mut self, flow: Box<RowFlow>) {
        self.waiting.push(Entry::TakeBack { line: flow.candidate().line });
        self.intended.push_back(flow);
    }

    /// Rows whose intents are not durable yet.
    pub fn intents(&self) -> usize {
        self.intended.len() + self.committing.len()
    }

    /// Begins a commit, if there is something to enter, none is under way, and the last one is not too near.
    pub fn begin(&mut self, now: Duration) {
        let due = now >= self.next_at || self.waiting.len() >= MANY;
        if due && self.commit.is_none() && !self.waiting.is_empty() {
            self.begin_now();
            self.next_at = now + BETWEEN;
        }
    }

    /// When the next commit begins that is held back.
    pub fn begins_at(&self) -> Option<Duration> {
        (self.commit.is_none() && !self.waiting.is_empty()).then_some(self.next_at)
    }

    fn begin_now(&mut self) {
        if self.commit.is_none() && !self.waiting.is_empty() {
            self.committing = std::mem::take(&mut self.intended);
            let entries = std::mem::take(&mut self.waiting);
            self.commit = Some(Box::pin(self.ledger.enter(self.run, entries)));
        }
    }

    /// Whether a commit is under way.
    pub fn is_busy(&self) -> bool {
        self.commit.is_some()
    }

    /// Whether everything is in the books.
    pub fn is_done(&self) -> bool {
        self.commit.is_none() && self.waiting.is_empty()
    }

    /// Ends with the commit that is under way: the rows that may be sent now. Nothing is lost when it is dropped
    /// before.
    pub async fn committed(&mut self) -> Result<VecDeque<Box<RowFlow>>, LedgerError> {
        if let Some(commit) = self.commit.as_mut() {
            let made = commit.await;
            self.commit = None;
            made?;
        }
        Ok(std::mem::take(&mut self.committing))
    }

    /// Commits until everything is in the books; rows whose intents were among it never left.
    pub async fn finish(&mut self) -> Result<(), LedgerError> {
        loop {
            self.begin_now();
            if !self.is_busy() {
                return Ok(());
            }
            let unsent = self.committed().await?;
            let back = unsent.iter().map(|flow| Entry::TakeBack { line: flow.candidate().line });
            self.waiting.extend(back);
        }
    }
}
