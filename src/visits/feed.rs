//! A visit as its shopper's phone is told of it.
//!
//! This is the only place where a visit becomes a feed entry.

use sea_orm::{DatabaseTransaction, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::legs::{self, FirstLeg};
use super::repo;
use crate::app::App;
use crate::checklists::service::Titled;
use crate::db::DbError;
use crate::db::entities::visit;
use crate::db::feed::{FeedChange, Kind, Op};
use crate::domain::ids::{AuditId, LocationId, PersonId, Sha256, VisitId};
use crate::error::Result;
use crate::http::views::instant;

/// A visit on a phone.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct VisitForShopper {
    pub id: VisitId,
    /// assigned, accepted, submitted, returned, approved or rejected.
    pub state: String,
    pub campaign_name: String,
    pub client_name: String,
    pub client_color: String,
    pub location: LocationForShopper,
    pub window: WindowView,
    pub checklist: ChecklistName,
    /// The first leg, where this visit is the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<FirstLeg>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brief: Option<String>,
    pub pay_minor: i64,
    pub currency: String,
    /// The newest audit that has come for this visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditId>,
}

/// Where to go.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LocationForShopper {
    pub id: LocationId,
    pub name: String,
    pub address: String,
    pub city: String,
    pub time_zone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude_e7: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude_e7: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// When to go: in the location's own time, with the instants computed from it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct WindowView {
    pub opens_at: String,
    pub closes_at: String,
    pub local_opens: String,
    pub local_closes: String,
    pub time_zone: String,
}

/// Which checklist to fill.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ChecklistName {
    pub sha256: Sha256,
    pub slug: String,
    pub version: i32,
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub title: serde_json::Value,
}

/// What stands around a visit and does not change with it, as far as a phone is told of it.
#[derive(Debug, FromQueryResult)]
pub struct Setting {
    campaign_name: String,
    brief: Option<String>,
    client_name: String,
    client_color: String,
    location_name: String,
    address: String,
    city: String,
    /// IANA, of the location.
    pub time_zone: String,
    latitude_e7: Option<i64>,
    longitude_e7: Option<i64>,
    phone: Option<String>,
}

/// The entry that tells `person` how `visit` stands now.
///
/// # Errors
/// As the database has them.
pub async fn put(
    txn: &DatabaseTransaction,
    app: &App,
    person: PersonId,
    visit: &visit::Model,
) -> Result<FeedChange> {
    let setting = repo::setting(txn, visit).await?;
    put_in(txn, app, person, visit, setting).await
}

/// The same for a visit whose setting has been read.
///
/// # Errors
/// As the database has them.
pub async fn put_in(
    txn: &DatabaseTransaction,
    app: &App,
    person: PersonId,
    visit: &visit::Model,
    setting: Setting,
) -> Result<FeedChange> {
    let checklist =
        crate::checklists::service::title(txn, app, visit.agency_id, visit.checklist_sha256)
            .await?;
    let first = legs::first_leg(txn, app, visit, &setting.location_name).await?;
    let value = view(visit, setting, checklist, first);
    let value = serde_json::to_string(&value).map_err(|e| DbError::Internal(e.to_string()))?;
    Ok(FeedChange {
        person,
        kind: Kind::Visit,
        id: visit.id.0,
        rev: visit.rev,
        op: Op::Put(value),
    })
}

/// The entry that takes `visit` from `person`.
pub fn del(person: PersonId, visit: &visit::Model, reason: &'static str) -> FeedChange {
    FeedChange {
        person,
        kind: Kind::Visit,
        id: visit.id.0,
        rev: visit.rev,
        op: Op::Del(reason),
    }
}

fn view(
    visit: &visit::Model,
    setting: Setting,
    checklist: Titled,
    follows: Option<FirstLeg>,
) -> VisitForShopper {
    VisitForShopper {
        id: visit.id,
        state: visit.state.clone(),
        campaign_name: setting.campaign_name,
        client_name: setting.client_name,
        client_color: setting.client_color,
        window: WindowView {
            opens_at: instant(visit.opens_at_ms),
            closes_at: instant(visit.closes_at_ms),
            local_opens: visit.local_opens.clone(),
            local_closes: visit.local_closes.clone(),
            time_zone: setting.time_zone.clone(),
        },
        location: LocationForShopper {
            id: visit.location_id,
            name: setting.location_name,
            address: setting.address,
            city: setting.city,
            time_zone: setting.time_zone,
            latitude_e7: setting.latitude_e7,
            longitude_e7: setting.longitude_e7,
            phone: setting.phone,
        },
        checklist: ChecklistName {
            sha256: visit.checklist_sha256,
            slug: checklist.slug,
            version: checklist.version,
            title: checklist.title,
        },
        follows,
        brief: setting.brief,
        pay_minor: visit.pay_minor,
        currency: visit.currency.clone(),
        audit: visit.audit_id,
    }
}
