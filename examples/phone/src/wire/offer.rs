//! 'This is what I still hold': asked before anything is sent, and again when all is sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::line::Line;
use crate::problem::Failure;
use crate::traffic::Kind;

/// What is offered.
#[derive(Debug, Serialize)]
pub struct Offer {
    pub items: Vec<Item>,
    pub outbox: Outbox,
}

/// An audit, with all the photos that it names.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub audit: Uuid,
    pub sha256: String,
    pub photos: Vec<String>,
}

/// How much is left to send, so that the agency sees what is still on phones.
#[derive(Debug, Default, Serialize)]
pub struct Outbox {
    pub audits: usize,
    pub photos: usize,
    pub photo_bytes: u64,
    /// RFC 3339; of the oldest audit among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<String>,
}

/// What the server lacks.
#[derive(Debug, Deserialize)]
pub struct Lacking {
    pub epoch: String,
    pub items: Vec<LackingItem>,
}

/// What it lacks of one audit.
#[derive(Debug, Deserialize)]
pub struct LackingItem {
    pub audit: Uuid,
    pub state: Held,
    pub receipt: Option<Box<RawValue>>,
    pub photos_needed: Vec<String>,
    /// For photos that were begun: the byte to go on from.
    #[serde(default)]
    pub partial: BTreeMap<String, u64>,
}

/// How an audit stands on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Held {
    Unknown,
    Stored,
    Complete,
    Quarantined,
}

/// At most `offer_items_max` items.
///
/// # Errors
/// As the line and the server have them.
pub async fn offer(line: &Line, offer: &Offer) -> Result<Lacking, Failure> {
    line.post(Kind::Offer, "/sync/offer", offer).await
}
