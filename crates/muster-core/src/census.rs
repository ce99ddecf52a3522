//! What password notations a source holds: how many rows of each, where they go, and what known passwords prove.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::credential::{Notation, Understood, Verdict};
use crate::fault::{Fault, FaultCode};
use crate::record::Line;

/// What becomes of a stored password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// Okta checks it itself.
    Hash,
    /// Whoever runs the password-import hook checks it.
    Hook,
    /// Nobody can: the person sets a new password.
    Reset,
}

impl Route {
    /// Where this reading of a hash goes.
    pub fn of(understood: &Understood) -> Self {
        match (&understood.okta, &understood.stored) {
            (Some(_), _) => Self::Hash,
            (None, Some(_)) => Self::Hook,
            (None, None) => Self::Reset,
        }
    }

    /// Where the stored hash of a row goes; none where it has none.
    pub fn of_verdict(verdict: &Verdict) -> Option<Self> {
        match verdict {
            Verdict::Hash { .. } => Some(Self::Hash),
            Verdict::Hook { .. } => Some(Self::Hook),
            Verdict::Reset { .. } => Some(Self::Reset),
            Verdict::Cleartext(_) | Verdict::None => None,
        }
    }

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hash => "hash",
            Self::Hook => "hook",
            Self::Reset => "reset",
        }
    }
}

/// Known passwords that were tried on one reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Rows whose known password fits.
    pub fits: u64,
    /// Rows whose known password does not.
    pub fails: u64,
    /// The first row whose known password does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_failure: Option<u64>,
}

/// The rows that read alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// The notation; several where the rows are ambiguous.
    pub notations: Vec<String>,
    /// Where they go, by notation in the same order.
    pub routes: Vec<Route>,
    /// Whether it is sure what they are. Nothing is guessed: a text that names no notation has to be settled even where
    /// only one is known that looks so.
    pub settled: bool,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub first_line: u64,
    /// What known passwords say, by notation in the same order.
    pub proofs: Vec<Proof>,
}

impl Kind {
    /// Whether someone has to say what they are.
    pub fn is_ambiguous(&self) -> bool {
        !self.settled
    }

    /// The one reading that known passwords leave of several: it fits wherever one was tried, and no other ever does.
    pub fn proven(&self) -> Option<&str> {
        let fitting: Vec<usize> = (0..self.proofs.len())
            .filter(|at| self.proofs.get(*at).is_some_and(|proof| proof.fits > 0))
            .collect();
        let [at] = fitting.as_slice() else { return None };
        let proof = self.proofs.get(*at)?;
        (proof.fails == 0).then(|| self.notations.get(*at).map(String::as_str)).flatten()
    }
}

/// The rows with one kind of fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Faulty {
    /// The code.
    pub code: FaultCode,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub first_line: u64,
    /// Its fault in words.
    pub example: String,
}

/// The census of a source.
#[derive(Clone, Debug, Default)]
pub struct Census {
    rows: u64,
    without: u64,
    cleartext: u64,
    kinds: BTreeMap<(Vec<(Notation, Route)>, bool), Tally>,
    faults: BTreeMap<FaultCode, Faulty>,
}

#[derive(Clone, Debug)]
struct Tally {
    rows: u64,
    first: Line,
    proofs: Vec<Proof>,
}

impl Census {
    /// A row whose hash has these readings; `settled` where it is sure that it is the one. `fits` says whether the known
    /// password fits each reading, where one is known.
    pub fn add(&mut self, line: Line, readings: &[Understood], settled: bool, fits: Option<&[bool]>) {
        self.rows += 1;
        let notations = readings.iter().map(|reading| (reading.notation, Route::of(reading))).collect();
        let key = (notations, settled);
        let empty = || Tally { rows: 0, first: line, proofs: vec![Proof::default(); readings.len()] };
        let tally = self.kinds.entry(key).or_insert_with(empty);
        tally.rows += 1;
        // Rows whose password is known are counted after those around them.
        tally.first = tally.first.min(line);
        for (proof, fits) in tally.proofs.iter_mut().zip(fits.unwrap_or_default()) {
            proof.count(*fits, line);
        }
    }

