//! What-ifs at the admin's desk.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::{self, NewWhatIf, Outcome};
use crate::accounts::Admin;
use crate::app::App;
use crate::db::entities::what_if;
use crate::domain::ids::{ClientId, LocationId, WhatIfId};
use crate::domain::what_if::Verdicts;
use crate::error::Result;
use crate::http::extract::{Body, Path};
use crate::http::views::instant;

/// Other weights that are tried out on published audits.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIf {
    pub id: WhatIfId,
    pub name: String,
    pub checklist_slug: String,
    /// Only this client's audits; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The weights, as JSON.
    #[schema(value_type = Object)]
    pub reweighting: serde_json::Value,
    /// waiting, running or done.
    pub state: String,
    pub audits_total: i64,
    pub audits_done: i64,
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// Only once it is done, and only of a single one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<WhatIfSummary>,
}

impl WhatIf {
    fn of(row: what_if::Model, summary: Option<WhatIfSummary>) -> Self {
        Self {
            id: row.id,
            name: row.name,
            checklist_slug: row.checklist_slug,
            client: row.client_id,
            reweighting: serde_json::from_str(&row.reweighting).unwrap_or_default(),
            state: row.state,
            audits_total: row.audits_total,
            audits_done: row.audits_done,
            created_at: instant(row.created_at_ms),
            finished_at: row.finished_at_ms.map(instant),
            summary,
        }
    }
}

/// What came of it. Ranks are by the bare mean; they are to be held against each other and against nothing else.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfSummary {
    pub audits: u32,
    /// Audits of versions that the weights do not fit.
    pub left_out: i64,
    /// Audits with another total.
    pub moved: u32,
    pub newly_passed: u32,
    pub no_longer_passed: u32,
    pub newly_failed: u32,
    pub no_longer_failed: u32,
    /// Pairs of locations that have both means.
    pub pairs: u64,
    /// Of these pairs those in which the better one becomes the worse one.
    pub swapped: u64,
    /// Of these pairs those that are equal before or after only.
    pub tied_once: u64,
    /// By the rank after.
    pub locations: Vec<WhatIfLocation>,
}

/// One location under both weightings.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfLocation {
    pub location: LocationId,
    pub location_name: String,
    pub location_city: String,
    pub audits: u32,
    #[schema(required)]
    pub before_micros: Option<i64>,
    #[schema(required)]
    pub after_micros: Option<i64>,
    #[schema(required)]
    pub rank_before: Option<u32>,
    #[schema(required)]
    pub rank_after: Option<u32>,
}

fn summary(row: &what_if::Model, outcome: Outcome) -> WhatIfSummary {
    let Outcome { summary, locations } = outcome;
    let Verdicts {
        newly_passed,
        no_longer_passed,
        newly_failed,
        no_longer_failed,
    } = summary.verdicts;
    let location = |change: crate::domain::what_if::LocationChange<LocationId>| {
        let located = locations.get(&change.location);
        let named = located.map(|located| {
            let location = &located.location;
            (location.name.clone(), location.city.clone())
        });
        let (location_name, location_city) = named.unwrap_or_default();
        WhatIfLocation {
            location: change.location,
            location_name,
            location_city,
            audits: change.audits,
            before_micros: change.mean.before.map(i64::from),
            after_micros: change.mean.after.map(i64::from),
            rank_before: change.rank_before,
            rank_after: change.rank_after,
        }
    };
    WhatIfSummary {
        audits: summary.audits,
        left_out: row.audits_done - i64::from(summary.audits),
        moved: summary.moved,
        newly_passed,
        no_longer_passed,
        newly_failed,
        no_longer_failed,
        pairs: summary.pairs,
        swapped: summary.swapped,
        tied_once: summary.tied_once,
        locations: summary.locations.into_iter().map(location).collect(),
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfs {
    pub items: Vec<WhatIf>,
}

/// The agency's what-ifs, the latest first.
#[utoipa::path(get, path = "/what-ifs", tag = "admin", responses((status = 200, body = WhatIfs)))]
pub async fn list(State(app): State<App>, Admin(scope): Admin) -> Result<Json<WhatIfs>> {
    let rows = service::list(&app, &scope).await?;
    let items = rows.into_iter().map(|row| WhatIf::of(row, None)).collect();
    Ok(Json(WhatIfs { items }))
}

/// Other weights to try out.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateWhatIf {
    pub name: String,
    pub checklist_slug: String,
    /// Only this client's audits; all when absent.
    pub client: Option<ClientId>,
    /// YAML: `sections: {greeting: 30}` and so on; `docs/checklists.md` tells all of it.
    pub reweighting: String,
}

/// Try out other weights on published audits. Their own scores stay as they are.
#[utoipa::path(post, path = "/what-ifs", tag = "admin", request_body = CreateWhatIf,
    responses((status = 201, body = WhatIf), (status = 400), (status = 404), (status = 409)))]
pub async fn create(
    State(app): State<App>,
    Admin(scope): Admin,
    Body(body): Body<CreateWhatIf>,
) -> Result<(StatusCode, Json<WhatIf>)> {
    let new = NewWhatIf {
        name: body.name,
        checklist_slug: body.checklist_slug,
        client: body.client,
        reweighting: body.reweighting,
    };
    let made = service::create(&app, &scope, new).await?;
    Ok((StatusCode::CREATED, Json(WhatIf::of(made, None))))
}

/// How far a what-if has come, and what came of it.
#[utoipa::path(get, path = "/what-ifs/{id}", tag = "admin", params(("id" = WhatIfId, Path)),
    responses((status = 200, body = WhatIf), (status = 404)))]
pub async fn get(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<WhatIfId>,
) -> Result<Json<WhatIf>> {
    let (row, outcome) = service::get(&app, &scope, id).await?;
    let summary = outcome.map(|outcome| summary(&row, outcome));
    Ok(Json(WhatIf::of(row, summary)))
}

/// Throw a what-if away.
#[utoipa::path(delete, path = "/what-ifs/{id}", tag = "admin", params(("id" = WhatIfId, Path)),
    responses((status = 204), (status = 404)))]
pub async fn delete(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<WhatIfId>,
) -> Result<StatusCode> {
    service::delete(&app, &scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
