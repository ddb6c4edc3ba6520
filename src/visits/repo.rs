//! Visits in the database. Every finder takes the caller's scope.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _, JoinType,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::feed::Setting;
use crate::accounts::Scope;
use crate::db::DbError;
use crate::db::entities::{campaign, client, location, person, visit};
use crate::domain::ids::{AgencyId, AuditId, CampaignId, LocationId, PersonId, Sha256, VisitId};
use crate::domain::visit::VisitState;
use crate::http::views::Window;

/// A visit of the agency, its row locked until the transaction ends.
pub async fn lock(
    txn: &DatabaseTransaction,
    agency: AgencyId,
    id: VisitId,
) -> Result<Option<visit::Model>, DbError> {
    Ok(visit::Entity::find_by_id(id)
        .filter(visit::Column::AgencyId.eq(agency))
        .lock_exclusive()
        .one(txn)
        .await?)
}

/// A visit of the agency, whoever has it.
pub async fn of_agency(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    id: VisitId,
) -> Result<Option<visit::Model>, DbError> {
    Ok(visit::Entity::find_by_id(id)
        .filter(visit::Column::AgencyId.eq(agency))
        .one(db)
        .await?)
}

/// A visit with what is shown beside it.
#[derive(Debug)]
pub struct Listed {
    pub visit: visit::Model,
    pub campaign: campaign::Model,
    pub client: client::Model,
    pub location: location::Model,
    pub shopper: Option<person::Model>,
}

pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    state: Option<VisitState>,
    shopper: Option<PersonId>,
    window: Window,
) -> Result<(Vec<Listed>, u64), DbError> {
    let mut found = visit::Entity::find().filter(scope.rows(
        visit::Column::AgencyId,
        visit::Column::ClientId,
        visit::Column::LocationId,
    ));
    if let Some(state) = state {
        found = found.filter(visit::Column::State.eq(state.as_str()));
    }
    if let Some(shopper) = shopper {
        found = found.filter(visit::Column::ShopperId.eq(shopper));
    }
    let total = found.clone().count(db).await?;
    let rows = found
        .order_by_desc(visit::Column::OpensAtMs)
        .order_by_asc(visit::Column::Id)
        .offset(window.skip)
        .limit(window.take)
        .all(db)
        .await?;
    let mut listed = Vec::with_capacity(rows.len());
    for row in rows {
        listed.push(beside(db, row).await?);
    }
    Ok((listed, total))
}

