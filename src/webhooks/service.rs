//! Registering addresses, and saying to whom what happens is told.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use sea_orm::{DatabaseTransaction, Set};
use serde_json::json;
use url::{Host, Url};
use uuid::Uuid;

use super::jobs::{DeliverWebhook, Event};
use super::{repo, signature};
use crate::accounts::Scope;
use crate::app::App;
use crate::clock::Clock;
use crate::db::entities::webhook;
use crate::domain::ids::{AgencyId, ClientId, PublishedAuditId, WebhookId};
use crate::error::{Error, Result};
use crate::journal;
use crate::outward::{OutwardError, is_public};

/// Each event is a job for each of them.
const WEBHOOKS_MAX: u64 = 20;
const URL_BYTES_MAX: usize = 2000;

/// All of the agency.
///
/// # Errors
/// As the database has them.
pub async fn list(app: &App, scope: &Scope) -> Result<Vec<webhook::Model>> {
    Ok(repo::list(app.db.reader(), scope).await?)
}

/// Registers an address. The secret in the answer is shown this once.
///
/// # Errors
/// [`Error::Malformed`] for an address that nothing is sent to; [`Error::NotFound`] for a client that is not there;
/// [`Error::WrongState`] when there are enough.
pub async fn create(
    app: &App,
    scope: &Scope,
    url: &str,
    client: Option<ClientId>,
) -> Result<webhook::Model> {
    let url = check(app, url)?;
    if let Some(client) = client {
        crate::clients::service::client(app.db.reader(), scope, client).await?;
    }
    let (app, scope) = (app.clone(), scope.clone());
    let db = app.db.clone();
    db.write(move |txn| {
        Box::pin(async move {
            if repo::count(txn, &scope).await? >= WEBHOOKS_MAX {
                let why = format!("there are {WEBHOOKS_MAX} already, and no agency may have more");
                return Err(Error::WrongState(why));
            }
            let now_ms = app.clock.now_ms();
            let row = webhook::ActiveModel {
                id: Set(WebhookId(app.clock.new_uuid())),
                agency_id: Set(scope.agency),
                client_id: Set(client),
                url: Set(url.to_string()),
                secret: Set(signature::secret(rand::random())),
                state: Set(repo::ACTIVE.to_owned()),
                dead_deliveries: Set(0),
                last_error: Set(None),
                last_delivered_at_ms: Set(None),
                created_at_ms: Set(now_ms),
            };
            let row = repo::insert(txn, row).await?;
            journal::write(txn, &scope, now_ms, "webhook.create", &row.id, None).await?;
            Ok(row)
        })
    })
    .await
}

/// Whether anything is ever sent to an address. Names are looked at when they are connected to; addresses already here.
fn check(app: &App, url: &str) -> Result<Url> {
    let refused = |why: &str| Error::refused("url", why);
    if url.len() > URL_BYTES_MAX {
        return Err(refused("it is too long"));
    }
    let url = Url::parse(url).map_err(|error| refused(&error.to_string()))?;
    let private = app.config.webhooks_private_addresses;
    match url.scheme() {
        "https" => {}
        "http" if private => {}
        _ => return Err(refused("it has to begin with https://")),
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(refused("it may hold no name, password or fragment"));
    }
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => Some(ip.into()),
        Some(Host::Ipv6(ip)) => Some(ip.into()),
        _ => None,
    };
    if !private && ip.is_some_and(|ip| !is_public(ip)) {
        return Err(refused("it is an address inside a private network"));
    }
    Ok(url)
}

/// Forgets an address. What was to be delivered there is dropped.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(app: &App, scope: &Scope, id: WebhookId) -> Result<()> {
    let (scope, now_ms) = (scope.clone(), app.clock.now_ms());
    app.db
        .write(move |txn| {
            Box::pin(async move {
                if !repo::delete(txn, &scope, id).await? {
                    return Err(Error::NotFound);
                }
                journal::write(txn, &scope, now_ms, "webhook.delete", &id, None).await?;
                Ok(())
            })
        })
        .await
}

/// What came of a trial.
#[derive(Debug)]
pub struct Tried {
    pub delivered: bool,
    /// What the receiver answered, if it did.
    pub status: Option<u16>,
    /// Why it was not delivered.
    pub why: Option<String>,
}

/// Delivers a trial at once, and says what came of it.
///
/// # Errors
/// [`Error::NotFound`]. That the receiver does not take it is no error here.
pub async fn test(app: &App, scope: &Scope, id: WebhookId) -> Result<Tried> {
    let webhook = repo::find(app.db.reader(), scope, id)
        .await?
        .ok_or(Error::NotFound)?;
    let body = json!({"type": Event::Test.as_str(), "data": {}});
    let sent = post(app, &webhook, app.clock.new_uuid(), body.to_string()).await?;
    let (status, why) = match sent {
        Ok(status) if taken(status) => {
            note_delivered(app, id).await?;
            (Some(status), None)
        }
        Ok(status) => (Some(status), Some(answered(status))),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(Tried {
        delivered: why.is_none(),
        status,
        why,
    })
}

/// Tells of an audit that is published by this transaction, by a job for each address that wants to know.
///
/// # Errors
/// As the database has them.
pub async fn published(
    txn: &DatabaseTransaction,
    clock: &dyn Clock,
    agency: AgencyId,
    client: ClientId,
    audit: PublishedAuditId,
) -> Result<()> {
    for webhook in repo::of_client(txn, agency, client).await? {
        let job = DeliverWebhook {
            webhook,
            event: clock.new_uuid(),
            what: Event::AuditPublished,
            audit,
        };
        crate::jobs::enqueue(txn, clock, agency, &job).await?;
    }
    Ok(())
}

/// Whether a status says that the receiver has it.
pub(super) fn taken(status: u16) -> bool {
    (200..300).contains(&status)
}

pub(super) fn answered(status: u16) -> String {
    match status {
        300..400 => format!("the receiver answered {status}; redirects are not followed"),
        _ => format!("the receiver answered {status}"),
    }
}

/// Posts a body to an address, signed. The inner result is the receiver's status, or why there is none.
pub(super) async fn post(
    app: &App,
    webhook: &webhook::Model,
    event: Uuid,
    body: String,
) -> Result<Result<u16, OutwardError>> {
    let broken = |what: &str| Error::Internal(format!("webhook {}: {what}", webhook.id));
    let url = Url::parse(&webhook.url).map_err(|_| broken("its address cannot be read"))?;
    let id = format!("msg_{}", event.simple());
    let timestamp_s = app.clock.now_ms() / 1000;
    let signature = signature::sign(&webhook.secret, &id, timestamp_s, body.as_bytes())
        .ok_or_else(|| broken("its secret cannot be read"))?;
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("content-type", "application/json".to_owned()),
        ("user-agent", "plainclothes".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", timestamp_s.to_string()),
        ("webhook-signature", signature),
    ] {
        let value = HeaderValue::from_str(&value).map_err(|_| broken("a header"))?;
        headers.insert(HeaderName::from_static(name), value);
    }
    let answer = app.webhooks.post(&url, headers, Bytes::from(body)).await;
    Ok(answer.map(|answer| answer.status))
}

pub(super) async fn note_delivered(app: &App, id: WebhookId) -> Result<()> {
    let now_ms = app.clock.now_ms();
    app.db
        .write(move |txn| Box::pin(async move { Ok(repo::delivered(txn, id, now_ms).await?) }))
        .await
}
