//! The database: how it is opened, and the one way in which it is written.
//!
//! Knows SQLite and PostgreSQL, knows no feature. Reads go to [`Db::reader`]; every write is a [`Db::write`].

pub mod entities;
mod error;
pub mod feed;
mod values;
mod writer;

use std::path::Path;
use std::time::Duration;

use futures::future::BoxFuture;
use plainclothes_migrations::{Migrator, MigratorTrait as _};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, IsolationLevel, Statement, TransactionOptions, TransactionTrait as _,
};

pub use error::DbError;
use writer::Writer;

/// Before 3.51.3 a reset of the write-ahead log could damage the file.
const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);
const SQLITE_BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS_MAX: u32 = 8;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that was used a moment ago is not asked whether it is still there: that would be a round trip for each
/// statement. One that has died meanwhile fails one request with a 503, which phones ask again.
const PING_AFTER_IDLE: Duration = Duration::from_secs(5);
const STATEMENT_TIMEOUT_MS: u32 = 30_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS: u32 = 30_000;

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    writer: Writing,
    reader: DatabaseConnection,
}

#[derive(Clone, Debug)]
enum Writing {
    /// SQLite: one connection that all share.
    InTurn(Writer),
    /// PostgreSQL: a pool that is not the readers', so that whoever reads while writing waits for nobody who writes.
    AtOnce(DatabaseConnection),
}

impl Db {
    /// Opens `url` (`sqlite:///path/to.db` or `postgres://…`) and brings its schema up to date.
    ///
    /// # Errors
    /// What the database says, or that the SQLite library is too old to be trusted.
    pub async fn open(url: &str, connections_max: u32) -> anyhow::Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Self::open_sqlite(Path::new(path)).await;
        }
        let writers = connections_max / 2;
        let writer = Database::connect(postgres(url, writers, "off")).await?;
        // Several nodes may start at once: the advisory lock lets one migrate and the others wait.
        let txn = writer.begin().await?;
        txn.execute_unprepared("SELECT pg_advisory_xact_lock(7245120816)")
            .await?;
        Migrator::up(&txn, None).await?;
        txn.commit().await?;
        let reader = postgres(url, connections_max - writers, "on");
        Ok(Self {
            writer: Writing::AtOnce(writer),
            reader: Database::connect(reader).await?,
        })
    }

    async fn open_sqlite(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                anyhow::anyhow!("cannot make the folder {}: {error}", folder.display())
            })?;
        }
        let writer = connect_sqlite(path, 1, "off").await?;
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
        Migrator::up(&writer, None).await?;
        let reader = connect_sqlite(path, SQLITE_READERS_MAX, "on").await?;
        Ok(Self {
            writer: Writing::InTurn(Writer::start(writer)),
            reader,
        })
    }

    /// For reading. The database refuses to write here: that would not survive a caller that hangs up, and with
    /// sqlx 0.9.0 it could be acknowledged and vanish, on a connection that a dropped BEGIN has left in a transaction.
    pub fn reader(&self) -> &DatabaseConnection {
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
        match &self.writer {
            Writing::InTurn(writer) => writer.write(work).await,
            Writing::AtOnce(pool) => {
                in_transaction(pool.clone(), TransactionOptions::default(), work).await
            }
        }
    }

    /// Runs several reads that have to agree with one another: all see the same moment.
    pub async fn snapshot<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let options = match self.backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            // A deferred transaction in WAL mode reads one snapshot.
            _ => TransactionOptions::default(),
        };
        in_transaction(self.reader.clone(), options, work).await
    }
}

async fn in_transaction<T, E, F>(
    pool: DatabaseConnection,
    options: TransactionOptions,
    work: F,
) -> Result<T, E>
where
    F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    let task = tokio::spawn(async move {
        let txn = pool
            .begin_with_options(options)
            .await
            .map_err(DbError::from)?;
        match work(&txn).await {
            Ok(value) => match txn.commit().await {
                Ok(()) => Ok(value),
                Err(error) => Err(unknown_outcome(error).into()),
            },
            Err(error) => {
                if let Err(rollback) = txn.rollback().await {
                    tracing::warn!(%rollback, "a failed transaction could not be rolled back");
                }
                Err(error)
            }
        }
    });
    match task.await {
        Ok(result) => result,
        Err(join) => Err(DbError::Internal(join.to_string()).into()),
    }
}

fn unknown_outcome(error: DbErr) -> DbError {
    match DbError::from(error) {
        conflict @ DbError::Conflict(_) => conflict,
        other => DbError::Unavailable(format!("the outcome of a commit is unknown: {other}")),
    }
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

fn postgres(url: &str, connections: u32, read_only: &'static str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire_if_idle_for(PING_AFTER_IDLE)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |postgres| {
            postgres.application_name("plainclothes").options([
                ("default_transaction_read_only", read_only.to_owned()),
                ("statement_timeout", STATEMENT_TIMEOUT_MS.to_string()),
                (
                    "idle_in_transaction_session_timeout",
                    IDLE_IN_TRANSACTION_TIMEOUT_MS.to_string(),
                ),
            ])
        });
    options
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
