//! The quarantine over HTTP.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::service;
use super::settle::{self, Verdict};
use super::views::{self, QuarantineDetail, QuarantineItem};
use crate::accounts::{Reviewer, Scope};
use crate::app::App;
use crate::domain::ids::{Sha256, VisitId};
use crate::error::{Error, Result};
use crate::http::extract::{Body, Path, Query};
use crate::http::views::{Page, PageQuery, picture, picture_elsewhere};
use crate::photos::service::{Copied, Variant};

/// Which part of the quarantine to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuarantineQuery {
    /// waiting (when absent) or settled.
    pub state: Option<String>,
    pub limit: Option<u64>,
    pub after: Option<String>,
}

/// What could not be placed: what waits for somebody to look at it, oldest first, or what was settled, newest first.
#[utoipa::path(get, path = "/quarantine", tag = "review", params(QuarantineQuery),
    responses((status = 200, body = Page<QuarantineItem>)))]
pub async fn list(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Query(query): Query<QuarantineQuery>,
) -> Result<Json<Page<QuarantineItem>>> {
    let is_settled = match query.state.as_deref() {
        None | Some("waiting") => false,
        Some("settled") => true,
        Some(_) => return Err(Error::refused("state", "waiting or settled")),
    };
    let window = PageQuery {
        limit: query.limit,
        after: query.after,
    }
    .window(app.config.limits.list_page_max)?;
    let page = service::list(&app, &scope, is_settled, window).await?;
    let items = page.items.iter().map(views::item).collect::<Result<_>>()?;
    Ok(Json(Page {
        items,
        next: page.next,
        total: page.total,
    }))
}

/// One of them: the document as it came, its photos, its visit, and whether it could be placed now.
#[utoipa::path(get, path = "/quarantine/{number}", tag = "review", params(("number" = i64, Path)),
    responses((status = 200, body = QuarantineDetail), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(number): Path<i64>,
) -> Result<Json<QuarantineDetail>> {
    opened(&app, &scope, number).await
}

async fn opened(app: &App, scope: &Scope, number: i64) -> Result<Json<QuarantineDetail>> {
    Ok(Json(views::detail(
        service::open(app, scope, number).await?,
    )?))
}

/// A photo that the document lists and its sender has delivered: `original`, or a rendition of `1280` or `320`.
#[utoipa::path(get, path = "/quarantine/{number}/photos/{sha256}/{variant}", tag = "review",
    params(("number" = i64, Path), ("sha256" = Sha256, Path), ("variant" = String, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>),
        (status = 307, description = "A rendition, at the address in `Location`, which expires"), (status = 404), (status = 409)))]
pub async fn photo(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path((number, sha256, variant)): Path<(i64, Sha256, String)>,
) -> Result<Response> {
    let variant = Variant::parse(&variant)?;
    let copied = service::photo(&app, &scope, number, sha256, variant).await?;
    Ok(match copied {
        Copied::Here(bytes, kind) => picture(bytes, kind),
        Copied::Elsewhere(address) => picture_elsewhere(&address),
    })
}

/// Where work is to be placed.
#[derive(Deserialize, ToSchema)]
pub struct PlaceWork {
    /// The visit that the document names, when absent.
    pub visit: Option<VisitId>,
    /// A word to the shopper.
    #[serde(default)]
    pub note: String,
}

/// Put the work into review as an audit, flagged `placed_by_hand`.
#[utoipa::path(post, path = "/quarantine/{number}/place", tag = "review", params(("number" = i64, Path)),
    request_body = PlaceWork,
    responses((status = 200, body = QuarantineDetail), (status = 400), (status = 404), (status = 409)))]
pub async fn place(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(number): Path<i64>,
    Body(body): Body<PlaceWork>,
) -> Result<Json<QuarantineDetail>> {
    settle::place(&app, &scope, number, body.visit, body.note).await?;
    opened(&app, &scope, number).await
}

/// A word on accepted work.
#[derive(Deserialize, ToSchema)]
pub struct AcceptWork {
    /// A word to the shopper.
    #[serde(default)]
    pub note: String,
}

/// Recognise the work, although it cannot be an audit: the shopper is to be paid.
#[utoipa::path(post, path = "/quarantine/{number}/accept", tag = "review", params(("number" = i64, Path)),
    request_body = AcceptWork,
    responses((status = 200, body = QuarantineDetail), (status = 404), (status = 409)))]
pub async fn accept(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(number): Path<i64>,
    Body(body): Body<AcceptWork>,
) -> Result<Json<QuarantineDetail>> {
    settle::judge(&app, &scope, number, Verdict::Accept, body.note).await?;
    opened(&app, &scope, number).await
}

/// Why work is rejected.
#[derive(Deserialize, ToSchema)]
pub struct RejectWork {
    #[serde(default)]
    pub reason: String,
}

/// Reject the work for good; it is kept all the same.
#[utoipa::path(post, path = "/quarantine/{number}/reject", tag = "review", params(("number" = i64, Path)),
    request_body = RejectWork,
    responses((status = 200, body = QuarantineDetail), (status = 400), (status = 404), (status = 409)))]
pub async fn reject(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(number): Path<i64>,
    Body(body): Body<RejectWork>,
) -> Result<Json<QuarantineDetail>> {
    if body.reason.trim().is_empty() {
        return Err(Error::refused("/reason", "say why the work is rejected"));
    }
    settle::judge(&app, &scope, number, Verdict::Reject, body.reason).await?;
    opened(&app, &scope, number).await
}
