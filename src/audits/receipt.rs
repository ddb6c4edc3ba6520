//! The server's signed word that it has an audit. Made once, kept as text, and given again byte for byte.
//!
//! Not here: which key signs when (`sync/receipt_keys.rs`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::ids::{AuditId, Sha256};
use crate::error::{Error, Result};
use crate::sync::receipt_keys::Keys;

/// What is acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    pub audit: AuditId,
    /// Of the audit document's bytes.
    pub sha256: Sha256,
    pub epoch: Uuid,
    /// Grows with every submission; not without gaps.
    pub number: i64,
    pub received_at: String,
    /// As it was when the audit came: stored, complete or quarantined.
    pub state: String,
    pub photos_missing: Vec<Sha256>,
    /// `ed25519:` and base64, over this JSON without this member.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub signature: String,
}

impl Receipt {
    /// Signs the receipt with the key of `at_ms`; `signature` has to be empty.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be written as JSON.
    pub fn signed(mut self, keys: &Keys, at_ms: i64) -> Result<Self> {
        self.signature = keys.sign(at_ms, self.to_text()?.as_bytes());
        Ok(self)
    }

    /// What is given of the kept receipt `text`: the same, byte for byte, for as long as phones are told the key that it was
    /// signed with. After that, the same words, signed anew: a phone that was away for so long would never believe it.
    ///
    /// # Errors
    /// [`Error::Internal`] when it is no receipt.
    pub fn given_again(
        text: String,
        received_at_ms: i64,
        keys: &Keys,
        now_ms: i64,
    ) -> Result<String> {
        let mut receipt = Self::from_text(&text)?;
        let signature = std::mem::take(&mut receipt.signature);
        let words = receipt.to_text()?;
        if keys.can_check(words.as_bytes(), &signature, received_at_ms, now_ms) {
            return Ok(text);
        }
        receipt.signed(keys, now_ms)?.to_text()
    }

    /// The JSON text that is kept and given.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be written as JSON.
    pub fn to_text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Reads a kept receipt.
    ///
    /// # Errors
    /// [`Error::Internal`] when it is not one.
    pub fn from_text(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| Error::Internal(error.to_string()))
    }
}
