//! Published audits at every desk.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::paper;
use super::service::{self, Asked};
use super::views::{PublishedAudit, PublishedAuditDetail};
use crate::accounts::Reader;
use crate::app::App;
use crate::domain::ids::{CampaignId, ClientId, LocationId, PublishedAuditId, RegionId};
use crate::domain::photo::RenditionSize;
use crate::error::{Error, Result};
use crate::http::extract::{Path, Query};
use crate::http::views::{Page, PageQuery, changing_picture, known_version, unchanged_picture};

/// Which published audits to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PublishedAuditsQuery {
    pub client: Option<ClientId>,
    pub campaign: Option<CampaignId>,
    pub location: Option<LocationId>,
    /// This region and all below it.
    pub region: Option<RegionId>,
    /// Local days, both included.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// At most so many items; 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// Published audits that the caller may see, latest visit first.
#[utoipa::path(get, path = "/published-audits", tag = "desk", params(PublishedAuditsQuery),
    responses((status = 200, body = Page<PublishedAudit>), (status = 400), (status = 404)))]
pub async fn list(
    State(app): State<App>,
    Reader(scope): Reader,
    Query(query): Query<PublishedAuditsQuery>,
) -> Result<Json<Page<PublishedAudit>>> {
    let window = PageQuery {
        limit: query.limit,
        after: query.after,
    }
    .window(app.config.limits.list_page_max)?;
    let asked = Asked {
        client: query.client,
        location: query.location,
        region: query.region,
        campaign: query.campaign,
        from: query.from,
        to: query.to,
    };
    Ok(Json(service::list(&app, &scope, asked, window).await?))
}

/// How to tell an audit.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LanguageQuery {
    /// A language of the checklist (`nl`); the client's when absent, the checklist's first when it has neither.
    pub language: Option<String>,
}

/// One published audit with every answer in words.
#[utoipa::path(get, path = "/published-audits/{id}", tag = "desk",
    params(("id" = PublishedAuditId, Path), LanguageQuery),
    responses((status = 200, body = PublishedAuditDetail), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    Reader(scope): Reader,
    Path(id): Path<PublishedAuditId>,
    Query(query): Query<LanguageQuery>,
) -> Result<Json<PublishedAuditDetail>> {
    let opened = service::open(&app, &scope, id, query.language.as_deref()).await?;
    Ok(Json(opened.detail))
}

/// A photo of a published audit, made anew without metadata; its longest side is at most `320` or `1280` pixels.
#[utoipa::path(get, path = "/published-audits/{id}/photos/{number}/{size}", tag = "desk",
    params(("id" = PublishedAuditId, Path), ("number" = u32, Path), ("size" = u32, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 304), (status = 404), (status = 409)))]
pub async fn photo(
    State(app): State<App>,
    Reader(scope): Reader,
    Path((id, number, size)): Path<(PublishedAuditId, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response> {
    let size = [RenditionSize::Large, RenditionSize::Small]
        .into_iter()
        .find(|known| known.longest_side_px() == size)
        .ok_or(Error::NotFound)?;
    let known = known_version(&headers);
    let photo = service::photo(&app, &scope, id, number, size, known).await?;
    Ok(match photo {
        Some(photo) => changing_picture(photo.bytes, photo.version),
        None => unchanged_picture(known.unwrap_or_default()),
    })
}

/// The audit as a PDF for the table.
#[utoipa::path(get, path = "/published-audits/{id}/report.pdf", tag = "desk",
    params(("id" = PublishedAuditId, Path), LanguageQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404)))]
pub async fn pdf(
    State(app): State<App>,
    Reader(scope): Reader,
    Path(id): Path<PublishedAuditId>,
    Query(query): Query<LanguageQuery>,
) -> Result<Response> {
    let paper = paper::print(&app, &scope, id, query.language.as_deref()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CACHE_CONTROL, "private".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", paper.file_name),
        ),
    ];
    Ok((headers, paper.bytes).into_response())
}
