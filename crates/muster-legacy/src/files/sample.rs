//! For a guessed encoding: a text by which a person can tell whether the guess is right.

use muster_core::record::{Cell, Record};

use crate::files::Records;

/// Columns whose names contain one of these are never shown.
const SECRETS: [&str; 8] = ["pass", "pwd", "hash", "salt", "secret", "answer", "token", "credential"];

/// How much of a cell is shown.
const LENGTH: usize = 60;

/// The first text that is not ASCII, with its line. What is wrong with the rows is for those who read them.
pub(super) fn find(header: &[String], records: Records) -> Option<String> {
    records.map_while(Result::ok).find_map(|record| {
        let text = of_record(header, &record)?;
        Some(format!("line {}: {text}", record.line))
    })
}

fn of_record(header: &[String], record: &Record) -> Option<String> {
    let cells = header.iter().zip(&record.cells);
    cells.filter(|(name, _)| !is_secret(name)).find_map(|(_, cell)| telling(cell))
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