    /// A row without a stored hash; `cleartext` where it has the password itself.
    pub fn add_without(&mut self, cleartext: bool) {
        self.rows += 1;
        *(if cleartext { &mut self.cleartext } else { &mut self.without }) += 1;
    }

    /// A row whose hash can't be read.
    pub fn add_fault(&mut self, line: Line, fault: &Fault) {
        self.rows += 1;
        let first = || Faulty { code: fault.code, rows: 0, first_line: line.0, example: fault.to_string() };
        self.faults.entry(fault.code).or_insert_with(first).rows += 1;
    }

    /// What was counted.
    pub fn report(self) -> CensusReport {
        let mut kinds: Vec<Kind> =
            self.kinds.into_iter().map(|((key, settled), tally)| tally.kind(&key, settled)).collect();
        kinds.sort_by_key(|kind| std::cmp::Reverse(kind.rows));
        CensusReport {
            rows: self.rows,
            without_password: self.without,
            cleartext: self.cleartext,
            kinds,
            faults: self.faults.into_values().collect(),
        }
    }
}

impl Tally {
    fn kind(self, notations: &[(Notation, Route)], settled: bool) -> Kind {
        Kind {
            notations: notations.iter().map(|(notation, _)| notation.as_str().to_owned()).collect(),
            routes: notations.iter().map(|(_, route)| *route).collect(),
            settled,
            rows: self.rows,
            first_line: self.first.0,
            proofs: self.proofs,
        }
    }
}

impl Proof {
    fn count(&mut self, fits: bool, line: Line) {
        if fits {
            self.fits += 1;
        } else {
            self.fails += 1;
            self.first_failure.get_or_insert(line.0);
        }
    }
}

/// What password notations a source holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CensusReport {
    /// Rows of the source.
    pub rows: u64,
    /// Rows without any password.
    pub without_password: u64,
    /// Rows with the password itself.
    pub cleartext: u64,
    /// The notations, the most frequent first.
    pub kinds: Vec<Kind>,
    /// Rows whose hash can't be read.
    pub faults: Vec<Faulty>,
}

impl CensusReport {
    /// Known passwords that were tried, reading by reading.
    pub fn tried(&self) -> u64 {
        self.kinds.iter().flat_map(|kind| &kind.proofs).map(|proof| proof.fits + proof.fails).sum()
    }

    /// Whether a row is invalid, ambiguous, or refuted by a known password.
    pub fn needs_attention(&self) -> bool {
        !self.faults.is_empty() || self.kinds.iter().any(|kind| kind.is_ambiguous() || kind.is_refuted())
    }
}

impl Kind {
    fn is_refuted(&self) -> bool {
        !self.is_ambiguous() && self.proofs.iter().any(|proof| proof.fails > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(notation: Notation) -> Understood {
        Understood { notation, stored: None, okta: None }
    }

    #[test]
    fn one_reading_is_proven_when_it_always_fits_and_no_other_ever_does() {
        let mut census = Census::default();
        let both = [reading(Notation::Md5), reading(Notation::Ntlm)];
        census.add(Line(2), &both, false, None);
        census.add(Line(3), &both, false, Some(&[false, true]));
        assert_eq!(census.clone().report().kinds[0].proven(), Some("ntlm"));
        census.add(Line(4), &both, false, Some(&[false, false]));
        let report = census.report();
        assert_eq!((report.rows, report.kinds[0].proven()), (3, None));
        assert_eq!(report.kinds[0].proofs[1].first_failure, Some(4));
        assert!(report.needs_attention());
    }

    #[test]
    fn every_row_is_counted_once() {
        let mut census = Census::default();
        census.add_without(false);
        census.add_without(true);
        census.add(Line(4), &[reading(Notation::Ssha)], true, Some(&[true]));
        census.add_fault(Line(5), &Fault::of_field(FaultCode::BadCredential, "passwordHash", "was cut"));
        let report = census.report();
        let faults: u64 = report.faults.iter().map(|faulty| faulty.rows).sum();
        let kinds: u64 = report.kinds.iter().map(|kind| kind.rows).sum();
        assert_eq!(report.rows, report.without_password + report.cleartext + kinds + faults);
    }
}
