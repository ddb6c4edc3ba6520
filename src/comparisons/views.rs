//! How doubts and pairs look at the reviewers' desk. Clients never see these types: they name shoppers and devices.

use plainclothes_likeness::Turned;
use serde::Serialize;
use utoipa::ToSchema;

use super::repo::Named;
use super::service::Pair;
use crate::db::entities::photo_pair;
use crate::domain::ids::{AuditId, PhotoPairId, Sha256};
use crate::domain::photo::camera::Doubt;
use crate::domain::photo::likeness::{Alike, PairFacts};
use crate::http::views::instant;

/// Where a photo and its audit disagree.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoDoubt {
    /// photo_time, photo_place or photo_device: the flag that it gives rise to.
    pub flag: &'static str,
    /// The number of the photo in the audit, from 1, if it is about one.
    #[schema(required)]
    pub photo: Option<usize>,
    /// In plain English, with the numbers.
    pub words: String,
}

/// Two photos of two audits that are the same or nearly so.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoPair {
    pub id: PhotoPairId,
    /// open, dismissed or confirmed.
    pub state: String,
    /// Why it is a pair, told from the later of the two; in plain English.
    pub reason: String,
    /// One and the same file.
    pub same_file: bool,
    /// In how many of 64 marks the two differ; none of one and the same file, and of a copy that was turned or cropped.
    #[schema(required)]
    pub distance: Option<i32>,
    /// What was done to a copy: upright, quarter, upside_down, mirrored or mirrored_quarter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turned: Option<String>,
    /// How much of the larger photo a copy shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_percent: Option<i32>,
    pub later: PhotoOfPair,
    pub earlier: PhotoOfPair,
    pub found_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One photo of a pair, with the audit that it stands in.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhotoOfPair {
    pub audit: AuditId,
    pub sha256: Sha256,
    /// submitted, returned, approved, rejected or superseded.
    pub audit_state: String,
    pub shopper_name: String,
    pub client_name: String,
    pub location_name: String,
    pub location_city: String,
    pub campaign_name: String,
    pub finished_at: String,
    pub time_zone: String,
}

/// A doubt as it is told.
pub fn doubt(doubt: &Doubt) -> PhotoDoubt {
    PhotoDoubt {
        flag: doubt.flag().as_str(),
        photo: doubt.photo(),
        words: doubt.words(),
    }
}

/// A pair as it is shown.
pub fn pair(pair: Pair) -> PhotoPair {
    let Pair {
        row,
        later,
        earlier,
        decided_by,
    } = pair;
    let ended_ms = |one: &Named| {
        chrono::DateTime::parse_from_rfc3339(&one.audit.finished_at)
            .map_or(one.audit.received_at_ms, |at| at.timestamp_millis())
    };
    let facts = PairFacts {
        alike: alike(&row),
        same_shopper: later.audit.shopper_id == earlier.audit.shopper_id,
        same_location: later.audit.location_id == earlier.audit.location_id,
        same_campaign: later.audit.campaign_id == earlier.audit.campaign_id,
        apart_ms: ended_ms(&later) - ended_ms(&earlier),
    };
    PhotoPair {
        id: row.id,
        state: row.state,
        reason: facts.words(),
        same_file: facts.alike == Alike::SameFile,
        distance: row.distance,
        turned: row.turned,
        share_percent: row.share_percent,
        later: side(later, row.sha256),
        earlier: side(earlier, row.other_sha256),
        found_at: instant(row.found_at_ms),
        decided_at: row.decided_at_ms.map(instant),
        decided_by,
        note: row.note,
    }
}

fn alike(row: &photo_pair::Model) -> Alike {
    let marks = row.distance.and_then(|marks| u32::try_from(marks).ok());
    let share = row.share_percent.and_then(|share| u8::try_from(share).ok());
    match (
        marks,
        row.turned.as_deref().and_then(Turned::parse).zip(share),
    ) {
        (Some(marks), _) => Alike::Marks(marks),
        (None, Some((turned, share_percent))) => Alike::Copied {
            turned,
            share_percent,
        },
        (None, None) => Alike::SameFile,
    }
}

fn side(named: Named, sha256: Sha256) -> PhotoOfPair {
    PhotoOfPair {
        audit: named.audit.id,
        sha256,
        audit_state: named.audit.state,
        shopper_name: named.shopper_name,
        client_name: named.client_name,
        location_name: named.location.name,
        location_city: named.location.city,
        campaign_name: named.campaign_name,
        finished_at: named.audit.finished_at,
        time_zone: named.location.time_zone,
    }
}
