//! The four shapes that a failing database has for the rest of the program. What a shape means to a caller is decided above.

use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// Why the database did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DbError {
    /// A unique or foreign-key constraint refused the write; the text is the database's own.
    #[error("a constraint refused the write: {0}")]
    Conflict(String),
    /// The database is away, too busy, or the outcome of a commit is not known. Asking again later is right.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The disk is full. Reading goes on; writing may be tried again when there is room.
    #[error("the database has no room: {0}")]
    Full(String),
    /// What was read is not what was written.
    #[error("a row cannot be read: {0}")]
    Corrupt(String),
    /// Our own mistake.
    #[error("the database refused a statement: {0}")]
    Internal(String),
}

/// SQLSTATE classes and codes after which the same request may succeed: connection trouble, operator
/// intervention, insufficient resources, serialisation failure, deadlock, lock not available.
/// Source: PostgreSQL 15 manual, appendix A.
const RETRYABLE_SQLSTATES: [&str; 7] = ["08", "57", "53", "40001", "40P01", "55P03", "25006"];
/// PostgreSQL's disk_full, which is one of them.
const FULL_SQLSTATE: &str = "53100";
/// SQLite's primary result codes BUSY, LOCKED, READONLY, IOERR, CANTOPEN. Source: sqlite.org/rescode.html.
const RETRYABLE_SQLITE: [i64; 5] = [5, 6, 8, 10, 14];
/// And FULL.
const FULL_SQLITE: i64 = 13;

impl From<DbErr> for DbError {
    fn from(error: DbErr) -> Self {
        Self::from_ref(&error)
    }
}

impl DbError {
    /// The shape of `error`.
    pub(super) fn from_ref(error: &DbErr) -> Self {
        if let Some(
            SqlErr::UniqueConstraintViolation(text) | SqlErr::ForeignKeyConstraintViolation(text),
        ) = error.sql_err()
        {
            return Self::Conflict(text);
        }
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable(error.to_string()),
            DbErr::Exec(cause) | DbErr::Query(cause) if is_full(cause) => {
                Self::Full(error.to_string())
            }
            DbErr::Exec(cause) | DbErr::Query(cause) if may_pass(cause) => {
                Self::Unavailable(error.to_string())
            }
            DbErr::Type(_) | DbErr::Json(_) => Self::Corrupt(error.to_string()),
            _ => Self::Internal(error.to_string()),
        }
    }
}

fn is_full(cause: &RuntimeErr) -> bool {
    let RuntimeErr::SqlxError(error) = cause else {
        return false;
    };
    let sea_orm::SqlxError::Database(error) = &**error else {
        return false;
    };
    error.code().is_some_and(|code| {
        code == FULL_SQLSTATE
            || code.len() != 5
                && code
                    .parse::<i64>()
                    .is_ok_and(|code| code & 0xff == FULL_SQLITE)
    })
}

fn may_pass(cause: &RuntimeErr) -> bool {
    let RuntimeErr::SqlxError(error) = cause else {
        return false;
    };
    match &**error {
        sea_orm::SqlxError::Io(_)
        | sea_orm::SqlxError::Tls(_)
        | sea_orm::SqlxError::Protocol(_)
        | sea_orm::SqlxError::PoolTimedOut
        | sea_orm::SqlxError::PoolClosed
        | sea_orm::SqlxError::WorkerCrashed => true,
        sea_orm::SqlxError::Database(error) => error.code().is_some_and(|code| {
            // SQLSTATEs have five characters; SQLite's extended codes are shorter numbers.
            if code.len() == 5 {
                RETRYABLE_SQLSTATES
                    .iter()
                    .any(|state| code.starts_with(state))
            } else {
                code.parse::<i64>()
                    .is_ok_and(|code| RETRYABLE_SQLITE.contains(&(code & 0xff)))
            }
        }),
        _ => false,
    }
}
