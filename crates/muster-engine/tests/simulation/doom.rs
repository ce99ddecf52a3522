//! When a process dies, if it does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::dice::Dice;

/// The moment of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It has not left yet.
    BeforeLeaving,
    /// It left, and its answer has not come.
    UnderWay,
    /// Its answer came, and nobody has looked at it.
    Answered,
}

/// What is left of the entries that waited for their commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Books {
    /// The commit had not begun.
    Before,
    /// It was under way, and is taken back.
    Within,
    /// It was made, and nobody heard of it.
    After,
}

/// What a process dies of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// This request, counted from 0.
    Request(u64, Moment),
    /// This commit, counted from 0.
    Commit(u64, Books),
    /// It is so old.
    Age(Duration),
}

/// The fate of one process.
#[derive(Debug)]
pub struct Doom {
    cause: Option<Cause>,
    requests: AtomicU64,
    commits: AtomicU64,
    struck: Notify,
    books: Mutex<Option<Books>>,
}

impl Doom {
    /// A process that dies of this, or lives.
    pub fn of(cause: Option<Cause>) -> Self {
        let (requests, commits) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { cause, requests, commits, struck: Notify::new(), books: Mutex::new(None) }
    }

    /// Whether the process is dead.
    pub fn is_dead(&self) -> bool {
        self.books.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// The process dies now.
    pub fn strike(&self, books: Books) {
        self.books.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(books);
        self.struck.notify_one();
    }

    /// Ends when the process dies.
    pub async fn death(&self) -> Books {
        let age = if let Some(Cause::Age(age)) = self.cause { age } else { Duration::from_hours(10_000) };
        tokio::select! {
            biased;
            () = self.struck.notified() => {}
            () = tokio::time::sleep(age) => self.strike(Books::Before),
        }
        self.books.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(Books::Before)
    }

    /// One more request: at which moment of it the process dies, if it does.
    pub fn request(&self) -> Option<Moment> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        match self.cause {
            Some(Cause::Request(at, moment)) if at == number => Some(moment),
            _ => None,
        }
    }

    /// One more commit: what is left of it, if the process dies of it.
    pub fn commit(&self) -> Option<Books> {
        let number = self.commits.fetch_add(1, Ordering::Relaxed);
        match self.cause {
            Some(Cause::Commit(at, books)) if at == number => Some(books),
            _ => None,
        }
    }
}

/// What a process dies of, among all that there is.
pub fn some_cause(dice: &Dice, requests: u64) -> Cause {
    match dice.between(0, 6) {
        0 => Cause::Request(dice.scaled(requests), Moment::BeforeLeaving),
        1 => Cause::Request(dice.scaled(requests), Moment::UnderWay),
        2 => Cause::Request(dice.scaled(requests), Moment::Answered),
        3 => Cause::Commit(dice.scaled(requests / 2), Books::Before),
        4 => Cause::Commit(dice.scaled(requests / 2), Books::Within),
        5 => Cause::Commit(dice.scaled(requests / 2), Books::After),
        _ => Cause::Age(Duration::from_millis(dice.scaled(200_000))),
    }
}
