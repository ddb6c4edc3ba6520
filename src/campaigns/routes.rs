//! Campaigns at the admin's desk.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::service::{self, Listed};
use crate::accounts::Admin;
use crate::app::App;
use crate::domain::ids::{CampaignId, ClientId, Sha256};
use crate::error::Result;

/// Which checklist is shopped where, when, for what pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct Campaign {
    pub id: CampaignId,
    pub name: String,
    pub client: ClientId,
    pub client_name: String,
    pub checklist_slug: String,
    pub checklist_sha256: Sha256,
    /// Visits that a location needs for a place in the ranking.
    pub visits_min: i32,
    /// `2026-11-22`; both days belong to it.
    pub starts_on: String,
    pub ends_on: String,
    /// For one visit, in minor units of `currency`.
    pub pay_minor: i64,
    pub currency: String,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Campaigns {
    pub items: Vec<Campaign>,
}

impl From<Listed> for Campaign {
    fn from(Listed { campaign, client }: Listed) -> Self {
        Self {
            id: campaign.id,
            name: campaign.name,
            client: client.id,
            client_name: client.name,
            checklist_slug: campaign.checklist_slug,
            checklist_sha256: campaign.checklist_sha256,
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
