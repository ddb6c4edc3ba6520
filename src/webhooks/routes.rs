//! Webhooks at the admin's desk.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service;
use crate::accounts::Admin;
use crate::app::App;
use crate::db::entities::webhook;
use crate::domain::ids::{ClientId, WebhookId};
use crate::error::Result;
use crate::http::extract::{Body, Path};
use crate::http::views::instant;

/// An address that events are posted to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    /// Only this client's audits; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// active, or failing: several deliveries in a row were given up.
    pub state: String,
    /// Deliveries that were given up since the last one that arrived.
    pub dead_deliveries: i32,
    /// Why the last of them was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_delivered_at: Option<String>,
    pub created_at: String,
    /// What deliveries are signed with; only in the answer that registers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl Webhook {
    fn of(row: webhook::Model) -> Self {
        Self {
            id: row.id,
            url: row.url,
            client: row.client_id,
            state: row.state,
            dead_deliveries: row.dead_deliveries,
            last_error: row.last_error,
            last_delivered_at: row.last_delivered_at_ms.map(instant),
            created_at: instant(row.created_at_ms),
            secret: None,
        }
    }
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhooks {
    pub items: Vec<Webhook>,
}

/// The agency's webhooks, the oldest first.
#[utoipa::path(get, path = "/webhooks", tag = "admin", responses((status = 200, body = Webhooks)))]
pub async fn list(State(app): State<App>, Admin(scope): Admin) -> Result<Json<Webhooks>> {
    let rows = service::list(&app, &scope).await?;
    Ok(Json(Webhooks {
        items: rows.into_iter().map(Webhook::of).collect(),
    }))
}

/// An address to register.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateWebhook {
    /// `https://…`
    pub url: String,
    /// Only this client's audits; all when absent.
    pub client: Option<ClientId>,
}

/// Register an address. Its secret is in this answer and in no other.
#[utoipa::path(post, path = "/webhooks", tag = "admin", request_body = CreateWebhook,
    responses((status = 201, body = Webhook), (status = 400), (status = 404), (status = 409)))]
pub async fn create(
    State(app): State<App>,
    Admin(scope): Admin,
    Body(body): Body<CreateWebhook>,
) -> Result<(StatusCode, Json<Webhook>)> {
    let row = service::create(&app, &scope, &body.url, body.client).await?;
    let secret = Some(row.secret.clone());
    let made = Webhook {
        secret,
        ..Webhook::of(row)
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Forget an address. What was still to be delivered there is dropped.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "admin", params(("id" = WebhookId, Path)),
    responses((status = 204), (status = 404)))]
pub async fn delete(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<WebhookId>,
) -> Result<StatusCode> {
    service::delete(&app, &scope, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What came of a trial.
#[derive(Debug, Serialize, ToSchema)]
pub struct TriedWebhook {
    pub delivered: bool,
    /// What the receiver answered, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why it was not delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Deliver a trial (`{"type": "test"}`) at once and say what came of it.
#[utoipa::path(post, path = "/webhooks/{id}/test", tag = "admin", params(("id" = WebhookId, Path)),
    responses((status = 200, body = TriedWebhook), (status = 404)))]
pub async fn test(
    State(app): State<App>,
    Admin(scope): Admin,
    Path(id): Path<WebhookId>,
) -> Result<Json<TriedWebhook>> {
    let tried = service::test(&app, &scope, id).await?;
    Ok(Json(TriedWebhook {
        delivered: tried.delivered,
        status: tried.status,
        detail: tried.why,
    }))
}
