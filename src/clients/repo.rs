//! Clients, regions and locations in the database.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationDef, Select, SelectTwo,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::{client, location, region};
use crate::domain::ids::{ClientId, LocationId, RegionId};

/// A location with the region that it lies in.
#[derive(Clone, Debug)]
pub struct Located {
    pub location: location::Model,
    pub region: region::Model,
}

pub async fn clients(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<client::Model>, DbError> {
    Ok(reached_clients(scope)
        .order_by_asc(client::Column::Name)
        .all(db)
        .await?)
}

pub async fn client(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ClientId,
) -> Result<Option<client::Model>, DbError> {
    Ok(reached_clients(scope)
        .filter(client::Column::Id.eq(id))
        .one(db)
        .await?)
}

fn reached_clients(scope: &Scope) -> Select<client::Entity> {
    client::Entity::find().filter(scope.clients(client::Column::AgencyId, client::Column::Id))
}

pub async fn regions(
    db: &impl ConnectionTrait,
    scope: &Scope,
    client: Option<ClientId>,
) -> Result<Vec<region::Model>, DbError> {
    let mut found = reached_regions(scope);
    if let Some(client) = client {
        found = found.filter(region::Column::ClientId.eq(client));
    }
    Ok(found.order_by_asc(region::Column::Path).all(db).await?)
}

pub async fn region(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: RegionId,
) -> Result<Option<region::Model>, DbError> {
    Ok(reached_regions(scope)
        .filter(region::Column::Id.eq(id))
        .one(db)
        .await?)
}

/// A region and all below it, as far as the scope reaches.
pub async fn regions_below(
    db: &impl ConnectionTrait,
    scope: &Scope,
    top: &region::Model,
) -> Result<Vec<RegionId>, DbError> {
    let rows = reached_regions(scope)
        .filter(region::Column::Path.starts_with(&top.path))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn reached_regions(scope: &Scope) -> Select<region::Entity> {
    use region::Column::{AgencyId, ClientId, Id};
    region::Entity::find().filter(scope.regions(AgencyId, ClientId, Id))
}

/// Locations by name; `None` does not narrow.
pub async fn locations(
    db: &impl ConnectionTrait,
    scope: &Scope,
    client: Option<ClientId>,
    regions: Option<&[RegionId]>,
) -> Result<Vec<Located>, DbError> {
    let mut found = reached_locations(scope);
    if let Some(client) = client {
        found = found.filter(location::Column::ClientId.eq(client));
    }
    if let Some(regions) = regions {
        found = found.filter(location::Column::RegionId.is_in(regions.iter().copied()));
    }
    let rows = found
        .order_by_asc(location::Column::Name)
        .order_by_asc(location::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(located).collect()
}

/// Those of the named locations that the scope reaches.
pub async fn locations_by_id(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: impl IntoIterator<Item = LocationId> + Send,
) -> Result<BTreeMap<LocationId, Located>, DbError> {
    let rows = reached_locations(scope)
        .filter(location::Column::Id.is_in(ids))
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.0.id, located(row)?)))
        .collect()
}

pub async fn location(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: LocationId,
) -> Result<Option<Located>, DbError> {
    let found = reached_locations(scope)
        .filter(location::Column::Id.eq(id))
        .one(db)
        .await?;
    found.map(located).transpose()
}

fn reached_locations(scope: &Scope) -> SelectTwo<location::Entity, region::Entity> {
    use location::Column::{AgencyId, ClientId, RegionId};
    let regions: RelationDef = location::Entity::belongs_to(region::Entity)
        .from(RegionId)
        .to(region::Column::Id)
        .into();
    location::Entity::find()
        .join(JoinType::InnerJoin, regions)
        .select_also(region::Entity)
        .filter(scope.regions(AgencyId, ClientId, RegionId))
}

fn located(
    (location, region): (location::Model, Option<region::Model>),
) -> Result<Located, DbError> {
    let gone = || DbError::Corrupt(format!("the region of location {} is gone", location.id));
    Ok(Located {
        region: region.ok_or_else(gone)?,
        location,
    })
}

pub async fn insert_client(
    txn: &DatabaseTransaction,
    row: client::ActiveModel,
) -> Result<client::Model, DbError> {
    Ok(client::Entity::insert(row).exec_with_returning(txn).await?)
}

pub async fn insert_region(
    txn: &DatabaseTransaction,
    row: region::ActiveModel,
) -> Result<region::Model, DbError> {
    Ok(region::Entity::insert(row).exec_with_returning(txn).await?)
}

pub async fn insert_location(
    txn: &DatabaseTransaction,
    row: location::ActiveModel,
) -> Result<location::Model, DbError> {
    Ok(location::Entity::insert(row)
        .exec_with_returning(txn)
        .await?)
}
