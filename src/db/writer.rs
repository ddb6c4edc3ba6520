//! SQLite's one writer: everything that waits for it is written in turn and made durable by one COMMIT.
//!
//! A commit is a sync of the disk, and SQLite syncs for one transaction at a time. So each unit of work runs in a
//! savepoint of its own, and what was waiting when the first began shares its transaction. Nobody is told of success
//! before the COMMIT that holds their work; a unit that fails is undone alone.
//!
//! Not here: PostgreSQL, which takes many writers and shares their syncs itself.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};
use tokio::sync::{mpsc, oneshot};

use super::{ACQUIRE_TIMEOUT, DbError, unknown_outcome};

/// Units that share one transaction at most, so that the first does not wait long for the last.
const SHARED_MAX: usize = 64;
/// Units that wait at most; who comes then waits to be let in, and is turned away after the time for a connection.
const WAITING_MAX: usize = 1024;

/// Hands work to the task that owns the writing connection. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Box<dyn Unit>>,
}

impl Writer {
    /// Starts the task, which opens `path` again when it must; it ends when the last clone is gone.
    pub fn start(connection: DatabaseConnection, path: PathBuf) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(write_all(connection, path, waiting));
        Self { queue }
    }

    /// Runs `work` in a savepoint and returns its value once that is durable.
    ///
    /// What has been handed over is run to its end, even when the caller's future is dropped.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (teller, told) = oneshot::channel();
        let unit = Box::new(Work { work, teller });
        match tokio::time::timeout(ACQUIRE_TIMEOUT, self.queue.send(unit)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(DbError::Internal("the writer has ended".to_owned()).into()),
            Err(_) => {
                let why = "too much work waits to be written".to_owned();
                return Err(DbError::Unavailable(why).into());
            }
        }
        told.await
            .unwrap_or_else(|_| Err(DbError::Internal("a write panicked".to_owned()).into()))
    }
}

/// A unit of work whose types are its own business.
trait Unit: Send {
    fn run<'t>(self: Box<Self>, txn: &'t DatabaseTransaction) -> BoxFuture<'t, Ran>;
    fn refuse(self: Box<Self>, error: DbError);
}

/// A unit that has run: whether it is to be kept, and how to tell its caller what became of the COMMIT.
struct Ran {
    keep: bool,
    tell: Box<dyn FnOnce(Result<(), DbError>) + Send>,
}

struct Work<F, T, E> {
    work: F,
    teller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Unit for Work<F, T, E>
where
    F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<T, E>> + Send,
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    fn run<'t>(self: Box<Self>, txn: &'t DatabaseTransaction) -> BoxFuture<'t, Ran> {
        let Self { work, teller } = *self;
        let running = work(txn);
        Box::pin(async move {
            let result = running.await;
            Ran {
                keep: result.is_ok(),
                tell: Box::new(move |committed| {
                    // Nobody listens any more when the caller has hung up.
                    let _ = teller.send(match committed {
                        Ok(()) => result,
                        Err(error) => result.and(Err(error.into())),
                    });
                }),
            }
        })
    }

    fn refuse(self: Box<Self>, error: DbError) {
        let _ = self.teller.send(Err(error.into()));
    }
}

