//! Books that are kept by whoever holds the keeper, and its deaths.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Entry, Keeper, Ledger, LedgerError, RowState, RunKey, Store};

use crate::desk::{at, finished, new_run, row};

/// Does what it is asked, and keeps the books meanwhile.
pub async fn kept<T>(keeper: &mut Keeper, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            _ = keeper.job() => assert!(keeper.commit()),
        }
    }
}

async fn planned() -> (Ledger, Keeper, RunKey) {
    let (ledger, mut keeper) = Ledger::attended(Store::in_memory().unwrap()).unwrap();
    let run = kept(&mut keeper, ledger.begin_run(new_run("r1"))).await.unwrap();
    let rows = (2..6).map(|line| row(line, &format!("p{line}@example.com"))).collect();
    kept(&mut keeper, ledger.plan_rows(run, rows, at(0))).await.unwrap();
    (ledger, keeper, run)
}

fn entries() -> Vec<Entry> {
    vec![
        Entry::Intend { line: Line(2), at: at(1) },
        Entry::Intend { line: Line(3), at: at(1) },
        Entry::TakeBack { line: Line(2) },
        Entry::Finish(finished(4, Outcome::Created)),
    ]
}

async fn states(store: Store, run: RunKey) -> Vec<(u64, RowState)> {
    let (ledger, mut keeper) = Ledger::attended(store).unwrap();
    let open = kept(&mut keeper, ledger.open_rows(run, Line(0), 9)).await.unwrap();
    open.into_iter().map(|row| (row.line.0, row.state)).collect()
}

fn untouched() -> Vec<(u64, RowState)> {
    (2..6).map(|line| (line, RowState::Planned)).collect()
}

fn entered() -> Vec<(u64, RowState)> {
    vec![(2, RowState::Planned), (3, RowState::InFlight(at(1))), (5, RowState::Planned)]
}

#[tokio::test]
async fn nothing_happens_until_the_keeper_is_told() {
    let (ledger, mut keeper, run) = planned().await;
    assert!(!keeper.waiting() && !keeper.commit());
    let entering = ledger.enter(run, entries());
    assert!(keeper.waiting() && keeper.commit() && !keeper.waiting());
    entering.await.unwrap();
    assert_eq!(states(keeper.crash(), run).await, entered());
}

#[tokio::test]
async fn a_death_before_or_within_the_commit_leaves_nothing_of_it() {
    for death in [Keeper::crash, Keeper::crash_within] {
        let (ledger, keeper, run) = planned().await;
        let entering = ledger.enter(run, entries());
        let store = death(keeper);
        assert!(matches!(entering.await, Err(LedgerError::Closed)));
        assert_eq!(states(store, run).await, untouched());
    }
}

#[tokio::test]
async fn a_death_after_the_commit_leaves_all_of_it_and_nobody_knows() {
    let (ledger, keeper, run) = planned().await;
    let entering = ledger.enter(run, entries());
    let store = keeper.crash_after();
    assert!(matches!(entering.await, Err(LedgerError::Closed)));
    assert_eq!(states(store, run).await, entered());
    assert!(matches!(ledger.runs().await, Err(LedgerError::Closed)));
}
