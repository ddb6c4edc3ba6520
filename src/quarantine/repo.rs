//! Submissions in quarantine, as reviewers find and settle them.
//!
//! Not here: how they came there (`audits/repo.rs`).

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::accounts::Scope;
use crate::audits::repo::QUARANTINED;
use crate::db::DbError;
use crate::db::entities::submission;
use crate::domain::ids::AuditId;
use crate::http::views::Window;

/// What waits, oldest first, or what was settled, newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    is_settled: bool,
    window: Window,
) -> Result<(Vec<submission::Model>, u64), DbError> {
    use submission::Column::{Number, SettledAtMs};
    let found = submission::Entity::find().filter(in_quarantine(scope));
    let found = if is_settled {
        found.filter(SettledAtMs.is_not_null())
    } else {
        found.filter(SettledAtMs.is_null())
    };
    let total = found.clone().count(db).await?;
    let found = if is_settled {
        found.order_by_desc(SettledAtMs).order_by_desc(Number)
    } else {
        found.order_by_asc(Number)
    };
    let rows = found.offset(window.skip).limit(window.take).all(db).await?;
    Ok((rows, total))
}

fn in_quarantine(scope: &Scope) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(submission::Column::AgencyId.eq(scope.agency))
        .add(submission::Column::Outcome.eq(QUARANTINED))
}

/// One of them.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    number: i64,
) -> Result<Option<submission::Model>, DbError> {
    Ok(submission::Entity::find_by_id(number)
        .filter(in_quarantine(scope))
        .one(db)
        .await?)
}

/// The same, its row locked until the transaction ends.
pub async fn lock(
    txn: &DatabaseTransaction,
    scope: &Scope,
    number: i64,
) -> Result<Option<submission::Model>, DbError> {
    Ok(submission::Entity::find_by_id(number)
        .filter(in_quarantine(scope))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Writes what a reviewer has made of it.
pub async fn settle(
    txn: &DatabaseTransaction,
    scope: &Scope,
    number: i64,
    now_ms: i64,
    outcome: &str,
    note: String,
    audit: Option<AuditId>,
) -> Result<(), DbError> {
    use submission::Column;
    submission::Entity::update_many()
        .col_expr(Column::SettledAtMs, Expr::value(now_ms))
        .col_expr(Column::SettledOutcome, Expr::value(outcome))
        .col_expr(Column::SettledBy, Expr::value(scope.person))
        .col_expr(Column::SettledNote, Expr::value(note))
        .col_expr(Column::SettledAuditId, Expr::value(audit))
        .filter(Column::Number.eq(number))
        .exec(txn)
        .await?;
    Ok(())
}