/// A connection on which anything went wrong around a unit is not used again. When a disk is full, SQLite undoes a whole
/// transaction by itself, or leaves it open at COMMIT; what counts transactions above it then counts wrong, and later work
/// would be written into a transaction that nobody ever commits.
async fn write_all(
    connection: DatabaseConnection,
    path: PathBuf,
    mut waiting: mpsc::Receiver<Box<dyn Unit>>,
) {
    let mut sound = Some(connection);
    while let Some(first) = waiting.recv().await {
        let connection = match sound.take() {
            Some(connection) => connection,
            None => match super::connect_sqlite(&path, 1, "off").await {
                Ok(connection) => connection,
                Err(error) => {
                    first.refuse(DbError::from(error));
                    continue;
                }
            },
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let is_sound = match connection.begin_with_options(options).await {
            Ok(txn) => share(txn, first, &mut waiting).await,
            Err(error) => {
                first.refuse(DbError::from(error));
                false
            }
        };
        if is_sound {
            sound = Some(connection);
        } else {
            tracing::warn!(
                "a write broke its transaction: the database is opened anew for the next"
            );
            let closed = tokio::time::timeout(ACQUIRE_TIMEOUT, connection.close()).await;
            if !matches!(closed, Ok(Ok(()))) {
                tracing::error!("the connection whose transaction broke does not close");
            }
        }
    }
}

/// Runs `first` and whatever waits behind it in one transaction, commits it, and tells everybody. Returns whether that went
/// as it should, units that fail by themselves aside.
async fn share(
    txn: DatabaseTransaction,
    first: Box<dyn Unit>,
    waiting: &mut mpsc::Receiver<Box<dyn Unit>>,
) -> bool {
    let mut ran = Vec::new();
    let mut next = Some(first);
    let mut broken = None;
    while let Some(unit) = next.take() {
        match in_savepoint(&txn, unit).await {
            Ok(unit) => ran.push(unit),
            Err(error) => {
                broken = Some(error);
                break;
            }
        }
        if ran.len() < SHARED_MAX {
            next = waiting.try_recv().ok();
        }
    }
    let committed = match broken {
        None => txn.commit().await.map_err(unknown_outcome),
        Some(error) => {
            if let Err(rollback) = txn.rollback().await {
                tracing::warn!(%rollback, "a broken transaction could not be rolled back");
            }
            Err(error)
        }
    };
    let is_sound = committed.is_ok();
    for unit in ran {
        (unit.tell)(committed.clone());
    }
    is_sound
}

/// Runs one unit. An error means that the transaction around it is of no use any more, for nobody: a full disk makes
/// SQLite undo all of it, and a panic leaves it somewhere in the middle.
async fn in_savepoint(txn: &DatabaseTransaction, unit: Box<dyn Unit>) -> Result<Ran, DbError> {
    let savepoint = match txn.begin().await {
        Ok(savepoint) => savepoint,
        Err(error) => {
            let error = unusable(&error);
            unit.refuse(error.clone());
            return Err(error);
        }
    };
    let Ok(ran) = AssertUnwindSafe(unit.run(&savepoint)).catch_unwind().await else {
        drop(savepoint);
        return Err(DbError::Unavailable(
            "another write of the same transaction panicked".to_owned(),
        ));
    };
    let ended = if ran.keep {
        savepoint.commit().await
    } else {
        savepoint.rollback().await
    };
    if let Err(error) = ended {
        let error = unusable(&error);
        (ran.tell)(Err(error.clone()));
        return Err(error);
    }
    Ok(ran)
}

fn unusable(error: &DbErr) -> DbError {
    DbError::Unavailable(format!("a transaction broke: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
    use tokio::sync::Notify;

    use super::*;
    use crate::db::{Address, Db};

    async fn fresh(folder: &tempfile::TempDir) -> Db {
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let db = Db::open(&Address::of(&url, 2)).await.unwrap();
        statement(&db, "CREATE TABLE note (text TEXT NOT NULL UNIQUE)")
            .await
            .unwrap();
        db
    }

    async fn statement(db: &Db, sql: &'static str) -> Result<(), DbError> {
        db.write(move |txn| {
            Box::pin(async move {
                txn.execute_unprepared(sql).await?;
                Ok(())
            })
        })
        .await
    }

    async fn notes(db: &Db) -> Vec<String> {
        let sql = Statement::from_string(DbBackend::Sqlite, "SELECT text FROM note ORDER BY text");
        let rows = db.reader().query_all_raw(sql).await.unwrap();
        rows.iter()
            .map(|row| row.try_get_by_index(0).unwrap())
            .collect()
    }

    /// Holds the writer until `go`, so that what is handed over meanwhile shares the transaction.
    async fn hold(db: &Db, go: &Arc<Notify>) -> tokio::task::JoinHandle<Result<(), DbError>> {
        let (db, go) = (db.clone(), Arc::clone(go));
        let (begun, begins) = oneshot::channel();
        let held = tokio::spawn(async move {
            db.write(move |txn| {
                Box::pin(async move {
                    txn.execute_unprepared("INSERT INTO note VALUES ('first')")
                        .await?;
                    let _ = begun.send(());
                    go.notified().await;
                    Ok(())
                })
            })
            .await
        });
        begins.await.unwrap();
        held
    }

    #[tokio::test]
    async fn a_unit_that_fails_is_undone_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = fresh(&folder).await;
        let go = Arc::new(Notify::new());
        let first = hold(&db, &go).await;
        let second = statement(&db, "INSERT INTO note VALUES ('second')");
        let twice = statement(
            &db,
            "INSERT INTO note VALUES ('gone'); INSERT INTO note VALUES ('first')",
        );
        let third = statement(&db, "INSERT INTO note VALUES ('third')");
        let all = futures::future::join3(second, twice, third);
        let (all, ()) = tokio::join!(all, async { go.notify_one() });
        assert!(first.await.unwrap().is_ok());
        assert!(matches!(all, (Ok(()), Err(DbError::Conflict(_)), Ok(()))));
        assert_eq!(notes(&db).await, ["first", "second", "third"]);
    }

    #[tokio::test]
    async fn nobody_is_told_of_success_before_the_commit() {
        let folder = tempfile::tempdir().unwrap();
        let db = fresh(&folder).await;
        let go = Arc::new(Notify::new());
        let first = hold(&db, &go).await;
        // Handed over while the first still holds the transaction that both share, which this one breaks.
        let panics = db.write::<(), DbError, _>(|_| Box::pin(async { panic!("as a test wants") }));
        let (panicked, ()) = tokio::join!(panics, async { go.notify_one() });
        assert!(matches!(panicked, Err(DbError::Internal(_))));
        assert!(matches!(first.await.unwrap(), Err(DbError::Unavailable(_))));
        assert!(notes(&db).await.is_empty());
        statement(&db, "INSERT INTO note VALUES ('later')")
            .await
            .unwrap();
        assert_eq!(notes(&db).await, ["later"]);
    }

    #[tokio::test]
    async fn after_a_full_disk_what_is_told_to_be_written_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let db = fresh(&folder).await;
        for round in 0..3 {
            // SQLite says the same as when the disk is full.
            statement(&db, "PRAGMA max_page_count = 8").await.unwrap();
            let mut refused = None;
            for _ in 0..40 {
                let long = "INSERT INTO note SELECT hex(randomblob(3000))";
                if let Err(error) = statement(&db, long).await {
                    refused = Some(error);
                    break;
                }
            }
            let refused = refused.unwrap();
            assert!(
                matches!(refused, DbError::Full(_) | DbError::Unavailable(_)),
                "{refused}"
            );
            let later: [&'static str; 3] = [
                "INSERT INTO note VALUES ('later 0')",
                "INSERT INTO note VALUES ('later 1')",
                "INSERT INTO note VALUES ('later 2')",
            ];
            statement(&db, later[round]).await.unwrap();
            let there = notes(&db).await;
            assert!(there.contains(&format!("later {round}")), "round {round}");
        }
    }

    #[tokio::test]
    async fn what_was_handed_over_is_done_although_nobody_waits() {
        let folder = tempfile::tempdir().unwrap();
        let db = fresh(&folder).await;
        let go = Arc::new(Notify::new());
        let first = hold(&db, &go).await;
        let second = statement(&db, "INSERT INTO note VALUES ('second')");
        assert!(second.now_or_never().is_none());
        go.notify_one();
        first.await.unwrap().unwrap();
        statement(&db, "INSERT INTO note VALUES ('third')")
            .await
            .unwrap();
        assert_eq!(notes(&db).await, ["first", "second", "third"]);
    }
}
