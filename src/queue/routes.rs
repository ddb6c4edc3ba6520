//! Jobs at the admin's desk. Payloads are not shown: they are for programs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::service::{self, Which};
use crate::accounts::Admin;
use crate::app::App;
use crate::db::entities::job;
use crate::domain::ids::JobId;
use crate::error::Result;
use crate::http::extract::{Body, Path, Query};
use crate::http::views::{PageQuery, instant};

/// Work in the background.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobView {
    pub id: JobId,
    /// What is to be done (`photo.move`); `docs/jobs.md` has them all.
    pub kind: String,
    pub attempts: i32,
    /// How the last attempt failed; absent before any has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<String>,
    /// When it is tried next, or when whoever is at it now is given up for lost; absent once it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<String>,
    /// A node is at it.
    pub under_way: bool,
    /// Whether it may be thrown away once it was given up.
    pub may_be_deleted: bool,
}

/// What there is of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobKind {
    pub kind: String,
    pub waiting: i64,
    pub dead: i64,
}

/// One page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobsPage {
    pub items: Vec<JobView>,
    /// Pass as `after` to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Of all pages together.
    pub total: u64,
    /// What there is of each kind, whatever was asked for.
    pub kinds: Vec<JobKind>,
}

/// What is asked for: what was given up, or what is due, under way or to be tried again.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Dead,
    Waiting,
}

/// Which jobs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JobsQuery {
    #[param(inline)]
    pub state: JobState,
    /// Only this kind; all when absent.
    pub kind: Option<String>,
    /// At most so many items; 50 when absent.
    pub limit: Option<u64>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// The agency's background work: what was given up last, or what is due next, comes first.
#[utoipa::path(get, path = "/jobs", tag = "admin", params(JobsQuery),
    responses((status = 200, body = JobsPage), (status = 400)))]
pub async fn list(
    State(app): State<App>,
    Admin(scope): Admin,
    Query(query): Query<JobsQuery>,
) -> Result<Json<JobsPage>> {
    let which = match query.state {
        JobState::Dead => Which::Dead,
        JobState::Waiting => Which::Waiting,
    };
    let window = PageQuery {
        limit: query.limit,
        after: query.after,
    }
    .window(app.config.limits.list_page_max)?;
    let kind = query.kind.as_deref();
    let (page, kinds) = service::list(&app, &scope, which, kind, window).await?;
    let now_ms = app.clock.now_ms();
    let view = |job: job::Model| {
        let next_at = (which == Which::Waiting).then(|| instant(job.run_at_ms));
        JobView {
            id: job.id,
            attempts: job.attempts,
            error: job.last_error,
            created_at: instant(job.created_at_ms),
            failed_at: job.failed_at_ms.map(instant),
            next_at,
            under_way: job.lease.is_some() && job.run_at_ms > now_ms,
            may_be_deleted: service::kind(&app, &job.kind).is_none_or(|of| of.may_be_dropped),
            kind: job.kind,
        }
    };
    let page = page.map(view);
    let kinds = kinds.into_iter().map(|of| JobKind {
        kind: of.kind,
        waiting: of.waiting,
        dead: of.dead,
    });
    Ok(Json(JobsPage {
        items: page.items,
        next: page.next,
        total: page.total,
        kinds: kinds.collect(),
    }))
}

/// Try a job again that was given up.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "admin", params(("id" = JobId, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub async fn retry(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<JobId>,
) -> Result<StatusCode> {
    service::retry(&app, &scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which jobs to try again.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RetryJobs {
    pub kind: String,
}

/// How many are tried again.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetriedJobs {
    pub retried: u64,
}

/// Try all jobs of a kind again that were given up.
#[utoipa::path(post, path = "/jobs/retry", tag = "admin", request_body = RetryJobs,
    responses((status = 200, body = RetriedJobs), (status = 400)))]
pub async fn retry_all(
    State(app): State<App>,
    Admin(scope): Admin,
    Body(body): Body<RetryJobs>,
) -> Result<Json<RetriedJobs>> {
    let retried = service::retry_all(&app, &scope, body.kind).await?;
    Ok(Json(RetriedJobs { retried }))
}

/// Throw a job away that was given up. One that evidence waits for can only be tried again.
#[utoipa::path(delete, path = "/jobs/{id}", tag = "admin", params(("id" = JobId, Path)),
    responses((status = 204), (status = 404), (status = 409)))]
pub async fn delete(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<JobId>,
) -> Result<StatusCode> {
    service::delete(&app, &scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
