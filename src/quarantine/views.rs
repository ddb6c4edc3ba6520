//! How work in quarantine looks at the agency's desk. Only reviewers and admins see it: it names the shopper.

use serde::Serialize;
use utoipa::ToSchema;

use super::service::{Named, Opened};
use crate::domain::ids::{AuditId, PersonId, Sha256, VisitId};
use crate::error::{Error, Pointed, Result};
use crate::http::views::instant;

/// Work that could not be placed.
#[derive(Serialize, ToSchema)]
pub struct QuarantineItem {
    pub number: i64,
    pub audit: AuditId,
    pub shopper: PersonId,
    pub shopper_name: String,
    pub reason: String,
    pub errors: Vec<Pointed>,
    pub received_at: String,
    pub size_bytes: usize,
    /// Photos that the document lists, and how many of them have come.
    pub photos_listed: usize,
    pub photos_stored: usize,
    /// What became of it, once somebody has decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settled>,
}

/// What became of work in quarantine.
#[derive(Serialize, ToSchema)]
pub struct Settled {
    /// placed, accepted or rejected.
    pub outcome: String,
    pub at: String,
    pub by_name: String,
    pub note: String,
    /// What it became, if it was placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditId>,
}

/// The same with the document as it came, and how it stands now.
#[derive(Serialize, ToSchema)]
pub struct QuarantineDetail {
    #[serde(flatten)]
    pub item: QuarantineItem,
    pub body: String,
    pub photos: Vec<QuarantinePhoto>,
    /// The visit that it names, if the agency has it.
    #[schema(required)]
    pub visit: Option<QuarantineVisit>,
    pub now: QuarantineNow,
}

/// A photo that the document lists.
#[derive(Serialize, ToSchema)]
pub struct QuarantinePhoto {
    pub sha256: Sha256,
    pub size_bytes: u64,
    pub stored: bool,
}

/// A visit, as far as it tells where the work belongs.
#[derive(Serialize, ToSchema)]
pub struct QuarantineVisit {
    pub id: VisitId,
    /// open, assigned, accepted, submitted, returned, approved, rejected or withdrawn.
    pub state: String,
    pub location_name: String,
    pub campaign_name: String,
    pub local_opens: String,
    pub shopper_is_sender: bool,
}

/// The document examined anew.
#[derive(Serialize, ToSchema)]
pub struct QuarantineNow {
    /// Placing it without naming a visit would do.
    pub placeable: bool,
    pub errors: Vec<Pointed>,
}

/// A submission in the list.
pub fn item(named: &Named) -> Result<QuarantineItem> {
    let row = &named.row;
    let errors = row.errors.as_deref().map(serde_json::from_str).transpose();
    let settled = row
        .settled_at_ms
        .zip(row.settled_outcome.clone())
        .map(|(at_ms, outcome)| Settled {
            outcome,
            at: instant(at_ms),
            by_name: named.settled_by_name.clone(),
            note: row.settled_note.clone().unwrap_or_default(),
            audit: row.settled_audit_id,
        });
    Ok(QuarantineItem {
        number: row.number,
        audit: row.audit_id,
        shopper: row.person_id,
        shopper_name: named.shopper_name.clone(),
        reason: row.reason.clone().unwrap_or_default(),
        errors: errors
            .map_err(|error| Error::Internal(error.to_string()))?
            .unwrap_or_default(),
        received_at: instant(row.received_at_ms),
        size_bytes: row.body.len(),
        photos_listed: named.photos.len(),
        photos_stored: named.photos.iter().filter(|photo| photo.stored).count(),
        settled,
    })
}

/// One submission whole.
pub fn detail(opened: Opened) -> Result<QuarantineDetail> {
    let item = item(&opened.named)?;
    let Named { row, photos, .. } = opened.named;
    let photos = photos.into_iter().map(|photo| QuarantinePhoto {
        sha256: photo.sha256,
        size_bytes: photo.size_bytes,
        stored: photo.stored,
    });
    Ok(QuarantineDetail {
        item,
        photos: photos.collect(),
        visit: opened.visit.map(|listed| QuarantineVisit {
            id: listed.visit.id,
            shopper_is_sender: listed.visit.shopper_id == Some(row.person_id),
            state: listed.visit.state,
            location_name: listed.location.name,
            campaign_name: listed.campaign.name,
            local_opens: listed.visit.local_opens,
        }),
        now: QuarantineNow {
            placeable: opened.placeable,
            errors: opened.errors,
        },
        body: String::from_utf8_lossy(&row.body).into_owned(),
    })
}
