//! Which rows of a corrected file are as they were.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use muster_core::outcome::Outcome;
use muster_core::record::{Line, Record};
use muster_engine::{Correction, Corrections};

use super::run::PlannedRun;
use crate::error::Problem;

/// Rows taken from the books at a time.
const PAGE: u32 = 2000;

/// The rows in which nothing was corrected: they say what the source says, or the last correction of them.
pub async fn unchanged(run: &PlannedRun<'_>, files: &[Correction]) -> Result<BTreeSet<Line>, Problem> {
    let mut given = HashMap::new();
    for file in files {
        for row in file.rows()? {
            let record = row?.record;
            given.insert(record.line, print(&record));
        }
    }
    let earlier = earlier(run).await?;
    let mut same = BTreeSet::new();
    for read in run.source.records()? {
        let read = read?;
        let Some(now) = given.remove(&read.line) else { continue };
        if *earlier.get(&read.line).unwrap_or(&print(&read)) == now {
            same.insert(read.line);
        }
        if given.is_empty() {
            break;
        }
    }
    Ok(same)
}

/// What was corrected before. Of a file that is gone nobody knows what it said.
async fn earlier(run: &PlannedRun<'_>) -> Result<HashMap<Line, u64>, Problem> {
    let corrections = Corrections::of(run.ledger, run.record.key).await?;
    let mut origins = Vec::new();
    let mut after = Line(0);
    while !corrections.is_empty() {
        let rows = run.ledger.results(run.record.key, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        let open = rows.iter().filter(|row| row.outcome.is_some_and(Outcome::needs_attention));
        origins.extend(open.filter_map(|row| Some((row.line, row.from?))));
    }
    let records = corrections.records(&origins, &run.plan.mapping).unwrap_or_default();
    let mut prints: HashMap<Line, u64> = origins.iter().map(|(line, _)| (*line, 0)).collect();
    prints.extend(records.iter().map(|(line, record)| (*line, print(record))));
    Ok(prints)
}

fn print(record: &Record) -> u64 {
    let mut hasher = DefaultHasher::new();
    for cell in &record.cells {
        cell.to_bytes().hash(&mut hasher);
    }
    hasher.finish()
}
