//! All that is known of a world at its end.

use std::collections::BTreeMap;

use muster_engine::report::Summary;
use muster_ledger::{ResultRow, RunRecord};

use crate::inhabitants::{Inhabitant, Window, Write};
use crate::journal::Sent;
use crate::strangers::Deed;

/// How one process ended, and what the books held then.
#[derive(Clone, Debug)]
pub struct Leg {
    /// In words.
    pub ended: String,
    /// Whether it died.
    pub died: bool,
    /// The rows at its end; none before there was a plan.
    pub rows: Vec<ResultRow>,
}

/// All of it.
#[derive(Debug)]
pub struct Evidence {
    /// The run in the books.
    pub record: RunRecord,
    /// The numbers of the run.
    pub summary: Summary,
    /// Its rows.
    pub rows: Vec<ResultRow>,
    /// The processes.
    pub legs: Vec<Leg>,
    /// The users of the org by folded login.
    pub inhabitants: BTreeMap<String, Inhabitant>,
    /// The groups of the org: name and id.
    pub groups: BTreeMap<String, String>,
    /// The org's record of writes.
    pub writes: Vec<Write>,
    /// The org's windows.
    pub windows: Vec<Window>,
    /// Our requests.
    pub sent: Vec<Sent>,
    /// What others did.
    pub deeds: Vec<Deed>,
    /// `results.csv` and `rejects.csv`.
    pub files: [String; 2],
}
