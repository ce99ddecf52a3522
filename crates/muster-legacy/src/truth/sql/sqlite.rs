//! An SQLite file, on a thread of its own, opened to be read.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use muster_core::credential::Settlement;
use muster_core::login::Login;
use muster_core::secret::Secret;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use tokio::sync::oneshot;

use super::query::{Dialect, Query};
use super::row::{ENOUGH, Value, bad_query, columns, fill, known};
use crate::truth::cells::{Column, CredentialCells};
use crate::truth::settings::SqliteSettings;
use crate::truth::{Asking, Known, Resolve, Truth, TruthError, Unavailable};

type Rows = Result<Vec<CredentialCells>, String>;

/// A question, and where its answer goes.
struct Question {
    login: String,
    answer: oneshot::Sender<Rows>,
}

/// An SQLite file as a place that knows hashes.
pub(in crate::truth) struct SqliteTruth {
    name: String,
    settlement: Settlement,
    questions: mpsc::Sender<Question>,
}

impl SqliteTruth {
    /// Opens the file and tries the query on it.
    pub(in crate::truth) fn open(
        settings: &SqliteSettings,
        resolve: Resolve<'_>,
    ) -> Result<Self, TruthError> {
        let query = Query::parse(&settings.query, Dialect::Sqlite)
            .map_err(|error| bad_query(&settings.name, error))?
            .text;
        let settlement = settings.passwords.resolve(&settings.name, resolve)?;
        let mut reader = Reader {
            path: settings.path.clone(),
            query,
            patience: Duration::from_millis(settings.timeout_ms),
            connection: None,
        };
        reader.try_query().map_err(|reason| TruthError::setting(&settings.name, reason))?;
        let (questions, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new().name("sqlite truth".to_owned());
        let started = thread.spawn(move || reader.serve(&inbox));
        started.map_err(TruthError::io(&settings.path))?;
        Ok(Self { name: settings.name.clone(), settlement, questions })
    }
}

impl Truth for SqliteTruth {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask<'a>(&'a self, login: &'a str, _: &'a Secret) -> Asking<'a> {
        Box::pin(async move {
            let Some(login) = Login::parse(login) else { return Ok(Known::Nobody) };
            let (answer, answered) = oneshot::channel();
            let question = Question { login: login.as_str().to_owned(), answer };
            let gone = || Unavailable("the thread that reads the file is gone".to_owned());
            self.questions.send(question).map_err(|_| gone())?;
            let rows = answered.await.map_err(|_| gone())?.map_err(Unavailable)?;
            Ok(known(&rows, &self.settlement))
        })
    }
}

/// Reads the file.
struct Reader {
    path: PathBuf,
    query: String,
    patience: Duration,
    connection: Option<Connection>,
}

impl Reader {
    fn serve(mut self, inbox: &mpsc::Receiver<Question>) {
        while let Ok(question) = inbox.recv() {
            // Whoever has stopped waiting needs no answer.
            if !question.answer.is_closed() {
                drop(question.answer.send(self.look_up(&question.login)));
            }
        }
    }

    /// A file that was put in the place of another is opened anew when the old one fails.
    fn look_up(&mut self, login: &str) -> Rows {
        let reused = self.connection.is_some();
        match self.look_up_once(login) {
            Err(_) if reused => {
                self.connection = None;
                self.look_up_once(login)
            }
            rows => rows,
        }
    }

    fn look_up_once(&mut self, login: &str) -> Rows {
        let query = self.query.clone();
        let connection = self.connection()?;
        rows(connection, &query, login).map_err(|error| error.to_string())?
    }

    fn try_query(&mut self) -> Result<(), String> {
        let query = self.query.clone();
        let statement = self.connection()?.prepare_cached(&query);
        columns(statement.map_err(|error| error.to_string())?.column_names()).map(drop)
    }

    fn connection(&mut self) -> Result<&Connection, String> {
        let made = match self.connection.take() {
            Some(kept) => kept,
            None => read_only(&self.path, self.patience)
                .map_err(|error| format!("{}: {error}", self.path.display()))?,
        };
        Ok(self.connection.insert(made))
    }
}

fn read_only(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    Ok(connection)
}

fn rows(connection: &Connection, query: &str, login: &str) -> rusqlite::Result<Rows> {
    let mut statement = connection.prepare_cached(query)?;
    let columns = match columns(statement.column_names()) {
        Ok(columns) => columns,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut rows = statement.query([login])?;
    let mut found = Vec::new();
    while found.len() < ENOUGH
        && let Some(row) = rows.next()?
    {
        match cells(row, &columns)? {
            Ok(cells) => found.push(cells),
            Err(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Ok(found))
}

fn cells(row: &Row<'_>, columns: &[Column]) -> rusqlite::Result<Result<CredentialCells, String>> {
    let mut cells = CredentialCells::default();
    for (at, column) in columns.iter().enumerate() {
        let value = match row.get_ref(at)? {
            ValueRef::Null => Value::None,
            ValueRef::Integer(number) => Value::Number(number),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::Bytes(bytes),
            ValueRef::Real(_) => {
                return Ok(Err(format!("{} is a number with a point: cast it to text", column.name())));
            }
        };
        fill(&mut cells, *column, &value);
    }
    Ok(Ok(cells))
}
