//! Delivering an event to one address. It may be delivered twice; both have the same `webhook-id`.

use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{repo, service};
use crate::accounts::Scope;
use crate::app::App;
use crate::domain::ids::{PersonId, PublishedAuditId, WebhookId};
use crate::error::{Error, Result};
use crate::jobs::Job;

/// So many deliveries given up in a row make an address a failing one.
const FAILING_FROM: i32 = 3;

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    #[serde(rename = "audit.published")]
    AuditPublished,
    /// Somebody at the desk wants to see whether it arrives.
    #[serde(rename = "test")]
    Test,
}

impl Event {
    /// The word in the body.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuditPublished => "audit.published",
            Self::Test => "test",
        }
    }
}

/// Delivers an event to one address.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DeliverWebhook {
    pub webhook: WebhookId,
    pub event: Uuid,
    pub what: Event,
    pub audit: PublishedAuditId,
}

impl Job for DeliverWebhook {
    const KIND: &'static str = "webhook.deliver";
}

/// Delivers what the audit's client may see of it, as it is now. An address or an audit that is gone needs no telling.
///
/// # Errors
/// Whatever makes another try worth while.
pub async fn deliver(app: &App, job: DeliverWebhook) -> Result<()> {
    let Some(webhook) = repo::by_id(app.db.reader(), job.webhook).await? else {
        return Ok(());
    };
    let scope = Scope::of_agency(webhook.agency_id, PersonId(Uuid::nil()));
    let audit = match crate::reports::service::open(app, &scope, job.audit, None).await {
        Ok(opened) => opened.detail.audit,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(error),
    };
    let body = json!({"type": job.what.as_str(), "data": audit}).to_string();
    match service::post(app, &webhook, job.event, body).await? {
        Ok(status) if service::taken(status) => service::note_delivered(app, webhook.id).await,
        Ok(status) => Err(Error::Internal(service::answered(status))),
        Err(error) => Err(Error::Internal(error.to_string())),
    }
}

/// Notes at the address that a delivery was given up.
///
/// # Errors
/// As the database has them.
pub async fn gave_up(txn: &DatabaseTransaction, job: DeliverWebhook, why: &str) -> Result<()> {
    Ok(repo::gave_up(txn, job.webhook, why, FAILING_FROM).await?)
}
