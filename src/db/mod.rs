//! The database: how it is opened, and the one way in which it is written.
//!
//! Knows SQLite and PostgreSQL, knows no feature. Reads go to [`Db::reader`]; every write is a [`Db::write`].

pub mod entities;
mod error;
pub mod feed;
mod postgres;
mod reader;
mod room;
mod row_security;
mod schema;
pub mod tenancy;
pub mod to_postgres;
mod values;
mod walled;
mod watch;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, Statement, TransactionOptions, TransactionTrait as _,
};

use tracing::Instrument as _;

pub use error::DbError;
use postgres::{Purpose, Servers};
use reader::Lines;
pub use reader::Reader;
pub use room::Room;
use walled::Connections;
use writer::Writer;

/// Before 3.51.3 a reset of the write-ahead log could damage the file.
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS_MAX: u32 = 8;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Where the database is, and how it is to be used.
#[derive(Clone, Debug)]
pub struct Address {
    /// `sqlite:///path/to.db` or `postgres://…`; the latter may name several servers (`postgres.rs`).
    pub url: String,
    /// PostgreSQL: who owns the tables and changes the schema, when that is not who `url` signs in.
    pub owner_url: Option<String>,
    /// PostgreSQL behind pgbouncer in transaction mode.
    pub pooled: bool,
    /// PostgreSQL connections that may be held.
    pub connections_max: u32,
}

impl Address {
    /// `url`, and nothing out of the ordinary.
    pub fn of(url: &str, connections_max: u32) -> Self {
        Self {
            url: url.to_owned(),
            owner_url: None,
            pooled: false,
            connections_max,
        }
    }
}

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: Writing,
    reader: Reader,
    watch: watch::Watch,
}

#[derive(Clone, Debug)]
enum Writing {
    /// SQLite: one connection that all share.
    InTurn(Writer),
    /// PostgreSQL: connections that are not the readers', so that whoever reads while writing waits for nobody who writes.
    AtOnce(Connections),
}

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// What the database says, or that the SQLite library is too old to be trusted.
    pub async fn open(address: &Address) -> anyhow::Result<Self> {
        if let Some(path) = address.url.strip_prefix("sqlite://") {
            return Self::open_sqlite(Path::new(path)).await;
        }
        let servers = Servers::new(&address.url, address.pooled)?;
        servers.look_for_the_primary().await;
        schema::bring_up_to_date(servers.url(), address.owner_url.as_deref()).await?;
        let writers = address.connections_max / 2;
        let readers = address.connections_max - writers;
        Ok(Self {
            writer: Writing::AtOnce(Connections::new(
                Arc::clone(&servers),
                Purpose::Writing,
                writers,
            )),
            reader: Reader {
                lines: Lines::Postgres(Connections::new(servers, Purpose::Reading, readers)),
            },
            watch: watch::Watch::default(),
        })
    }

    async fn open_sqlite(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                anyhow::anyhow!("cannot make the folder {}: {error}", folder.display())
            })?;
        }
        let writer = connect_sqlite(path, 1, "off")
            .await
            .map_err(|error| unusable("opened", path, &error))?;
        try_to_write(&writer)
            .await
            .map_err(|error| unusable("written", path, &error))?;
        let row = writer
            .query_one_raw(Statement::from_string(
                DbBackend::Sqlite,
                "SELECT sqlite_version()",
            ))
            .await?
            .ok_or_else(|| anyhow::anyhow!("SQLite did not say its version"))?;
        let version: String = row.try_get_by_index(0)?;
        anyhow::ensure!(
            parse_version(&version) >= SQLITE_VERSION_MIN,
            "SQLite {version} can damage a database; at least {}.{}.{} is needed",
            SQLITE_VERSION_MIN.0,
            SQLITE_VERSION_MIN.1,
            SQLITE_VERSION_MIN.2,
        );
        schema::migrate_sqlite(&writer).await?;
        let reader = connect_sqlite(path, SQLITE_READERS_MAX, "on").await?;
        Ok(Self {
            writer: Writing::InTurn(Writer::start(writer, path.to_owned())),
            reader: Reader {
                lines: Lines::Sqlite(reader),
            },
            watch: watch::Watch::default(),
        })
    }

    /// For reading. The database refuses to write here.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Which database this is.
    pub fn backend(&self) -> DbBackend {
        self.reader.get_database_backend()
    }

    /// Runs `work` in one transaction and commits it when it returns `Ok`.
    ///
    /// It runs in a task that is not the caller's, so that it ends in COMMIT or ROLLBACK even when the caller's
    /// future is dropped at any await (a phone that hangs up). An error at COMMIT is [`DbError::Unavailable`]:
    /// the outcome is unknown and the caller has to ask again. On SQLite several callers may share one COMMIT
    /// (`writer.rs`); nobody is told of success before it.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let began = Instant::now();
        let written = async {
            match &self.writer {
                Writing::InTurn(writer) => writer.write(work).await,
                Writing::AtOnce(connections) => {
                    let begin = begin(connections.clone(), IsolationLevel::ReadCommitted);
                    in_transaction(begin, work).await
                }
            }
        };
        let result = written.instrument(crate::traces::step("db", "write")).await;
        let seconds = began.elapsed().as_secs_f64();
        self.watch.write_seconds.observe(seconds);
        result
    }

    /// Runs several reads that have to agree with one another: all see the same moment.
    pub async fn snapshot<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &self.reader.lines {
            // A deferred transaction in WAL mode reads one snapshot.
            Lines::Sqlite(connection) => {
                let connection = connection.clone();
                let begin = async move {
                    let options = TransactionOptions::default();
                    Ok((None, connection.begin_with_options(options).await?))
                };
                in_transaction(begin, work).await
            }
            Lines::Postgres(connections) => {
                let begin = begin(connections.clone(), IsolationLevel::RepeatableRead);
                in_transaction(begin, work).await
            }
        }
    }
}

