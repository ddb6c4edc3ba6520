//! A visit as its shopper's phone is told of it.
//!
//! This is the only place where a visit becomes a feed entry.

use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::legs::{self, FirstLeg};
use super::repo;
use crate::checklists::service::Titled;
use crate::db::DbError;
use crate::db::entities::visit;
use crate::db::feed::{FeedChange, Kind, Op};
use crate::domain::ids::{AuditId, LocationId, PersonId, Sha256, VisitId};
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

/// The entry that tells `person` how `visit` stands now.
///
/// # Errors
/// As the database has them.
pub async fn put(
    txn: &DatabaseTransaction,
    person: PersonId,
    visit: &visit::Model,
) -> Result<FeedChange, DbError> {
    let beside = repo::beside(txn, visit.clone()).await?;
    let checklist =
        crate::checklists::service::title(txn, visit.agency_id, visit.checklist_sha256).await?;
    let first = legs::first_leg(txn, visit, &beside.location.name).await?;
    let value = view(beside, checklist, first);
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

fn view(listed: repo::Listed, checklist: Titled, follows: Option<FirstLeg>) -> VisitForShopper {
    let repo::Listed {
        visit,
        campaign,
        client,
        location,
        ..
    } = listed;
    VisitForShopper {
        id: visit.id,
        state: visit.state,
        campaign_name: campaign.name,
        client_name: client.name,
        client_color: client.color,
        window: WindowView {
            opens_at: instant(visit.opens_at_ms),
            closes_at: instant(visit.closes_at_ms),
            local_opens: visit.local_opens,
            local_closes: visit.local_closes,
            time_zone: location.time_zone.clone(),
        },
        location: LocationForShopper {
            id: location.id,
            name: location.name,
            address: location.address,
            city: location.city,
            time_zone: location.time_zone,
            latitude_e7: location.latitude_e7,
            longitude_e7: location.longitude_e7,
            phone: location.phone,
        },
        checklist: ChecklistName {
            sha256: visit.checklist_sha256,
            slug: checklist.slug,
            version: checklist.version,
            title: checklist.title,
        },
        follows,
        brief: campaign.brief,
        pay_minor: visit.pay_minor,
        currency: visit.currency,
        audit: visit.audit_id,
    }
}
