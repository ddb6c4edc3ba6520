//! What a phone makes: audit documents and pictures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plainclothes::domain::ids::Sha256;
use serde_json::{Value, json};
use uuid::Uuid;

/// An audit as it lies in a phone's outbox.
#[derive(Clone, Debug)]
pub struct AuditOnPhone {
    pub id: Uuid,
    pub document: Value,
}

impl AuditOnPhone {
    /// A good visit (total 80 %: service 100 %, experience 50 %) to the café of the fixture, finished at `finished_at`.
    pub fn good(visit: &Value, checklist: &Value, finished_at: &str) -> Self {
        let id = Uuid::new_v4();
        let document = json!({
            "format": 1,
            "audit": id,
            "visit": visit,
            "checklist": checklist,
            "started_at": finished_at,
            "finished_at": finished_at,
            "elapsed_ms": 600_000,
            "server_time_difference_ms": 120,
            "language": "en",
            "answers": {
                "greeted": {"value": true},
                "wait": {"value": 45_000},
                "complained": {"value": false},
                "clean": {"value": 2},
            },
            "photos": [],
            "score": {"total_micros": 800_000, "service_micros": 1_000_000, "experience_micros": 500_000, "engine": 1},
            "app_version": "test",
        });
        Self { id, document }
    }

    /// The same, naming a photo as its receipt.
    pub fn with_photo(mut self, bytes: &[u8]) -> Self {
        let sha256 = Sha256::of(bytes).to_string();
        self.document["answers"]["receipt"] = json!({"photos": [sha256]});
        self.document["photos"] =
            json!([{"sha256": sha256, "size_bytes": bytes.len(), "type": "image/jpeg"}]);
        self
    }

    /// The same with one member changed.
    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.document[member] = value;
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.document.to_string().into_bytes()
    }

    pub fn path(&self) -> String {
        format!("/audits/{}", self.id)
    }

    /// The `Content-Digest` of the bytes.
    pub fn digest(&self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(Sha256::of(&self.bytes()).0))
    }
}

/// A small JPEG of one colour; each `shade` up to 31 is another photo.
pub fn picture(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let pixels =
        image::RgbImage::from_pixel(width, height, image::Rgb([shade.wrapping_mul(8), 90, 160]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::from(pixels)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}