/// Copies the SQLite database in the file `from`, as it is at one moment, into the file `to`, which must not be there.
/// Whoever uses it goes on.
///
/// # Errors
/// As the database has them.
pub async fn copy_sqlite(from: &Path, to: &Path) -> anyhow::Result<()> {
    let connection = connect_sqlite(from, 1, "off").await?;
    let to = to
        .to_str()
        .ok_or_else(|| anyhow::anyhow!("{} is not a name that SQLite can have", to.display()))?;
    let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [to.into()]);
    connection.execute_raw(copy).await?;
    connection.close().await?;
    Ok(())
}

/// A transaction, with the connection that it holds for as long as it lasts.
type Begun = (Option<walled::Taken>, DatabaseTransaction);

async fn begin(connections: Connections, isolation: IsolationLevel) -> Result<Begun, DbErr> {
    match connections.begin(tenancy::current(), isolation).await {
        Ok((line, txn)) => Ok((Some(line), txn)),
        Err(error) => {
            connections.failed(&error);
            Err(error)
        }
    }
}

async fn in_transaction<T, E, F>(
    begin: impl Future<Output = Result<Begun, DbErr>> + Send + 'static,
    work: F,
) -> Result<T, E>
where
    F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let task = tokio::spawn(tenancy::scope(tenancy::current(), async move {
        let (line, txn) = begin.await.map_err(DbError::from)?;
        match work(&txn).await {
            Ok(value) => match txn.commit().await {
                Ok(()) => Ok(value),
                Err(error) => Err(unknown_outcome(error).into()),
            },
            Err(error) => {
                if let Err(rollback) = txn.rollback().await {
                    tracing::warn!(%rollback, "a failed transaction could not be rolled back");
                }
                if let Some(line) = line {
                    line.look_whether_it_writes();
                }
                Err(error)
            }
        }
    }));
    match task.await {
        Ok(result) => result,
        Err(join) => Err(DbError::Internal(join.to_string()).into()),
    }
}

fn unknown_outcome(error: DbErr) -> DbError {
    match DbError::from(error) {
        // Neither leaves anything open: the transaction is gone.
        known @ (DbError::Conflict(_) | DbError::Full(_)) => known,
        other => DbError::Unavailable(format!("the outcome of a commit is unknown: {other}")),
    }
}

/// Says at the start what the first audit would find out.
async fn try_to_write(writer: &DatabaseConnection) -> Result<(), DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let txn = writer.begin_with_options(options).await?;
    txn.execute_unprepared("CREATE TABLE try_to_write (n INTEGER)")
        .await?;
    txn.rollback().await
}

fn unusable(done: &str, path: &Path, error: &DbErr) -> anyhow::Error {
    anyhow::anyhow!(
        "the database {} cannot be {done}: {error}. Is the disk full, or the file or its folder read-only for this user?",
        path.display()
    )
}

async fn connect_sqlite(
    path: &Path,
    connections: u32,
    read_only: &'static str,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // There is no line to it that could break.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .pragma("query_only", read_only)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(SQLITE_BUSY_TIMEOUT)
        });
    Database::connect(options).await
}

fn parse_version(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(parse_version("3.53.0") > SQLITE_VERSION_MIN);
        assert!(parse_version("3.9.10") < SQLITE_VERSION_MIN);
    }
}
