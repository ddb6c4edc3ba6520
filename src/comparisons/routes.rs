//! Pairs of photos over HTTP, for reviewers.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::service::{self, Verdict};
use super::views::{self, PhotoPair};
use crate::accounts::{Reviewer, Scope};
use crate::app::App;
use crate::domain::ids::PhotoPairId;
use crate::error::{Error, Result};
use crate::http::extract::{Body, Path, Query};
use crate::http::views::{Page, PageQuery};

const NOTE_CHARS_MAX: usize = 2000;

/// Which pairs to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PairsQuery {
    /// open, dismissed or confirmed; all when absent.
    pub state: Option<String>,
    /// At most so many items; 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// Photos of two audits that are the same or nearly so, latest found first.
#[utoipa::path(get, path = "/photo-pairs", tag = "review", params(PairsQuery),
    responses((status = 200, body = Page<PhotoPair>), (status = 400)))]
pub async fn list(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Query(query): Query<PairsQuery>,
) -> Result<Json<Page<PhotoPair>>> {
    let window = PageQuery {
        limit: query.limit,
        after: query.after,
    }
    .window(app.config.limits.list_page_max)?;
    let page = service::list(&app, &scope, query.state.as_deref(), window).await?;
    Ok(Json(page.map(views::pair)))
}

/// What a reviewer says of a pair.
#[derive(Deserialize, ToSchema)]
pub struct PairNote {
    pub note: String,
}

/// Nothing is wrong with this pair.
#[utoipa::path(post, path = "/photo-pairs/{id}/dismiss", tag = "review", params(("id" = PhotoPairId, Path)),
    request_body = PairNote,
    responses((status = 200, body = PhotoPair), (status = 400), (status = 404), (status = 409)))]
pub async fn dismiss(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(id): Path<PhotoPairId>,
    Body(body): Body<PairNote>,
) -> Result<Json<PhotoPair>> {
    decided(&app, &scope, id, Verdict::Dismiss, body).await
}

/// One photo was used where another should have been taken.
#[utoipa::path(post, path = "/photo-pairs/{id}/confirm", tag = "review", params(("id" = PhotoPairId, Path)),
    request_body = PairNote,
    responses((status = 200, body = PhotoPair), (status = 400), (status = 404), (status = 409)))]
pub async fn confirm(
    State(app): State<App>,
    Reviewer(scope): Reviewer,
    Path(id): Path<PhotoPairId>,
    Body(body): Body<PairNote>,
) -> Result<Json<PhotoPair>> {
    decided(&app, &scope, id, Verdict::Confirm, body).await
}

async fn decided(
    app: &App,
    scope: &Scope,
    id: PhotoPairId,
    verdict: Verdict,
    body: PairNote,
) -> Result<Json<PhotoPair>> {
    let note = body.note.trim();
    if note.is_empty() || note.chars().count() > NOTE_CHARS_MAX {
        return Err(Error::refused(
            "/note",
            format!("say why, in at most {NOTE_CHARS_MAX} characters"),
        ));
    }
    let pair = service::decide(app, scope, id, verdict, note.to_owned()).await?;
    Ok(Json(views::pair(pair)))
}
