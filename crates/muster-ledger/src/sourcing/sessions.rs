//! Import sessions: what was intended, what Okta made of it, and how each ended.

use jiff::Timestamp;
use rusqlite::{Connection, Params, Row, params};

use super::people::SourceKey;
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::run::{RunKey, time};

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionStage {
    /// It is about to be made; whether it was is open.
    Intended,
    /// It is there and takes uploads.
    Loading,
    /// It is about to be triggered; whether it was is open.
    Triggering,
    /// Okta works on it.
    Triggered,
    /// All that it carried has its outcome.
    Settled,
    /// It came to nothing: never made, cancelled, expired. What it carried is to be carried again.
    Void,
}

/// A session as the books have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its number in the run, from 1.
    pub number: u32,
    /// Its id at Okta, once that is known.
    pub id: Option<String>,
    /// How far it has come.
    pub stage: SessionStage,
    /// What Okta last called it.
    pub status: Option<String>,
    /// When it was intended.
    pub intended_at: Timestamp,
    /// When Okta made it.
    pub created_at: Option<Timestamp>,
    /// When it was triggered, or was about to be.
    pub triggered_at: Option<Timestamp>,
    /// When it was settled or found void.
    pub ended_at: Option<Timestamp>,
    /// Uploads that were intended in it.
    pub requests: u32,
    /// Rows and departures that its uploads of users carry.
    pub users: u64,
}

const COLUMNS: &str = "import_session.number, okta_id, import_session.stage, status, intended_at,
    import_session.created_at, triggered_at, ended_at,
    (SELECT COUNT(*) FROM upload
        WHERE upload.run = import_session.run AND upload.session = import_session.number),
    (SELECT COALESCE(SUM(carried), 0) FROM upload
        WHERE upload.run = import_session.run AND upload.session = import_session.number AND kind IN (0, 1, 2))";

