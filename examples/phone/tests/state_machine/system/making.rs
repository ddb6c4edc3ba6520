//! Audits to be finished: sound ones but for their photos, of which one may have too few.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::System;

/// Answers to the demo's restaurant; the receipt's photo is put in here.
const ANSWERS: &str = include_str!("../../../../../benches/load/audit.json");
/// Questions that take a photo; the first has to have one.
const PHOTO_QUESTIONS: [&str; 2] = ["receipt", "entrance_clean"];
const PHOTO_BYTES: usize = 40_000;
const AT: &str = "2026-11-22T12:00:00.000Z";
impl System {
    /// A photo like no other, or one that was taken before.
    pub(super) fn photograph(&mut self, old: bool) -> Vec<u8> {
        if !old {
            self.photos_made += 1;
        }
        // A JPEG's comment, which no decoder shows, makes it large and unlike others.
        let mut comment =
            format!("{:p} {}", Arc::as_ptr(&self.receipts), self.photos_made).into_bytes();
        comment.resize(PHOTO_BYTES, b'.');
        let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
        let picture = &self.stage.picture;
        let parts = [&picture[..2], b"\xff\xfe", &length, &comment, &picture[2..]];
        parts.concat()
    }

    /// A document that names these photos, in this order.
    pub(super) fn document(
        &self,
        audit: Uuid,
        visit: Uuid,
        supersedes: Option<Uuid>,
        photos: &[String],
    ) -> Value {
        let mut document: Value = serde_json::from_str(ANSWERS).unwrap();
        let members = json!({
            "audit": audit,
            "visit": visit,
            "checklist": self.stage.checklist(),
            "started_at": AT,
            "finished_at": AT,
        });
        for (name, value) in members.as_object().unwrap() {
            document[name] = value.clone();
        }
        if let Some(supersedes) = supersedes {
            document["supersedes"] = json!(supersedes);
        }
        for (_, answer) in document["answers"].as_object_mut().unwrap() {
            answer["recorded_at"] = json!(AT);
        }
        for (question, name) in PHOTO_QUESTIONS.iter().zip(photos) {
            document["answers"][*question]["photos"] = json!([name]);
        }
        let size_bytes = PHOTO_BYTES + 4 + self.stage.picture.len();
        let named: HashSet<&String> = photos.iter().collect();
        document["photos"] = named
            .into_iter()
            .map(|name| json!({"sha256": name, "size_bytes": size_bytes, "type": "image/jpeg"}))
            .collect();
        document
    }
}
