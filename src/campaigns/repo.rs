//! Campaigns in the database. A campaign is its client's; regions do not divide it.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef, Select,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::campaign::Column;
use crate::db::entities::{campaign, campaign_version, client, trap_key};
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

/// A campaign of the agency, its row locked until the transaction ends.
pub async fn lock(
    txn: &DatabaseTransaction,
    scope: &Scope,
    id: CampaignId,
) -> Result<Option<campaign::Model>, DbError> {
    Ok(reached(scope)
        .filter(Column::Id.eq(id))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// Campaigns with a checklist that have not ended by `day`.
pub async fn of_checklist(
    db: &impl ConnectionTrait,
    scope: &Scope,
    slug: &str,
    day: &str,
) -> Result<Vec<campaign::Model>, DbError> {
    Ok(reached(scope)
        .filter(Column::ChecklistSlug.eq(slug))
        .filter(Column::EndsOn.gte(day))
        .order_by_asc(Column::Name)
        .all(db)
        .await?)
}

/// The moves of a campaign, by day.
pub async fn versions(
    db: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Result<Vec<campaign_version::Model>, DbError> {
    Ok(campaign_version::Entity::find()
        .filter(campaign_version::Column::CampaignId.eq(campaign))
        .order_by_asc(campaign_version::Column::FromDay)
        .all(db)
        .await?)
}

/// Plans a move; another one for the same day is replaced.
pub async fn put_version(
    txn: &DatabaseTransaction,
    row: campaign_version::ActiveModel,
) -> Result<(), DbError> {
    use campaign_version::Column::{CampaignId, ChecklistSha256, FromDay};
    campaign_version::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([CampaignId, FromDay])
                .update_column(ChecklistSha256)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Takes a move back; false when there was none.
pub async fn remove_version(
    txn: &DatabaseTransaction,
    campaign: CampaignId,
    from_day: &str,
) -> Result<bool, DbError> {
    let removed = campaign_version::Entity::delete_many()
        .filter(campaign_version::Column::CampaignId.eq(campaign))
        .filter(campaign_version::Column::FromDay.eq(from_day))
        .exec(txn)
        .await?;
    Ok(removed.rows_affected > 0)
}

/// The right answers to a campaign's traps.
pub async fn trap_keys(
    db: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Result<Vec<trap_key::Model>, DbError> {
    Ok(trap_key::Entity::find()
        .filter(trap_key::Column::CampaignId.eq(campaign))
        .order_by_asc(trap_key::Column::QuestionId)
        .order_by_asc(trap_key::Column::Id)
        .all(db)
        .await?)
}

pub async fn replace_trap_keys(
    txn: &DatabaseTransaction,
    campaign: CampaignId,
    rows: Vec<trap_key::ActiveModel>,
) -> Result<(), DbError> {
    trap_key::Entity::delete_many()
        .filter(trap_key::Column::CampaignId.eq(campaign))
        .exec(txn)
        .await?;
    if !rows.is_empty() {
        trap_key::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}
