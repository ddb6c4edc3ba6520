//! Checklist versions for phones and desks: immutable, so they may be kept for ever.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::service;
use crate::accounts::SignedIn;
use crate::app::App;
use crate::domain::checklist::schema::audit_schema;
use crate::domain::ids::Sha256;
use crate::error::{Error, Result};
use crate::http::extract::Path;

const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// A version's canonical JSON; its SHA-256 is its name.
#[utoipa::path(get, path = "/checklists/{sha256}", tag = "sync", params(("sha256" = Sha256, Path)),
    responses((status = 200, body = Object), (status = 304), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(sha256): Path<Sha256>,
    headers: HeaderMap,
) -> Result<Response> {
    let etag = format!("\"{sha256}\"");
    let bytes = service::bytes(&app, caller.agency, sha256).await?;
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes())
    {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    Ok(immutable_json(etag, bytes))
}

/// The JSON Schema of the audit documents of a version.
#[utoipa::path(get, path = "/checklists/{sha256}/schema", tag = "sync", params(("sha256" = Sha256, Path)),
    responses((status = 200, body = Object), (status = 404)))]
pub async fn schema(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(sha256): Path<Sha256>,
) -> Result<Response> {
    let compiled = service::compiled(&app, caller.agency, sha256)
        .await?
        .ok_or(Error::NotFound)?;
    let schema = audit_schema(&compiled.checklist).to_string();
    Ok(immutable_json(
        format!("\"{sha256}-schema\""),
        schema.into_bytes(),
    ))
}

/// A reference picture of a question; its SHA-256 is its name.
#[utoipa::path(get, path = "/checklists/pictures/{sha256}", tag = "sync", params(("sha256" = Sha256, Path)),
    responses((status = 200, content_type = "image/*"), (status = 404)))]
pub async fn picture(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(sha256): Path<Sha256>,
) -> Result<Response> {
    let (kind, bytes) = service::picture(&app, caller.agency, sha256).await?;
    let mut answer = crate::http::views::picture(bytes.into(), kind);
    let for_ever = header::HeaderValue::from_static(FOR_EVER);
    answer.headers_mut().insert(header::CACHE_CONTROL, for_ever);
    Ok(answer)
}

fn immutable_json(etag: String, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, FOR_EVER.to_owned()),
        (header::ETAG, etag),
    ];
    (headers, bytes).into_response()
}