impl Ledger {
    /// The sessions of a run, in order.
    pub async fn import_sessions(&self, run: RunKey) -> Result<Vec<SessionRecord>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = format!("SELECT {COLUMNS} FROM import_session WHERE run = ?1 ORDER BY number");
            let mut statement = connection.prepare_cached(&sql)?;
            let found = statement.query_map([run.0], session)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// A session is about to be made; its number in the run. Once this returns, the intent is durable.
    pub async fn intend_session(
        &self,
        run: RunKey,
        source: SourceKey,
        at: Timestamp,
    ) -> Result<u32, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "INSERT INTO import_session (run, number, source, stage, intended_at)
                       SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, 0, ?3 FROM import_session WHERE run = ?1
                       RETURNING number";
            let values = params![run.0, source.0, at.as_millisecond()];
            Ok(connection.query_row(sql, values, |row| row.get(0))?)
        })
        .await
    }

    /// Okta refused to make it: there is none, and the next one has its number.
    pub async fn session_refused(&self, run: RunKey, number: u32) -> Result<(), LedgerError> {
        self.change(
            "DELETE FROM import_session WHERE run = ?1 AND number = ?2 AND okta_id IS NULL
             AND NOT EXISTS (SELECT 1 FROM import_session AS later WHERE later.run = ?1 AND later.number > ?2)",
            (run.0, number),
        )
        .await
    }

    /// Okta has made it. The first id that is told is kept, also of a session that was taken for void.
    pub async fn session_created(
        &self,
        run: RunKey,
        number: u32,
        id: String,
        created_at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.change(
            "UPDATE import_session SET okta_id = ?3, created_at = ?4, stage = MAX(stage, 1)
             WHERE run = ?1 AND number = ?2 AND okta_id IS NULL",
            (run.0, number, id, created_at.as_millisecond()),
        )
        .await
    }

    /// It is about to be triggered. Once this returns, the intent is durable.
    pub async fn session_triggering(
        &self,
        run: RunKey,
        number: u32,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.change(
            "UPDATE import_session SET stage = 2, triggered_at = ?3 WHERE run = ?1 AND number = ?2 AND stage < 3",
            (run.0, number, at.as_millisecond()),
        )
        .await
    }

    /// It was triggered.
    pub async fn session_triggered(
        &self,
        run: RunKey,
        number: u32,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.change(
            "UPDATE import_session SET stage = 3, triggered_at = ?3 WHERE run = ?1 AND number = ?2 AND stage < 3",
            (run.0, number, at.as_millisecond()),
        )
        .await
    }

    /// What Okta calls it now.
    pub async fn session_seen(&self, run: RunKey, number: u32, status: String) -> Result<(), LedgerError> {
        self.change(
            "UPDATE import_session SET status = ?3 WHERE run = ?1 AND number = ?2",
            (run.0, number, status),
        )
        .await
    }

    /// It is settled, or came to nothing. Any other stage is no end, and changes nothing. The first end is kept.
    pub async fn end_session(
        &self,
        run: RunKey,
        number: u32,
        stage: SessionStage,
        status: Option<String>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.change(
            "UPDATE import_session SET stage = ?3, status = COALESCE(?4, status), ended_at = ?5
             WHERE run = ?1 AND number = ?2 AND stage < 4 AND ?3 >= 4",
            (run.0, number, stage.number(), status, at.as_millisecond()),
        )
        .await
    }

    /// Sessions of this source that have not ended, of whatever run, with the run's id; oldest first.
    pub async fn live_sessions(
        &self,
        source: SourceKey,
    ) -> Result<Vec<(String, SessionRecord)>, LedgerError> {
        self.call(Care::Read, move |connection| of_source(connection, source, "import_session.stage < 4"))
            .await
    }

    /// The ids of all sessions of this source that the books ever knew, with the run's id; oldest first.
    pub async fn session_ids(
        &self,
        source: SourceKey,
    ) -> Result<Vec<(String, String, SessionRecord)>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let found = of_source(connection, source, "okta_id IS NOT NULL")?;
            let with_id = |(run, session): (String, SessionRecord)| Some((session.id.clone()?, run, session));
            Ok(found.into_iter().filter_map(with_id).collect())
        })
        .await
    }

    fn change<P: Params + Send + 'static>(
        &self,
        sql: &'static str,
        values: P,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<P> {
        self.call(Care::Durable, move |connection| {
            connection.prepare_cached(sql)?.execute(values)?;
            Ok(())
        })
    }
}

impl SessionStage {
    /// A number once given keeps its meaning for all time.
    fn number(self) -> i64 {
        match self {
            Self::Intended => 0,
            Self::Loading => 1,
            Self::Triggering => 2,
            Self::Triggered => 3,
            Self::Settled => 4,
            Self::Void => 5,
        }
    }

    fn of(number: i64) -> Self {
        match number {
            0 => Self::Intended,
            1 => Self::Loading,
            2 => Self::Triggering,
            3 => Self::Triggered,
            4 => Self::Settled,
            _ => Self::Void,
        }
    }
}

fn of_source(
    connection: &Connection,
    source: SourceKey,
    condition: &str,
) -> Result<Vec<(String, SessionRecord)>, LedgerError> {
    let sql = format!(
        "SELECT {COLUMNS}, run.id FROM import_session CROSS JOIN run ON run.number = import_session.run
         WHERE import_session.source = ?1 AND {condition} ORDER BY import_session.run, import_session.number"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([source.0], |row| Ok((row.get(10)?, session(row)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn session(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    Ok(SessionRecord {
        number: row.get(0)?,
        id: row.get(1)?,
        stage: SessionStage::of(row.get(2)?),
        status: row.get(3)?,
        intended_at: time(row, 4)?,
        created_at: maybe_time(row, 5)?,
        triggered_at: maybe_time(row, 6)?,
        ended_at: maybe_time(row, 7)?,
        requests: row.get(8)?,
        users: u64::try_from(row.get::<_, i64>(9)?).unwrap_or_default(),
    })
}

fn maybe_time(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(at)?.and_then(|at| Timestamp::from_millisecond(at).ok()))
}
