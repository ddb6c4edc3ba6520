//! The audit that every phone hands in: always the same 41 answers, under a new id.
//!
//! Only ids and digests differ from one to the next, so making one costs the load generator next to nothing.

use plainclothes_phone::sha256;
use serde_json::{Value, json};
use uuid::Uuid;

/// Answers to the demo's `restaurant-dine-in`, version 1; the one photo that it requires is put in here.
const ANSWERS: &str = include_str!("../audit.json");

const AUDIT: &str = "00000000-0000-0000-0000-00000000a0d1";
const PHOTO: &str = "00000000000000000000000000000000000000000000000000000000000f0702";

/// A document with two gaps.
#[derive(Clone, Debug)]
pub struct Template(String);

/// What is the same for all documents of one phone.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    pub visit: &'a str,
    pub checklist: &'a str,
    /// RFC 3339.
    pub at: &'a str,
    pub photo_bytes: usize,
}

/// An audit as it lies in a phone's outbox.
#[derive(Debug)]
pub struct Audit {
    pub id: Uuid,
    pub bytes: Vec<u8>,
    /// Of the bytes, 64 hex digits.
    pub sha256: String,
}

impl Template {
    /// # Errors
    /// That `audit.json` is no JSON.
    pub fn new(occasion: Occasion<'_>) -> anyhow::Result<Self> {
        let mut document: Value = serde_json::from_str(ANSWERS)?;
        document["audit"] = AUDIT.into();
        document["visit"] = occasion.visit.into();
        document["checklist"] = occasion.checklist.into();
        document["started_at"] = occasion.at.into();
        document["finished_at"] = occasion.at.into();
        for answer in document["answers"]
            .as_object_mut()
            .into_iter()
            .flat_map(|answers| answers.values_mut())
        {
            answer["recorded_at"] = occasion.at.into();
        }
        document["answers"]["receipt"]["photos"] = json!([PHOTO]);
        document["photos"] =
            json!([{"sha256": PHOTO, "size_bytes": occasion.photo_bytes, "type": "image/jpeg"}]);
        Ok(Self(document.to_string()))
    }

    /// A new audit that names `photo`, 64 hex digits.
    pub fn audit(&self, photo: &str) -> Audit {
        #[expect(
            clippy::disallowed_methods,
            reason = "ids as phones make them, from their own clock; no test moves this one"
        )]
        let id = Uuid::now_v7();
        let text = self.0.replace(AUDIT, &id.to_string()).replace(PHOTO, photo);
        let bytes = text.into_bytes();
        let sha256 = sha256(&bytes);
        Audit { id, bytes, sha256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_gap_stays_open() {
        let occasion = Occasion {
            visit: "visit",
            checklist: "checklist",
            at: "2026-11-22T12:00:00.000Z",
            photo_bytes: 7,
        };
        let template = Template::new(occasion).unwrap();
        let photo = "ab".repeat(32);
        let audit = template.audit(&photo);
        let document: Value = serde_json::from_slice(&audit.bytes).unwrap();
        assert_eq!(document["audit"], audit.id.to_string());
        assert_eq!(document["answers"]["receipt"]["photos"], json!([photo]));
        assert_eq!(document["photos"][0]["sha256"], json!(photo));
        assert_eq!(document["answers"].as_object().unwrap().len(), 41);
        assert_ne!(template.audit(&photo).sha256, audit.sha256);
    }
}
