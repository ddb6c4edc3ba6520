//! An agency's jobs. Not here: taking and settling them (`jobs/repo.rs`).

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::job::{self, Column};
use crate::domain::ids::JobId;
use crate::http::views::Window;
use crate::jobs::{DEAD, READY};

fn own(scope: &Scope) -> Condition {
    Condition::all().add(Column::AgencyId.eq(scope.agency))
}

/// Those in a state, of one kind or of all: what was given up last, or what is due next, comes first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: &'static str,
    kind: Option<&str>,
    window: Window,
) -> Result<(Vec<job::Model>, u64), DbError> {
    let mut found = job::Entity::find()
        .filter(own(scope))
        .filter(Column::State.eq(state));
    if let Some(kind) = kind {
        found = found.filter(Column::Kind.eq(kind));
    }
    let total = found.clone().count(db).await?;
    let found = match state {
        DEAD => found.order_by_desc(Column::FailedAtMs),
        _ => found.order_by_asc(Column::RunAtMs),
    };
    let rows = found
        .order_by_asc(Column::Id)
        .offset(window.skip)
        .limit(window.take)
        .all(db)
        .await?;
    Ok((rows, total))
}

/// How many there are of each kind in each state.
pub async fn counts(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<(String, String, i64)>, DbError> {
    Ok(job::Entity::find()
        .select_only()
        .columns([Column::Kind, Column::State])
        .expr(Expr::col(Column::Id).count())
        .filter(own(scope))
        .group_by(Column::Kind)
        .group_by(Column::State)
        .order_by_asc(Column::Kind)
        .into_tuple()
        .all(db)
        .await?)
}

/// One of them, its row locked until the transaction ends.
pub async fn lock(
    txn: &DatabaseTransaction,
    scope: &Scope,
    id: JobId,
) -> Result<Option<job::Model>, DbError> {
    Ok(job::Entity::find_by_id(id)
        .filter(own(scope))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Puts back what was given up: one job, or all of a kind. Returns how many.
pub async fn retry(
    txn: &DatabaseTransaction,
    scope: &Scope,
    which: Condition,
    now_ms: i64,
) -> Result<u64, DbError> {
    let updated = job::Entity::update_many()
        .col_expr(Column::State, Expr::value(READY))
        .col_expr(Column::Attempts, Expr::value(0))
        .col_expr(Column::RunAtMs, Expr::value(now_ms))
        .filter(own(scope))
        .filter(Column::State.eq(DEAD))
        .filter(which)
        .exec(txn)
        .await?;
    Ok(updated.rows_affected)
}

/// The one with this id.
pub fn one(id: JobId) -> Condition {
    Condition::all().add(Column::Id.eq(id))
}

/// All of a kind.
pub fn of_kind(kind: &str) -> Condition {
    Condition::all().add(Column::Kind.eq(kind))
}

pub async fn delete(txn: &DatabaseTransaction, scope: &Scope, id: JobId) -> Result<(), DbError> {
    job::Entity::delete_many()
        .filter(own(scope))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}
