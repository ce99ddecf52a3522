//! What the books cost: CPU time per row for each part of a run, and the peak memory of it all.
//!
//! `cargo run --release -p muster-ledger --example books -- [ROWS] [FOLDER] [together]`
//!
//! With `together`, outcomes and the next intents share commits, as they do in a run loop that enters both. A folder in
//! memory (`/dev/shm`) shows the cost without that of waiting for a disk.

#![expect(clippy::print_stdout, reason = "an example that is read by people and by scripts/bench")]

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use muster_core::flow::RowResult;
use muster_core::login::Login;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Entry, FinishedRow, Ledger, LedgerError, NewRun, PlannedRow, RunKey};

type Outcomes<T> = Result<T, LedgerError>;

/// Rows per call of the planner.
const BATCH: usize = 500;
/// Rows per commit of the run loop.
const GROUP: usize = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().map_or(Ok(100_000), |rows| rows.parse())?;
    let folder = arguments.next().map_or_else(std::env::temp_dir, Into::into);
    let path = folder.join(format!("books-{}.db", std::process::id()));
    let together = arguments.next().is_some();
    let measured = measure(&path, rows, together).await;
    let size = std::fs::metadata(&path).map_or(0, |file| file.len());
    println!("{:<8} {:>8.1} MB on disk, {} MB at most in memory", "all", megabytes(size), peak_memory());
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", path.display())));
    }
    Ok(measured?)
}

async fn measure(path: &Path, rows: u64, together: bool) -> Outcomes<()> {
    let mut clock = Clock::start(rows);
    for line in lines(rows) {
        std::hint::black_box(planned(line).login.map(|login| login.fingerprint()));
    }
    clock.lap("(rows)");
    let ledger = Ledger::open(path)?;
    let run = ledger.begin_run(new_run()).await?;
    plan(&ledger, run, rows).await?;
    clock.lap("plan");
    ledger.find_doubles(run, Timestamp::UNIX_EPOCH).await?;
    ledger.planned(run, rows, "{}".to_owned()).await?;
    clock.lap("doubles");
    feed(&ledger, run).await?;
    clock.lap("feed");
    if together {
        intend_and_finish(&ledger, run, rows).await?;
        clock.lap("run");
    } else {
        intend(&ledger, run, rows).await?;
        clock.lap("intend");
        finish(&ledger, run, rows).await?;
        clock.lap("finish");
    }
    let tally = ledger.tally(run).await?;
    ledger.errors(run).await?;
    clock.lap("tally");
    results(&ledger, run).await?;
    clock.lap("results");
    drop(ledger);
    clock.lap("close");
    clock.sum();
    println!("{:<8} {:>8} rows, {} without outcome", "", tally.rows, tally.open());
    Ok(())
}

async fn plan(ledger: &Ledger, run: RunKey, rows: u64) -> Outcomes<()> {
    let mut lines = lines(rows);
    while !lines.is_empty() {
        let batch = lines.by_ref().take(BATCH).map(planned).collect();
        ledger.plan_rows(run, batch, Timestamp::UNIX_EPOCH).await?;
    }
    Ok(())
}

async fn feed(ledger: &Ledger, run: RunKey) -> Outcomes<()> {
    let mut after = Line(0);
    while let Some(last) = ledger.open_rows(run, after, 1024).await?.last() {
        after = last.line;
    }
    Ok(())
}

async fn results(ledger: &Ledger, run: RunKey) -> Outcomes<()> {
    let mut after = Line(0);
    while let Some(last) = ledger.results(run, after, 2000).await?.last() {
        after = last.line;
    }
    Ok(())
}

async fn intend(ledger: &Ledger, run: RunKey, rows: u64) -> Outcomes<()> {
    for group in groups(rows) {
        ledger.enter(run, intents(&group).collect()).await?;
    }
    Ok(())
}

async fn finish(ledger: &Ledger, run: RunKey, rows: u64) -> Outcomes<()> {
    for group in groups(rows) {
        ledger.enter(run, ends(group).collect()).await?;
    }
    Ok(())
}

async fn intend_and_finish(ledger: &Ledger, run: RunKey, rows: u64) -> Outcomes<()> {
    let mut before = Vec::new();
    for group in groups(rows).chain(std::iter::once(Vec::new())) {
        let entries = intents(&group).chain(ends(before)).collect();
        ledger.enter(run, entries).await?;
        before = group;
    }
    Ok(())
}

fn intents(group: &[u64]) -> impl Iterator<Item = Entry> {
    group.iter().map(|line| Entry::Intend { line: Line(*line), at: Timestamp::UNIX_EPOCH })
}

/// Answers come nearly in the order of the requests.
fn ends(mut group: Vec<u64>) -> impl Iterator<Item = Entry> {
    group.sort_by_key(|line| line.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32);
    group.into_iter().map(|line| Entry::Finish(finished(line)))
}

fn lines(rows: u64) -> std::ops::Range<u64> {
    2..rows + 2
}

fn groups(rows: u64) -> impl Iterator<Item = Vec<u64>> {
    let mut lines = lines(rows);
    std::iter::from_fn(move || {
        let group: Vec<u64> = lines.by_ref().take(GROUP).collect();
        (!group.is_empty()).then_some(group)
    })
}

fn planned(line: u64) -> PlannedRow {
    PlannedRow {
        line: Line(line),
        login: Login::parse(&format!("first.lastname{line}@example.com")),
        external_id: Some(format!("{line:08}")),
        credential: "bcrypt",
        groups_requested: 2,
        footprint: 25,
        sourced: None,
        faults: Vec::new(),
    }
}

fn finished(line: u64) -> FinishedRow {
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
    FinishedRow { result, at: Timestamp::UNIX_EPOCH }
}

fn new_run() -> NewRun {
    NewRun {
        id: "books".to_owned(),
        org: "https://example.okta.com/".to_owned(),
        source: "people.csv".to_owned(),
        sha256: "ab".repeat(32),
        at: Timestamp::UNIX_EPOCH,
    }
}

/// Tells what each part took since the last lap.
struct Clock {
    rows: u64,
    cpu: f64,
    since: Instant,
    total: f64,
}

impl Clock {
    fn start(rows: u64) -> Self {
        Self { rows, cpu: cpu_seconds(), since: Instant::now(), total: 0.0 }
    }

    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    fn lap(&mut self, part: &str) {
        let (cpu, now) = (cpu_seconds(), Instant::now());
        let micros = (cpu - self.cpu) * 1e6 / self.rows as f64;
        let real = now.duration_since(self.since).as_secs_f64();
        println!("{part:<8} {micros:>8.2} CPU-µs per row, {real:>7.2} s");
        // What is in brackets is the cost of this example, not of the books.
        self.total += if part.starts_with('(') { 0.0 } else { micros };
        (self.cpu, self.since) = (cpu, now);
    }

    fn sum(&self) {
        println!("{:<8} {:>8.2} CPU-µs per row", "sum", self.total);
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

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
