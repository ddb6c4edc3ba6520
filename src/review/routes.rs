//! The reviewer's desk over HTTP.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::decide::{self, Decision, Outcome};
use super::feedback::Comment;
use super::queue::Filter;
use super::service;
use super::views::{self, AuditDetail, RedactionView, ReviewItem};
use crate::accounts::{Reviewer, Scope};
use crate::app::App;
use crate::domain::ids::{AuditId, ClientId, LocationId, Sha256};
use crate::error::{Error, Result};
use crate::http::extract::{Body, Path, Query};
use crate::http::views::{Page, PageQuery, changing_picture, picture, picture_elsewhere};
use crate::photos::service::{Copied, Variant};

/// Which audits to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditsQuery {
    /// submitted, returned, approved, rejected or superseded; all when absent.
    pub state: Option<String>,
    pub client: Option<ClientId>,
    pub location: Option<LocationId>,
    pub limit: Option<u64>,
    pub after: Option<String>,
}

/// Audits; those that wait for review are oldest first, all others newest first.
#[utoipa::path(get, path = "/audits", tag = "review", params(AuditsQuery),
    responses((status = 200, body = Page<ReviewItem>)))]
pub async fn list(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Query(query): Query<AuditsQuery>,
) -> Result<Json<Page<ReviewItem>>> {
    let window = PageQuery {
        limit: query.limit,
        after: query.after,
    }
    .window(app.config.limits.list_page_max)?;
    let filter = Filter {
        state: query.state,
        client: query.client,
        location: query.location,
    };
    let page = service::list(&app, &scope, &filter, window).await?;
    let items = page
        .items
        .into_iter()
        .map(views::item)
        .collect::<Result<_>>()?;
    Ok(Json(Page {
        items,
        next: page.next,
        total: page.total,
    }))
}

/// One audit beside its evidence.
#[utoipa::path(get, path = "/audits/{id}", tag = "review", params(("id" = AuditId, Path)),
    responses((status = 200, body = AuditDetail), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(id): Path<AuditId>,
) -> Result<Json<AuditDetail>> {
    opened(&app, &scope, id).await
}

async fn opened(app: &App, scope: &Scope, id: AuditId) -> Result<Json<AuditDetail>> {
    Ok(Json(views::detail(service::open(app, scope, id).await?)?))
}

/// A photo of an audit: `original` as it was taken, a rendition whose longest side is `1280` or `320`, or `published`, as
/// it is seen outside the agency.
#[utoipa::path(get, path = "/audits/{id}/photos/{sha256}/{variant}", tag = "review",
    params(("id" = AuditId, Path), ("sha256" = Sha256, Path), ("variant" = String, Path)),
    responses((status = 200, content_type = "image/*", body = Vec<u8>),
        (status = 307, description = "A rendition, at the address in `Location`, which expires"), (status = 404), (status = 409)))]
pub async fn photo(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path((id, sha256, variant)): Path<(AuditId, Sha256, String)>,
) -> Result<Response> {
    if variant == "published" {
        let published = service::published_photo(&app, &scope, id, sha256).await?;
        return Ok(changing_picture(published.bytes, published.version));
    }
    let variant = Variant::parse(&variant)?;
    let copied = service::photo(&app, &scope, id, sha256, variant).await?;
    Ok(match copied {
        Copied::Here(bytes, kind) => picture(bytes, kind),
        Copied::Elsewhere(address) => picture_elsewhere(&address),
    })
}

/// A reviewer's words; `comments` belong to single questions.
#[derive(Deserialize, ToSchema)]
pub struct Words {
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub comments: Vec<Comment>,
}

async fn decided(
    app: &App,
    scope: &Scope,
    id: AuditId,
    outcome: Outcome,
    words: Words,
) -> Result<Json<AuditDetail>> {
    let decision = Decision {
        outcome,
        message: words.message,
        comments: words.comments,
    };
    decide::decide(app, scope, id, decision).await?;
    opened(app, scope, id).await
}

