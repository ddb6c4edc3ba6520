//! Finished audits on their way: what is known of each, and what the server's answers make of it.
//!
//! Not here: the bytes (`store.rs`), and sending them (`steps.rs`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::wire::audits::Quarantine;
use crate::wire::offer::Held;

/// A finished audit to be handed in: from then on its bytes never change.
#[derive(Clone, Debug)]
pub struct FinishedAudit {
    /// Made on the phone; the document names it, too.
    pub audit: Uuid,
    /// The document's exact text.
    pub text: Vec<u8>,
    /// The bytes of every photo that the document names.
    pub photos: Vec<Vec<u8>>,
}

impl FinishedAudit {
    /// Writes the document's text, once; its id stands in it as `audit`.
    ///
    /// # Errors
    /// That it has no id.
    pub fn new(document: &Value, photos: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        Self::from_text(document.to_string().into_bytes(), photos)
    }

    /// Takes a text as it is.
    ///
    /// # Errors
    /// That it is no JSON, or has no id.
    pub fn from_text(text: Vec<u8>, photos: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Named {
            audit: Uuid,
        }
        let Named { audit } = serde_json::from_slice(&text)?;
        Ok(Self {
            audit,
            text,
            photos,
        })
    }
}

/// How a finished audit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Only this phone has it.
    Waiting,
    /// The server has the answers, and not yet all photos.
    Stored,
    /// The server has all of it.
    Complete,
    /// The server keeps it, and could not place it; somebody there looks at it.
    Quarantined,
    /// The server refused it as it is. Kept here, and not sent again by itself.
    Parked,
}

/// How a photo of an audit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhotoStanding {
    Waiting,
    Sent,
    Parked,
}

/// What a refusal said, for the shopper to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub code: String,
    pub detail: String,
}

/// One finished audit; its text and its photos lie in the store under their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxItem {
    pub audit: Uuid,
    /// Of the text.
    pub sha256: String,
    pub text_bytes: u64,
    /// Counted up by the phone: the order in which audits were finished.
    pub order: u64,
    /// As the document says; RFC 3339.
    pub finished_at: Option<String>,
    pub state: Standing,
    pub photos: Vec<OutboxPhoto>,
    /// The newest receipt, byte for byte.
    #[serde(default)]
    pub receipt: Option<String>,
    /// Why it could not be placed.
    #[serde(default)]
    pub quarantine: Option<Quarantine>,
    /// Why it is parked.
    #[serde(default)]
    pub trouble: Option<Trouble>,
    /// By the server's clock.
    #[serde(default)]
    pub completed_at: Option<DateTime<Utc>>,
}

/// A photo of one audit. Another audit may name the same photo: it is sent once for both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxPhoto {
    pub sha256: String,
    pub size_bytes: u64,
    pub state: PhotoStanding,
    /// As the server last acknowledged.
    pub sent_bytes: u64,
    /// How often it was begun anew since what arrived was not what was sent.
    #[serde(default)]
    pub restarts: u32,
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

impl OutboxItem {
    /// Whether something of it is only on this phone.
    pub fn is_open(&self) -> bool {
        match self.state {
            Standing::Complete => false,
            Standing::Quarantined => self
                .photos
                .iter()
                .any(|photo| photo.state != PhotoStanding::Sent),
            Standing::Waiting | Standing::Stored | Standing::Parked => true,
        }
    }

    /// Photos that can be sent now: those of an audit that the server has not taken wait with it.
    pub fn photos_to_send(&self) -> impl Iterator<Item = &OutboxPhoto> {
        let taken = matches!(self.state, Standing::Stored | Standing::Quarantined);
        self.photos
            .iter()
            .filter(move |photo| taken && photo.state == PhotoStanding::Waiting)
    }

    /// Takes over how the audit stands on the server, after an offer or with a receipt.
    pub(crate) fn stands(&mut self, held: Held, now: Option<DateTime<Utc>>) {
        self.state = match held {
            Held::Unknown => Standing::Waiting,
            Held::Stored => Standing::Stored,
            Held::Complete => Standing::Complete,
            Held::Quarantined => Standing::Quarantined,
        };
        self.completed_at = match self.state {
            Standing::Complete => self.completed_at.or(now),
            _ => None,
        };
    }

    /// Takes over which photos the server lacks. What is parked stays parked: sending it again would not help. Returns
    /// the photos of which the server has just said that it has them.
    pub(crate) fn lacks(
        &mut self,
        needed: &[String],
        partial: &BTreeMap<String, u64>,
    ) -> Vec<String> {
        let mut arrived = Vec::new();
        for photo in &mut self.photos {
            if !needed.contains(&photo.sha256) {
                if photo.state != PhotoStanding::Sent {
                    arrived.push(photo.sha256.clone());
                }
                photo.is_sent();
            } else if photo.state != PhotoStanding::Parked {
                photo.state = PhotoStanding::Waiting;
                let begun_bytes = partial.get(&photo.sha256).copied().unwrap_or_default();
                photo.sent_bytes = begun_bytes.min(photo.size_bytes);
            }
        }
        arrived
    }

    pub(crate) fn photo_mut(&mut self, sha256: &str) -> Option<&mut OutboxPhoto> {
        self.photos.iter_mut().find(|photo| photo.sha256 == sha256)
    }
}

impl OutboxPhoto {
    pub(crate) fn waiting(sha256: String, size_bytes: u64) -> Self {
        Self {
            sha256,
            size_bytes,
            state: PhotoStanding::Waiting,
            sent_bytes: 0,
            restarts: 0,
            trouble: None,
        }
    }

    pub(crate) fn is_sent(&mut self) {
        self.state = PhotoStanding::Sent;
        self.sent_bytes = self.size_bytes;
        self.trouble = None;
    }
}
