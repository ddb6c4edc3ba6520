//! Campaigns in the database. A campaign is its client's; regions do not divide it.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef, Select,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::campaign::Column;
use crate::db::entities::{campaign, client};
use crate::domain::ids::{CampaignId, ClientId};

fn reached(scope: &Scope) -> Select<campaign::Entity> {
    campaign::Entity::find().filter(scope.clients(Column::AgencyId, Column::ClientId))
}

/// Campaigns with their clients, latest start first.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<(campaign::Model, Option<client::Model>)>, DbError> {
    let clients: RelationDef = campaign::Entity::belongs_to(client::Entity)
        .from(Column::ClientId)
        .to(client::Column::Id)
        .into();
    Ok(reached(scope)
        .join(JoinType::InnerJoin, clients)
        .select_also(client::Entity)
        .order_by_desc(Column::StartsOn)
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: CampaignId,
) -> Result<Option<campaign::Model>, DbError> {
    Ok(reached(scope).filter(Column::Id.eq(id)).one(db).await?)
}

/// Which clients are shopped with which checklists, each pair once.
pub async fn families(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<(ClientId, String)>, DbError> {
    Ok(reached(scope)
        .select_only()
        .columns([Column::ClientId, Column::ChecklistSlug])
        .distinct()
        .order_by_asc(Column::ChecklistSlug)
        .into_tuple()
        .all(db)
        .await?)
}

/// The most visits that any campaign of the client asks for with this checklist; `None` without a campaign.
pub async fn visits_min(
    db: &impl ConnectionTrait,
    scope: &Scope,
    client: ClientId,
    slug: &str,
) -> Result<Option<i32>, DbError> {
    let most: Option<Option<i32>> = reached(scope)
        .filter(Column::ClientId.eq(client))
        .filter(Column::ChecklistSlug.eq(slug))
        .select_only()
        .column_as(
            Expr::col((campaign::Entity, Column::VisitsMin)).max(),
            "visits_min",
        )
        .into_tuple()
        .one(db)
        .await?;
    Ok(most.flatten())
}

pub async fn insert(
    txn: &DatabaseTransaction,
    row: campaign::ActiveModel,
) -> Result<campaign::Model, DbError> {
    Ok(campaign::Entity::insert(row)
        .exec_with_returning(txn)
        .await?)
}
