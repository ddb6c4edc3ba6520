//! How audits look at the agency's desk. Clients never see these types: they name the shopper.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::feedback::{Comment, comments};
use super::queue::Named;
use super::service::{Leg, Opened};
use crate::comparisons::views::{self as comparisons, PhotoDoubt, PhotoPair};
use crate::db::entities::{audit_photo, photo};
use crate::domain::answer::Value;
use crate::domain::audit::{TrapKey, TrapOutcome};
use crate::domain::ids::{AuditId, ClientId, LocationId, Sha256, VisitId};
use crate::domain::photo::redaction::Redaction;
use crate::error::{Error, Result};
use crate::http::views::instant;

/// An audit in the queue.
#[derive(Serialize, ToSchema)]
pub struct ReviewItem {
    pub id: AuditId,
    pub client_name: String,
    pub location_name: String,
    pub location_city: String,
    pub campaign_name: String,
    pub checklist_slug: String,
    pub shopper_name: String,
    /// submitted, returned, approved, rejected or superseded.
    pub state: String,
    pub complete: bool,
    pub photos_total: i32,
    pub photos_stored: i32,
    /// duplicate_visit, score_mismatch, clock_skew, outside_window, trap_missed, far_from_location,
    /// placed_by_hand; once its photos have been looked at photo_time, photo_place, photo_device, photo_reused.
    pub flags: Vec<String>,
    #[schema(required)]
    pub total_micros: Option<i64>,
    #[schema(required)]
    pub service_micros: Option<i64>,
    #[schema(required)]
    pub experience_micros: Option<i64>,
    pub failed: bool,
    pub finished_at: String,
    pub received_at: String,
}

/// One audit with everything that belongs to it.
#[derive(Serialize, ToSchema)]
pub struct AuditDetail {
    #[serde(flatten)]
    pub item: ReviewItem,
    pub visit: VisitId,
    pub location: LocationId,
    pub client: ClientId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<AuditId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<AuditId>,
    pub visit_window: VisitWindow,
    pub started_at: String,
    pub elapsed_ms: i64,
    pub language: String,
    #[schema(value_type = Object)]
    pub checklist: serde_json::Value,
    #[schema(value_type = Object)]
    pub answers: serde_json::Value,
    #[schema(value_type = Object)]
    pub score: serde_json::Value,
    /// What the phone had computed.
    #[schema(value_type = Object)]
    pub phone_score: serde_json::Value,
    pub photos: Vec<AuditPhoto>,
    pub reviews: Vec<ReviewView>,
    /// Questions whose answer the agency knows.
    pub traps: Vec<TrapView>,
    /// The other visit of two that belong together.
    pub legs: Vec<LegView>,
    /// Where the photos disagree with what the audit says.
    pub photo_doubts: Vec<PhotoDoubt>,
    /// Photos that stand in other audits, too, or look much like one there.
    pub photo_pairs: Vec<PhotoPair>,
    pub receipt_number: i64,
    pub sha256: Sha256,
}

/// When the visit was due, in the location's own time.
#[derive(Serialize, ToSchema)]
pub struct VisitWindow {
    pub local_opens: String,
    pub local_closes: String,
    pub time_zone: String,
}

/// A trap and how it went.
#[derive(Serialize, ToSchema)]
pub struct TrapView {
    pub question: String,
    /// The right answer, as an answer's value.
    #[schema(value_type = serde_json::Value)]
    pub expected: Value,
    /// right, missed or not_answered.
    pub outcome: &'static str,
}

/// The other one of two visits that belong together.
#[derive(Serialize, ToSchema)]
pub struct LegView {
    /// first or second.
    pub leg: &'static str,
    pub visit: VisitId,
    pub checklist_slug: String,
    pub local_opens: String,
    /// The newest audit, if one has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditId>,
    #[schema(required)]
    pub total_micros: Option<i64>,
}

/// A photo that an audit names.
#[derive(Serialize, ToSchema)]
pub struct AuditPhoto {
    pub sha256: Sha256,
    pub question: String,
    pub stored: bool,
    pub waived: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width_px: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height_px: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// ready; waiting before it was made; impossible for a photo that is kept as evidence and cannot be shown here. Absent
    /// before the photo has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendition: Option<&'static str>,
    /// What its camera wrote, where it wrote anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camera: Option<CameraView>,
    /// What is covered for everybody outside the agency.
    pub redactions: Vec<RedactionView>,
    /// Grows with each change of them.
    pub redaction_version: i32,
}

/// What a camera wrote into a photo: claims of whoever made the file.
#[derive(Serialize, ToSchema)]
pub struct CameraView {
    /// `2026-09-19T10:02:11`, with `+02:00` behind it if the camera knew its zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude_deg: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude_deg: Option<f64>,
    /// Maker and model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// A rectangle in millionths of the upright picture's width and height, from its upper left corner.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Redaction)]
pub struct RedactionView {
    pub left_micros: u32,
    pub top_micros: u32,
    pub width_micros: u32,
    pub height_micros: u32,
}

impl From<RedactionView> for Redaction {
    fn from(view: RedactionView) -> Self {
        Self {
            left_micros: view.left_micros,
            top_micros: view.top_micros,
            width_micros: view.width_micros,
            height_micros: view.height_micros,
        }
    }
}

impl From<Redaction> for RedactionView {
    fn from(one: Redaction) -> Self {
        Self {
            left_micros: one.left_micros,
            top_micros: one.top_micros,
            width_micros: one.width_micros,
            height_micros: one.height_micros,
        }
    }
}

/// A decision that was taken.
#[derive(Serialize, ToSchema)]
#[schema(as = Review)]
pub struct ReviewView {
    pub at: String,
    pub by: String,
    pub outcome: String,
    pub message: String,
    pub comments: Vec<Comment>,
}

fn json<T: Serialize>(value: &T) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| Error::Internal(error.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Internal(error.to_string()))
}

