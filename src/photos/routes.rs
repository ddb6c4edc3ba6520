//! tus 1.0 on content-addressed URLs: the address of an upload is known before it begins, so a lost answer loses nothing.
//! Under the same address a shopper gets back the photo that they have delivered.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{chunks, service, tus, uploads};
use crate::accounts::Shopper;
use crate::app::App;
use crate::db::entities::upload;
use crate::domain::ids::Sha256;
use crate::error::{Error, Limit, Result};
use crate::http::extract::Path;
use crate::http::views::{instant, picture};

const METADATA_BYTES_MAX: usize = 4096;

/// What this server can do.
#[utoipa::path(options, path = "/photos", tag = "sync", responses((status = 204)))]
pub async fn options(State(app): State<App>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert("tus-version", HeaderValue::from_static(tus::VERSION));
    headers.insert("tus-extension", HeaderValue::from_static(tus::EXTENSIONS));
    headers.insert(
        "tus-checksum-algorithm",
        HeaderValue::from_static(tus::CHECKSUMS),
    );
    headers.insert(
        "tus-max-size",
        HeaderValue::from(app.config.limits.photo_bytes_max),
    );
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Begin an upload; with a body, append it at once. An upload that was begun is found again.
#[utoipa::path(post, path = "/photos", tag = "sync",
    params(("Tus-Resumable" = String, Header), ("Upload-Length" = u64, Header),
        ("Upload-Metadata" = String, Header, description = "`sha256 <base64 of 64 hex digits>,filetype <base64>`")),
    responses((status = 201), (status = 400), (status = 401), (status = 412), (status = 413), (status = 422)))]
pub async fn create(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    request: Request,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    tus::require_version(&parts.headers)?;
    let length_bytes = tus::number(&parts.headers, "upload-length")?;
    let sha256: Sha256 = tus::metadata(&parts.headers, "sha256")?
        .parse()
        .map_err(|_| Error::malformed("Upload-Metadata's sha256 has to be 64 hex digits"))?;
    let metadata = metadata(&parts.headers)?;
    let mut upload = uploads::begin(&app, shopper, sha256, length_bytes, metadata).await?;
    let has_chunk = is_chunk(&parts.headers);
    if has_chunk && upload.offset_bytes == 0 {
        upload = chunks::take(&app, shopper, sha256, 0, &parts.headers, body).await?;
    }
    let mut headers = standing(&upload);
    let location = format!("/api/v1/photos/{sha256}");
    headers.insert(
        header::LOCATION,
        location.parse().map_err(|_| Error::NotFound)?,
    );
    Ok((StatusCode::CREATED, headers).into_response())
}

fn is_chunk(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == tus::CHUNK_TYPE)
}

/// What `HEAD` has to give back as it came.
fn metadata(headers: &HeaderMap) -> Result<Option<String>> {
    let text = headers
        .get("upload-metadata")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if text.len() > METADATA_BYTES_MAX {
        return Err(Error::TooLarge(Limit {
            name: "upload_metadata_bytes_max",
            value: METADATA_BYTES_MAX as u64,
            unit: "bytes",
        }));
    }
    Ok(Some(text.to_owned()))
}

fn standing(upload: &upload::Model) -> HeaderMap {
    let mut headers = tus::standing(upload.offset_bytes as u64, upload.length_bytes as u64);
    if upload.finished_at_ms.is_none()
        && let Ok(at) = HeaderValue::from_str(&http_date(upload.expires_at_ms))
    {
        headers.insert("upload-expires", at);
    }
    headers
}

/// RFC 9110's date, which tus asks for.
fn http_date(ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(ms).map_or_else(
        || instant(ms),
        |at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
    )
}

/// tus wants its version on every answer, and what is spoken here on one that refuses a version.
pub async fn tus_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let is_version_refused = response.status() == StatusCode::PRECONDITION_FAILED;
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(tus::VERSION));
    if is_version_refused {
        headers.insert("tus-version", HeaderValue::from_static(tus::VERSION));
    }
    response
}

/// Where an upload stands.
#[utoipa::path(head, path = "/photos/{sha256}", tag = "sync", params(("sha256" = Sha256, Path),
        ("Tus-Resumable" = String, Header)),
    responses((status = 200), (status = 401), (status = 404), (status = 412)))]
pub async fn head(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Path(sha256): Path<Sha256>,
    headers: HeaderMap,
) -> Result<Response> {
    tus::require_version(&headers)?;
    let upload = uploads::stand(&app, shopper, sha256).await?;
    let mut headers = standing(&upload);
    if let Some(metadata) = upload.metadata.and_then(|text| text.parse().ok()) {
        headers.insert("upload-metadata", metadata);
    }
    Ok((StatusCode::OK, headers).into_response())
}

/// A photo of one's own that has arrived whole, byte for byte.
#[utoipa::path(get, path = "/photos/{sha256}", tag = "sync", params(("sha256" = Sha256, Path)),
    responses((status = 200, content_type = "image/*", body = Vec<u8>), (status = 401), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Path(sha256): Path<Sha256>,
) -> Result<Response> {
    let (bytes, kind) = service::own(&app, shopper, sha256).await?;
    Ok(picture(bytes, kind))
}

/// Append a chunk. It is durable when this is answered; of one that breaks off, what came is kept, unless it has a checksum.
#[utoipa::path(patch, path = "/photos/{sha256}", tag = "sync", params(("sha256" = Sha256, Path),
        ("Tus-Resumable" = String, Header), ("Upload-Offset" = u64, Header),
        ("Upload-Checksum" = Option<String>, Header)),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses((status = 204), (status = 400), (status = 401), (status = 404), (status = 409), (status = 412),
        (status = 413), (status = 415), (status = 422), (status = 460)))]
pub async fn patch(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Path(sha256): Path<Sha256>,
    request: Request,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    tus::require_version(&parts.headers)?;
    if !is_chunk(&parts.headers) {
        return Err(Error::UnsupportedMediaType(format!(
            "send a chunk as {}",
            tus::CHUNK_TYPE
        )));
    }
    let offset_bytes = tus::number(&parts.headers, "upload-offset")?;
    let upload = chunks::take(&app, shopper, sha256, offset_bytes, &parts.headers, body).await?;
    let mut headers = standing(&upload);
    headers.remove("upload-length");
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// End an upload that is not wanted any more; a photo that is whole is kept.
#[utoipa::path(delete, path = "/photos/{sha256}", tag = "sync", params(("sha256" = Sha256, Path),
        ("Tus-Resumable" = String, Header)),
    responses((status = 204), (status = 401), (status = 404), (status = 409), (status = 412)))]
pub async fn delete(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Path(sha256): Path<Sha256>,
    headers: HeaderMap,
) -> Result<Response> {
    tus::require_version(&headers)?;
    uploads::terminate(&app, shopper, sha256).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
