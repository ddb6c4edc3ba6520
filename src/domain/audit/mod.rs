//! The audit document: what a phone makes once and hands in, and what it has to hold to.
//!
//! Its bytes are kept as they came and never written anew. Not here: what it is worth (`scoring/`), whether its visit wants
//! it (`sync.rs`).

mod check;
mod signals;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::answer::Answers;
use super::ids::{AuditId, Sha256, VisitId};
use super::scoring::Micros;
use super::time::RecordedAt;

pub use check::{AuditProblem, check};
pub use signals::{TrapKey, TrapOutcome, far_from_location, measured_distances, trap_outcome};

/// Photos of one audit.
pub const AUDIT_PHOTOS_MAX: usize = 60;

/// What a phone hands in. Members this version does not know are ignored, so that a newer phone is not refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditDocument {
    pub format: u32,
    pub audit: AuditId,
    pub visit: VisitId,
    /// The version that was answered.
    pub checklist: Sha256,
    /// The audit that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<AuditId>,
    pub started_at: RecordedAt,
    pub finished_at: RecordedAt,
    /// By a clock that nobody can set, while the phone was awake.
    pub elapsed_ms: i64,
    /// The phone's clock minus ours, as last estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time_difference_ms: Option<i64>,
    pub language: String,
    /// Of shown questions only.
    pub answers: Answers,
    /// Every photo that the answers name.
    pub photos: Vec<ListedPhoto>,
    pub score: PhoneScore,
    pub app_version: String,
}

/// The part of an audit document that scores are made of: all that replaying needs, whatever else the document says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answered {
    pub answers: Answers,
}

/// A photo that follows the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPhoto {
    pub sha256: Sha256,
    pub size_bytes: u64,
    /// A media type.
    #[serde(rename = "type")]
    pub media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<RecordedAt>,
}

/// What the phone computed and showed; the server's own score counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneScore {
    pub total_micros: Option<Micros>,
    pub service_micros: Option<Micros>,
    pub experience_micros: Option<Micros>,
    /// Of a second leg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_micros: Option<Micros>,
    pub engine: u32,
}
