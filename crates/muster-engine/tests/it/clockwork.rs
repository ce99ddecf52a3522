//! Time that passes when there is nothing else to wait for.
//!
//! The books are kept by a thread of their own, which a paused clock knows nothing of: left alone, it would run
//! hours ahead during one commit. So it is held, and moved on step by step whenever the books have caught up.

use std::pin::pin;
use std::sync::mpsc;
use std::time::Duration;

use muster_ledger::Ledger;

/// How far the clock moves at once. Back-offs are far longer.
const STEP: Duration = Duration::from_millis(40);

/// Holds the paused clock of this runtime.
pub struct Clockwork {
    _hold: mpsc::Sender<()>,
}

impl Clockwork {
    /// A paused clock moves by itself only while no blocking task runs.
    pub fn start() -> Self {
        let (hold, held) = mpsc::channel::<()>();
        // Ends when the sender is dropped.
        tokio::task::spawn_blocking(move || held.recv().is_err());
        Self { _hold: hold }
    }

    /// Does the work while time passes.
    pub async fn drive<T>(&self, books: &Ledger, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = tick(books) => {}
            }
        }
    }
}

async fn tick(books: &Ledger) {
    // Answered only when everything before it is in the books.
    books.runs().await.unwrap();
    tokio::time::advance(STEP).await;
}
