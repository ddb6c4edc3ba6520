//! `PUT /audits/{id}`: handing in; and for the shopper alone, reading back what was handed in.

use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::own;
use super::receipt::Receipt;
use super::service::{self, Received};
use crate::accounts::Shopper;
use crate::app::App;
use crate::domain::ids::{AuditId, Sha256};
use crate::error::{Error, Limit, Pointed, Result};
use crate::http::extract::{Path, read_body};
use crate::http::views::CONTENT_DIGEST;

/// Work that is kept but could not be placed.
#[derive(Serialize, ToSchema)]
pub struct Quarantined {
    pub audit: AuditId,
    pub sha256: Sha256,
    pub reason: String,
    pub errors: Vec<Pointed>,
    #[schema(value_type = Receipt)]
    pub receipt: Box<RawValue>,
}

/// Hand in an audit: the exact bytes of its document, under the id that the phone made.
///
/// Sent again, however often and however parallel, the same bytes get the same receipt.
#[utoipa::path(put, path = "/audits/{id}", tag = "sync", params(("id" = AuditId, Path),
        ("Content-Digest" = Option<String>, Header, description = "RFC 9530: `sha-256=:…:` of the bytes sent"),
        ("Content-Encoding" = Option<String>, Header, description = "gzip, zstd or br")),
    request_body(content = Object, content_type = "application/json"),
    responses((status = 201, body = Receipt), (status = 200, body = Receipt, description = "had been here"),
        (status = 202, body = Quarantined), (status = 400), (status = 401), (status = 413),
        (status = 415)))]
pub async fn put(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Path(id): Path<AuditId>,
    request: Request,
) -> Result<Response> {
    let limit = Limit {
        name: "audit_bytes_max",
        value: app.config.limits.audit_bytes_max,
        unit: "bytes",
    };
    let bytes = read_body(request, limit).await?;
    let sha256 = Sha256::of(&bytes);
    let received = service::receive(&app, shopper, id, bytes).await?;
    answer(id, sha256, received)
}

fn answer(audit: AuditId, sha256: Sha256, received: Received) -> Result<Response> {
    let json = [(header::CONTENT_TYPE, "application/json")];
    let Some((reason, errors)) = received.quarantined else {
        let status = if received.again {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        };
        return Ok((status, json, received.receipt).into_response());
    };
    let receipt = RawValue::from_string(received.receipt)
        .map_err(|error| Error::Internal(error.to_string()))?;
    let body = Quarantined {
        audit,
        sha256,
        reason,
        errors,
        receipt,
    };
    let text = serde_json::to_string(&body).map_err(|error| Error::Internal(error.to_string()))?;
    Ok((StatusCode::ACCEPTED, json, text).into_response())
}

/// The document of one's own audit, byte for byte as it was handed in.
///
/// A correction starts from it on a phone that does not hold the audit any more.
#[utoipa::path(get, path = "/audits/{id}/document", tag = "sync", params(("id" = AuditId, Path)),
    responses((status = 200, body = Object, content_type = "application/json",
            headers(("Content-Digest" = String, description = "RFC 9530: `sha-256=:…:` of the bytes"))),
        (status = 401), (status = 404)))]
pub async fn document(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Path(id): Path<AuditId>,
) -> Result<Response> {
    let (bytes, sha256) = own::document(&app, shopper, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (
            HeaderName::from_static(CONTENT_DIGEST),
            format!("sha-256=:{}:", STANDARD.encode(sha256.0)),
        ),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
