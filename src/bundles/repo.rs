//! Bundles in the database. One whose time is over is nobody's: finders pass it by, and whoever makes it notices.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::bundle::{self, Column};
use crate::domain::ids::BundleId;

pub const WAITING: &str = "waiting";
pub const WORKING: &str = "working";
pub const READY: &str = "ready";
/// Given up; its job tells why and can be tried again. Or nothing was left that whoever asked may see.
pub const FAILED: &str = "failed";

fn seen(scope: &Scope, now_ms: i64) -> Condition {
    Condition::all()
        .add(scope.own(Column::AgencyId, Column::PersonId))
        .add(Column::ExpiresAtMs.gt(now_ms))
}

/// The latest first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now_ms: i64,
    most: u64,
) -> Result<Vec<bundle::Model>, DbError> {
    Ok(bundle::Entity::find()
        .filter(seen(scope, now_ms))
        .order_by_desc(Column::CreatedAtMs)
        .order_by_asc(Column::Id)
        .limit(most)
        .all(db)
        .await?)
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: BundleId,
    now_ms: i64,
) -> Result<Option<bundle::Model>, DbError> {
    Ok(bundle::Entity::find_by_id(id)
        .filter(seen(scope, now_ms))
        .one(db)
        .await?)
}

/// How many somebody has: all, and those that are not made yet.
pub async fn counts(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now_ms: i64,
) -> Result<(u64, u64), DbError> {
    let own = bundle::Entity::find()
        .filter(Column::AgencyId.eq(scope.agency))
        .filter(Column::PersonId.eq(scope.person))
        .filter(Column::ExpiresAtMs.gt(now_ms));
    let all = own.clone().count(db).await?;
    let waiting = own.filter(Column::State.is_in([WAITING, WORKING]));
    Ok((all, waiting.count(db).await?))
}

pub async fn insert(
    txn: &DatabaseTransaction,
    row: bundle::ActiveModel,
) -> Result<bundle::Model, DbError> {
    Ok(bundle::Entity::insert(row).exec_with_returning(txn).await?)
}

/// Whoever may see it; for the job and for housekeeping, which nobody's scope narrows.
pub async fn by_id(
    db: &impl ConnectionTrait,
    id: BundleId,
) -> Result<Option<bundle::Model>, DbError> {
    Ok(bundle::Entity::find_by_id(id).one(db).await?)
}

/// Those whose time is over, at most `most`.
pub async fn expired(
    db: &impl ConnectionTrait,
    now_ms: i64,
    most: u64,
) -> Result<Vec<bundle::Model>, DbError> {
    Ok(bundle::Entity::find()
        .filter(Column::ExpiresAtMs.lte(now_ms))
        .order_by_asc(Column::ExpiresAtMs)
        .limit(most)
        .all(db)
        .await?)
}

pub async fn delete(txn: &DatabaseTransaction, id: BundleId) -> Result<(), DbError> {
    bundle::Entity::delete_by_id(id).exec(txn).await?;
    Ok(())
}

/// Ends its time.
pub async fn expire(txn: &DatabaseTransaction, id: BundleId, now_ms: i64) -> Result<(), DbError> {
    bundle::Entity::update_many()
        .col_expr(Column::ExpiresAtMs, Expr::value(now_ms))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// A new run makes it from its first audit on; whichever run was at it before notices. False when it is made, or gone.
pub async fn begin(
    txn: &DatabaseTransaction,
    id: BundleId,
    run: Uuid,
    now_ms: i64,
) -> Result<bool, DbError> {
    let updated = bundle::Entity::update_many()
        .col_expr(Column::State, Expr::value(WORKING))
        .col_expr(Column::Run, Expr::value(run))
        .col_expr(Column::Pieces, Expr::value(0))
        .col_expr(Column::AuditsDone, Expr::value(0_i64))
        .col_expr(Column::AuditsLeftOut, Expr::value(0_i64))
        .filter(Column::Id.eq(id))
        .filter(Column::State.ne(READY))
        .filter(Column::ExpiresAtMs.gt(now_ms))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    pub done: i64,
    pub left_out: i64,
    pub pieces: i32,
}

fn at_it(id: BundleId, run: Uuid, now_ms: i64) -> Condition {
    Condition::all()
        .add(Column::Id.eq(id))
        .add(Column::Run.eq(run))
        .add(Column::State.eq(WORKING))
        .add(Column::ExpiresAtMs.gt(now_ms))
}

/// Notes how far a run has come; false when another run is at it by now, or nobody wants it any more.
pub async fn go_on(
    txn: &DatabaseTransaction,
    id: BundleId,
    run: Uuid,
    progress: Progress,
    now_ms: i64,
) -> Result<bool, DbError> {
    let updated = bundle::Entity::update_many()
        .col_expr(Column::AuditsDone, Expr::value(progress.done))
        .col_expr(Column::AuditsLeftOut, Expr::value(progress.left_out))
        .col_expr(Column::Pieces, Expr::value(progress.pieces))
        .filter(at_it(id, run, now_ms))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Made {
    /// As in the row.
    pub audits: String,
    pub size_bytes: i64,
    pub redactions: i64,
    pub expires_at_ms: i64,
}

/// It can be fetched from now on; false as in [`go_on`].
pub async fn finish(
    txn: &DatabaseTransaction,
    id: BundleId,
    run: Uuid,
    made: Made,
    now_ms: i64,
) -> Result<bool, DbError> {
    let updated = bundle::Entity::update_many()
        .col_expr(Column::State, Expr::value(READY))
        .col_expr(Column::Audits, Expr::value(made.audits))
        .col_expr(Column::SizeBytes, Expr::value(made.size_bytes))
        .col_expr(Column::Redactions, Expr::value(made.redactions))
        .col_expr(Column::FinishedAtMs, Expr::value(now_ms))
        .col_expr(Column::ExpiresAtMs, Expr::value(made.expires_at_ms))
        .filter(at_it(id, run, now_ms))
        .exec(txn)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Nobody makes it any more.
pub async fn fail(txn: &DatabaseTransaction, id: BundleId, now_ms: i64) -> Result<(), DbError> {
    bundle::Entity::update_many()
        .col_expr(Column::State, Expr::value(FAILED))
        .col_expr(Column::FinishedAtMs, Expr::value(now_ms))
        .filter(Column::Id.eq(id))
        .filter(Column::State.ne(READY))
        .exec(txn)
        .await?;
    Ok(())
}
