//! Bundles at every desk.

use axum::Json;
use axum::body::Body as ResponseBody;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::asking::{self, Asked, NewBundle};
use super::service;
use super::views::{Bundle, Bundles};
use crate::accounts::Reader;
use crate::app::App;
use crate::domain::ids::{BundleId, CampaignId, ClientId, LocationId, RegionId};
use crate::error::{Error, Result};
use crate::http::extract::{Body, Path};

/// Which published audits are wanted as PDFs; what is absent does not narrow.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AskForBundle {
    pub client: Option<ClientId>,
    pub campaign: Option<CampaignId>,
    /// This region and all below it.
    pub region: Option<RegionId>,
    pub location: Option<LocationId>,
    /// Local days, both included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// A language of the checklist (`nl`); the client's when absent, the checklist's first when it has neither.
    pub language: Option<String>,
}

/// Ask for the PDFs of all published audits that match, in one ZIP file. It is made in the background.
#[utoipa::path(post, path = "/bundles", tag = "desk", request_body = AskForBundle,
    responses((status = 202, body = Bundle), (status = 400), (status = 404), (status = 409)))]
pub async fn ask(
    State(app): State<App>,
    Reader(scope): Reader,
    Body(body): Body<AskForBundle>,
) -> Result<Response> {
    let new = NewBundle {
        asked: Asked {
            client: body.client,
            campaign: body.campaign,
            region: body.region,
            location: body.location,
            from: body.from,
            to: body.to,
        },
        language: body.language,
    };
    let made = asking::ask(&app, &scope, new).await?;
    let listed = service::with_names(&app, &scope, vec![made]).await?.pop();
    let bundle = Bundle::of(&scope, listed.ok_or(Error::NotFound)?);
    let address = format!("/api/v1/bundles/{}", bundle.id);
    let headers = [(header::LOCATION, address)];
    Ok((StatusCode::ACCEPTED, headers, Json(bundle)).into_response())
}

/// The caller's bundles, the latest first; for an admin, everybody's. Each is gone seven days after it was made.
#[utoipa::path(get, path = "/bundles", tag = "desk", responses((status = 200, body = Bundles)))]
pub async fn list(State(app): State<App>, Reader(scope): Reader) -> Result<Json<Bundles>> {
    let listed = service::list(&app, &scope).await?.into_iter();
    let items = listed.map(|one| Bundle::of(&scope, one)).collect();
    Ok(Json(Bundles {
        items,
        audits_max: app.config.limits.bundle_audits_max,
    }))
}

/// How far a bundle is, and whether it can be fetched.
#[utoipa::path(get, path = "/bundles/{id}", tag = "desk", params(("id" = BundleId, Path)),
    responses((status = 200, body = Bundle), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    Reader(scope): Reader,
    Path(id): Path<BundleId>,
) -> Result<Json<Bundle>> {
    let (listed, stale) = service::get(&app, &scope, id).await?;
    let bundle = Bundle::of(&scope, listed);
    Ok(Json(Bundle { stale, ..bundle }))
}

/// The ZIP file. Refused when the caller may not see all that is in it any more, or when part of a photo in it was covered
/// since.
#[utoipa::path(get, path = "/bundles/{id}/bundle.zip", tag = "desk", params(("id" = BundleId, Path)),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), (status = 404), (status = 409)))]
pub async fn file(
    State(app): State<App>,
    Reader(scope): Reader,
    Path(id): Path<BundleId>,
) -> Result<Response> {
    let fetched = service::fetch(&app, &scope, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_LENGTH, fetched.size_bytes.to_string()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", fetched.file_name),
        ),
    ];
    Ok((headers, ResponseBody::from_stream(fetched.content)).into_response())
}

/// Throw a bundle away before its time.
#[utoipa::path(delete, path = "/bundles/{id}", tag = "desk", params(("id" = BundleId, Path)),
    responses((status = 204), (status = 404)))]
pub async fn delete(
    State(app): State<App>,
    Reader(scope): Reader,
    Path(id): Path<BundleId>,
) -> Result<StatusCode> {
    service::throw_away(&app, &scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
