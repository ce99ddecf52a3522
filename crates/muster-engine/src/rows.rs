//! Pass two over a source: the rows that have no outcome yet, read again and understood as they were planned.
//!
//! Passwords and hashes are never in the books, so they are read from the source when their turn comes.

use std::collections::{HashMap, VecDeque};

use muster_core::candidate::Candidate;
use muster_core::column::Mapping;
use muster_core::interpret::Interpreter;
use muster_core::record::{Line, Record};
use muster_ledger::{Ledger, OpenRow, Origin, RunKey};
use muster_legacy::files::{Source, SourceError};
use tokio::sync::mpsc;

use crate::correction::Corrections;
use crate::error::EngineError;
use crate::plan::Plan;
use crate::surroundings::Reading;

/// Records per message from the reading thread.
const BATCH: usize = 256;

/// Open rows asked from the books at a time.
const PAGE: u32 = 1024;

/// The records of a source, in batches.
enum RecordStream {
    FromItsThread(mpsc::Receiver<Result<Vec<Record>, SourceError>>),
    Here(Box<dyn Iterator<Item = Result<Record, SourceError>> + Send>),
}

impl RecordStream {
    fn of(source: &Source, reading: Reading) -> Result<Self, SourceError> {
        let records = source.records()?;
        if reading == Reading::InTheRun {
            return Ok(Self::Here(Box::new(records)));
        }
        let (sender, receiver) = mpsc::channel(4);
        tokio::task::spawn_blocking(move || {
            let mut records = records;
            loop {
                let batch: Result<Vec<Record>, SourceError> = records.by_ref().take(BATCH).collect();
                let last = batch.as_ref().map_or(true, Vec::is_empty);
                if sender.blocking_send(batch).is_err() || last {
                    return;
                }
            }
        });
        Ok(Self::FromItsThread(receiver))
    }

    /// The next records; none when there are no more.
    async fn next_batch(&mut self) -> Result<Option<Vec<Record>>, EngineError> {
        let batch = match self {
            Self::FromItsThread(receiver) => receiver.recv().await.ok_or(EngineError::ReaderDied)??,
            Self::Here(records) => records.by_ref().take(BATCH).collect::<Result<_, _>>()?,
        };
        Ok(Some(batch).filter(|batch: &Vec<Record>| !batch.is_empty()))
    }
}

/// The rows of a run that have no outcome, in the order of the source.
pub struct OpenRows {
    ledger: Ledger,
    run: RunKey,
    mapping: Mapping,
    interpreter: Interpreter,
    records: RecordStream,
    read: VecDeque<Record>,
    open: VecDeque<OpenRow>,
    after: Line,
    listed_all: bool,
    reading: Reading,
    /// Records that are no longer the source's, of the open rows that were listed.
    corrected: HashMap<Line, Record>,
}

impl OpenRows {
    /// The open rows of this run.
    pub fn new(
        ledger: Ledger,
        run: RunKey,
        plan: &Plan,
        source: &Source,
        reading: Reading,
    ) -> Result<Self, EngineError> {
        Ok(Self {
            ledger,
            run,
            interpreter: plan.interpreter(),
            mapping: plan.mapping.clone(),
            records: RecordStream::of(source, reading)?,
            read: VecDeque::new(),
            open: VecDeque::new(),
            after: Line(0),
            listed_all: false,
            reading,
            corrected: HashMap::new(),
        })
    }

    /// The next one.
    pub async fn next(&mut self) -> Result<Option<(OpenRow, Candidate)>, EngineError> {
        self.next_of(|_| true).await
    }

    /// The next one of those that are wanted; the others are not read.
    pub async fn next_of(
        &mut self,
        wanted: impl Fn(&OpenRow) -> bool,
    ) -> Result<Option<(OpenRow, Candidate)>, EngineError> {
        while let Some(open) = self.next_open().await? {
            if wanted(&open) {
                let record = self.record_of(&open).await?;
                return Ok(Some((open, record)));
            }
        }
        Ok(None)
    }

    async fn record_of(&mut self, open: &OpenRow) -> Result<Candidate, EngineError> {
        let record = if open.from.is_some() {
            let found = self.corrected.remove(&open.line);
            found.ok_or(EngineError::RowGone { line: open.line.0 })?
        } else {
            self.record_at(open.line).await?
        };
        // The row of the plan, if the source still has it in that place.
        match self.interpreter.interpret(&record) {
            Ok(candidate) if candidate.login.as_str() == open.login => Ok(candidate),
            _ => Err(EngineError::RowGone { line: open.line.0 }),
        }
    }

    async fn next_open(&mut self) -> Result<Option<OpenRow>, EngineError> {
        if self.open.is_empty() && !self.listed_all {
            let page = self.ledger.open_rows(self.run, self.after, PAGE).await?;
            self.listed_all = page.len() < PAGE as usize;
            self.after = page.last().map_or(self.after, |last| last.line);
            self.read_corrected(&page).await?;
            self.open.extend(page);
        }
        Ok(self.open.pop_front())
    }

    /// Reads the records that corrections hold of these rows. The order of those files is anybody's.
    async fn read_corrected(&mut self, page: &[OpenRow]) -> Result<(), EngineError> {
        let rows = page.iter().filter_map(|row| Some((row.line, row.from?)));
        let rows: Vec<(Line, Origin)> = rows.collect();
        if rows.is_empty() {
            return Ok(());
        }
        let corrections = Corrections::of(&self.ledger, self.run).await?;
        let mapping = self.mapping.clone();
        let read = move || corrections.records(&rows, &mapping);
        let records = match self.reading {
            Reading::InTheRun => read()?,
            Reading::ThreadOfItsOwn => {
                tokio::task::spawn_blocking(read).await.map_err(|_| EngineError::ReaderDied)??
            }
        };
        self.corrected.extend(records);
        Ok(())
    }

    async fn record_at(&mut self, line: Line) -> Result<Record, EngineError> {
        loop {
            match self.read.pop_front() {
                Some(record) if record.line == line => return Ok(record),
                Some(record) if record.line > line => return Err(EngineError::RowGone { line: line.0 }),
                Some(_) => {}
                None => match self.records.next_batch().await? {
                    Some(batch) => self.read.extend(batch),
                    None => return Err(EngineError::RowGone { line: line.0 }),
                },
            }
        }
    }
}
