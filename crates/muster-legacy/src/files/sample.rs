//! For a guessed encoding: a text by which a person can tell whether the guess is right.

use muster_core::record::{Cell, Record};

use crate::files::Records;

/// Columns whose names contain one of these are never shown.
const SECRETS: [&str; 8] = ["pass", "pwd", "hash", "salt", "secret", "answer", "token", "credential"];

/// How much of a cell is shown.
const LENGTH: usize = 60;

/// A text, and the column that it comes from.
pub(super) struct Sample {
    pub(super) column: String,
    /// With its line.
    pub(super) text: String,
}

/// The first text that is not ASCII. What is wrong with the rows is for those who read them.
pub(super) fn find(header: &[String], records: Records) -> Option<Sample> {
    records.map_while(Result::ok).find_map(|record| {
        let (column, text) = of_record(header, &record)?;
        Some(Sample { column: column.to_owned(), text: format!("line {}: {text}", record.line) })
    })
}

fn of_record<'a>(header: &'a [String], record: &Record) -> Option<(&'a str, String)> {
    let cells = header.iter().zip(&record.cells);
    cells.filter(|(name, _)| !is_secret(name)).find_map(|(name, cell)| Some((name.as_str(), telling(cell)?)))
}

fn is_secret(column: &str) -> bool {
    let column = column.to_ascii_lowercase();
    SECRETS.iter().any(|word| column.contains(word))
}

/// The text of a cell, if it is not ASCII, as far as it fits on a line.
fn telling(cell: &Cell) -> Option<String> {
    let Cell::Text(text) = cell else { return None };
    let shown = text.chars().filter(|character| !character.is_control()).take(LENGTH);
    (!text.is_ascii()).then(|| shown.collect())
}
