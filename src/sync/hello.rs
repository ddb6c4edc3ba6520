//! `GET /sync/hello`: who answers, which versions of the protocol it speaks, and what it takes. A captive portal cannot
//! give this answer. Needs no sign-in, and reads the database at most once a minute.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::sync::{PULL_VERSIONS, PUSH_VERSIONS};
use crate::http::coding::CODINGS;
use crate::http::views::instant;

/// What a phone looks for in `service`.
const SERVICE: &str = "plainclothes";

/// This server, as far as a phone has to know it.
#[derive(Serialize, ToSchema)]
pub struct Hello {
    /// Always `plainclothes`.
    pub service: &'static str,
    pub protocol: ProtocolVersions,
    /// Names the database; another than before means: forget the cursor and offer everything that is still held.
    pub epoch: String,
    pub server_time: String,
    /// `ed25519:` and the public key, base64, that receipts are signed with now.
    pub receipt_key: String,
    /// All keys that receipts may have been signed with, and one that is announced: any of them will do.
    pub receipt_keys: Vec<String>,
    /// What `Content-Encoding` a request may have.
    pub encodings: [&'static str; 3],
    pub limits: HelloLimits,
}

/// The versions that are spoken here.
#[derive(Serialize, ToSchema)]
pub struct ProtocolVersions {
    #[schema(value_type = Vec<u32>)]
    pub pull: [u32; 1],
    #[schema(value_type = Vec<u32>)]
    pub push: [u32; 1],
}

/// The limits that a phone can keep to, by the names under which they are configured and told in errors.
#[derive(Serialize, ToSchema)]
pub struct HelloLimits {
    pub audit_bytes_max: u64,
    pub photo_bytes_max: u64,
    pub photo_pixels_max: u64,
    pub photos_per_audit_max: u64,
    pub chunk_bytes_max: u64,
    pub offer_items_max: u64,
    pub commands_max: u64,
    pub feed_page_max: u64,
}

/// Who is there, before anything is sent.
#[utoipa::path(get, path = "/sync/hello", tag = "sync", security(()),
    responses((status = 200, body = Hello)))]
pub async fn hello(State(app): State<App>) -> Response {
    let limits = &app.config.limits;
    let now_ms = app.clock.now_ms();
    let keys = app.receipt_keys.current(&app.db, now_ms).await;
    let hello = Hello {
        service: SERVICE,
        protocol: ProtocolVersions {
            pull: PULL_VERSIONS,
            push: PUSH_VERSIONS,
        },
        epoch: app.installation.epoch.to_string(),
        server_time: instant(now_ms),
        receipt_key: keys.signing_key(now_ms),
        receipt_keys: keys.told_keys(now_ms),
        encodings: CODINGS,
        limits: HelloLimits {
            audit_bytes_max: limits.audit_bytes_max,
            photo_bytes_max: limits.photo_bytes_max,
            photo_pixels_max: limits.photo_pixels_max,
            photos_per_audit_max: limits.photos_per_audit_max,
            chunk_bytes_max: limits.chunk_bytes_max,
            offer_items_max: limits.offer_items_max,
            commands_max: limits.commands_max,
            feed_page_max: limits.feed_page_max,
        },
    };
    // A portal's or a proxy's copy would say that the server is there when it is not.
    ([(header::CACHE_CONTROL, "no-store")], Json(hello)).into_response()
}
