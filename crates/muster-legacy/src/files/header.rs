//! The names of the columns of a CSV file.

use std::collections::HashMap;
use std::path::Path;

use csv::ByteRecord;

use crate::files::error::SourceError;
use crate::files::marks;

/// Where a header stands, for the errors about it.
pub(super) struct HeaderPlace<'a> {
    pub(super) name: &'a Path,
    pub(super) line: u64,
    pub(super) encoding: &'static str,
    pub(super) escaped: bool,
}

impl HeaderPlace<'_> {
    /// The names, trimmed; a column without one is called `column_N`.
    pub(super) fn names(&self, record: &ByteRecord) -> Result<Vec<String>, SourceError> {
        let cells = record.iter().enumerate().map(|(index, cell)| self.name_at(index + 1, cell));
        let names = cells.collect::<Result<Vec<_>, _>>()?;
        self.refuse_person(&names)?;
        self.refuse_duplicate(&names)?;
        Ok(names)
    }

    fn name_at(&self, column: usize, cell: &[u8]) -> Result<String, SourceError> {
        let text = marks::decode(cell, self.escaped).map_err(|broken| SourceError::HeaderEncoding {
            path: self.name.to_owned(),
            line: self.line,
            column,
            byte: broken.first().1,
            encoding: self.encoding,
        })?;
        let text = text.trim();
        Ok(if text.is_empty() { format!("column_{column}") } else { text.to_owned() })
    }

    fn refuse_person(&self, names: &[String]) -> Result<(), SourceError> {
        let is_address = |name: &&String| {
            name.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        };
        let Some(at) = names.iter().position(|name| is_address(&name)) else { return Ok(()) };
        Err(SourceError::NoHeader { path: self.name.to_owned(), column: at + 1 })
    }

    fn refuse_duplicate(&self, names: &[String]) -> Result<(), SourceError> {
        let mut seen = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            if let Some(first) = seen.insert(name, index) {
                return Err(SourceError::DuplicateColumn {
                    path: self.name.to_owned(),
                    line: self.line,
                    first: first + 1,
                    second: index + 1,
                });
            }
        }
        Ok(())
    }
}
