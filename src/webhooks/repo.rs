//! Registered addresses.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::webhook::{self, Column};
use crate::domain::ids::{AgencyId, ClientId, WebhookId};

pub const ACTIVE: &str = "active";
pub const FAILING: &str = "failing";

/// All of an agency, the oldest first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<webhook::Model>, DbError> {
    Ok(webhook::Entity::find()
        .filter(Column::AgencyId.eq(scope.agency))
        .order_by_asc(Column::CreatedAtMs)
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

pub async fn count(db: &impl ConnectionTrait, scope: &Scope) -> Result<u64, DbError> {
    Ok(webhook::Entity::find()
        .filter(Column::AgencyId.eq(scope.agency))
        .count(db)
        .await?)
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: WebhookId,
) -> Result<Option<webhook::Model>, DbError> {
    Ok(webhook::Entity::find_by_id(id)
        .filter(Column::AgencyId.eq(scope.agency))
        .one(db)
        .await?)
}

/// For the program itself, which delivers to it.
pub async fn by_id(
    db: &impl ConnectionTrait,
    id: WebhookId,
) -> Result<Option<webhook::Model>, DbError> {
    Ok(webhook::Entity::find_by_id(id).one(db).await?)
}

/// Those that want to know of what happens to a client.
pub async fn of_client(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    client: ClientId,
) -> Result<Vec<WebhookId>, DbError> {
    let whose = Condition::any()
        .add(Column::ClientId.is_null())
        .add(Column::ClientId.eq(client));
    let rows = webhook::Entity::find()
        .filter(Column::AgencyId.eq(agency))
        .filter(whose)
        .all(txn)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

pub async fn insert(
    txn: &DatabaseTransaction,
    row: webhook::ActiveModel,
) -> Result<webhook::Model, DbError> {
    Ok(webhook::Entity::insert(row)
        .exec_with_returning(txn)
        .await?)
}

/// True when there was one.
pub async fn delete(
    txn: &DatabaseTransaction,
    scope: &Scope,
    id: WebhookId,
) -> Result<bool, DbError> {
    let deleted = webhook::Entity::delete_many()
        .filter(Column::AgencyId.eq(scope.agency))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(deleted.rows_affected == 1)
}

/// Something arrived there.
pub async fn delivered(
    txn: &DatabaseTransaction,
    id: WebhookId,
    now_ms: i64,
) -> Result<(), DbError> {
    webhook::Entity::update_many()
        .col_expr(Column::State, Expr::value(ACTIVE))
        .col_expr(Column::DeadDeliveries, Expr::value(0))
        .col_expr(Column::LastError, Expr::value(Option::<String>::None))
        .col_expr(Column::LastDeliveredAtMs, Expr::value(now_ms))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}

/// A delivery was given up. From `failing_from` in a row on, it counts as failing.
pub async fn gave_up(
    txn: &DatabaseTransaction,
    id: WebhookId,
    why: &str,
    failing_from: i32,
) -> Result<(), DbError> {
    let Some(row) = by_id(txn, id).await? else {
        return Ok(());
    };
    let dead = row.dead_deliveries.saturating_add(1);
    let state = if dead >= failing_from {
        FAILING
    } else {
        ACTIVE
    };
    webhook::Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::DeadDeliveries, Expr::value(dead))
        .col_expr(Column::LastError, Expr::value(why))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await?;
    Ok(())
}
