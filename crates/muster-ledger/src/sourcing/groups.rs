//! The names of groups in one cell.

use rusqlite::types::ToSql;
use rusqlite::{Row, types::ToSqlOutput, types::Value};

/// Names on their way into a cell.
pub struct Names<'a>(pub &'a [String]);

impl ToSql for Names<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        if self.0.is_empty() {
            return Ok(ToSqlOutput::Owned(Value::Null));
        }
        let text = serde_json::to_string(self.0);
        text.map(ToSqlOutput::from).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

/// The names in this cell.
pub fn names(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<String>> {
    let text = row.get::<_, Option<String>>(at)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}
