//! The row of a result: which cell is which, and bytes as text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::Settlement;
use zeroize::Zeroizing;

use crate::truth::cells::{Column, CredentialCells};
use crate::truth::{Known, TruthError};

/// More rows than this are not read: two are one too many.
pub(super) const ENOUGH: usize = 2;

/// What one cell holds.
pub(super) enum Value<'a> {
    /// NULL.
    None,
    #[cfg_attr(not(feature = "postgres"), expect(dead_code, reason = "the other databases give bytes"))]
    Text(&'a str),
    Bytes(&'a [u8]),
    Number(i64),
}

/// The columns of a result, by their names. Each has to be a credential column, or it is not known what it means.
pub(super) fn columns<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Vec<Column>, String> {
    let mut found = Vec::new();
    for name in names {
        let column = Column::of_name(name).ok_or_else(|| unknown(name))?;
        if found.contains(&column) {
            return Err(format!("query gives {} twice", column.name()));
        }
        found.push(column);
    }
    if found.iter().any(|column| matches!(column, Column::PasswordHash | Column::HashedPassword)) {
        Ok(found)
    } else {
        Err("query gives no hash: name its column with AS passwordHash or AS hashedPassword".to_owned())
    }
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = Column::ALL.into_iter().map(Column::name).collect();
    format!(
        "query gives a column {name:?}; it has to be one of {} (say: … AS passwordHash)",
        known.join(", ")
    )
}

/// Fills a cell. Bytes that are no text are written in base64, and a salt then says so itself.
pub(super) fn fill(cells: &mut CredentialCells, column: Column, value: &Value<'_>) {
    match value {
        Value::None => {}
        Value::Text(text) => cells.set(column, text),
        Value::Number(number) => cells.set(column, &number.to_string()),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => cells.set(column, text),
            Err(_) => cells.set(column, &in_base64(column, bytes)),
        },
    }
}

fn in_base64(column: Column, bytes: &[u8]) -> Zeroizing<String> {
    let prefix = if column == Column::Salt { "base64:" } else { "" };
    Zeroizing::new(format!("{prefix}{}", STANDARD.encode(bytes)))
}

/// What the rows of a login say.
pub(super) fn known(rows: &[CredentialCells], settlement: &Settlement) -> Known {
    match rows {
        [] => Known::Nobody,
        [one] => one.known(settlement),
        _ => Known::Unreadable("more than one row has this login".to_owned()),
    }
}

/// A query that can't be used.
pub(super) fn bad_query(place: &str, error: super::query::BadQuery) -> TruthError {
    TruthError::setting(place, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_a_result_are_those_of_a_source() {
        assert_eq!(columns(["password_hash", "SALT"]), Ok(vec![Column::PasswordHash, Column::Salt]));
        assert!(columns(["id", "passwordHash"]).unwrap_err().contains("\"id\""));
        assert!(columns(["salt"]).unwrap_err().contains("no hash"));
        assert!(columns(["passwordHash", "password_hash"]).unwrap_err().contains("twice"));
    }

    #[test]
    fn bytes_are_text_where_they_can_be() {
        let mut cells = CredentialCells::default();
        fill(&mut cells, Column::PasswordHash, &Value::Bytes(b"abc"));
        fill(&mut cells, Column::Salt, &Value::Bytes(&[255, 0]));
        fill(&mut cells, Column::Iterations, &Value::Number(1000));
        fill(&mut cells, Column::KeySize, &Value::None);
        let cell = |column| cells.get(column).unwrap_or("-").to_owned();
        assert_eq!(cell(Column::PasswordHash), "abc");
        assert_eq!(cell(Column::Salt), "base64:/wA=");
        assert_eq!(cell(Column::Iterations), "1000");
        assert_eq!(cell(Column::KeySize), "-");
    }
}
