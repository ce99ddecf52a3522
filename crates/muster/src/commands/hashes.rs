//! `muster hashes`: a census of password notations, and proof by known passwords.

use std::num::NonZero;
use std::thread;

use muster_core::census::{Census, CensusReport};
use muster_core::column::Mapping;
use muster_core::credential::{Settlement, StoredPassword, Understood, candidates, understand};
use muster_core::fault::{Fault, FaultCode};
use muster_core::interpret::{Interpreter, Wishes};
use muster_core::record::{Line, Record};
use muster_core::schema::ProfileSchema;
use muster_core::secret::Secret;
use muster_legacy::files::Source;

use super::known::KnownPasswords;
use super::source::{Spool, open_source};
use crate::args::HashesArgs;
use crate::error::{End, Problem};
use crate::output::{Console, describe_census};
use crate::settings::{Settings, read_map};

/// Rows whose known passwords are tried at a time.
const BATCH: usize = 256;

/// Counts the notations of a source, and tries the passwords that are known.
pub async fn hashes(settings: &Settings, args: HashesArgs, console: Console) -> Result<End, Problem> {
    let settlement = settings.settlement(&args.settlement)?;
    let known = args.known.as_deref().map(KnownPasswords::read).transpose()?;
    let spool = Spool::temporary();
    let source = open_source(&args.source, &spool.path, &args.reading).await?;
    let counted = tokio::task::spawn_blocking(move || {
        let report =
            count(&args, &source, &settlement, known.as_ref().unwrap_or(&KnownPasswords::default()))?;
        Ok::<_, Problem>((report, known.map(|known| known.len())))
    });
    let (report, known) = counted.await.map_err(|error| Problem::could_not_run(error.to_string()))??;
    console.result(&report, &describe_census(&report, known));
    Ok(if report.needs_attention() { End::Attention } else { End::Fine })
}

/// The census.
fn count(
    args: &HashesArgs,
    source: &Source,
    settlement: &Settlement,
    known: &KnownPasswords,
) -> Result<CensusReport, Problem> {
    let renames = args.reading.map.as_deref().map(read_map).transpose()?.unwrap_or_default();
    let schema = ProfileSchema::base();
    let mapping = Mapping::new(source.header(), &schema, &renames)
        .map_err(|error| Problem::wrong_usage(error.to_string()))?;
    let counter =
        Counter { interpreter: Interpreter::new(mapping, &schema, Wishes::default()), settlement, known };
    let mut census = Census::default();
    let mut batch = Vec::with_capacity(BATCH);
    for record in source.records()? {
        batch.extend(counter.look_at(&record?, &mut census));
        if batch.len() == BATCH {
            try_all(&batch, &mut census);
            batch.clear();
        }
    }
    try_all(&batch, &mut census);
    Ok(census.report())
}

/// What reads the rows.
struct Counter<'a> {
    interpreter: Interpreter,
    settlement: &'a Settlement,
    known: &'a KnownPasswords,
}

/// A row whose password is known.
struct Trial<'a> {
    line: Line,
    cells: Readings,
    password: &'a Secret,
}

/// What a hash could be, and whether that is sure.
struct Readings {
    of: Vec<Understood>,
    settled: bool,
}

/// What the credential cells of a row are.
enum Cells {
    Hash(Readings),
    None { cleartext: bool },
}

impl<'a> Counter<'a> {
    /// Counts the row, unless its password is known: then it is to be tried first.
    fn look_at(&self, record: &Record, census: &mut Census) -> Option<Trial<'a>> {
        if let Some(fault) = &record.fault {
            census.add_fault(record.line, fault);
            return None;
        }
        let (login, cells) = self.interpreter.with_stored(record, |login, stored| {
            let cleartext = stored.cleartext.is_some_and(|text| !text.is_empty());
            let readings = readings(&stored, self.settlement);
            let cells = readings.map(|found| found.map_or(Cells::None { cleartext }, Cells::Hash));
            (login, cells)
        });
        let readings = Self::counted(record.line, cells, census)?;
        let Some(password) = login.and_then(|login| self.known.of(&login)) else {
            census.add(record.line, &readings.of, readings.settled, None);
            return None;
        };
        Some(Trial { line: record.line, cells: readings, password })
    }

    fn counted(line: Line, cells: Result<Cells, Fault>, census: &mut Census) -> Option<Readings> {
        match cells {
            Ok(Cells::Hash(readings)) => return Some(readings),
            Ok(Cells::None { cleartext }) => census.add_without(cleartext),
            Err(fault) => census.add_fault(line, &fault),
        }
        None
    }
}

/// All that the hash of a row could be; none where it has no hash.
fn readings(stored: &StoredPassword<'_>, settlement: &Settlement) -> Result<Option<Readings>, Fault> {
    match understand(stored, settlement) {
        Ok(of) => Ok((!of.is_empty()).then(|| Readings { settled: of.len() == 1, of })),
        // One that names no notation may look like a single one: known passwords can prove it.
        Err(fault) if fault.code == FaultCode::AmbiguousNotation => {
            let of = candidates(stored, settlement)?;
            if of.is_empty() { Err(fault) } else { Ok(Some(Readings { of, settled: false })) }
        }
        Err(fault) => Err(fault),
    }
}

/// Tries the known passwords of these rows, on all cores.
fn try_all(trials: &[Trial<'_>], census: &mut Census) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = trials.len().div_ceil(cores).max(1);
    let fits: Vec<Vec<bool>> = thread::scope(|scope| {
        let chunks: Vec<_> = trials
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().map(Trial::fits).collect::<Vec<_>>()))
            .collect();
        chunks.into_iter().flat_map(|chunk| chunk.join().unwrap_or_default()).collect()
    });
    for (trial, fits) in trials.iter().zip(fits) {
        census.add(trial.line, &trial.cells.of, trial.cells.settled, Some(&fits));
    }
}

impl Trial<'_> {
    /// Whether the password fits, reading by reading.
    fn fits(&self) -> Vec<bool> {
        let fits = |reading: &Understood| {
            reading
                .stored
                .as_ref()
                .is_some_and(|stored| muster_passwords::verify(self.password.reveal(), stored))
        };
        self.cells.of.iter().map(fits).collect()
    }
}
