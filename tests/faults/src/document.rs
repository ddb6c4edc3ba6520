//! What phones make: audits of the demo's restaurant, and photos by the thousand, all from the dice.
//!
//! Ids are drawn and not made from a clock, so that a seed gives the same ones. Not here: sending them.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::dice::Dice;

/// Answers to the demo's `restaurant-dine-in`, version 1.
const ANSWERS: &str = include_str!("../../../benches/load/audit.json");
/// A receipt, the one photo that this checklist requires.
const PICTURE: &[u8] = include_bytes!("../../../docs/examples/receipt.jpg");

const START_OF_IMAGE: usize = 2;
/// A comment segment holds so much besides its marker and its length: ITU-T T.81, B.2.4.5.
const COMMENT_BYTES_MAX: usize = 65_533;

/// What is the same for all audits of one visit.
#[derive(Clone, Debug)]
pub struct Occasion {
    pub visit: String,
    /// SHA-256 of the version.
    pub checklist: String,
    /// RFC 3339.
    pub at: String,
}

/// An audit as it lies in a phone's outbox.
#[derive(Clone, Debug)]
pub struct Audit {
    pub id: Uuid,
    pub text: String,
    pub sha256: String,
}

/// A photo, ready to be sent.
#[derive(Clone, Debug)]
pub struct Photo {
    pub bytes: Vec<u8>,
    pub sha256: String,
}

/// As 64 hex digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

impl Occasion {
    /// An audit that names `photo` as its receipt.
    ///
    /// # Errors
    /// That the answers are no JSON.
    pub fn audit(&self, id: Uuid, photo: &Photo) -> anyhow::Result<Audit> {
        let mut document: Value = serde_json::from_str(ANSWERS)?;
        document["audit"] = id.to_string().into();
        document["visit"] = self.visit.clone().into();
        document["checklist"] = self.checklist.clone().into();
        document["started_at"] = self.at.clone().into();
        document["finished_at"] = self.at.clone().into();
        let answers = document["answers"].as_object_mut();
        for answer in answers.into_iter().flat_map(|all| all.values_mut()) {
            answer["recorded_at"] = self.at.clone().into();
        }
        document["answers"]["receipt"]["photos"] = json!([photo.sha256]);
        let size = photo.bytes.len();
        document["photos"] =
            json!([{"sha256": photo.sha256, "size_bytes": size, "type": "image/jpeg"}]);
        let text = document.to_string();
        let sha256 = sha256(text.as_bytes());
        Ok(Audit { id, text, sha256 })
    }
}

impl Audit {
    /// The same work written down with other bytes: another phone's clock.
    #[must_use]
    pub fn other_bytes(&self) -> Self {
        let text = self
            .text
            .replace("\"elapsed_ms\":5820000", "\"elapsed_ms\":5820001");
        let sha256 = sha256(text.as_bytes());
        Self {
            id: self.id,
            text,
            sha256,
        }
    }

    /// The same work under another id, as a phone makes it that forgets which one it gave.
    #[must_use]
    pub fn under(&self, id: Uuid) -> Self {
        let text = self.text.replace(&self.id.to_string(), &id.to_string());
        let sha256 = sha256(text.as_bytes());
        Self { id, text, sha256 }
    }
}

impl Photo {
    /// A picture like no other, made longer by at least `padding_bytes` of noise in comments that no decoder shows.
    pub fn unique(dice: &mut Dice, padding_bytes: usize) -> Self {
        let mut bytes = PICTURE[..START_OF_IMAGE].to_vec();
        let mut left = padding_bytes.max(16);
        while left > 0 {
            let text = left.min(COMMENT_BYTES_MAX);
            bytes.extend([0xff, 0xfe]);
            // Cannot be cut: at most 65 535.
            bytes.extend(((text + 2) as u16).to_be_bytes());
            let noise = (0..text.div_ceil(8)).flat_map(|_| dice.number().to_be_bytes());
            bytes.extend(noise.take(text));
            left -= text;
        }
        bytes.extend(&PICTURE[START_OF_IMAGE..]);
        let sha256 = sha256(&bytes);
        Self { bytes, sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit() -> Audit {
        let occasion = Occasion {
            visit: "visit".to_owned(),
            checklist: "checklist".to_owned(),
            at: "2026-11-22T12:00:00.000Z".to_owned(),
        };
        let mut dice = Dice::new(1, "test");
        let photo = Photo::unique(&mut dice, 100_000);
        assert!(photo.bytes.len() > 100_000 + PICTURE.len());
        occasion.audit(dice.uuid(), &photo).unwrap()
    }

    #[test]
    fn other_bytes_and_other_ids_are_other_documents() {
        let audit = audit();
        let other = audit.other_bytes();
        assert_eq!(other.id, audit.id);
        assert_ne!(other.sha256, audit.sha256);
        let id = Uuid::from_u128(7);
        let document: Value = serde_json::from_str(&audit.under(id).text).unwrap();
        assert_eq!(document["audit"], id.to_string());
    }
}
