//! Copies of corrected files, in the folder of their run. They hold what the source holds, hashes and passwords among
//! it: they are their owner's alone, and go when no row needs its corrected record any more.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use muster_engine::is_in;
use muster_engine::report::RunFiles;
use muster_ledger::{Ledger, LedgerError, ResultRow, RunKey};

/// Rows taken from the books at a time.
const PAGE: u32 = 2000;

/// Copies a file into the folder of the run, readable for its owner only, whatever the mode of the file is.
pub fn copy_into(files: &RunFiles, file: &Path) -> std::io::Result<PathBuf> {
    let place = std::path::absolute(free_place(files))?;
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut copy = options.open(&place)?;
    std::io::copy(&mut File::open(file)?, &mut copy)?;
    // The books will name it: it must survive what they survive.
    copy.sync_all()?;
    Ok(place)
}

fn free_place(files: &RunFiles) -> PathBuf {
    let place = |number: u32| files.folder().join(format!("correction-{number}.csv"));
    (1..u32::MAX).map(place).find(|place| !place.exists()).unwrap_or_else(|| place(u32::MAX))
}

/// Takes the copies away that no row needs: neither one that is open, nor one that a retry or a reject file may show.
/// For whoever holds the lock of the run: a retry that begins notes its copy before its rows.
pub async fn let_go_of_copies(ledger: &Ledger, run: RunKey, files: &RunFiles) -> Result<(), LedgerError> {
    let mut copies = ledger.corrections(run).await?;
    copies.retain(|(_, copy)| is_copy(&copy.path) && is_in(files.folder(), &copy.path));
    if copies.is_empty() {
        return Ok(());
    }
    let needed = needed(ledger, run).await?;
    for (_, copy) in copies.iter().filter(|(number, _)| !needed.contains(number)) {
        // One that can't be removed stays as closed as it is.
        drop(std::fs::remove_file(&copy.path));
    }
    Ok(())
}

/// Whether it has the name of a copy: the operator's own files stay.
fn is_copy(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let number = name.strip_prefix("correction-").and_then(|rest| rest.strip_suffix(".csv"));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

async fn needed(ledger: &Ledger, run: RunKey) -> Result<BTreeSet<i64>, LedgerError> {
    let (mut needed, mut after) = (BTreeSet::new(), Line(0));
    loop {
        let rows = ledger.results(run, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(needed) };
        after = last.line;
        needed.extend(
            rows.iter()
                .filter(|row| may_be_asked_for(row))
                .filter_map(|row| row.from)
                .map(|from| from.correction),
        );
    }
}

fn may_be_asked_for(row: &ResultRow) -> bool {
    row.outcome.is_none_or(Outcome::needs_attention)
        || row.group_outcome.is_some_and(GroupOutcome::needs_attention)
}
