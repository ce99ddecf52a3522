//! Books with a run in them, and rows for it.

use std::path::PathBuf;

use jiff::Timestamp;
use muster_core::fault::{Fault, FaultCode};
use muster_core::flow::{RowResult, SettledUser, Trouble};
use muster_core::login::Login;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{FinishedRow, Ledger, NewRun, PlannedRow, RunKey};
use tempfile::TempDir;

/// Books in a folder of their own.
pub struct Desk {
    pub folder: TempDir,
    pub ledger: Ledger,
    pub run: RunKey,
}

impl Desk {
    /// Books with an empty run `r1`.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
        let run = ledger.begin_run(new_run("r1")).await.unwrap();
        Self { folder, ledger, run }
    }

    /// Books with a run of so many good rows, on lines 2 and on, ready to go.
    pub async fn with_rows(rows: u64) -> Self {
        let desk = Self::new().await;
        let planned = (2..rows + 2).map(|line| row(line, &format!("p{line}@example.com")));
        desk.ledger.plan_rows(desk.run, planned.collect(), at(0)).await.unwrap();
        desk.ledger.planned(desk.run, rows, "{}".to_owned()).await.unwrap();
        desk
    }

    /// Finds the doubles, and says how many there are.
    pub async fn doubles(&self) -> u64 {
        let doubles = self.ledger.find_doubles(self.run, at(9)).await.unwrap();
        doubles.iter().map(|kind| kind.rows).sum()
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("ledger.db")
    }

    /// Closes the books and opens them anew.
    pub fn reopened(self) -> Self {
        let Self { folder, ledger, run } = self;
        drop(ledger);
        let ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
        Self { folder, ledger, run }
    }

    pub async fn finish(&self, line: u64, outcome: Outcome) {
        self.ledger.finish(self.run, finished(line, outcome)).await.unwrap();
    }
}

/// A moment, by its second.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_255_200 + second).unwrap()
}

pub fn new_run(id: &str) -> NewRun {
    NewRun {
        id: id.to_owned(),
        org: "https://example.okta.com/".to_owned(),
        source: "people.csv".to_owned(),
        sha256: "ab".repeat(32),
        at: at(0),
    }
}

/// A good row.
pub fn row(line: u64, login: &str) -> PlannedRow {
    PlannedRow {
        line: Line(line),
        login: Login::parse(login),
        external_id: Some(format!("E{line}")),
        credential: "bcrypt",
        groups_requested: 2,
        footprint: 0,
        sourced: None,
        faults: Vec::new(),
    }
}

/// A faulty row.
pub fn faulty(line: u64, login: &str) -> PlannedRow {
    let faults = [FaultCode::BadEmail, FaultCode::Required].map(|code| Fault::of_row(code, "is odd"));
    PlannedRow { credential: "", groups_requested: 0, faults: faults.to_vec(), ..row(line, login) }
}

pub fn user(id: &str) -> SettledUser {
    SettledUser { outcome: Outcome::Created, id: id.to_owned(), status: "ACTIVE".to_owned() }
}

/// A row that ended so; bad ones with an error.
pub fn finished(line: u64, outcome: Outcome) -> FinishedRow {
    let trouble =
        outcome.needs_attention().then(|| Trouble { code: "E0000001".to_owned(), text: "no".to_owned() });
    let result = RowResult {
        line: Line(line),
        outcome,
        okta_id: (!outcome.needs_attention()).then(|| format!("00u{line}")),
        okta_status: (!outcome.needs_attention()).then(|| "ACTIVE".to_owned()),
        groups_requested: 2,
        groups_joined: u32::from(!outcome.needs_attention()),
        trouble,
        attempts: 1,
    };
    FinishedRow { result, at: at(5) }
}
