//! PostgreSQL.

use futures_util::{StreamExt, pin_mut};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, NoTls, Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::query::{Dialect, Query};
use super::row::{ENOUGH, Value, bad_query, columns, fill};
use super::server::{SqlServerTruth, encrypted, password};
use crate::truth::cells::{Column, CredentialCells};
use crate::truth::network::{is_loopback, said, tls};
use crate::truth::pool::{Driver, Service};
use crate::truth::settings::SqlServerSettings;
use crate::truth::{Resolve, TruthError};

/// Checks the settings; connects when asked.
pub(in crate::truth) fn open_postgres(
    settings: &SqlServerSettings,
    resolve: Resolve<'_>,
) -> Result<SqlServerTruth<Postgres>, TruthError> {
    // The parser's own words don't repeat the address, which may hold a password.
    let mut config: Config = settings
        .url
        .parse()
        .map_err(|_| TruthError::setting(&settings.name, "url is not postgres://USER@HOST/DATABASE"))?;
    if let Some(password) = password(settings, config.get_password().is_some(), resolve)? {
        config.password(password.reveal());
    }
    let encrypted = encrypted(settings, is_here(&config));
    config.ssl_mode(if encrypted { SslMode::Require } else { SslMode::Disable });
    config.connect_timeout(std::time::Duration::from_millis(settings.timeout_ms));
    config.application_name("muster");
    let tls = if encrypted { Some(tls(&settings.name, settings.ca_file.as_deref())?) } else { None };
    let query = Query::parse(&settings.query, Dialect::Postgres)
        .map_err(|error| bad_query(&settings.name, error))?
        .text;
    let server = Postgres { config, tls: tls.map(MakeRustlsConnect::new), query };
    SqlServerTruth::new(settings, server, resolve)
}

/// Whether all hosts are this machine; a socket is.
fn is_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Tcp(name) => is_loopback(name),
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    let addresses = config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback);
    config.get_hosts().iter().all(here) && addresses
}

/// A server.
pub(in crate::truth) struct Postgres {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    query: String,
}

/// A session, and the query it has prepared.
pub(in crate::truth) struct Session {
    client: Client,
    _driver: Driver,
    statement: Statement,
    columns: Vec<(Column, Kind)>,
}

/// How a column's values are read.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Bytes,
    Small,
    Normal,
    Big,
}

impl Service for Postgres {
    type Connection = Session;
    type Found = Vec<CredentialCells>;

    async fn connect(&self) -> Result<Session, String> {
        let (client, driver) = self.dial().await.map_err(|error| said(&error))?;
        // It never writes; the server shall know it, too.
        let read_only = client.batch_execute("SET default_transaction_read_only = on").await;
        read_only.map_err(|error| said(&error))?;
        let statement = client.prepare(&self.query).await.map_err(|error| said(&error))?;
        let names = columns(statement.columns().iter().map(tokio_postgres::Column::name))?;
        let kinds = statement.columns().iter().map(kind).collect::<Result<Vec<_>, _>>()?;
        let columns = names.into_iter().zip(kinds).collect();
        Ok(Session { client, _driver: driver, statement, columns })
    }

    async fn look_up(&self, session: &mut Session, login: &str) -> Result<Vec<CredentialCells>, String> {
        let rows = session.client.query_raw(&session.statement, [login]).await;
        let rows = rows.map_err(|error| said(&error))?.take(ENOUGH);
        pin_mut!(rows);
        let mut found = Vec::new();
        while let Some(row) = rows.next().await {
            found.push(cells(&row.map_err(|error| said(&error))?, &session.columns)?);
        }
        Ok(found)
    }
}

impl Postgres {
    async fn dial(&self) -> Result<(Client, Driver), tokio_postgres::Error> {
        // What ends a connection is told to whoever asks next.
        if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await?;
            return Ok((client, Driver::spawn(async move { drop(connection.await) })));
        }
        let (client, connection) = self.config.connect(NoTls).await?;
        Ok((client, Driver::spawn(async move { drop(connection.await) })))
    }
}

fn kind(column: &tokio_postgres::Column) -> Result<Kind, String> {
    let kind = column.type_();
    match *kind {
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => Ok(Kind::Text),
        Type::BYTEA => Ok(Kind::Bytes),
        Type::INT2 => Ok(Kind::Small),
        Type::INT4 => Ok(Kind::Normal),
        Type::INT8 => Ok(Kind::Big),
        _ if kind.name() == "citext" => Ok(Kind::Text),
        _ => Err(format!(
            "query gives {} of the type {kind}, which is neither text, bytea nor a whole number: cast it to text",
            column.name()
        )),
    }
}

fn cells(row: &Row, columns: &[(Column, Kind)]) -> Result<CredentialCells, String> {
    let mut cells = CredentialCells::default();
    for (at, (column, kind)) in columns.iter().enumerate() {
        let value = value(row, at, *kind).map_err(|error| said(&error))?;
        fill(&mut cells, *column, &value);
    }
    Ok(cells)
}

fn value(row: &Row, at: usize, kind: Kind) -> Result<Value<'_>, tokio_postgres::Error> {
    Ok(match kind {
        Kind::Text => row.try_get::<_, Option<&str>>(at)?.map_or(Value::None, Value::Text),
        Kind::Bytes => row.try_get::<_, Option<&[u8]>>(at)?.map_or(Value::None, Value::Bytes),
        Kind::Small => number(row.try_get::<_, Option<i16>>(at)?),
        Kind::Normal => number(row.try_get::<_, Option<i32>>(at)?),
        Kind::Big => number(row.try_get::<_, Option<i64>>(at)?),
    })
}

fn number<'a>(number: Option<impl Into<i64>>) -> Value<'a> {
    number.map_or(Value::None, |number| Value::Number(number.into()))
}
