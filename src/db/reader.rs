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
macro_rules! on_a_line {
    ($self:ident, $run:ident, $statement:expr) => {
        match &$self.lines {
            Lines::Sqlite(connection) => connection.$run($statement).await,
            Lines::Postgres(connections) => {
                let result = async {
                    if !connections.is_pooled() {
                        let line = connections.take(tenancy::current()).await?;
                        return line.connection().$run($statement).await;
                    }
                    let (_line, txn) = connections
                        .begin(tenancy::current(), IsolationLevel::ReadCommitted)
                        .await?;
                    let result = txn.$run($statement).await?;
                    txn.commit().await?;
                    Ok(result)
                }
                .await;
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
        on_a_line!(self, execute_raw, statement)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        on_a_line!(self, execute_unprepared, sql)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        on_a_line!(self, query_one_raw, statement)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        on_a_line!(self, query_all_raw, statement)
    }
}
