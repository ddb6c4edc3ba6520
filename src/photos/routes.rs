//! tus 1.0 on content-addressed URLs: the address of an upload is known before it begins, so a lost answer loses nothing.
//! Under the same address a shopper gets back the photo that they have delivered.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{service, tus, uploads};
use crate::accounts::Shopper;
use crate::app::App;
use crate::db::entities::upload;
use crate::domain::ids::Sha256;
use crate::error::{Error, Limit, Result};
use crate::http::extract::{Path, read_body};
use crate::http::views::{instant, picture};

/// What this server can do.
#[utoipa::path(options, path = "/photos", tag = "sync", responses((status = 204)))]
pub async fn options(State(app): State<App>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert("tus-resumable", HeaderValue::from_static(tus::VERSION));
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
    let mut upload = uploads::begin(&app, shopper, sha256, length_bytes).await?;
    if parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == tus::CHUNK_TYPE)
    {
        let bytes = read_chunk(&app, &parts.headers, body).await?;
        if upload.offset_bytes == 0 && !bytes.is_empty() {
            upload.offset_bytes = uploads::append(&app, shopper, sha256, 0, bytes).await? as i64;
        }
    }
    let mut headers = standing(&upload);
    let location = format!("/api/v1/photos/{sha256}");
    headers.insert(
        header::LOCATION,
        location.parse().map_err(|_| Error::NotFound)?,
    );
    Ok((StatusCode::CREATED, headers).into_response())
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

async fn read_chunk(
    app: &App,
    headers: &HeaderMap,
    body: axum::body::Body,
) -> Result<bytes::Bytes> {
    let most = app.config.limits.chunk_bytes_max;
    let limit = Limit {
        name: "chunk_bytes_max",
        value: most,
        unit: "bytes",
    };
    let bytes = read_body(body, limit).await?;
    tus::check_chunk(headers, &bytes)?;
    Ok(bytes)
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
    Ok((StatusCode::OK, standing(&upload)).into_response())
}

/// A photo of one's own that has arrived whole, byte for byte.
#[utoipa::path(get, path = "/photos/{sha256}", tag = "sync", params(("sha256" = Sha256, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 401), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    Shopper(shopper): Shopper,
    Path(sha256): Path<Sha256>,
) -> Result<Response> {
    let (bytes, kind) = service::own(&app, shopper, sha256).await?;
    Ok(picture(bytes, kind))
}

/// Append a chunk. It is durable when this is answered.
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
    if parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind != tus::CHUNK_TYPE)
    {
        return Err(Error::UnsupportedMediaType(format!(
            "send a chunk as {}",
            tus::CHUNK_TYPE
        )));
    }
    let offset_bytes = tus::number(&parts.headers, "upload-offset")?;
    let bytes = read_chunk(&app, &parts.headers, body).await?;
    let reached = uploads::append(&app, shopper, sha256, offset_bytes, bytes).await?;
    let mut headers = tus::standing(reached, 0);
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
    let headers = [("tus-resumable", tus::VERSION)];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}
