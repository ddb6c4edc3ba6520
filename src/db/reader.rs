//! For reading: a connection that the database itself keeps from writing, and that shows the caller's rows only.
//!
//! That it cannot write is on purpose: a write here would not survive a caller that hangs up, and with sqlx 0.9.0 it could
//! be acknowledged and vanish, on a connection that a dropped BEGIN has left in a transaction.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, IsolationLevel, QueryResult,
    Statement,
};

use super::tenancy;
use super::walled::Connections;

/// Where statements that only read go; each one may go over another connection. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(super) lines: Lines,
}

#[derive(Clone, Debug)]
pub(super) enum Lines {
    Sqlite(DatabaseConnection),
    Postgres(Connections),
}

/// Runs one statement: on SQLite as it is, on PostgreSQL where the caller's rows are visible.
///
/// Where that takes a transaction, it runs in a task of its own: a BEGIN must not be dropped with the caller's future.
macro_rules! on_a_line {
    ($self:ident, $run:ident, $statement:ident, $owned:ident => $passed:expr) => {
        match &$self.lines {
            Lines::Sqlite(connection) => connection.$run($statement).await,
            Lines::Postgres(connections) => {
                let connections = connections.clone();
                let tenancy = tenancy::current();
                let result = if connections.is_pooled() {
                    let (connections, $owned) = (connections.clone(), $statement.to_owned());
                    let task = tokio::spawn(async move {
                        let (_line, txn) = connections
                            .begin(tenancy, IsolationLevel::ReadCommitted)
                            .await?;
                        let result = txn.$run($passed).await?;
                        txn.commit().await?;
                        Ok(result)
                    });
                    let ended = task.await;
                    ended.unwrap_or_else(|error| Err(DbErr::Custom(error.to_string())))
                } else {
                    match connections.take(tenancy).await {
                        Ok(line) => line.connection().$run($statement).await,
                        Err(error) => Err(error),
                    }
                };
                if let Err(error) = &result {
                    connections.failed(error);
                }
                result
            }
        }
    };
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        match &self.lines {
            Lines::Sqlite(_) => DbBackend::Sqlite,
            Lines::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        on_a_line!(self, execute_raw, statement, owned => owned)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        on_a_line!(self, execute_unprepared, sql, owned => &owned)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        on_a_line!(self, query_one_raw, statement, owned => owned)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        on_a_line!(self, query_all_raw, statement, owned => owned)
    }
}
