//! Which rows are in flight, as a log: a commit adds one short entry for all of its rows that are near each other.
//!
//! The last word about a row holds. The time of an intent is that of the first since it was last taken back.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_core::record::Line;
use rusqlite::{Connection, params};

use crate::error::LedgerError;
use crate::place::Place;
use crate::run::RunKey;

/// Rows about which the same is to be said, by chunk. Written when something else is to be said.
#[derive(Debug, Default)]
pub struct Saying {
    /// When the requests were about to leave; nothing when they never left.
    at: Option<i64>,
    chunks: BTreeMap<i64, Vec<u8>>,
}

impl Saying {
    /// A request for this row is about to leave.
    pub fn intend(
        &mut self,
        connection: &Connection,
        place: Place,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.say(connection, place, Some(at.as_millisecond()))
    }

    /// The request for this row never left.
    pub fn take_back(&mut self, connection: &Connection, place: Place) -> Result<(), LedgerError> {
        self.say(connection, place, None)
    }

    fn say(&mut self, connection: &Connection, place: Place, at: Option<i64>) -> Result<(), LedgerError> {
        if self.at != at {
            self.write(connection)?;
            self.at = at;
        }
        self.chunks.entry(place.chunk()).or_default().extend(place.in_chunk().to_le_bytes());
        Ok(())
    }

    /// Writes what was said so far.
    pub fn write(&mut self, connection: &Connection) -> Result<(), LedgerError> {
        for (chunk, lines) in std::mem::take(&mut self.chunks) {
            let mut statement = connection.prepare_cached(
                "INSERT INTO intent (chunk, number, at, lines)
                 SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3 FROM intent WHERE chunk = ?1",
            )?;
            statement.execute(params![chunk, self.at, lines])?;
        }
        Ok(())
    }
}

/// The intents of a chunk, kept as long as rows of that chunk are asked for.
#[derive(Debug, Default)]
pub struct InFlight {
    chunk: Option<i64>,
    since: BTreeMap<u16, i64>,
}

impl InFlight {
    /// Since when the row is in flight, if it is.
    pub fn since(
        &mut self,
        connection: &Connection,
        run: RunKey,
        line: Line,
    ) -> Result<Option<Timestamp>, LedgerError> {
        let place = Place::of(run, line);
        if self.chunk != Some(place.chunk()) {
            self.read(connection, place.chunk())?;
        }
        Ok(self.since.get(&place.in_chunk()).and_then(|at| Timestamp::from_millisecond(*at).ok()))
    }

    fn read(&mut self, connection: &Connection, chunk: i64) -> Result<(), LedgerError> {
        self.since.clear();
        self.chunk = Some(chunk);
        let sql = "SELECT at, lines FROM intent WHERE chunk = ?1 ORDER BY number";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([chunk])?;
        while let Some(row) = rows.next()? {
            let at: Option<i64> = row.get(0)?;
            let lines = row.get_ref(1)?.as_blob().unwrap_or_default();
            for line in lines.as_chunks().0 {
                self.hear(u16::from_le_bytes(*line), at);
            }
        }
        Ok(())
    }

    fn hear(&mut self, line: u16, at: Option<i64>) {
        match at {
            Some(at) => drop(self.since.entry(line).or_insert(at)),
            None => drop(self.since.remove(&line)),
        }
    }
}
