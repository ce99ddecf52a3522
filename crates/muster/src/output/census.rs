//! A census of password notations in words.

use muster_core::census::{CensusReport, Kind, Proof, Route};

use super::{Page, grouped};

/// The census on a screen; `known` is how many passwords are known.
pub fn describe_census(report: &CensusReport, known: Option<usize>) -> String {
    let mut text = Page::default();
    text.line(format_args!("{} rows", grouped(report.rows)));
    let width = report.kinds.iter().map(|kind| name(kind).len()).max().unwrap_or(0).max("notation".len());
    if !report.kinds.is_empty() {
        text.line(format_args!(
            "\n{:width$}  {:>11}  {:<9}  {:>10}  known passwords",
            "notation", "rows", "goes to", "first line"
        ));
    }
    for kind in &report.kinds {
        let (rows, first) = (grouped(kind.rows), grouped(kind.first_line));
        let line =
            format!("{:width$}  {rows:>11}  {:<9}  {first:>10}  {}", name(kind), goes_to(kind), proof(kind));
        text.line(format_args!("{}", line.trim_end()));
    }
    others(&mut text, report);
    advice(&mut text, report, known);
    text.into_text()
}

fn name(kind: &Kind) -> String {
    match (kind.settled, kind.notations.as_slice()) {
        (false, [one]) => format!("{one}?"),
        (_, notations) => notations.join(" or "),
    }
}

fn goes_to(kind: &Kind) -> &'static str {
    match kind.routes.as_slice() {
        [route] if kind.settled => route.as_str(),
        _ => "ambiguous",
    }
}

/// What the known passwords say of the readings of a kind.
fn proof(kind: &Kind) -> String {
    let said = kind.notations.iter().zip(&kind.proofs).filter(|(_, proof)| proof.fits + proof.fails > 0);
    let said =
        said.map(
            |(notation, proof)| {
                if kind.is_ambiguous() { format!("{notation}: {}", tried(proof)) } else { tried(proof) }
            },
        );
    said.collect::<Vec<_>>().join("; ")
}

fn tried(proof: &Proof) -> String {
    let all = proof.fits + proof.fails;
    let fits = format!("{} of {} fit", grouped(proof.fits), grouped(all));
    match proof.first_failure {
        Some(line) if proof.fits > 0 => format!("{fits} (not in line {})", grouped(line)),
        _ => fits,
    }
}

fn others(text: &mut Page, report: &CensusReport) {
    if report.cleartext > 0 {
        text.line(format_args!("{} rows have the password itself", grouped(report.cleartext)));
    }
    if report.without_password > 0 {
        text.line(format_args!("{} rows have no password", grouped(report.without_password)));
    }
    for faulty in &report.faults {
        let (rows, line) = (grouped(faulty.rows), grouped(faulty.first_line));
        text.line(format_args!("{rows} invalid ({}): first in line {line}: {}", faulty.code, faulty.example));
    }
}

fn advice(text: &mut Page, report: &CensusReport, known: Option<usize>) {
    for kind in report.kinds.iter().filter(|kind| kind.is_ambiguous()) {
        let line = match kind.proven() {
            Some(notation) => {
                format!(
                    "Proven: these are {notation}. Say --notation {notation} to plan, import and hook export."
                )
            }
            None => format!(
                "{} can't be told apart by their looks: known passwords prove it (--known), or say --notation NAME.",
                name(kind)
            ),
        };
        text.line(format_args!("\n{line}"));
    }
    if report.kinds.iter().any(|kind| kind.routes == [Route::Hook]) {
        text.line(format_args!(
            "\nhook: Okta can't check these. muster import arms them, and muster hook serve checks them at the sign-in."
        ));
    }
    if let Some(known) = known.filter(|_| report.tried() == 0) {
        text.line(format_args!(
            "\nNone of the {} known passwords is of somebody with a hash in here: nothing is proven.",
            grouped(u64::try_from(known).unwrap_or(u64::MAX))
        ));
    }
}
