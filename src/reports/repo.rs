//! Published audits in the database: those that a client may see and no others, without the columns that a client may
//! not see.

use std::collections::BTreeMap;

use sea_orm::sea_query::{ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DerivePartialModel, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};

use crate::accounts::Scope;
use crate::accounts::caller::locations_in;
use crate::db::DbError;
use crate::db::entities::audit::Column;
use crate::db::entities::{audit, audit_photo, photo, submission};
use crate::domain::ids::{
    AgencyId, AuditId, CampaignId, ClientId, LocationId, PublishedAuditId, RegionId, Sha256,
};
use crate::http::views::Window;
use crate::rankings::Period;

/// A published audit. No shopper, no visit, no time of day.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audit::Entity")]
pub struct Published {
    /// The phone's name for it, which leads to photos and answers. Never shown: see `published_id`.
    pub id: AuditId,
    pub client_id: ClientId,
    pub location_id: LocationId,
    pub campaign_id: CampaignId,
    pub checklist_sha256: Sha256,
    pub checklist_slug: String,
    pub submission_number: i64,
    pub total_micros: Option<i64>,
    pub service_micros: Option<i64>,
    pub experience_micros: Option<i64>,
    pub balanced_micros: Option<i64>,
    pub failed: bool,
    pub local_day: String,
    pub published_id: PublishedAuditId,
    pub published_at_ms: i64,
}

/// What is asked for; `None` does not narrow.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub client: Option<ClientId>,
    pub location: Option<LocationId>,
    pub regions: Option<Vec<RegionId>>,
    pub campaign: Option<CampaignId>,
    /// Local days, both included.
    pub from: Option<String>,
    pub to: Option<String>,
}

fn published(scope: &Scope) -> Select<audit::Entity> {
    audit::Entity::find()
        .filter(scope.rows(Column::AgencyId, Column::ClientId, Column::LocationId))
        .filter(Column::PublishedId.is_not_null())
        .filter(Column::SupersededBy.is_null())
}

/// Latest visit first.
fn latest_first(found: Select<audit::Entity>) -> Select<audit::Entity> {
    found
        .order_by_desc(Column::LocalDay)
        .order_by_desc(Column::PublishedAtMs)
        .order_by_asc(Column::PublishedId)
}

pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    window: Window,
) -> Result<(Vec<Published>, u64), DbError> {
    let mut found = published(scope);
    if let Some(client) = filter.client {
        found = found.filter(Column::ClientId.eq(client));
    }
    if let Some(location) = filter.location {
        found = found.filter(Column::LocationId.eq(location));
    }
    if let Some(regions) = &filter.regions {
        found = found.filter(Column::LocationId.in_subquery(locations_in(regions)));
    }
    if let Some(campaign) = filter.campaign {
        found = found.filter(Column::CampaignId.eq(campaign));
    }
    if let Some(from) = &filter.from {
        found = found.filter(Column::LocalDay.gte(from));
    }
    if let Some(to) = &filter.to {
        found = found.filter(Column::LocalDay.lte(to));
    }
    let total = found.clone().count(db).await?;
    let rows = latest_first(found)
        .offset(window.skip)
        .limit(window.take)
        .into_partial_model()
        .all(db)
        .await?;
    Ok((rows, total))
}

pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PublishedAuditId,
) -> Result<Option<Published>, DbError> {
    Ok(published(scope)
        .filter(Column::PublishedId.eq(id))
        .into_partial_model()
        .one(db)
        .await?)
}

/// How many of these the scope reaches.
pub async fn count(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[PublishedAuditId],
) -> Result<u64, DbError> {
    let found = published(scope).filter(Column::PublishedId.is_in(ids.iter().copied()));
    Ok(found.count(db).await?)
}

