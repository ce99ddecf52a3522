//! Lists of groups in one cell.

use serde_json::Value;

use crate::fault::{Fault, FaultCode};
use crate::profile::quoted;
use crate::record::Cell;

/// The items of a list in one cell: `;` or `|` between them, or a JSON array, also as text.
pub fn items(cell: &Cell, column: &str) -> Result<Vec<String>, Fault> {
    match cell {
        Cell::Text(text) => match json_list(text.trim()) {
            Some(values) => values.iter().filter_map(|value| item(value, column).transpose()).collect(),
            None => Ok(text.split([';', '|']).filter_map(tidy_item).collect()),
        },
        Cell::Json(Value::Array(values)) => {
            values.iter().filter_map(|value| item(value, column).transpose()).collect()
        }
        Cell::Json(value) => Ok(item(value, column)?.into_iter().collect()),
        Cell::Empty | Cell::Undecodable(_) => Ok(Vec::new()),
    }
}

fn json_list(text: &str) -> Option<Vec<Value>> {
    text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}

fn item(value: &Value, column: &str) -> Result<Option<String>, Fault> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(tidy_item(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            let reason = format!("{} is no name of a group", quoted(&value.to_string()));
            Err(Fault::of_field(FaultCode::BadType, column, reason))
        }
    }
}

fn tidy_item(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
