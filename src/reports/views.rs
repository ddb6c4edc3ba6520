//! A published audit as managers and clients see it. These types are nobody else's: what an agency sees of an audit
//! (`review::views`) names the shopper, what stands here never does.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::ids::{LocationId, PublishedAuditId};

/// A published audit in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublishedAudit {
    /// Made by the server at publication.
    pub id: PublishedAuditId,
    pub location: LocationId,
    pub location_name: String,
    pub location_city: String,
    pub region_name: String,
    pub client_name: String,
    pub checklist_slug: String,
    /// Language → title.
    pub checklist_title: BTreeMap<String, String>,
    /// The day of the visit at the location; the time of day is never told.
    pub local_day: String,
    #[schema(required)]
    pub total_micros: Option<i64>,
    #[schema(required)]
    pub service_micros: Option<i64>,
    #[schema(required)]
    pub experience_micros: Option<i64>,
    /// The smaller of service and experience, where both exist.
    #[schema(required)]
    pub balanced_micros: Option<i64>,
    pub failed: bool,
    /// How many; they are numbered from 1.
    pub photos: i64,
    /// The day in UTC.
    pub published_on: String,
}

/// A published audit with every answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublishedAuditDetail {
    #[serde(flatten)]
    pub audit: PublishedAudit,
    /// How well things were put right; only of a second leg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_micros: Option<i64>,
    pub sections: Vec<PublishedSection>,
    /// Numbers of photos that are kept as evidence and cannot be shown here.
    pub photos_not_shown: Vec<u32>,
}

/// A section with the questions that were asked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublishedSection {
    pub id: String,
    /// Language → title.
    pub title: BTreeMap<String, String>,
    #[schema(required)]
    pub micros: Option<i64>,
    #[schema(required)]
    pub service_micros: Option<i64>,
    #[schema(required)]
    pub experience_micros: Option<i64>,
    pub questions: Vec<PublishedQuestion>,
}

/// A question that was asked, with the answer in words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PublishedQuestion {
    pub id: String,
    /// Language → text.
    pub text: BTreeMap<String, String>,
    /// In the language that was asked for; empty when nothing was answered. A time of day is told as a part of the day.
    pub answer: String,
    pub not_applicable: bool,
    /// Thousandths of a point.
    pub earned_milli: i64,
    pub possible_milli: i64,
    /// False for questions that could not earn anything.
    pub scored: bool,
    /// As the shopper wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Numbers of the photos that belong to it, from 1.
    pub photos: Vec<u32>,
}