/// How often the photos of these audits have been redacted, all together. It only ever grows.
pub async fn redactions(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    ids: &[PublishedAuditId],
) -> Result<i64, DbError> {
    let audits = Query::select()
        .column(Column::Id)
        .from(audit::Entity)
        .and_where(Column::AgencyId.eq(agency))
        .and_where(Column::PublishedId.is_in(ids.iter().copied()))
        .to_owned();
    let photos = Query::select()
        .column(audit_photo::Column::Sha256)
        .from(audit_photo::Entity)
        .and_where(audit_photo::Column::AuditId.in_subquery(audits))
        .to_owned();
    let sum: Option<Option<i64>> = photo::Entity::find()
        .select_only()
        .column_as(photo::Column::RedactionVersion.sum(), "redactions")
        .filter(photo::Column::AgencyId.eq(agency))
        .filter(photo::Column::Sha256.in_subquery(photos))
        .into_tuple()
        .one(db)
        .await?;
    Ok(sum.flatten().unwrap_or_default())
}

/// Audits of one location and checklist family, latest first, at most `most`.
pub async fn of_location(
    db: &impl ConnectionTrait,
    scope: &Scope,
    location: LocationId,
    slug: &str,
    period: Period,
    most: u64,
) -> Result<Vec<Published>, DbError> {
    let (from, to) = period.local_days();
    let found = published(scope)
        .filter(Column::LocationId.eq(location))
        .filter(Column::ChecklistSlug.eq(slug))
        .filter(Column::LocalDay.between(from, to));
    Ok(latest_first(found)
        .limit(most)
        .into_partial_model()
        .all(db)
        .await?)
}

/// The latest audit of the same location and checklist family on an earlier day.
pub async fn before(
    db: &impl ConnectionTrait,
    scope: &Scope,
    of: &Published,
) -> Result<Option<Published>, DbError> {
    let found = published(scope)
        .filter(Column::LocationId.eq(of.location_id))
        .filter(Column::ChecklistSlug.eq(&of.checklist_slug))
        .filter(Column::LocalDay.lt(&of.local_day));
    Ok(latest_first(found)
        .limit(1)
        .into_partial_model()
        .one(db)
        .await?)
}

/// The score as it was computed, and the document as it came.
pub async fn contents(
    db: &impl ConnectionTrait,
    of: &Published,
) -> Result<(String, Vec<u8>), DbError> {
    let gone = || {
        DbError::Corrupt(format!(
            "the contents of audit {} are gone",
            of.published_id
        ))
    };
    let score: Option<String> = audit::Entity::find_by_id(of.id)
        .select_only()
        .column(Column::Score)
        .into_tuple()
        .one(db)
        .await?;
    let body: Option<Vec<u8>> = submission::Entity::find_by_id(of.submission_number)
        .select_only()
        .column(submission::Column::Body)
        .into_tuple()
        .one(db)
        .await?;
    Ok((score.ok_or_else(gone)?, body.ok_or_else(gone)?))
}

/// The photos that were published with an audit, with their questions, as they were taken.
///
/// One that a reviewer waived is not among them, even if it came after all: nobody at the agency has looked at it. So the
/// list never changes after publication.
pub async fn photos(
    db: &impl ConnectionTrait,
    audit: AuditId,
) -> Result<Vec<(String, Sha256)>, DbError> {
    use audit_photo::Column;
    Ok(audit_photo::Entity::find()
        .filter(Column::AuditId.eq(audit))
        .filter(Column::WaivedReason.is_null())
        .select_only()
        .columns([Column::QuestionId, Column::Sha256])
        .order_by_asc(Column::Position)
        .into_tuple()
        .all(db)
        .await?)
}

/// How many photos were published with each of these audits; those without any are left out.
pub async fn photo_counts(
    db: &impl ConnectionTrait,
    audits: &[Published],
) -> Result<BTreeMap<AuditId, i64>, DbError> {
    use audit_photo::Column;
    let rows: Vec<(AuditId, i64)> = audit_photo::Entity::find()
        .filter(Column::AuditId.is_in(audits.iter().map(|audit| audit.id)))
        .filter(Column::WaivedReason.is_null())
        .select_only()
        .column(Column::AuditId)
        .column_as(Column::AuditId.into_expr().count(), "photos")
        .group_by(Column::AuditId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}
