//! The job table: taking, finishing and putting back.

use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::db::DbError;
use crate::db::entities::job;
use crate::domain::ids::JobId;

pub const READY: &str = "ready";
/// Given up after many attempts; an admin may put it back.
pub const DEAD: &str = "dead";

/// The oldest job that is due and that nobody holds a lease on, now leased until `lease_until_ms`.
pub async fn take(
    txn: &DatabaseTransaction,
    now_ms: i64,
    lease_until_ms: i64,
) -> Result<Option<job::Model>, DbError> {
    let free = Condition::any()
        .add(job::Column::LeaseUntilMs.is_null())
        .add(job::Column::LeaseUntilMs.lte(now_ms));
    let mut due = job::Entity::find()
        .filter(job::Column::State.eq(READY))
        .filter(job::Column::RunAtMs.lte(now_ms))
        .filter(free)
        .order_by_asc(job::Column::RunAtMs)
        .limit(1);
    if txn.get_database_backend() == DbBackend::Postgres {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let Some(mut job) = due.one(txn).await? else {
        return Ok(None);
    };
    job.attempts += 1;
    job::Entity::update_many()
        .col_expr(job::Column::LeaseUntilMs, Expr::value(lease_until_ms))
        .col_expr(job::Column::Attempts, Expr::value(job.attempts))
        .filter(job::Column::Id.eq(job.id))
        .exec(txn)
        .await?;
    Ok(Some(job))
}

pub async fn finish(txn: &DatabaseTransaction, job: JobId) -> Result<(), DbError> {
    job::Entity::delete_by_id(job).exec(txn).await?;
    Ok(())
}

pub async fn put_back(
    txn: &DatabaseTransaction,
    job: JobId,
    state: &'static str,
    run_at_ms: i64,
    error: String,
) -> Result<(), DbError> {
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(state))
        .col_expr(job::Column::RunAtMs, Expr::value(run_at_ms))
        .col_expr(job::Column::LeaseUntilMs, Expr::value(Option::<i64>::None))
        .col_expr(job::Column::LastError, Expr::value(error))
        .filter(job::Column::Id.eq(job))
        .exec(txn)
        .await?;
    Ok(())
}
