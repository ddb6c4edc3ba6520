//! Which audits a reviewer is shown, and in which order: those that wait longest first.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::{audit, campaign, client, location, person, review};
use crate::domain::ids::{AuditId, ClientId, LocationId};
use crate::http::views::Window;

/// What is asked for; `None` does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<String>,
    pub client: Option<ClientId>,
    pub location: Option<LocationId>,
}

/// An audit with the names that are shown beside it.
#[derive(Debug)]
pub struct Named {
    pub audit: audit::Model,
    pub client: client::Model,
    pub location: location::Model,
    pub campaign: campaign::Model,
    pub shopper: person::Model,
}

pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    window: Window,
) -> Result<(Vec<Named>, u64), DbError> {
    use audit::Column::{AgencyId, ClientId, LocationId};
    let mut found = audit::Entity::find().filter(scope.rows(AgencyId, ClientId, LocationId));
    if let Some(state) = &filter.state {
        found = found.filter(audit::Column::State.eq(state));
    }
    if let Some(client) = filter.client {
        found = found.filter(ClientId.eq(client));
    }
    if let Some(location) = filter.location {
        found = found.filter(LocationId.eq(location));
    }
    let total = found.clone().count(db).await?;
    let waiting = filter.state.as_deref() == Some("submitted");
    let found = if waiting {
        found.order_by_asc(audit::Column::ReceivedAtMs)
    } else {
        found.order_by_desc(audit::Column::ReceivedAtMs)
    };
    let rows = found
        .order_by_asc(audit::Column::Id)
        .offset(window.skip)
        .limit(window.take)
        .all(db)
        .await?;
    let mut named = Vec::with_capacity(rows.len());
    for row in rows {
        named.push(with_names(db, row).await?);
    }
    Ok((named, total))
}

/// Loads the names that are shown beside an audit.
pub async fn with_names(db: &impl ConnectionTrait, audit: audit::Model) -> Result<Named, DbError> {
    let gone = || DbError::Corrupt(format!("audit {} names something that is gone", audit.id));
    Ok(Named {
        client: client::Entity::find_by_id(audit.client_id)
            .one(db)
            .await?
            .ok_or_else(gone)?,
        location: location::Entity::find_by_id(audit.location_id)
            .one(db)
            .await?
            .ok_or_else(gone)?,
        campaign: campaign::Entity::find_by_id(audit.campaign_id)
            .one(db)
            .await?
            .ok_or_else(gone)?,
        shopper: person::Entity::find_by_id(audit.shopper_id)
            .one(db)
            .await?
            .ok_or_else(gone)?,
        audit,
    })
}

/// The decisions on an audit with who took them, oldest first.
pub async fn decisions(
    db: &impl ConnectionTrait,
    audit: AuditId,
) -> Result<Vec<(review::Model, Option<person::Model>)>, DbError> {
    let rows = review::Entity::find()
        .filter(review::Column::AuditId.eq(audit))
        .order_by_asc(review::Column::DecidedAtMs)
        .all(db)
        .await?;
    let mut decisions = Vec::with_capacity(rows.len());
    for row in rows {
        let by = person::Entity::find_by_id(row.reviewer_id).one(db).await?;
        decisions.push((row, by));
    }
    Ok(decisions)
}
