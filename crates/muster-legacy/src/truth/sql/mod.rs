//! Databases of the old world that hold hashes: the query is the operator's, and nothing is ever written.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod row;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod server;
mod sqlite;

#[cfg(feature = "mysql")]
pub(super) use mysql::open_mysql;
#[cfg(feature = "postgres")]
pub(super) use postgres::open_postgres;
pub(super) use sqlite::SqliteTruth;