/// Loads what is shown beside a visit.
pub async fn beside(db: &impl ConnectionTrait, visit: visit::Model) -> Result<Listed, DbError> {
    let missing = || DbError::Corrupt(format!("visit {} names something that is gone", visit.id));
    let campaign = campaign::Entity::find_by_id(visit.campaign_id)
        .one(db)
        .await?;
    let client = client::Entity::find_by_id(visit.client_id).one(db).await?;
    let location = location::Entity::find_by_id(visit.location_id)
        .one(db)
        .await?;
    let shopper = match visit.shopper_id {
        Some(id) => person::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    Ok(Listed {
        campaign: campaign.ok_or_else(missing)?,
        client: client.ok_or_else(missing)?,
        location: location.ok_or_else(missing)?,
        shopper,
        visit,
    })
}

/// What stands around a visit, for its shopper's phone: one statement, since every change of a visit asks for it.
pub async fn setting(db: &impl ConnectionTrait, visit: &visit::Model) -> Result<Setting, DbError> {
    let campaign = visit::Entity::belongs_to(campaign::Entity)
        .from(visit::Column::CampaignId)
        .to(campaign::Column::Id);
    let client = visit::Entity::belongs_to(client::Entity)
        .from(visit::Column::ClientId)
        .to(client::Column::Id);
    let location = visit::Entity::belongs_to(location::Entity)
        .from(visit::Column::LocationId)
        .to(location::Column::Id);
    visit::Entity::find_by_id(visit.id)
        .select_only()
        .column_as(campaign::Column::Name, "campaign_name")
        .column(campaign::Column::Brief)
        .column_as(client::Column::Name, "client_name")
        .column_as(client::Column::Color, "client_color")
        .column_as(location::Column::Name, "location_name")
        .columns([
            location::Column::Address,
            location::Column::City,
            location::Column::TimeZone,
            location::Column::LatitudeE7,
            location::Column::LongitudeE7,
            location::Column::Phone,
        ])
        .join(JoinType::InnerJoin, campaign.into())
        .join(JoinType::InnerJoin, client.into())
        .join(JoinType::InnerJoin, location.into())
        .into_model()
        .one(db)
        .await?
        .ok_or_else(|| DbError::Corrupt(format!("visit {} names something that is gone", visit.id)))
}

/// A campaign that cannot move to another version until the transaction ends.
pub async fn campaign(
    db: &DatabaseTransaction,
    scope: &Scope,
    id: CampaignId,
) -> Result<Option<campaign::Model>, DbError> {
    Ok(campaign::Entity::find_by_id(id)
        .filter(campaign::Column::AgencyId.eq(scope.agency))
        .lock_shared()
        .one(db)
        .await?)
}

pub async fn location(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: LocationId,
) -> Result<Option<location::Model>, DbError> {
    Ok(location::Entity::find_by_id(id)
        .filter(location::Column::AgencyId.eq(scope.agency))
        .one(db)
        .await?)
}

pub async fn insert(
    txn: &DatabaseTransaction,
    row: visit::ActiveModel,
) -> Result<visit::Model, DbError> {
    Ok(visit::Entity::insert(row).exec_with_returning(txn).await?)
}

/// What changes in a visit besides its revision, which always grows by one.
#[derive(Clone, Debug)]
pub struct Changed {
    pub state: VisitState,
    pub shopper: Option<PersonId>,
    pub audit: Option<AuditId>,
    pub withdrawn_reason: Option<String>,
}

/// Writes the change and returns the visit as it is now.
pub async fn change(
    txn: &DatabaseTransaction,
    mut visit: visit::Model,
    changed: Changed,
) -> Result<visit::Model, DbError> {
    visit.rev += 1;
    changed.state.as_str().clone_into(&mut visit.state);
    visit.shopper_id = changed.shopper;
    visit.audit_id = changed.audit;
    visit.withdrawn_reason = changed.withdrawn_reason;
    visit::Entity::update_many()
        .col_expr(visit::Column::Rev, Expr::value(visit.rev))
        .col_expr(visit::Column::State, Expr::value(visit.state.clone()))
        .col_expr(visit::Column::ShopperId, Expr::value(visit.shopper_id))
        .col_expr(visit::Column::AuditId, Expr::value(visit.audit_id))
        .col_expr(
            visit::Column::WithdrawnReason,
            Expr::value(visit.withdrawn_reason.clone()),
        )
        .filter(visit::Column::Id.eq(visit.id))
        .exec(txn)
        .await?;
    Ok(visit)
}

/// A visit that the scope reaches.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: VisitId,
) -> Result<Option<visit::Model>, DbError> {
    use visit::Column::{AgencyId, ClientId, LocationId};
    Ok(visit::Entity::find_by_id(id)
        .filter(scope.rows(AgencyId, ClientId, LocationId))
        .one(db)
        .await?)
}

/// Gives a version to the open visits of a campaign whose windows open from one local day up to, not including, another.
pub async fn set_version_of_open(
    txn: &DatabaseTransaction,
    campaign: CampaignId,
    from_day: Option<&str>,
    until_day: Option<&str>,
    sha256: Sha256,
) -> Result<(), DbError> {
    use visit::Column;
    let mut open = visit::Entity::update_many()
        .col_expr(Column::ChecklistSha256, Expr::value(sha256))
        .filter(Column::CampaignId.eq(campaign))
        .filter(Column::State.eq(VisitState::Open.as_str()));
    // A local time begins with its day, so that it comes after the bare day.
    if let Some(from) = from_day {
        open = open.filter(Column::LocalOpens.gte(from));
    }
    if let Some(until) = until_day {
        open = open.filter(Column::LocalOpens.lt(until));
    }
    open.exec(txn).await?;
    Ok(())
}

/// The visit that is the second leg of this one, if there is one: the earliest that was not withdrawn.
pub async fn second_leg(
    db: &impl ConnectionTrait,
    scope: &Scope,
    first: VisitId,
) -> Result<Option<visit::Model>, DbError> {
    use visit::Column::{AgencyId, ClientId, FollowsVisitId, Id, LocationId, State};
    Ok(visit::Entity::find()
        .filter(FollowsVisitId.eq(first))
        .filter(State.ne(VisitState::Withdrawn.as_str()))
        .filter(scope.rows(AgencyId, ClientId, LocationId))
        .order_by_asc(Id)
        .one(db)
        .await?)
}