/// An audit as it stands in the queue.
pub fn item(named: Named) -> Result<ReviewItem> {
    let Named {
        audit,
        client,
        location,
        campaign,
        shopper,
    } = named;
    Ok(ReviewItem {
        id: audit.id,
        client_name: client.name,
        location_name: location.name,
        location_city: location.city,
        campaign_name: campaign.name,
        checklist_slug: audit.checklist_slug,
        shopper_name: shopper.display_name,
        state: audit.state,
        complete: audit.complete,
        photos_total: audit.photos_total,
        photos_stored: audit.photos_stored,
        flags: read(&audit.flags)?,
        total_micros: audit.total_micros,
        service_micros: audit.service_micros,
        experience_micros: audit.experience_micros,
        failed: audit.failed,
        finished_at: audit.finished_at,
        received_at: instant(audit.received_at_ms),
    })
}

/// One audit whole.
pub fn detail(opened: Opened) -> Result<AuditDetail> {
    let Opened {
        named,
        visit,
        submission,
        document,
        compiled,
        photos,
        decisions,
        traps,
        legs,
        doubts,
        pairs,
    } = opened;
    let mut reviews = Vec::with_capacity(decisions.len());
    for (decision, by) in decisions {
        reviews.push(ReviewView {
            at: instant(decision.decided_at_ms),
            by: by.map(|person| person.display_name).unwrap_or_default(),
            outcome: decision.outcome,
            message: decision.message,
            comments: comments(&decision.comments)?,
        });
    }
    Ok(AuditDetail {
        visit: visit.id,
        location: named.audit.location_id,
        client: named.audit.client_id,
        supersedes: named.audit.supersedes,
        superseded_by: named.audit.superseded_by,
        visit_window: VisitWindow {
            local_opens: visit.local_opens,
            local_closes: visit.local_closes,
            time_zone: named.location.time_zone.clone(),
        },
        started_at: document.started_at.to_string(),
        elapsed_ms: document.elapsed_ms,
        language: document.language.clone(),
        checklist: json(&compiled.checklist)?,
        answers: json(&document.answers)?,
        score: read(&named.audit.score)?,
        phone_score: json(&document.score)?,
        photos: photos
            .into_iter()
            .map(|(named, photo)| photo_view(named, photo))
            .collect::<Result<_>>()?,
        reviews,
        traps: traps.into_iter().map(trap_view).collect(),
        legs: legs.into_iter().map(leg_view).collect(),
        photo_doubts: doubts.iter().map(comparisons::doubt).collect(),
        photo_pairs: pairs.into_iter().map(comparisons::pair).collect(),
        receipt_number: submission.number,
        sha256: submission.sha256,
        item: item(named)?,
    })
}

fn trap_view((key, outcome): (TrapKey, TrapOutcome)) -> TrapView {
    TrapView {
        question: key.question,
        expected: key.answer,
        outcome: match outcome {
            TrapOutcome::Right => "right",
            TrapOutcome::Missed => "missed",
            TrapOutcome::NotAnswered => "not_answered",
        },
    }
}

fn leg_view(leg: Leg) -> LegView {
    LegView {
        leg: if leg.is_first { "first" } else { "second" },
        visit: leg.visit.id,
        checklist_slug: leg.checklist_slug,
        local_opens: leg.visit.local_opens,
        audit: leg.audit.as_ref().map(|audit| audit.id),
        total_micros: leg.audit.and_then(|audit| audit.total_micros),
    }
}

fn photo_view(named: audit_photo::Model, photo: Option<photo::Model>) -> Result<AuditPhoto> {
    let mut view = AuditPhoto {
        sha256: named.sha256,
        question: named.question_id,
        stored: named.stored,
        waived: named.waived_reason.is_some(),
        width_px: photo.as_ref().map(|photo| photo.width_px),
        height_px: photo.as_ref().map(|photo| photo.height_px),
        taken_at: named.taken_at,
        size_bytes: photo.as_ref().map(|photo| photo.size_bytes),
        media_type: photo.as_ref().map(|photo| photo.media_type.clone()),
        rendition: None,
        camera: None,
        redactions: Vec::new(),
        redaction_version: 0,
    };
    let Some(photo) = photo else {
        return Ok(view);
    };
    view.rendition = Some(match (photo.has_renditions, &photo.rendition_error) {
        (true, _) => "ready",
        (false, None) => "waiting",
        (false, Some(_)) => "impossible",
    });
    let facts = crate::photos::service::camera_facts(&photo)?;
    let camera = CameraView {
        taken_at: facts.taken_at,
        latitude_deg: facts.latitude_deg,
        longitude_deg: facts.longitude_deg,
        device: facts.device,
    };
    let wrote_something =
        camera.taken_at.is_some() || camera.latitude_deg.is_some() || camera.device.is_some();
    view.camera = wrote_something.then_some(camera);
    let redactions = crate::photos::published::redactions(&photo)?;
    view.redactions = redactions.into_iter().map(Into::into).collect();
    view.redaction_version = photo.redaction_version;
    Ok(view)
}