/// Approve an audit: it is published to its client and counts from now on.
#[utoipa::path(post, path = "/audits/{id}/approve", tag = "review", params(("id" = AuditId, Path)),
    request_body = Words, responses((status = 200, body = AuditDetail), (status = 404), (status = 409)))]
pub async fn approve(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(id): Path<AuditId>,
    Body(words): Body<Words>,
) -> Result<Json<AuditDetail>> {
    decided(&app, &scope, id, Outcome::Approve, words).await
}

/// Return an audit to its shopper, with what should be mended.
#[utoipa::path(post, path = "/audits/{id}/return", tag = "review", params(("id" = AuditId, Path)),
    request_body = Words, responses((status = 200, body = AuditDetail), (status = 400), (status = 404), (status = 409)))]
pub async fn return_to_shopper(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(id): Path<AuditId>,
    Body(words): Body<Words>,
) -> Result<Json<AuditDetail>> {
    if words.message.trim().is_empty() && words.comments.is_empty() {
        return Err(Error::refused(
            "/message",
            "say what the shopper should mend",
        ));
    }
    decided(&app, &scope, id, Outcome::Return, words).await
}

/// Reject an audit for good.
#[utoipa::path(post, path = "/audits/{id}/reject", tag = "review", params(("id" = AuditId, Path)),
    request_body = Words, responses((status = 200, body = AuditDetail), (status = 400), (status = 404), (status = 409)))]
pub async fn reject(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(id): Path<AuditId>,
    Body(words): Body<Words>,
) -> Result<Json<AuditDetail>> {
    if words.message.trim().is_empty() {
        return Err(Error::refused("/message", "say why the audit is rejected"));
    }
    decided(&app, &scope, id, Outcome::Reject, words).await
}

/// What to cover on a photo for everybody outside the agency.
#[derive(Deserialize, ToSchema)]
pub struct RedactPhoto {
    /// All of them; an empty list covers nothing.
    pub redactions: Vec<RedactionView>,
    /// The `redaction_version` that was looked at.
    pub seen_version: i32,
}

/// Cover parts of a photo for everybody outside the agency. From the answer on nobody there gets what was published before;
/// reviewers go on seeing all of it.
#[utoipa::path(put, path = "/audits/{id}/photos/{sha256}/redactions", tag = "review",
    params(("id" = AuditId, Path), ("sha256" = Sha256, Path)), request_body = RedactPhoto,
    responses((status = 200, body = AuditDetail), (status = 400), (status = 404), (status = 409)))]
pub async fn redact(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path((id, sha256)): Path<(AuditId, Sha256)>,
    Body(body): Body<RedactPhoto>,
) -> Result<Json<AuditDetail>> {
    let redactions = body.redactions.into_iter().map(Into::into).collect();
    service::redact(&app, &scope, id, sha256, redactions, body.seen_version).await?;
    opened(&app, &scope, id).await
}

/// Why a photo is not waited for.
#[derive(Deserialize, ToSchema)]
pub struct WaivePhoto {
    pub reason: String,
}

/// Let an audit be complete without a photo that will not come.
#[utoipa::path(post, path = "/audits/{id}/photos/{sha256}/waive", tag = "review",
    params(("id" = AuditId, Path), ("sha256" = Sha256, Path)), request_body = WaivePhoto,
    responses((status = 200, body = AuditDetail), (status = 400), (status = 404), (status = 409)))]
pub async fn waive(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path((id, sha256)): Path<(AuditId, Sha256)>,
    Body(body): Body<WaivePhoto>,
) -> Result<Json<AuditDetail>> {
    if body.reason.trim().is_empty() {
        return Err(Error::refused("/reason", "say why; the journal keeps it"));
    }
    decide::waive(&app, &scope, id, sha256, body.reason).await?;
    opened(&app, &scope, id).await
}
