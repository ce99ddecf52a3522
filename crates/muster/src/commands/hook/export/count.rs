//! What became of the rows of an export.

use std::collections::BTreeMap;
use std::path::PathBuf;

use muster_core::credential::Notation;
use muster_core::record::Line;
use muster_legacy::truth::Written;
use serde::Serialize;

use crate::error::End;
use crate::output::{Page, grouped};

/// As many rows are named.
const NAMED: usize = 20;

/// Why a row is not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Okta takes the hash over with the import.
    OktaChecks,
    /// There is none.
    NoHash,
    /// The notation has no verifier.
    NobodyCan,
    /// The text reads as several notations.
    Ambiguous,
    /// The hash is malformed or its notation is not known.
    Unreadable,
    /// Nobody to know it by.
    NoLogin,
    /// Longer than any hash.
    TooLong,
    /// The row itself is torn.
    Torn,
}

impl LeftOut {
    /// Whether somebody should look into it.
    fn is_a_fault(self) -> bool {
        !matches!(self, Self::OktaChecks | Self::NoHash)
    }

    fn words(self) -> &'static str {
        match self {
            Self::OktaChecks => "Okta checks the hash itself (--all takes them, too)",
            Self::NoHash => "no stored hash",
            Self::NobodyCan => "a notation that nobody can check: those people need a reset",
            Self::Ambiguous => "more than one notation fits",
            Self::Unreadable => "the hash can't be read",
            Self::NoLogin => "no login",
            Self::TooLong => "longer than any hash",
            Self::Torn => "the row is torn",
        }
    }
}

/// The rows so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Rows read.
    pub rows: u64,
    by_notation: BTreeMap<&'static str, u64>,
    left_out: BTreeMap<LeftOut, u64>,
    faulty: Vec<FaultyRow>,
}

/// A row that somebody should look into.
#[derive(Debug, Serialize)]
struct FaultyRow {
    source: String,
    line: Line,
    why: LeftOut,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Tally {
    /// A row is in the file.
    pub fn take(&mut self, notation: Notation) {
        *self.by_notation.entry(notation.as_str()).or_default() += 1;
    }

    /// A row is not.
    pub fn leave_out(&mut self, why: LeftOut, source: &str, line: Line, reason: Option<String>) {
        *self.left_out.entry(why).or_default() += 1;
        if why.is_a_fault() && self.faulty.len() < NAMED {
            self.faulty.push(FaultyRow { source: source.to_owned(), line, why, reason });
        }
    }

    /// The whole of it.
    pub fn with(self, file: PathBuf, written: Written) -> Exported {
        Exported {
            file,
            rows: self.rows,
            written,
            by_notation: self.by_notation,
            left_out: self.left_out,
            faulty: self.faulty,
        }
    }
}

/// What was exported.
#[derive(Debug, Serialize)]
pub struct Exported {
    file: PathBuf,
    rows: u64,
    #[serde(flatten)]
    written: Written,
    by_notation: BTreeMap<&'static str, u64>,
    left_out: BTreeMap<LeftOut, u64>,
    /// The first of the rows that somebody should look into.
    faulty: Vec<FaultyRow>,
}

impl Exported {
    /// How the command ends.
    pub fn end(&self) -> End {
        if self.faulty.is_empty() { End::Fine } else { End::Attention }
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut page = Page::default();
        let credentials = grouped(self.written.credentials);
        page.line(format_args!("{}: {credentials} of {} rows", self.file.display(), grouped(self.rows)));
        for (notation, count) in &self.by_notation {
            page.line(format_args!("  {:>12}  {notation}", grouped(*count)));
        }
        if self.written.repeated > 0 {
            page.line(format_args!(
                "  {:>12}  said again what an earlier row had said",
                grouped(self.written.repeated)
            ));
        }
        if !self.left_out.is_empty() {
            page.line(format_args!("left out:"));
        }
        for (why, count) in &self.left_out {
            page.line(format_args!("  {:>12}  {}", grouped(*count), why.words()));
        }
        for row in &self.faulty {
            let reason = row.reason.as_deref().unwrap_or(row.why.words());
            page.line(format_args!("{}, line {}: {reason}", row.source, row.line));
        }
        page.into_text()
    }
}
