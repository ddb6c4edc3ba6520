//! The job table: finding what is due, taking, keeping, finishing and putting back.
//!
//! A job that is held is due again when its lease ends, so one column says for all jobs when to look at them. Whoever
//! holds one proves it by the lease's id: what another has taken since cannot be settled here.

use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::db::DbError;
use crate::db::entities::job::{self, Column};
use crate::domain::ids::JobId;

pub const READY: &str = "ready";
/// Given up after many attempts; an admin may put it back.
pub const DEAD: &str = "dead";

/// Reasons are for people; a longer one is cut.
const ERROR_CHARS_MAX: usize = 1000;

fn due(kind: &'static str, now_ms: i64) -> Condition {
    Condition::all()
        .add(Column::State.eq(READY))
        .add(Column::Kind.eq(kind))
        .add(Column::RunAtMs.lte(now_ms))
}

/// Whether any job of a kind is due: one look into an index, so that an idle node writes nothing.
pub async fn is_any_due(
    db: &impl ConnectionTrait,
    kind: &'static str,
    now_ms: i64,
) -> Result<bool, DbError> {
    let found: Option<JobId> = job::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(due(kind, now_ms))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// The jobs of a kind that have been due longest, at most `most`, now held under `lease` until `lease_until_ms`.
pub async fn take(
    txn: &DatabaseTransaction,
    kind: &'static str,
    most: u64,
    lease: Uuid,
    now_ms: i64,
    lease_until_ms: i64,
) -> Result<Vec<job::Model>, DbError> {
    let mut found = job::Entity::find()
        .filter(due(kind, now_ms))
        .order_by_asc(Column::RunAtMs)
        .limit(most);
    if txn.get_database_backend() == DbBackend::Postgres {
        found = found.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut jobs = found.all(txn).await?;
    if jobs.is_empty() {
        return Ok(jobs);
    }
    use sea_orm::sea_query::ExprTrait as _;
    job::Entity::update_many()
        .col_expr(Column::Lease, Expr::value(lease))
        .col_expr(Column::RunAtMs, Expr::value(lease_until_ms))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(jobs.iter().map(|job| job.id)))
        .exec(txn)
        .await?;
    for job in &mut jobs {
        job.attempts += 1;
        job.lease = Some(lease);
    }
    Ok(jobs)
}

fn held(job: JobId, lease: Uuid) -> Condition {
    Condition::all()
        .add(Column::Id.eq(job))
        .add(Column::Lease.eq(lease))
}

/// Holds a job for longer; false when it is not held any more.
pub async fn renew(
    txn: &DatabaseTransaction,
    job: JobId,
    lease: Uuid,
    lease_until_ms: i64,
) -> Result<bool, DbError> {
    let updated = job::Entity::update_many()
        .col_expr(Column::RunAtMs, Expr::value(lease_until_ms))
        .filter(held(job, lease))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Removes a job that is done, or puts it back if it was asked for again meanwhile; false when it is not held any more.
pub async fn finish(
    txn: &DatabaseTransaction,
    job: &job::Model,
    lease: Uuid,
    now_ms: i64,
) -> Result<bool, DbError> {
    let deleted = job::Entity::delete_many()
        .filter(held(job.id, lease))
        .filter(Column::Asked.eq(job.asked))
        .exec(txn)
        .await?;
    if deleted.rows_affected == 1 {
        return Ok(true);
    }
    put_back(txn, job.id, lease, READY, 0, now_ms, None).await
}

/// Puts a job back after a failure, or gives it up; false when it is not held any more.
pub async fn put_back(
    txn: &DatabaseTransaction,
    job: JobId,
    lease: Uuid,
    state: &'static str,
    attempts: i32,
    run_at_ms: i64,
    failure: Option<(i64, String)>,
) -> Result<bool, DbError> {
    let (failed_at_ms, error) = failure.unzip();
    let error = error.map(|text| text.chars().take(ERROR_CHARS_MAX).collect::<String>());
    let updated = job::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::RunAtMs, Expr::value(run_at_ms))
        .col_expr(Column::Lease, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::LastError, Expr::value(error))
        .col_expr(Column::FailedAtMs, Expr::value(failed_at_ms))
        .filter(held(job, lease))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected == 1)
}
