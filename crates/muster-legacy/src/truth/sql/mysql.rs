//! MySQL and `MariaDB`.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, Params, Row, SslOpts, Statement, Value as Cell};

use super::query::{Dialect, Query};
use super::row::{ENOUGH, Value, bad_query, columns, fill};
use super::server::{SqlServerTruth, encrypted, password};
use crate::truth::cells::{Column, CredentialCells};
use crate::truth::network::{is_loopback, said};
use crate::truth::pool::Service;
use crate::truth::settings::SqlServerSettings;
use crate::truth::{Resolve, TruthError};

/// Checks the settings; connects when asked.
pub(in crate::truth) fn open_mysql(
    settings: &SqlServerSettings,
    resolve: Resolve<'_>,
) -> Result<SqlServerTruth<Mysql>, TruthError> {
    // The parser's own words might repeat the address, which may hold a password.
    let opts = Opts::from_url(&settings.url)
        .map_err(|_| TruthError::setting(&settings.name, "url is not mysql://USER@HOST/DATABASE"))?;
    let password = password(settings, opts.pass().is_some(), resolve)?;
    let here = opts.socket().is_some() || is_loopback(opts.ip_or_hostname());
    let tls = encrypted(settings, here).then(|| tls(settings));
    let builder = OptsBuilder::from_opts(opts)
        .pass(password.map(|password| password.reveal().to_owned()))
        .ssl_opts(tls)
        // A way that nobody set would be another one than the settings say.
        .prefer_socket(false)
        // It never writes; the server shall know it, too.
        .init(vec!["SET SESSION TRANSACTION READ ONLY"]);
    let query =
        Query::parse(&settings.query, Dialect::Mysql).map_err(|error| bad_query(&settings.name, error))?;
    SqlServerTruth::new(settings, Mysql { opts: builder.into(), query }, resolve)
}

/// The authorities of the file alone, or else those that the driver brings along.
fn tls(settings: &SqlServerSettings) -> SslOpts {
    let tls = SslOpts::default();
    match &settings.ca_file {
        Some(path) => tls.with_root_certs(vec![path.clone().into()]).with_disable_built_in_roots(true),
        None => tls,
    }
}

/// A server.
pub(in crate::truth) struct Mysql {
    opts: Opts,
    query: Query,
}

/// A session, and the query it has prepared.
pub(in crate::truth) struct Session {
    connection: Conn,
    statement: Statement,
    columns: Vec<Column>,
}

impl Service for Mysql {
    type Connection = Session;
    type Found = Vec<CredentialCells>;

    async fn connect(&self) -> Result<Session, String> {
        let mut connection = Conn::new(self.opts.clone()).await.map_err(|error| said(&error))?;
        let statement = connection.prep(self.query.text.as_str()).await.map_err(|error| said(&error))?;
        let names: Vec<_> = statement.columns().iter().map(|column| column.name_str().into_owned()).collect();
        let columns = columns(names.iter().map(String::as_str))?;
        Ok(Session { connection, statement, columns })
    }

    async fn look_up(&self, session: &mut Session, login: &str) -> Result<Vec<CredentialCells>, String> {
        let logins = vec![Cell::from(login); self.query.logins];
        let rows = session.connection.exec_iter(&session.statement, Params::Positional(logins)).await;
        let mut rows = rows.map_err(|error| said(&error))?;
        let mut found = Vec::new();
        while found.len() < ENOUGH
            && let Some(row) = rows.next().await.map_err(|error| said(&error))?
        {
            found.push(cells(&row, &session.columns)?);
        }
        // The rest of an answer has to be read before the next question.
        rows.drop_result().await.map_err(|error| said(&error))?;
        Ok(found)
    }
}

fn cells(row: &Row, columns: &[Column]) -> Result<CredentialCells, String> {
    let mut cells = CredentialCells::default();
    for (at, column) in columns.iter().enumerate() {
        let value = row.as_ref(at).ok_or("the answer has fewer columns than were promised")?;
        fill(&mut cells, *column, &meaning(value, *column)?);
    }
    Ok(cells)
}

fn meaning(value: &Cell, column: Column) -> Result<Value<'_>, String> {
    let strange = || {
        format!("query gives {} neither as text, bytes nor a whole number: cast it to CHAR", column.name())
    };
    match value {
        Cell::NULL => Ok(Value::None),
        Cell::Bytes(bytes) => Ok(Value::Bytes(bytes)),
        Cell::Int(number) => Ok(Value::Number(*number)),
        Cell::UInt(number) => i64::try_from(*number).map(Value::Number).map_err(|_| strange()),
        _ => Err(strange()),
    }
}
