//! Campaigns at the admin's desk.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::{self, Listed};
use super::{traps, versions};
use crate::accounts::Admin;
use crate::app::App;
use crate::domain::answer::Value;
use crate::domain::campaign::Step;
use crate::domain::ids::{CampaignId, ClientId, LocationId, Sha256};
use crate::error::{Error, Result};
use crate::http::extract::{Body, Path};

/// Which checklist is shopped where, when, for what pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct Campaign {
    pub id: CampaignId,
    pub name: String,
    pub client: ClientId,
    pub client_name: String,
    pub checklist_slug: String,
    /// The version that it began with.
    pub checklist_sha256: Sha256,
    /// Which version from which day on, in order; the first has no day.
    pub versions: Vec<VersionStep>,
    /// Visits that a location needs for a place in the ranking.
    pub visits_min: i32,
    /// `2026-11-22`; both days belong to it.
    pub starts_on: String,
    pub ends_on: String,
    /// For one visit, in minor units of `currency`.
    pub pay_minor: i64,
    pub currency: String,
}

/// From this day on, visits that are handed out are filled in with this version.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionStep {
    /// A local day of the locations: `2026-12-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    pub checklist_sha256: Sha256,
}

impl From<Step> for VersionStep {
    fn from(step: Step) -> Self {
        Self {
            from_day: step.from_day,
            checklist_sha256: step.sha256,
        }
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Campaigns {
    pub items: Vec<Campaign>,
}

impl From<Listed> for Campaign {
    fn from(listed: Listed) -> Self {
        let Listed {
            campaign,
            client,
            steps,
        } = listed;
        Self {
            id: campaign.id,
            name: campaign.name,
            client: client.id,
            client_name: client.name,
            checklist_slug: campaign.checklist_slug,
            checklist_sha256: campaign.checklist_sha256,
            versions: steps.into_iter().map(VersionStep::from).collect(),
            visits_min: campaign.visits_min,
            starts_on: campaign.starts_on,
            ends_on: campaign.ends_on,
            pay_minor: campaign.pay_minor,
            currency: campaign.currency,
        }
    }
}

/// The agency's campaigns, latest start first.
#[utoipa::path(get, path = "/campaigns", tag = "admin", responses((status = 200, body = Campaigns)))]
pub async fn list(State(app): State<App>, Admin(scope): Admin) -> Result<Json<Campaigns>> {
    let items = service::list(&app, &scope)
        .await?
        .into_iter()
        .map(Campaign::from)
        .collect();
    Ok(Json(Campaigns { items }))
}

/// A move to another version of the campaign's checklist.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MoveCampaign {
    /// The first local day whose visits get it: `2026-12-01`.
    pub from_day: String,
    pub checklist_sha256: Sha256,
}

/// Move a campaign to another version of its checklist from a day on. Visits that a phone has keep theirs.
#[utoipa::path(post, path = "/campaigns/{id}/versions", tag = "admin", params(("id" = CampaignId, Path)),
    request_body = MoveCampaign, responses((status = 200, body = Campaign), (status = 400), (status = 404)))]
pub async fn schedule(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<CampaignId>,
    Body(body): Body<MoveCampaign>,
) -> Result<Json<Campaign>> {
    let day = day("/from_day", &body.from_day)?;
    versions::schedule(&app, &scope, id, day, body.checklist_sha256).await?;
    Ok(Json(service::get(&app, &scope, id).await?.into()))
}

/// Take a move back.
#[utoipa::path(delete, path = "/campaigns/{id}/versions/{from_day}", tag = "admin",
    params(("id" = CampaignId, Path), ("from_day" = String, Path)),
    responses((status = 200, body = Campaign), (status = 400), (status = 404)))]
pub async fn unschedule(
    State(app): State<App>,
    Admin(scope): Admin,
    Path((id, from_day)): Path<(CampaignId, String)>,
) -> Result<Json<Campaign>> {
    let day = day("/from_day", &from_day)?;
    versions::unschedule(&app, &scope, id, day).await?;
    Ok(Json(service::get(&app, &scope, id).await?.into()))
}

fn day(pointer: &str, text: &str) -> Result<NaiveDate> {
    text.parse()
        .map_err(|_| Error::refused(pointer, "write it as 2026-12-01"))
}

/// The right answer to a trap, in the whole campaign or at one location.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TrapKeyView {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    pub question: String,
    /// As an answer's value.
    #[schema(value_type = serde_json::Value)]
    pub answer: Value,
}

/// All keys of a campaign.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TrapKeys {
    pub keys: Vec<TrapKeyView>,
}

/// The right answers to a campaign's trap questions.
#[utoipa::path(get, path = "/campaigns/{id}/traps", tag = "admin", params(("id" = CampaignId, Path)),
    responses((status = 200, body = TrapKeys), (status = 404)))]
pub async fn trap_keys(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<CampaignId>,
) -> Result<Json<TrapKeys>> {
    let keys = traps::list(&app, &scope, id).await?;
    let view = |key: traps::Key| TrapKeyView {
        location: key.location,
        question: key.question,
        answer: key.answer,
    };
    Ok(Json(TrapKeys {
        keys: keys.into_iter().map(view).collect(),
    }))
}

/// Replace the right answers to a campaign's trap questions. No phone is ever told of them.
#[utoipa::path(put, path = "/campaigns/{id}/traps", tag = "admin", params(("id" = CampaignId, Path)),
    request_body = TrapKeys, responses((status = 204), (status = 400), (status = 404)))]
pub async fn put_trap_keys(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<CampaignId>,
    Body(body): Body<TrapKeys>,
) -> Result<StatusCode> {
    let key = |key: TrapKeyView| traps::Key {
        location: key.location,
        question: key.question,
        answer: key.answer,
    };
    let keys = body.keys.into_iter().map(key).collect();
    traps::replace(&app, &scope, id, keys).await?;
    Ok(StatusCode::NO_CONTENT)
}
