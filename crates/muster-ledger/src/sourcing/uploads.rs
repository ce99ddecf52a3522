//! Uploads: bulk requests of a session, and which rows each carried.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::lines::{packed, unpacked};
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::run::{RunKey, time};

/// What an upload carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UploadKind {
    /// Users of rows.
    Users,
    /// Rows whose users are to be deactivated.
    Deletions,
    /// Departures, by their numbers.
    Departures,
    /// Groups; no rows.
    Groups,
    /// Memberships of rows.
    Joins,
    /// Memberships that rows no longer ask for.
    Leaves,
}

/// An upload as the books have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRecord {
    /// Its number in the session, from 1.
    pub number: u32,
    /// What it carries.
    pub kind: UploadKind,
    /// The lines of the rows, or the numbers of the departures, in the order in which they were given.
    pub lines: Vec<u64>,
    /// Entities in its body.
    pub entities: u32,
    /// Bytes of its body.
    pub bytes: u64,
    /// Whether Okta is known to have taken it.
    pub accepted: bool,
    /// When it was intended.
    pub at: Timestamp,
}

impl Ledger {
    /// An upload is about to leave; its number in the session. Once this returns, the intent is durable.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a column of the books, and a record of them has more"
    )]
    pub async fn intend_upload(
        &self,
        run: RunKey,
        session: u32,
        kind: UploadKind,
        lines: Vec<u64>,
        entities: u32,
        bytes: u64,
        at: Timestamp,
    ) -> Result<u32, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let mut statement = connection.prepare_cached(
                "INSERT INTO upload (run, session, number, kind, carried, entities, bytes, at, lines)
                 SELECT ?1, ?2, COALESCE(MAX(number), 0) + 1, ?3, ?4, ?5, ?6, ?7, ?8 FROM upload
                 WHERE run = ?1 AND session = ?2 RETURNING number",
            )?;
            let carried = i64::try_from(lines.len()).unwrap_or(i64::MAX);
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            let (at, lines) = (at.as_millisecond(), packed(&lines));
            let values = params![run.0, session, kind.number(), carried, entities, bytes, at, lines];
            Ok(statement.query_row(values, |row| row.get(0))?)
        })
        .await
    }

    /// Okta has taken it.
    pub async fn upload_accepted(
        &self,
        run: RunKey,
        session: u32,
        number: u32,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "UPDATE upload SET accepted_at = ?4 WHERE run = ?1 AND session = ?2 AND number = ?3
                       AND accepted_at IS NULL";
            connection.prepare_cached(sql)?.execute(params![run.0, session, number, at.as_millisecond()])?;
            Ok(())
        })
        .await
    }

    /// Okta has not taken it, for sure: it never was. What is known to be accepted stays.
    pub async fn upload_refused(&self, run: RunKey, session: u32, number: u32) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql =
                "DELETE FROM upload WHERE run = ?1 AND session = ?2 AND number = ?3 AND accepted_at IS NULL";
            connection.prepare_cached(sql)?.execute(params![run.0, session, number])?;
            Ok(())
        })
        .await
    }

    /// The uploads of a session, in order.
    pub async fn uploads(&self, run: RunKey, session: u32) -> Result<Vec<UploadRecord>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT number, kind, lines, entities, bytes, accepted_at IS NOT NULL, at FROM upload
                 WHERE run = ?1 AND session = ?2 ORDER BY number",
            )?;
            let found = statement.query_map(params![run.0, session], upload)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }
}

impl UploadKind {
    /// A number once given keeps its meaning for all time.
    fn number(self) -> i64 {
        match self {
            Self::Users => 0,
            Self::Deletions => 1,
            Self::Departures => 2,
            Self::Groups => 3,
            Self::Joins => 4,
            Self::Leaves => 5,
        }
    }

    fn of(number: i64) -> Self {
        match number {
            0 => Self::Users,
            1 => Self::Deletions,
            2 => Self::Departures,
            3 => Self::Groups,
            4 => Self::Joins,
            _ => Self::Leaves,
        }
    }
}

fn upload(row: &Row<'_>) -> rusqlite::Result<UploadRecord> {
    Ok(UploadRecord {
        number: row.get(0)?,
        kind: UploadKind::of(row.get(1)?),
        lines: unpacked(row.get_ref(2)?.as_blob().unwrap_or_default()),
        entities: row.get(3)?,
        bytes: u64::try_from(row.get::<_, i64>(4)?).unwrap_or_default(),
        accepted: row.get(5)?,
        at: time(row, 6)?,
    })
}
