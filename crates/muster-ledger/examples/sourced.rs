//! What the books of an identity source cost: a first run that loads everybody, and a second one in another order, in
//! which one row of a hundred is changed and one person of a hundred is missing.
//!
//! `cargo run --release -p muster-ledger --example sourced -- [ROWS] [FOLDER]`

#![expect(clippy::print_stdout, reason = "an example that is read by people")]

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use muster_core::flow::RowResult;
use muster_core::login::Login;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{
    FinishedRow, Ledger, LedgerError, NewRun, PlannedRow, RunKey, SettledRow, SourceKey, SourcedRow,
    Standing, UploadKind,
};

type Outcomes<T> = Result<T, LedgerError>;

/// Rows per call.
const BATCH: usize = 500;
/// Rows per upload, and uploads per session.
const UPLOAD: usize = 200;
const SESSION: usize = 50;
/// One of so many rows is changed, and one of so many people is missing.
const FEW: u64 = 100;
/// Has no divisor in common with usual numbers of rows.
const STRIDE: u64 = 7_368_787;
const AT: Timestamp = Timestamp::UNIX_EPOCH;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().map_or(Ok(100_000), |rows| rows.parse())?;
    let folder = arguments.next().map_or_else(std::env::temp_dir, Into::into);
    let path = folder.join(format!("sourced-{}.db", std::process::id()));
    let measured = measure(&path, rows.max(1)).await;
    let size = std::fs::metadata(&path).map_or(0, |file| file.len());
    println!("{:<20} {:>8} MB on disk, {} MB at most in memory", "all", size >> 20, peak_memory());
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", path.display())));
    }
    Ok(measured?)
}

async fn measure(path: &Path, rows: u64) -> Outcomes<()> {
    let ledger = Ledger::open(path)?;
    let source = ledger.identity_source("https://example.okta.com/".to_owned(), "0oa1".to_owned()).await?;
    let mut clock = Clock::start();
    let first = begin(&ledger, "first").await?;
    plan(&ledger, first, (0..rows).map(|person| planned(person + 2, person, 0))).await?;
    clock.lap("plan");
    ledger.find_doubles(first, AT).await?;
    clock.lap("doubles of logins");
    ledger.find_double_external_ids(first, AT).await?;
    clock.lap("doubles of keys");
    ledger.take_off_unchanged(first, source, AT).await?;
    clock.lap("unchanged (nobody)");
    upload(&ledger, first, source, rows).await?;
    clock.lap("uploads");
    settle(&ledger, first, source, rows).await?;
    clock.lap("settle");
    let second = begin(&ledger, "second").await?;
    let people = (0..rows).filter(|line| line % FEW != 1).map(|line| {
        let person = line.wrapping_mul(STRIDE) % rows;
        planned(line + 2, person, u8::from(line % FEW == 0))
    });
    plan(&ledger, second, people).await?;
    clock.lap("plan again");
    ledger.find_double_external_ids(second, AT).await?;
    clock.lap("doubles of keys");
    let unchanged: u64 =
        ledger.take_off_unchanged(second, source, AT).await?.iter().map(|kind| kind.rows).sum();
    clock.lap("unchanged");
    let missing = ledger.missing(second, source).await?;
    clock.lap("missing");
    let departures = ledger.plan_departures(second, source).await?;
    clock.lap("departures");
    println!(
        "{unchanged} unchanged, {} of {} missing, {departures} departures",
        missing.missing, missing.known
    );
    Ok(())
}

async fn begin(ledger: &Ledger, id: &str) -> Outcomes<RunKey> {
    let new = NewRun {
        id: id.to_owned(),
        org: "https://example.okta.com/".to_owned(),
        source: "people.csv".to_owned(),
        sha256: "ab".repeat(32),
        at: AT,
    };
    ledger.begin_run(new).await
}

async fn plan(ledger: &Ledger, run: RunKey, mut rows: impl Iterator<Item = PlannedRow>) -> Outcomes<()> {
    loop {
        let batch: Vec<PlannedRow> = rows.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(());
        }
        ledger.plan_rows(run, batch, AT).await?;
    }
}

async fn upload(ledger: &Ledger, run: RunKey, source: SourceKey, rows: u64) -> Outcomes<()> {
    let lines: Vec<u64> = (2..rows + 2).collect();
    for lines in lines.chunks(UPLOAD * SESSION) {
        let session = ledger.intend_session(run, source, AT).await?;
        for lines in lines.chunks(UPLOAD) {
            let entities = u32::try_from(lines.len()).unwrap_or(u32::MAX);
            let kind = UploadKind::Users;
            let number =
                ledger.intend_upload(run, session, kind, lines.to_vec(), entities, 100_000, AT).await?;
            ledger.upload_accepted(run, session, number, AT).await?;
        }
    }
    Ok(())
}

async fn settle(ledger: &Ledger, run: RunKey, source: SourceKey, rows: u64) -> Outcomes<()> {
    let lines: Vec<u64> = (2..rows + 2).collect();
    for lines in lines.chunks(BATCH) {
        let ends = lines.iter().map(|line| SettledRow { row: created(*line), standing: Standing::Present });
        ledger.settle_rows(run, source, ends.collect()).await?;
    }
    Ok(())
}

fn planned(line: u64, person: u64, change: u8) -> PlannedRow {
    let mut digest = [change; 16];
    digest[..8].copy_from_slice(&person.to_le_bytes());
    PlannedRow {
        line: Line(line),
        login: Login::parse(&format!("first.lastname{person}@example.com")),
        external_id: Some(format!("E-{person:08}")),
        credential: "none",
        groups_requested: 2,
        footprint: 25,
        sourced: Some(SourcedRow { digest, groups: vec!["Everyone at work".to_owned(), "Sales".to_owned()] }),
        faults: Vec::new(),
    }
}

fn created(line: u64) -> FinishedRow {
    let result = RowResult {
        line: Line(line),
        outcome: Outcome::Created,
        okta_id: Some(format!("00u{line:017}")),
        okta_status: Some("ACTIVE".to_owned()),
        groups_requested: 2,
        groups_joined: 2,
        trouble: None,
        attempts: 1,
    };
    FinishedRow { result, at: AT }
}

/// Tells what each part took since the last lap.
struct Clock {
    cpu: f64,
    since: Instant,
}

impl Clock {
    fn start() -> Self {
        Self { cpu: cpu_seconds(), since: Instant::now() }
    }

    fn lap(&mut self, part: &str) {
        let (cpu, real) = (cpu_seconds() - self.cpu, self.since.elapsed().as_secs_f64());
        println!("{part:<20} {cpu:>8.2} CPU-s, {real:>7.2} s, {} MB at most in memory", peak_memory());
        *self = Self::start();
    }
}

/// User and system time of this process, by the kernel's count.
fn cpu_seconds() -> f64 {
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}

/// The most memory this process ever had, in megabytes.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).and_then(|field| field.parse().ok());
    kilobytes.unwrap_or(0_u64) / 1024
}
