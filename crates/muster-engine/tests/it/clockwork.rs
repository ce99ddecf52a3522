//! Time that passes when there is nothing else to wait for.
//!
//! The books are kept by a thread of their own, which a paused clock knows nothing of: left alone, it would run
//! hours ahead during one commit. So it is held, and moved on step by step whenever the books have caught up.

use std::cell::Cell;
use std::pin::pin;
use std::sync::mpsc;
use std::time::Duration;

use muster_ledger::Ledger;
use tokio::time::Instant;

/// How far the clock moves at once. Back-offs are far longer.
const STEP: Duration = Duration::from_millis(100);

/// Work that is not done by then will never be.
const LONGEST: Duration = Duration::from_hours(2);

/// Holds the paused clock of this runtime.
pub struct Clockwork {
    hold: Cell<Option<mpsc::Sender<()>>>,
}

impl Clockwork {
    /// A paused clock moves by itself only while no blocking task runs.
    pub fn start() -> Self {
        let (hold, end) = mpsc::channel::<()>();
        // Ends when the sender is dropped.
        tokio::task::spawn_blocking(move || end.recv().is_err());
        Self { hold: Cell::new(Some(hold)) }
    }

    /// From now on the clock moves by itself, whatever the books do.
    pub fn let_go(&self) {
        self.hold.take();
    }

    /// Does the work while time passes; nothing comes back when it is not done after so long.
    pub async fn drive<T>(&self, books: &Ledger, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let begun = Instant::now();
        while begun.elapsed() < LONGEST {
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = tick(books) => {}
            }
        }
        None
    }
}

async fn tick(books: &Ledger) {
    // Answered only when everything before it is in the books.
    books.runs().await.unwrap();
    tokio::time::advance(STEP).await;
}
